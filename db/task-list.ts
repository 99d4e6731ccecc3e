import { and, asc, desc, eq, gt, gte, inArray, isNotNull, lt, ne, notInArray, or, type SQL, sql } from 'drizzle-orm'
import type { PgColumn } from 'drizzle-orm/pg-core'
import type { TaskState } from '../src/office/task/flow.ts'
import type { Lit } from '../src/office/task/light.ts'
import type { TaskNumber } from '../src/office/task/number.ts'
import type { Task } from '../src/office/task/task.ts'
import type { Source } from '../src/office/task/terms.ts'
import type { Db } from './client.ts'
import { defined } from './nulls.ts'
import { isOpen, LATE_STATES, tasks, tasksWhere } from './task.ts'
import { assists, isOf, type Sight, seenBy } from './task-sight.ts'

export interface Filter {
  states?: TaskState[]
  /** Person who leads or assists. */
  bearer?: string
  participant?: string
  overdueAt?: Date
  unit?: string
  source?: Source
  /** Assigned from one instant up to another. */
  from?: Date
  until?: Date
  numbered?: true
  words?: string
  /** Those that show a light: by their state, or one by one. */
  lit?: { states: TaskState[]; ids: number[] }
  /** Older than this one. */
  before?: number
  /** Newer than this one. */
  after?: number
}

function matching(filter: Filter): SQL | undefined {
  const {
    states,
    bearer,
    participant,
    overdueAt,
    unit,
    source,
    from,
    until,
    numbered,
    words: said,
    lit,
    before,
    after,
  } = filter
  return and(
    states ? inArray(tasks.state, states) : undefined,
    bearer ? and(isOf(bearer), or(eq(tasks.lead, bearer), assists(bearer))) : undefined,
    participant ? isOf(participant) : undefined,
    overdueAt ? and(isOpen, lt(tasks.dueAt, overdueAt), inArray(tasks.state, LATE_STATES)) : undefined,
    unit ? eq(tasks.leadUnit, unit) : undefined,
    source ? eq(tasks.source, source) : undefined,
    from ? gte(tasks.assignedAt, from) : undefined,
    until ? lt(tasks.assignedAt, until) : undefined,
    numbered ? isNotNull(tasks.numberSeq) : undefined,
    said ? titled(said) : undefined,
    lit ? or(sql`false`, inIfAny(tasks.state, lit.states), inIfAny(tasks.id, lit.ids)) : undefined,
    before ? lt(tasks.id, before) : undefined,
    after ? gt(tasks.id, after) : undefined,
  )
}

/** The index knows single characters and pairs; whether they stand in a row only the title tells. */
const titled = (said: string): SQL =>
  sql`grams(${tasks.title}) @> grams(${said}) and strpos(lower(${tasks.title}), ${said.toLowerCase()}) > 0`

const inIfAny = <T>(column: PgColumn, some: T[]): SQL | undefined => (some.length ? inArray(column, some) : undefined)

/** What somebody may see of what matches, the newest first. */
export async function tasksSeen(db: Db, sight: Sight, filter: Filter, limit: number): Promise<Task[]> {
  return tasksWhere(db, and(seenBy(sight), matching(filter)), limit)
}

/** What somebody may see from the other end: those that are the next newer ones, still the newest first. */
export async function tasksBefore(db: Db, sight: Sight, filter: Filter, limit: number): Promise<Task[]> {
  return (await tasksWhere(db, and(seenBy(sight), matching(filter)), limit, asc(tasks.id))).reverse()
}

/** How many match; counting ends one beyond `most`. */
export async function countSeen(db: Db, sight: Sight, filter: Filter, most: number): Promise<number> {
  const found = db
    .select({ id: tasks.id })
    .from(tasks)
    .where(and(seenBy(sight), matching(filter)))
    .limit(most + 1)
  // who sees nearly everything is best served along the ids; who sees little by people and units, which come in no order
  const some = (sight.all.house || sight.all.offices.length ? found.orderBy(desc(tasks.id)) : found).as('some')
  const [row] = await db.select({ n: sql`count(*)`.mapWith(Number) }).from(some)
  return row?.n ?? 0
}

export async function tasksNumbered(db: Db, sight: Sight, { word, year, seq }: TaskNumber): Promise<Task[]> {
  const number = and(eq(tasks.numberYear, year), eq(tasks.numberSeq, seq), eq(tasks.numberWord, word))
  return tasksWhere(db, and(number, seenBy(sight)), 10)
}

/** States in which it has yet to be given out. */
export const UNGIVEN: TaskState[] = ['draft', 'submitted']

/** Those that a unit is to lead and that have yet to be given out, the latest first. */
export function ungivenOfUnit(db: Db, unit: string, limit: number): Promise<Array<Pick<Task, 'id' | 'title'>>> {
  return (
    db
      .select({ id: tasks.id, title: tasks.title })
      .from(tasks)
      // `isOpen` for its index, which a list of values alone does not lead to
      .where(and(isOpen, eq(tasks.leadUnit, unit), inArray(tasks.state, UNGIVEN)))
      .orderBy(desc(tasks.id))
      .limit(limit)
  )
}

/** Open ones that the same unit leads, made since an instant, and not the task itself. */
export async function openOfUnit(db: Db, sight: Sight, unit: string, since: Date, except: number): Promise<Task[]> {
  const open = and(
    isOpen,
    notInArray(tasks.state, ['draft']),
    eq(tasks.leadUnit, unit),
    gte(tasks.createdAt, since),
    ne(tasks.id, except),
  )
  return tasksWhere(db, and(open, seenBy(sight)), 100)
}

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
