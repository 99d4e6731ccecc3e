import type { Component } from './component.ts'
import { containers, layout } from './containers.ts'
import { display } from './display.ts'
import { CardFault, overLimit, unreadable } from './fault.ts'
import { head } from './head.ts'
import { interactive } from './interactive.ts'
import { anything, checkProps, isObject, margin, type Props, shape } from './kinds.ts'
import { claimName, countElement, newCensus, type Spot } from './spot.ts'
import { table } from './table.ts'
import { elementId } from './texts.ts'

const components: Record<string, Component> = { ...display, ...containers, ...interactive, table }
const everywhere: Props = { tag: anything, element_id: elementId, margin }
const removed = new Set(['action', 'note'])
const DEEPEST = 5

/** Who and what exists, for ids and keys that the card names. */
export interface Known {
  person(id: string): boolean
  image(key: string): boolean
  audio(key: string): boolean
}

/** Throws a CardFault unless Feishu would accept this card 2.0. */
export function validateCard(card: Record<string, unknown>, known: Known) {
  const spot: Spot = { path: 'ROOT', census: newCensus(), depth: 0, parent: 'body', visit }
  checkProps(card, { ...head(card, spot.census), body: shape(layout) }, [], spot)
  const { people, images, audio } = spot.census
  const stranger = people.find(id => !known.person(id))
  if (stranger !== undefined)
    throw new CardFault(100290, 'There is an invalid user resource(at/person) in your card', { value: stranger })
  const lost = images.find(key => !known.image(key))
  if (lost !== undefined)
    throw new CardFault(200570, 'card contains invalid image keys', { value: `image key ${lost}` })
  if (audio.some(key => !known.audio(key)))
    throw new CardFault(300240, 'This application cannot retrieve audio information')
}

function visit(value: unknown, spot: Spot) {
  if (!isObject(value)) throw unreadable(spot.path, 'must be an object with a tag')
  const tag = String(value.tag)
  const component = Object.hasOwn(components, tag) ? components[tag] : undefined
  if (!component) throw unknownTag(tag, spot)
  checkPlace(tag, component, spot)
  countElement(spot)
  claimId(value, spot)
  if (component.interactive) checkName(value, spot)
  const inside = component.container ? within(tag, value, spot) : spot
  checkProps(value, { ...everywhere, ...component.props }, component.required ?? [], inside)
  component.also?.(value, spot)
  if (tag === 'form' && !inside.form?.submits)
    throw unreadable(spot.path, 'a form needs a button with form_action_type submit')
}

function unknownTag(tag: string, { path }: Spot): CardFault {
  if (removed.has(tag))
    return new CardFault(200861, 'cards of schema V2 no longer support this capability', {
      path,
      value: `unsupported tag ${tag}`,
    })
  return new CardFault(200621, `type of element is not supported tag: ${tag}`, { path })
}

function checkPlace(tag: string, { only, container }: Component, spot: Spot) {
  const misplaced = (only === 'root' && spot.parent !== 'body') || (only === 'form' && !spot.form)
  if (misplaced)
    throw new CardFault(200621, `type of element is not supported tag: ${tag}`, {
      path: spot.path,
      value: `${tag} in ${spot.parent}`,
    })
  if (container && spot.depth >= DEEPEST) throw overLimit('container nesting exceeds the limit', spot.path)
}

function within(tag: string, value: Record<string, unknown>, spot: Spot): Spot {
  const form = tag === 'form' ? { submits: false } : spot.form
  if (tag === 'form' && typeof value.name === 'string') claimName(spot, value.name)
  return { ...spot, depth: spot.depth + 1, parent: tag, ...(form && { form }) }
}

function claimId({ element_id }: Record<string, unknown>, { census, path }: Spot) {
  if (typeof element_id !== 'string') return
  if (census.ids.has(element_id)) throw new CardFault(300301, 'element id is duplicated', { path, value: element_id })
  census.ids.add(element_id)
}

/** In a form an element without a name could not be told from the others: the client shows 200530 and sends nothing. */
function checkName({ name, tag }: Record<string, unknown>, spot: Spot) {
  if (typeof name === 'string' && name !== '') return claimName(spot, name)
  if (spot.form && tag !== 'interactive_container')
    throw new CardFault(200530, 'name of a form element is empty', { path: spot.path })
}
