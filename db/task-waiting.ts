import { and, asc, desc, eq, inArray, isNotNull, isNull, or, type SQL, sql } from 'drizzle-orm'
import type { TaskState } from '../src/office/task/flow.ts'
import type { Task } from '../src/office/task/task.ts'
import type { Db } from './client.ts'
import { isOpen, tasks, tasksWhere } from './task.ts'
import { assists, GIVEN, isOf, type Sight, seenBy } from './task-sight.ts'

/**
 * What may wait for somebody: what is open and in their hands, what asks for a decision where they supervise, and what came
 * back to them unread. Of each so many, the earliest due first, that one kind does not crowd out the others; `more`: one kind
 * may go on.
 */
export async function waitingSeen(db: Db, sight: Sight, limit: number): Promise<{ found: Task[]; more: boolean }> {
  const { person } = sight
  const unread = and(
    sql`${tasks.state} in ('closed', 'archived')`,
    isNull(tasks.acknowledgedAt),
    sql`coalesce(leader, given_by, maker) = ${person}`,
  )
  const some = await Promise.all([
    tasksWhere(db, and(isOpen, isOf(person), inHandsOf(person)), limit, asc(tasks.dueAt)),
    tasksWhere(
      db,
      and(isOpen, or(inArray(tasks.state, ASKING), isNotNull(tasks.change)), seenBy(sight)),
      limit,
      asc(tasks.dueAt),
    ),
    tasksWhere(db, unread, MOST_UNREAD, desc(tasks.closedAt)),
  ])
  const [own = [], asking = [], read = []] = some
  return {
    found: [...new Map(some.flat().map(task => [task.id, task])).values()],
    more: own.length >= limit || asking.length >= limit || read.length >= MOST_UNREAD,
  }
}

/** The latest; so few that the index is read in its order. */
const MOST_UNREAD = 50

/** Not what somebody only made, gave or was let in to. */
const inHandsOf = (person: string): SQL | undefined =>
  or(
    and(GIVEN, or(eq(tasks.lead, person), eq(tasks.signedBy, person), assists(person))),
    and(eq(tasks.maker, person), inArray(tasks.state, ['draft', 'returned'])),
  )

/** States in which somebody of the supervising office has to decide. */
export const ASKING: TaskState[] = ['submitted', 'returned', 'extending', 'finished', 'suspending', 'cancelling']
