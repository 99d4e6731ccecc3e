import { createServer } from 'node:http'

/** An Open Platform that says yes at once to everything. */
const OK = (data: object) => JSON.stringify({ code: 0, msg: 'ok', ...data })
let made = 0
/** When which message was answered first, as wall time in ms, since it was last asked. */
let replied: Record<string, number> = {}
/** When a card was drawn anew, and what the last of them says, by message. */
const drawn = new Map<string, { at: number[]; last: string }>()

const ANSWERS: Array<[RegExp, () => string]> = [
  [/tenant_access_token/, () => OK({ tenant_access_token: 't-bench', expire: 7_200 })],
  [/bot\/v3\/info/, () => OK({ bot: { open_id: 'ou_bot', app_name: 'bench' } })],
  [/im\/v1\/files/, () => OK({ data: { file_key: 'file_v3_bench' } })],
  [/im\/v1\/messages/, () => OK({ data: { message_id: `om_${made++}` } })],
  [/./, () => OK({ data: { has_more: false, items: [], department_ids: [], user_ids: [] } })],
]

const server = createServer((request, response) => {
  if (request.url === '/readyz') return response.end()
  if (request.url === '/made') return response.end(String(made))
  if (request.url === '/drawn') return response.end(JSON.stringify(Object.fromEntries(drawn)))
  if (request.url === '/replied') {
    response.end(JSON.stringify(replied))
    replied = {}
    return
  }
  const asked = /\/messages\/([^/]+)\/reply$/.exec(request.url ?? '')?.[1]
  if (asked) replied[asked] ??= performance.timeOrigin + performance.now()
  const patched = request.method === 'PATCH' ? request.url?.split('/').at(-1) : undefined
  let body = ''
  if (patched === undefined) request.resume()
  else request.on('data', (chunk: Buffer) => (body += chunk.toString()))
  request.once('end', () => {
    if (patched !== undefined) drawn.set(patched, { at: [...(drawn.get(patched)?.at ?? []), Date.now()], last: body })
    const answer = ANSWERS.find(([path]) => path.test(request.url ?? ''))?.[1]() ?? ''
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(answer) })
    response.end(answer)
  })
})
server.listen(Number(process.env.PORT), '127.0.0.1')
process.on('SIGTERM', () => process.exit(0))
