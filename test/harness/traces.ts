import { sql } from 'drizzle-orm'
import { type Db, rowsOf } from '../../db/client.ts'
import type { Message } from '../../simulator/protocol.ts'
import type { TestOffice } from './office.ts'

/** Rows of a statement without values. */
export const rows = <Row>(db: Db, statement: string): Promise<Row[]> => rowsOf<Row>(db.execute(sql.raw(statement)))

export async function count(db: Db, from: string): Promise<number> {
  const [row] = await rows<{ n: string | number }>(db, `select count(*) as n from ${from}`)
  return Number(row?.n ?? 0)
}

/** Everything that an effect would leave behind: what is kept here, and what was done at Feishu. */
export async function traces(office: TestOffice): Promise<Record<string, number>> {
  await office.settled()
  const { db } = office.database
  const kept: Record<string, number> = {}
  for (const table of ['inbox', 'outbox', 'events', 'assignments', 'shares', 'held_roles', 'copies'])
    kept[table] = await count(db, table)
  kept.calls = (await office.calls()).filter(call => call.method !== 'GET').length
  return kept
}

/** Until nothing waits in the outbox any more, whatever back-off it goes through. */
export async function emptied(office: Pick<TestOffice, 'database' | 'log'>, withinMs = 20_000): Promise<void> {
  const until = Date.now() + withinMs
  while (await count(office.database.db, `outbox where state = 'waiting'`)) {
    if (Date.now() > until) throw new Error(`the outbox did not empty\n${office.log.slice(-20).join('\n')}`)
    await new Promise(done => setTimeout(done, 25))
  }
}

/** Every message that the bot has made, wherever it stands. */
export function botMessages(office: Pick<TestOffice, 'sim'>): Message[] {
  return [...office.sim.state.messages.values()].filter(message => message.sender === 'bot')
}

/** How often a word stands in what the bot has said, message by message. */
export const saidTimes = (office: Pick<TestOffice, 'sim'>, word: string): number =>
  botMessages(office).filter(message => message.content.includes(word)).length

export const pause = (ms: number): Promise<void> => new Promise(done => setTimeout(done, ms))

export async function until(holds: () => boolean | Promise<boolean>, withinMs = 15_000): Promise<void> {
  const end = Date.now() + withinMs
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`it did not come to pass within ${withinMs} ms: ${holds}`)
    await pause(10)
  }
}

/** So many more rows like the newest of a table, with some columns by an expression over `n` = 1, 2, …; answers their ids. */
export async function multiply(
  db: Db,
  table: string,
  times: number,
  change: Record<string, string> = {},
): Promise<number[]> {
  const columns = await rows<{ name: string }>(
    db,
    `select column_name as name from information_schema.columns where table_name = '${table}' and column_name <> 'id'`,
  )
  const names = columns.map(({ name }) => name)
  const made = await rows<{ id: string | number }>(
    db,
    `insert into ${table} (${names.map(name => `"${name}"`)})
     select ${names.map(name => change[name] ?? `"${name}"`)} from ${table}, generate_series(1, ${times}) n
     where id = (select max(id) from ${table}) returning id`,
  )
  return made.map(({ id }) => Number(id))
}
