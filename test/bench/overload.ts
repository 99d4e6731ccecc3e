import type postgres from 'postgres'
import { note } from './bars.ts'
import { asked, requests } from './events.ts'
import { at, closedLoop, openLoop } from './load.ts'
import { type Bench, ms, nothingWaits, pause, until } from './part.ts'
import { rssMb } from './servers.ts'

const CONNECTIONS = 16
const MEASURED_MS = 4_000
const MOST = 40_000
const LASTS_S = 10
const NORMAL = { perSecond: 100, ms: 5_000 }
const REST_MS = 5_000
const LONGEST_MS = 180_000
/** A refusal is of use only while the platform still waits (3 s); «at once» is a third of that. */
const AT_ONCE_MS = 1_000
const BAR_RSS_MB = 200

/** P7: twice as much as it can take, for ten seconds; what it acknowledged must be answered, and the rest refused at once. */
export async function overload(bench: Bench): Promise<void> {
  const { server, sql, stop } = await bench.start('lifted', 'overload')
  const { port } = server
  const closed = () => closedLoop(port, requests(MOST / 4, port), { connections: CONNECTIONS, ms: MEASURED_MS })
  await closed()
  const { perSecond: most } = await closed()
  const emptied = () => until(() => nothingWaits(sql), LONGEST_MS, 'emptying the outbox')
  await emptied()
  const normal = async () => {
    const all = requests((NORMAL.perSecond * NORMAL.ms) / 1_000, port)
    return at((await openLoop(port, all, { perSecond: NORMAL.perSecond, until: new Promise(() => {}) })).took, 0.99)
  }
  const before = { p99: await normal(), rss: rssMb(server).now }
  const all = asked(Math.min(2 * most * LASTS_S, MOST), port)
  const poured = await openLoop(
    port,
    all.map(({ request }) => request),
    { perSecond: 2 * most, until: new Promise(() => {}) },
  )
  const grown = rssMb(server).peak - before.rss
  await pause(REST_MS)
  const after = await normal()
  await emptied()
  const lost = await unanswered(
    sql,
    poured.acknowledged.map(i => all[i]?.message ?? ''),
  )
  const slowest = poured.refusedIn.length ? at(poured.refusedIn, 1) : 0
  bench.print(
    `overload: ${(2 * most).toFixed(0)}/s for ${LASTS_S} s, twice what it took in a closed loop`,
    ['', 'sent', 'acknowledged', 'lost', 'refused', 'refused p99 ms', 'RSS + MB', 'p99 before ms', 'p99 5 s after ms'],
    [
      [
        'bot',
        ...[all.length, poured.acknowledged.length, lost, poured.refused].map(String),
        poured.refused ? ms(at(poured.refusedIn, 0.99)) : '–',
        ...[grown, before.p99, after].map(ms),
      ],
    ],
  )
  const isKept = lost === 0 && slowest <= AT_ONCE_MS && grown <= BAR_RSS_MB && after <= Math.max(3 * before.p99, 50)
  note('P7', `lost ${lost}, refusals within ${ms(slowest)} ms, RSS +${ms(grown)} MB, p99 after ${ms(after)} ms`, isKept)
  await stop()
}

/** How many of these have no answer that left. */
async function unanswered(sql: postgres.Sql, messages: string[]): Promise<number> {
  const sent = await sql`select parcel ->> 'replyTo' as message from outbox where state = 'sent'`
  const answered = new Set(sent.map(row => row.message))
  return messages.filter(message => !answered.has(message)).length
}
