import { CardFault } from '../card/fault.ts'
import { checkSharedCard, checkSuccessor, versionOf } from '../card/read.ts'
import { recall, replaceContent } from '../messages.ts'
import type { StoredMessage } from '../state.ts'
import { ageOf, type World } from '../world.ts'
import type { Answer, Call } from './call.ts'
import { asCardProblem, readContent, readSentCard } from './content.ts'
import { requireFields } from './fields.ts'
import { liveMessage, pathMessage } from './own-message.ts'
import { problem } from './problem.ts'

const DAY_MS = 24 * 3_600_000
const EDITS = 20

/** A new card in place of the old one: own, shared, at most 14 days old, nobody's click in flight. */
export function patchCard(call: Call): Answer {
  const { world } = call
  const { content } = requireFields(call, 'content')
  const message = liveMessage(call)
  if (message.sender !== 'bot') throw problem(230012)
  if (message.msg_type !== 'interactive') throw problem(230001, 'message is not a card')
  if (message.batch_id) throw problem(230054)
  if (ageOf(world, message.create_time) > 14 * DAY_MS) throw problem(230031)
  if (world.limits.target(message.message_id, world.faults.limits)) throw problem(230020, 'message rate limit')
  const { card, text } = readSentCard(world, content)
  asCardProblem(() => {
    const before = JSON.parse(message.content)
    checkSuccessor(before, card)
    if (versionOf(before) === '2.0') checkSharedCard(before)
    checkSharedCard(card)
    checkUnlocked(world, message)
  })
  replaceContent(world, message, text)
  return { data: {} }
}

function checkUnlocked(world: World, { message_id }: StoredMessage) {
  if ((world.busy.get(message_id) ?? 0) > 0) throw new CardFault(11310, 'card action is lock')
}

/** Words only: cards are changed by PATCH. */
export function editMessage(call: Call): Answer {
  const { world } = call
  const { msg_type, content } = requireFields(call, 'msg_type', 'content')
  const message = liveMessage(call)
  if (message.sender !== 'bot') throw problem(230071)
  if (msg_type !== 'text' && msg_type !== 'post') throw problem(230001, `invalid msg_type ${msg_type}`)
  if (message.msg_type !== 'text' && message.msg_type !== 'post') throw problem(230054)
  if (message.edits >= EDITS) throw problem(230072)
  if (isOlder(world, message, world.faults.edit_within_ms)) throw problem(230075)
  const { text, mentions } = readContent(world, msg_type, content)
  Object.assign(message, { msg_type, mentions, edits: message.edits + 1 })
  replaceContent(world, message, text)
  return { data: {} }
}

export function recallMessage(call: Call): Answer {
  const message = pathMessage(call)
  if (message.recalled || message.deleted) throw problem(230110)
  const live = liveMessage(call)
  if (live.sender !== 'bot') throw problem(230026)
  if (isOlder(call.world, live, call.world.faults.recall_within_ms)) throw problem(230009)
  recall(call.world, live)
  return { data: {} }
}

const isOlder = (world: World, { create_time }: StoredMessage, ms: number | null) =>
  ms !== null && ageOf(world, create_time) > ms
