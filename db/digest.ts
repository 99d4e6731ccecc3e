import { and, asc, eq, isNotNull, lte, ne, or, sql } from 'drizzle-orm'
import { index, pgTable, primaryKey, text, timestamp } from 'drizzle-orm/pg-core'
import type { Db } from './client.ts'
import { chats } from './people.ts'

/** Groups that want a digest, as it was said. */
export const broadcasts = pgTable(
  'broadcasts',
  {
    chat: text().primaryKey(),
    by: text().notNull(),
    said: text().notNull(),
    saidAt: timestamp('said_at', { withTimezone: true, mode: 'date' }).notNull(),
    calendarId: text('calendar_id').notNull(),
    nextAt: timestamp('next_at', { withTimezone: true, mode: 'date' }),
  },
  table => [index('broadcasts_due').on(table.nextAt)],
)

/** What was composed for whom (a person or a group) and when it was due: the row can be made only once. */
export const digests = pgTable(
  'digests',
  {
    reader: text().notNull(),
    dueAt: timestamp('due_at', { withTimezone: true, mode: 'date' }).notNull(),
  },
  table => [primaryKey({ columns: [table.reader, table.dueAt] })],
)

export type Broadcast = Omit<typeof broadcasts.$inferSelect, 'nextAt'> & { nextAt: Date | undefined }

export async function keepBroadcast(db: Db, broadcast: Broadcast): Promise<void> {
  const { chat, ...rest } = { ...broadcast, nextAt: broadcast.nextAt ?? null }
  await db
    .insert(broadcasts)
    .values({ chat, ...rest })
    .onConflictDoUpdate({ target: broadcasts.chat, set: rest })
}

export async function dropBroadcast(db: Db, chat: string): Promise<boolean> {
  const gone = await db.delete(broadcasts).where(eq(broadcasts.chat, chat)).returning({ chat: broadcasts.chat })
  return gone.length > 0
}

export async function broadcastOf(db: Db, chat: string): Promise<Broadcast | undefined> {
  const [row] = await db.select().from(broadcasts).where(eq(broadcasts.chat, chat))
  return row && { ...row, nextAt: row.nextAt ?? undefined }
}

/** Due, or reckoned by another calendar; held until this transaction ends. Groups that we have left keep theirs and get none. */
export async function takeBroadcasts(db: Db, until: Date, calendarId: string, limit: number): Promise<Broadcast[]> {
  const rows = await db
    .select({ broadcast: broadcasts })
    .from(broadcasts)
    .innerJoin(chats, eq(chats.id, broadcasts.chat))
    .where(and(eq(chats.present, true), or(lte(broadcasts.nextAt, until), ne(broadcasts.calendarId, calendarId))))
    .orderBy(asc(broadcasts.chat))
    .limit(limit)
    .for('update', { of: broadcasts, skipLocked: true })
  return rows.map(({ broadcast }) => ({ ...broadcast, nextAt: broadcast.nextAt ?? undefined }))
}

export async function nextBroadcast(db: Db): Promise<Date | undefined> {
  const [row] = await db
    .select({ at: broadcasts.nextAt })
    .from(broadcasts)
    .innerJoin(chats, and(eq(chats.id, broadcasts.chat), eq(chats.present, true)))
    .where(isNotNull(broadcasts.nextAt))
    .orderBy(asc(broadcasts.nextAt))
    .limit(1)
  return row?.at ?? undefined
}

/** Those of the readers for whom nothing was composed for this instant yet; nobody else composes for them from now on. */
export async function claimDigests(db: Db, readers: string[], dueAt: Date): Promise<string[]> {
  if (!readers.length) return []
  const rows = await db
    .insert(digests)
    .values(readers.map(reader => ({ reader, dueAt })))
    .onConflictDoNothing()
    .returning({ reader: digests.reader })
  return rows.map(row => row.reader)
}

export async function composedAt(db: Db, dueAt: Date): Promise<Set<string>> {
  const rows = await db.select({ reader: digests.reader }).from(digests).where(eq(digests.dueAt, dueAt))
  return new Set(rows.map(row => row.reader))
}

export async function forgetDigests(db: Db, before: Date): Promise<void> {
  await db.delete(digests).where(sql`${digests.dueAt} < ${before.toISOString()}::timestamptz`)
}
