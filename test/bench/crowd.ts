import type postgres from 'postgres'
import { CARD_LIMITS } from '../../src/feishu/card.ts'
import { CARD, fillAssembly, ORGANISER } from './assembly.ts'
import { note } from './bars.ts'
import { asked, press, requests } from './events.ts'
import { at, closedLoop, openLoop, type Poured } from './load.ts'
import { type Bench, nothingWaits, pause, until } from './part.ts'
import { floorOf, type StandIn, startStandIn } from './stand-in.ts'

const PEOPLE = 2_000
/** Others ask for help so often while the notice leaves. */
const ASKED_PER_SECOND = 4
const ANSWERS_PER_SECOND = 200
const WARM_UP = 200
const LONGEST_MS = 240_000
const MINUTE_MS = 60_000
const BAR_ANSWER_MS = 1_000
/** No two redraws of the organiser's card are nearer than that. */
const APART_MS = 1_000

/**
 * R3 and R4 for a notice to 2,000, end to end and within the platform's limits: from the press that sends it until the last is accepted,
 * then everybody's 参加 on the card that they got. What asks for a reply leaves as a card of each person's own, one call each: only
 * what needs no answer goes by batch. Answers what broke the promise.
 */
export async function assembly(bench: Bench, perSecond = ANSWERS_PER_SECOND): Promise<string[]> {
  const standIn = await startStandIn()
  const { server, sql, stop } = await bench.start('bot', 'crowd', standIn.port)
  await fill(sql)
  await closedLoop(server.port, requests(WARM_UP, server.port), { connections: 4, ms: LONGEST_MS })
  await emptied(sql)
  const faults = [
    ...(await notify(bench, standIn, server.port, sql)),
    ...(await answered(bench, standIn, server.port, sql, perSecond)),
  ]
  await stop()
  await standIn.close()
  return faults
}

/** A draft that its maker may let out alone, at whatever hour this runs. */
async function fill(sql: postgres.Sql): Promise<void> {
  await fillAssembly(sql, PEOPLE, 'draft')
  await sql`
    insert into held_roles (person, role, from_on, granted_by, granted_at) values (${ORGANISER}, 'BZ', '2020-01-01', ${ORGANISER}, now())`
  await sql`insert into settings (name, value, at) values ('digest.morning', 'false', now())`
  await sql.unsafe('vacuum analyze')
}

/** The notice, and others who ask for help meanwhile. */
async function notify(bench: Bench, standIn: StandIn, port: number, sql: postgres.Sql): Promise<string[]> {
  const pressed = Date.now()
  const publish = press(port, { action: 'meeting.publish', id: 1, rev: 3 }, {}, { id: ORGANISER, message: CARD })
  await closedLoop(port, [publish], { connections: 1, ms: LONGEST_MS })
  // a press that takes long is answered before it is done
  const isOut = async () => (await sql`select from meetings where state = 'notified'`).length === 1
  await until(isOut, LONGEST_MS, 'letting the notice out')
  const answers = await askMeanwhile(
    standIn,
    port,
    until(async () => standIn.accepted.length + standIn.handedOver.length >= PEOPLE, LONGEST_MS, 'the notice'),
  )
  await emptied(sql)
  const all = [...standIn.accepted, ...standIn.handedOver]
  const [first, last] = [Math.min(...all), Math.max(...all)]
  const seconds = (ms: number) => (ms / 1_000).toFixed(1)
  const [tried] = await sql`select sum(attempts)::int as calls from outbox where api in ('create', 'batch')`
  const [floor, took, p99] = [floorOf(PEOPLE), (last - first) / 1_000, at(answers, 0.99)]
  bench.print(
    `a notice to ${PEOPLE}, a card of their own to each (create API; ${standIn.handedOver.length} by batch, which bears no buttons); s from its press, it leaves with the next full minute`,
    [
      ...['', 'calls', 'minute', 'first', 'last', 'first to last', 'floor', 'x floor', 'refused'],
      ...['/帮助', 'p50 ms', 'p99 ms'],
    ],
    [
      [
        `${all.length} accepted`,
        String(tried?.calls),
        ...[MINUTE_MS - (pressed % MINUTE_MS), first - pressed, last - pressed].map(seconds),
        ...[took.toFixed(1), floor.toFixed(1)],
        ...[(took / floor).toFixed(2), String(standIn.refused), String(answers.length)],
        ...[at(answers, 0.5).toFixed(0), p99.toFixed(0)],
      ],
    ],
  )
  note('R3', `a notice to ${PEOPLE}: ${standIn.refused} refused`, standIn.refused === 0)
  note('R4', `a notice to ${PEOPLE}: ${p99.toFixed(0)} ms`, p99 <= BAR_ANSWER_MS)
  const reached = new Set(standIn.receivers).size
  return [
    ...(standIn.refused ? [`the platform refused ${standIn.refused} calls while the notice left`] : []),
    ...(all.length === PEOPLE && reached === PEOPLE ? [] : [`${all.length} notices reached ${reached} people`]),
  ]
}

/** How long each answer took from when its question was to leave, in ms, the shortest first. */
async function askMeanwhile(standIn: StandIn, port: number, over: Promise<unknown>): Promise<number[]> {
  const all = asked((LONGEST_MS / 1_000) * ASKED_PER_SECOND, port)
  const { acknowledged, began } = await openLoop(
    port,
    all.map(({ request }) => request),
    { perSecond: ASKED_PER_SECOND, until: over },
  )
  await over
  const answeredAt = (i: number) => standIn.replied.get(all[i]?.message ?? '')
  const isAnswered = async () => acknowledged.every(i => answeredAt(i) !== undefined)
  await until(isAnswered, LONGEST_MS, 'answering those who asked')
  return acknowledged.map(i => (answeredAt(i) ?? 0) - (began + (i * 1_000) / ASKED_PER_SECOND)).sort((a, b) => a - b)
}

/** Everybody presses 参加 on the card that they got, and who is told that there is no room presses again. */
async function answered(
  bench: Bench,
  standIn: StandIn,
  port: number,
  sql: postgres.Sql,
  perSecond: number,
): Promise<string[]> {
  const refusedBefore = standIn.refused
  standIn.drawn.clear()
  const cards = await unanswered(sql)
  const from = performance.now()
  const { poured, busy } = await pressAll(port, cards, perSecond)
  const [seconds, ended] = [(performance.now() - from) / 1_000, Date.now()]
  await emptied(sql)
  const left = await unanswered(sql)
  const lost = left.filter(({ id }) => !busy.has(id)).length
  const settled = (lastDrawn(standIn) - ended) / 1_000
  for (let again = left; again.length; again = await unanswered(sql)) {
    await pressAll(port, again, perSecond / 4)
    await emptied(sql)
  }
  // a card that is drawn anew once more leaves a second after the last
  await pause(APART_MS)
  await emptied(sql)
  const [kept] = await sql`
    select (select count(*) from invitations where state = 'attending' and replied_at is not null)::int as attending,
      (select count(*) from events where feature = 'meeting' and act = 'attend' and outcome = 'ok')::int as told`
  const drawn = standIn.drawn.get(CARD) ?? []
  const nearest = Math.min(...drawn.slice(1).map((one, i) => one.at - (drawn[i]?.at ?? one.at)))
  const largest = Math.max(...drawn.map(({ content }) => Buffer.byteLength(content)))
  const [others, refused] = [standIn.drawn.size - (drawn.length ? 1 : 0), standIn.refused - refusedBefore]
  bench.print(
    `参加 of all of them, ${perSecond} a second in an open loop, from when each was to leave; who was told 系统繁忙 pressed again; whose press was answered late had their card drawn anew`,
    [
      ...['', 'p50 ms', 'p99 ms', 'unacknowledged', '系统繁忙', 'lost', 'kept', 'in the history', 'late', 'refused'],
      ...["organiser's card", 'nearest s', 'right after s', 'bytes'],
    ],
    [
      [
        `${poured.took.length} in ${seconds.toFixed(1)} s`,
        ...figuresOf(poured),
        ...[busy.size, lost, kept?.attending, kept?.told, others, refused].map(String),
        ...[`${drawn.length} times`, (nearest / 1_000).toFixed(2), settled.toFixed(1), String(largest)],
      ],
    ],
  )
  // whoever presides counts as coming, and is asked nothing
  const counted = `应到${PEOPLE + 1}人 · 参加${PEOPLE + 1}人 · 请假0人 · 代会0人 · 未回0人`
  return [
    ...(cards.length === PEOPLE ? [] : [`${cards.length} of ${PEOPLE} have a card to answer on`]),
    ...(poured.refused ? [`${poured.refused} replies were not acknowledged`] : []),
    ...(lost ? [`${lost} replies were lost`] : []),
    ...(refused ? [`the platform refused ${refused} calls while replies came in`] : []),
    ...(kept?.attending === PEOPLE && kept?.told === PEOPLE ? [] : [`of ${PEOPLE} replies ${JSON.stringify(kept)}`]),
    ...(nearest < APART_MS ? [`the organiser's card was drawn anew after ${nearest} ms`] : []),
    ...(largest < CARD_LIMITS.bytes ? [] : [`the organiser's card has ${largest} bytes`]),
    ...(drawn.at(-1)?.content.includes(counted) ? [] : ["the organiser's card does not count what was answered"]),
  ]
}

interface Unanswered {
  id: number
  rev: number
  person: string
  message: string
}

/** The cards on which somebody has still to answer. */
const unanswered = (sql: postgres.Sql) => sql<Unanswered[]>`
  select i.id::int, i.rev, i.person, c.message from invitations i
  join copies c on c.feature = 'meeting' and c.matter = i.meeting || '/i' || i.id and c.viewer = i.person
  where i.state = 'pending' order by hashint8(i.id)`

const lastDrawn = ({ drawn }: StandIn): number => drawn.get(CARD)?.at(-1)?.at ?? Number.NaN

/** `busy`: whose press found no room, and who was told so. */
async function pressAll(
  port: number,
  cards: readonly Unanswered[],
  perSecond: number,
): Promise<{ poured: Poured; busy: Set<number> }> {
  const busy = new Set<number>()
  const presses = cards.map(({ id, rev, person, message }) =>
    press(port, { action: 'meeting.attend', id, rev }, {}, { id: person, message }),
  )
  const poured = await openLoop(port, presses, {
    ...{ perSecond, until: new Promise(() => {}) },
    heard: (i, body) => {
      const card = cards[i]
      if (card && body.includes('系统繁忙')) busy.add(card.id)
    },
  })
  return { poured, busy }
}

const figuresOf = ({ took, refused }: Poured): string[] => [
  ...[at(took, 0.5), at(took, 0.99)].map(ms => ms.toFixed(0)),
  String(refused),
]

const emptied = (sql: postgres.Sql): Promise<void> => until(() => nothingWaits(sql), LONGEST_MS, 'emptying the outbox')
