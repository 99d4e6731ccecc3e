import { and, asc, eq, inArray, isNull } from 'drizzle-orm'
import { Refusal } from '../src/kit/refusal.ts'
import type { FullRun, RunCost } from '../src/office/car/run.ts'
import { LIMITS, type Trip } from '../src/office/car/trip.ts'
import { NO_TRIP, RIDING, trips, tripsWhere } from './car.ts'
import { carCosts } from './car-cost.ts'
import { drivers, vehicles } from './car-fleet.ts'
import { asRun, runs } from './car-run.ts'
import type { Db } from './client.ts'
import { defined } from './nulls.ts'

/** @throws Refusal when there is none. */
export async function getRun(db: Db, id: number): Promise<FullRun> {
  const [row] = await db
    .select({ run: runs, vehicle: vehicles, driver: drivers })
    .from(runs)
    .innerJoin(vehicles, eq(vehicles.id, runs.vehicle))
    .leftJoin(drivers, eq(drivers.id, runs.driver))
    .where(eq(runs.id, id))
  if (!row) throw new Refusal(NO_TRIP)
  const [riding, costs] = await Promise.all([ridingIn(db, id), costsOf(db, id)])
  return {
    run: asRun(row.run),
    vehicle: defined(row.vehicle),
    driver: row.driver ? defined(row.driver) : undefined,
    trips: riding,
    costs,
  }
}

/** The trips that ride in a run, by departure. */
const ridingIn = (db: Db, run: number): Promise<Trip[]> =>
  tripsWhere(db, and(eq(trips.run, run), inArray(trips.state, RIDING)), LIMITS.passengers, asc(trips.startsAt))

/**
 * The same, and nobody else moves it or what rides in it until this transaction ends. Trips are held before their run, as every
 * turn that begins with a trip does.
 */
export async function holdRun(db: Db, id: number): Promise<FullRun> {
  await db.select({ id: trips.id }).from(trips).where(eq(trips.run, id)).orderBy(asc(trips.id)).for('update')
  await db.select({ id: runs.id }).from(runs).where(eq(runs.id, id)).for('update')
  return getRun(db, id)
}

async function costsOf(db: Db, run: number): Promise<RunCost[]> {
  const rows = await db
    .select({ kind: carCosts.kind, cents: carCosts.cents, amount: carCosts.amount })
    .from(carCosts)
    .where(and(eq(carCosts.run, run), isNull(carCosts.struckAt)))
    .orderBy(asc(carCosts.id))
  return rows.map(row => ({ ...row, amount: row.amount ?? undefined }))
}
