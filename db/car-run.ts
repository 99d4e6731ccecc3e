import { and, asc, desc, eq, gt, gte, inArray, isNotNull, isNull, lt, lte, ne, or, type SQL, sql } from 'drizzle-orm'
import { Refusal } from '../src/kit/refusal.ts'
import type { Driver, Vehicle } from '../src/office/car/fleet.ts'
import type { Engagement, Fleet } from '../src/office/car/proposal.ts'
import { departureAskedAt, type FullRun, type Neighbours, numbersOf, type RunCost } from '../src/office/car/run.ts'
import { LIMITS, type Run, type Trip } from '../src/office/car/trip.ts'
import { asRun, NO_TRIP, RIDING, runs, trips, tripsWhere } from './car.ts'
import { carCosts } from './car-care.ts'
import { drivers, vehicles } from './car-fleet.ts'
import { noteChanged } from './changes.ts'
import type { Db } from './client.ts'
import { defined, nulled } from './nulls.ts'
import { people } from './people.ts'

const DAY_MS = 86_400_000

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

export type NewRun = Pick<Run, 'vehicle' | 'driver' | 'pilot' | 'startsAt' | 'endsAt' | 'dispatchedBy' | 'dispatchedAt'>

/**
 * Sends a car and a driver out, if both are free: the constraints of the database decide, also between turns that run at once.
 * Undefined: one of them is taken.
 */
export async function openRun(
  db: Db,
  { vehicle, driver, pilot, startsAt, endsAt, dispatchedBy, dispatchedAt }: NewRun,
): Promise<Run | undefined> {
  const given = { vehicle, driver, pilot, startsAt, endsAt, dispatchedBy, dispatchedAt }
  const [row] = await db
    .insert(runs)
    .values({
      ...nulled(given),
      ...{ rev: 1, state: 'planned', route: '', parkedAt: '', remark: '' },
      nextAt: departureAskedAt(given),
    })
    .onConflictDoNothing()
    .returning()
  const opened = row && asRun(row)
  if (opened) noteChanged(db, matterOf(opened), { before: undefined, after: opened })
  return opened
}

const matterOf = ({ id }: Pick<Run, 'id'>) => ({ feature: 'car', matter: `run/${id}` })

/** Saves over the revision that was read what happens to a run; its car, driver and span change by other functions. */
export async function saveRun(db: Db, before: Run, after: Run): Promise<void> {
  const { rev, state, departedAt, odometerOut, returnedAt, odometerIn, route, parkedAt, remark, lateToldAt, nextAt } =
    after
  const kept = {
    rev,
    state,
    departedAt,
    odometerOut,
    returnedAt,
    odometerIn,
    route,
    parkedAt,
    remark,
    lateToldAt,
    nextAt,
  }
  const saved = await db
    .update(runs)
    .set(nulled(kept))
    .where(and(eq(runs.id, before.id), eq(runs.rev, before.rev)))
    .returning({ id: runs.id })
  if (!saved.length) throw new Refusal('卡片已过期,请以最新卡片为准')
  noteChanged(db, matterOf(before), { before, after: { ...before, ...kept } })
}

/**
 * Moves a run's beginning and end, if its car and driver are free for what is added. What is added is taken by a row of its own
 * first, for only an insert can be refused by a constraint without a fault; nobody can take it between that and the move.
 */
export async function stretchRun(db: Db, run: Run, to: Pick<Run, 'startsAt' | 'endsAt'>): Promise<boolean> {
  const added = [
    { startsAt: to.startsAt, endsAt: run.startsAt },
    { startsAt: run.endsAt, endsAt: to.endsAt },
  ].filter(({ startsAt, endsAt }) => startsAt < endsAt)
  for (const span of added) {
    const taken = await openRun(db, { ...run, ...span })
    if (!taken) return false
    await db.delete(runs).where(eq(runs.id, taken.id))
  }
  await db.update(runs).set(to).where(eq(runs.id, run.id))
  noteChanged(db, matterOf(run), { before: run, after: { ...run, ...to } })
  return true
}

/** Lets go of a planned run's car and driver; `restoreRun` takes them back within the same transaction, where nobody can have taken them. */
export async function giveUpRun(db: Db, run: Run): Promise<void> {
  await db
    .update(runs)
    .set({ state: 'void', nextAt: null, rev: run.rev + 1 })
    .where(eq(runs.id, run.id))
  noteChanged(db, matterOf(run), { before: run, after: { ...run, state: 'void', nextAt: undefined, rev: run.rev + 1 } })
}

export async function restoreRun(db: Db, run: Run): Promise<void> {
  await db
    .update(runs)
    .set({ state: run.state, rev: run.rev, nextAt: run.nextAt ?? null })
    .where(eq(runs.id, run.id))
  noteChanged(db, matterOf(run), { before: run, after: run })
}

type Wanted = Pick<Run, 'vehicle' | 'driver' | 'pilot' | 'startsAt' | 'endsAt'>

/** Of the same car, the same driver, or the same member of the house at the wheel. */
const ofEither = ({ vehicle, driver, pilot }: Omit<Wanted, 'startsAt' | 'endsAt'>): SQL | undefined =>
  or(
    eq(runs.vehicle, vehicle),
    driver === undefined ? undefined : eq(runs.driver, driver),
    pilot === undefined ? undefined : eq(runs.pilot, pilot),
  )

/** Until when a run binds, as the constraints have it. */
const HELD_UNTIL = sql`greatest(${runs.startsAt}, least(${runs.endsAt}, coalesce(${runs.returnedAt}, ${runs.endsAt})))`

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
        except === undefined ? undefined : ne(runs.id, except),
      ),
    )
    .orderBy(asc(runs.startsAt))
    .limit(10)
  return engaged(db, rows.map(asRun))
}

/** What began before this has ended: a run lasts no longer than its trips may. */
const longBefore = (at: Date): Date => new Date(at.getTime() - 2 * LIMITS.days * DAY_MS)

/** Runs with what rides in them. */
async function engaged(db: Db, some: readonly Run[]): Promise<Engagement[]> {
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
    db.select().from(drivers).where(ne(drivers.state, 'left')).orderBy(asc(drivers.name)).limit(1_000),
    busy(runs.vehicle),
    busy(runs.driver),
    busy(runs.pilot),
    db.select().from(runs).where(isNear).orderBy(asc(runs.startsAt)).limit(MOST_NEAR),
    db.select().from(runs).where(eq(runs.state, 'out')),
  ])
  const about = new Map([...cars, ...rostered, ...pilots, ...near, ...out].map(row => [row.id, asRun(row)]))
  return {
    vehicles: allVehicles.map((row): Vehicle => defined(row)),
    drivers: allDrivers.map((row): Driver => defined(row)),
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

async function costsOf(db: Db, run: number): Promise<RunCost[]> {
  const rows = await db
    .select({ kind: carCosts.kind, cents: carCosts.cents, amount: carCosts.amount })
    .from(carCosts)
    .where(and(eq(carCosts.run, run), isNull(carCosts.struckAt)))
    .orderBy(asc(carCosts.id))
  return rows.map(row => ({ ...row, amount: row.amount ?? undefined }))
}

/** Runs about which the heartbeat has something to say. */
export async function runsDue(db: Db, now: Date, limit: number): Promise<Run[]> {
  const rows = await db
    .select()
    .from(runs)
    .where(lte(runs.nextAt, now))
    .orderBy(asc(runs.nextAt))
    .limit(limit)
    .for('update', { skipLocked: true })
  return rows.map(asRun)
}

export async function nextRunAt(db: Db): Promise<Date | undefined> {
  const [row] = await db
    .select({ at: runs.nextAt })
    .from(runs)
    .where(isNotNull(runs.nextAt))
    .orderBy(asc(runs.nextAt))
    .limit(1)
  return row?.at ?? undefined
}

/** Everything that is out now. */
export async function runsOut(db: Db): Promise<Run[]> {
  const rows = await db.select().from(runs).where(eq(runs.state, 'out')).orderBy(asc(runs.endsAt)).limit(1_000)
  return rows.map(asRun)
}
