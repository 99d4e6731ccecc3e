import { and, asc, desc, eq, gte, inArray, isNotNull, lte, ne, or, sql } from 'drizzle-orm'
import { bigint, index, integer, pgTable, smallint, text, timestamp } from 'drizzle-orm/pg-core'
import { Refusal } from '../src/kit/refusal.ts'
import type { Meeting } from '../src/office/meeting/meeting.ts'
import { type Series, type SeriesState, seriesFlow } from '../src/office/meeting/series.ts'
import { noteChanged } from './changes.ts'
import type { Db } from './client.ts'
import { meetings, meetingsWhere } from './meeting.ts'
import { defined, nulled } from './nulls.ts'

const states = Object.keys(seriesFlow.states) as [SeriesState, ...SeriesState[]]
const instant = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' })

/** Recurring meetings. */
export const meetingSeries = pgTable(
  'meeting_series',
  {
    id: bigint({ mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    rev: integer().notNull(),
    state: text({ enum: states }).notNull(),
    maker: text().notNull(),
    unit: text().notNull(),
    said: text().notNull(),
    saidAt: instant('said_at').notNull(),
    calendarId: text('calendar_id').notNull(),
    aheadDays: smallint('ahead_days').notNull(),
    first: bigint('first', { mode: 'number' })
      .notNull()
      .references(() => meetings.id),
    lastAt: instant('last_at').notNull(),
    nextAt: instant('next_at'),
    dueAt: instant('due_at'),
    movedBy: text('moved_by').notNull(),
    movedAt: instant('moved_at').notNull(),
  },
  table => [
    // what the heartbeat finds
    index('meeting_series_due').on(table.dueAt).where(sql`state = 'active' and due_at is not null`),
    index('meeting_series_maker').on(table.maker, table.id),
  ],
)

export async function openSeries(db: Db, series: Omit<Series, 'id'>): Promise<Series> {
  const [row] = await db.insert(meetingSeries).values(nulled(series)).returning({ id: meetingSeries.id })
  if (!row) throw new Error('a series was not kept')
  await db.update(meetings).set({ series: row.id }).where(eq(meetings.id, series.first))
  const opened = { ...series, id: row.id }
  noteChanged(db, matterOf(row.id), { before: undefined, after: opened })
  return opened
}

const matterOf = (id: number) => ({ feature: 'meeting', matter: `series/${id}` })

export const NO_SERIES = '未找到该定期会议'

/** @throws Refusal when there is none. */
export async function getSeries(db: Db, id: number): Promise<Series> {
  const [row] = await db.select().from(meetingSeries).where(eq(meetingSeries.id, id))
  if (!row) throw new Refusal(NO_SERIES)
  return defined(row)
}

/** The same, and nobody else moves it until this transaction ends. */
export async function holdSeries(db: Db, id: number): Promise<Series> {
  await db.select({ id: meetingSeries.id }).from(meetingSeries).where(eq(meetingSeries.id, id)).for('update')
  return getSeries(db, id)
}

export async function saveSeries(db: Db, before: Series, after: Series): Promise<void> {
  const { id, ...row } = after
  await db.update(meetingSeries).set(nulled(row)).where(eq(meetingSeries.id, id))
  noteChanged(db, matterOf(id), { before, after })
}

/** Series of which the next meeting is to be made, held; what somebody moves just now comes at the next look. */
export async function dueSeries(db: Db, by: Date, limit: number): Promise<Series[]> {
  const rows = await db
    .select()
    .from(meetingSeries)
    .where(and(eq(meetingSeries.state, 'active'), isNotNull(meetingSeries.dueAt), lte(meetingSeries.dueAt, by)))
    .orderBy(asc(meetingSeries.dueAt))
    .limit(limit)
    .for('update', { skipLocked: true })
  return rows.map(row => defined(row))
}

export async function nextSeriesAt(db: Db): Promise<Date | undefined> {
  const [row] = await db
    .select({ at: meetingSeries.dueAt })
    .from(meetingSeries)
    .where(and(eq(meetingSeries.state, 'active'), isNotNull(meetingSeries.dueAt)))
    .orderBy(asc(meetingSeries.dueAt))
    .limit(1)
  return row?.at ?? undefined
}

/** Those that somebody made, or that belong to some units, the latest first. */
export async function seriesOf(db: Db, maker: string, units: string[], limit: number): Promise<Series[]> {
  const rows = await db
    .select()
    .from(meetingSeries)
    .where(
      and(
        ne(meetingSeries.state, 'terminated'),
        or(eq(meetingSeries.maker, maker), units.length ? inArray(meetingSeries.unit, units) : undefined),
      ),
    )
    .orderBy(desc(meetingSeries.id))
    .limit(limit)
  return rows.map(row => defined(row))
}

/** Reckoned by other days and hours than those in force. */
export async function seriesReckonedOtherwise(db: Db, calendarId: string, limit: number): Promise<Series[]> {
  const rows = await db
    .select()
    .from(meetingSeries)
    .where(and(ne(meetingSeries.state, 'terminated'), ne(meetingSeries.calendarId, calendarId)))
    .orderBy(asc(meetingSeries.id))
    .limit(limit)
  return rows.map(row => defined(row))
}

/** Meetings of a series that are still to be held. */
export const comingOf = (db: Db, series: number, now: Date, limit: number): Promise<Meeting[]> =>
  meetingsWhere(
    db,
    and(eq(meetings.series, series), gte(meetings.endsAt, now), ne(meetings.state, 'cancelled')),
    limit,
    asc(meetings.startsAt),
  )
