import http from 'node:http'
import https from 'node:https'

/** How a push to the bot ended. `status` is null when no answer came. */
export interface Outcome {
  status: number | null
  text: string
  ms: number
  error?: PostError
}

export type PostError = 'timeout' | 'unreachable' | 'unknown host' | 'broken off' | 'no address'

const ANSWER_LIMIT = 4 * 1024 * 1024

export interface Patience {
  connect_ms: number
  total_ms: number
}

export const eventPatience: Patience = { connect_ms: 2000, total_ms: 3000 }
export const challengePatience: Patience = { connect_ms: 1000, total_ms: 1000 }

/** Sends exactly these bytes; redirects are not followed. */
export function post(url: string, body: string, headers: Record<string, string>, patience: Patience): Promise<Outcome> {
  const started = performance.now()
  const outcome = (rest: Omit<Outcome, 'ms'>): Outcome => ({ ...rest, ms: Math.round(performance.now() - started) })
  if (!URL.canParse(url)) return Promise.resolve(outcome({ status: null, text: '', error: 'no address' }))
  return new Promise(resolve => {
    const finish = (rest: Omit<Outcome, 'ms'>) => {
      clearTimeout(total)
      clearTimeout(connect)
      resolve(outcome(rest))
      request.destroy()
    }
    const fail = (error: PostError) => finish({ status: null, text: '', error })
    const total = setTimeout(fail, patience.total_ms, 'timeout')
    const connect = setTimeout(fail, patience.connect_ms, 'unreachable')
    const request = send(url, body, headers)
    request.on('socket', socket => socket.once('connect', () => clearTimeout(connect)))
    request.on('error', (cause: NodeJS.ErrnoException) => fail(errors[cause.code ?? ''] ?? 'broken off'))
    request.on('response', answer => {
      const chunks: Buffer[] = []
      let size = 0
      answer.on('data', (chunk: Buffer) => {
        size += chunk.length
        if (size <= ANSWER_LIMIT) chunks.push(chunk)
      })
      answer.on('end', () =>
        finish({ status: answer.statusCode ?? null, text: Buffer.concat(chunks).toString('utf8') }),
      )
      answer.on('error', () => fail('broken off'))
    })
  })
}

const errors: Record<string, PostError> = {
  ECONNREFUSED: 'unreachable',
  EHOSTUNREACH: 'unreachable',
  ENETUNREACH: 'unreachable',
  ETIMEDOUT: 'unreachable',
  ENOTFOUND: 'unknown host',
  EAI_AGAIN: 'unknown host',
}

function send(url: string, body: string, headers: Record<string, string>): http.ClientRequest {
  const bytes = Buffer.from(body, 'utf8')
  const request = (url.startsWith('https:') ? https : http).request(url, {
    method: 'POST',
    agent: false,
    headers: { 'content-type': 'application/json; charset=utf-8', 'content-length': bytes.length, ...headers },
  })
  request.end(bytes)
  return request
}
