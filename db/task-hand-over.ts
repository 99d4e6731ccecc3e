import { and, eq, not, or, type SQL, sql } from 'drizzle-orm'
import type { Task } from '../src/office/task/task.ts'
import type { Db } from './client.ts'
import { isOpen, taskAssists, tasks, tasksWhere } from './task.ts'
import { GIVEN, isOf } from './task-sight.ts'

const borneBy = (person: string): SQL | undefined =>
  and(isOpen, GIVEN, isOf(person), or(eq(tasks.lead, person), helps(person)))

/** What was given out, is open, and somebody leads, or assists with and has not finished, for whoever hands it over. */
export const tasksBorneBy = (db: Db, person: string, limit: number): Promise<Task[]> =>
  tasksWhere(db, borneBy(person), limit)

/** Those that somebody else may take over: with 知悉范围 set only who is within it (PERM-04). */
export const tasksToHandOver = (db: Db, person: string, to: string, limit: number): Promise<Task[]> =>
  tasksWhere(db, and(borneBy(person), or(sql`cardinality(${tasks.scope}) = 0`, isOf(to))), limit)

/** Those that somebody else may not. */
export const tasksKeptFrom = (db: Db, person: string, to: string, limit: number): Promise<Task[]> =>
  tasksWhere(db, and(borneBy(person), sql`cardinality(${tasks.scope}) > 0`, not(isOf(to))), limit)

const helps = (person: string): SQL => sql`exists (
  select from ${taskAssists} where ${taskAssists.task} = ${tasks.id} and ${taskAssists.person} = ${person} and ${taskAssists.state} <> 'finished')`
