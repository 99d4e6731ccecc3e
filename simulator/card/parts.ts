import type { PartRef } from '../dev-protocol.ts'
import { isObject } from './kinds.ts'

type Part = Record<string, unknown>

/** Names the component of a card that a press came from, by what one sees of it. */
export function partIn(card: unknown, action: Part): PartRef | undefined {
  const pressed = partsOf(card).find(
    part => part.tag === action.tag && (action.name === undefined || part.name === action.name) && bears(part, action),
  )
  return pressed && refOf(pressed, card)
}

/** What pressing the component gives to the bot; undefined when the card has no such component. */
export function pressOf(card: unknown, ref: PartRef): Part | undefined {
  const part = partsOf(card).filter(one => looksLike(one, ref))[ref.nth]
  if (!part) return undefined
  const value = valueIn(part)
  return {
    tag: ref.tag,
    ...(ref.name !== undefined && { name: ref.name }),
    ...(value !== undefined && { value }),
  }
}

function refOf(pressed: Part, card: unknown): PartRef {
  const look = {
    tag: String(pressed.tag),
    ...(typeof pressed.name === 'string' && { name: pressed.name }),
    ...(labelOf(pressed) && { label: labelOf(pressed) }),
  }
  return {
    ...look,
    nth: partsOf(card)
      .filter(one => looksLike(one, look))
      .indexOf(pressed),
  }
}

const looksLike = (part: Part, { tag, name, label }: Omit<PartRef, 'nth'>) =>
  part.tag === tag && part.name === name && (labelOf(part) || undefined) === label

const bears = (part: Part, { value }: Part) =>
  value === undefined || JSON.stringify(value) === JSON.stringify(valueIn(part))

function valueIn(part: Part): unknown {
  const behaviours = Array.isArray(part.behaviors) ? part.behaviors : []
  return behaviours.filter(isObject).find(one => one.type === 'callback')?.value
}

function labelOf({ text, placeholder }: Part): string {
  const words = isObject(text) ? text.content : isObject(placeholder) ? placeholder.content : ''
  return typeof words === 'string' ? words : ''
}

/** Everything in a card that has a tag, in reading order. */
function partsOf(card: unknown): Part[] {
  if (Array.isArray(card)) return card.flatMap(partsOf)
  if (!isObject(card)) return []
  const inside = Object.values(card).flatMap(partsOf)
  return typeof card.tag === 'string' ? [card, ...inside] : inside
}
