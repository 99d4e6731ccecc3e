import { and, eq, type SQLWrapper, sql } from 'drizzle-orm'
import { pgTable, primaryKey, text, timestamp } from 'drizzle-orm/pg-core'
import { type Db, statement, textArray } from './client.ts'
import { reminders } from './remind.ts'

/** Who wants no more reminders from whom. */
export const refusals = pgTable(
  'reminder_refusals',
  {
    person: text().notNull(),
    maker: text().notNull(),
    at: timestamp({ withTimezone: true, mode: 'date' }).notNull(),
  },
  table => [primaryKey({ columns: [table.person, table.maker] })],
)

export async function refuseFrom(db: Db, person: string, maker: string, at: Date): Promise<void> {
  await db.insert(refusals).values({ person, maker, at }).onConflictDoNothing()
}

export async function acceptFrom(db: Db, person: string, maker: string): Promise<boolean> {
  const gone = await db
    .delete(refusals)
    .where(and(eq(refusals.person, person), eq(refusals.maker, maker)))
    .returning({ person: refusals.person })
  return gone.length > 0
}

const readRefused = statement(db =>
  db
    .select({ person: refusals.person, maker: refusals.maker })
    .from(refusals)
    .where(sql`${refusals.person} = any(${sql.placeholder('persons')}::text[])`)
    .prepare('refused'),
)

/** Pairs of a person and somebody from whom they want no reminders. */
export async function refusedPairs(db: Db, persons: string[]): Promise<Array<{ person: string; maker: string }>> {
  return persons.length ? readRefused(db, { persons: textArray(persons) }) : []
}

/** Whether the reminder at hand is from somebody of whom this person wants none. */
export const isRefused = (person: SQLWrapper) =>
  sql`exists (select from ${refusals} where ${refusals.person} = ${person} and ${refusals.maker} = ${reminders.maker})`
