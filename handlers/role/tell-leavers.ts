import { departmentsById } from '../../db/department.ts'
import { cardFor, type Departure, dayOf, dropDepartures, holdDeparture, readerOf } from '../../db/leavers.ts'
import { withMemory } from '../../db/memory.ts'
import { peopleById, peopleWho } from '../../db/people.ts'
import { holdersAmong } from '../../db/role.ts'
import { keepSetting, setting, takeSetting, takeTurn } from '../../db/settings.ts'
import type { Beat, Heartbeat } from '../../src/bot/feature.ts'
import { isOpen } from '../../src/kit/customs.ts'
import type { Person } from '../../src/kit/person.ts'
import { dayIn } from '../../src/kit/time.ts'
import { HEARING, type InHand, KEEPERS } from '../../src/office/role/hand-over.ts'
import { customs } from '../customs.ts'
import { holdersFor } from '../holders.ts'
import { inHandOf, subjectsIn } from './in-hand.ts'
import { byDepartment, follow, namesFor, openOf } from './leavers.ts'

const FEATURE = 'role'
/** So many people stand on one card, so that what drawing it reads is bounded. */
const ON_A_CARD = 10
/** So many are looked at in one transaction, each with a score of statements. */
const AT_ONCE = { fresh: 3 * ON_A_CARD, known: 10 }
const DAY_MS = 86_400_000
/** As long as cards are kept, by which they are drawn anew (`db/retention.ts`). */
const KEPT_DAYS = 365
/** A card that is older can be changed no more: it would be sent anew. */
const CHANGEABLE_DAYS = 13

/** The setting that says how far the house has come with its daily look at those who left. */
const ROUND = 'role.leavers'
interface Round {
  day: string
  /** Who was away by then. */
  people: string[]
  /** Who left since the round before, and has yet to be told of. */
  ahead?: string[]
  /** Who has yet to be looked at again. */
  again?: string[]
  /** Who still had something in hand when they were looked at. */
  open?: string[]
}

/**
 * Once a day, when the office is open: one card for each who can hand over what those leave behind who have left since, or who has come to
 * be able to; and the cards of the days before say what has changed meanwhile.
 */
export async function tellOfLeavers(heartbeat: Heartbeat): Promise<'more' | undefined> {
  const beat = { ...heartbeat, db: withMemory(heartbeat.db) }
  const today = dayIn(beat.now)
  const before = await setting<Round>(beat.db, ROUND)
  const isBegun = before?.day === today
  if (isBegun && !waiting(before).length) return undefined
  if (!isOpen(beat.now, await customs(beat))) return undefined
  const round = isBegun ? before : await begun(beat, before, today)
  const most = round.ahead?.length ? AT_ONCE.fresh : AT_ONCE.known
  const read = async (n: number) => waiting(round).slice(0, n)
  const some = await beat.take('leaver', most, read, ({ id }) => ({ words: '离任告知', of: id }))
  if (isBegun && !some.length) return undefined
  // of several processes one gets it
  if (before && !(await takeSetting(beat.db, ROUND, before))) return undefined
  await keepSetting(beat.db, ROUND, await goThrough(beat, round, new Set(some.map(({ id }) => id))), beat.now)
  return some.length === most ? 'more' : undefined
}

const waiting = ({ ahead = [], again = [] }: Round): Array<{ id: string }> => [...ahead, ...again].map(id => ({ id }))

/** What the day before did not get to is done first. */
async function begun({ db, now }: Beat, before: Round | undefined, today: string): Promise<Round> {
  await dropDepartures(db, daysBefore(now, KEPT_DAYS))
  const away = await peopleWho(db, 'away')
  const { people = [], ahead = [], again = [], open = [] } = before ?? {}
  const [missed, known, gone] = [new Set(ahead), new Set(people), new Set(away)]
  const fresh = away.filter(id => missed.has(id) || !known.has(id))
  const back = people.filter(id => !gone.has(id))
  return {
    day: today,
    people: away,
    // those of one department stand on one card
    ahead: (await peopleById(db, fresh)).toSorted(byDepartment).map(({ id }) => id),
    again: [...new Set([...back, ...again, ...open])].filter(id => !fresh.includes(id)),
    open: [],
  }
}

const daysBefore = (now: Date, days: number): Date => new Date(now.getTime() - days * DAY_MS)

async function goThrough(beat: Beat, round: Round, some: ReadonlySet<string>): Promise<Round> {
  const { ahead = [], again = [], open = [] } = round
  const findings: Finding[] = []
  for (const person of (await peopleById(beat.db, [...some])).toSorted(byDepartment))
    findings.push(await lookInto(beat, person, ahead.includes(person.id)))
  await tell(beat, findings)
  const stillOpen = findings.filter(({ person, after }) => !person.active && Object.keys(after.open).length)
  return {
    ...round,
    ahead: ahead.filter(id => !some.has(id)),
    again: again.filter(id => !some.has(id)),
    open: [...open, ...stillOpen.map(({ person }) => person.id)],
  }
}

interface Finding {
  person: Person
  before: Departure | undefined
  after: Departure
  /** Who may hand over something, and was not told yet. */
  unaware: string[]
}

/** `isFresh`: whoever was told before is told anew. What was handed over before somebody came back is of no concern when they leave again. */
async function lookInto(beat: Beat, person: Person, isFresh: boolean): Promise<Finding> {
  const before = await holdDeparture(beat.db, person.id)
  const inHand = await inHandOf(beat, person.id, subjectsIn(beat))
  const told = Object.keys(before?.givers ?? {})
  const hearers = person.active || !inHand.length ? [] : await hearersOf(beat, person, inHand)
  const givers: Departure['givers'] = {}
  for (const reader of await peopleById(beat.db, [...told, ...hearers])) {
    const names = await namesFor(beat, reader, person)
    if (names.length || told.includes(reader.id)) givers[reader.id] = names
  }
  const isKept = (card: string): boolean => !isFresh || dayOf(card) >= dayIn(daysBefore(beat.now, CHANGEABLE_DAYS))
  return {
    person,
    before,
    after: {
      cards: (before?.cards ?? []).filter(isKept),
      open: openOf(inHand),
      handed: before && !(isFresh && before.isBack) ? before.handed : {},
      givers,
      isBack: person.active,
    },
    unaware: hearers.filter(id => givers[id]?.length && (isFresh || !told.includes(id))),
  }
}

/** Who is told of somebody who left these. */
async function hearersOf(beat: Beat, person: Person, inHand: readonly InHand[]): Promise<string[]> {
  const unit = person.departments[0] ?? ''
  const units = await departmentsById(beat.db, person.departments)
  const sections = (await holdersAmong(beat.db, [HEARING.section], dayIn(beat.now))).filter(
    one => one.unit !== undefined && person.departments.includes(one.unit),
  )
  const keepers = inHand.flatMap(({ feature }) => KEEPERS[feature] ?? [])
  const holders = await holdersFor(beat, { unit }, [...keepers, HEARING.office])
  return [...new Set([...holders, ...units.flatMap(({ leader }) => leader ?? []), ...sections.map(one => one.person)])]
}

async function tell(beat: Beat, findings: readonly Finding[]): Promise<void> {
  const cards = new Map<string, string[]>()
  for (const reader of new Set(findings.flatMap(({ unaware }) => unaware))) {
    const ids = findings.filter(({ unaware }) => unaware.includes(reader)).map(({ person }) => person.id)
    for (let i = 0; i < ids.length; i += ON_A_CARD)
      cards.set(cardFor(reader, ids[i] ?? '', dayIn(beat.now)), ids.slice(i, i + ON_A_CARD))
  }
  for (const { person, before, after } of findings) {
    const fresh = [...cards].filter(([, ids]) => ids.includes(person.id)).map(([card]) => card)
    if (before || fresh.length)
      await follow(beat, person.id, before, { ...after, cards: [...after.cards, ...fresh] }, 'calmly')
  }
  for (const card of cards.keys())
    beat.send({ to: { person: readerOf(card) }, body: { matter: { feature: FEATURE, id: card } } })
}

/** Those concerned are told of somebody anew, as if they had left since. */
export async function tellAnew({ db, now }: Beat, person: string): Promise<void> {
  if (!(await setting<Round>(db, ROUND))) return
  const round = await takeTurn<Round>(db, ROUND, { day: '', people: [] }, now)
  await keepSetting(db, ROUND, { ...round, people: round.people.filter(id => id !== person) }, now)
}
