import { type HeldRole, isApart } from '../../kit/person.ts'
import type { Actor, CarFunction, Right, Setting } from './trip.ts'

/** Whose vehicles and drivers: the whole house's, or those of some units. */
export type Sphere = 'house' | readonly string[]

export const isWithin = (sphere: Sphere, unit: string): boolean => sphere === 'house' || sphere.includes(unit)
export const isNone = (sphere: Sphere): boolean => sphere !== 'house' && sphere.length === 0

/**
 * What somebody keeps (product.md 6). A role that keeps the fleet without its ledger serves the whole house, in whichever unit it
 * is held.
 */
export function keeping(actor: Actor, may: Setting['may']): Sphere {
  const able = heldWith(actor, ['E'], 'car.fleet', may)
  return able.some(({ code }) => !may([code], 'E', 'car.ledger')) ? 'house' : unitsOf(able)
}

/** What somebody may look at: leaders, 办公室主任, and whoever keeps it. */
export function viewing(actor: Actor, may: Setting['may']): Sphere {
  return keeping(actor, may) === 'house' ? 'house' : unitsOf(heldWith(actor, ['V', 'E'], 'car.ledger', may))
}

/** By one's own roles or those of somebody one stands in for; a denial among one's own wins. 三员 are stood in for by nobody. */
function heldWith({ held, standsFor }: Actor, rights: Right[], of: CarFunction, may: Setting['may']): HeldRole[] {
  const own = held.map(({ code }) => code)
  return [{ held }, ...standsFor.filter(self => !isApart(self))].flatMap(self =>
    self.held.filter(({ code }) => rights.some(right => may([code, ...own], right, of) && may([code], right, of))),
  )
}

const unitsOf = (able: readonly HeldRole[]): Sphere =>
  able.some(({ unit }) => unit === undefined) ? 'house' : [...new Set(able.flatMap(({ unit }) => unit ?? []))]
