import { type SQL, sql } from 'drizzle-orm'
import {
  bigint,
  boolean,
  index,
  integer,
  jsonb,
  pgTable,
  smallint,
  text,
  timestamp,
  uniqueIndex,
} from 'drizzle-orm/pg-core'
import { type TripMove, type TripState, tripFlow } from '../src/office/car/flow.ts'
import {
  CATEGORIES,
  type Category,
  type Consent,
  type Decider,
  GROUNDS,
  type Ground,
  REACHES,
  type Reach,
} from '../src/office/car/terms.ts'
import { type Finding, RUN_STATES, type RunState } from '../src/office/car/trip.ts'
import { drivers, vehicles } from './car-fleet.ts'

const words = <T extends string>(of: Record<T, unknown>) => Object.keys(of) as [T, ...T[]]
const instant = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' })
const number = (name: string) => bigint(name, { mode: 'number' })

const ENDED = sql.raw(
  (['completed', 'refused', 'withdrawn', 'cancelled', 'missed'] satisfies TripState[])
    .map(state => `'${state}'`)
    .join(', '),
)
const isOpen: SQL = sql`state not in (${ENDED})`

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
    // what the heartbeat finds, whatever lies in the past
    index('trips_next').on(table.nextAt).where(sql`next_at is not null`),
  ],
)

export interface StoredStep {
  by: Decider
  why: string[]
  people: string[]
  decision?: { by: string; inPlaceOf?: string; at: string; word: string }
}

interface StoredUrgent {
  consentedBy: string
  way: Consent
  consentedAt: string
  dueAt: string
}

/**
 * A car on its way with a driver. Two constraints, which come with the migration because drizzle has no words for them, let no
 * car and no driver be in two runs at once: `runs_vehicle_free` and `runs_driver_free` (CAR-27).
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
    // a car goes out once before it comes back, and so does its driver
    uniqueIndex('runs_vehicle_out').on(table.vehicle).where(sql`state = 'out'`),
    uniqueIndex('runs_driver_out').on(table.driver).where(sql`state = 'out'`),
    // a vehicle's runs by time: its neighbours' odometers, its month
    index('runs_vehicle').on(table.vehicle, table.startsAt),
    index('runs_driver').on(table.driver, table.startsAt),
    // what is planned or out in a span, for the board and the proposal
    index('runs_starts').on(table.startsAt),
    index('runs_next').on(table.nextAt).where(sql`next_at is not null`),
  ],
)

/** The last number given in a year: a row, so that a turn that fails leaves no gap. */
export const tripNumbers = pgTable('trip_numbers', { year: smallint().primaryKey(), last: integer().notNull() })
