import { findElement } from '../../card/elements.ts'
import type { Answer, Call } from '../call.ts'
import { problem } from '../problem.ts'
import { added, removed, replaced, updated } from './actions.ts'
import { isStreaming, operate, parsed, streamEnded } from './entity.ts'

const idIn = ({ params }: Call) => params.element_id ?? ''

export const addElements = (call: Call): Answer => {
  const { type, target_element_id, elements } = call.body
  return operate(call, ({ card }) => added(card, type, target_element_id, parsed(elements)))
}

export const replaceElement = (call: Call): Answer =>
  operate(call, ({ card }) => replaced(card, idIn(call), parsed(call.body.element)))

export const patchElement = (call: Call): Answer =>
  operate(call, ({ card }) => updated(card, idIn(call), parsed(call.body.partial_element)))

export const removeElement = (call: Call): Answer => operate(call, ({ card }) => removed(card, idIn(call)))

const TEXTS = ['markdown', 'plain_text']

/** Words as if typed: the whole text each time, only while the card streams. */
export const writeContent = (call: Call): Answer =>
  operate(call, entity => {
    const { content } = call.body
    if (typeof content !== 'string' || content === '') throw problem(10002, 'content is required')
    const element = findElement(entity.card, idIn(call))
    if (!element) throw problem(300313, 'element_id does not exist')
    if (!isStreaming(entity.card)) throw problem(300309)
    if (streamEnded(call.world, entity)) throw problem(200850)
    if (!TEXTS.includes(String(element.tag))) throw problem(300310)
    return updated(entity.card, idIn(call), { content })
  })
