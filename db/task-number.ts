import { sql } from 'drizzle-orm'
import { integer, pgTable, primaryKey, smallint, text } from 'drizzle-orm/pg-core'
import type { TaskNumber } from '../src/office/task/number.ts'
import type { Db } from './client.ts'

/** The last number given in each series (DB-30): a row, so that a turn that fails leaves no gap. */
export const taskNumbers = pgTable(
  'task_numbers',
  { unit: text().notNull(), word: text().notNull(), year: smallint().notNull(), last: integer().notNull() },
  table => [primaryKey({ columns: [table.unit, table.word, table.year] })],
)

/** The next number of a series; others wait until this transaction has ended. */
export async function takeNumber(db: Db, unit: string, word: string, year: number): Promise<TaskNumber> {
  const [row] = await db
    .insert(taskNumbers)
    .values({ unit, word, year, last: 1 })
    .onConflictDoUpdate({
      target: [taskNumbers.unit, taskNumbers.word, taskNumbers.year],
      set: { last: sql`${taskNumbers.last} + 1` },
    })
    .returning({ last: taskNumbers.last })
  if (!row) throw new Error('no number was given')
  return { word, year, seq: row.last }
}
