import type postgres from 'postgres'
import { note, type Unanswered } from './bars.ts'
import { asked, crowd, press, requests } from './events.ts'
import { at, closedLoop, openLoop, type Poured } from './load.ts'
import { type Bench, type Measured, ms, nothingWaits, pause, until } from './part.ts'
import { rssMb } from './servers.ts'
import { type Times, timesOf, watchLoop } from './times.ts'

/**
 * The first is the closed loop of trust.md, and so the bar. With the second the statements are shared by as many as may share them, so that
 * twice as much is about all that one process can so much as refuse.
 */
const CONNECTIONS = { P7: 16, 'P7+': 64 }
const MEASURED_MS = 4_000
const MOST_CLOSED = 10_000
const LASTS_S = 10
const NORMAL = { perSecond: 100, ms: 5_000 }
const REST_MS = 5_000
const LONGEST_MS = 180_000
/** A refusal is of use only while the platform still waits (3 s); «at once» is a third of that. */
const AT_ONCE_MS = 1_000
const BAR_RSS_MB = 200
/** Whoever refuses everything is answered quickly, too: so much of what a closed loop takes is to be taken all the same. */
const LEAST_TAKEN = 0.4

/** What an overload did, and whose doing it was. */
interface Round {
  perSecond: number
  poured: Poured
  lost: number
  grownMb: number
  before: number
  after: Normal
  server: Times
  client: Times['deaf']
}

interface Normal extends Unanswered {
  p99: number
}

/** P7: twice as much as it took in a closed loop, for ten seconds; what it acknowledged must be answered, and the rest refused at once. */
export async function overload(bench: Bench): Promise<void> {
  const measured = await bench.start('lifted', 'overload')
  await pressOnce(measured)
  const byBar: Array<[string, Round]> = []
  for (const [bar, connections] of Object.entries(CONNECTIONS))
    byBar.push([bar, await overloaded(measured, connections)])
  const rounds = byBar.map(([, round]) => round)
  bench.print(
    `overload: twice what it acknowledged in a closed loop of ${Object.values(CONNECTIONS).join(' and ')} connections, for ${LASTS_S} s; unanswered = not within 3 s`,
    [
      'sent /s',
      'sent',
      'acknowledged',
      'lost',
      'refused',
      'p99 ms',
      'unanswered',
      'RSS + MB',
      'p99 before',
      '5 s after',
    ],
    rounds.map(({ perSecond, poured, lost, grownMb, before, after }) => [
      perSecond.toFixed(0),
      ...[poured.took.length + poured.cut, poured.acknowledged.length, lost, poured.refused].map(String),
      ...[poured.refused ? ms(at(poured.refusedIn, 0.99)) : '–', String(poured.cut)],
      ...[grownMb, before, after.p99].map(ms),
    ]),
  )
  bench.print(
    'the same within the process, from the head of a request to its answer, and how long process and client had no ear for anything new (p99 / longest, ms)',
    ['sent /s', 'acknowledging', 'refusing', 'server deaf', 'listens /s', 'client deaf', 'client sent late'],
    rounds.map(({ perSecond, poured, server, client }) => [
      perSecond.toFixed(0),
      ...[server.answered[200], server.answered[503]].map(spread),
      pair(server.deaf),
      server.looksPerSecond.toFixed(0),
      pair(client),
      spread(poured.late),
    ]),
  )
  for (const [bar, round] of byBar) judge(bar, round)
  await measured.stop()
}

/** As in any office where buttons are pressed: from then on it is known which of the two addresses brings presses. */
async function pressOnce({ server: { port } }: Measured): Promise<void> {
  const [someone] = crowd
  const request = press(port, { action: 'help.open' }, {}, { id: someone?.id ?? '', message: 'om_of_the_past' })
  const { done, cut } = await closedLoop(port, [request], { connections: 1, ms: MEASURED_MS })
  if (done !== 1 || cut) throw new Error('the press was not answered')
}

function judge(bar: string, { perSecond, poured, lost, grownMb, before, after, server }: Round): void {
  const slowest = at(poured.refusedIn, 1)
  const isQuick = poured.refused ? slowest <= AT_ONCE_MS : true
  const isTaken = poured.acknowledged.length >= (LEAST_TAKEN * perSecond * LASTS_S) / 2
  const isAnswered = lost === 0 && poured.cut === 0 && isQuick && isTaken
  const isNormal = after.p99 <= Math.max(3 * before, 50) && after.refused + after.cut === 0
  const isKept = isAnswered && grownMb <= BAR_RSS_MB && isNormal
  const refusals = poured.refused
    ? `${poured.refused} refused within ${ms(slowest)} ms (${ms(at(server.answered[503] ?? [], 1))} in the process)`
    : 'none refused'
  const since = `p99 after ${ms(after.p99)} ms (before ${ms(before)}), ${after.refused} refused, ${after.cut} unanswered`
  const says = `lost ${lost}, ${poured.acknowledged.length} acknowledged, ${refusals}, ${poured.cut} unanswered, RSS +${ms(grownMb)} MB, ${since}`
  note(bar, `${perSecond.toFixed(0)}/s: ${says}`, isKept)
}

async function overloaded({ server, sql }: Measured, connections: number): Promise<Round> {
  const { port, child } = server
  const closed = () => closedLoop(port, requests(MOST_CLOSED, port), { connections, ms: MEASURED_MS })
  await closed()
  const perSecond = 2 * (await closed()).perSecond
  await emptied(sql)
  const { p99: before, ...unheard } = await normal(port)
  if (unheard.refused + unheard.cut) throw new Error(`of few messages ${JSON.stringify(unheard)}`)
  const rss = rssMb(server).now
  const all = asked(perSecond * LASTS_S, port)
  const ours = watchLoop()
  await timesOf(child)
  const poured = await openLoop(
    port,
    all.map(({ request }) => request),
    { perSecond, until: new Promise(() => {}) },
  )
  const times = await timesOf(child)
  const client = ours.read()
  const grownMb = rssMb(server).peak - rss
  await pause(REST_MS)
  const after = await normal(port)
  await emptied(sql)
  const acknowledged = poured.acknowledged.map(i => all[i]?.message ?? '')
  const lost = await unanswered(sql, acknowledged)
  return { perSecond, poured, lost, grownMb, before, after, server: times, client }
}

/** How soon messages are acknowledged when there are few, at the 99th percentile. */
async function normal(port: number): Promise<Normal> {
  const all = requests((NORMAL.perSecond * NORMAL.ms) / 1_000, port)
  const { took, refused, cut } = await openLoop(port, all, {
    perSecond: NORMAL.perSecond,
    until: new Promise(() => {}),
  })
  return { p99: at(took, 0.99), refused, cut }
}

const emptied = (sql: postgres.Sql): Promise<void> => until(() => nothingWaits(sql), LONGEST_MS, 'emptying the outbox')

const pair = ({ p99, most }: Times['deaf']): string => `${ms(p99)} / ${ms(most)}`

const spread = (sorted: number[] | undefined): string =>
  sorted?.length ? `${ms(at(sorted, 0.99))} / ${ms(at(sorted, 1))}` : '–'

/** How many of these have no answer that left. */
async function unanswered(sql: postgres.Sql, messages: string[]): Promise<number> {
  const sent = await sql`select parcel ->> 'replyTo' as message from outbox where state = 'sent'`
  const answered = new Set(sent.map(row => row.message))
  return messages.filter(message => !answered.has(message)).length
}
