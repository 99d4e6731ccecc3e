import { and, asc, desc, eq, inArray, type SQL, sql } from 'drizzle-orm'
import {
  bigint,
  boolean,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  smallint,
  text,
  timestamp,
  uniqueIndex,
} from 'drizzle-orm/pg-core'
import { Refusal } from '../src/kit/refusal.ts'
import { type AssistState, assistFlow, type TaskMove, type TaskState, taskFlow } from '../src/office/task/flow.ts'
import { type Assist, type Change, type Petition, peopleOf, type Task, unitsOf } from '../src/office/task/task.ts'
import {
  FREQUENCIES,
  type Frequency,
  SOURCES,
  type Source,
  URGENCIES,
  type Urgency,
  WAYS,
  type Way,
} from '../src/office/task/terms.ts'
import { noteChanged } from './changes.ts'
import { type Db, statement } from './client.ts'
import { defined, nulled } from './nulls.ts'

const words = <T extends string>(of: Record<T, unknown>) => Object.keys(of) as [T, ...T[]]
const instant = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' })

/** From 交办 to the end, also where a clock that was put back has turned them round. */
export const SPAN = sql`tstzrange(assigned_at, case when closed_at < assigned_at then assigned_at else closed_at end, '[]')`

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
    phone: text().notNull().default(''),
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
    dueSaid: text('due_said'),
    dueSaidAt: instant('due_said_at'),
    /** By which days and hours its instants stand; null = by those in force when it was made. */
    calendarId: text('calendar_id'),
    assistDueAt: instant('assist_due_at'),
    signDueAt: instant('sign_due_at'),
    signedAt: instant('signed_at'),
    signedBy: text('signed_by'),
    leadPhone: text('lead_phone').notNull().default(''),
    progress: text().notNull(),
    problem: text().notNull(),
    measures: text().notNull().default(''),
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
    finishedFor: text('finished_for'),
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
    movedFor: text('moved_for'),
    recordedBy: text('recorded_by'),
    recordedWay: text('recorded_way', { enum: words<Way>(WAYS) }),
    ladderFrom: instant('ladder_from'),
    /** When the heartbeat has something to do with it next. */
    nextAt: instant('next_at'),
    parts: smallint().notNull().default(0),
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
    // what is open and mine, however much of mine has ended
    index('tasks_open_people').using('gin', table.people).where(sql`state not in ('closed', 'cancelled', 'archived')`),
    // the 回音 that its giver has not read
    index('tasks_unread')
      .on(sql`coalesce(leader, given_by, maker)`, table.closedAt)
      .where(sql`state in ('closed', 'archived') and acknowledged_at is null`),
    // what was reckoned by other days and hours than those in force
    index('tasks_calendar').on(table.calendarId).where(sql`state not in ('closed', 'cancelled', 'archived')`),
    // the ledger by month, and by what else it is filtered; each page from where the last one ended
    index('tasks_assigned').on(table.assignedAt),
    index('tasks_by_state').on(table.state, table.id).where(sql`number_seq is not null`),
    index('tasks_by_unit').on(table.leadUnit, table.id).where(sql`number_seq is not null`),
    index('tasks_by_source').on(table.source, table.id).where(sql`number_seq is not null`),
    // what was under way in a period, for 统计
    index('tasks_span').using('gist', SPAN).where(sql`state <> 'cancelled'`),
    // words of the title; `grams` comes with the migration
    index('tasks_words').using('gin', sql`grams(title)`),
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

export async function openTask(db: Db, task: Omit<Task, 'id'>): Promise<Task> {
  const [row] = await db.insert(tasks).values(rowOf(task)).returning({ id: tasks.id })
  if (!row) throw new Error('a task was not kept')
  await keepAssists(db, row.id, task.assists)
  const opened = { ...task, id: row.id }
  noteChanged(db, matterOf(opened), { before: undefined, after: opened })
  return opened
}

export const matterOf = ({ id }: Pick<Task, 'id'>) => ({ feature: 'task', matter: String(id) })

const readTask = statement(db =>
  db
    .select()
    .from(tasks)
    .where(eq(tasks.id, sql.placeholder('id')))
    .prepare('task'),
)
const readAssists = statement(db =>
  db
    .select()
    .from(taskAssists)
    .where(eq(taskAssists.task, sql.placeholder('id')))
    .orderBy(asc(taskAssists.place))
    .prepare('assists'),
)
const lockTask = statement(db =>
  db
    .select({ id: tasks.id })
    .from(tasks)
    .where(eq(tasks.id, sql.placeholder('id')))
    .for('update')
    .prepare('task held'),
)

/** @throws Refusal when there is none: an id that never was and one that may not be seen read the same. */
export async function getTask(db: Db, id: number): Promise<Task> {
  const [[head], lines] = await Promise.all([readTask(db, { id }), readAssists(db, { id })])
  if (!head) throw new Refusal(NONE)
  return asTask(head, lines)
}

const NONE = '未找到该督办事项'

/** The same, and nobody else moves it until this transaction ends. */
export async function holdTask(db: Db, id: number): Promise<Task> {
  // one after the other on the way of one: what is read is read once it is held
  const [, held] = await Promise.all([lockTask(db, { id }), getTask(db, id)])
  return held
}

/** Several of them, by their ids. */
export async function holdTasks(db: Db, ids: number[]): Promise<Task[]> {
  if (!ids.length) return []
  await db.select({ id: tasks.id }).from(tasks).where(inArray(tasks.id, ids)).orderBy(asc(tasks.id)).for('update')
  return tasksWhere(db, inArray(tasks.id, ids), ids.length, asc(tasks.id))
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
  noteChanged(db, matterOf(before), { before, after })
}

async function keepAssists(db: Db, task: number, assists: Assist[]): Promise<void> {
  await db.delete(taskAssists).where(eq(taskAssists.task, task))
  if (assists.length) await db.insert(taskAssists).values(assists.map(one => ({ ...one, task })))
}

export const isOpen = sql`${tasks.state} not in ('closed', 'cancelled', 'archived')`

/** States in which a deadline that has passed makes it late. */
export const LATE_STATES: TaskState[] = ['assigned', 'returned', 'underway', 'extending', 'suspending', 'cancelling']

export async function tasksWhere(
  db: Db,
  where: SQL | undefined,
  limit: number,
  order: SQL = desc(tasks.id),
): Promise<Task[]> {
  const heads = await db.select().from(tasks).where(where).orderBy(order).limit(limit)
  if (!heads.length) return []
  const ids = heads.map(head => head.id)
  const lines = await linesOf(db, ids)
  const of = new Map<number, Line[]>(ids.map(id => [id, []]))
  for (const line of lines) of.get(line.task)?.push(line)
  return heads.map(head => asTask(head, of.get(head.id) ?? []))
}

/** So few ids at once that the index is worth it, however many lines there are in all. */
const AT_ONCE = 250

async function linesOf(db: Db, ids: number[]): Promise<Line[]> {
  const parts = Array.from({ length: Math.ceil(ids.length / AT_ONCE) }, (_, i) =>
    db
      .select()
      .from(taskAssists)
      .where(inArray(taskAssists.task, ids.slice(i * AT_ONCE, (i + 1) * AT_ONCE)))
      .orderBy(asc(taskAssists.place)),
  )
  return (await Promise.all(parts)).flat()
}

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

type Line = typeof taskAssists.$inferSelect

export function asTask(row: typeof tasks.$inferSelect, lines: Line[]): Task {
  const { numberWord, numberYear, numberSeq, people: _p, units: _u, calendarId: _c, petition, change, ...rest } = row
  const number =
    numberWord && numberYear && numberSeq ? { word: numberWord, year: numberYear, seq: numberSeq } : undefined
  return {
    number,
    petition: petition ? { ...petition, until: petition.until ? new Date(petition.until) : undefined } : undefined,
    change: change
      ? { ...EMPTY_CHANGE, ...change, dueAt: change.dueAt ? new Date(change.dueAt) : undefined }
      : undefined,
    assists: lines.map(({ task: _, ...line }) => defined(line)),
    ...defined(rest),
  }
}

const EMPTY_CHANGE = { title: undefined, content: undefined, lead: undefined, add: [], drop: [] }
