import { findElement, merged, withElements, withMore } from '../../card/elements.ts'
import { isObject } from '../../card/kinds.ts'
import type { Card } from '../../card/read.ts'
import { problem } from '../problem.ts'

type Params = Record<string, unknown>

/** One action of batch_update. */
export function act(card: Card, action: unknown): Card {
  const { action: name, params } = isObject(action) ? action : {}
  const change = typeof name === 'string' && Object.hasOwn(actions, name) ? actions[name] : undefined
  if (!change || !isObject(params)) throw problem(10002, `unknown action ${String(name)}`)
  return change(card, params)
}

const actions: Record<string, (card: Card, params: Params) => Card> = {
  partial_update_setting: (card, { settings }) => withSettings(card, settings),
  add_elements: (card, { type, target_element_id, elements }) => added(card, type, target_element_id, elements),
  delete_elements: (card, { element_ids }) => {
    if (!Array.isArray(element_ids)) throw problem(300314)
    return element_ids.reduce((before: Card, id) => removed(before, String(id)), card)
  },
  partial_update_element: (card, { element_id, partial_element }) => updated(card, String(element_id), partial_element),
  update_element: (card, { element_id, element }) => replaced(card, String(element_id), element),
}

export function withSettings(card: Card, settings: unknown): Card {
  if (!isObject(settings)) throw problem(300122)
  const odd = Object.keys(settings).find(name => name !== 'config' && name !== 'card_link')
  if (odd) throw problem(300122, `unknown property ${odd}`)
  return merged(card, settings) as Card
}

/** Before or after an element, or at the end of one (or of the card). */
export function added(card: Card, type: unknown, target: unknown, elements: unknown): Card {
  if (!Array.isArray(elements) || elements.length === 0) throw problem(300315, 'elements must be a list')
  if (type === 'append' && target === undefined) return withMore(card, elements)
  const found = withElements(card, String(target), one => {
    if (type === 'insert_before') return [...elements, one]
    if (type === 'insert_after') return [one, ...elements]
    if (type === 'append')
      return [{ ...one, elements: [...(Array.isArray(one.elements) ? one.elements : []), ...elements] }]
    throw problem(300315, 'type must be insert_before, insert_after or append')
  })
  if (!found) throw problem(300315, 'target_element_id does not exist')
  return found
}

export function removed(card: Card, element_id: string): Card {
  const found = withElements(card, element_id, () => [])
  if (!found) throw problem(300314, 'element_id does not exist')
  return found
}

/** A part of its properties; a component stays the component it is. */
export function updated(card: Card, element_id: string, part: unknown): Card {
  const known = findElement(card, element_id)
  if (!known || !isObject(part)) throw problem(300313, known ? 'must be an object' : 'element_id does not exist')
  if (part.tag !== undefined && part.tag !== known.tag) throw problem(300312)
  return withElements(card, element_id, one => [merged(one, part)]) ?? card
}

/** Another element in its place. */
export function replaced(card: Card, element_id: string, element: unknown): Card {
  if (!isObject(element)) throw problem(300121)
  const found = withElements(card, element_id, () => [element])
  if (!found) throw problem(300121, 'element_id does not exist')
  return found
}
