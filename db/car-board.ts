import { and, count, eq, exists, gt, gte, inArray, lt, ne, or, type SQL, sql } from 'drizzle-orm'
import {
  BOARD_LINES,
  type BoardRun,
  type BoardVehicle,
  type BoardView,
  type FreeCount,
} from '../src/office/car/board.ts'
import type { LedgerSight } from '../src/office/car/ledger-sight.ts'
import { LIMITS } from '../src/office/car/trip.ts'
import { RIDING, trips } from './car.ts'
import type { Span } from './car-account.ts'
import { vehicles } from './car-fleet.ts'
import { drivenBy, runs } from './car-run.ts'
import type { Db } from './client.ts'

const DAY_MS = 86_400_000
/** A car that has not come back for longer is no matter for the board. */
const LONGEST_DAYS = 4 * LIMITS.days

/** Runs that reach into a span; what is still out has no end. */
function reaching({ from, until }: Span): SQL | undefined {
  return and(
    ne(runs.state, 'void'),
    gte(runs.startsAt, new Date(from.getTime() - LONGEST_DAYS * DAY_MS)),
    lt(runs.startsAt, until),
    or(eq(runs.state, 'out'), gt(sql`coalesce(${runs.returnedAt}, ${runs.endsAt})`, sql.param(from, runs.endsAt))),
  )
}

/** Vehicles of the house in somebody's sight; whoever only drives sees those that they drive in the span. */
function seen(
  db: Db,
  { house, units, own, person }: LedgerSight,
  { category }: Pick<BoardView, 'category'>,
  span: Span,
) {
  const driven = db
    .select({ one: sql`1` })
    .from(runs)
    .where(and(eq(runs.vehicle, vehicles.id), drivenBy(person), reaching(span)))
  const inSight = house
    ? undefined
    : or(sql`false`, units.length ? inArray(vehicles.unit, [...units]) : undefined, own ? exists(driven) : undefined)
  return and(ne(vehicles.state, 'retired'), category ? eq(vehicles.category, category) : undefined, inSight)
}

/** The lines of one page of the board, and how many there are in all. */
export async function boardVehicles(
  db: Db,
  sight: LedgerSight,
  view: BoardView,
  span: Span,
): Promise<{ lines: BoardVehicle[]; all: number }> {
  const where = seen(db, sight, view, span)
  const [lines, [row]] = await Promise.all([
    db
      .select({ id: vehicles.id, plate: vehicles.plate, state: vehicles.state })
      .from(vehicles)
      .where(where)
      .orderBy(vehicles.category, vehicles.plate, vehicles.id)
      .limit(BOARD_LINES)
      .offset(view.page * BOARD_LINES),
    db.select({ all: count() }).from(vehicles).where(where),
  ])
  return { lines, all: row?.all ?? 0 }
}

/** What takes up some vehicles in a span; whoever only drives sees their own runs. */
export async function boardRuns(db: Db, sight: LedgerSight, some: number[], span: Span): Promise<BoardRun[]> {
  if (!some.length) return []
  const { house, units, person } = sight
  const rows = await db
    .select({ run: runs, trip: { destination: trips.destination, category: trips.category, ground: trips.ground } })
    .from(runs)
    .leftJoin(trips, and(eq(trips.run, runs.id), inArray(trips.state, RIDING)))
    .where(and(inArray(runs.vehicle, some), reaching(span), house || units.length ? undefined : drivenBy(person)))
    .orderBy(runs.startsAt, runs.id, trips.id)
  const found = new Map<number, BoardRun>()
  for (const { run, trip } of rows) {
    const known = found.get(run.id) ?? boardRun(run)
    found.set(run.id, trip ? { ...known, trips: [...known.trips, trip] } : known)
  }
  return [...found.values()]
}

function boardRun({ state, departedAt, returnedAt, lateToldAt, ...run }: typeof runs.$inferSelect): BoardRun {
  return {
    vehicle: run.vehicle,
    startsAt: run.startsAt,
    endsAt: run.endsAt,
    state: state === 'void' ? 'planned' : state,
    departedAt: departedAt ?? undefined,
    returnedAt: returnedAt ?? undefined,
    late: lateToldAt !== null,
    trips: [],
  }
}

/** Trips that wait for a car in a span. */
export async function countWaiting(db: Db, { from, until }: Span): Promise<number> {
  const [row] = await db
    .select({ n: count() })
    .from(trips)
    .where(and(eq(trips.state, 'approved'), gte(trips.startsAt, from), lt(trips.startsAt, until)))
  return row?.n ?? 0
}

/** By category: vehicles that can be used, and those that nothing takes up now and until the end of the day. */
export async function freeCounts(db: Db, now: Date, endOfDay: Date): Promise<FreeCount[]> {
  const taken = (until: Date): SQL =>
    sql`exists (select from ${runs} where ${runs.vehicle} = ${vehicles.id} and ${reaching({ from: now, until })})`
  const moment = new Date(now.getTime() + 1)
  const free = (until: Date) => sql`count(*) filter (where not ${taken(until)})`.mapWith(Number)
  return db
    .select({ category: vehicles.category, all: count(), now: free(moment), today: free(endOfDay) })
    .from(vehicles)
    .where(eq(vehicles.state, 'available'))
    .groupBy(vehicles.category)
    .orderBy(vehicles.category)
}
