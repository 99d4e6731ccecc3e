import type { TripState } from './flow.ts'
import type { Decider } from './terms.ts'
import type { Step, Trip } from './trip.ts'

const WAITING: Record<Decider, TripState> = { KZ: 'section', BZ: 'office', FG: 'leader', LD: 'leader' }

/** The step that waits for its decision. */
export const openStep = ({ steps }: Pick<Trip, 'steps'>): Step | undefined =>
  steps.find(({ decision }) => decision === undefined)

/** Where a request stands by its steps: before whoever is asked next, or approved. */
export function stateOf(steps: readonly Step[]): TripState {
  const open = openStep({ steps })
  return open ? WAITING[open.by] : 'approved'
}

/** Whom a request waits for: those of the step that is open, as long as anything comes of it. */
export function awaitedBy(trip: Pick<Trip, 'state' | 'steps' | 'urgent'>): readonly string[] {
  const isAsked = (Object.values(WAITING) as TripState[]).includes(trip.state)
  const isOwed = isUrgentOpen(trip) && !GIVEN_UP.includes(trip.state)
  return isAsked || isOwed ? (openStep(trip)?.people ?? []) : []
}

const GIVEN_UP: TripState[] = ['draft', 'cancelled', 'missed']

/** Let out before it was approved, and not approved since (CAR-08). */
export const isUrgentOpen = ({ urgent, steps }: Pick<Trip, 'urgent' | 'steps'>): boolean =>
  urgent !== undefined && openStep({ steps }) !== undefined && !isObjected({ steps })

/** Whether somebody who was asked did not agree (不同意补办). */
export const isObjected = ({ steps }: Pick<Trip, 'steps'>): boolean => steps.some(({ decision }) => decision?.against)
