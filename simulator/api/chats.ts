import { groupsOf, isExternal } from '../chats.ts'
import { findPerson, nameOf } from '../people.ts'
import { hasScope } from '../scopes.ts'
import type { StoredChat } from '../state.ts'
import type { World } from '../world.ts'
import type { Answer, Call } from './call.ts'
import { choice } from './fields.ts'
import { chatPages, memberPages, pageOf } from './paging.ts'
import { problem } from './problem.ts'

/** The bot's groups; private chats are not listed. */
export function listChats(call: Call): Answer {
  const mine = groupsOf(call.world).filter(chat => chat.bot)
  const page = pageOf(call, mine, chatPages)
  return { data: { ...page, items: page.items.map(chat => ({ chat_id: chat.chat_id, ...brief(call.world, chat) })) } }
}

export function getChat(call: Call): Answer {
  const { world } = call
  const chat = pathChat(call)
  if (chat.disbanded) throw problem(232009)
  const open = { name: chat.name, avatar: '', chat_mode: modeOf(world, chat), external: isExternal(world, chat) }
  if (!chat.bot) return { data: open }
  const { managers = [] } = chat
  const bots = managers.filter(one => one === 'bot').map(() => world.settings.appId)
  return {
    data: {
      ...groupView(world, chat),
      ...open,
      user_manager_id_list: managers.filter(one => one !== 'bot'),
      bot_manager_id_list: bots,
      user_count: String(chat.members.length),
      bot_count: '1',
    },
  }
}

/** A group with its settings, none of which anybody changed. */
export const groupView = (world: World, chat: StoredChat) => ({
  ...brief(world, chat),
  i18n_names: { zh_cn: chat.name, en_us: '', ja_jp: '' },
  chat_mode: modeOf(world, chat),
  chat_type: 'private',
  chat_tag: 'inner',
  group_message_type: 'chat',
  add_member_permission: 'all_members',
  share_card_permission: 'allowed',
  at_all_permission: 'all_members',
  edit_permission: 'all_members',
  join_message_visibility: 'all_members',
  leave_message_visibility: 'all_members',
  membership_approval: 'no_approval_required',
  moderation_permission: 'all_members',
  urgent_setting: 'all_members',
  video_conference_setting: 'all_members',
  hide_member_count_setting: 'all_members',
})

const modeOf = ({ faults }: World, { chat_id, chat_type }: StoredChat) =>
  faults.topic_groups.includes(chat_id) ? 'topic' : chat_type

const brief = (world: World, chat: StoredChat) => ({
  avatar: '',
  name: chat.name,
  description: chat.description ?? '',
  ...(chat.owner !== 'bot' && { owner_id: chat.owner, owner_id_type: 'open_id' }),
  external: isExternal(world, chat),
  tenant_key: world.settings.office.tenant.key,
  chat_status: 'normal',
})

/** Who sits in a group with people of another house. */
const OUTSIDER = { member_id: `ou_${'e'.repeat(32)}`, name: '外单位人员', tenant_key: 'e'.repeat(16) }

/** People only; pages may be short, so has_more decides. */
export function listMembers(call: Call): Answer {
  const { world } = call
  const chat = pathChat(call)
  const type = choice(call, 'member_id_type', ['open_id', 'union_id', 'user_id'], 'open_id')
  if (chat.disbanded) throw problem(232009)
  if (!chat.bot) throw problem(232011)
  const page = pageOf(call, chat.members, memberPages)
  const tenant_key = world.settings.office.tenant.key
  const items = page.items.map(id => ({
    member_id_type: type,
    member_id: memberId(world, id, type),
    name: nameOf(world, id),
    tenant_key,
  }))
  const outsiders = isExternal(world, chat) && !page.has_more ? [{ member_id_type: type, ...OUTSIDER }] : []
  return { data: { ...page, items: [...items, ...outsiders], member_total: chat.members.length } }
}

function memberId(world: World, open_id: string, type: 'open_id' | 'union_id' | 'user_id'): string {
  if (type === 'user_id' && !hasScope(world, 'contact:user.employee_id:readonly')) return ''
  return findPerson(world, open_id, 'open_id')?.[type] ?? ''
}

export const isInChat = (call: Call): Answer => ({ data: { is_in_chat: pathChat(call).bot } })

/** A group of the path that is there and has the bot in it. */
export function ownGroup(call: Call, privateCode = 232008): StoredChat {
  const chat = pathChat(call)
  if (chat.chat_type === 'p2p') throw problem(privateCode)
  if (chat.disbanded) throw problem(232009)
  if (!chat.bot) throw problem(232011)
  return chat
}

function pathChat({ world, params }: Call): StoredChat {
  const chat = world.state.chats.get(params.chat_id ?? '')
  if (!chat) throw problem(232006)
  return chat
}
