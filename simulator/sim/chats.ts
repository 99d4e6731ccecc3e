import { z } from 'zod'
import { addMembers, disband, ensureP2p, groupsOf, makeGroup, removeMembers, setBotIn } from '../chats.ts'
import { ephemeralsIn } from '../ephemerals.ts'
import { pushEntered, pushRead } from '../events.ts'
import type { ChatsAnswer, MessagesAnswer } from '../protocol.ts'
import { readUp } from '../reading.ts'
import type { StoredChat, StoredMessage } from '../state.ts'
import { chatRow } from '../summary.ts'
import { chatsChanged } from '../world.ts'
import { type Ask, actor, asSomebody, bodyAs, chatFor, type SimRoutes } from './ask.ts'
import { Refused } from './refused.ts'

const PAGE = 200

export const chatRoutes: SimRoutes = {
  'GET /chats': listChats,
  'GET /chats/:chat_id/messages': listMessages,
  'POST /chats/:chat_id/read': markRead,
  'POST /p2p': enterP2p,
  'POST /groups': newGroup,
  'POST /groups/:chat_id/bot': moveBot,
  'POST /groups/:chat_id/members': changeMembers,
  'POST /groups/:chat_id/disband': disbandGroup,
}

function listChats({ world, query }: Ask): ChatsAnswer {
  const as = query.get('as') ?? ''
  const mine = [...world.state.chats.values()].filter(chat => !chat.disbanded && chat.members.includes(as))
  return { chats: mine.map(chat => chatRow(world, chat, as)).sort((one, other) => other.last_time - one.last_time) }
}

function listMessages({ world, params, query }: Ask): MessagesAnswer {
  const chat = chatFor(world, params.chat_id ?? '', query.get('as') ?? '')
  const ids = chat.message_ids.filter(id => !world.state.messages.get(id)?.deleted)
  const before = ids.indexOf(query.get('before') ?? '')
  const until = before < 0 ? ids.length : before
  const from = Math.max(0, until - PAGE)
  const messages = ids.slice(from, until).flatMap(id => world.state.messages.get(id) ?? [])
  const own = before < 0 ? ephemeralsIn(world, chat.chat_id, query.get('as') ?? '') : []
  return { messages: [...messages, ...own].sort(byTime), has_more: from > 0 }
}

const byTime = (one: StoredMessage, other: StoredMessage) => one.create_time - other.create_time

function markRead(ask: Ask) {
  const { world, params } = ask
  const { as } = bodyAs(ask, asSomebody)
  const chat = chatFor(world, params.chat_id ?? '', as)
  if (!chat.unread[as]) return {}
  const read = readUp(world, chat, as)
  chatsChanged(world, [as])
  const ids = read.map(one => one.message_id)
  if (chat.chat_type === 'p2p') pushRead(world, as, ids)
  return {}
}

function enterP2p(ask: Ask) {
  const { world } = ask
  const { open_id } = actor(world, bodyAs(ask, asSomebody).as)
  const chat = ensureP2p(world, open_id)
  pushEntered(world, chat, open_id)
  return { chat_id: chat.chat_id }
}

function newGroup(ask: Ask) {
  const { world } = ask
  const given = bodyAs(
    ask,
    z.object({
      as: z.string(),
      name: z.string().trim().min(1).max(60),
      members: z.array(z.string()),
      bot: z.boolean(),
    }),
  )
  actor(world, given.as)
  for (const id of given.members) actor(world, id)
  if (groupsOf(world).some(one => one.name === given.name && !one.disbanded))
    throw new Refused(409, `已有名为“${given.name}”的群`)
  return { chat_id: makeGroup(world, given.as, given.name, given.members, given.bot).chat_id }
}

function moveBot(ask: Ask) {
  const { as, in: inside } = bodyAs(ask, z.object({ as: z.string(), in: z.boolean() }))
  setBotIn(ask.world, groupFor(ask, as), as, inside)
  return {}
}

function changeMembers(ask: Ask) {
  const people = z.array(z.string()).default([])
  const { as, add, remove } = bodyAs(ask, z.object({ as: z.string(), add: people, remove: people }))
  const group = groupFor(ask, as)
  for (const id of add) actor(ask.world, id)
  addMembers(ask.world, group, as, add)
  removeMembers(ask.world, group, as, remove)
  return { members: group.members }
}

function disbandGroup(ask: Ask) {
  const { as } = bodyAs(ask, asSomebody)
  const group = groupFor(ask, as)
  if (group.owner !== as) throw new Refused(403, '只有群主可以解散群聊')
  disband(ask.world, group, as)
  return {}
}

function groupFor({ world, params }: Ask, as: string): StoredChat {
  actor(world, as)
  const chat = chatFor(world, params.chat_id ?? '', as)
  if (chat.chat_type !== 'group') throw new Refused(400, '这不是群聊')
  return chat
}
