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
  /** To whom all of these went. */
  receivers: string[]
  /** When which message was answered first, as wall time in ms. */
  replied: Map<string, number>
  /** The cards that were drawn anew, by their message: when, and what each said then. */
  drawn: Map<string, Array<{ at: number; content: string }>>
  refused: number
  close(): Promise<void>
}

type Body = { receive_id?: string; open_ids?: string[]; content?: string }

/** As soon as the platform can have accepted so many at 50 a second and 1,000 a minute, in s (trust.md 3). */
export const floorOf = (count: number): number => Math.floor((count - 1) / 1_000) * 60 + ((count - 1) % 1_000) / 50

export async function startStandIn(): Promise<StandIn> {
  const limits = makeLimits()
  let made = 0
  const server = createServer(async (request, response) => {
    const body = await bodyOf(request)
    const path = request.url ?? ''
    const [api, message] = [apiOf(request.method, path), messageOf(path)]
    const target = body.receive_id ?? (api === 'patch' ? message : undefined)
    const refusal = api && (limits.api(api, true) ?? (target && limits.target(target, true)))
    if (refusal) {
      standIn.refused++
      response.writeHead(429, { 'x-ogw-ratelimit-reset': String(Math.ceil(refusal.wait_ms / 1_000)) })
      return response.end(JSON.stringify({ code: 99991400, msg: 'request trigger frequency limit' }))
    }
    const at = Date.now()
    if (api === 'create') {
      standIn.accepted.push(at)
      standIn.receivers.push(body.receive_id ?? '')
    }
    if (api === 'batch') {
      standIn.handedOver.push(...(body.open_ids ?? []).map(() => at))
      standIn.receivers.push(...(body.open_ids ?? []))
    }
    if (api === 'reply' && !standIn.replied.has(message)) standIn.replied.set(message, at)
    if (api === 'patch')
      standIn.drawn.set(message, [...(standIn.drawn.get(message) ?? []), { at, content: body.content ?? '' }])
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
    receivers: [],
    replied: new Map(),
    drawn: new Map(),
    refused: 0,
    close: () =>
      new Promise(done => {
        server.close(() => done())
        server.closeAllConnections()
      }),
  }
  return standIn
}

function apiOf(method: string | undefined, path: string): 'create' | 'reply' | 'patch' | 'batch' | undefined {
  if (path.includes('/batch_send')) return 'batch'
  if (/\/im\/v1\/messages\/[^/]+\/reply/.test(path)) return 'reply'
  if (!path.includes('/im/v1/messages')) return undefined
  return method === 'PATCH' ? 'patch' : 'create'
}

const messageOf = (path: string): string => /\/messages\/([^/?]+)/.exec(path)?.[1] ?? ''

function answerTo(path: string, newId: () => string): object {
  if (path.includes('tenant_access_token')) return { tenant_access_token: 't-bench', expire: 7_200 }
  if (path.includes('/bot/v3/info')) return { bot: { open_id: 'ou_bot', app_name: 'bench' } }
  if (path.includes('/batch_send')) return { data: { message_id: newId().replace('om', 'bm'), invalid_open_ids: [] } }
  if (path.includes('/im/v1/messages')) return { data: { message_id: newId() } }
  if (path.includes('/calendars/primary')) return { data: { calendars: [{ calendar: { calendar_id: 'bench' } }] } }
  if (path.includes('/calendars/')) return { data: { event: { event_id: 'bench_0' } } }
  return { data: { has_more: false, items: [], department_ids: [], user_ids: [] } }
}

async function bodyOf(request: AsyncIterable<Buffer>): Promise<Body> {
  const parts: Buffer[] = []
  for await (const part of request) parts.push(part)
  return parts.length ? (JSON.parse(Buffer.concat(parts).toString()) as Body) : {}
}
