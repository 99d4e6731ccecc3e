import { NO_TRIP } from '../../db/car.ts'
import type { TripSight } from '../../db/car-list.ts'
import { ridesOf } from '../../db/car-run.ts'
import { departmentsById, departmentsLed } from '../../db/department.ts'
import { peopleById } from '../../db/people.ts'
import { holdersAmong } from '../../db/role.ts'
import type { Look } from '../../src/bot/feature.ts'
import { type Called, calledBy } from '../../src/kit/aside.ts'
import { DECIDERS } from '../../src/kit/chain.ts'
import { isApart } from '../../src/kit/person.ts'
import { Refusal } from '../../src/kit/refusal.ts'
import { dayIn } from '../../src/kit/time.ts'
import { maySee, peopleOf } from '../../src/office/car/roles.ts'
import { awaitedBy } from '../../src/office/car/steps.ts'
import { type Actor, numberText, type Setting, type Trip } from '../../src/office/car/trip.ts'
import { may } from '../../src/office/role/role.ts'
import { customs } from '../customs.ts'

export { actorIn, actorOf } from '../actor.ts'

export const FEATURE = 'car'

export const calledTrip = ({ id, number }: Trip): Called =>
  number ? { words: numberText(number) } : calledBy(id, '用车申请')

type Reading = Pick<Look, 'db' | 'now' | 'office'>

/** What the rules and the cards need to know about some trips. */
export async function settingOf(look: Reading, ...some: Trip[]): Promise<Setting> {
  const rides = await ridesOf(look.db, [...new Set(some.flatMap(({ run }) => (run === undefined ? [] : [run])))])
  const drivers = [...rides.values()].flatMap(({ run, driver }) => [run.pilot, driver?.person])
  const named = [...some.flatMap(namedIn), ...drivers].filter((id): id is string => id !== undefined && id !== '')
  const asked = [...new Set(some.flatMap(awaitedBy))]
  const [units, people, inForce, held] = await Promise.all([
    departmentsById(look.db, [...new Set(some.map(trip => trip.unit).filter(unit => unit !== ''))]),
    peopleById(look.db, [...new Set(named)]),
    customs(look),
    asked.length ? holdersAmong(look.db, DECIDING, dayIn(look.now)) : [],
  ])
  const there = people.filter(({ id, active }) => active && asked.includes(id))
  return {
    now: look.now,
    customs: inForce,
    names: new Map(people.map(person => [person.id, person.name])),
    units: new Map(units.map(unit => [unit.id, unit.name])),
    heads: new Map(units.flatMap(unit => (unit.leader ? [[unit.id, unit.leader] as const] : []))),
    rides,
    serving: new Map(there.map(({ id }) => [id, held.filter(({ person }) => person === id)])),
    may,
  }
}

const DECIDING = Object.keys(DECIDERS)

const namedIn = (trip: Trip): Array<string | undefined> => [
  ...peopleOf(trip),
  trip.confirmedBy,
  trip.movedBy,
  trip.movedFor,
]

/** One that may not be seen reads like one that does not exist. */
export function refuseStrangers(trip: Trip, actor: Actor, setting: Setting): void {
  if (!maySee(trip, actor, setting)) throw new Refusal(NO_TRIP)
}

const HOUSE = ['LD', 'FG', 'BZ', 'CD']

/** What an actor may see in lists. */
export async function sightOf({ db }: Pick<Look, 'db'>, actor: Actor): Promise<TripSight> {
  const selves = isApart(actor) ? [] : [actor, ...actor.standsFor.filter(self => !isApart(self))]
  const office = selves.flatMap(({ held }) => held.filter(({ code }) => HOUSE.includes(code)))
  const led = await Promise.all(selves.map(({ id }) => departmentsLed(db, id)))
  const answered = selves.flatMap(({ departments, held }) =>
    held.filter(({ code }) => code === 'KZ').flatMap(({ unit }) => (unit === undefined ? departments : [unit])),
  )
  return {
    person: actor.id,
    house: office.some(({ unit }) => unit === undefined),
    units: [...new Set([...office.flatMap(({ unit }) => unit ?? []), ...answered, ...led.flat()])],
    standsFor: selves.map(({ id }) => id).filter(id => id !== actor.id),
  }
}

/** An id from outside: anything but a positive whole number is an id that never was. */
export function idOf(value: unknown): number {
  const id = typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value
  if (typeof id !== 'number' || !Number.isSafeInteger(id) || id < 1) throw new Refusal(NO_TRIP)
  return id
}
