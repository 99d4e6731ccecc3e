import { chatOf, tellMessage } from '../messages.ts'
import type { Pin, StoredMessage } from '../state.ts'
import { nowOf, type World } from '../world.ts'
import type { Answer, Call } from './call.ts'
import { requireFields } from './fields.ts'
import { liveMessage } from './own-message.ts'
import { messagePages, pageOf } from './paging.ts'
import { invalidFields, noSuchId, problem } from './problem.ts'

export function addPin(call: Call): Answer {
  const { world } = call
  const message = pinnable(call, requireFields(call, 'message_id').message_id)
  const known = world.state.pins.get(message.message_id)
  const pin = known ?? {
    message_id: message.message_id,
    chat_id: message.chat_id,
    operator: 'bot',
    create_time: nowOf(world),
  }
  world.state.pins.set(pin.message_id, pin)
  mark(world, message, true)
  return { data: { pin: pinView(world, pin) } }
}

export function removePin(call: Call): Answer {
  const { world, params } = call
  const message = pinnable(call, params.message_id ?? '')
  world.state.pins.delete(message.message_id)
  mark(world, message, false)
  return { data: {} }
}

/** Five a second for each message, pinning and unpinning together. */
function pinnable(call: Call, message_id: string): StoredMessage {
  const message = liveMessage({ ...call, params: { message_id } })
  if (call.world.limits.target(`pin ${message_id}`, call.world.faults.limits)) throw problem(230047)
  return message
}

function mark(world: World, message: StoredMessage, pinned: boolean) {
  if (pinned) message.pinned = true
  else delete message.pinned
  tellMessage(world, chatOf(world, message), message)
}

export function listPins(call: Call): Answer {
  const { world, query } = call
  const chat_id = query.get('chat_id')
  if (!chat_id) throw invalidFields({ field: 'chat_id', value: '', description: 'chat_id is required' })
  const chat = world.state.chats.get(chat_id)
  if (!chat) throw noSuchId(99992356, 'chat_id', chat_id)
  if (!chat.bot) throw problem(230002)
  const from = Number(query.get('start_time') ?? 0)
  const until = Number(query.get('end_time') ?? Number.POSITIVE_INFINITY)
  if (!(from < until)) throw problem(230001, 'start_time must be before end_time')
  const found = [...world.state.pins.values()]
    .filter(pin => pin.chat_id === chat_id && pin.create_time >= from && pin.create_time <= until)
    .sort((one, other) => other.create_time - one.create_time)
  const page = pageOf(call, found, messagePages)
  return { data: { ...page, items: page.items.map(pin => pinView(world, pin)) } }
}

const pinView = (world: World, { message_id, chat_id, operator, create_time }: Pin) => ({
  message_id,
  chat_id,
  operator_id: operator === 'bot' ? world.settings.appId : operator,
  operator_id_type: operator === 'bot' ? 'app_id' : 'open_id',
  create_time: String(create_time),
})
