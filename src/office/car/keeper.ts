import type { HeldRole } from '../../kit/person.ts'
import type { Actor, Right, Setting } from './trip.ts'

/** Whose vehicles and drivers: the whole house's, or those of some units. */
export type Sphere = 'house' | readonly string[]

export const isWithin = (sphere: Sphere, unit: string): boolean => sphere === 'house' || sphere.includes(unit)
export const isNone = (sphere: Sphere): boolean => sphere !== 'house' && sphere.length === 0

/** What somebody keeps: 车管员 by the matrix, 系统管理员 by product.md 6. */
export function keeping(actor: Actor, may: Setting['may']): Sphere {
  return actor.held.some(({ code }) => code === 'SY') ? 'house' : sphereOf(actor, ['E'], may)
}

/** What somebody may look at: leaders, 办公室主任, and whoever keeps it. */
export function viewing(actor: Actor, may: Setting['may']): Sphere {
  return keeping(actor, may) === 'house' ? 'house' : sphereOf(actor, ['V', 'E'], may)
}

/** By one's own roles or those of somebody one stands in for; a denial among one's own wins. */
function sphereOf({ held, standsFor }: Actor, rights: Right[], may: Setting['may']): Sphere {
  const own = codesOf(held)
  const able = [{ held }, ...standsFor].flatMap(self =>
    self.held.filter(role =>
      rights.some(right => may([role.code, ...own], right, 'car.ledger') && may([role.code], right, 'car.ledger')),
    ),
  )
  return able.some(({ unit }) => unit === undefined) ? 'house' : [...new Set(able.flatMap(({ unit }) => unit ?? []))]
}

const codesOf = (held: readonly HeldRole[]): string[] => held.map(({ code }) => code)
