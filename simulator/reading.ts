import type { StoredChat, StoredMessage } from './state.ts'
import { nowOf, type World } from './world.ts'

/** Takes this person's unread mark off the chat; answers the bot's messages that were read with it. */
export function readUp(world: World, chat: StoredChat, open_id: string): StoredMessage[] {
  const count = chat.unread[open_id]?.count ?? 0
  delete chat.unread[open_id]
  const read = unreadOf(world, chat, open_id, count).filter(one => one.sender === 'bot')
  // whoever reads in the same millisecond stands behind who did before
  for (const message of read)
    message.read_by = { ...message.read_by, [open_id]: message.read_by?.[open_id] ?? nowOf(world) }
  return read
}

function unreadOf(world: World, chat: StoredChat, open_id: string, count: number): StoredMessage[] {
  const found: StoredMessage[] = []
  for (let at = chat.message_ids.length - 1; at >= 0 && found.length < count; at -= 1) {
    const message = world.state.messages.get(chat.message_ids[at] ?? '')
    if (message && message.msg_type !== 'system' && message.sender !== open_id) found.unshift(message)
  }
  return found
}
