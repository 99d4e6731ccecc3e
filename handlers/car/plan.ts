import type { Look } from '../../src/bot/feature.ts'
import { Refusal } from '../../src/kit/refusal.ts'
import { chainAfterEdit, chainFor } from '../../src/office/car/chain.ts'
import type { Plan } from '../../src/office/car/moves.ts'
import { kindOf } from '../../src/office/car/purpose.ts'
import { reachOf } from '../../src/office/car/reach.ts'
import { checkRequest } from '../../src/office/car/rules.ts'
import type { Category, Ground, Reach } from '../../src/office/car/terms.ts'
import type { Trip, TripWish } from '../../src/office/car/trip.ts'
import { requestFacts, ruleSetting } from './rules.ts'

type Reading = Pick<Look, 'db' | 'now' | 'office'>

/**
 * What the rules say of a request as it stands, and who is asked; `before`: the sent one that it changes, whose decisions stand as
 * far as they are not touched.
 * @throws Refusal where nobody could decide, and for words that tell secrets (CAR-40).
 */
export async function planFor(
  look: Reading,
  trip: Omit<Trip, 'id'> & { id?: number },
  urgent: boolean,
  before?: Trip,
): Promise<Plan> {
  const { id, applicant, unit } = trip
  const facts = await requestFacts(look, { applicant, unit, ...(id === undefined ? {} : { id }) }, trip, urgent)
  const findings = checkRequest(trip, facts)
  // what may not be written here is not kept either, not even in a draft
  const secret = findings.find(({ rule }) => rule === 'CAR-40')
  if (secret) throw new Refusal(secret.words)
  const chain = chainFor(trip, findings, facts.chain)
  return { findings, steps: before?.submittedAt ? chainAfterEdit(before, trip, chain) : chain }
}

/** A wish of which some is left to what its words say. */
export type Guessable = Omit<TripWish, 'reach' | 'ground' | 'category'> & {
  reach: Reach | ''
  ground: Ground | ''
  category: Category | ''
}

/** @throws Refusal where the house has settled where it is, and the places do not tell whether a trip leaves its city. */
export async function guessed(look: Reading, wish: Guessable): Promise<TripWish> {
  const setting = await ruleSetting(look)
  const reach = wish.reach || reachOf(`${wish.destination} ${wish.via}`, setting) || (setting.city ? '' : 'town')
  if (!reach) throw new Refusal(REACH_DOUBT)
  return { ...wish, reach, ...kindOf(wish) }
}

/** What the form asks where the places tell nothing, and 本市 is settled. */
export async function doubtOfReach(look: Reading, wish: Pick<Guessable, 'reach' | 'destination' | 'via'>) {
  const setting = await ruleSetting(look)
  const isOpen = setting.city && wish.destination && !wish.reach
  return isOpen && !reachOf(`${wish.destination} ${wish.via}`, setting) ? `${REACH_DOUBT}。` : undefined
}

const REACH_DOUBT = '未能判断目的地是否出市,请选择是否出市、出省'
