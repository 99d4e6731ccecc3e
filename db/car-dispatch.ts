import { and, asc, desc, eq, gt, inArray, isNotNull, lt, lte, ne, type SQL, sql } from 'drizzle-orm'
import type { Driver, Vehicle } from '../src/office/car/fleet.ts'
import type { Fleet } from '../src/office/car/proposal.ts'
import type { Run, Trip } from '../src/office/car/trip.ts'
import { trips, tripsWhere } from './car.ts'
import { engaged, HELD_UNTIL, longBefore } from './car-clash.ts'
import { drivers, vehicles } from './car-fleet.ts'
import { asRun, runs } from './car-run.ts'
import type { Db } from './client.ts'
import { defined } from './nulls.ts'
import { people } from './people.ts'

const DAY_MS = 86_400_000

/** More than a large house sends out in two days. */
const MOST_NEAR = 10_000

/**
 * Everything there is to choose from for a span, with what stands in each one's way first, what leaves in the days about it, and
 * what is out. `except`: a run whose car and driver are given up for this one.
 */
export async function fleetAbout(
  db: Db,
  { startsAt, endsAt }: Pick<Run, 'startsAt' | 'endsAt'>,
  except?: number,
): Promise<Fleet> {
  const holds = and(
    ne(runs.state, 'void'),
    lt(runs.startsAt, endsAt),
    gt(runs.startsAt, longBefore(startsAt)),
    gt(HELD_UNTIL, sql.param(startsAt, runs.startsAt)),
    except === undefined ? undefined : ne(runs.id, except),
  )
  const busy = (one: typeof runs.vehicle | typeof runs.driver | typeof runs.pilot) =>
    db
      .selectDistinctOn([one])
      .from(runs)
      .where(and(holds, isNotNull(one)))
      .orderBy(one, asc(runs.startsAt))
  const isNear = and(
    ne(runs.state, 'void'),
    gt(runs.startsAt, new Date(startsAt.getTime() - DAY_MS)),
    lt(runs.startsAt, new Date(startsAt.getTime() + DAY_MS)),
  )
  const [allVehicles, allDrivers, cars, rostered, pilots, near, out] = await Promise.all([
    db.select().from(vehicles).where(ne(vehicles.state, 'retired')).orderBy(asc(vehicles.plate)).limit(1_000),
    db
      .select({ driver: drivers, active: people.active })
      .from(drivers)
      .leftJoin(people, eq(people.id, drivers.person))
      .where(ne(drivers.state, 'left'))
      .orderBy(asc(drivers.name))
      .limit(1_000),
    busy(runs.vehicle),
    busy(runs.driver),
    busy(runs.pilot),
    db.select().from(runs).where(isNear).orderBy(asc(runs.startsAt)).limit(MOST_NEAR),
    db.select().from(runs).where(eq(runs.state, 'out')),
  ])
  const about = new Map([...cars, ...rostered, ...pilots, ...near, ...out].map(row => [row.id, asRun(row)]))
  return {
    vehicles: allVehicles.map((row): Vehicle => defined(row)),
    drivers: allDrivers.map(({ driver, active }): Driver => ({ ...defined(driver), closed: active === false })),
    runs: await engaged(db, [...about.values()]),
  }
}

const USUAL_OF = 9

/** What the way to a place and back takes by experience: the median of the last runs that went nowhere else. */
export async function usualKilometres(db: Db, destination: string): Promise<number | undefined> {
  const rows = await db
    .select({ km: sql`${runs.odometerIn} - ${runs.odometerOut}`.mapWith(Number) })
    .from(trips)
    .innerJoin(runs, eq(runs.id, trips.run))
    .where(and(eq(trips.destination, destination), HAS_BEEN, isNotNull(runs.odometerIn)))
    .orderBy(desc(trips.id))
    .limit(USUAL_OF)
  const sorted = rows.map(({ km }) => km).sort((a, b) => a - b)
  return sorted.length < 3 ? undefined : sorted[Math.floor(sorted.length / 2)]
}

const HAS_BEEN = sql`${trips.state} in ('returned', 'completed')`

/** Trips that wait for a car, the earliest departure first, and last what is over. */
export async function undispatched(
  db: Db,
  units: readonly string[] | 'all',
  now: Date,
  limit: number,
  offset: number,
): Promise<Trip[]> {
  const order = sql`${lte(trips.endsAt, now)}, ${trips.startsAt}, ${trips.id}`
  return tripsWhere(db, isUndispatched(units), limit, order, offset)
}

export async function countUndispatched(db: Db, units: readonly string[] | 'all'): Promise<number> {
  const [row] = await db
    .select({ n: sql`count(*)`.mapWith(Number) })
    .from(trips)
    .where(isUndispatched(units))
  return row?.n ?? 0
}

const isUndispatched = (units: readonly string[] | 'all'): SQL | undefined =>
  and(eq(trips.state, 'approved'), units === 'all' ? undefined : inArray(trips.unit, [...units]))
