import { deputiesOf } from '../../db/deputy.ts'
import { peopleById } from '../../db/people.ts'
import { holdersAmong } from '../../db/role.ts'
import type { Look } from '../../src/bot/feature.ts'
import { dayIn } from '../../src/kit/time.ts'
import type { TripMove } from '../../src/office/car/flow.ts'
import { openStep } from '../../src/office/car/steps.ts'
import type { Trip } from '../../src/office/car/trip.ts'

type Reading = Pick<Look, 'db' | 'now'>

/** Who holds a role for the house or for the trip's unit, and is there. */
export async function holdersFor(
  { db, now }: Reading,
  { unit: of }: Pick<Trip, 'unit'>,
  codes: string[],
): Promise<string[]> {
  const held = await holdersAmong(db, codes, dayIn(now))
  const ids = held.filter(({ unit }) => unit === undefined || unit === of).map(({ person }) => person)
  const people = await peopleById(db, [...new Set(ids)])
  return people.filter(({ active }) => active).map(({ id }) => id)
}

export const dispatchersFor = (look: Reading, trip: Pick<Trip, 'unit'>): Promise<string[]> =>
  holdersFor(look, trip, ['CD'])

/** Who decides next, and whoever stands in for them. */
export async function askedNext(look: Reading, trip: Trip): Promise<string[]> {
  const people = openStep(trip)?.people ?? []
  const deputies = await deputiesOf(look.db, [...people], dayIn(look.now))
  return [...people, ...[...deputies.values()].flat()]
}

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
  approve: ['applicants', 'deciders'],
  refuse: ['applicants'],
  endorse: ['applicants', 'deciders'],
  object: ['applicants', 'dispatchers', 'consenter', 'office'],
}

/** Moves after which a car is wanted, or not wanted any more. */
const SETTLING: Array<Trip['lastMove']> = ['submit', 'approve', 'edit', 'cancel']

export async function heardBy(look: Reading, before: Trip, after: Trip): Promise<string[]> {
  if (!after.lastMove || after.state === 'draft') return []
  const listeners = new Set(LISTENERS[after.lastMove])
  // whoever has to find a car, or need not any more
  const isTheirs = after.state === 'approved' || before.state === 'approved' || before.state === 'dispatched'
  if (isTheirs && SETTLING.includes(after.lastMove)) listeners.add('dispatchers')
  if (after.urgent && !before.urgent) listeners.add('consenter')
  const found = await Promise.all([...listeners].map(listener => peopleOf(look, before, after, listener)))
  return [...new Set(found.flat())]
}

async function peopleOf(look: Reading, before: Trip, after: Trip, listener: Listener): Promise<string[]> {
  switch (listener) {
    case 'applicants':
      return [after.applicant, after.user]
    case 'deciders':
      return askedNext(look, after)
    case 'dispatchers':
      return dispatchersFor(look, after)
    case 'office':
      return holdersFor(look, after, ['BZ'])
    case 'consenter':
      return after.urgent ? [after.urgent.consentedBy] : []
    case 'riders':
      return before.state === 'dispatched' ? [...before.passengers] : []
  }
}
