import { departmentsById } from '../../db/department.ts'
import { peopleById } from '../../db/people.ts'
import { holdersAmong } from '../../db/role.ts'
import type { Look } from '../../src/bot/feature.ts'
import { dayIn } from '../../src/kit/time.ts'

/** Who takes in for a unit that names its own attendees: its 区县联络员 and 科室负责人, or else its head (ORG-01). */
export async function contactsOf(
  { db, now }: Pick<Look, 'db' | 'now'>,
  units: string[],
): Promise<Map<string, string[]>> {
  if (!units.length) return new Map()
  const held = await holdersAmong(db, ['QX', 'KZ'], dayIn(now))
  const known = await departmentsById(db, [...new Set(units)])
  const heads = known.flatMap(({ leader }) => leader ?? [])
  const people = await peopleById(db, [...new Set([...heads, ...held.map(({ person }) => person)])])
  const there = new Map(people.filter(({ active }) => active).map(({ id, departments }) => [id, departments]))
  return new Map(
    known.map(({ id, leader }) => {
      const holders = held
        .filter(({ person, unit }) => (unit === undefined ? there.get(person)?.includes(id) : unit === id))
        .map(({ person }) => person)
      const all = [...holders, ...(leader ? [leader] : [])].filter(person => there.has(person))
      return [id, [...new Set(all)]]
    }),
  )
}
