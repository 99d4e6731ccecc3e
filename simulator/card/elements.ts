import { isObject } from './kinds.ts'
import type { Card } from './read.ts'

type Element = Record<string, unknown>

interface Place {
  list: unknown[]
  at: number
}

/** Where the element with this id stands, at whatever depth. */
function placeOf(value: unknown, element_id: string): Place | undefined {
  if (!Array.isArray(value))
    return isObject(value) ? firstOf(Object.values(value), one => placeOf(one, element_id)) : undefined
  const at = value.findIndex(one => isObject(one) && one.element_id === element_id)
  return at >= 0 ? { list: value, at } : firstOf(value, one => placeOf(one, element_id))
}

function firstOf<Found>(values: unknown[], find: (one: unknown) => Found | undefined): Found | undefined {
  for (const one of values) {
    const found = find(one)
    if (found) return found
  }
  return undefined
}

export function findElement(card: Card, element_id: string): Element | undefined {
  const place = placeOf(card.body, element_id)
  const found = place?.list[place.at]
  return isObject(found) ? found : undefined
}

/** A copy of the card with other elements in place of that one; undefined when it is not there. */
export function withElements(card: Card, element_id: string, change: (one: Element) => unknown[]): Card | undefined {
  const copy = structuredClone(card)
  const place = placeOf(copy.body, element_id)
  if (!place) return undefined
  place.list.splice(place.at, 1, ...change(place.list[place.at] as Element))
  return copy
}

/** A copy with more at the end of the body. */
export function withMore(card: Card, elements: unknown[]): Card {
  const copy = structuredClone(card)
  const body = isObject(copy.body) ? copy.body : {}
  copy.body = { ...body, elements: [...(Array.isArray(body.elements) ? body.elements : []), ...elements] }
  return copy
}

/** Objects are merged at every depth, everything else is replaced. */
export function merged(before: unknown, after: unknown): unknown {
  if (!isObject(before) || !isObject(after)) return after
  const names = new Set([...Object.keys(before), ...Object.keys(after)])
  return Object.fromEntries(
    [...names].map(name => [name, name in after ? merged(before[name], after[name]) : before[name]]),
  )
}
