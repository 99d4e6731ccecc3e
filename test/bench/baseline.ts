import { serve } from '@hono/node-server'
import { Hono } from 'hono'
import postgres from 'postgres'
import { opened } from './bare.ts'

/** «d»: the least that a durable webhook can be: verify, decrypt, parse, and one row before the answer. */
const sql = postgres(process.env.DATABASE_URL ?? '', { max: 12, onnotice: () => {} })
await sql`create table if not exists deliveries (key text primary key, type text not null, at timestamptz not null)`
const app = new Hono()

app.post('/feishu/events', async c => {
  const delivery = await opened(c)
  if (!delivery) return c.json({}, 401)
  const { event_id, event_type } = delivery.header
  await sql`insert into deliveries ${sql({ key: event_id, type: event_type, at: new Date() })} on conflict do nothing`
  return c.json({})
})
app.get('/readyz', c => c.json({ ready: true }))

serve({ fetch: app.fetch, hostname: '127.0.0.1', port: Number(process.env.PORT) })
process.on('SIGTERM', () => process.exit(0))
