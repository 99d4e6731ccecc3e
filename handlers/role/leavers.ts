import { departmentNames } from '../../db/department.ts'
import {
  type Departure,
  departuresFor,
  departuresOf,
  departuresOn,
  type Handed,
  holdDeparture,
  keepDeparture,
  readerOf,
} from '../../db/leavers.ts'
import { peopleById } from '../../db/people.ts'
import type { Feature, Look, Turn } from '../../src/bot/feature.ts'
import type { Card } from '../../src/kit/card.ts'
import type { Person, Viewer } from '../../src/kit/person.ts'
import { stateHash } from '../../src/kit/state.ts'
import type { InHand } from '../../src/office/role/hand-over.ts'
import { type HandedOver, leaversCard, type Notice, overWords, standOf } from '../../src/office/role/leavers.ts'
import { isUnderWay } from './handing.ts'
import { countedIn, inHandOf, subjectsOf } from './in-hand.ts'

const FEATURE = 'role'

export type Redrawing = Look & Pick<Turn, 'redraw'>

/**
 * What of some subjects somebody has in hand just now. Where others were told of them, their cards say so too. `handed`: who has just
 * handed over what of them.
 */
export async function lookAt(
  look: Redrawing,
  person: Person,
  subjects: readonly Feature[],
  handed: Departure['handed'] = {},
): Promise<InHand[]> {
  const before = await holdDeparture(look.db, person.id)
  const inHand = await inHandOf(look, person.id, subjects)
  if (!before) return inHand
  const others = Object.entries(before.open).filter(([name]) => !subjects.some(one => one.name === name))
  const open = { ...Object.fromEntries(others), ...openOf(inHand) }
  const after = { ...before, open, handed: { ...before.handed, ...handed }, isBack: person.active }
  await follow(look, person.id, before, after)
  return inHand
}

export const openOf = (inHand: readonly InHand[]): Departure['open'] =>
  Object.fromEntries(inHand.map(({ feature, count }) => [feature, count]))

/** Keeps what is known by now. The cards follow of those for whom something is open or was, and not as it is: one that is too old to change would be sent anew. */
export async function follow(
  { db, now, redraw }: Redrawing,
  person: string,
  before: Departure | undefined,
  after: Departure,
  pace?: 'calmly',
): Promise<void> {
  if (before && stateHash(after) === stateHash(before)) return
  await keepDeparture(db, person, after, now)
  if (!before) return
  for (const card of before.cards.filter(one => after.cards.includes(one))) {
    const [was, is] = [seenBy(before, readerOf(card)), seenBy(after, readerOf(card))]
    const isOpen = was.open.length + is.open.length > 0
    if (isOpen && stateHash(is) !== stateHash(was)) redraw(FEATURE, card, pace)
  }
}

/** What one of those who were told sees of it. */
function seenBy({ open, handed, givers, isBack }: Departure, reader: string) {
  const subjects = givers[reader] ?? []
  const among = <T>(of: Record<string, T>) => Object.entries(of).filter(([name]) => subjects.includes(name))
  return { isBack, isOthers: !subjects.length, open: among(open), handed: among(handed) }
}

/** Has the cards drawn anew of those for whom something is open. */
export async function redrawLeaver({ db, redraw }: Pick<Redrawing, 'db' | 'redraw'>, person: string): Promise<void> {
  const departure = (await departuresOf(db, [person])).get(person)
  for (const card of departure?.cards ?? [])
    if (departure && seenBy(departure, readerOf(card)).open.length) redraw(FEATURE, card)
}

/** Somebody was given a role or lost one: by that they may hand over more than before, or less. */
export async function followRoles(look: Redrawing, reader: Person): Promise<void> {
  const people = await peopleById(look.db, [...(await departuresFor(look.db, reader.id)).keys()])
  // in the order in which the morning holds them, so that neither waits for the other
  for (const person of people.toSorted(byDepartment)) {
    const before = await holdDeparture(look.db, person.id)
    if (!before) continue
    const subjects = await namesFor(look, reader, person)
    await follow(look, person.id, before, { ...before, givers: { ...before.givers, [reader.id]: subjects } }, 'calmly')
  }
}

export const namesFor = async (look: Look, reader: Person, from: Person): Promise<string[]> =>
  (await subjectsOf(look, reader, from)).map(({ name }) => name)

export const byDepartment = (a: Person, b: Person): number =>
  (a.departments[0] ?? '').localeCompare(b.departments[0] ?? '') || a.id.localeCompare(b.id)

/** What a card says to one of those who were told: a handful of statements, however much those who left have in hand. */
export async function drawLeavers(look: Look, matter: string, viewer: Viewer): Promise<Card> {
  const id = viewer.kind === 'person' ? viewer.id : ''
  const departures = await departuresOn(look.db, matter)
  const known = await knownOf(look, [id, ...departures.keys()], [...departures.values()])
  const notices: Notice[] = []
  const those = [...departures.keys()].flatMap(one => known.people.get(one) ?? [])
  for (const person of those.toSorted(byDepartment)) {
    const departure = departures.get(person.id)
    if (departure) notices.push(await noticeOf(look, known, { reader: known.people.get(id), person, departure }))
  }
  return leaversCard(notices)
}

interface Known {
  people: ReadonlyMap<string, Person>
  units: ReadonlyMap<string, string>
}

/** Everybody who stands on a card, and the names of all their departments, so that none is asked for by itself. */
async function knownOf({ db }: Look, ids: readonly string[], departures: readonly Departure[]): Promise<Known> {
  const hands = departures.flatMap(({ handed }) => Object.values(handed))
  const people = await peopleById(db, [...new Set([...ids, ...hands.flatMap(({ by, to }) => [by, to])])])
  const units = await departmentNames(
    db,
    people.flatMap(({ departments }) => departments),
  )
  return { people: new Map(people.map(person => [person.id, person])), units }
}

interface Seen {
  reader: Person | undefined
  person: Person
  departure: Departure
}

async function noticeOf(look: Look, { people, units }: Known, { reader, person, departure }: Seen): Promise<Notice> {
  const subjects = await subjectsOf(look, reader, person)
  const inHand = subjects.flatMap(one => {
    const count = departure.open[one.name] ?? 0
    return count ? [countedIn(one, count)] : []
  })
  const { id, name, active: isBack, departments } = person
  const isGoing = await isUnderWay(look, id)
  return {
    id,
    name: name || '未知人员',
    unit: units.get(departments[0] ?? '') ?? '',
    inHand,
    stand: standOf({ isBack, isGoing, isOthers: !subjects.length, inHand }),
    handed: handedIn(subjects, departure.handed, people),
  }
}

/** Who handed what over to whom, the subjects together that went the same way. Roles end with that, and pass on to nobody. */
function handedIn(
  subjects: readonly Feature[],
  handed: Readonly<Record<string, Handed>>,
  people: Known['people'],
): HandedOver[] {
  const nameOf = (id: string): string => people.get(id)?.name || '未知人员'
  const ways = new Map<string, HandedOver>()
  for (const { name, title } of subjects) {
    const one = handed[name]
    if (!one || name === FEATURE) continue
    const way = ways.get(`${one.by} ${one.to}`)
    const titles = [...(way?.titles ?? []), title]
    ways.set(`${one.by} ${one.to}`, { titles, by: nameOf(one.by), to: nameOf(one.to) })
  }
  return [...ways.values()]
}

/** What somebody reads who wants to hand over what is gone. */
export async function wordsWhenOver(look: Look, person: Person, subjects: readonly Feature[]): Promise<string> {
  const departure = (await departuresOf(look.db, [person.id])).get(person.id)
  const { people } = await knownOf(look, [person.id], departure ? [departure] : [])
  return overWords(person.name, handedIn(subjects, departure?.handed ?? {}, people))
}
