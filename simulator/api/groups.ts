import { disband, makeAppGroup } from '../chats.ts'
import { isAvailable } from '../console.ts'
import { changeGroup, type GroupChange } from '../groups.ts'
import { findPerson } from '../people.ts'
import { hasScope } from '../scopes.ts'
import type { StoredChat } from '../state.ts'
import { ageOf, nowOf, type World } from '../world.ts'
import type { Answer, Call } from './call.ts'
import { groupView, ownGroup } from './chats.ts'
import { optionalText } from './fields.ts'
import { problem } from './problem.ts'
import { idType } from './user-ids.ts'

const MOST_PEOPLE = 50
const MOST_BOTS = 5
const UUID_MS = 10 * 3_600_000

/** For ten hours one uuid (with one owner) makes at most one group. */
export function createGroup(call: Call): Answer {
  const { world, query } = call
  const uuid = query.get('uuid')
  if (uuid && uuid.length > 50) throw problem(232001, 'uuid is too long')
  const owner = ownerOf(call) ?? 'bot'
  const key = uuid ? `${uuid} ${owner}` : undefined
  const before = key ? world.state.chat_uuids.get(key) : undefined
  const known = before && ageOf(world, before.at) < UUID_MS ? world.state.chats.get(before.chat_id) : undefined
  const group = known ?? make(call, owner)
  if (key && !known) world.state.chat_uuids.set(key, { chat_id: group.chat_id, at: nowOf(world) })
  return { data: { chat_id: group.chat_id, ...groupView(world, group) } }
}

function make(call: Call, owner: string): StoredChat {
  const { world, query, body } = call
  const people = invited(call)
  checkBots(world, body.bot_id_list)
  const group = makeAppGroup(world, owner, optionalText(call, 'name', 60) ?? '', people)
  group.description = optionalText(call, 'description', 100) ?? ''
  if (query.get('set_bot_manager') === 'true' && owner !== 'bot') group.managers = ['bot']
  return group
}

function ownerOf(call: Call): string | undefined {
  const given = optionalText(call, 'owner_id', 100)
  if (given === undefined) return undefined
  const person = findPerson(call.world, given, idType(call))
  if (!person) throw problem(232035)
  return reachable(call.world, person.open_id)
}

function reachable(world: World, open_id: string): string {
  const person = world.state.people.get(open_id)
  if (person?.is_resigned) throw problem(232022)
  if (!isAvailable(world, person)) throw problem(232024)
  return open_id
}

function invited(call: Call): string[] {
  const list = call.body.user_id_list ?? []
  if (!Array.isArray(list) || list.length > MOST_PEOPLE)
    throw problem(232001, `user_id_list takes at most ${MOST_PEOPLE}`)
  const type = idType(call)
  return list.map(id => {
    const person = findPerson(call.world, String(id), type)
    if (!person) throw problem(232043, `id ${String(id)} does not exist`)
    return reachable(call.world, person.open_id)
  })
}

function checkBots(world: World, list: unknown) {
  if (list === undefined) return
  if (!Array.isArray(list) || list.length > MOST_BOTS) throw problem(232001, `bot_id_list takes at most ${MOST_BOTS}`)
  if (list.some(id => id !== world.settings.appId)) throw problem(232021)
}

/** Anybody of the group may change its name and description; the owner alone hands it over. */
export function updateGroup(call: Call): Answer {
  const { world } = call
  const group = ownGroup(call)
  const owner = ownerOf(call)
  if (owner && group.owner !== 'bot') throw problem(232016)
  if (owner && !group.members.includes(owner)) throw problem(232012)
  const wanted: GroupChange = {
    name: optionalText(call, 'name', 60),
    description: optionalText(call, 'description', 100),
    owner,
  }
  changeGroup(world, group, Object.fromEntries(Object.entries(wanted).filter(([, value]) => value !== undefined)))
  return { data: {} }
}

/** Only its owner, or the app that made it with a scope of its own. */
export function deleteGroup(call: Call): Answer {
  const { world } = call
  const group = ownGroup(call)
  const maker = group.by_app && hasScope(world, 'im:chat:operate_as_owner')
  if (group.owner !== 'bot' && !maker) throw problem(232017)
  disband(world, group, 'bot')
  return { data: {} }
}
