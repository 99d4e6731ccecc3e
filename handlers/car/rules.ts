import { mostSeats, neighboursOf } from '../../db/car-rules.ts'
import { deputiesOf } from '../../db/deputy.ts'
import { departmentsAbove, peopleById } from '../../db/people.ts'
import { holdersAmong } from '../../db/role.ts'
import { setting } from '../../db/settings.ts'
import type { Look } from '../../src/bot/feature.ts'
import { dayIn } from '../../src/kit/time.ts'
import type { ChainFacts, Holder } from '../../src/office/car/chain.ts'
import type { RequestFacts } from '../../src/office/car/rule-facts.ts'
import { RULE_SETTING, type RuleSetting, withUsual } from '../../src/office/car/rule-setting.ts'
import type { TripWish } from '../../src/office/car/trip.ts'
import { may } from '../../src/office/role/role.ts'
import { withConfigured } from '../admins.ts'
import { customs } from '../customs.ts'

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
export async function chainFacts({ db, now, office }: Reading, { applicant, unit }: Asker): Promise<ChainFacts> {
  const today = dayIn(now)
  const [above, held] = await Promise.all([
    departmentsAbove(db, unit),
    holdersAmong(db, ['KZ', 'BZ', 'FG', 'LD', 'SY', 'SJ'], today),
  ])
  const head = above[0]?.leader
  const ids = [...new Set([...held.map(({ person }) => person), ...(head ? [head] : [])])]
  const [people, deputies] = await Promise.all([peopleById(db, ids), deputiesOf(db, ids, today)])
  const holders = ids.flatMap((id): Holder[] => {
    const person = people.find(one => one.id === id && one.active)
    const roles = withConfigured(
      office,
      id,
      held.filter(role => role.person === id),
    )
    return person ? [{ id, departments: person.departments, held: roles, deputies: deputies.get(id) ?? [] }] : []
  })
  return { applicant, unit, lineage: above.map(({ id }) => id), head, holders, may }
}
