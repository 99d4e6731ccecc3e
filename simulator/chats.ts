import { tell } from './console.ts'
import { newChatId } from './ids.ts'
import { nameOf, userId } from './people.ts'
import type { StoredChat } from './state.ts'
import { addSystemLine } from './system-lines.ts'
import { chatsChanged, nowOf, type World } from './world.ts'

export const groupsOf = (world: World) => [...world.state.chats.values()].filter(chat => chat.chat_type === 'group')

/** A private chat comes into being the first time one of the two needs it. */
export function ensureP2p(world: World, open_id: string): StoredChat {
  const known = world.state.chats.get(world.state.p2p.get(open_id) ?? '')
  if (known) return known
  const chat = newChat(world, {
    chat_type: 'p2p',
    name: nameOf(world, open_id),
    owner: open_id,
    members: [open_id],
    bot: true,
  })
  world.state.p2p.set(open_id, chat.chat_id)
  chatsChanged(world, chat.members)
  return chat
}

/** The app makes a group with itself in it and nobody tells it so; without an owner the group is its own. */
export function makeAppGroup(world: World, owner: string, name: string, members: string[]): StoredChat {
  const people = [...new Set(owner === 'bot' ? members : [owner, ...members])]
  const group = newChat(world, { chat_type: 'group', name, owner, members: people, bot: true })
  group.by_app = true
  addSystemLine(world, group, `${nameOf(world, 'bot')} 创建了群聊`)
  chatsChanged(world, group.members)
  return group
}

type NewChat = Pick<StoredChat, 'chat_type' | 'name' | 'owner' | 'members' | 'bot'>

function newChat(world: World, given: NewChat): StoredChat {
  const chat: StoredChat = { ...given, chat_id: newChatId(), created_at: nowOf(world), message_ids: [], unread: {} }
  world.state.chats.set(chat.chat_id, chat)
  return chat
}

export function makeGroup(world: World, owner: string, name: string, members: string[], bot: boolean): StoredChat {
  const group = newChat(world, {
    chat_type: 'group',
    name,
    owner,
    members: [...new Set([owner, ...members])],
    bot: false,
  })
  addSystemLine(world, group, `${nameOf(world, owner)} 创建了群聊`)
  if (bot) setBotIn(world, group, owner, true)
  chatsChanged(world, group.members)
  return group
}

export function setBotIn(world: World, group: StoredChat, operator: string, inside: boolean) {
  if (group.bot === inside) return
  group.bot = inside
  const bot = world.settings.office.bot.name
  addSystemLine(world, group, `${nameOf(world, operator)} 将机器人 ${bot} ${inside ? '添加到群聊' : '移出群聊'}`)
  tell(world, `im.chat.member.bot.${inside ? 'added' : 'deleted'}_v1`, memberEvent(world, group, operator))
  chatsChanged(world, group.members)
}

export function addMembers(world: World, group: StoredChat, operator: string, people: string[]) {
  const fresh = people.filter(id => !group.members.includes(id))
  if (fresh.length === 0) return
  group.members.push(...fresh)
  tellMembers(world, group, operator, 'added', fresh)
}

export function removeMembers(world: World, group: StoredChat, operator: string, people: string[]) {
  const gone = people.filter(id => group.members.includes(id))
  if (gone.length === 0) return
  group.members = group.members.filter(id => !gone.includes(id))
  for (const id of gone) delete group.unread[id]
  tellMembers(world, group, operator, 'deleted', gone)
}

function tellMembers(world: World, group: StoredChat, operator: string, what: 'added' | 'deleted', people: string[]) {
  const names = people.map(id => nameOf(world, id)).join('、')
  addSystemLine(world, group, what === 'added' ? `${names} 加入了群聊` : `${names} 离开了群聊`)
  const tenant_key = world.settings.office.tenant.key
  const users = people.map(id => ({ name: nameOf(world, id), tenant_key, user_id: userId(world, id) }))
  if (group.bot) tell(world, `im.chat.member.user.${what}_v1`, { ...memberEvent(world, group, operator), users })
  chatsChanged(world, [...group.members, ...people])
}

export function disband(world: World, group: StoredChat, operator: string) {
  if (group.bot) tell(world, 'im.chat.disbanded_v1', memberEvent(world, group, operator))
  const members = group.members
  Object.assign(group, { disbanded: true, bot: false, members: [] })
  chatsChanged(world, members)
}

export const isExternal = ({ faults }: World, { chat_id }: StoredChat) => faults.external_groups.includes(chat_id)

export const memberEvent = (world: World, group: StoredChat, operator: string) => ({
  chat_id: group.chat_id,
  operator_id: userId(world, operator === 'bot' ? world.settings.office.bot.open_id : operator),
  external: isExternal(world, group),
  operator_tenant_key: world.settings.office.tenant.key,
  name: group.name,
  i18n_names: { zh_cn: group.name, en_us: '', ja_jp: '' },
})
