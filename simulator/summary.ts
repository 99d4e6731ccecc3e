import { cardSummary } from './card/summary.ts'
import { readable } from './mentions.ts'
import { postSummary } from './post-content.ts'
import type { ChatRow, MessageType } from './protocol.ts'
import type { StoredChat, StoredMessage } from './state.ts'
import type { World } from './world.ts'

const words: Record<MessageType, (message: StoredMessage) => string> = {
  text: ({ content, mentions }) => readable(String(JSON.parse(content).text), mentions),
  post: ({ content, mentions }) => readable(postSummary(content), mentions),
  image: () => '[图片]',
  file: ({ content }) => `[文件] ${JSON.parse(content).file_name}`,
  interactive: ({ content }) => cardSummary(content),
  merge_forward: () => '[聊天记录]',
  system: ({ content }) => String(JSON.parse(content).text),
}

export function summaryOf(message: StoredMessage): string {
  if (message.recalled) return '此消息已撤回'
  const [first = ''] = words[message.msg_type](message).trimStart().split('\n')
  return first.length > 80 ? `${first.slice(0, 80)}…` : first
}

/** A chat as this person sees it in the list. The private chat with the bot bears the bot's name. */
export function chatRow(world: World, chat: StoredChat, as: string): ChatRow {
  const { chat_id, chat_type, members, bot } = chat
  const last = lastShown(world, chat)
  const unread = chat.unread[as]
  return {
    chat_id,
    chat_type,
    name: chat_type === 'p2p' ? world.settings.office.bot.name : chat.name,
    members,
    bot,
    summary: last ? summaryOf(last) : '',
    last_time: last?.create_time ?? chat.created_at,
    unread: unread?.count ?? 0,
    mentioned: unread?.mentioned ?? false,
  }
}

function lastShown(world: World, chat: StoredChat): StoredMessage | undefined {
  for (let at = chat.message_ids.length - 1; at >= 0; at -= 1) {
    const message = world.state.messages.get(chat.message_ids[at] ?? '')
    if (message && !message.deleted) return message
  }
  return undefined
}
