import { usualKilometres } from '../../db/car-dispatch.ts'
import { neighboursOf } from '../../db/car-rules.ts'
import { departmentsAbove } from '../../db/department.ts'
import type { Department } from '../../db/people.ts'
import type { Look } from '../../src/bot/feature.ts'
import { isBorrowed } from '../../src/office/car/fitness.ts'
import type { Fleet, Shared } from '../../src/office/car/proposal.ts'
import type { Trip } from '../../src/office/car/trip.ts'
import { customs } from '../customs.ts'
import { ruleSetting } from './rules.ts'

/** What the rules need to know of some trips that are to ride together, whatever car and driver they get. */
export async function dispatchFacts(
  look: Pick<Look, 'db' | 'now' | 'office'>,
  trips: readonly Trip[],
  { vehicles }: Pick<Fleet, 'vehicles'>,
): Promise<Shared> {
  const [first] = trips
  if (!first) throw new Error('nothing is to be dispatched')
  const setting = await ruleSetting(look)
  const riding = trips.map(({ id }) => id)
  const [inForce, lineages, neighbours, kilometres] = await Promise.all([
    customs(look),
    lineagesOf(look.db, [first.unit, ...vehicles.map(({ unit }) => unit)]),
    neighboursOf(look.db, first.startsAt, setting.thresholds.combine, riding),
    trips.length > 1 ? undefined : usualKilometres(look.db, first.destination),
  ])
  const of = (unit: string) => lineages.get(unit) ?? []
  return {
    now: look.now,
    customs: inForce,
    setting,
    neighbours,
    kilometres,
    isBorrowed: ({ unit }) => isBorrowed(of(unit), of(first.unit)),
  }
}

/** Each unit with those above it; a fleet has few. */
async function lineagesOf(db: Look['db'], units: readonly string[]): Promise<Map<string, Department[]>> {
  const each = [...new Set(units)].filter(unit => unit !== '')
  const above = await Promise.all(each.map(unit => departmentsAbove(db, unit)))
  return new Map(each.map((unit, i) => [unit, above[i] ?? []]))
}
