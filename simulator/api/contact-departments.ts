import type { Department } from '../protocol.ts'
import { hasScope } from '../scopes.ts'
import type { World } from '../world.ts'
import type { Answer, Call } from './call.ts'
import { childrenOf, departmentInRange, membersOf, ROOT } from './contact-range.ts'
import { departmentIdAs, openIdOf, shortId } from './department-ids.ts'
import { contactPages, pageOf, rangePages } from './paging.ts'
import { problem } from './problem.ts'
import { idOf, idType } from './user-ids.ts'

/** What the app may see: the top departments and the people of none, when it may see everybody; by pages of at most 100 of either. */
export function contactScopes(call: Call): Answer {
  const { world } = call
  const type = idType(call)
  const range = world.faults.contact_scope
  const range_ids = range ?? childrenOf(world, ROOT, false).map(one => one.open_department_id)
  const department_ids = range_ids.map(id => departmentIdAs(call, id))
  const user_ids = range ? [] : membersOf(world, ROOT).map(one => idOf(world, one.open_id, type))
  const { items, ...page } = pageOf(call, [...department_ids, ...user_ids], rangePages)
  const departments = items.filter(id => department_ids.includes(id))
  return {
    data: {
      department_ids: departments,
      user_ids: items.filter(id => !departments.includes(id)),
      group_ids: [],
      ...page,
    },
  }
}

/** Those that are not there or out of range are left out without a word. */
export function departmentsByIds(call: Call): Answer {
  const { world, query } = call
  const ids = query.getAll('department_ids')
  if (ids.length < 1 || ids.length > 50) throw problem(40001, 'department_ids must have 1 to 50 entries')
  const known = ids.map(id => openIdOf(call, id)).filter(id => departmentInRange(world, id))
  const found = known.flatMap(id => world.state.departments.get(id) ?? [])
  return { data: { items: found.map(one => departmentView(call, one)) } }
}

/** From the department's parent upwards, as far as the range goes. */
export function departmentsAbove(call: Call): Answer {
  const { world, query } = call
  const id = query.get('department_id')
  if (!id) throw problem(40001, 'department_id is required')
  const page = pageOf(call, above(world, reachable(call, id)), contactPages)
  return { data: { ...page, items: page.items.map(one => departmentView(call, one)) } }
}

function above(world: World, one: Department): Department[] {
  const parent = world.state.departments.get(one.parent_department_id)
  return parent && departmentInRange(world, parent.open_department_id) ? [parent, ...above(world, parent)] : []
}

export function getDepartment(call: Call): Answer {
  const { params } = call
  return { data: { department: departmentView(call, reachable(call, params.department_id ?? '')) } }
}

export function childDepartments(call: Call): Answer {
  const { world, params, query } = call
  const parent = reachable(call, params.department_id ?? '')
  const found = childrenOf(world, parent.open_department_id, query.get('fetch_child') === 'true')
  const page = pageOf(call, found, contactPages)
  return { data: { ...page, items: page.items.map(one => departmentView(call, one)) } }
}

/** A department inside the app's contact range, the root included. */
export function reachable(call: Call, named: string): Department {
  const { world } = call
  const id = openIdOf(call, named)
  if (!departmentInRange(world, id)) throw problem(40004)
  const known = id === ROOT ? rootOf(world) : world.state.departments.get(id)
  if (!known) throw problem(40015)
  return known
}

const rootOf = (world: World): Department => ({
  open_department_id: ROOT,
  name: world.settings.office.tenant.name,
  parent_department_id: '',
})

function departmentView(call: Call, one: Department) {
  const { world } = call
  const { open_department_id, name, parent_department_id, leader_user_id } = one
  const below = [
    open_department_id,
    ...childrenOf(world, open_department_id, true).map(child => child.open_department_id),
  ]
  const members = new Set(below.flatMap(id => membersOf(world, id).map(person => person.open_id)))
  return {
    name,
    i18n_name: { zh_cn: '', ja_jp: '', en_us: '' },
    parent_department_id: departmentIdAs(call, parent_department_id),
    department_id: shortId(open_department_id),
    open_department_id,
    ...(hasScope(world, 'contact:department.organize:readonly') &&
      leader_user_id &&
      leaderView(idOf(world, leader_user_id, idType(call)))),
    order: String([...world.state.departments.keys()].indexOf(open_department_id) + 1),
    member_count: members.size,
    primary_member_count: membersOf(world, open_department_id).length,
    status: { is_deleted: false },
  }
}

const leaderView = (leader_user_id: string) => ({
  leader_user_id,
  leaders: [{ leaderType: 1, leaderID: leader_user_id }],
})
