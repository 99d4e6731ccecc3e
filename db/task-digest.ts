import { and, asc, desc, eq, inArray, isNotNull, lt, ne, or, sql } from 'drizzle-orm'
import type { Task } from '../src/office/task/task.ts'
import type { Db } from './client.ts'
import { membersOf } from './people.ts'
import { asTask, isOpen, LATE_STATES, taskAssists, tasks } from './task.ts'
import { type Sight, seenBy } from './task-sight.ts'
import { ASKING } from './task-waiting.ts'

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

/** What members of a group lead and somebody may see, unless kept from others by 知悉范围, and that runs out before an instant. */
export async function dueInGroup(
  db: Db,
  chat: string,
  sight: Sight,
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
        seenBy(sight),
      ),
    )
    .orderBy(asc(tasks.dueAt), desc(tasks.id))
    .limit(limit)
  return rows.map(row => asTask(row, []))
}
