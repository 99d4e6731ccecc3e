import { deputyships } from '../db/deputy.ts'
import { touchPerson } from '../db/people.ts'
import { rolesHeldBy } from '../db/role.ts'
import type { Turn } from '../src/bot/feature.ts'
import type { Person } from '../src/kit/person.ts'
import { Refusal } from '../src/kit/refusal.ts'
import { dayIn } from '../src/kit/time.ts'
import { keepApart } from '../src/office/role/grant.ts'
import { isAdministrator, ROLES, type RoleCode } from '../src/office/role/role.ts'
import { withConfigured } from './admins.ts'

/**
 * 三员分离 (PERM-02) for a role that somebody is about to be given. Until this transaction ends nobody else gives them another, or
 * names them a deputy.
 * @throws Refusal when they hold another of the three, or stand in for somebody, or are stood in for.
 */
export async function refuseTogether(
  turn: Pick<Turn, 'db' | 'now' | 'office'>,
  { id, name }: Pick<Person, 'id' | 'name'>,
  role: RoleCode,
): Promise<void> {
  if (!isAdministrator(role)) return
  await touchPerson(turn.db, id)
  const today = dayIn(turn.now)
  const held = withConfigured(turn.office, id, await rolesHeldBy(turn.db, id, today))
  keepApart(
    held.map(({ code }) => code),
    role,
    name,
  )
  const standing = await deputyships(turn.db, today)
  if (standing.some(({ principal, deputy }) => principal === id || deputy === id))
    throw new Refusal(`${name}的代理尚未结束,请先结束代理再设置为${ROLES[role]}`)
}
