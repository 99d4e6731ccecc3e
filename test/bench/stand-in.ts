import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { makeLimits } from '../../simulator/limits.ts'

/** An Open Platform that keeps the platform's limits (strict sliding windows) and notes when it accepted what. */
export interface StandIn {
  port: number
  /** Every message that a person was given, as wall time in ms. */
  accepted: number[]
  /** The same for those handed over in batches: when a batch was accepted, once for each of its people. */
  handedOver: number[]
  refused: number
  /** When the next reply is accepted. */
  nextReply(): Promise<number>
  close(): Promise<void>
}

type Body = { receive_id?: string; open_ids?: string[] }

export async function startStandIn(): Promise<StandIn> {
  const limits = makeLimits()
  const waiting: Array<(at: number) => void> = []
  let made = 0
  const server = createServer(async (request, response) => {
    const body = await bodyOf(request)
    const path = request.url ?? ''
    const api = apiOf(path)
    const refusal = api && (limits.api(api, true) ?? (body.receive_id && limits.target(body.receive_id, true)))
    if (refusal) {
      standIn.refused++
      response.writeHead(429, { 'x-ogw-ratelimit-reset': String(Math.ceil(refusal.wait_ms / 1_000)) })
      return response.end(JSON.stringify({ code: 99991400, msg: 'request trigger frequency limit' }))
    }
    const at = Date.now()
    if (api === 'create') standIn.accepted.push(at)
    if (api === 'batch') standIn.handedOver.push(...(body.open_ids ?? []).map(() => at))
    if (api === 'reply') waiting.shift()?.(at)
    response.writeHead(200, { 'content-type': 'application/json' })
    response.end(JSON.stringify({ code: 0, msg: 'ok', ...answerTo(path, () => `om_${made++}`) }))
  })
  await new Promise<void>(done => {
    server.listen(0, '127.0.0.1', done)
  })
  const standIn: StandIn = {
    port: (server.address() as AddressInfo).port,
    accepted: [],
    handedOver: [],
    refused: 0,
    nextReply: () => new Promise(done => waiting.push(done)),
    close: () =>
      new Promise(done => {
        server.close(() => done())
        server.closeAllConnections()
      }),
  }
  return standIn
}

function apiOf(path: string): 'create' | 'reply' | 'batch' | undefined {
  if (path.includes('/batch_send')) return 'batch'
  if (/\/im\/v1\/messages\/[^/]+\/reply/.test(path)) return 'reply'
  return path.includes('/im/v1/messages') ? 'create' : undefined
}

function answerTo(path: string, newId: () => string): object {
  if (path.includes('tenant_access_token')) return { tenant_access_token: 't-bench', expire: 7_200 }
  if (path.includes('/bot/v3/info')) return { bot: { open_id: 'ou_bot', app_name: 'bench' } }
  if (path.includes('/batch_send')) return { data: { message_id: newId().replace('om', 'bm'), invalid_open_ids: [] } }
  if (path.includes('/im/v1/messages')) return { data: { message_id: newId() } }
  return { data: { has_more: false, items: [], department_ids: [], user_ids: [] } }
}

async function bodyOf(request: AsyncIterable<Buffer>): Promise<Body> {
  const parts: Buffer[] = []
  for await (const part of request) parts.push(part)
  return parts.length ? (JSON.parse(Buffer.concat(parts).toString()) as Body) : {}
}
