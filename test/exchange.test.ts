import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Exchange, fetchExchange } from '../src/feishu/exchange.ts'
import { nodeExchange } from '../src/node/exchange.ts'

type Answering = (response: http.ServerResponse) => void

let answering: Answering
let heard = ''
let hungUp: Promise<void>
const server = http.createServer((request, response) => {
  hungUp = new Promise(done => response.once('close', done))
  heard = ''
  request.setEncoding('utf8').on('data', (piece: string) => (heard += piece))
  request.on('end', () => answering(response))
})

beforeEach(() => new Promise<void>(done => server.listen(0, '127.0.0.1', done)))
afterEach(() => {
  server.closeAllConnections()
  return new Promise<void>(done => server.close(() => done()))
})

const ask = (exchange: Exchange, more: { mostBytes?: number; timeoutMs?: number } = {}) =>
  exchange({
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/path?name=value`,
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ text: '请查收' }),
    timeoutMs: 5_000,
    ...more,
  })

describe.each([
  ['on the connections of Node', nodeExchange],
  ['on fetch', fetchExchange],
])('a call of the Open API %s', (_, exchange) => {
  it('hears the whole answer, in however many pieces it comes', async () => {
    const pieces = ['{"code":', '0,"msg":"成', '功"}'].map(piece => Buffer.from(piece))
    answering = async response => {
      response.writeHead(200, { 'x-tt-logid': 'log' })
      for (const piece of pieces) {
        response.write(piece)
        await new Promise(done => setTimeout(done, 20))
      }
      response.end()
    }
    const { status, bytes, header } = await ask(exchange)
    expect([status, Buffer.from(bytes).toString(), header('x-tt-logid'), header('date')?.length]).toEqual([
      200,
      '{"code":0,"msg":"成功"}',
      'log',
      29,
    ])
    expect(JSON.parse(heard)).toEqual({ text: '请查收' })
  })

  it('hears an answer without a word', async () => {
    answering = response => response.writeHead(204).end()
    const { status, bytes } = await ask(exchange)
    expect([status, bytes.length]).toEqual([204, 0])
  })

  it('takes half an answer for none', async () => {
    answering = response => {
      response.writeHead(200, { 'content-length': '100' })
      response.write('{"code":0,', () => response.destroy())
    }
    await expect(ask(exchange)).rejects.toThrow()
  })

  it('waits no longer than it is told, also in the midst of an answer', async () => {
    answering = response => void response.writeHead(200).write('{"code":0,')
    await expect(ask(exchange, { timeoutMs: 200 })).rejects.toThrow()
    await hungUp
  })

  it('refuses more than it is to take, and hangs up', async () => {
    answering = response => {
      response.writeHead(200)
      const more = (): void => {
        if (!response.destroyed) response.write('-'.repeat(10_000), () => setTimeout(more, 1))
      }
      more()
    }
    await expect(ask(exchange, { mostBytes: 50_000 })).rejects.toMatchObject({ kind: 'oversize' })
    await hungUp
  })
})
