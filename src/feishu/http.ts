import { type Answered, type Exchange, fetchExchange } from './exchange.ts'
import { FeishuFault, kindOf } from './fault.ts'
import { isObject, parseJson } from './json.ts'

/** What the SDK hands to its http instance, as far as it matters. */
export interface Request {
  url: string
  method?: string
  headers?: Record<string, string>
  params?: Record<string, unknown>
  data?: unknown
  /** Of a file: it is answered as bytes, and refused where it is larger than `maxContentLength`. */
  responseType?: 'arraybuffer'
  maxContentLength?: number
  /** Sent instead of `data`: an upload. */
  form?: FormData
}

const TOKEN_PATH = '/tenant_access_token/internal'
/** One that hangs is asked again while people still wait; what carries a file, or goes to many, may take longer. */
const LONGEST_MS = 5_000
const LONGEST_LOADED_MS = 8_000
const TOKEN_FAILURE_REST_MS = 1_000

export type CallLog = (call: { method: string; path: string; status: number; code: number; ms: number }) => void

export interface HttpParts {
  wire: () => number
  log?: CallLog
  /** Absent: on `fetch`. */
  exchange?: Exchange | undefined
  /** Hears by which clock an answer was made. */
  dated?: (answer: Dated) => void
}
type Parts = Required<Omit<HttpParts, 'exchange'>> & { exchange: Exchange }

/** Between which of our instants an answer was made, and when by the other end's clock, to the second. */
export interface Dated {
  date: string | undefined
  sentMs: number
  cameMs: number
}

/**
 * The SDK's way to the network: with a time limit, the same on Node and Workers, one token request at a time, and
 * faults of our closed list instead of errors that carry the token or the secret. Answers the parsed body, as the SDK expects.
 */
export function createHttp({ wire, log = () => {}, dated = () => {}, exchange = fetchExchange }: HttpParts) {
  const parts = { wire, log, dated, exchange }
  let asked: { token: Promise<unknown>; sinceMs: number } | undefined

  const request = (call: Request): Promise<unknown> => {
    if (!call.url.endsWith(TOKEN_PATH)) return send(parts, call)
    // on Workers an invocation can be cut off together with its request: what is overdue is not waited for
    if (asked && Math.abs(wire() - asked.sinceMs) < LONGEST_MS + TOKEN_FAILURE_REST_MS) return asked.token
    const sinceMs = wire()
    const settled = () => {
      if (asked?.sinceMs === sinceMs) asked = undefined
    }
    const token = send(parts, call).then(
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

async function send({ wire, log, dated, exchange }: Parts, call: Request): Promise<unknown> {
  const started = wire()
  const answered = await exchanged(exchange, call)
  const { status, bytes, header } = answered
  const came = wire()
  dated({ date: header('date'), sentMs: started, cameMs: came })
  const isFile = call.responseType === 'arraybuffer' && status < 300 && !/json/.test(header('content-type') ?? '')
  const body = isFile ? { code: 0, bytes } : parseJson(utf8.decode(bytes))
  const code = isObject(body) && typeof body.code === 'number' ? body.code : -1
  log({ method: call.method ?? 'GET', path: pathOf(call.url), status, code, ms: came - started })
  if (status < 300 && code === 0) return body
  throw refusedBy(answered, code, isObject(body) ? body : {})
}

const utf8 = new TextDecoder()
const JSON_TYPE = { 'content-type': 'application/json; charset=utf-8' }

async function exchanged(
  exchange: Exchange,
  { url, params, headers = {}, method = 'GET', ...call }: Request,
): Promise<Answered> {
  const bodyless = method.toUpperCase() === 'GET' || method.toUpperCase() === 'HEAD' || call.data === undefined
  const toMany = url.includes('/batch_send')
  const isLoaded = toMany || call.form !== undefined || call.responseType === 'arraybuffer'
  // a broken connection or a limit that ran out has many names; for us it is one thing
  try {
    return await exchange({
      url: withQuery(url, params),
      method,
      timeoutMs: isLoaded ? LONGEST_LOADED_MS : LONGEST_MS,
      // what bears no uuid must not meet a connection that the other end has just left
      ...(toMany && { fresh: true }),
      ...(bodyless ? { headers } : { headers: Object.assign({}, headers, JSON_TYPE), body: JSON.stringify(call.data) }),
      ...(call.form && { headers, body: call.form }),
      ...(call.maxContentLength !== undefined && { mostBytes: call.maxContentLength }),
    })
  } catch (error) {
    if (error instanceof FeishuFault) throw error
    throw new FeishuFault('unreachable', {
      uncertain: !wasNeverSent(error),
      why: error instanceof Error ? error.name : 'network',
    })
  }
}

/** Where no connection came about nothing was carried. */
const NOT_CONNECTED = ['connect', 'getaddrinfo']
const NEVER_SENT = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'ENETUNREACH', 'EHOSTUNREACH', 'UND_ERR_CONNECT_TIMEOUT']

function wasNeverSent(error: unknown): boolean {
  const cause = error instanceof Error ? (error.cause ?? error) : undefined
  return isObject(cause) && (NOT_CONNECTED.includes(String(cause.syscall)) || NEVER_SENT.includes(String(cause.code)))
}

function refusedBy({ status, header }: Answered, code: number, body: Record<string, unknown>): FeishuFault {
  const inner = isObject(body.error) ? body.error : {}
  const unreadable = code === -1
  const reset = Number(header('x-ogw-ratelimit-reset') ?? Number.NaN)
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

/** What stands behind these is an id, whatever it looks like. */
const NAMED = /(\/resources|\/calendars(?!\/primary)|\/events)\/[^/]+/g

/** A path without its ids, fit for a log and for counting: there is no end to ids. */
function pathOf(url: string): string {
  return new URL(url).pathname.replace(/\/(?:o[mcdu]|od|omt)[_-][\w-]+/g, '/:id').replace(NAMED, '$1/:id')
}
