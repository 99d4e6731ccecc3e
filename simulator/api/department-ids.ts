import type { Department } from '../protocol.ts'
import type { World } from '../world.ts'
import type { Call } from './call.ts'
import { ROOT } from './contact-range.ts'
import { choice } from './fields.ts'

const types = ['open_department_id', 'department_id'] as const

const departmentType = (call: Call) => choice(call, 'department_id_type', types, 'open_department_id')

/** The office's own short id. */
export const shortId = (open_department_id: string) => open_department_id.replace(/^od-/, '').slice(0, 16)

/** A department's id in the type that the call asks for; the root is 0 in both. */
export const departmentIdAs = (call: Call, id: string): string =>
  departmentType(call) === 'department_id' && id !== ROOT ? shortId(id) : id

/** The open_department_id of what the call names in its own type. */
export function openIdOf(call: Call, id: string): string {
  if (departmentType(call) === 'open_department_id' || id === ROOT) return id
  return byShortId(call.world, id)?.open_department_id ?? id
}

const byShortId = (world: World, id: string): Department | undefined =>
  [...world.state.departments.values()].find(one => shortId(one.open_department_id) === id)
