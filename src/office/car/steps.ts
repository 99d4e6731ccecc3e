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

/** Let out before it was approved, and not approved since (CAR-08). */
export const isUrgentOpen = ({ urgent, steps }: Pick<Trip, 'urgent' | 'steps'>): boolean =>
  urgent !== undefined && openStep({ steps }) !== undefined && !steps.some(({ decision }) => decision?.against)
