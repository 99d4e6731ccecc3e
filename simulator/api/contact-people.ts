import { findPerson } from '../people.ts'
import type { Person } from '../protocol.ts'
import { hasScope } from '../scopes.ts'
import type { Answer, Call } from './call.ts'
import { reachable } from './contact-departments.ts'
import { membersOf, personInRange } from './contact-range.ts'
import { departmentIdAs } from './department-ids.ts'
import { contactPages, pageOf } from './paging.ts'
import { invalidFields, problem } from './problem.ts'
import { idOf, idType } from './user-ids.ts'

/** Direct members only, resigned people not among them. */
export function peopleOfDepartment(call: Call): Answer {
  const { world, query } = call
  const id = query.get('department_id')
  if (!id) throw invalidFields({ field: 'department_id', value: '', description: 'department_id is required' })
  const page = pageOf(call, membersOf(world, reachable(call, id).open_department_id), contactPages)
  return { data: { ...page, items: page.items.map(one => personView(call, one)) } }
}

export function getPerson(call: Call): Answer {
  const { world, params } = call
  const person = findPerson(world, params.user_id ?? '', idType(call))
  if (!person) throw problem(41012)
  if (!personInRange(world, person)) throw problem(41050)
  return { data: { user: personView(call, person) } }
}

/** People outside the range are left out without a word. */
export function peopleByIds(call: Call): Answer {
  const { world, query } = call
  const ids = query.getAll('user_ids')
  if (ids.length < 1 || ids.length > 50)
    throw invalidFields({ field: 'user_ids', value: String(ids.length), description: 'must have 1 to 50 entries' })
  const type = idType(call)
  const found = ids.flatMap(id => findPerson(world, id, type) ?? []).filter(one => personInRange(world, one))
  return { data: { items: found.map(one => personView(call, one)) } }
}

/** Names only, whatever the contact range. */
export function namesByIds(call: Call): Answer {
  const { world, body } = call
  const ids = body.user_ids
  if (!Array.isArray(ids) || ids.length < 1 || ids.length > 10) {
    throw invalidFields({
      field: 'user_ids',
      value: Array.isArray(ids) ? String(ids.length) : '',
      description: 'must have 1 to 10 entries',
    })
  }
  const type = idType(call)
  const found = ids.flatMap(id => findPerson(world, String(id), type) ?? [])
  return { data: { users: found.map(one => ({ user_id: one[type], name: one.name, i18n_name: { zh_cn: one.name } })) } }
}

/** By mobile number or e-mail address; whoever is not found has an entry without an id. */
export function idsByContact(call: Call): Answer {
  const { world, body } = call
  const emails = contacts(body.emails, 'emails')
  const mobiles = contacts(body.mobiles, 'mobiles')
  if (emails.length + mobiles.length === 0) throw problem(40001, 'emails or mobiles is required')
  const type = idType(call)
  const people = [...world.state.people.values()].filter(one => !one.is_resigned || body.include_resigned === true)
  const entry = (given: object, person: Person | undefined) => ({
    ...given,
    ...(person && { user_id: idOf(world, person.open_id, type), status: statusOf(person) }),
  })
  const user_list = [
    ...emails.map(email =>
      entry(
        { email },
        people.find(one => one.email === email),
      ),
    ),
    ...mobiles.map(mobile =>
      entry(
        { mobile },
        people.find(one => one.mobile && sameNumber(one.mobile, mobile)),
      ),
    ),
  ]
  return { data: { user_list } }
}

function contacts(list: unknown, field: string): string[] {
  if (list === undefined || list === null) return []
  if (Array.isArray(list) && list.length <= 50 && list.every(one => typeof one === 'string')) return list
  throw problem(40001, `${field} must have at most 50 strings`)
}

/** Numbers of the mainland may be written without +86. */
const sameNumber = (one: string, other: string) => one.replace(/^\+86/, '') === other.replace(/^\+86/, '')

type Fields = Record<string, unknown>

/** Each group of fields needs its scope. */
const fieldScopes: Record<string, (person: Person, call: Call) => Fields> = {
  'contact:user.base:readonly': person => ({
    name: person.name,
    en_name: '',
    nickname: '',
    avatar: { avatar_72: '', avatar_240: '', avatar_640: '', avatar_origin: '' },
    status: statusOf(person),
  }),
  'contact:user.department:readonly': ({ department_ids }, call) => ({
    department_ids: department_ids.map(id => departmentIdAs(call, id)),
    orders: department_ids.map((id, at) => ({
      department_id: departmentIdAs(call, id),
      user_order: 0,
      department_order: department_ids.length - at,
      is_primary_dept: at === 0,
    })),
  }),
  'contact:user.employee:readonly': ({ leader_user_id, job_title }, call) => ({
    ...(leader_user_id && { leader_user_id: idOf(call.world, leader_user_id, idType(call)) }),
    job_title: job_title ?? '',
    employee_type: 1,
    join_time: 1_577_808_000,
    is_tenant_manager: false,
  }),
  'contact:user.employee_id:readonly': ({ user_id }) => ({ user_id }),
  'contact:user.phone:readonly': ({ mobile }) => ({ ...(mobile && { mobile, mobile_visible: true }) }),
  'contact:user.email:readonly': ({ email }) => ({ ...(email && { email }) }),
}

const statusOf = ({ is_frozen, is_resigned }: Person) => ({
  is_frozen: is_frozen ?? false,
  is_resigned: is_resigned ?? false,
  is_activated: true,
  is_exited: false,
  is_unjoin: false,
})

function personView(call: Call, person: Person): Fields {
  const fields = Object.entries(fieldScopes).map(([scope, read]) =>
    hasScope(call.world, scope) ? read(person, call) : {},
  )
  return Object.assign({ open_id: person.open_id, union_id: person.union_id }, ...fields)
}
