import { and, asc, desc, eq, gte, inArray, isNotNull, lt, lte, ne, or, type SQL, sql } from 'drizzle-orm'
import {
  bigint,
  boolean,
  index,
  integer,
  jsonb,
  type PgColumn,
  pgTable,
  smallint,
  text,
  timestamp,
  uniqueIndex,
} from 'drizzle-orm/pg-core'
import type { Finding } from '../src/kit/finding.ts'
import { Refusal } from '../src/kit/refusal.ts'
import { type TripMove, type TripState, tripFlow } from '../src/office/car/flow.ts'
import { peopleOf } from '../src/office/car/roles.ts'
import { awaitedBy, UNDECIDED } from '../src/office/car/steps.ts'
import {
  CATEGORIES,
  type Category,
  type Consent,
  GROUNDS,
  type Ground,
  REACHES,
  type Reach,
} from '../src/office/car/terms.ts'
import {
  type Ride,
  RUN_STATES,
  type Run,
  type RunState,
  type Trip,
  type TripNumber,
  type Urgent,
} from '../src/office/car/trip.ts'
import { drivers, vehicles } from './car-fleet.ts'
import { noteChanged } from './changes.ts'
import type { Db } from './client.ts'
import { defined, nulled } from './nulls.ts'
import { membersOf } from './people.ts'
import { type StoredStep, stepOf, storedStep } from './steps.ts'

const words = <T extends string>(of: Record<T, unknown>) => Object.keys(of) as [T, ...T[]]
const instant = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' })
const number = (name: string) => bigint(name, { mode: 'number' })

const ENDED = sql.raw(
  (['completed', 'refused', 'withdrawn', 'cancelled', 'missed'] satisfies TripState[])
    .map(state => `'${state}'`)
    .join(', '),
)
const isOpen: SQL = sql`state not in (${ENDED})`

/** What a trip is found by. */
const GRAMS = sql`grams(destination || ' ' || purpose)`

/** One request for a car, and the 派车单 that comes of it. */
export const trips = pgTable(
  'trips',
  {
    id: bigint({ mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    rev: integer().notNull(),
    stateRev: integer('state_rev').notNull(),
    state: text({ enum: words<TripState>(tripFlow.states) }).notNull(),
    numberYear: smallint('number_year'),
    numberSeq: integer('number_seq'),
    applicant: text().notNull(),
    unit: text().notNull(),
    chat: text().notNull(),
    user: text('rider').notNull(),
    startsAt: instant('starts_at').notNull(),
    endsAt: instant('ends_at').notNull(),
    origin: text().notNull(),
    destination: text().notNull(),
    via: text().notNull(),
    reach: text({ enum: words<Reach>(REACHES) }).notNull(),
    purpose: text().notNull(),
    ground: text({ enum: words<Ground>(GROUNDS) }).notNull(),
    basis: text().notNull(),
    category: text({ enum: words<Category>(CATEGORIES) }).notNull(),
    passengers: text().array().notNull(),
    guests: text().notNull(),
    headcount: smallint().notNull(),
    cars: smallint().notNull(),
    selfDrive: boolean('self_drive').notNull(),
    phone: text().notNull(),
    remark: text().notNull(),
    steps: jsonb().$type<StoredStep[]>().notNull(),
    /** Who may decide the step that is open now. */
    awaits: text().array().notNull(),
    /** Everybody who asked, rides, decides or decided. */
    people: text().array().notNull(),
    findings: jsonb().$type<Finding[]>().notNull(),
    urgent: jsonb().$type<StoredUrgent>(),
    run: number('run').references(() => runs.id),
    sibling: number('sibling'),
    previous: number('previous'),
    createdAt: instant('created_at').notNull(),
    submittedAt: instant('submitted_at'),
    approvedAt: instant('approved_at'),
    confirmedBy: text('confirmed_by'),
    confirmedAt: instant('confirmed_at'),
    completedAt: instant('completed_at'),
    lastMove: text('last_move').$type<TripMove | ''>().notNull(),
    word: text().notNull(),
    movedBy: text('moved_by').notNull(),
    movedAt: instant('moved_at').notNull(),
    movedFor: text('moved_for'),
    /** When the heartbeat has something to do with it next. */
    nextAt: instant('next_at'),
  },
  table => [
    uniqueIndex('trips_number').on(table.numberYear, table.numberSeq),
    // what waits for somebody's decision
    index('trips_awaits').using('gin', table.awaits).where(isOpen),
    // mine, and what I may see by name
    index('trips_people').using('gin', table.people),
    // what is open: to be dispatched, on its way, to be checked
    index('trips_open').on(table.state, table.startsAt).where(isOpen),
    // by day, for the board, the ledger and the same direction within the hour
    index('trips_starts').on(table.startsAt),
    // what rides in a run
    index('trips_run').on(table.run),
    // somebody's last destinations and companions
    index('trips_applicant').on(table.applicant, table.id),
    // the last trips to a place, for what the way takes by experience
    index('trips_destination').on(table.destination, table.id).where(sql`state in ('returned', 'completed')`),
    // what the heartbeat finds, whatever lies in the past
    index('trips_next').on(table.nextAt).where(sql`next_at is not null`),
    // words of where to and what for, among all; a unit's own
    index('trips_words').using('gin', GRAMS),
    index('trips_unit').on(table.unit, table.id),
  ],
)

/** States in which a trip rides in its run; one that was missed keeps the run, but nobody rode. */
export const RIDING: TripState[] = ['dispatched', 'underway', 'returned', 'completed']

interface StoredUrgent {
  consentedBy?: string
  way?: Consent
  consentedAt?: string
  dueAt: string
  since?: string
  put?: { from: string; to: string }
}

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

/** The last number given in a year: a row, so that a turn that fails leaves no gap. */
export const tripNumbers = pgTable('trip_numbers', { year: smallint().primaryKey(), last: integer().notNull() })

/** The next number of a year; others wait until this transaction has ended. */
export async function takeTripNumber(db: Db, year: number): Promise<TripNumber> {
  const [row] = await db
    .insert(tripNumbers)
    .values({ year, last: 1 })
    .onConflictDoUpdate({ target: tripNumbers.year, set: { last: sql`${tripNumbers.last} + 1` } })
    .returning({ last: tripNumbers.last })
  if (!row) throw new Error('no number was given')
  return { year, seq: row.last }
}

export async function openTrip(db: Db, trip: Omit<Trip, 'id'>): Promise<Trip> {
  const [row] = await db.insert(trips).values(rowOf(trip)).returning({ id: trips.id })
  if (!row) throw new Error('a trip was not kept')
  const opened = { ...trip, id: row.id }
  noteChanged(db, matterOf(row.id), { before: undefined, after: opened })
  return opened
}

const matterOf = (trip: number) => ({ feature: 'car', matter: String(trip) })

export const NO_TRIP = '未找到该用车申请'

/** @throws Refusal when there is none: an id that never was and one that may not be seen read the same. */
export async function getTrip(db: Db, id: number): Promise<Trip> {
  const [found] = await tripsWhere(db, eq(trips.id, id), 1)
  if (!found) throw new Refusal(NO_TRIP)
  return found
}

/** The same, and nobody else moves it until this transaction ends. */
export async function holdTrip(db: Db, id: number): Promise<Trip> {
  await db.select({ id: trips.id }).from(trips).where(eq(trips.id, id)).for('update')
  return getTrip(db, id)
}

/** Several of them, by their ids. */
export async function holdTrips(db: Db, ids: number[]): Promise<Trip[]> {
  if (!ids.length) return []
  await db.select({ id: trips.id }).from(trips).where(inArray(trips.id, ids)).orderBy(asc(trips.id)).for('update')
  return tripsWhere(db, inArray(trips.id, ids), ids.length, asc(trips.id))
}

/** Saves over the revision that was read. */
export async function saveTrip(db: Db, before: Trip, after: Trip): Promise<void> {
  const saved = await db
    .update(trips)
    .set(rowOf(after))
    .where(and(eq(trips.id, before.id), eq(trips.rev, before.rev)))
    .returning({ id: trips.id })
  if (!saved.length) throw new Refusal('卡片已过期,请以最新卡片为准')
  noteChanged(db, matterOf(before.id), { before, after })
}

/** Which trips somebody may see in lists: those they have a part in, and by role (domain.md 1.2) those that were sent. */
export interface TripSight {
  person: string
  /** Decides or dispatches for the whole house. */
  house: boolean
  /** Units for which the person decides, dispatches or answers. */
  units: string[]
  /** Whom the person stands in for. */
  standsFor: string[]
}

const isSent: SQL = sql`${trips.submittedAt} is not null`
const names = (people: string[]): SQL => sql`${trips.people} && ${sql.param(people, trips.people)}`
/** As an array, so that the index finds what rode in them. */
const isDrivenBy = (people: string[]): SQL =>
  sql`${trips.run} = any(array(
    select id from ${runs} where ${inArray(runs.pilot, people)}
    union all select ${runs.id} from ${runs} join ${drivers} on ${drivers.id} = ${runs.driver} where ${inArray(drivers.person, people)}))`

function seenBy({ person, house, units, standsFor }: TripSight): SQL | undefined {
  const selves = [person, ...standsFor]
  const byRole = house ? sql`true` : units.length ? inArray(trips.unit, units) : undefined
  return or(inArray(trips.applicant, selves), and(isSent, or(names(selves), isDrivenBy(selves), byRole)))
}

export interface TripFilter {
  states?: TripState[]
  /** Not ended. */
  open?: true
  /** Who asked or rides. */
  rider?: string
  words?: string
  /** Whose words are looked for: what 机要 and 办案 trips are for is not found by others. */
  knownBy?: string
  number?: TripNumber
  /** Starts before, and ends at or after. */
  startsBefore?: Date
  endsFrom?: Date
}

function matching(filter: TripFilter): SQL | undefined {
  const { states, open, rider, words: said, knownBy = '', number: numbered, startsBefore, endsFrom } = filter
  return and(
    states ? inArray(trips.state, states) : undefined,
    open ? isOpen : undefined,
    rider
      ? or(
          eq(trips.applicant, rider),
          and(names([rider]), isSent, or(eq(trips.user, rider), sql`${rider} = any(${trips.passengers})`)),
        )
      : undefined,
    said ? about(said, knownBy) : undefined,
    numbered ? and(eq(trips.numberYear, numbered.year), eq(trips.numberSeq, numbered.seq)) : undefined,
    startsBefore ? lt(trips.startsAt, startsBefore) : undefined,
    endsFrom ? gte(trips.endsAt, endsFrom) : undefined,
  )
}

const about = (said: string, person: string): SQL | undefined =>
  or(contains(trips.destination, said), and(contains(trips.purpose, said), isToldTo(person)))

/** The index knows single characters and pairs. It serves who sees everything; others have few trips, and reckoning theirs is dearer. */
const indexed = ({ house }: TripSight, { words: said }: TripFilter): SQL | undefined =>
  house && said ? sql`${GRAMS} @> grams(${said})` : undefined

const contains = (column: PgColumn, said: string): SQL => sql`strpos(lower(${column}), ${said.toLowerCase()}) > 0`

const isToldTo = (person: string): SQL | undefined =>
  or(
    and(ne(trips.category, 'confidential'), ne(trips.ground, 'duty')),
    inArray(sql`${person}`, [trips.applicant, trips.user]),
  )

/** What somebody may see of what matches, the newest first. */
export async function tripsSeen(
  db: Db,
  sight: TripSight,
  filter: TripFilter,
  limit: number,
  offset = 0,
): Promise<Trip[]> {
  return tripsWhere(db, and(seenBy(sight), indexed(sight, filter), matching(filter)), limit, desc(trips.id), offset)
}

export async function countTripsSeen(db: Db, sight: TripSight, filter: TripFilter): Promise<number> {
  const [row] = await db
    .select({ n: sql`count(*)`.mapWith(Number) })
    .from(trips)
    .where(and(seenBy(sight), matching(filter)))
  return row?.n ?? 0
}

/** Let out before it was approved, and neither approved nor objected to since, whether or not the trip is over. */
const isOwed: SQL = sql`(${isNotNull(trips.nextAt)} and ${isNotNull(trips.urgent)})`

/** What is open and in one of some states, the earliest departure first. */
export async function openTripsSeen(
  db: Db,
  sight: TripSight,
  states: readonly TripState[],
  limit: number,
): Promise<Trip[]> {
  return tripsWhere(db, and(isOpen, inArray(trips.state, [...states]), seenBy(sight)), limit, asc(trips.startsAt))
}

/** What waits for the decision of one of some people, also of what is over and not approved yet, the earliest departure first. */
export async function tripsAwaiting(db: Db, people: string[], limit: number): Promise<Trip[]> {
  const isAsked = sql`${trips.awaits} && ${sql.param(people, trips.awaits)}`
  return tripsWhere(db, or(and(isOpen, isAsked), and(isOwed, isAsked)), limit, asc(trips.startsAt))
}

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

const OUT: TripState[] = ['dispatched', 'underway']

/** Trips of a group's people that have a car and are out at some time between two instants, the earliest first. */
export async function tripsOfGroup(db: Db, chat: string, from: Date, until: Date, limit: number): Promise<Trip[]> {
  const ofGroup = or(eq(trips.chat, chat), inArray(trips.applicant, membersOf(db, chat)))
  const between = and(lt(trips.startsAt, until), gte(trips.endsAt, from))
  return tripsWhere(db, and(isOpen, inArray(trips.state, OUT), ofGroup, between), limit, asc(trips.startsAt))
}

/** Who asks, rides or decides in what is open and starts before an instant, or waits for a decision or a car. */
export async function peopleInOpenTrips(db: Db, until: Date): Promise<string[]> {
  const waits = or(eq(trips.state, 'approved'), sql`cardinality(${trips.awaits}) > 0`)
  const rows = await db
    .selectDistinct({ person: sql<string>`unnest(${trips.people})` })
    .from(trips)
    .where(and(or(isOpen, isOwed), isSent, or(lt(trips.startsAt, until), waits)))
  return rows.map(({ person }) => person)
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

/** What somebody asked for last, for the form to offer. */
export async function lastTripsBy(db: Db, applicant: string, limit: number): Promise<Trip[]> {
  return tripsWhere(db, eq(trips.applicant, applicant), limit)
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

export const asRun = (row: typeof runs.$inferSelect): Run => defined(row)

export async function tripsWhere(
  db: Db,
  where: SQL | undefined,
  limit: number,
  order: SQL = desc(trips.id),
  offset = 0,
): Promise<Trip[]> {
  const rows = await db.select().from(trips).where(where).orderBy(order).limit(limit).offset(offset)
  return rows.map(asTrip)
}

function rowOf(trip: Omit<Trip, 'id'> & { id?: number }): Omit<typeof trips.$inferInsert, 'id'> {
  const { id: _id, number: given, steps, urgent, passengers, findings, ...rest } = trip
  return {
    ...nulled(rest),
    numberYear: given?.year ?? null,
    numberSeq: given?.seq ?? null,
    passengers: [...passengers],
    steps: steps.map(storedStep),
    awaits: [...awaitedBy(trip)],
    people: peopleOf(trip),
    findings: [...findings],
    urgent: storedUrgent(urgent),
  }
}

const storedUrgent = (urgent: Trip['urgent']): StoredUrgent | null => (urgent ? urgentKept(urgent) : null)

const urgentKept = ({ consentedAt, dueAt, since, put, ...said }: Urgent): StoredUrgent => ({
  ...said,
  dueAt: dueAt.toISOString(),
  ...(consentedAt ? { consentedAt: consentedAt.toISOString() } : {}),
  ...(since ? { since: since.toISOString() } : {}),
  ...(put ? { put: { from: put.from.toISOString(), to: put.to.toISOString() } } : {}),
})

const urgentOf = ({ consentedAt, dueAt, since, put, ...said }: StoredUrgent): Urgent => ({
  ...said,
  dueAt: new Date(dueAt),
  ...(consentedAt ? { consentedAt: new Date(consentedAt) } : {}),
  ...(since ? { since: new Date(since) } : {}),
  ...(put ? { put: { from: new Date(put.from), to: new Date(put.to) } } : {}),
})

function asTrip(row: typeof trips.$inferSelect): Trip {
  const { numberYear, numberSeq, awaits: _awaits, people: _people, steps, urgent, ...rest } = row
  const isNumbered = numberYear !== null && numberSeq !== null
  return {
    ...defined(rest),
    number: isNumbered ? { year: numberYear, seq: numberSeq } : undefined,
    steps: steps.map(stepOf),
    urgent: urgent ? urgentOf(urgent) : undefined,
  }
}
