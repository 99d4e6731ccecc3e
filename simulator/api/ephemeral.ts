import { isObject } from '../card/kinds.ts'
import { hide, showOnly } from '../ephemerals.ts'
import { newMessageId } from '../ids.ts'
import type { Person } from '../protocol.ts'
import type { StoredChat } from '../state.ts'
import { nowOf, type World } from '../world.ts'
import type { Answer, Call } from './call.ts'
import { readSentCard } from './content.ts'
import { Problem } from './problem.ts'

const PER_SECOND = 40

/** Old API: its refusals come as HTTP 200. Only for people of an ordinary group, only while their client is open. */
export function sendEphemeral({ world, body }: Call): Answer {
  const chat = world.state.chats.get(String(body.chat_id))
  const person = receiverOf(world, body)
  if (!chat || chat.disbanded || body.msg_type !== 'interactive') return refused(10003, 'invalid param')
  if (chat.chat_type !== 'group' || world.faults.topic_groups.includes(chat.chat_id))
    return refused(18054, 'ephemeral message is not supported in this chat')
  if (!chat.bot) return refused(18005, 'bot is not in the chat')
  if (!person || !chat.members.includes(person.open_id)) return refused(18053, 'user is not in the chat')
  if (world.limits.rate(`ephemeral ${chat.chat_id}`, PER_SECOND, world.faults.limits))
    return refused(11232, 'create message trigger chat ephemeral rate limit')
  const wrong = faultOf(world, body.card)
  if (wrong) return refused(11246, wrong)
  const message_id = newMessageId()
  if (world.stream.hears(person.open_id)) show(world, chat, person, message_id, body.card)
  return { top: { msg: 'ok', data: { message_id } } }
}

function receiverOf({ state }: World, { open_id, user_id, email }: Record<string, unknown>): Person | undefined {
  for (const person of state.people.values())
    if (person.open_id === open_id || person.user_id === user_id || (person.email && person.email === email))
      return person
  return undefined
}

function faultOf(world: World, card: unknown): string | undefined {
  if (!isObject(card)) return 'card must be an object'
  try {
    readSentCard(world, JSON.stringify(card))
    return undefined
  } catch (cause) {
    if (cause instanceof Problem) return cause.message
    throw cause
  }
}

function show(world: World, chat: StoredChat, { open_id }: Person, message_id: string, card: unknown) {
  const now = nowOf(world)
  showOnly(world, open_id, {
    message_id,
    chat_id: chat.chat_id,
    sender: 'bot',
    msg_type: 'interactive',
    content: JSON.stringify(card),
    mentions: [],
    create_time: now,
    update_time: now,
    reactions: {},
    edits: 0,
    ephemeral_for: open_id,
  })
}

export function deleteEphemeral({ world, body }: Call): Answer {
  const message = world.ephemerals.get(String(body.message_id))
  if (!message) return refused(18051, 'ephemeral message is already deleted')
  hide(world, message)
  return { top: { msg: 'ok' } }
}

const refused = (code: number, msg: string): Answer => ({ top: { code, msg } })
