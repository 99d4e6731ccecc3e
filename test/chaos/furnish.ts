import postgres from 'postgres'
import office from '../../simulator/office.json' with { type: 'json' }
import { startSimulator } from '../../simulator/server.ts'
import { KEYS, MORNING } from '../harness/keys.ts'
import { freePort, Program } from '../harness/program.ts'
import { until } from '../harness/traces.ts'
import { onServer } from './house.ts'
import { callWitness } from './witness.ts'

/**
 * A database at which each round begins anew: the demo's office with its roles, cars, drivers and rooms, as the administrator sets
 * them, and nothing else; and a witness to all that happens from now on.
 */
export async function furnish(url: string): Promise<void> {
  const sim = await startSimulator({ port: 0, host: '127.0.0.1', botUrl: 'http://127.0.0.1:1', ...KEYS })
  const program = new Program(sim, await freePort(), { DATABASE_URL: url, CLOCK: 'manual' })
  await program.start()
  sim.setBotUrl(program.url)
  await post(`${program.url}/clock`, { now: MORNING })
  const { as, lines } = office.script
  const { chat_id } = (await post(`${sim.url}/sim/p2p`, { as })) as { chat_id: string }
  const sql = postgres(url, { max: 1, onnotice: () => {} })
  // names are known once the directory has been read
  await until(async () => (await sql`select 1 from settings where name = 'directory.read'`).length > 0)
  for (const text of lines) {
    const { message_id } = (await post(`${sim.url}/sim/messages`, { as, chat_id, text })) as { message_id: string }
    await until(async () => (await sql`select 1 from inbox where key = ${`message:${message_id}`}`).length > 0)
  }
  await until(async () => !(await sql`select 1 from outbox where state = 'waiting'`).length)
  const refused = await sql`select act from events where outcome = 'refused'`
  if (refused.length) throw new Error(`the office was not furnished: ${JSON.stringify(refused)}`)
  program.kill('SIGTERM')
  await program.ended()
  await sim.close()
  await sql.end()
  // what has been said so far was said in another Feishu
  await onServer(url, 'delete from copies', 'delete from outbox', 'delete from calls', 'delete from inbox')
  await callWitness(url)
}

async function post(url: string, body: unknown): Promise<unknown> {
  const headers = { 'content-type': 'application/json' }
  const answer = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) })
  if (!answer.ok) throw new Error(`${url}: ${answer.status} ${await answer.text()}`)
  return answer.json()
}
