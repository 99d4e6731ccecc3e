import type { ApiCall } from './protocol.ts'

/** The last calls of the bot to the Open Platform. */
export interface CallLog {
  add(call: Omit<ApiCall, 'n'>): void
  since(n: number): ApiCall[]
}

const KEPT = 20_000

export function makeCallLog(): CallLog {
  let calls: ApiCall[] = []
  let n = 0
  return {
    add(call) {
      n += 1
      calls.push({ n, ...call, body: withoutSecrets(call.body) })
      if (calls.length > 2 * KEPT) calls = calls.slice(-KEPT)
    },
    since: after => calls.filter(call => call.n > after),
  }
}

const SECRET = new Set([
  'app_secret',
  'client_secret',
  'code',
  'code_verifier',
  'refresh_token',
  'token',
  'tenant_access_token',
])

function withoutSecrets(body: unknown): unknown {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return body
  return Object.fromEntries(Object.entries(body).filter(([name]) => !SECRET.has(name)))
}
