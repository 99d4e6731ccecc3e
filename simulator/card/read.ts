import { CardFault, unreadable } from './fault.ts'
import { isObject } from './kinds.ts'
import { type Known, validateCard } from './validate.ts'

export type CardVersion = '1.0' | '2.0'
export type Card = Record<string, unknown>

export const versionOf = (card: Card): CardVersion => (card.schema === '2.0' ? '2.0' : '1.0')

/** Parses and checks a card as it is sent; 1.0 is taken loosely, as the platform does. Throws a CardFault. */
export function readCard(content: string, known: Known): Card {
  const card = parse(content)
  checkCard(card, known)
  return card
}

export function checkCard(card: Card, known: Known) {
  if (card.schema !== undefined && card.schema !== '2.0' && card.schema !== '1.0')
    throw unreadable('ROOT', `unsupported schema: ${String(card.schema)}`)
  if (versionOf(card) === '2.0') validateCard(card, known)
}

/** Deeper than any card is; keeps every walk through a card far from the end of the stack. */
const DEEPEST_JSON = 100

function jsonDepth(content: string): number {
  let depth = 0
  let most = 0
  for (const sign of content.replace(/"(?:[^"\\]|\\.)*"/g, '')) {
    if (sign === '{' || sign === '[') most = Math.max(most, ++depth)
    if (sign === '}' || sign === ']') depth -= 1
  }
  return most
}

function parse(content: string): Card {
  if (jsonDepth(content) > DEEPEST_JSON) throw unreadable('ROOT', 'too deep')
  try {
    const card: unknown = JSON.parse(content)
    if (isObject(card)) return card
  } catch {}
  throw unreadable('ROOT', 'not a json object')
}

/** Once 2.0, always 2.0. */
export function checkSuccessor(before: Card, after: Card) {
  if (versionOf(before) === '2.0' && versionOf(after) === '1.0') {
    throw new CardFault(200830, 'a card of schema V2 can not be updated to a card of schema V1')
  }
}

/** PATCH wants the shared card spelt out, before and after. */
export function checkSharedCard(card: Card) {
  const config = isObject(card.config) ? card.config : {}
  if (config.update_multi !== true) throw new CardFault(300302, 'update_multi must be true to update a card')
}
