import { isObject } from '../../card/kinds.ts'
import type { Card } from '../../card/read.ts'
import { newCardId } from '../../ids.ts'
import type { Entity } from '../../state.ts'
import { nowOf, type World } from '../../world.ts'
import type { Answer, Call } from '../call.ts'
import { requireFields } from '../fields.ts'
import { liveMessage } from '../own-message.ts'
import { problem } from '../problem.ts'
import { act, withSettings } from './actions.ts'
import { cardIn, checkEntity, operate, parsed } from './entity.ts'

export function createEntity({ world, body }: Call): Answer {
  const card = cardIn(world, body.type, body.data)
  checkEntity(world, card)
  return { data: { card_id: keep(world, card).card_id } }
}

function keep(world: World, card: Card, message_id?: string): Entity {
  const now = nowOf(world)
  const entity: Entity = {
    card_id: newCardId(),
    card,
    sequence: 0,
    uuids: [],
    created_at: now,
    ...(message_id && { message_id }),
    streaming_since: now,
  }
  world.state.entities.set(entity.card_id, entity)
  world.store.touch()
  return entity
}

export const replaceEntity = (call: Call): Answer =>
  operate(call, () => {
    const { card } = call.body
    if (!isObject(card)) throw problem(10002, 'card is required')
    return cardIn(call.world, card.type, card.data)
  })

/** Only its configuration (and link); the elements stay. */
export const patchSettings = (call: Call): Answer =>
  operate(call, ({ card }) => withSettings(card, parsed(call.body.settings)))

/** Several changes as one; all of them or none. */
export const batchUpdate = (call: Call): Answer =>
  operate(call, ({ card }) => {
    const actions = parsed(call.body.actions)
    if (!Array.isArray(actions) || actions.length === 0) throw problem(10002, 'actions must be a list')
    return actions.reduce((before: Card, action) => act(before, action), card)
  })

/** The entity behind a card that was sent as JSON. */
export function convertId(call: Call): Answer {
  const { world } = call
  const { message_id } = requireFields(call, 'message_id')
  const message = liveMessage({ ...call, params: { message_id } })
  if (message.sender !== 'bot') throw problem(230012)
  if (message.msg_type !== 'interactive') throw problem(10002, 'message is not a card')
  const card = JSON.parse(message.content) as Card
  if (card.schema !== '2.0') throw problem(300303)
  message.card_id ??= keep(world, card, message_id).card_id
  return { data: { card_id: message.card_id } }
}
