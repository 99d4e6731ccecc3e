import { cardMentions } from './card/mentions.ts'
import { newMessageId, newThreadId } from './ids.ts'
import type { StoredChat, StoredMessage } from './state.ts'
import { changed, nowOf, type World } from './world.ts'

export type Draft = Pick<StoredMessage, 'sender' | 'msg_type' | 'content' | 'mentions'> &
  Partial<Pick<StoredMessage, 'file' | 'forwarded_from' | 'inert' | 'merged' | 'card_id' | 'batch_id'>> & {
    parent?: StoredMessage
    in_thread?: boolean
  }

export function addMessage(world: World, chat: StoredChat, draft: Draft): StoredMessage {
  const { parent, in_thread, ...own } = draft
  const now = nowOf(world)
  const message: StoredMessage = {
    message_id: newMessageId(),
    chat_id: chat.chat_id,
    ...own,
    ...(parent && replyIds(parent, in_thread ?? false)),
    ...(isTopic(world, chat, draft) && { thread_id: newThreadId() }),
    create_time: now,
    update_time: now,
    reactions: {},
    edits: 0,
  }
  world.state.messages.set(message.message_id, message)
  const entity = world.state.entities.get(message.card_id ?? '')
  if (entity) entity.message_id = message.message_id
  chat.message_ids.push(message.message_id)
  if (message.msg_type !== 'system') markUnread(chat, message)
  tellMessage(world, chat, message)
  return message
}

/** In a topic group whoever does not reply begins a topic. */
const isTopic = (world: World, { chat_id }: StoredChat, { parent, msg_type }: Draft) =>
  !parent && msg_type !== 'system' && world.faults.topic_groups.includes(chat_id)

/** A reply in a topic stays in it; `reply_in_thread` makes a topic of the message replied to. */
function replyIds(parent: StoredMessage, in_thread: boolean) {
  if (in_thread) parent.thread_id ??= newThreadId()
  return {
    parent_id: parent.message_id,
    root_id: parent.root_id ?? parent.message_id,
    ...(parent.thread_id && { thread_id: parent.thread_id }),
  }
}

function markUnread(chat: StoredChat, message: StoredMessage) {
  const called = calledIn(message)
  for (const open_id of chat.members) {
    if (open_id === message.sender) continue
    const before = chat.unread[open_id]
    const mentioned = called.includes(open_id) || called.includes('all')
    chat.unread[open_id] = { count: (before?.count ?? 0) + 1, mentioned: (before?.mentioned ?? false) || mentioned }
  }
}

/** Whom it mentions; a forwarded copy calls nobody again. */
function calledIn({ msg_type, content, mentions, forwarded_from }: StoredMessage): string[] {
  if (forwarded_from) return []
  return msg_type === 'interactive' ? cardMentions(content) : mentions.map(one => one.open_id || 'all')
}

/** The message came, changed or went: everybody who sees it hears of it. */
export function tellMessage(world: World, chat: StoredChat, { message_id, chat_id, ephemeral_for }: StoredMessage) {
  const audience = ephemeral_for ? [ephemeral_for] : chat.members
  changed(world, version => ({ kind: 'message', chat_id, message_id, version }), audience)
}

export function chatOf(world: World, message: StoredMessage): StoredChat {
  const chat = world.state.chats.get(message.chat_id)
  if (!chat) throw new Error(`message ${message.message_id} is in no chat`)
  return chat
}

/** Puts a new card in place of the old one, for all viewers. */
export function replaceContent(world: World, message: StoredMessage, content: string) {
  message.content = content
  const entity = world.state.entities.get(message.card_id ?? '')
  if (entity) entity.card = JSON.parse(content)
  message.update_time = nowOf(world)
  tellMessage(world, chatOf(world, message), message)
}

/** Keys of files stay; the words are gone for everybody. */
export function recall(world: World, message: StoredMessage) {
  message.recalled = true
  message.content = ''
  message.mentions = []
  message.update_time = nowOf(world)
  tellMessage(world, chatOf(world, message), message)
}
