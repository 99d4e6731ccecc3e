import { contentView } from './api/message-view.ts'
import { tell } from './console.ts'
import { blankPending } from './delivery.ts'
import { chatOf } from './messages.ts'
import { userId } from './people.ts'
import type { Delivery, Mention } from './protocol.ts'
import { hasScope } from './scopes.ts'
import type { StoredChat, StoredMessage } from './state.ts'
import { nowOf, type World } from './world.ts'

/** Pushes a person's message to the bot if the bot's scopes let it hear this message. */
export function pushMessage(world: World, chat: StoredChat, message: StoredMessage): Delivery | undefined {
  return hears(world, chat, message)
    ? tell(world, 'im.message.receive_v1', receiveEvent(world, chat, message))
    : undefined
}

function hears(world: World, chat: StoredChat, message: StoredMessage): boolean {
  if (!chat.bot) return false
  if (chat.chat_type === 'p2p') return hasScope(world, 'im:message.p2p_msg:readonly')
  if (hasScope(world, 'im:message.group_msg')) return true
  return hasScope(world, 'im:message.group_at_msg:readonly') && message.mentions.some(one => calls(world, one))
}

const calls = (world: World, { type, key }: Mention) => type === 'bot' || (key === '@_all' && world.faults.at_all_heard)

function receiveEvent(world: World, chat: StoredChat, message: StoredMessage) {
  const { message_id, root_id, parent_id, thread_id, msg_type, content, mentions } = message
  const called = mentions.flatMap(one => mentionOf(world, one) ?? [])
  return {
    sender: {
      sender_id: userId(world, message.sender),
      sender_type: 'user',
      tenant_key: world.settings.office.tenant.key,
    },
    message: {
      message_id,
      ...(root_id && { root_id, parent_id }),
      ...(thread_id && { thread_id }),
      create_time: String(message.create_time),
      update_time: String(message.update_time),
      chat_id: chat.chat_id,
      chat_type: world.faults.topic_groups.includes(chat.chat_id) ? 'topic_group' : chat.chat_type,
      message_type: msg_type,
      content: msg_type === 'interactive' ? contentView(message) : content,
      ...(mentions.length > 0 && { mentions: called }),
      ...(hasScope(world, 'im:user_agent:read') && { user_agent: USER_AGENT }),
    },
  }
}

const USER_AGENT = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) Lark/7.71'
const NOBODY = { union_id: '', user_id: '', open_id: '' }

/** @所有人 stands in the text only; one report has it in the mentions too, with nobody's ids. */
function mentionOf(world: World, { key, open_id, type, name }: Mention) {
  if (!open_id && world.faults.at_all === 'absent') return undefined
  const id = open_id ? userId(world, open_id) : NOBODY
  return { key, id, mentioned_type: type, name, tenant_key: world.settings.office.tenant.key }
}

/** A person took a message back. Redeliveries still under way lose their content. */
export function pushRecall(world: World, message: StoredMessage) {
  blankPending(world, message.message_id)
  if (!chatOf(world, message).bot) return
  tell(world, 'im.message.recalled_v1', {
    message_id: message.message_id,
    chat_id: message.chat_id,
    recall_time: String(nowOf(world)),
    recall_type: 'message_owner',
  })
}

export function pushEntered(world: World, chat: StoredChat, open_id: string) {
  const last = world.state.messages.get(chat.message_ids.at(-1) ?? '')
  tell(world, 'im.chat.access_event.bot_p2p_chat_entered_v1', {
    chat_id: chat.chat_id,
    operator_id: userId(world, open_id),
    last_message_id: last?.message_id ?? '',
    last_message_create_time: String(last?.create_time ?? 0),
  })
}

export function pushReaction(
  world: World,
  message: StoredMessage,
  open_id: string,
  emoji_type: string,
  added: boolean,
) {
  if (!chatOf(world, message).bot) return
  tell(world, `im.message.reaction.${added ? 'created' : 'deleted'}_v1`, {
    message_id: message.message_id,
    reaction_type: { emoji_type },
    operator_type: 'user',
    user_id: userId(world, open_id),
    action_time: String(nowOf(world)),
  })
}

/** Only private messages of the bot are reported as read; several at once. */
export function pushRead(world: World, open_id: string, message_id_list: string[]) {
  if (message_id_list.length === 0) return
  const reader = {
    reader_id: userId(world, open_id),
    read_time: String(nowOf(world)),
    tenant_key: world.settings.office.tenant.key,
  }
  tell(world, 'im.message.message_read_v1', { reader, message_id_list })
}
