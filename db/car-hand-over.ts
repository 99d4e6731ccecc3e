import { and, asc, eq, inArray, or } from 'drizzle-orm'
import type { TripState } from '../src/office/car/flow.ts'
import type { Trip } from '../src/office/car/trip.ts'
import { trips, tripsWhere } from './car.ts'
import { drivers } from './car-fleet.ts'
import { runs } from './car-run.ts'
import type { Db } from './client.ts'

/** Before anybody has got in. */
const AHEAD: TripState[] = ['draft', 'section', 'office', 'leader', 'approved', 'dispatched']

/** Trips that somebody asked for and that have yet to leave. */
export const tripsAhead = (db: Db, applicant: string, limit: number): Promise<Trip[]> =>
  tripsWhere(db, and(eq(trips.applicant, applicant), inArray(trips.state, AHEAD)), limit)

/** What somebody is still to drive. */
export async function tripsToDrive(db: Db, person: string, limit: number): Promise<Trip[]> {
  const planned = db
    .select({ id: runs.id })
    .from(runs)
    .leftJoin(drivers, eq(drivers.id, runs.driver))
    .where(and(eq(runs.state, 'planned'), or(eq(runs.pilot, person), eq(drivers.person, person))))
  return tripsWhere(db, and(inArray(trips.run, planned), eq(trips.state, 'dispatched')), limit, asc(trips.startsAt))
}
