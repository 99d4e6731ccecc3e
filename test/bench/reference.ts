import http from 'node:http'
import { serve } from '@hono/node-server'
import { Hono } from 'hono'
import postgres from 'postgres'
import { opened } from './bare.ts'

/**
 * The reference bot of trust.md 2, the least that can answer durably: the delivery becomes a row before it is acknowledged, then
 * the answer goes out with the event's id as its uuid and the row is marked done. What is unfinished is taken up at start.
 */
const ANSWER = JSON.stringify({ text: '可以发送:/帮助、/待办、/今日' })
const api = new URL(process.env.FEISHU_DOMAIN ?? '')
const agent = new http.Agent({ keepAlive: true })
const sql = postgres(process.env.DATABASE_URL ?? '', { max: 12, onnotice: () => {} })
await sql`create table if not exists reference (key text primary key, message text not null, at timestamptz not null, done_at timestamptz)`
const token = await tokenOf()
const app = new Hono()

app.post('/feishu/events', async c => {
  const delivery = await opened(c)
  if (!delivery) return c.json({}, 401)
  const row = { key: delivery.header.event_id, message: delivery.event.message?.message_id ?? '', at: new Date() }
  const kept = await sql`insert into reference ${sql(row)} on conflict do nothing returning key`
  if (kept.length) setImmediate(() => void answer(row))
  return c.json({})
})
app.get('/readyz', c => c.json({ ready: true }))

for (const row of await sql<Row[]>`select key, message from reference where done_at is null`) void answer(row)
serve({ fetch: app.fetch, hostname: '127.0.0.1', port: Number(process.env.PORT) })
process.on('SIGTERM', () => process.exit(0))

type Row = { key: string; message: string }
type Answered = { code: number; tenant_access_token?: string }

async function answer({ key, message }: Row): Promise<void> {
  await post(`/open-apis/im/v1/messages/${message}/reply`, { msg_type: 'text', content: ANSWER, uuid: key }, token)
  await sql`update reference set done_at = now() where key = ${key}`
}

async function tokenOf(): Promise<string> {
  const credentials = { app_id: process.env.FEISHU_APP_ID, app_secret: process.env.FEISHU_APP_SECRET }
  return (await post('/open-apis/auth/v3/tenant_access_token/internal', credentials)).tenant_access_token ?? ''
}

function post(path: string, body: object, bearer = ''): Promise<Answered> {
  const text = JSON.stringify(body)
  const headers = {
    authorization: `Bearer ${bearer}`,
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(text),
  }
  return new Promise((done, fail) => {
    const request = http.request(
      { host: api.hostname, port: api.port, path, method: 'POST', headers, agent },
      response => {
        let got = ''
        response.setEncoding('utf8')
        response.on('data', chunk => (got += chunk))
        response.on('end', () => {
          const answered = JSON.parse(got) as Answered
          if (answered.code === 0) done(answered)
          else fail(new Error(`the API said ${answered.code}`))
        })
      },
    )
    request.on('error', fail)
    request.end(text)
  })
}
