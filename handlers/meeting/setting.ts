import { departmentsById } from '../../db/department.ts'
import { NO_MEETING } from '../../db/meeting.ts'
import { chatsById, peopleById } from '../../db/people.ts'
import { holdersAmong } from '../../db/role.ts'
import type { Look } from '../../src/bot/feature.ts'
import { DECIDERS } from '../../src/kit/chain.ts'
import { Refusal } from '../../src/kit/refusal.ts'
import { dayIn } from '../../src/kit/time.ts'
import type { Actor, Meeting, Setting } from '../../src/office/meeting/meeting.ts'
import { maySee } from '../../src/office/meeting/roles.ts'
import { awaitedBy, peopleOf } from '../../src/office/meeting/steps.ts'
import { may } from '../../src/office/role/role.ts'
import { customs } from '../customs.ts'

export { actorIn, actorOf } from '../actor.ts'

export const FEATURE = 'meeting'

type Reading = Pick<Look, 'db' | 'now' | 'office'>

/** What the rules and the cards need to know about some meetings; `others`, `otherUnits`: who else is named on the card. */
export async function settingOf(
  look: Reading,
  some: Meeting[],
  others: readonly string[] = [],
  otherUnits: readonly string[] = [],
): Promise<Setting> {
  const named = [...some.flatMap(namedIn), ...others].filter((id): id is string => id !== undefined && id !== '')
  const asked = [...new Set(some.flatMap(awaitedBy))]
  const [units, people, chats, inForce, held] = await Promise.all([
    departmentsById(look.db, [...new Set([...some.flatMap(unitsIn), ...otherUnits].filter(unit => unit !== ''))]),
    peopleById(look.db, [...new Set(named)]),
    chatsById(look.db, [
      ...new Set(some.flatMap(({ guests, change }) => [...guests.chats, ...(change?.guests.chats ?? [])])),
    ]),
    customs(look),
    asked.length ? holdersAmong(look.db, Object.keys(DECIDERS), dayIn(look.now)) : [],
  ])
  const there = people.filter(({ id, active }) => active && asked.includes(id))
  return {
    now: look.now,
    customs: inForce,
    names: new Map([...people, ...chats].map(({ id, name }) => [id, name])),
    units: new Map(units.map(unit => [unit.id, unit.name])),
    heads: new Map(units.flatMap(unit => (unit.leader ? [[unit.id, unit.leader] as const] : []))),
    serving: new Map(there.map(({ id }) => [id, held.filter(({ person }) => person === id)])),
    may,
  }
}

const namedIn = (meeting: Meeting): Array<string | undefined> => [
  ...peopleOf(meeting),
  ...[meeting, ...(meeting.change ? [meeting.change] : [])].flatMap(({ guests, convener, presider, contact }) => [
    ...guests.people,
    ...guests.listeners,
    convener,
    presider,
    contact,
  ]),
  meeting.movedBy,
  meeting.movedFor,
]

const unitsIn = ({ unit, guests, change }: Meeting): string[] => [
  unit,
  ...[guests, ...(change ? [change.guests] : [])].flatMap(({ departments, units }) => [
    ...departments,
    ...units.map(one => one.unit),
  ]),
]

/** One that may not be seen reads like one that does not exist. */
export function refuseStrangers(meeting: Meeting, actor: Actor, setting: Setting): void {
  if (!maySee(meeting, actor, setting)) throw new Refusal(NO_MEETING)
}

/** An id from outside: anything but a positive whole number is an id that never was. */
export function idOf(value: unknown): number {
  const id = typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value
  if (typeof id !== 'number' || !Number.isSafeInteger(id) || id < 1) throw new Refusal(NO_MEETING)
  return id
}

/** The matter of what somebody who was asked sees and answers, e.g. `12/i345`. */
export const invitationMatter = (meeting: number, invitation: number): string => `${meeting}/i${invitation}`
