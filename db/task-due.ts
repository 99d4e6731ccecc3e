import { asc, eq, inArray, isNotNull, lte } from 'drizzle-orm'
import type { Task } from '../src/office/task/task.ts'
import { noteChanged } from './changes.ts'
import type { Db } from './client.ts'
import { matterOf, tasks, tasksWhere } from './task.ts'

/** What the heartbeat has to look at, held until its transaction ends. */
export async function dueTasks(db: Db, now: Date, limit: number): Promise<Task[]> {
  const rows = await db
    .select({ id: tasks.id })
    .from(tasks)
    .where(lte(tasks.nextAt, now))
    .orderBy(asc(tasks.nextAt), asc(tasks.id))
    .limit(limit)
    .for('update', { skipLocked: true })
  return rows.length
    ? tasksWhere(
        db,
        inArray(
          tasks.id,
          rows.map(row => row.id),
        ),
        limit,
      )
    : []
}

export async function nextTaskAt(db: Db): Promise<Date | undefined> {
  const [row] = await db
    .select({ nextAt: tasks.nextAt })
    .from(tasks)
    .where(isNotNull(tasks.nextAt))
    .orderBy(asc(tasks.nextAt))
    .limit(1)
  return row?.nextAt ?? undefined
}

/** Notes what the heartbeat has done: the steps up to now are past. */
export async function keepClimbed(db: Db, before: Task, { ladderFrom, nextAt }: Task): Promise<void> {
  await db
    .update(tasks)
    .set({ ladderFrom: ladderFrom ?? null, nextAt: nextAt ?? null })
    .where(eq(tasks.id, before.id))
  noteChanged(db, matterOf(before), { before, after: { ...before, ladderFrom, nextAt } })
}
