import { departmentsAbove } from '../db/department.ts'
import { deputiesOf } from '../db/deputy.ts'
import { peopleById } from '../db/people.ts'
import { holdersAmong } from '../db/role.ts'
import type { Look } from '../src/bot/feature.ts'
import { DECIDERS, type Holder, type Ladder } from '../src/kit/chain.ts'
import { APART } from '../src/kit/person.ts'
import { dayIn } from '../src/kit/time.ts'
import { withConfigured } from './admins.ts'

/** Roles that count in a chain, and those that deny. */
const COUNTING = [...Object.keys(DECIDERS), ...APART]

/** Who could decide today on what a department asks for. */
export async function ladderFor(
  { db, now, office }: Pick<Look, 'db' | 'now' | 'office'>,
  unit: string,
): Promise<Ladder> {
  const today = dayIn(now)
  const [above, held] = await Promise.all([departmentsAbove(db, unit), holdersAmong(db, COUNTING, today)])
  const head = above[0]?.leader
  const ids = [...new Set([...held.map(({ person }) => person), ...(head ? [head] : [])])]
  const [people, deputies] = await Promise.all([peopleById(db, ids), deputiesOf(db, ids, today)])
  const holders = ids.flatMap((id): Holder[] => {
    const person = people.find(one => one.id === id && one.active)
    const roles = withConfigured(
      office,
      id,
      held.filter(role => role.person === id),
    )
    return person ? [{ id, departments: person.departments, held: roles, deputies: deputies.get(id) ?? [] }] : []
  })
  return { unit, lineage: above.map(({ id }) => id), head, holders }
}
