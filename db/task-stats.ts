import { and, gte, isNotNull, isNull, lt, ne, or, type SQL, sql } from 'drizzle-orm'
import type { MonthFigures } from '../src/office/task/chart.ts'
import type { Counted } from '../src/office/task/task.ts'
import type { Db } from './client.ts'
import { asTask, SPAN, tasks } from './task.ts'
import { type Sight, seenBy } from './task-sight.ts'

/** Given out before the end of a period and not ended before its start. */
const underwayIn = (from: Date, until: Date): SQL =>
  sql`${SPAN} && tstzrange(${from.toISOString()}, ${until.toISOString()})`

/** What is done longer before its deadline than this is not looked for. */
const AHEAD_MS = 366 * 86_400_000

/** Everything that counts in a period: open at its start, given or due in it, without 撤销 (domain.md 2.9). */
export async function tasksCounted(db: Db, sight: Sight, from: Date, until: Date): Promise<Counted[]> {
  if (until <= from) return []
  const given = and(isNotNull(tasks.assignedAt), lt(tasks.assignedAt, until), ne(tasks.state, 'cancelled'))
  const inHand = or(isNull(tasks.closedAt), gte(tasks.closedAt, from))
  const due = and(gte(tasks.dueAt, from), lt(tasks.dueAt, until))
  const lately = underwayIn(new Date(from.getTime() - AHEAD_MS), until)
  const rows = await db
    .select()
    .from(tasks)
    .where(and(given, lately, or(inHand, due), seenBy(sight)))
    .limit(20_000)
  return rows.map(row => {
    const { assists: _, ...task } = asTask(row, [])
    return task
  })
}

/** How many were given out and closed in each month from `from` up to `until`, without 撤销; months without any are absent. */
export async function monthsSeen(db: Db, sight: Sight, from: Date, until: Date): Promise<MonthFigures[]> {
  if (until <= from) return []
  const seen = and(seenBy(sight), ne(tasks.state, 'cancelled'), underwayIn(from, until))
  const count = async (at: typeof tasks.assignedAt | typeof tasks.closedAt) => {
    // by the months of Shanghai, whatever the database's own zone
    const month = sql<string>`to_char(${at} at time zone 'UTC' + interval '8 hours', 'YYYY-MM')`
    return db
      .select({ month, n: sql`count(*)`.mapWith(Number) })
      .from(tasks)
      .where(and(seen, gte(at, from), lt(at, until)))
      .groupBy(sql`1`)
  }
  const [given, closed] = await Promise.all([count(tasks.assignedAt), count(tasks.closedAt)])
  const months = [...new Set([...given, ...closed].map(row => row.month))].sort()
  const of = (rows: typeof given, month: string): number => rows.find(row => row.month === month)?.n ?? 0
  return months.map(month => ({ month, given: of(given, month), closed: of(closed, month) }))
}
