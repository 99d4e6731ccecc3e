import { and, asc, desc, eq, inArray, type SQL, sql } from 'drizzle-orm'
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
import type { Finding } from '../src/kit/finding.ts'
import { Refusal } from '../src/kit/refusal.ts'
import { type TripMove, type TripState, tripFlow } from '../src/office/car/flow.ts'
import { peopleOf } from '../src/office/car/roles.ts'
import { awaitedBy } from '../src/office/car/steps.ts'
import {
  CATEGORIES,
  type Category,
  type Consent,
  GROUNDS,
  type Ground,
  REACHES,
  type Reach,
} from '../src/office/car/terms.ts'
import type { Trip, TripNumber, Urgent } from '../src/office/car/trip.ts'
import { runs } from './car-run.ts'
import { noteChanged } from './changes.ts'
import type { Db } from './client.ts'
import { defined, nulled } from './nulls.ts'
import { type StoredStep, stepOf, storedStep } from './steps.ts'

const words = <T extends string>(of: Record<T, unknown>) => Object.keys(of) as [T, ...T[]]
const instant = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' })
const number = (name: string) => bigint(name, { mode: 'number' })

const ENDED = sql.raw(
  (['completed', 'refused', 'withdrawn', 'cancelled', 'missed'] satisfies TripState[])
    .map(state => `'${state}'`)
    .join(', '),
)
export const isOpen: SQL = sql`state not in (${ENDED})`

/** What a trip is found by. */
export const GRAMS = sql`grams(destination || ' ' || purpose)`

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

export const storedUrgent = (urgent: Trip['urgent']): StoredUrgent | null => (urgent ? urgentKept(urgent) : null)

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

export function asTrip(row: typeof trips.$inferSelect): Trip {
  const { numberYear, numberSeq, awaits: _awaits, people: _people, steps, urgent, ...rest } = row
  const isNumbered = numberYear !== null && numberSeq !== null
  return {
    ...defined(rest),
    number: isNumbered ? { year: numberYear, seq: numberSeq } : undefined,
    steps: steps.map(stepOf),
    urgent: urgent ? urgentOf(urgent) : undefined,
  }
}
