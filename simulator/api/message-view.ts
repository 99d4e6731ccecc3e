import { cardSummary, cardTitle } from '../card/summary.ts'
import type { StoredMessage } from '../state.ts'
import type { World } from '../world.ts'

/** A merged forward comes with what it holds. */
export function messageViews(world: World, message: StoredMessage, original_card = false) {
  const held = (message.merged ?? []).flatMap(id => world.state.messages.get(id) ?? [])
  return [
    messageView(world, message, original_card),
    ...held.map(one => ({ ...messageView(world, one, original_card), upper_message_id: message.message_id })),
  ]
}

const UPGRADE = '请升级至最新版本客户端，以查看内容'

/** A message as the create, reply and read APIs answer it. */
export function messageView(world: World, message: StoredMessage, original_card = false) {
  const { message_id, root_id, parent_id, thread_id, msg_type, chat_id } = message
  const tenant_key = world.settings.office.tenant.key
  return {
    message_id,
    ...(root_id && { root_id, parent_id }),
    ...(thread_id && { thread_id }),
    msg_type,
    create_time: String(message.create_time),
    update_time: String(message.update_time),
    deleted: message.recalled ?? false,
    updated: message.update_time > message.create_time,
    chat_id,
    sender: senderView(world, message.sender, tenant_key),
    body: { content: contentView(message, original_card) },
    mentions: message.mentions
      .filter(one => one.open_id)
      .map(({ key, open_id, name }) => ({ key, id: open_id, id_type: 'open_id', name, tenant_key })),
  }
}

const senderView = (world: World, sender: string, tenant_key: string) =>
  sender === 'bot'
    ? { id: world.settings.appId, id_type: 'app_id', sender_type: 'app', tenant_key }
    : { id: sender, id_type: 'open_id', sender_type: 'user', tenant_key }

/** Read back, a card 2.0 is only a shadow in the old style unless its original is asked for. */
export function contentView({ msg_type, content, recalled }: StoredMessage, original_card = false): string {
  if (recalled) return 'This message was recalled'
  if (msg_type !== 'interactive' || original_card) return content
  const title = cardTitle(JSON.parse(content)) || cardSummary(content)
  return JSON.stringify({ title, elements: [[{ tag: 'text', text: UPGRADE }]] })
}
