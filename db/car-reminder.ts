import { eq } from 'drizzle-orm'
import { date, index, pgTable, primaryKey, text } from 'drizzle-orm/pg-core'
import type { Db } from './client.ts'

/** What was said of something that runs out, once for each step; `told_on` = the morning whose card tells it. */
export const carReminders = pgTable(
  'car_reminders',
  {
    /** `vehicle/7`, `driver/3`, `seal/2027-01-01`. */
    matter: text().notNull(),
    what: text().notNull(),
    /** What it is due by: another one after a renewal. */
    by: text('due_by').notNull(),
    step: text().notNull(),
    toldOn: date('told_on').notNull(),
  },
  table => [
    primaryKey({ columns: [table.matter, table.what, table.by, table.step] }),
    // what this morning's cards tell
    index('car_reminders_day').on(table.toldOn),
  ],
)

export type Reminded = typeof carReminders.$inferSelect

/** Notes what is said for the first time; answers what that is. */
export async function noteReminders(db: Db, some: Reminded[]): Promise<Reminded[]> {
  if (!some.length) return []
  return db.insert(carReminders).values(some).onConflictDoNothing().returning()
}

/** What this morning's cards tell. */
export async function remindedOn(db: Db, day: string): Promise<Reminded[]> {
  return db.select().from(carReminders).where(eq(carReminders.toldOn, day)).limit(2_000)
}
