import { CardFault } from '../../card/fault.ts'
import { isObject } from '../../card/kinds.ts'
import { type Card, checkCard } from '../../card/read.ts'
import { knownTo } from '../../known.ts'
import { replaceContent } from '../../messages.ts'
import type { Entity } from '../../state.ts'
import { fillTemplate } from '../../templates.ts'
import { ageOf, nowOf, type World } from '../../world.ts'
import type { Answer, Call } from '../call.ts'
import { problem } from '../problem.ts'

const CARD_BYTES = 30 * 1024
const DAY_MS = 24 * 3_600_000
const STREAMS_MS = 10 * 60_000

/** JSON in a string, as every body of CardKit has it. */
export function parsed(text: unknown): unknown {
  if (typeof text !== 'string') throw problem(10002, 'must be a JSON string')
  if (text.trim() === '') throw problem(300307)
  try {
    return JSON.parse(text)
  } catch {
    throw problem(200220, 'not JSON')
  }
}

/** A whole card as a body gives it: card JSON or a published template. */
export function cardIn(world: World, type: unknown, data: unknown): Card {
  const given = parsed(data)
  if (type !== 'card_json' && type !== 'template') throw problem(10002, 'type must be card_json or template')
  if (!isObject(given)) throw problem(200220, 'not an object')
  if (type === 'card_json') return given
  const card = fillTemplate(world, String(given.template_id), given.template_variable)
  if (!card) throw problem(200220, 'template does not exist')
  return card
}

/** Cards 2.0 for all viewers only; what the validator finds gets CardKit's codes. */
export function checkEntity(world: World, card: Card) {
  if (Object.keys(card).length === 0) throw problem(300307)
  if (card.schema !== '2.0') throw problem(300303)
  if (!isObject(card.config) || card.config.update_multi !== true) throw problem(300302)
  if (Buffer.byteLength(JSON.stringify(card)) > CARD_BYTES) throw problem(200860)
  try {
    checkCard(card, knownTo(world))
  } catch (cause) {
    if (cause instanceof CardFault) throw problem(codes[cause.code] ?? 200220, cause.message)
    throw cause
  }
}

const codes: Record<number, number> = { 300301: 300301, 11310: 300305 }

export function pathEntity({ world, params }: Call): Entity {
  const entity = world.state.entities.get(params.card_id ?? '')
  if (!entity) throw problem(200740)
  if (ageOf(world, entity.created_at) > 14 * DAY_MS) throw problem(200750)
  return entity
}

/** One operation: in sequence, once for its uuid, not while somebody's press is under way, and shown to all viewers at once. */
export function operate(call: Call, change: (entity: Entity) => Card): Answer {
  const { world, body } = call
  const entity = pathEntity(call)
  const { sequence, uuid } = body
  if (!Number.isInteger(sequence) || Number(sequence) < 0 || Number(sequence) > 0x7fffffff)
    throw problem(10002, 'sequence must be int32')
  if (uuid !== undefined && (typeof uuid !== 'string' || uuid.length > 64))
    throw problem(10002, 'uuid must be a string of at most 64')
  if (uuid && entity.uuids.includes(uuid)) throw problem(200770)
  if (Number(sequence) <= entity.sequence) throw problem(300317)
  if ((world.busy.get(entity.message_id ?? '') ?? 0) > 0) throw problem(200810)
  const card = change(entity)
  checkEntity(world, card)
  Object.assign(entity, {
    sequence: Number(sequence),
    uuids: uuid ? [...entity.uuids, uuid].slice(-1000) : entity.uuids,
  })
  show(world, entity, card)
  return { data: {} }
}

function show(world: World, entity: Entity, card: Card) {
  if (isStreaming(card) && !isStreaming(entity.card)) entity.streaming_since = nowOf(world)
  entity.card = card
  world.store.touch()
  const message = world.state.messages.get(entity.message_id ?? '')
  if (message && !message.recalled) replaceContent(world, message, JSON.stringify(card))
}

export const isStreaming = ({ config }: Card) => isObject(config) && config.streaming_mode === true

/** After ten minutes the typing ends by itself. */
export const streamEnded = (world: World, entity: Entity) =>
  ageOf(world, entity.streaming_since ?? entity.created_at) > STREAMS_MS
