import { and, eq, ne, notInArray, or, type SQL, sql } from 'drizzle-orm'
import type { Person } from '../src/kit/person.ts'
import type { Task } from '../src/office/task/task.ts'
import type { Db } from './client.ts'
import { isOpen, taskAssists, tasks, tasksWhere } from './task.ts'
import { GIVEN, isOf, type Supervised, supervisedIn } from './task-sight.ts'

const borneBy = (person: string): SQL | undefined =>
  and(isOpen, GIVEN, isOf(person), or(eq(tasks.lead, person), helps(person)))

/** What was given out, is open, and somebody leads, or assists with and has not finished, for whoever hands it over. */
export const tasksBorneBy = (db: Db, person: string, limit: number): Promise<Task[]> =>
  tasksWhere(db, borneBy(person), limit)

/** From whom to whom, and what whoever hands it over supervises. */
export interface Handing {
  from: string
  to: Pick<Person, 'id' | 'departments'>
  by: Supervised
}

/**
 * Those that somebody else may take over: with 知悉范围 set only who is within it (PERM-04), and for another unit only where whoever
 * supervises it says so.
 */
export const tasksToHandOver = (db: Db, handing: Handing, limit: number): Promise<Task[]> =>
  tasksWhere(db, and(borneBy(handing.from), isMovable(handing)), limit)

/** Those that somebody else may not. */
export const tasksKeptFrom = (db: Db, handing: Handing, limit: number): Promise<Task[]> =>
  tasksWhere(db, and(borneBy(handing.from), sql`not ${isMovable(handing)}`), limit)

const isMovable = ({ from, to, by }: Handing): SQL => sql`(
  (cardinality(${tasks.scope}) = 0 or ${isOf(to.id)})
  and (${supervisedIn(by) ?? sql`false`} or not ${leavesUnit(from, ['', ...to.departments])}))`

const leavesUnit = (person: string, stays: string[]): SQL => sql`(
  (${and(eq(tasks.lead, person), notInArray(tasks.leadUnit, stays))})
  or ${helps(person, notInArray(taskAssists.unit, stays))})`

const helps = (person: string, further?: SQL): SQL => sql`exists (
  select from ${taskAssists}
  where ${and(eq(taskAssists.task, tasks.id), eq(taskAssists.person, person), ne(taskAssists.state, 'finished'), further)})`
