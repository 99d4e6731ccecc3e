import http from 'node:http'
import https from 'node:https'
import { type Exchange, fetchExchange, gathered } from '../feishu/exchange.ts'

const KEPT = { keepAlive: true, maxFreeSockets: 40 }
const AGENTS = { 'http:': new http.Agent(KEPT), 'https:': new https.Agent(KEPT) }

/** On connections that are kept: `fetch` of Node costs twice as much a call, and what it leaves behind is cleared up late. */
export const nodeExchange: Exchange = call => {
  const { body } = call
  if (typeof body === 'object') return fetchExchange(call)
  const url = new URL(call.url)
  const agent = AGENTS[url.protocol as keyof typeof AGENTS]
  if (!agent) throw new Error('neither http nor https')
  return new Promise((done, fail) => {
    const request = (url.protocol === 'https:' ? https : http).request(
      url,
      { method: call.method, headers: { ...call.headers, ...lengthOf(body) }, agent: call.fresh ? false : agent },
      response =>
        void gathered(response, call.mostBytes)
          .then(bytes => ({
            status: response.statusCode ?? 0,
            bytes,
            header: (name: string) => [response.headers[name]].flat()[0],
          }))
          .then(done, fail)
          .finally(() => clearTimeout(late)),
    )
    const late = setTimeout(() => request.destroy(new Error('no answer in time')), call.timeoutMs)
    request.on('error', error => {
      clearTimeout(late)
      fail(error)
    })
    request.end(body)
  })
}

const lengthOf = (body: string | undefined) =>
  body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) }
