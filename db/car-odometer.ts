import { and, asc, desc, eq, gte, isNotNull, lt, lte, ne, or, sql } from 'drizzle-orm'
import type { Neighbours } from '../src/office/car/run.ts'
import type { Run } from '../src/office/car/trip.ts'
import { engaged } from './car-clash.ts'
import { vehicles } from './car-fleet.ts'
import { asRun, runs } from './car-run.ts'
import type { Db } from './client.ts'

/** What the same vehicle's odometer read before an instant and after another. */
export async function readingsAbout(
  db: Db,
  { id, vehicle }: Pick<Run, 'id' | 'vehicle'>,
  from: Date,
  until: Date,
): Promise<Neighbours> {
  const own = and(eq(runs.vehicle, vehicle), ne(runs.id, id), ne(runs.state, 'void'))
  const [[before], [after]] = await Promise.all([
    db
      .select()
      .from(runs)
      .where(and(own, lte(runs.returnedAt, from), isNotNull(runs.odometerIn)))
      .orderBy(desc(runs.startsAt))
      .limit(1),
    db
      .select()
      .from(runs)
      .where(and(own, gte(runs.departedAt, until), isNotNull(runs.odometerOut)))
      .orderBy(asc(runs.startsAt))
      .limit(1),
  ])
  const [earlier, later] = await Promise.all([
    engaged(db, before ? [asRun(before)] : []),
    engaged(db, after ? [asRun(after)] : []),
  ])
  return {
    before:
      before?.odometerIn == null || !before.returnedAt
        ? undefined
        : { odometer: before.odometerIn, at: before.returnedAt, name: earlier[0]?.name ?? '' },
    after:
      after?.odometerOut == null || !after.departedAt
        ? undefined
        : { odometer: after.odometerOut, at: after.departedAt, name: later[0]?.name ?? '' },
  }
}

/** A vehicle's reading only grows, unless the highest one turns out wrong. */
export async function keepReading(db: Db, vehicle: number, odometer: number, wrong?: number): Promise<void> {
  const isNews = or(lt(vehicles.odometer, odometer), wrong === undefined ? undefined : eq(vehicles.odometer, wrong))
  await db
    .update(vehicles)
    .set({ odometer, rev: sql`${vehicles.rev} + 1` })
    .where(and(eq(vehicles.id, vehicle), isNews))
}
