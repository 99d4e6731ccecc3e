import { mattersSent } from '../../db/copies.ts'
import { departmentNames, departmentsById } from '../../db/department.ts'
import {
  dropLeft,
  type Handed,
  holdLeft,
  keepLeft,
  keepTellings,
  LEAVERS,
  type Left,
  leftOf,
  type Telling,
  tellingsOf,
} from '../../db/leavers.ts'
import { peopleById, peopleWho } from '../../db/people.ts'
import { holdersAmong } from '../../db/role.ts'
import { keepSetting, setting, takeSetting, takeTurn } from '../../db/settings.ts'
import type { Beat, Feature, Look } from '../../src/bot/feature.ts'
import type { Card } from '../../src/kit/card.ts'
import { isOpen } from '../../src/kit/customs.ts'
import type { Person, Viewer } from '../../src/kit/person.ts'
import { stateHash } from '../../src/kit/state.ts'
import { dayIn } from '../../src/kit/time.ts'
import { HEARING, type InHand, KEEPERS, totalOf } from '../../src/office/role/hand-over.ts'
import { type HandedOver, leaversCard, type Notice, overWords, standOf } from '../../src/office/role/leavers.ts'
import { customs } from '../customs.ts'
import { holdersFor } from '../holders.ts'
import { isUnderWay } from './handing.ts'
import { countedIn, inHandOf, subjectsIn, subjectsOf } from './in-hand.ts'

const FEATURE = 'role'
/** So many people stand on one card, so that what drawing it reads is bounded. */
const ON_A_CARD = 10
/** So many are looked at in one transaction, each with a score of statements. */
const AT_ONCE = 30
/** As long as cards are kept, by which they are drawn anew (`db/retention.ts`). */
const KEPT_MS = 365 * 86_400_000

/** Of whom the house has been told that they left, and how far the day has come on which it last looked. */
const TOLD = 'role.leavers'
interface Told {
  day: string
  people: string[]
  /** Who has yet to be told of, and who to be looked at again. */
  ahead?: string[]
  again?: string[]
  /** Of whom somebody was told, and who still had something in hand when they were looked at. */
  open?: string[]
}

/**
 * Once a day, when the office is open: one card for each who can hand over what those leave behind who have left since; and the cards of
 * the days before say what has changed meanwhile.
 */
export async function tellOfLeavers(beat: Beat): Promise<'more' | undefined> {
  const today = dayIn(beat.now)
  const told = await setting<Told>(beat.db, TOLD)
  if (told?.day === today && !isUnfinished(told)) return undefined
  if (!isOpen(beat.now, await customs(beat))) return undefined
  // of several processes one gets it
  if (told && !(await takeSetting(beat.db, TOLD, told))) return undefined
  const left = await goThrough(beat, told?.day === today ? told : await begun(beat, told, today))
  await keepSetting(beat.db, TOLD, left, beat.now)
  return isUnfinished(left) ? 'more' : undefined
}

const isUnfinished = ({ ahead = [], again = [] }: Told): boolean => ahead.length + again.length > 0

/** What the day before did not get to is done first. */
async function begun({ db, now }: Beat, told: Told | undefined, today: string): Promise<Told> {
  await dropLeft(db, new Date(now.getTime() - KEPT_MS))
  const away = await peopleWho(db, 'away')
  const { people = [], ahead = [], again = [], open = [] } = told ?? {}
  const [missed, known, gone] = [new Set(ahead), new Set(people), new Set(away)]
  const fresh = away.filter(id => missed.has(id) || !known.has(id))
  const back = people.filter(id => !gone.has(id))
  return {
    ...{ day: today, people: away, open: [] },
    // those of one department stand on one card
    ahead: (await peopleById(db, fresh)).toSorted(byDepartment).map(({ id }) => id),
    again: [...new Set([...back, ...again, ...open])].filter(id => !fresh.includes(id)),
  }
}

const byDepartment = (a: Person, b: Person): number =>
  (a.departments[0] ?? '').localeCompare(b.departments[0] ?? '') || a.id.localeCompare(b.id)

async function goThrough(beat: Beat, { ahead = [], again = [], open = [], ...told }: Told): Promise<Told> {
  if (ahead.length) {
    const found = await tellOf(beat, await peopleById(beat.db, ahead.slice(0, AT_ONCE)))
    return { ...told, ahead: ahead.slice(AT_ONCE), again, open: [...open, ...found] }
  }
  const found: string[] = []
  for (const person of await peopleById(beat.db, again.slice(0, AT_ONCE)))
    if (await lookAgain(beat, person)) found.push(person.id)
  return { ...told, ahead, again: again.slice(AT_ONCE), open: [...open, ...found] }
}

/** Answers whom somebody was told of. */
async function tellOf(beat: Beat, people: readonly Person[]): Promise<string[]> {
  const found: Array<{ person: Person; inHand: InHand[]; givers: Left['givers'] }> = []
  for (const person of people) {
    const inHand = await inHandOf(beat, person.id, subjectsIn(beat))
    const givers = totalOf(inHand) ? await giversAmong(beat, person, await hearersOf(beat, person, inHand)) : {}
    if (Object.keys(givers).length) found.push({ person, inHand, givers })
  }
  for (let i = 0; i < found.length; i += ON_A_CARD) {
    const some = found.slice(i, i + ON_A_CARD)
    const card = [LEAVERS, dayIn(beat.now), '/', some[0]?.person.id].join('')
    const tellings = some.map(({ person, givers }) => ({ person: person.id, readers: Object.keys(givers) }))
    for (const { person, inHand, givers } of some) await noteTold(beat, card, person, { open: openOf(inHand), givers })
    await keepTellings(beat.db, card, tellings, beat.now)
    for (const reader of readersOf(tellings))
      beat.send({ to: { person: reader }, body: { matter: { feature: FEATURE, id: card } } })
  }
  return found.map(({ person }) => person.id)
}

const openOf = (inHand: readonly InHand[]): Left['open'] =>
  Object.fromEntries(inHand.map(({ feature, count }) => [feature, count]))

const readersOf = (tellings: readonly Telling[]): string[] => [...new Set(tellings.flatMap(({ readers }) => readers))]

/** Whoever left once before, and came back, leaves anew: what was handed over then is of no concern. */
async function noteTold(beat: Beat, card: string, { id }: Person, now: Pick<Left, 'open' | 'givers'>): Promise<void> {
  const before = await holdLeft(beat.db, id)
  const [cards, handed] = [before?.cards ?? [], before && !before.isBack ? before.handed : {}]
  await keepLeft(beat.db, id, { ...now, cards: [...cards, card], handed, isBack: false }, beat.now)
  for (const one of cards) beat.redraw(FEATURE, one, 'calmly')
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

/** Those of them who may hand over something, and of which subjects. */
async function giversAmong(look: Look, from: Person, ids: readonly string[]): Promise<Left['givers']> {
  const found: Left['givers'] = {}
  for (const reader of await peopleById(look.db, [...ids])) {
    const subjects = await subjectsOf(look, reader, from)
    if (subjects.length) found[reader.id] = subjects.map(({ name }) => name)
  }
  return found
}

/** Whether somebody still has something in hand: who was told of them may have gone, and what they left may have ended by itself. */
async function lookAgain(beat: Beat, person: Person): Promise<boolean> {
  const left = (await leftOf(beat.db, [person.id])).get(person.id)
  if (!left) return false
  const tellings = (await Promise.all(left.cards.map(card => tellingsOf(beat.db, card)))).flat()
  const readers = readersOf(tellings.filter(one => one.person === person.id))
  const givers = await giversAmong(beat, person, readers)
  const inHand = await lookAt(beat, person, subjectsIn(beat), { givers })
  return !person.active && totalOf(inHand) > 0
}

/**
 * What of some subjects somebody has in hand just now. Where others were told of them, their cards say so too. `handed`: who has just
 * handed over what of them.
 */
export async function lookAt(
  look: Look & Pick<Beat, 'redraw'>,
  person: Person,
  subjects: readonly Feature[],
  found: Partial<Pick<Left, 'handed' | 'givers'>> = {},
): Promise<InHand[]> {
  const before = await holdLeft(look.db, person.id)
  const inHand = await inHandOf(look, person.id, subjects)
  if (!before) return inHand
  const others = Object.entries(before.open).filter(([name]) => !subjects.some(one => one.name === name))
  const open = { ...Object.fromEntries(others), ...openOf(inHand) }
  const handed = { ...before.handed, ...found.handed }
  const after: Left = { ...before, ...found, handed, open, isBack: person.active }
  const isChanged = stateHash(after) !== stateHash(before)
  if (isChanged) await keepLeft(look.db, person.id, after, look.now)
  if (isChanged || found.handed) for (const card of before.cards) look.redraw(FEATURE, card)
  return inHand
}

/** Has the cards drawn anew that tell of somebody. */
export async function redrawLeaver({ db, redraw }: Pick<Beat, 'db' | 'redraw'>, person: string): Promise<void> {
  for (const card of (await leftOf(db, [person])).get(person)?.cards ?? []) redraw(FEATURE, card)
}

/** Has the cards drawn anew that somebody was sent whose roles have changed. */
export async function redrawSent({ db, redraw }: Pick<Beat, 'db' | 'redraw'>, reader: string): Promise<void> {
  for (const card of await mattersSent(db, reader, FEATURE, LEAVERS)) redraw(FEATURE, card)
}

/** Those concerned are told of somebody anew, as if they had left since. */
export async function tellAnew({ db, now }: Beat, person: string): Promise<void> {
  if (!(await setting<Told>(db, TOLD))) return
  const told = await takeTurn<Told>(db, TOLD, { day: '', people: [] }, now)
  await keepSetting(db, TOLD, { ...told, people: told.people.filter(id => id !== person) }, now)
}

/** What a card says to one of those who were told: a handful of statements, however much those who left have in hand. */
export async function drawLeavers(look: Look, matter: string, viewer: Viewer): Promise<Card> {
  const id = viewer.kind === 'person' ? viewer.id : ''
  const tellings = (await tellingsOf(look.db, matter)).filter(({ readers }) => readers.includes(id))
  const ids = tellings.map(({ person }) => person)
  const left = await leftOf(look.db, ids)
  const known = await knownOf(look, [id, ...ids], [...left.values()])
  const notices: Notice[] = []
  for (const one of ids) {
    const person = known.people.get(one)
    if (person) notices.push(await noticeOf(look, known, { reader: known.people.get(id), person, left: left.get(one) }))
  }
  return leaversCard(notices)
}

interface Known {
  people: ReadonlyMap<string, Person>
  units: ReadonlyMap<string, string>
}

/** Everybody who stands on a card, and the names of all their departments, so that none is asked for by itself. */
async function knownOf({ db }: Look, ids: readonly string[], left: readonly Left[]): Promise<Known> {
  const hands = left.flatMap(({ handed }) => Object.values(handed))
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
  left: Left | undefined
}

async function noticeOf(look: Look, { people, units }: Known, { reader, person, left }: Seen): Promise<Notice> {
  const subjects = await subjectsOf(look, reader, person)
  const inHand = subjects.flatMap(one => {
    const count = left?.open[one.name] ?? 0
    return count ? [countedIn(one, count)] : []
  })
  const { id, name, active: isBack, departments } = person
  const isGoing = await isUnderWay(look, id)
  return {
    ...{ id, name: name || '未知人员', unit: units.get(departments[0] ?? '') ?? '', inHand },
    stand: standOf({ isBack, isGoing, isOthers: left !== undefined && !subjects.length, inHand }),
    handed: handedIn(subjects, left?.handed ?? {}, people),
  }
}

/** Who handed what over to whom, the subjects together that went the same way. */
function handedIn(
  subjects: readonly Feature[],
  handed: Readonly<Record<string, Handed>>,
  people: Known['people'],
): HandedOver[] {
  const nameOf = (id: string): string => people.get(id)?.name || '未知人员'
  const ways = new Map<string, HandedOver>()
  for (const { name, title } of subjects) {
    const one = handed[name]
    if (!one) continue
    const way = ways.get(`${one.by} ${one.to}`)
    const titles = [...(way?.titles ?? []), title]
    ways.set(`${one.by} ${one.to}`, { titles, by: nameOf(one.by), to: nameOf(one.to) })
  }
  return [...ways.values()]
}

/** What somebody reads who wants to hand over what is gone. */
export async function wordsWhenOver(look: Look, person: Person, subjects: readonly Feature[]): Promise<string> {
  const left = (await leftOf(look.db, [person.id])).get(person.id)
  const { people } = await knownOf(look, [person.id], left ? [left] : [])
  return overWords(person.name, handedIn(subjects, left?.handed ?? {}, people))
}
