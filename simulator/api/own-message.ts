import { chatOf } from '../messages.ts'
import type { StoredMessage } from '../state.ts'
import type { Call } from './call.ts'
import { noSuchId, problem } from './problem.ts'

/** The message of the path, in whatever state. */
export function pathMessage({ world, params }: Call): StoredMessage {
  const id = params.message_id ?? ''
  const message = world.state.messages.get(id)
  if (world.ephemerals.has(id)) throw problem(230054)
  if (!message || message.msg_type === 'system') throw noSuchId(99992354, 'message_id', id)
  return message
}

/** The message of the path, neither recalled nor deleted, in a chat the bot is in. */
export function liveMessage(call: Call): StoredMessage {
  const message = pathMessage(call)
  const chat = chatOf(call.world, message)
  if (message.deleted) throw problem(230110)
  if (message.recalled) throw problem(230011)
  if (chat.disbanded) throw problem(232009)
  if (!chat.bot) throw problem(230002)
  return message
}
