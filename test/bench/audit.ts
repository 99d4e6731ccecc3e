import postgres from 'postgres'
import { isUnsealed } from '../../db/audit-chain.ts'
import { openPostgres } from '../../db/client.ts'
import { record } from '../../db/events.ts'
import { createKeys } from '../../src/bot/keys.ts'
import type { Office } from '../../src/bot/office.ts'
import { seal } from '../../src/bot/seal.ts'
import { at } from './load.ts'

/** Events that a turn each has left, and events of before the chain. */
const FRESH = 20_000
const OLD = 100_000
/** Sealing may cost so much of our own time an event: a whole turn costs about a thousand. */
const BAR_US = 200
/** While events of before are sealed, ninety-nine in a hundred wait no longer for their own. */
const WAIT_BAR_MS = 100
const ROUNDS = 3

const FILL = (count: number) => `
  insert into events (at, who, feature, matter, act, outcome, chat, delivery, data)
  select now(), 'ou_' || i, 'task', i::text, 'update', 'ok', 'oc_1', 'message:om_' || i, '{"from": "underway", "to": "underway", "reason": "进展"}'
  from generate_series(1, ${count}) i`

/**
 * What the audit chain costs: what a turn pays for its event to wait for its entry, what sealing costs a second later, how a database
 * full of events of before is sealed, and how long somebody waits meanwhile. Answers what broke a promise.
 */
export async function audit(
  database: (name: string) => Promise<string>,
  print: (title: string, head: string[], rows: string[][]) => void,
): Promise<string[]> {
  const url = await database('audit')
  const sql = postgres(url, { max: 2, onnotice: () => {} })
  const { db, close } = openPostgres(url, { max: 4 })
  const office = { db, facts: { keys: createKeys('bench') }, log: () => {} } as unknown as Office
  const sealAll = async () => {
    while (await seal(office));
  }
  const rows: string[][] = []
  let worst = 0
  for (let round = 0; round < ROUNDS; round++) {
    await sql.unsafe('alter table events disable trigger events_await_seal')
    const bare = await msOf(() => sql.unsafe(FILL(FRESH)))
    await sql.unsafe('alter table events enable trigger events_await_seal')
    // those without an entry are none of the chain's
    const queued = await msOf(() => sql.unsafe(FILL(FRESH)))
    const before = process.cpuUsage()
    const sealing = await msOf(sealAll)
    const { user, system } = process.cpuUsage(before)
    const cpu = (user + system) / FRESH
    worst = Math.max(worst, cpu)
    rows.push([
      `round ${round + 1}`,
      ...[bare, queued, sealing].map(ms => ((ms * 1_000) / FRESH).toFixed(1)),
      cpu.toFixed(1),
    ])
  }
  print(
    `${FRESH} events in one statement, then sealed; µs each`,
    ['', 'insert bare', 'insert waiting for its entry', 'sealing', 'our CPU of it'],
    rows,
  )
  const waits = await whileOldAreSealed(office, sql, sealAll, print)
  await sql.end()
  await close()
  return [
    ...(worst > BAR_US ? [`sealing costs ${worst.toFixed(0)} µs an event`] : []),
    ...(waits > WAIT_BAR_MS ? [`an event waited ${waits.toFixed(0)} ms while old ones were sealed`] : []),
  ]
}

/** The longest, but for one in a hundred, that an event took meanwhile. */
async function whileOldAreSealed(
  { db }: Office,
  sql: postgres.Sql,
  sealAll: () => Promise<void>,
  print: (title: string, head: string[], rows: string[][]) => void,
): Promise<number> {
  await sql.unsafe('alter table events disable trigger events_await_seal')
  await sql.unsafe(FILL(OLD))
  await sql.unsafe('alter table events enable trigger events_await_seal')
  await sql.unsafe(
    `update audit_head set old_until = (select max(id) from events), old_done = (select max(id) - ${OLD} from events)`,
  )
  const waits: number[] = []
  let over = false
  const meanwhile = (async () => {
    while (!over) {
      const event = { at: new Date(), who: 'x', feature: 'task', act: 'update', outcome: 'ok' as const }
      waits.push(await msOf(() => record(db, { ...event, chat: '', delivery: '', data: {} })))
      await new Promise(done => setTimeout(done, 10))
    }
  })()
  const ms = await msOf(sealAll)
  over = true
  await meanwhile
  await sealAll()
  if (await isUnsealed(db)) throw new Error('events were left unsealed')
  waits.sort((a, b) => a - b)
  print(
    `${OLD} events of before the chain, sealed in batches, while others add theirs`,
    ['', 's', 'µs each', 'waits p50 ms', 'p99 ms', 'most ms'],
    [
      [
        '',
        (ms / 1_000).toFixed(1),
        ((ms * 1_000) / OLD).toFixed(1),
        ...[0.5, 0.99, 1].map(share => at(waits, share).toFixed(1)),
      ],
    ],
  )
  return at(waits, 0.99)
}

async function msOf(run: () => Promise<unknown>): Promise<number> {
  const from = performance.now()
  await run()
  return performance.now() - from
}
