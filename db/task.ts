import {
  and,
  asc,
  desc,
  eq,
  gte,
  inArray,
  isNotNull,
  isNull,
  lt,
  lte,
  ne,
  notInArray,
  or,
  type SQL,
  sql,
} from 'drizzle-orm'
import {
  bigint,
  boolean,
  index,
  integer,
  jsonb,
  type PgColumn,
  pgTable,
  primaryKey,
  smallint,
  text,
  timestamp,
  uniqueIndex,
} from 'drizzle-orm/pg-core'
import { Refusal } from '../src/kit/refusal.ts'
import { type AssistState, assistFlow, type TaskMove, type TaskState, taskFlow } from '../src/office/task/flow.ts'
import { ENDED } from '../src/office/task/light.ts'
import type { TaskNumber } from '../src/office/task/number.ts'
import { type Assist, type Change, type Petition, peopleOf, type Task, unitsOf } from '../src/office/task/task.ts'
import { FREQUENCIES, type Frequency, SOURCES, type Source, URGENCIES, type Urgency } from '../src/office/task/terms.ts'
import type { Db } from './client.ts'

const words = <T extends string>(of: Record<T, unknown>) => Object.keys(of) as [T, ...T[]]
const instant = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' })

export const tasks = pgTable(
  'tasks',
  {
    id: bigint({ mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    rev: integer().notNull(),
    stateRev: integer('state_rev').notNull(),
    state: text({ enum: words<TaskState>(taskFlow.states) }).notNull(),
    /** Whose office supervises it; '' = the house. */
    unit: text().notNull(),
    numberWord: text('number_word'),
    numberYear: smallint('number_year'),
    numberSeq: integer('number_seq'),
    title: text().notNull(),
    content: text().notNull(),
    source: text({ enum: words<Source>(SOURCES) }).notNull(),
    basis: text().notNull(),
    urgency: text({ enum: words<Urgency>(URGENCIES) }).notNull(),
    frequency: text({ enum: words<Frequency>(FREQUENCIES) }).notNull(),
    maker: text().notNull(),
    leader: text(),
    givenBy: text('given_by'),
    lead: text().notNull(),
    leadUnit: text('lead_unit').notNull(),
    scope: text().array().notNull(),
    /** Everybody who works on it, gave it or was let in. */
    people: text().array().notNull(),
    /** The units that lead and assist. */
    units: text().array().notNull(),
    previous: bigint({ mode: 'number' }),
    createdAt: instant('created_at').notNull(),
    assignedAt: instant('assigned_at'),
    originalDueAt: instant('original_due_at'),
    dueAt: instant('due_at'),
    dueByDefault: boolean('due_by_default').notNull(),
    assistDueAt: instant('assist_due_at'),
    signDueAt: instant('sign_due_at'),
    signedAt: instant('signed_at'),
    signedBy: text('signed_by'),
    progress: text().notNull(),
    problem: text().notNull(),
    percent: smallint(),
    reportedAt: instant('reported_at'),
    reportDueAt: instant('report_due_at'),
    nudges: smallint().notNull(),
    extensions: smallint().notNull(),
    returns: smallint().notNull(),
    redos: smallint().notNull(),
    nudgedOn: text('nudged_on').notNull(),
    petition: jsonb().$type<Stored<Petition>>(),
    change: jsonb().$type<Stored<Change>>(),
    suspendedAt: instant('suspended_at'),
    workdaysLeft: integer('workdays_left').notNull(),
    finishedAt: instant('finished_at'),
    finishedBy: text('finished_by'),
    result: text().notNull(),
    checkedBy: text('checked_by'),
    closedAt: instant('closed_at'),
    closedBy: text('closed_by'),
    acknowledgedAt: instant('acknowledged_at'),
    archiveNo: text('archive_no').notNull().default(''),
    wasLate: boolean('was_late').notNull(),
    lastMove: text('last_move').$type<TaskMove | ''>().notNull(),
    word: text().notNull(),
    movedBy: text('moved_by').notNull(),
    movedAt: instant('moved_at').notNull(),
    ladderFrom: instant('ladder_from'),
    /** When the heartbeat has something to do with it next. */
    nextAt: instant('next_at'),
  },
  table => [
    uniqueIndex('tasks_number').on(table.unit, table.numberWord, table.numberYear, table.numberSeq),
    // a number as somebody types it
    index('tasks_numbered').on(table.numberYear, table.numberSeq),
    // what the heartbeat finds, whatever lies in the past
    index('tasks_next').on(table.nextAt).where(sql`next_at is not null`),
    // mine, and what I may see by name
    index('tasks_people').using('gin', table.people),
    // what a unit answers for
    index('tasks_units').using('gin', table.units),
    // what is open, for 待办, 逾期 and the like
    index('tasks_open').on(table.leadUnit, table.id).where(sql`state not in ('closed', 'cancelled', 'archived')`),
    // the ledger, newest first
    index('tasks_assigned').on(table.assignedAt),
  ],
)

/** JSON has no dates. */
type Stored<T> = { [K in keyof T]: T[K] extends Date | undefined ? string | undefined : T[K] }

/** An assistant's own line. */
export const taskAssists = pgTable(
  'task_assists',
  {
    task: bigint({ mode: 'number' })
      .notNull()
      .references(() => tasks.id),
    person: text().notNull(),
    unit: text().notNull(),
    place: smallint().notNull(),
    state: text({ enum: words<AssistState>(assistFlow.states) }).notNull(),
    dueAt: instant('due_at'),
    signedAt: instant('signed_at'),
    finishedAt: instant('finished_at'),
    word: text().notNull(),
    movedAt: instant('moved_at').notNull(),
  },
  table => [primaryKey({ columns: [table.task, table.person] })],
)

/** The last number given in each series (DB-30): a row, so that a turn that fails leaves no gap. */
export const taskNumbers = pgTable(
  'task_numbers',
  { unit: text().notNull(), word: text().notNull(), year: smallint().notNull(), last: integer().notNull() },
  table => [primaryKey({ columns: [table.unit, table.word, table.year] })],
)

/** The next number of a series; others wait until this transaction has ended. */
export async function takeNumber(db: Db, unit: string, word: string, year: number): Promise<TaskNumber> {
  const [row] = await db
    .insert(taskNumbers)
    .values({ unit, word, year, last: 1 })
    .onConflictDoUpdate({
      target: [taskNumbers.unit, taskNumbers.word, taskNumbers.year],
      set: { last: sql`${taskNumbers.last} + 1` },
    })
    .returning({ last: taskNumbers.last })
  if (!row) throw new Error('no number was given')
  return { word, year, seq: row.last }
}

export async function openTask(db: Db, task: Omit<Task, 'id'>): Promise<Task> {
  const [row] = await db.insert(tasks).values(rowOf(task)).returning({ id: tasks.id })
  if (!row) throw new Error('a task was not kept')
  await keepAssists(db, row.id, task.assists)
  return { ...task, id: row.id }
}

/** @throws Refusal when there is none: an id that never was and one that may not be seen read the same. */
export async function getTask(db: Db, id: number): Promise<Task> {
  const [found] = await tasksWhere(db, eq(tasks.id, id), 1)
  if (!found) throw new Refusal(NONE)
  return found
}

export const NONE = '未找到该督办事项'

/** The same, and nobody else moves it until this transaction ends. */
export async function holdTask(db: Db, id: number): Promise<Task> {
  await db.select({ id: tasks.id }).from(tasks).where(eq(tasks.id, id)).for('update')
  return getTask(db, id)
}

/** Saves over the revision that was read. */
export async function saveTask(db: Db, before: Task, after: Task): Promise<void> {
  const saved = await db
    .update(tasks)
    .set(rowOf(after))
    .where(and(eq(tasks.id, before.id), eq(tasks.rev, before.rev)))
    .returning({ id: tasks.id })
  if (!saved.length) throw new Refusal('卡片已过期,请以最新卡片为准')
  if (after.assists !== before.assists) await keepAssists(db, before.id, after.assists)
}

async function keepAssists(db: Db, task: number, assists: Assist[]): Promise<void> {
  await db.delete(taskAssists).where(eq(taskAssists.task, task))
  if (assists.length) await db.insert(taskAssists).values(assists.map(one => ({ ...one, task })))
}

/** Which tasks somebody may see in lists: the own ones, and by role those without 知悉范围 (PERM-04). */
export interface Sight {
  person: string
  /** Supervises the whole house. */
  house: boolean
  /** Offices supervised. */
  offices: string[]
  /** Units answered for. */
  units: string[]
}

/** What of the ledger somebody may see. */
export function seenBy({ person, house, offices, units }: Sight): SQL | undefined {
  const byRole = [
    house ? sql`true` : undefined,
    offices.length ? inArray(tasks.unit, offices) : undefined,
    units.length ? sql`${tasks.units} && ${sql.param(units, tasks.units)}` : undefined,
  ].filter(one => one !== undefined)
  return or(isOf(person), byRole.length ? and(sql`cardinality(${tasks.scope}) = 0`, or(...byRole)) : undefined)
}

const isOf = (person: string): SQL => sql`${tasks.people} @> ${sql.param([person], tasks.people)}`
export const isOpen = sql`${tasks.state} not in ('closed', 'cancelled', 'archived')`

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
}

export function matching(filter: Filter): SQL | undefined {
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
    said ? sql`strpos(lower(${tasks.title}), ${said.toLowerCase()}) > 0` : undefined,
    lit ? or(sql`false`, inIfAny(tasks.state, lit.states), inIfAny(tasks.id, lit.ids)) : undefined,
    before ? lt(tasks.id, before) : undefined,
  )
}

const inIfAny = <T>(column: PgColumn, some: T[]): SQL | undefined => (some.length ? inArray(column, some) : undefined)

export const LATE_STATES: TaskState[] = ['assigned', 'returned', 'underway', 'extending', 'suspending', 'cancelling']

const assists = (person: string): SQL =>
  sql`exists (select from ${taskAssists} where ${taskAssists.task} = ${tasks.id} and ${taskAssists.person} = ${person})`

/** What somebody may see of what matches, the newest first. */
export async function tasksSeen(db: Db, sight: Sight, filter: Filter, limit: number, offset = 0): Promise<Task[]> {
  return tasksWhere(db, and(seenBy(sight), matching(filter)), limit, offset)
}

export async function countSeen(db: Db, sight: Sight, filter: Filter): Promise<number> {
  const [row] = await db
    .select({ n: sql`count(*)`.mapWith(Number) })
    .from(tasks)
    .where(and(seenBy(sight), matching(filter)))
  return row?.n ?? 0
}

export async function tasksNumbered(db: Db, sight: Sight, { word, year, seq }: TaskNumber): Promise<Task[]> {
  const number = and(eq(tasks.numberYear, year), eq(tasks.numberSeq, seq), eq(tasks.numberWord, word))
  return tasksWhere(db, and(number, seenBy(sight)), 10)
}

/** What may wait for somebody: all that is open and theirs, and what asks for a decision where they supervise. */
export async function waitingSeen(db: Db, sight: Sight, limit: number): Promise<Task[]> {
  const own = and(isOpen, isOf(sight.person))
  const asks = and(isOpen, or(inArray(tasks.state, ASKING), isNotNull(tasks.change)), seenBy(sight))
  const unread = and(
    inArray(tasks.state, ENDED),
    isNull(tasks.acknowledgedAt),
    isOf(sight.person),
    or(eq(tasks.leader, sight.person), eq(tasks.givenBy, sight.person)),
  )
  return tasksWhere(db, or(own, asks, unread), limit, 0, asc(tasks.dueAt))
}

/** States in which somebody of the supervising office has to decide. */
export const ASKING: TaskState[] = ['submitted', 'returned', 'extending', 'finished', 'suspending', 'cancelling']

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
export async function keepClimbed(db: Db, { id, ladderFrom, nextAt }: Task): Promise<void> {
  await db
    .update(tasks)
    .set({ ladderFrom: ladderFrom ?? null, nextAt: nextAt ?? null })
    .where(eq(tasks.id, id))
}

/** Everything that counts in a period: open at its start or given in it, without 撤销 (domain.md 2.9). */
export async function tasksCounted(db: Db, sight: Sight, from: Date, until: Date): Promise<Task[]> {
  const given = and(isNotNull(tasks.assignedAt), lt(tasks.assignedAt, until), ne(tasks.state, 'cancelled'))
  const counted = or(isNull(tasks.closedAt), gte(tasks.closedAt, from), gte(tasks.assignedAt, from))
  return tasksWhere(db, and(given, counted, seenBy(sight)), 20_000)
}

async function tasksWhere(
  db: Db,
  where: SQL | undefined,
  limit: number,
  offset = 0,
  order: SQL = desc(tasks.id),
): Promise<Task[]> {
  const heads = await db.select().from(tasks).where(where).orderBy(order).limit(limit).offset(offset)
  if (!heads.length) return []
  const ids = heads.map(head => head.id)
  const lines = await db
    .select()
    .from(taskAssists)
    .where(inArray(taskAssists.task, ids))
    .orderBy(asc(taskAssists.place))
  const of = new Map<number, Line[]>(ids.map(id => [id, []]))
  for (const line of lines) of.get(line.task)?.push(line)
  return heads.map(head => asTask(head, of.get(head.id) ?? []))
}

type Nullable<T> = { [K in keyof T]: undefined extends T[K] ? Exclude<T[K], undefined> | null : T[K] }

function rowOf(task: Omit<Task, 'id'> & { id?: number }): Omit<typeof tasks.$inferInsert, 'id'> {
  const { id: _, assists: _lines, number, ...rest } = task
  return {
    ...nulled(rest),
    petition: task.petition ? { ...task.petition, until: task.petition.until?.toISOString() } : null,
    change: task.change ? { ...task.change, dueAt: task.change.dueAt?.toISOString() } : null,
    numberWord: number?.word ?? null,
    numberYear: number?.year ?? null,
    numberSeq: number?.seq ?? null,
    people: peopleOf(task),
    units: unitsOf(task),
  }
}

const nulled = <T extends object>(some: T): Nullable<T> =>
  Object.fromEntries(Object.entries(some).map(([key, value]) => [key, value ?? null])) as Nullable<T>

export const defined = <T extends object>(row: T) =>
  Object.fromEntries(Object.entries(row).map(([key, value]) => [key, value ?? undefined])) as {
    [K in keyof T]: null extends T[K] ? Exclude<T[K], null> | undefined : T[K]
  }

type Line = typeof taskAssists.$inferSelect

export function asTask(row: typeof tasks.$inferSelect, lines: Line[]): Task {
  const { numberWord, numberYear, numberSeq, people: _p, units: _u, petition, change, ...rest } = row
  const number =
    numberWord && numberYear && numberSeq ? { word: numberWord, year: numberYear, seq: numberSeq } : undefined
  return {
    ...defined(rest),
    number,
    petition: petition ? { ...petition, until: petition.until ? new Date(petition.until) : undefined } : undefined,
    change: change
      ? { ...EMPTY_CHANGE, ...change, dueAt: change.dueAt ? new Date(change.dueAt) : undefined }
      : undefined,
    assists: lines.map(({ task: _, ...line }) => defined(line)),
  }
}

const EMPTY_CHANGE = { title: undefined, content: undefined, lead: undefined }
