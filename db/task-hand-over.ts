import { and, eq, or, type SQL, sql } from 'drizzle-orm'
import type { Task } from '../src/office/task/task.ts'
import type { Db } from './client.ts'
import { isOpen, taskAssists, tasks, tasksWhere } from './task.ts'
import { isOf } from './task-sight.ts'

/** What is open and somebody leads, or assists with and has not finished, for whoever hands it over. */
export const tasksBorneBy = (db: Db, person: string, limit: number): Promise<Task[]> =>
  tasksWhere(db, and(isOpen, isOf(person), or(eq(tasks.lead, person), helps(person))), limit)

const helps = (person: string): SQL => sql`exists (
  select from ${taskAssists} where ${taskAssists.task} = ${tasks.id} and ${taskAssists.person} = ${person} and ${taskAssists.state} <> 'finished')`
