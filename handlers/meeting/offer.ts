import { departmentsById } from '../../db/department.ts'
import { roomsById, roomsOf } from '../../db/meeting-room.ts'
import { peopleById } from '../../db/people.ts'
import { colleagues } from '../../db/people-meant.ts'
import { holdersAmong } from '../../db/role.ts'
import type { Turn } from '../../src/bot/feature.ts'
import type { Person } from '../../src/kit/person.ts'
import { dayIn } from '../../src/kit/time.ts'
import type { Offer, Prefill } from '../../src/office/meeting/form.ts'
import { asOptions } from '../named.ts'
import { departmentOptions } from './meant.ts'

/** A form holds only so many options in all. */
export const MOST_PEOPLE = 24
const MOST_HOSTS = 6
const MOST_ROOMS = 12
export const MOST_DEPARTMENTS = 14

/** What the form offers: whom somebody is likely to ask, the departments, the rooms, and who may convene and preside. */
export async function offerFor(turn: Turn, prefill: Prefill, candidates: Person[] = []): Promise<Offer> {
  const { people, presider, convener, contact, room } = prefill
  const held = await holdersAmong(turn.db, ['LD', 'FG', 'BZ'], dayIn(turn.now))
  const hosts = [presider, convener, contact, turn.who.id, ...held.map(({ person }) => person)]
  const [known, near, departments, all, [chosen]] = await Promise.all([
    peopleById(turn.db, [...new Set([...people, ...hosts])]),
    colleagues(turn.db, turn.who, turn.chat.id, MOST_PEOPLE),
    departmentOptions(turn, prefill.departments, MOST_DEPARTMENTS),
    roomsOf(turn.db, 'available', MOST_ROOMS),
    roomsById(turn.db, /^\d+$/.test(room) ? [Number(room)] : []),
  ])
  const rooms = [...(chosen ? [chosen] : []), ...all.filter(({ id }) => id !== chosen?.id)].slice(0, MOST_ROOMS)
  const byId = new Map(known.map(person => [person.id, person]))
  const found = (ids: readonly string[]) => ids.flatMap(id => byId.get(id) ?? [])
  const asked = unique([...candidates, ...found(people), ...near])
  return {
    people: await asOptions(turn, asked.slice(0, MOST_PEOPLE)),
    hosts: await asOptions(turn, unique([...found(hosts), ...candidates]).slice(0, MOST_HOSTS)),
    departments,
    rooms: rooms.map(({ id, name, seats }) => ({ value: String(id), label: seats ? `${name}(${seats}座)` : name })),
  }
}

const unique = (people: Person[]): Person[] => [
  ...new Map(people.filter(({ active }) => active).map(person => [person.id, person])).values(),
]

/** Whom a list of options has no place for: they stand by name in the field for others. */
export async function overflowing(turn: Turn, prefill: Prefill): Promise<Prefill> {
  const people = await peopleById(turn.db, prefill.people.slice(MOST_PEOPLE))
  const units = await departmentsById(turn.db, prefill.departments.slice(MOST_DEPARTMENTS))
  return {
    ...prefill,
    people: prefill.people.slice(0, MOST_PEOPLE),
    departments: prefill.departments.slice(0, MOST_DEPARTMENTS),
    names: [prefill.names, ...units.map(({ name }) => name), ...people.map(({ name }) => name)]
      .filter(name => name !== '')
      .join('、'),
  }
}
