import { createDecipheriv, createHash } from 'node:crypto'
import { serve } from '@hono/node-server'
import { Hono } from 'hono'
import postgres from 'postgres'
import { KEYS } from './events.ts'

/** «d»: the least that a durable webhook can be: verify, decrypt, parse, and one row before the answer. */
const sql = postgres(process.env.DATABASE_URL ?? '', { max: 12, onnotice: () => {} })
await sql`create table if not exists deliveries (key text primary key, type text not null, at timestamptz not null)`
const key = createHash('sha256').update(KEYS.encryptKey).digest()
const app = new Hono()

app.post('/feishu/events', async c => {
  const raw = await c.req.text()
  const [timestamp, nonce] = [c.req.header('x-lark-request-timestamp'), c.req.header('x-lark-request-nonce')]
  const signature = createHash('sha256').update(`${timestamp}${nonce}${KEYS.encryptKey}${raw}`).digest('hex')
  if (signature !== c.req.header('x-lark-signature')) return c.json({}, 401)
  const { header } = opened((JSON.parse(raw) as { encrypt: string }).encrypt)
  await sql`insert into deliveries ${sql({ key: header.event_id, type: header.event_type, at: new Date() })} on conflict do nothing`
  return c.json({})
})
app.get('/readyz', c => c.json({ ready: true }))

serve({ fetch: app.fetch, hostname: '127.0.0.1', port: Number(process.env.PORT) })
process.on('SIGTERM', () => process.exit(0))

function opened(encrypted: string): { header: { event_id: string; event_type: string } } {
  const bytes = Buffer.from(encrypted, 'base64')
  const decipher = createDecipheriv('aes-256-cbc', key, bytes.subarray(0, 16))
  return JSON.parse(decipher.update(bytes.subarray(16), undefined, 'utf8') + decipher.final('utf8'))
}
