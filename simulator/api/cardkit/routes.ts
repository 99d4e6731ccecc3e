import { type Route, route } from '../call.ts'
import { batchUpdate, convertId, createEntity, patchSettings, replaceEntity } from './cards.ts'
import { addElements, patchElement, removeElement, replaceElement, writeContent } from './elements.ts'

const write = ['cardkit:card:write']
const CARD = '/cardkit/v1/cards/:card_id'
const ELEMENT = `${CARD}/elements/:element_id` as const

/** Card entities: kept by the platform, sent by id, changed piece by piece. */
export const cardkitRoutes: Route[] = [
  route('POST /cardkit/v1/cards', write, createEntity),
  route('POST /cardkit/v1/cards/id_convert', write, convertId),
  route(`PUT ${CARD}`, write, replaceEntity),
  route(`PATCH ${CARD}/settings`, write, patchSettings),
  route(`POST ${CARD}/batch_update`, write, batchUpdate),
  route(`POST ${CARD}/elements`, write, addElements),
  route(`PUT ${ELEMENT}`, write, replaceElement),
  route(`PATCH ${ELEMENT}`, write, patchElement),
  route(`DELETE ${ELEMENT}`, write, removeElement),
  route(`PUT ${ELEMENT}/content`, write, writeContent),
]
