import { newReactionId } from '../ids.ts'
import { chatOf, tellMessage } from '../messages.ts'
import { nowOf } from '../world.ts'
import type { Answer, Call } from './call.ts'
import { liveMessage } from './own-message.ts'
import { problem } from './problem.ts'

export function addReaction(call: Call): Answer {
  const { world, body } = call
  const message = liveMessage(call)
  const { emoji_type } = (body.reaction_type ?? {}) as { emoji_type?: unknown }
  if (typeof emoji_type !== 'string' || !/^[A-Za-z][A-Za-z0-9_]{0,39}$/.test(emoji_type)) throw problem(231001)
  const who = message.reactions[emoji_type] ?? []
  if (!who.includes('bot')) message.reactions[emoji_type] = [...who, 'bot']
  tellMessage(world, chatOf(world, message), message)
  return {
    data: {
      reaction_id: newReactionId(),
      operator: { operator_id: world.settings.appId, operator_type: 'app' },
      action_time: String(nowOf(world)),
      reaction_type: { emoji_type },
    },
  }
}
