import { and, asc, eq, gte, sql } from 'drizzle-orm'
import { bigint, index, jsonb, pgTable, text, timestamp } from 'drizzle-orm/pg-core'
import { insertRows } from './bulk.ts'
import { type Db, statement } from './client.ts'

/** Append-only (a trigger holds it): who did what to which matter, for whom, when and from where. */
export const events = pgTable(
  'events',
  {
    id: bigint({ mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    at: timestamp({ withTimezone: true, mode: 'date' }).notNull(),
    who: text().notNull(),
    /** On whose behalf, when a deputy or a secretary acts. */
    actingFor: text('acting_for'),
    /** What they held then, by code: `KZ,CB`; after a stroke what the one held for whom they acted. Null: not noted yet, or nobody. */
    roles: text(),
    feature: text().notNull(),
    matter: text(),
    act: text().notNull(),
    outcome: text({ enum: ['ok', 'refused'] }).notNull(),
    chat: text().notNull(),
    /** The delivery that caused it. */
    delivery: text().notNull(),
    data: jsonb().$type<EventData>().notNull(),
  },
  table => [
    // the history on a card
    index('events_matter').on(table.feature, table.matter, table.id),
    // an auditor asks for a time; small, and cheap to keep up
    index('events_at').using('brin', table.at),
  ],
)

export type EventData = Record<string, unknown>
export type NewEvent = Omit<typeof events.$inferInsert, 'id'>
export type Event = typeof events.$inferSelect

const insertEvent = statement(db =>
  db
    .insert(events)
    .values({
      at: sql.placeholder('at'),
      who: sql.placeholder('who'),
      actingFor: sql.placeholder('actingFor'),
      roles: sql.placeholder('roles'),
      feature: sql.placeholder('feature'),
      matter: sql.placeholder('matter'),
      act: sql.placeholder('act'),
      outcome: sql.placeholder('outcome'),
      chat: sql.placeholder('chat'),
      delivery: sql.placeholder('delivery'),
      data: sql.placeholder('data'),
    })
    .prepare('event'),
)

export async function record(db: Db, event: NewEvent): Promise<void> {
  await insertEvent(db, { actingFor: null, roles: null, matter: null, ...event })
}

/** Several at once, in their order. */
export async function recordAll(db: Db, some: readonly NewEvent[]): Promise<void> {
  const [first] = some
  if (some.length === 1 && first) return record(db, first)
  await insertRows(
    db,
    events,
    some.map(event => ({ actingFor: null, roles: null, matter: null, ...event })),
  )
}

/** What of one kind has happened to a matter since an instant, oldest first. */
export async function eventsSince(
  db: Db,
  { feature, matter, act }: { feature: string; matter: string; act: string },
  since: Date,
): Promise<Event[]> {
  return db
    .select()
    .from(events)
    .where(and(eq(events.feature, feature), eq(events.matter, matter), eq(events.act, act), gte(events.at, since)))
    .orderBy(asc(events.id))
    .limit(100)
}

const readHistory = statement(db =>
  db
    .select()
    .from(events)
    .where(
      and(
        eq(events.feature, sql.placeholder('feature')),
        eq(events.matter, sql.placeholder('matter')),
        eq(events.outcome, 'ok'),
      ),
    )
    .orderBy(asc(events.id))
    .limit(500)
    .prepare('history'),
)

/** A matter's history, oldest first. */
export async function history(db: Db, feature: string, matter: string): Promise<Event[]> {
  return readHistory(db, { feature, matter })
}
