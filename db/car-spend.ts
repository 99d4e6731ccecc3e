import { and, asc, desc, eq, gte, inArray } from 'drizzle-orm'
import type { LedgerSight } from '../src/office/car/ledger-sight.ts'
import type { TripNumber } from '../src/office/car/trip.ts'
import { RIDING, trips } from './car.ts'
import { vehicles } from './car-fleet.ts'
import { drivenBy, runs } from './car-run.ts'
import type { Db } from './client.ts'

/** A run as costs are entered for it. */
export interface SpentRun {
  id: number
  vehicle: number
  plate: string
  startsAt: Date
  number: TripNumber | undefined
}

const spentRuns = (db: Db) =>
  db
    .select({
      id: runs.id,
      vehicle: runs.vehicle,
      plate: vehicles.plate,
      startsAt: runs.startsAt,
      year: trips.numberYear,
      seq: trips.numberSeq,
    })
    .from(runs)
    .innerJoin(vehicles, eq(runs.vehicle, vehicles.id))
    .innerJoin(trips, and(eq(trips.run, runs.id), inArray(trips.state, RIDING)))

const spentRun = ({ year, seq, ...run }: Awaited<ReturnType<typeof spentRuns>>[number]): SpentRun => ({
  ...run,
  number: year !== null && seq !== null ? { year, seq } : undefined,
})

/** The run that carries a 派车单. */
export async function runNumbered(db: Db, { year, seq }: TripNumber): Promise<SpentRun | undefined> {
  const [row] = await spentRuns(db).where(and(eq(trips.numberYear, year), eq(trips.numberSeq, seq)))
  return row && spentRun(row)
}

/** What somebody drove since an instant, the latest first, once for each run. */
export async function runsDrivenBy(db: Db, person: string, since: Date, limit: number): Promise<SpentRun[]> {
  const rows = await spentRuns(db)
    .where(and(drivenBy(person), inArray(runs.state, ['out', 'back']), gte(runs.startsAt, since)))
    .orderBy(desc(runs.startsAt), desc(runs.id), asc(trips.id))
    .limit(2 * limit)
  return [...new Map(rows.map(row => [row.id, spentRun(row)])).values()].slice(0, limit)
}

/** A vehicle whose costs somebody may enter. */
export async function vehicleToSpendOn(
  db: Db,
  { house, units }: Pick<LedgerSight, 'house' | 'units'>,
  id: number,
): Promise<{ id: number; plate: string; fuelCard: string } | undefined> {
  const [row] = await db
    .select({ id: vehicles.id, plate: vehicles.plate, fuelCard: vehicles.fuelCard })
    .from(vehicles)
    .where(and(eq(vehicles.id, id), house ? undefined : inArray(vehicles.unit, [...units])))
  return row
}
