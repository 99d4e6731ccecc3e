import { createHash } from 'node:crypto'
import { chatOf, tellMessage } from '../messages.ts'
import { findPerson } from '../people.ts'
import type { StoredMessage } from '../state.ts'
import { nowOf, type World } from '../world.ts'
import type { Answer, Call } from './call.ts'
import { liveMessage } from './own-message.ts'
import { messagePages, pageOf } from './paging.ts'
import { problem } from './problem.ts'
import { idOf, idType } from './user-ids.ts'

interface Reaction {
  reaction_id: string
  emoji_type: string
  who: string
  at: number
}

export function addReaction(call: Call): Answer {
  const { world, body } = call
  const message = liveMessage(call)
  const { emoji_type } = (body.reaction_type ?? {}) as { emoji_type?: unknown }
  if (typeof emoji_type !== 'string' || !/^[A-Za-z][A-Za-z0-9_]{0,39}$/.test(emoji_type)) throw problem(231001)
  const who = message.reactions[emoji_type] ?? []
  const reaction_id = reactionId(message, emoji_type, 'bot')
  if (!who.includes('bot')) {
    message.reactions[emoji_type] = [...who, 'bot']
    message.reacted_at = { ...message.reacted_at, [reaction_id]: nowOf(world) }
  }
  tellMessage(world, chatOf(world, message), message)
  const at = message.reacted_at?.[reaction_id] ?? nowOf(world)
  return { data: reactionView(world, { reaction_id, emoji_type, who: 'bot', at }, 'open_id') }
}

/** Its own only. */
export function removeReaction(call: Call): Answer {
  const { world, params } = call
  const message = liveMessage(call)
  const found = reactionsOf(message).find(one => one.reaction_id === params.reaction_id)
  if (!found) throw problem(231001)
  if (found.who !== 'bot') throw problem(231007)
  const others = (message.reactions[found.emoji_type] ?? []).filter(who => who !== 'bot')
  if (others.length > 0) message.reactions[found.emoji_type] = others
  else delete message.reactions[found.emoji_type]
  tellMessage(world, chatOf(world, message), message)
  return { data: reactionView(world, found, 'open_id') }
}

export function listReactions(call: Call): Answer {
  const { world, query } = call
  const type = idType(call)
  const wanted = query.get('reaction_type')
  const all = reactionsOf(liveMessage(call)).filter(one => !wanted || one.emoji_type === wanted)
  const page = pageOf(call, all, messagePages)
  return { data: { ...page, items: page.items.map(one => reactionView(world, one, type)) } }
}

const reactionsOf = (message: StoredMessage): Reaction[] =>
  Object.entries(message.reactions).flatMap(([emoji_type, people]) =>
    people.map(who => {
      const reaction_id = reactionId(message, emoji_type, who)
      return { reaction_id, emoji_type, who, at: message.reacted_at?.[reaction_id] ?? message.create_time }
    }),
  )

/** Opaque, and the same each time one asks. */
const reactionId = ({ message_id }: StoredMessage, emoji_type: string, who: string) =>
  createHash('sha256').update(`${message_id} ${emoji_type} ${who}`).digest('base64url').slice(0, 32)

function reactionView(world: World, { reaction_id, emoji_type, who, at }: Reaction, type: ReturnType<typeof idType>) {
  const operator = findPerson(world, who, 'open_id')
    ? { operator_id: idOf(world, who, type), operator_type: 'user' }
    : { operator_id: world.settings.appId, operator_type: 'app' }
  return { reaction_id, operator, action_time: String(at), reaction_type: { emoji_type } }
}
