import { mostSeats, neighboursOf } from '../../db/car-rules.ts'
import { setting } from '../../db/settings.ts'
import type { Look } from '../../src/bot/feature.ts'
import type { ChainFacts } from '../../src/office/car/chain.ts'
import type { RequestFacts } from '../../src/office/car/rule-facts.ts'
import { RULE_SETTING, type RuleSetting, withUsual } from '../../src/office/car/rule-setting.ts'
import type { TripWish } from '../../src/office/car/trip.ts'
import { may } from '../../src/office/role/role.ts'
import { customs } from '../customs.ts'
import { ladderFor } from '../ladder.ts'

type Reading = Pick<Look, 'db' | 'now' | 'office'>

/** What the office has settled about its rules; what it has not is as usual. */
export const ruleSetting = async ({ db }: Pick<Look, 'db'>): Promise<RuleSetting> =>
  withUsual(await setting<Partial<RuleSetting>>(db, RULE_SETTING))

/** Whose request it is. `id`: the trip's own, which is no neighbour of itself. */
export interface Asker {
  applicant: string
  unit: string
  id?: number
}

/** What the rules need to know of a request as its form stands. */
export async function requestFacts(
  look: Reading,
  asker: Asker,
  wish: Pick<TripWish, 'startsAt'>,
  urgent: boolean,
): Promise<RequestFacts> {
  const settled = await ruleSetting(look)
  const own = asker.id === undefined ? [] : [asker.id]
  const [inForce, chain, seats, neighbours] = await Promise.all([
    customs(look),
    chainFacts(look, asker),
    mostSeats(look.db),
    neighboursOf(look.db, wish.startsAt, settled.thresholds.combine, own),
  ])
  return { now: look.now, customs: inForce, setting: settled, chain, urgent, mostSeats: seats, neighbours }
}

/** Who could decide on somebody's request today. */
export const chainFacts = async (look: Reading, { applicant, unit }: Asker): Promise<ChainFacts> => ({
  ...(await ladderFor(look, unit)),
  applicant,
  may,
})
