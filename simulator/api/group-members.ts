import { addMembers, removeMembers, setBotIn } from '../chats.ts'
import { isAvailable } from '../console.ts'
import { findPerson, type IdType } from '../people.ts'
import { hasScope } from '../scopes.ts'
import type { StoredChat } from '../state.ts'
import type { World } from '../world.ts'
import { chatsChanged } from '../world.ts'
import type { Answer, Call } from './call.ts'
import { ownGroup } from './chats.ts'
import { choice } from './fields.ts'
import { noSuchId, problem } from './problem.ts'

const MOST = 50
const MOST_MANAGERS = 10
const types = ['open_id', 'union_id', 'user_id', 'app_id'] as const
type MemberType = (typeof types)[number]

/** 0: strangers make it fail, people who cannot join are left out; 1: whoever can joins; 2: all or nobody. */
export function addGroupMembers(call: Call): Answer {
  const { world, query } = call
  const group = ownGroup(call)
  const { type, ids } = asked(call)
  if (type === 'app_id') return addBots(world, ids)
  const how = query.get('succeed_type') ?? '0'
  if (!['0', '1', '2'].includes(how)) throw problem(232001, 'invalid succeed_type')
  const found = ids.map(id => ({ id, person: findPerson(world, id, type) }))
  const strangers = found.filter(one => !one.person).map(one => one.id)
  const [stranger] = strangers
  if (stranger !== undefined && how === '0') throw noSuchId(unknownCodes[type], type, stranger)
  const invalid = found.filter(one => one.person && !isAvailable(world, one.person))
  if (how === '2' && strangers.length + invalid.length > 0) throw problem(232043)
  if (how === '0' && invalid.some(one => !one.person?.is_resigned)) throw problem(232024)
  const joining = found.flatMap(one => (one.person && !invalid.includes(one) ? [one.person.open_id] : []))
  if (joining.length === 0) throw problem(232027)
  addMembers(world, group, 'bot', joining)
  return {
    data: { invalid_id_list: invalid.map(one => one.id), not_existed_id_list: strangers, pending_approval_id_list: [] },
  }
}

const unknownCodes: Record<IdType, number> = { open_id: 99992351, union_id: 99992364, user_id: 99992360 }

/** There is one app, and it is in already, or it could not have asked. */
function addBots(world: World, ids: string[]): Answer {
  if (ids.length > 5) throw problem(232001, 'at most 5 bots')
  const strangers = ids.filter(id => id !== world.settings.appId)
  if (strangers.length === ids.length) throw problem(232027)
  return { data: { invalid_id_list: [], not_existed_id_list: strangers, pending_approval_id_list: [] } }
}

/** Managers, the owner, or the app that made the group with a scope of its own; the app itself may always go. */
export function removeGroupMembers(call: Call): Answer {
  const { world } = call
  const group = ownGroup(call)
  const { type, ids } = asked(call)
  if (type === 'app_id') return removeBots(world, group, ids)
  if (!mayRemove(world, group)) throw problem(232014)
  const found = ids.map(id => ({ id, open_id: findPerson(world, id, type)?.open_id ?? '' }))
  const leaving = found.filter(one => group.members.includes(one.open_id)).map(one => one.open_id)
  if (leaving.includes(group.owner)) throw problem(232076)
  if (leaving.length === 0) throw problem(232027)
  removeMembers(world, group, 'bot', leaving)
  return { data: { invalid_id_list: found.filter(one => !leaving.includes(one.open_id)).map(one => one.id) } }
}

function removeBots(world: World, group: StoredChat, ids: string[]): Answer {
  if (!ids.includes(world.settings.appId)) throw problem(232027)
  setBotIn(world, group, 'bot', false)
  return { data: { invalid_id_list: ids.filter(id => id !== world.settings.appId) } }
}

const mayRemove = (world: World, { owner, managers = [], by_app }: StoredChat) =>
  owner === 'bot' || managers.includes('bot') || (by_app && hasScope(world, 'im:chat:operate_as_owner'))

function asked(call: Call): { type: MemberType; ids: string[] } {
  const type = choice(call, 'member_id_type', types, 'open_id')
  const { id_list } = call.body
  if (!Array.isArray(id_list) || id_list.length === 0) throw problem(232027)
  if (id_list.length > MOST || id_list.some(id => typeof id !== 'string'))
    throw problem(232001, `id_list takes at most ${MOST} strings`)
  return { type, ids: id_list }
}

export const addManagers = (call: Call): Answer =>
  withManagers(call, (before, named) => [...new Set([...before, ...named])])

export const removeManagers = (call: Call): Answer =>
  withManagers(call, (before, named) => before.filter(one => !named.includes(one)))

/** The owner alone; ten managers beside it. */
function withManagers(call: Call, change: (before: string[], named: string[]) => string[]): Answer {
  const { world } = call
  const group = ownGroup(call)
  if (group.owner !== 'bot') throw problem(232038)
  const type = choice(call, 'member_id_type', types, 'open_id')
  const { manager_ids } = call.body
  if (!Array.isArray(manager_ids) || manager_ids.length === 0) throw problem(232027)
  const named = manager_ids.map(id => (type === 'app_id' ? '' : (findPerson(world, String(id), type)?.open_id ?? '')))
  if (named.some(id => !group.members.includes(id))) throw problem(232027)
  const managers = change(group.managers ?? [], named)
  if (managers.length > MOST_MANAGERS) throw problem(232040)
  group.managers = managers
  chatsChanged(world, group.members)
  return { data: { chat_managers: managers, chat_bot_managers: [] } }
}
