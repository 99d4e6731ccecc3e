import type { Actor, Right, Setting } from './trip.ts'

/** Whose trips, runs and costs somebody may see in lists (the row 车辆台账/单车核算 of domain.md 1.3). */
export interface LedgerSight {
  person: string
  /** Those of the whole house. */
  house: boolean
  /** Those of vehicles and applicants of these units. */
  units: readonly string[]
  /** Those that the person has driven. */
  own: boolean
}

export function ledgerSight(actor: Actor, may: Setting['may']): LedgerSight {
  const views = heldWith(actor, ['V', 'E'], may)
  return {
    person: actor.id,
    house: views.some(({ unit }) => unit === undefined),
    units: views.flatMap(({ unit }) => (unit === undefined ? [] : [unit])),
    own: heldWith({ ...actor, standsFor: [] }, ['O'], may).length > 0,
  }
}

export const seesLedger = ({ house, units }: LedgerSight): boolean => house || units.length > 0

/** For which office somebody keeps the ledger (E of the matrix): '' = the house, undefined = for none. */
export function keepsLedgerOf(actor: Actor, may: Setting['may']): string | undefined {
  const keeping = heldWith(actor, ['E'], may)
  return keeping.some(({ unit }) => unit === undefined) ? '' : keeping[0]?.unit
}

/** Roles that give one of some rights, also those of people in whose place somebody stands; whoever is denied has none. */
const heldWith = ({ held, standsFor }: Actor, rights: Right[], may: Setting['may']) => {
  const own = held.map(({ code }) => code)
  return [held, ...standsFor.map(one => one.held)]
    .flat()
    .filter(({ code }) => rights.some(r => may([code], r, 'car.ledger') && may([...own, code], r, 'car.ledger')))
}
