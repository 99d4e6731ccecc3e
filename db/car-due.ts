import { and, asc, eq, inArray, isNotNull, lte, type SQL, sql } from 'drizzle-orm'
import { UNDECIDED } from '../src/office/car/steps.ts'
import type { Trip } from '../src/office/car/trip.ts'
import { asTrip, storedUrgent, trips } from './car.ts'
import type { Db } from './client.ts'

/** Let out before it was approved, and neither approved nor objected to since, whether or not the trip is over. */
export const isOwed: SQL = sql`(${isNotNull(trips.nextAt)} and ${isNotNull(trips.urgent)})`

/**
 * Those that were let out before they were approved and are looked at by a time, held until this transaction ends. What somebody
 * is moving just now comes at the next look.
 */
export async function unendorsedTrips(db: Db, by: Date, limit: number): Promise<Trip[]> {
  const rows = await db
    .select()
    .from(trips)
    .where(and(isOwed, lte(trips.nextAt, by)))
    .orderBy(asc(trips.nextAt))
    .limit(limit)
    .for('update', { skipLocked: true })
  return rows.map(asTrip)
}

/** Requests that wait for a decision and are looked at by a time, held likewise. */
export async function undecidedTrips(db: Db, by: Date, limit: number): Promise<Trip[]> {
  const rows = await db
    .select()
    .from(trips)
    .where(and(inArray(trips.state, UNDECIDED), lte(trips.nextAt, by)))
    .orderBy(asc(trips.nextAt))
    .limit(limit)
    .for('update', { skipLocked: true })
  return rows.map(asTrip)
}

/** Everything that was let out before it was approved and has something to be done about it yet, held likewise. */
export async function tripsToEndorse(db: Db): Promise<Trip[]> {
  const rows = await db
    .select()
    .from(trips)
    .where(isOwed)
    .orderBy(asc(trips.id))
    .limit(1_000)
    .for('update', { skipLocked: true })
  return rows.map(asTrip)
}

/** How many there are, whoever holds them. */
export async function countTripsToEndorse(db: Db): Promise<number> {
  const [row] = await db
    .select({ n: sql`count(*)`.mapWith(Number) })
    .from(trips)
    .where(isOwed)
  return row?.n ?? 0
}

export async function nextTripAt(db: Db): Promise<Date | undefined> {
  const [row] = await db
    .select({ at: trips.nextAt })
    .from(trips)
    .where(isNotNull(trips.nextAt))
    .orderBy(asc(trips.nextAt))
    .limit(1)
  return row?.at ?? undefined
}

/** When a trip has to be approved after the fact and when that is looked at next; no move of anybody's. */
export async function keepTripDue(
  db: Db,
  { id, urgent, nextAt }: Pick<Trip, 'id' | 'urgent' | 'nextAt'>,
): Promise<void> {
  await db
    .update(trips)
    .set({ urgent: storedUrgent(urgent), nextAt: nextAt ?? null })
    .where(eq(trips.id, id))
}
