import type { Office, Person } from '../../protocol.ts'

/** Somebody to whom a matter may be handed: who leads nobody and whom a name tells from all others, of the own department if there is one. */
export function receiverFor(
  { people, departments }: Pick<Office, 'people' | 'departments'>,
  me: Person,
): Person | undefined {
  const leads = ({ open_id }: Person): boolean =>
    [...people, ...departments].some(each => each.leader_user_id === open_id)
  const isKnownByName = ({ name }: Person): boolean => people.filter(each => each.name === name).length === 1
  const some = people.filter(
    each => each.open_id !== me.open_id && !each.is_resigned && !leads(each) && isKnownByName(each),
  )
  return some.find(each => each.department_ids.some(id => me.department_ids.includes(id))) ?? some[0]
}
