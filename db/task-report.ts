import { and, asc, desc, eq, gte, inArray, isNotNull, lt, ne, or, sql } from 'drizzle-orm'
import type { MonthFigures } from '../src/office/task/chart.ts'
import type { Lit } from '../src/office/task/light.ts'
import type { Task } from '../src/office/task/task.ts'
import type { Db } from './client.ts'
import { defined } from './nulls.ts'
import { membersOf } from './people.ts'
import {
  ASKING,
  asTask,
  type Filter,
  isOpen,
  LATE_STATES,
  matching,
  type Sight,
  seenBy,
  taskAssists,
  tasks,
  underwayIn,
} from './task.ts'

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

/** People who have to sign, or whose time runs out before an instant: who leads, and who assists. */
export async function pressed(db: Db, until: Date): Promise<string[]> {
  const [leads, assistants] = await Promise.all([
    db
      .selectDistinct({ person: tasks.lead })
      .from(tasks)
      .where(
        and(
          isOpen,
          inArray(tasks.state, LATE_STATES),
          or(eq(tasks.state, 'assigned'), lt(tasks.dueAt, until), lt(tasks.reportDueAt, until)),
        ),
      ),
    db
      .selectDistinct({ person: taskAssists.person })
      .from(taskAssists)
      .innerJoin(tasks, eq(tasks.id, taskAssists.task))
      .where(
        and(
          isOpen,
          inArray(tasks.state, LATE_STATES),
          ne(taskAssists.state, 'finished'),
          or(eq(taskAssists.state, 'assigned'), lt(taskAssists.dueAt, until), lt(tasks.dueAt, until)),
        ),
      ),
  ])
  return [...new Set([...leads, ...assistants].map(row => row.person))]
}

/** Whether anything waits for a decision of the supervising office. */
export async function isAsked(db: Db): Promise<boolean> {
  const [row] = await db
    .select({ id: tasks.id })
    .from(tasks)
    .where(and(isOpen, or(inArray(tasks.state, ['draft', ...ASKING]), isNotNull(tasks.change))))
    .limit(1)
  return row !== undefined
}

/** What members of a group lead, unless kept from others by 知悉范围, and that runs out before an instant. */
export async function dueInGroup(
  db: Db,
  chat: string,
  until: Date,
  limit: number,
): Promise<Array<Pick<Task, 'id' | 'number' | 'title' | 'source' | 'dueAt'>>> {
  const members = membersOf(db, chat)
  const rows = await db
    .select()
    .from(tasks)
    .where(
      and(
        isOpen,
        inArray(tasks.state, LATE_STATES),
        lt(tasks.dueAt, until),
        sql`cardinality(${tasks.scope}) = 0`,
        inArray(tasks.lead, members),
      ),
    )
    .orderBy(asc(tasks.dueAt), desc(tasks.id))
    .limit(limit)
  return rows.map(row => asTask(row, []))
}
