import { CardFault } from '../card/fault.ts'
import { isObject } from '../card/kinds.ts'
import { checkCard, checkSuccessor } from '../card/read.ts'
import { findCardToken } from '../card-tokens.ts'
import { findMessage } from '../ephemerals.ts'
import { knownTo } from '../known.ts'
import { replaceContent } from '../messages.ts'
import type { Answer, Call } from './call.ts'

const words: Record<number, string> = {
  300020: 'token format is invalid',
  300030: 'token is expired',
  300040: 'token used times over limit',
  11310: 'card action is lock',
  10002: 'card param is invalid',
  200000: 'the message is recalled',
}

/** Old API: refusals come as HTTP 200 with a code. Not before the callback was answered, twice at most, within 30 minutes. */
export function updateCardByToken({ world, body }: Call): Answer {
  const token = findCardToken(world, String(body.token ?? ''))
  if (typeof token === 'number') return refused(token)
  const message = findMessage(world, token.message_id)
  if (!message || message.recalled || message.deleted) return refused(200000)
  if (!isObject(body.card)) return refused(10002)
  const { open_ids, ...card } = body.card
  try {
    checkSuccessor(JSON.parse(message.content), card)
    checkCard(card, knownTo(world))
  } catch (cause) {
    if (cause instanceof CardFault) return refused(cause.code === 200830 ? 200830 : 11311, cause.message)
    throw cause
  }
  token.uses += 1
  replaceContent(world, message, JSON.stringify(card))
  return { top: {} }
}

const refused = (code: number, msg = words[code] ?? 'invalid card'): Answer => ({ top: { code, msg } })
