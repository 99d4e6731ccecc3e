import { principalsOf } from '../../db/deputy.ts'
import { departmentsById, peopleById } from '../../db/people.ts'
import { rolesHeldBy } from '../../db/role.ts'
import type { Look, Turn } from '../../src/bot/feature.ts'
import { Refusal } from '../../src/kit/refusal.ts'
import { dayIn } from '../../src/kit/time.ts'
import type { Actor, Setting, Trip } from '../../src/office/car/trip.ts'
import { may } from '../../src/office/role/role.ts'
import { withConfigured } from '../admins.ts'
import { customs } from '../customs.ts'

export const FEATURE = 'car'

type Reading = Pick<Look, 'db' | 'now' | 'office'>

/** What the rules and the cards need to know about some trips. */
export async function settingOf(look: Reading, ...some: Trip[]): Promise<Setting> {
  const [units, people, inForce] = await Promise.all([
    departmentsById(look.db, [...new Set(some.map(trip => trip.unit).filter(unit => unit !== ''))]),
    peopleById(look.db, [...new Set(some.flatMap(namedIn))]),
    customs(look),
  ])
  return {
    now: look.now,
    customs: inForce,
    names: new Map(people.map(person => [person.id, person.name])),
    units: new Map(units.map(unit => [unit.id, unit.name])),
    heads: new Map(units.flatMap(unit => (unit.leader ? [[unit.id, unit.leader] as const] : []))),
    may,
  }
}

function namedIn({ applicant, user, passengers, steps, urgent, confirmedBy, movedBy, movedFor }: Trip): string[] {
  const decided = steps.flatMap(({ people, decision }) => [...people, decision?.by, decision?.inPlaceOf])
  const named = [applicant, user, ...passengers, ...decided, urgent?.consentedBy, confirmedBy, movedBy, movedFor]
  return named.filter((id): id is string => id !== undefined && id !== '')
}

type Speaking = Pick<Turn, 'who' | 'roles' | 'standsFor' | 'office'>

export const actorIn = ({ who, roles, standsFor, office }: Speaking): Actor => ({
  id: who.id,
  departments: who.departments,
  held: withConfigured(office, who.id, roles),
  standsFor,
})

/** Somebody who is not speaking. */
export async function actorOf({ db, now, office }: Reading, id: string): Promise<Actor> {
  const today = dayIn(now)
  const [[person], held, standsFor] = await Promise.all([
    peopleById(db, [id]),
    rolesHeldBy(db, id, today),
    principalsOf(db, id, today),
  ])
  return { id, departments: person?.departments ?? [], held: withConfigured(office, id, held), standsFor }
}

/** An id from outside: anything but a positive whole number is an id that never was. */
export function idOf(value: unknown): number {
  const id = typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value
  if (typeof id !== 'number' || !Number.isSafeInteger(id) || id < 1) throw new Refusal('未找到该用车申请')
  return id
}
