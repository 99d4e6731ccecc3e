import { FeishuFault, kindOf } from './fault.ts'
import { isObject, parseJson } from './json.ts'

/** What the SDK hands to its http instance, as far as it matters. */
export interface Request {
  url: string
  method?: string
  headers?: Record<string, string>
  params?: Record<string, unknown>
  data?: unknown
  /** Sent instead of `data`: an upload. */
  form?: FormData
}

const TOKEN_PATH = '/tenant_access_token/internal'
const LONGEST_MS = 8_000
const TOKEN_FAILURE_REST_MS = 1_000

export type CallLog = (call: { method: string; path: string; status: number; code: number; ms: number }) => void

/**
 * The SDK's way to the network, on `fetch`: with a time limit, the same on Node and Workers, one token request at a time, and
 * faults of our closed list instead of errors that carry the token or the secret. Answers the parsed body, as the SDK expects.
 */
export function createHttp(wire: () => number, log: CallLog) {
  let asked: { token: Promise<unknown>; sinceMs: number } | undefined

  const request = (call: Request): Promise<unknown> => {
    if (!call.url.endsWith(TOKEN_PATH)) return send(wire, call, log)
    // on Workers an invocation can be cut off together with its request: what is overdue is not waited for
    if (asked && wire() - asked.sinceMs < LONGEST_MS + TOKEN_FAILURE_REST_MS) return asked.token
    const sinceMs = wire()
    const settled = () => {
      if (asked?.sinceMs === sinceMs) asked = undefined
    }
    const token = send(wire, call, log).then(
      answer => {
        settled()
        return answer
      },
      async (fault: unknown) => {
        // while the token endpoint is down everybody shares one failure a second
        await new Promise(rested => setTimeout(rested, TOKEN_FAILURE_REST_MS))
        settled()
        throw fault
      },
    )
    asked = { token, sinceMs }
    return token
  }

  return {
    request,
    get: (url: string, options?: Omit<Request, 'url'>) => request({ ...options, url, method: 'GET' }),
    post: (url: string, data?: unknown, options?: Omit<Request, 'url'>) =>
      request({ ...options, url, data, method: 'POST' }),
    put: (url: string, data?: unknown, options?: Omit<Request, 'url'>) =>
      request({ ...options, url, data, method: 'PUT' }),
    patch: (url: string, data?: unknown, options?: Omit<Request, 'url'>) =>
      request({ ...options, url, data, method: 'PATCH' }),
    delete: (url: string, options?: Omit<Request, 'url'>) => request({ ...options, url, method: 'DELETE' }),
  }
}

async function send(wire: () => number, call: Request, log: CallLog): Promise<unknown> {
  const started = wire()
  const { status, text, headers } = await exchange(call)
  const body = parseJson(text)
  const code = isObject(body) && typeof body.code === 'number' ? body.code : -1
  log({ method: call.method ?? 'GET', path: pathOf(call.url), status, code, ms: wire() - started })
  if (status < 300 && code === 0) return body
  throw refusedBy(status, code, isObject(body) ? body : {}, headers)
}

async function exchange(call: Request): Promise<{ status: number; text: string; headers: Headers }> {
  const { method = 'GET' } = call
  // a broken connection or a limit that ran out has many names; for us it is one thing
  try {
    const response = await fetch(withQuery(call.url, call.params), {
      method,
      ...bodyOf(call, method.toUpperCase()),
      signal: AbortSignal.timeout(LONGEST_MS),
      redirect: 'manual',
    })
    return { status: response.status, text: await response.text(), headers: response.headers }
  } catch (error) {
    throw new FeishuFault('unreachable', {
      uncertain: !wasNeverSent(error),
      why: error instanceof Error ? error.name : 'network',
    })
  }
}

/** The boundary of an upload is in a header that `fetch` writes. */
function bodyOf({ data, form, headers }: Request, method: string): Pick<RequestInit, 'headers' | 'body'> {
  const own = headers ?? {}
  if (form) return { headers: own, body: form }
  if (method === 'GET' || method === 'HEAD' || data === undefined) return { headers: own }
  return { headers: { ...own, 'content-type': 'application/json; charset=utf-8' }, body: JSON.stringify(data) }
}

/** A connection that was refused carried nothing. */
function wasNeverSent(error: unknown): boolean {
  const cause = error instanceof Error ? error.cause : undefined
  return isObject(cause) && (cause.code === 'ECONNREFUSED' || cause.code === 'ENOTFOUND')
}

function refusedBy(status: number, code: number, body: Record<string, unknown>, headers: Headers): FeishuFault {
  const inner = isObject(body.error) ? body.error : {}
  const unreadable = code === -1
  const reset = Number(headers.get('x-ogw-ratelimit-reset') ?? Number.NaN)
  return new FeishuFault(unreadable ? 'unreachable' : kindOf(code, status, String(body.msg ?? '')), {
    code: Math.max(code, 0),
    logId: typeof inner.log_id === 'string' ? inner.log_id : '',
    uncertain: unreadable || status >= 500,
    why: `status ${status}`,
    ...(Number.isFinite(reset) && reset > 0 ? { retryAfterMs: reset * 1_000 } : {}),
  })
}

function withQuery(url: string, params: Record<string, unknown> | undefined): string {
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(params ?? {})) {
    for (const one of Array.isArray(value) ? value : [value])
      if (one !== undefined && one !== null) query.append(name, String(one))
  }
  return query.size ? `${url}?${query}` : url
}

/** A path without its ids, fit for a log and for counting. */
function pathOf(url: string): string {
  return new URL(url).pathname.replace(/\/(o[mcdu]|od|omt)[_-][\w-]+/g, '/:id')
}
