import { lastTripsBy } from '../../db/car-list.ts'
import { peopleById } from '../../db/people.ts'
import { colleagues } from '../../db/people-meant.ts'
import { holdersAmong } from '../../db/role.ts'
import type { Turn } from '../../src/bot/feature.ts'
import type { Option } from '../../src/kit/card.ts'
import type { Person } from '../../src/kit/person.ts'
import { Refusal } from '../../src/kit/refusal.ts'
import { dayIn } from '../../src/kit/time.ts'
import type { Offer } from '../../src/office/car/form.ts'
import type { Trip } from '../../src/office/car/trip.ts'
import { asOptions } from '../named.ts'

const MOST_OPTIONS = 40
const LAST_TRIPS = 30
const MOST_PLACES = 10

/** What the form offers: whom somebody usually takes along and is likely to mean, where they went last, for whom they may ask. */
export async function offerFor(turn: Turn, ids: readonly string[], candidates: Person[] = []): Promise<Offer> {
  const last = await lastTripsBy(turn.db, turn.who.id, LAST_TRIPS)
  const usual = byFrequency(last.flatMap(({ passengers }) => passengers))
  const [chosen, near, leaders] = await Promise.all([
    peopleById(turn.db, [...new Set([...ids, ...usual])]),
    colleagues(turn.db, turn.who, turn.chat.id, MOST_OPTIONS),
    leadersFor(turn),
  ])
  const known = new Map(chosen.map(person => [person.id, person]))
  const first = [...ids, ...usual].flatMap(id => known.get(id) ?? [])
  const people = unique([...candidates, ...first, ...near])
  const unit = near.filter(({ departments }) => sharesUnit(turn.who, departments))
  return {
    people: await asOptions(turn, people.slice(0, MOST_OPTIONS)),
    users: await asOptions(turn, unique([turn.who, ...leaders, ...first, ...unit]).slice(0, MOST_OPTIONS)),
    places: byFrequency(last.map(({ destination }) => destination)).slice(0, MOST_PLACES),
  }
}

const unique = (people: Person[]): Person[] => [
  ...new Map(people.filter(({ active }) => active).map(person => [person.id, person])).values(),
]

/** The most frequent first, of equals the latest. */
function byFrequency(all: readonly string[]): string[] {
  const counts = new Map<string, number>()
  for (const one of all) counts.set(one, (counts.get(one) ?? 0) + 1)
  return [...counts].sort(([, a], [, b]) => b - a).map(([one]) => one)
}

const sharesUnit = ({ departments }: Pick<Person, 'departments'>, others: readonly string[]): boolean =>
  departments.some(unit => others.includes(unit))

/** 办公室 fills in for leaders (代填): those whom it serves. */
async function leadersFor(turn: Turn): Promise<Person[]> {
  if (!(await isOfOffice(turn))) return []
  const held = await holdersAmong(turn.db, ['LD', 'FG'], dayIn(turn.now))
  return peopleById(turn.db, [...new Set(held.map(({ person }) => person))])
}

/** Of the department of a 办公室主任, or a dispatcher. */
async function isOfOffice({ db, now, who, roles }: Turn): Promise<boolean> {
  if (roles.some(({ code }) => code === 'BZ' || code === 'CD')) return true
  const held = await holdersAmong(db, ['BZ'], dayIn(now))
  const directors = await peopleById(db, [...new Set(held.map(({ person }) => person))])
  return directors.some(({ departments }) => sharesUnit(who, departments))
}

/** @throws Refusal where somebody asks for a car for a person for whom they may not. */
export async function refuseUser(turn: Turn, user: string, before?: Pick<Trip, 'user'>): Promise<void> {
  if (user === turn.who.id || user === before?.user) return
  const [person] = await peopleById(turn.db, [user])
  if (!person?.active) throw new Refusal('用车人的账号不存在或已停用,请重新选择')
  if (await isOfOffice(turn)) return
  const held = await holdersAmong(turn.db, ['LD', 'FG'], dayIn(turn.now))
  if (held.some(one => one.person === user)) throw new Refusal('领导用车由办公室代填')
  if (!sharesUnit(turn.who, person.departments)) throw new Refusal('代他人申请用车限于本科室人员')
}

/** Who may have said that it can go: leaders, and the heads of the office and of the section; never those who want it. */
export async function consentersFor(
  turn: Turn,
  trip: Pick<Trip, 'applicant' | 'user' | 'unit'>,
  head: string | undefined,
): Promise<Option[]> {
  const held = await holdersAmong(turn.db, ['LD', 'FG', 'BZ'], dayIn(turn.now))
  const ids = held.filter(({ unit }) => unit === undefined || unit === trip.unit).map(({ person }) => person)
  const people = await peopleById(turn.db, [...new Set([...ids, ...(head ? [head] : [])])])
  return asOptions(
    turn,
    people.filter(({ id, active }) => active && id !== trip.applicant && id !== trip.user),
  )
}
