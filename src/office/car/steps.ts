import { type Decider, type Decision, openStep, type Step } from '../../kit/chain.ts'
import type { TripState } from './flow.ts'
import type { Trip } from './trip.ts'

const WAITING: Record<Decider, TripState> = { KZ: 'section', BZ: 'office', FG: 'leader', LD: 'leader' }

/** States in which a request waits for a decision. */
export const UNDECIDED: TripState[] = ['section', 'office', 'leader']

/** Where a request stands by its steps: before whoever is asked next, or approved. */
export function stateOf(steps: readonly Step[]): TripState {
  const open = openStep({ steps })
  return open ? WAITING[open.by] : 'approved'
}

/** Whom a request waits for: those of the step that is open, as long as anything comes of it. */
export function awaitedBy(trip: Pick<Trip, 'state' | 'steps' | 'urgent'>): readonly string[] {
  return UNDECIDED.includes(trip.state) || isEndorsementOwed(trip) ? (openStep(trip)?.people ?? []) : []
}

const GIVEN_UP: TripState[] = ['draft', 'cancelled', 'missed']

/** Whether 补办 is still waited for: a trip that came to nothing needs none. */
export const isEndorsementOwed = (trip: Pick<Trip, 'state' | 'steps' | 'urgent'>): boolean =>
  isUrgentOpen(trip) && !GIVEN_UP.includes(trip.state)

/** Whether somebody who was asked did not agree: before a car is sent, or to 补办. */
export const isObjected = ({ steps }: Pick<Trip, 'steps'>): boolean => steps.some(({ decision }) => decision?.against)

/** Let out before it was approved, and not approved since (CAR-08). */
export const isUrgentOpen = ({ urgent, steps }: Pick<Trip, 'urgent' | 'steps'>): boolean =>
  urgent !== undefined && openStep({ steps }) !== undefined && !isObjected({ steps })

/** Whether a decision was given after the fact: of an urgent trip each, of one put off on the road those since. */
export const isAfterwards = ({ urgent }: Pick<Trip, 'urgent'>, { at }: Pick<Decision, 'at'>): boolean =>
  urgent !== undefined && (urgent.consentedBy !== undefined || (urgent.since !== undefined && at >= urgent.since))

/** Until when a trip is approved: what was put off on the road counts only once that has been agreed to. */
export function approvedUntil(trip: Pick<Trip, 'urgent' | 'steps' | 'endsAt' | 'startsAt' | 'findings'>): Date {
  const put = trip.urgent?.put
  if (put) return isUrgentOpen(trip) || isObjected(trip) ? put.from : trip.endsAt
  // nobody could be asked
  return trip.findings.some(({ rule }) => rule === 'CAR-34') ? trip.startsAt : trip.endsAt
}
