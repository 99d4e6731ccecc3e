import type { ChatRef, MessageRef } from './dev-protocol.ts'
import type { StoredChat, StoredMessage } from './state.ts'
import { summaryOf } from './summary.ts'
import type { World } from './world.ts'

export function chatRef({ state }: World, chat_id: string): ChatRef | undefined {
  const chat = state.chats.get(chat_id)
  if (!chat) return undefined
  return chat.chat_type === 'group' ? { group: chat.name } : { p2p: chat.members[0] ?? '' }
}

export function chatNamed({ state }: World, ref: ChatRef): StoredChat | undefined {
  if ('p2p' in ref) return state.chats.get(state.p2p.get(ref.p2p) ?? '')
  return [...state.chats.values()].findLast(
    one => one.chat_type === 'group' && one.name === ref.group && !one.disbanded,
  )
}

export function messageRef(world: World, message_id: string): MessageRef | undefined {
  const message = world.state.messages.get(message_id)
  const chat = message && chatRef(world, message.chat_id)
  if (!chat) return undefined
  const like = { chat, sender: message.sender, line: lineOf(message) }
  return { ...like, nth: alike(world, like).findIndex(one => one.message_id === message_id) }
}

export const messageNamed = (world: World, ref: MessageRef): StoredMessage | undefined => alike(world, ref)[ref.nth]

/** Those that read alike, the latest first. */
function alike(world: World, { chat, sender, line }: Omit<MessageRef, 'nth'>): StoredMessage[] {
  const ids = chatNamed(world, chat)?.message_ids ?? []
  return ids
    .flatMap(id => world.state.messages.get(id) ?? [])
    .filter(one => !one.deleted && one.sender === sender && lineOf(one) === line)
    .reverse()
}

/** Dates, counts and numbers differ from one time to the next. */
const lineOf = (message: StoredMessage) => summaryOf(message).replace(/\d+/g, '#')
