import { and, asc, eq, inArray, isNotNull, lte, type SQL, sql } from 'drizzle-orm'
import { bigint, index, integer, pgTable, text, timestamp, uniqueIndex } from 'drizzle-orm/pg-core'
import { Refusal } from '../src/kit/refusal.ts'
import { departureAskedAt } from '../src/office/car/run.ts'
import { type Ride, RUN_STATES, type Run, type RunState } from '../src/office/car/trip.ts'
import { drivers, vehicles } from './car-fleet.ts'
import { noteChanged } from './changes.ts'
import type { Db } from './client.ts'
import { defined, nulled } from './nulls.ts'

const words = <T extends string>(of: Record<T, unknown>) => Object.keys(of) as [T, ...T[]]
const instant = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' })
const number = (name: string) => bigint(name, { mode: 'number' })

/**
 * A car on its way with a driver. Three constraints, which come with the migration because drizzle has no words for them, let no
 * car and no driver be in two runs at once: `runs_vehicle_free` and `runs_driver_free` (CAR-27). `runs_pilot_free` does the same for
 * a member of the house, who may drive by themselves as well as by the roster.
 */
export const runs = pgTable(
  'runs',
  {
    id: bigint({ mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    rev: integer().notNull(),
    state: text({ enum: words<RunState>(RUN_STATES) }).notNull(),
    vehicle: number('vehicle')
      .notNull()
      .references(() => vehicles.id),
    driver: number('driver').references(() => drivers.id),
    pilot: text(),
    startsAt: instant('starts_at').notNull(),
    endsAt: instant('ends_at').notNull(),
    departedAt: instant('departed_at'),
    odometerOut: integer('odometer_out'),
    returnedAt: instant('returned_at'),
    odometerIn: integer('odometer_in'),
    route: text().notNull(),
    parkedAt: text('parked_at').notNull(),
    remark: text().notNull(),
    dispatchedBy: text('dispatched_by').notNull(),
    dispatchedAt: instant('dispatched_at').notNull(),
    lateToldAt: instant('late_told_at'),
    nextAt: instant('next_at'),
  },
  table => [
    // a car goes out once before it comes back, and so does whoever drives it
    uniqueIndex('runs_vehicle_out').on(table.vehicle).where(sql`state = 'out'`),
    uniqueIndex('runs_driver_out').on(table.driver).where(sql`state = 'out'`),
    uniqueIndex('runs_pilot_out').on(table.pilot).where(sql`state = 'out'`),
    // a vehicle's runs by time: its neighbours' odometers, its month
    index('runs_vehicle').on(table.vehicle, table.startsAt),
    index('runs_driver').on(table.driver, table.startsAt),
    index('runs_pilot').on(table.pilot).where(sql`pilot is not null`),
    // what is planned or out in a span, for the board and the proposal
    index('runs_starts').on(table.startsAt),
    index('runs_next').on(table.nextAt).where(sql`next_at is not null`),
  ],
)

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

/** Runs with what goes and who drives. */
export async function ridesOf(db: Db, some: number[]): Promise<Map<number, Ride>> {
  if (!some.length) return new Map()
  const rows = await db
    .select({ run: runs, vehicle: vehicles, driver: drivers })
    .from(runs)
    .innerJoin(vehicles, eq(vehicles.id, runs.vehicle))
    .leftJoin(drivers, eq(drivers.id, runs.driver))
    .where(inArray(runs.id, some))
  return new Map(
    rows.map(({ run, vehicle, driver }) => [
      run.id,
      { run: asRun(run), vehicle, driver: driver ? { ...driver, person: driver.person ?? undefined } : undefined },
    ]),
  )
}

/** Runs that somebody drove: by the roster, or by themselves. */
export const drivenBy = (person: string): SQL =>
  sql`(${runs.pilot} = ${person} or ${runs.driver} in (select id from drivers where person = ${person}))`

export const asRun = (row: typeof runs.$inferSelect): Run => defined(row)
