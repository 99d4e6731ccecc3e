import type { ApiCall } from './protocol.ts'

/** The last calls of the bot to the Open Platform. */
export interface CallLog {
  add(call: Omit<ApiCall, 'n'>): void
  since(n: number): ApiCall[]
  /** How many there ever were. */
  count(): number
  /** What was answered to the call of this log_id; a token in it is not kept. */
  answered(log_id: string, ms: number, answer: string): void
}

const KEPT = 20_000
const ANSWERS_KEPT = 500

export function makeCallLog(): CallLog {
  let calls: ApiCall[] = []
  let n = 0
  return {
    add(call) {
      n += 1
      calls.push({ n, ...call, body: withoutSecrets(call.body) })
      delete calls.at(-1 - ANSWERS_KEPT)?.answer
      if (calls.length > 2 * KEPT) calls = calls.slice(-KEPT)
    },
    answered(log_id, ms, answer) {
      const call = calls.findLast(one => one.log_id === log_id)
      if (call) Object.assign(call, { ms, answer: answer.replace(TOKEN, '$1…') })
    },
    count: () => n,
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

const TOKEN = /("(?:(?:tenant_|app_)?access_token|refresh_token)"\s*:\s*"[^"]{4})[^"]*/g

function withoutSecrets(body: unknown): unknown {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return body
  return Object.fromEntries(Object.entries(body).filter(([name]) => !SECRET.has(name)))
}
