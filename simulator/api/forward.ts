import { forbidsForwarding, isInert } from '../card/forwarding.ts'
import { chatOf } from '../messages.ts'
import type { StoredMessage } from '../state.ts'
import type { World } from '../world.ts'
import type { Answer, Call } from './call.ts'
import { requireFields } from './fields.ts'
import { messageView } from './message-view.ts'
import { pathMessage } from './own-message.ts'
import { problem } from './problem.ts'
import { deliver, once, receiver } from './send.ts'
import { textList } from './user-ids.ts'

const MERGED = 'Merged and Forwarded Message'

/** A copy in another chat. What was a card to press does nothing there, unless it says so itself. */
export function forwardMessage(call: Call): Answer {
  const { world } = call
  const { receive_id } = requireFields(call, 'receive_id')
  const message = pathMessage(call)
  if (message.deleted) throw problem(230110)
  if (message.recalled) throw problem(230065)
  if (!chatOf(world, message).bot) throw problem(230002)
  if (forbidsForwarding(message)) throw problem(230061)
  const copy = once(call, forwardKey(call, receive_id), () =>
    deliver(world, receiver(call, receive_id), copyOf(message)),
  )
  return { data: messageView(world, copy) }
}

export const copyOf = ({ message_id, msg_type, content, mentions, file, merged }: StoredMessage) => ({
  sender: 'bot',
  msg_type,
  content,
  mentions,
  forwarded_from: message_id,
  ...(file && { file }),
  ...(merged && { merged }),
  ...(msg_type === 'interactive' && isInert(content) && { inert: 'forwarded' as const }),
})

/** For an hour one uuid forwards once to one receiver. */
function forwardKey({ query, params }: Call, receive_id: string): string | undefined {
  const uuid = query.get('uuid')
  if (uuid && uuid.length > 50) throw problem(230001, 'uuid is too long')
  return uuid ? `forward ${uuid} ${params.message_id ?? params.thread_id ?? ''} ${receive_id}` : undefined
}

/** Several messages of one chat as one. */
export function mergeForward(call: Call): Answer {
  const { world } = call
  const { receive_id } = requireFields(call, 'receive_id')
  const ids = textList(call, 'message_id_list', 100)
  const found = ids.flatMap(id => world.state.messages.get(id) ?? []).filter(one => canGoOn(world, one))
  if (found.length === 0) throw problem(230064)
  if (new Set(found.map(one => one.chat_id)).size > 1) throw problem(230069)
  const message = merge(call, receive_id, found)
  const invalid_message_id_list = ids.filter(id => !found.some(one => one.message_id === id))
  return { data: { message: messageView(world, message), invalid_message_id_list } }
}

export function forwardThread(call: Call): Answer {
  const { world, params } = call
  const { receive_id } = requireFields(call, 'receive_id')
  const found = [...world.state.messages.values()].filter(
    one => one.thread_id === params.thread_id && canGoOn(world, one),
  )
  if (found.length === 0) throw problem(230019)
  return { data: messageView(world, merge(call, receive_id, found)) }
}

function merge(call: Call, receive_id: string, messages: StoredMessage[]): StoredMessage {
  const merged = messages.map(one => one.message_id)
  const draft = { sender: 'bot', msg_type: 'merge_forward' as const, content: MERGED, mentions: [], merged }
  return once(call, forwardKey(call, receive_id), () => deliver(call.world, receiver(call, receive_id), draft))
}

function canGoOn(world: World, message: StoredMessage): boolean {
  if (message.deleted || message.recalled || message.msg_type === 'system') return false
  return world.state.chats.get(message.chat_id)?.bot === true && !forbidsForwarding(message)
}
