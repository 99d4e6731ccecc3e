import { and, asc, eq, inArray, sql } from 'drizzle-orm'
import type { Task } from '../src/office/task/task.ts'
import type { Db } from './client.ts'
import { isOpen, saveTask, tasks, tasksWhere } from './task.ts'

/** Open tasks whose instants stand by other days and hours than those in force; those that are over stay as they were. */
const otherwise = (calendarId: string) => and(isOpen, sql`${tasks.calendarId} is distinct from ${calendarId}`)

export async function hasUncalibrated(db: Db, calendarId: string): Promise<boolean> {
  const [row] = await db.select({ id: tasks.id }).from(tasks).where(otherwise(calendarId)).limit(1)
  return row !== undefined
}

/** Some of them, held until this transaction ends; another process takes others. */
export async function takeUncalibrated(db: Db, calendarId: string, limit: number): Promise<Task[]> {
  const rows = await db
    .select({ id: tasks.id })
    .from(tasks)
    .where(otherwise(calendarId))
    .orderBy(asc(tasks.id))
    .limit(limit)
    .for('update', { skipLocked: true })
  const ids = rows.map(row => row.id)
  return ids.length ? tasksWhere(db, inArray(tasks.id, ids), limit) : []
}

export async function keepCalibrated(db: Db, before: Task, after: Task, calendarId: string): Promise<void> {
  await saveTask(db, before, after)
  await db.update(tasks).set({ calendarId }).where(eq(tasks.id, after.id))
}
