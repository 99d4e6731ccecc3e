import { ensureP2p } from '../chats.ts'
import { isAvailable } from '../console.ts'
import { addMessage, chatOf, type Draft } from '../messages.ts'
import { findPerson, type IdType } from '../people.ts'
import type { Person } from '../protocol.ts'
import type { StoredChat, StoredMessage } from '../state.ts'
import { ageOf, nowOf, type World } from '../world.ts'
import type { Answer, Call } from './call.ts'
import { readContent } from './content.ts'
import { choice, optionalText, requireFields } from './fields.ts'
import { messageView } from './message-view.ts'
import { liveMessage } from './own-message.ts'
import { noSuchId, problem } from './problem.ts'

const UUID_MS = 3_600_000

export function createMessage(call: Call): Answer {
  const { world } = call
  const { receive_id } = required(call)
  return answer(call, () => deliver(world, receiver(call, receive_id), written(call)))
}

function required(call: Call) {
  receiveType(call)
  return requireFields(call, 'receive_id', 'msg_type', 'content')
}

export function replyMessage(call: Call): Answer {
  const { world, body } = call
  requireFields(call, 'msg_type', 'content')
  const parent = liveMessage(call)
  const in_thread = body.reply_in_thread === true
  return answer(call, () => deliver(world, chatOf(world, parent), written(call), { parent, in_thread }))
}

const receiveType = (call: Call) =>
  choice(call, 'receive_id_type', ['open_id', 'user_id', 'union_id', 'email', 'chat_id'])

/** The chat that the query and the body name. */
export const receiver = (call: Call, receive_id: string): StoredChat =>
  targets[receiveType(call)](call.world, receive_id)

function answer(call: Call, send: () => StoredMessage): Answer {
  return { data: messageView(call.world, once(call, optionalText(call, 'uuid', 50), send)) }
}

/** For an hour one uuid makes at most one message, by create and reply together; the second call is answered with the first one's. */
export function once({ world }: Call, uuid: string | undefined, send: () => StoredMessage): StoredMessage {
  const before = uuid ? world.state.uuids.get(uuid) : undefined
  const known = before && ageOf(world, before.at) < UUID_MS ? world.state.messages.get(before.message_id) : undefined
  if (known) return known
  const message = send()
  if (uuid) remember(world, uuid, message.message_id)
  return message
}

function remember(world: World, uuid: string, message_id: string) {
  const { uuids } = world.state
  for (const [old, { at }] of uuids) {
    if (ageOf(world, at) < UUID_MS) break
    uuids.delete(old)
  }
  uuids.delete(uuid)
  uuids.set(uuid, { message_id, at: nowOf(world) })
  world.store.touch()
}

/** What the body says; the chat is checked before it is read. */
const written =
  ({ world, body }: Call) =>
  (): Draft => {
    const { text, mentions, msg_type, card_id } = readContent(world, String(body.msg_type), String(body.content))
    return { sender: 'bot', msg_type, content: text, mentions, ...(card_id && { card_id }) }
  }

/** Into a chat where the bot may speak, at most five a second. */
export function deliver(
  world: World,
  chat: StoredChat,
  draft: Draft | (() => Draft),
  more: Partial<Draft> = {},
): StoredMessage {
  checkChat(world, chat)
  const read = typeof draft === 'function' ? draft() : draft
  const refused = world.limits.target(chat.chat_id, world.faults.limits)
  if (refused) throw problem(230020, chat.chat_type === 'p2p' ? 'user rate limit' : 'chat rate limit')
  return addMessage(world, chat, { ...read, ...more })
}

function checkChat(world: World, chat: StoredChat) {
  if (chat.disbanded) throw problem(232009)
  if (!chat.bot) throw problem(230002)
  if (world.faults.muted.includes(chat.chat_id)) throw problem(230035)
  if (chat.chat_type !== 'p2p') return
  const [person = ''] = chat.members
  if (!isAvailable(world, world.state.people.get(person))) throw problem(230013)
  if (world.faults.stopped.includes(person)) throw problem(230053)
}

type Target = (world: World, id: string) => StoredChat

const toPerson =
  (type: IdType, shape: RegExp, unknownCode: number): Target =>
  (world, id) => {
    if (!shape.test(id)) throw problem(230034)
    const person = findPerson(world, id, type)
    if (!person) throw noSuchId(unknownCode, type, id)
    return p2pOf(world, person)
  }

/** A person the bot never spoke with gets the private chat now; frozen, resigned and unavailable people do not. */
function p2pOf(world: World, person: Person): StoredChat {
  if (!isAvailable(world, person)) throw problem(230013)
  return ensureP2p(world, person.open_id)
}

const targets: Record<'open_id' | 'user_id' | 'union_id' | 'email' | 'chat_id', Target> = {
  open_id: toPerson('open_id', /^ou_/, 99992361),
  union_id: toPerson('union_id', /^on_/, 99992360),
  user_id: toPerson('user_id', /^(?!o[unc]_)\w{1,64}$/, 99992360),
  email: (world, email) => {
    const person = [...world.state.people.values()].find(one => one.email === email)
    if (!person) throw problem(230034)
    return p2pOf(world, person)
  },
  chat_id: (world, id) => {
    if (!/^oc_/.test(id)) throw problem(230034)
    const chat = world.state.chats.get(id)
    if (!chat) throw noSuchId(99992356, 'chat_id', id)
    return chat
  },
}
