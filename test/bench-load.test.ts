import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, it } from 'vitest'
import { closedLoop, openLoop } from './bench/load.ts'

const REST_MS = 200
const STALL_MS = 150
const PER_SECOND = 100
/** Many connections are opened at first, rest until the server has hung up on them, and are wanted again. */
const STALLS = (served: number): boolean => served < 15 || (served > 170 && served < 185)

it('an open loop ends although the server hangs up on connections that rest', async () => {
  let served = 0
  const server = createServer((_, response) => {
    const answer = () => response.end('fine')
    if (STALLS(served++)) setTimeout(answer, STALL_MS)
    else answer()
  })
  server.keepAliveTimeout = REST_MS
  await new Promise<void>(done => {
    server.listen(0, '127.0.0.1', done)
  })
  const { port } = server.address() as AddressInfo
  const requests = Array.from({ length: 220 }, () => Buffer.from('GET / HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n'))
  const { took, refused } = await openLoop(port, requests, { perSecond: PER_SECOND, until: new Promise(() => {}) })
  server.close()
  expect({ answered: took.length, refused }).toEqual({ answered: requests.length, refused: 0 })
}, 10_000)

it('a connection that is cut or refused is counted, and ends nothing', async () => {
  let served = 0
  const server = createServer((request, response) => {
    if (served++ % 2) request.socket.resetAndDestroy()
    else response.end('fine')
  })
  await new Promise<void>(done => {
    server.listen(0, '127.0.0.1', done)
  })
  const { port } = server.address() as AddressInfo
  const requests = Array.from({ length: 20 }, () => Buffer.from('GET / HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n'))
  const pour = () => openLoop(port, requests, { perSecond: PER_SECOND, until: new Promise(() => {}) })
  const poured = await pour()
  const closed = await closedLoop(port, requests, { connections: 1, ms: 10_000 })
  await new Promise(done => server.close(done))
  const gone = await pour()
  expect([poured.took.length, poured.cut]).toEqual([10, 10])
  expect([closed.done, closed.refused, closed.cut]).toEqual([20, 0, 10])
  expect([gone.took.length, gone.cut]).toEqual([0, 20])
}, 20_000)
