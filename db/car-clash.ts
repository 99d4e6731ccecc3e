import { and, asc, eq, gt, inArray, lt, lte, ne, or, type SQL, sql } from 'drizzle-orm'
import type { Engagement } from '../src/office/car/proposal.ts'
import { numbersOf } from '../src/office/car/run.ts'
import { LIMITS, type Run } from '../src/office/car/trip.ts'
import { RIDING, trips } from './car.ts'
import { drivers, vehicles } from './car-fleet.ts'
import { asRun, runs } from './car-run.ts'
import type { Db } from './client.ts'
import { people } from './people.ts'

const DAY_MS = 86_400_000

type Wanted = Pick<Run, 'vehicle' | 'driver' | 'pilot' | 'startsAt' | 'endsAt'>

/** Of the same car, the same driver, or the same member of the house at the wheel. */
const ofEither = ({ vehicle, driver, pilot }: Omit<Wanted, 'startsAt' | 'endsAt'>): SQL | undefined =>
  or(
    eq(runs.vehicle, vehicle),
    driver === undefined ? undefined : eq(runs.driver, driver),
    pilot === undefined ? undefined : eq(runs.pilot, pilot),
  )

/** Until when a run binds, as the constraints have it. */
export const HELD_UNTIL = sql`greatest(${runs.startsAt}, least(${runs.endsAt}, coalesce(${runs.returnedAt}, ${runs.endsAt})))`

/** What stands in the way of a car and a driver, the earliest first. */
export async function clashesWith(db: Db, wanted: Wanted, except?: number): Promise<Engagement[]> {
  const rows = await db
    .select()
    .from(runs)
    .where(
      and(
        ofEither(wanted),
        ne(runs.state, 'void'),
        lt(runs.startsAt, wanted.endsAt),
        gt(runs.startsAt, longBefore(wanted.startsAt)),
        gt(HELD_UNTIL, sql.param(wanted.startsAt, runs.startsAt)),
        gt(HELD_UNTIL, runs.startsAt),
        except === undefined ? undefined : ne(runs.id, except),
      ),
    )
    .orderBy(asc(runs.startsAt))
    .limit(10)
  return engaged(db, rows.map(asRun))
}

/** What began before this has ended: a run lasts no longer than its trips may. */
export const longBefore = (at: Date): Date => new Date(at.getTime() - 2 * LIMITS.days * DAY_MS)

/** Runs with what rides in them. */
export async function engaged(db: Db, some: readonly Run[]): Promise<Engagement[]> {
  if (!some.length) return []
  const rows = await db
    .select({
      id: trips.id,
      run: trips.run,
      year: trips.numberYear,
      seq: trips.numberSeq,
      startsAt: trips.startsAt,
      endsAt: trips.endsAt,
      destination: trips.destination,
      reach: trips.reach,
      headcount: trips.headcount,
      selfDrive: trips.selfDrive,
    })
    .from(trips)
    .where(
      and(
        inArray(
          trips.run,
          some.map(({ id }) => id),
        ),
        inArray(trips.state, RIDING),
      ),
    )
    .orderBy(asc(trips.id))
  const riding = rows.map(({ year, seq, ...trip }) => ({ ...trip, number: numberOf(year, seq) }))
  return some.map(run => {
    const own = riding.filter(trip => trip.run === run.id)
    return { run, trips: own, name: numbersOf({ trips: own }) }
  })
}

const numberOf = (year: number | null, seq: number | null) =>
  year === null || seq === null ? undefined : { year, seq }

/** The same car, or whoever drives it, that has not come back yet. All are held, so that of two departures at once one waits for the other. */
export async function stillOut(db: Db, { id, vehicle, driver, pilot }: Run): Promise<Engagement | undefined> {
  await db.select({ id: vehicles.id }).from(vehicles).where(eq(vehicles.id, vehicle)).for('update')
  if (driver !== undefined)
    await db.select({ id: drivers.id }).from(drivers).where(eq(drivers.id, driver)).for('update')
  if (pilot !== undefined) await db.select({ id: people.id }).from(people).where(eq(people.id, pilot)).for('update')
  const rows = await db
    .select()
    .from(runs)
    .where(and(ofEither({ vehicle, driver, pilot }), eq(runs.state, 'out'), ne(runs.id, id)))
    .limit(1)
  const [first] = await engaged(db, rows.map(asRun))
  return first
}

/** On which run the same car or driver was at an instant, whatever had been planned; both are held by `stillOut`. */
export async function outAt(db: Db, run: Run, at: Date): Promise<Engagement | undefined> {
  const rows = await db
    .select()
    .from(runs)
    .where(
      and(
        ofEither(run),
        eq(runs.state, 'back'),
        ne(runs.id, run.id),
        lte(runs.departedAt, at),
        gt(runs.returnedAt, at),
      ),
    )
    .limit(1)
  const [first] = await engaged(db, rows.map(asRun))
  return first
}
