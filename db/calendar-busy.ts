import { and, eq, gt, inArray, lt, sql } from 'drizzle-orm'
import { index, pgTable, primaryKey, text, timestamp } from 'drizzle-orm/pg-core'
import type { Db } from './client.ts'
import { busyLane, outbox } from './outbox.ts'

const instant = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' })

/** When people are taken by the platform's calendar, which tells no more than that. It is read anew before it is old. */
export const calendarBusy = pgTable(
  'calendar_busy',
  { person: text().notNull(), startsAt: instant('starts_at').notNull(), endsAt: instant('ends_at').notNull() },
  table => [
    index('calendar_busy_person').on(table.person, table.startsAt),
    // what is over is cleared away
    index('calendar_busy_ends').on(table.endsAt),
  ],
)

/** Of whom it was read, how far, and when: what was read for a meeting of next month takes nothing from one of this week. */
export const calendarReads = pgTable(
  'calendar_reads',
  {
    person: text().notNull(),
    from: instant('from_at').notNull(),
    until: instant('until_at').notNull(),
    readAt: instant('read_at').notNull(),
  },
  table => [primaryKey({ columns: [table.person, table.from] })],
)

/** Under which name it is kept since when the app has not been let read calendars. */
export const BUSY_DENIED = 'calendar.busy.denied'

export interface BusySpan {
  person: string
  startsAt: Date
  endsAt: Date
}

/** Keeps what was read of some people in the place of what was known of them for that span, and clears away what is over. */
export async function keepCalendarBusy(
  db: Db,
  people: readonly string[],
  { from, until }: { from: Date; until: Date },
  spans: readonly BusySpan[],
  readAt: Date,
): Promise<void> {
  if (!people.length) return
  await db
    .insert(calendarReads)
    .values([...people].sort().map(person => ({ person, from, until, readAt })))
    .onConflictDoUpdate({
      target: [calendarReads.person, calendarReads.from],
      set: { until: sql`excluded.until_at`, readAt: sql`excluded.read_at` },
    })
  await db
    .delete(calendarBusy)
    .where(
      and(inArray(calendarBusy.person, [...people]), lt(calendarBusy.startsAt, until), gt(calendarBusy.endsAt, from)),
    )
  if (spans.length) await db.insert(calendarBusy).values([...spans])
  await db.execute(sql`
    delete from calendar_busy where ctid = any(array(
      select ctid from calendar_busy where ends_at < ${readAt.toISOString()}::timestamptz limit ${AT_ONCE} for update skip locked
    ))`)
}

const AT_ONCE = 1_000

/** When some people are taken within a span, as far as it was read after a time: each once, though two may have read it together. */
export async function calendarBusyOf(
  db: Db,
  people: readonly string[],
  { startsAt, endsAt }: { startsAt: Date; endsAt: Date },
  after: Date,
): Promise<BusySpan[]> {
  if (!people.length) return []
  return db
    .selectDistinct({ person: calendarBusy.person, startsAt: calendarBusy.startsAt, endsAt: calendarBusy.endsAt })
    .from(calendarBusy)
    .innerJoin(
      calendarReads,
      and(
        eq(calendarReads.person, calendarBusy.person),
        lt(calendarReads.from, calendarBusy.endsAt),
        gt(calendarReads.until, calendarBusy.startsAt),
      ),
    )
    .where(
      and(
        inArray(calendarBusy.person, [...people]),
        gt(calendarReads.readAt, after),
        lt(calendarBusy.startsAt, endsAt),
        gt(calendarBusy.endsAt, startsAt),
      ),
    )
}

/** Whether calendars are about to be read for a matter. */
export async function isReadingCalendars(db: Db, matter: string): Promise<boolean> {
  const [row] = await db
    .select({ id: outbox.id })
    .from(outbox)
    .where(and(eq(outbox.lane, busyLane(matter)), eq(outbox.state, 'waiting')))
    .limit(1)
  return row !== undefined
}

/** Those of whom a span was read after a time. */
export async function calendarsRead(
  db: Db,
  people: readonly string[],
  { startsAt, endsAt }: { startsAt: Date; endsAt: Date },
  after: Date,
): Promise<string[]> {
  if (!people.length) return []
  const rows = await db
    .selectDistinct({ person: calendarReads.person })
    .from(calendarReads)
    .where(
      and(
        inArray(calendarReads.person, [...people]),
        sql`${calendarReads.from} <= ${sql.param(startsAt, calendarReads.from)}`,
        sql`${calendarReads.until} >= ${sql.param(endsAt, calendarReads.until)}`,
        gt(calendarReads.readAt, after),
      ),
    )
  return rows.map(({ person }) => person)
}
