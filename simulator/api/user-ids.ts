import { findPerson, type IdType } from '../people.ts'
import type { Person } from '../protocol.ts'
import { hasScope } from '../scopes.ts'
import type { World } from '../world.ts'
import type { Call } from './call.ts'
import { choice } from './fields.ts'
import { invalidFields } from './problem.ts'

export const idType = (call: Call): IdType =>
  choice(call, 'user_id_type', ['open_id', 'union_id', 'user_id'], 'open_id')

/** A user_id is a secret of its own scope. */
export function idOf(world: World, open_id: string, type: IdType): string {
  if (type === 'user_id' && !hasScope(world, 'contact:user.employee_id:readonly')) return ''
  return findPerson(world, open_id, 'open_id')?.[type] ?? ''
}

/** Ids of a body's list with whoever they stand for. */
export function peopleOf(call: Call, field: string, most: number): Array<{ id: string; person: Person | undefined }> {
  const type = idType(call)
  return textList(call, field, most).map(id => ({ id, person: findPerson(call.world, id, type) }))
}

/** A list of strings, neither empty nor longer than allowed. */
export function textList({ body }: Call, field: string, most: number): string[] {
  const value = body[field]
  if (Array.isArray(value) && value.length > 0 && value.length <= most && value.every(one => typeof one === 'string'))
    return value
  const description = `${field} must be a list of 1 to ${most} strings`
  throw invalidFields({ field, value: Array.isArray(value) ? String(value.length) : '', description })
}
