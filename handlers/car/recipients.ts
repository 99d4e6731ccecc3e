import { setting } from '../../db/settings.ts'
import type { Look } from '../../src/bot/feature.ts'
import { openStep } from '../../src/kit/chain.ts'
import { openingAfter } from '../../src/kit/customs.ts'
import { dayIn } from '../../src/kit/time.ts'
import type { TripMove } from '../../src/office/car/flow.ts'
import type { Trip } from '../../src/office/car/trip.ts'
import { customs } from '../customs.ts'
import { askedNext, holdersFor } from '../holders.ts'

type Reading = Pick<Look, 'db' | 'now' | 'office'>

export const dispatchersFor = (look: Reading, trip: Pick<Trip, 'unit'>): Promise<string[]> =>
  holdersFor(look, trip, ['CD'])

/** Who decides next, never on their own trip (PERM-01). */
export const decidersOf = (look: Reading, trip: Trip): Promise<string[]> =>
  askedNext(look, trip, [trip.applicant, trip.user])

type Listener =
  | 'applicants'
  | 'deciders'
  | 'dispatchers'
  /** Who said that it may go. */
  | 'consenter'
  | 'riders'
  | 'office'

/** Who hears of a move by a message of their own; everybody else sees it on the card they have. */
const LISTENERS: Partial<Record<TripMove, Listener[]>> = {
  submit: ['deciders'],
  edit: ['deciders'],
  cancel: ['applicants', 'riders'],
  approve: ['deciders'],
  refuse: ['applicants'],
  endorse: ['deciders'],
  lapse: ['applicants'],
  object: ['applicants', 'dispatchers', 'consenter', 'office'],
}

/** Moves after which a car is wanted, or not wanted any more. */
const SETTLING: Array<Trip['lastMove']> = ['submit', 'approve', 'edit', 'cancel']

const AGREEING: Array<Trip['lastMove']> = ['approve', 'endorse']

/**
 * Whoever has to find a car, or need not any more, is told at once where it leaves by the next workday, or has a car already; the
 * rest stands in 待派 and in the morning's card.
 */
async function isForDispatchers(look: Reading, before: Trip, after: Trip): Promise<boolean> {
  if (before.state === 'dispatched' || (after.urgent && !before.urgent)) return true
  if (after.state !== 'approved' && before.state !== 'approved') return false
  const mornings = await setting<boolean>(look.db, 'digest.morning')
  if (mornings === false) return true
  return dayIn(after.startsAt) <= dayIn(openingAfter(look.now, await customs(look)))
}

export async function heardBy(look: Reading, before: Trip, after: Trip): Promise<string[]> {
  if (!after.lastMove || after.state === 'draft') return []
  const listeners = new Set(LISTENERS[after.lastMove])
  // on the way there they see it on the card they have
  if (AGREEING.includes(after.lastMove) && !openStep(after)) listeners.add('applicants')
  if (SETTLING.includes(after.lastMove) && (await isForDispatchers(look, before, after))) listeners.add('dispatchers')
  if (after.urgent && !before.urgent) listeners.add('consenter')
  // put off on the road: whoever is asked afterwards
  if (after.lastMove === 'reschedule' && openStep(after) !== openStep(before)) listeners.add('deciders')
  const found = await Promise.all([...listeners].map(listener => peopleOf(look, before, after, listener)))
  return [...new Set(found.flat())]
}

async function peopleOf(look: Reading, before: Trip, after: Trip, listener: Listener): Promise<string[]> {
  switch (listener) {
    case 'applicants':
      return [after.applicant, after.user]
    case 'deciders':
      return decidersOf(look, after)
    case 'dispatchers':
      return dispatchersFor(look, after)
    case 'office':
      return holdersFor(look, after, ['BZ'])
    case 'consenter':
      return after.urgent?.consentedBy ? [after.urgent.consentedBy] : []
    case 'riders':
      return before.state === 'dispatched' ? [...before.passengers] : []
  }
}
