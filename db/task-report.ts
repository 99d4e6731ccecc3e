import { and, gte, lt, ne, sql } from 'drizzle-orm'
import type { MonthFigures } from '../src/office/task/chart.ts'
import type { Lit } from '../src/office/task/light.ts'
import type { Db } from './client.ts'
import { defined, type Filter, isOpen, matching, type Sight, seenBy, tasks } from './task.ts'

/** Of the open ones that match and may be seen what their light depends on; at most `limit`. */
export async function litSeen(
  db: Db,
  sight: Sight,
  filter: Filter,
  limit: number,
): Promise<Array<Lit & { id: number }>> {
  const { id, state, dueAt, redos, assignedAt, signedAt, signDueAt, reportDueAt, percent } = tasks
  const rows = await db
    .select({ id, state, dueAt, redos, assignedAt, signedAt, signDueAt, reportDueAt, percent })
    .from(tasks)
    .where(and(seenBy(sight), matching(filter), isOpen))
    .limit(limit)
  return rows.map(row => defined(row))
}

/** How many were given out and closed in each month from `from` up to `until`, without 撤销; months without any are absent. */
export async function monthsSeen(db: Db, sight: Sight, from: Date, until: Date): Promise<MonthFigures[]> {
  const seen = and(seenBy(sight), ne(tasks.state, 'cancelled'))
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
