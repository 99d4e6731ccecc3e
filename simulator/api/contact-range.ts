import type { Department, Person } from '../protocol.ts'
import type { World } from '../world.ts'

export const ROOT = '0'

/** 通讯录权限范围: null is everybody, else these departments with everything below them. */
export function departmentInRange(world: World, id: string): boolean {
  const range = world.faults.contact_scope
  if (range === null || range.includes(id)) return true
  const parent = world.state.departments.get(id)?.parent_department_id
  return parent !== undefined && departmentInRange(world, parent)
}

export const personInRange = (world: World, person: Person): boolean =>
  person.department_ids.some(id => departmentInRange(world, id))

export function childrenOf(world: World, id: string, deep: boolean): Department[] {
  const direct = [...world.state.departments.values()].filter(one => one.parent_department_id === id)
  return deep ? direct.flatMap(one => [one, ...childrenOf(world, one.open_department_id, true)]) : direct
}

export const membersOf = (world: World, id: string): Person[] =>
  [...world.state.people.values()].filter(one => !one.is_resigned && one.department_ids.includes(id))
