import http from 'node:http'
import https from 'node:https'
import { type Answered, type Call, type Exchange, fetchExchange, Gathering } from '../feishu/exchange.ts'

const KEPT = { keepAlive: true, maxFreeSockets: 40 }
const AGENTS = { 'http:': new http.Agent(KEPT), 'https:': new https.Agent(KEPT) }

/** On connections that are kept: `fetch` of Node costs twice as much a call, and what it leaves behind is cleared up late. */
export const nodeExchange: Exchange = call => {
  const { body } = call
  if (typeof body === 'object') return fetchExchange(call)
  const url = new URL(call.url)
  const sent = body === undefined ? undefined : Buffer.from(body)
  const agent = AGENTS[url.protocol as keyof typeof AGENTS]
  if (!agent) throw new Error('neither http nor https')
  return new Promise((done, fail) => {
    const request = (url.protocol === 'https:' ? https : http).request(
      url,
      {
        method: call.method,
        headers: Object.assign({}, call.headers, lengthOf(sent)),
        agent: call.fresh ? false : agent,
      },
      response => answeredBy(response, call.mostBytes, settle(done), settle(fail)),
    )
    const late = setTimeout(() => request.destroy(new Error('no answer in time')), call.timeoutMs)
    const settle =
      <Outcome>(how: (outcome: Outcome) => void) =>
      (outcome: Outcome) => {
        clearTimeout(late)
        how(outcome)
      }
    request.on('error', settle(fail))
    request.end(sent)
  })
}

/** By its events: `for await` makes much ready for what mostly is one chunk. */
function answeredBy(
  response: http.IncomingMessage,
  mostBytes: Call['mostBytes'],
  done: (answer: Answered) => void,
  fail: (error: unknown) => void,
): void {
  const gathering = new Gathering(mostBytes)
  response.on('data', (chunk: Uint8Array) => {
    try {
      gathering.add(chunk)
    } catch (error) {
      fail(error)
      response.destroy()
    }
  })
  response.on('error', fail)
  response.on('end', () =>
    done({
      status: response.statusCode ?? 0,
      bytes: gathering.all(),
      header: name => [response.headers[name]].flat()[0],
    }),
  )
}

const lengthOf = (sent: Buffer | undefined) => (sent ? { 'content-length': String(sent.length) } : {})
