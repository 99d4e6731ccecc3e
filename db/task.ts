import {
  and,
  asc,
  desc,
  eq,
  gt,
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
import type { TaskNumber } from '../src/office/task/number.ts'
import {
  type Assist,
  type Change,
  type Counted,
  type Petition,
  peopleOf,
  type Task,
  unitsOf,
} from '../src/office/task/task.ts'
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
import type { Db } from './client.ts'
import { defined, nulled } from './nulls.ts'

const words = <T extends string>(of: Record<T, unknown>) => Object.keys(of) as [T, ...T[]]
const instant = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' })

/** From 交办 to the end, also where a clock that was put back has turned them round. */
const SPAN = sql`tstzrange(assigned_at, case when closed_at < assigned_at then assigned_at else closed_at end, '[]')`

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
  const opened = { ...task, id: row.id }
  noteChanged(db, matterOf(opened), { before: undefined, after: opened })
  return opened
}

const matterOf = ({ id }: Pick<Task, 'id'>) => ({ feature: 'task', matter: String(id) })

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

/** Which tasks somebody may see in lists: the own ones, and by role those without 知悉范围 (PERM-04). */
export interface Sight {
  person: string
  /** Supervises the whole house. */
  house: boolean
  /** Offices supervised. */
  offices: string[]
  /** Units answered for. */
  units: string[]
  /** Whom the person stands in for. */
  standsFor: string[]
}

/** What of the ledger somebody may see. */
export function seenBy({ person, house, offices, units, standsFor }: Sight): SQL | undefined {
  const supervised = house ? sql`true` : offices.length ? inArray(tasks.unit, offices) : undefined
  const byRole = [
    supervised,
    units.length ? and(sql`${tasks.units} && ${sql.param(units, tasks.units)}`, GIVEN) : undefined,
    standsFor.length
      ? and(sql`${tasks.people} && ${sql.param(standsFor, tasks.people)}`, or(GIVEN, writtenBy(standsFor)))
      : undefined,
  ].filter(one => one !== undefined)
  return or(
    and(isOf(person), house ? undefined : or(GIVEN, writtenBy([person]), supervised)),
    byRole.length ? and(sql`cardinality(${tasks.scope}) = 0`, or(...byRole)) : undefined,
  )
}

/** Before it is given out those who are to do it do not see it. */
const GIVEN = sql`(${tasks.state} not in ('draft', 'submitted') and (${tasks.state} <> 'cancelled' or ${tasks.numberSeq} is not null))`

const writtenBy = (some: string[]): SQL | undefined =>
  or(inArray(tasks.maker, some), inArray(tasks.leader, some), inArray(tasks.givenBy, some))

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
  /** Newer than this one. */
  after?: number
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

export const LATE_STATES: TaskState[] = ['assigned', 'returned', 'underway', 'extending', 'suspending', 'cancelling']

const assists = (person: string): SQL =>
  sql`exists (select from ${taskAssists} where ${taskAssists.task} = ${tasks.id} and ${taskAssists.person} = ${person})`

/** What somebody may see of what matches, the newest first. */
export async function tasksSeen(db: Db, sight: Sight, filter: Filter, limit: number): Promise<Task[]> {
  return tasksWhere(db, and(seenBy(sight), matching(filter)), limit)
}

/** What is open and somebody leads, or assists with and has not finished, for whoever hands it over. */
export const tasksBorneBy = (db: Db, person: string, limit: number): Promise<Task[]> =>
  tasksWhere(db, and(isOpen, isOf(person), or(eq(tasks.lead, person), helps(person))), limit)

const helps = (person: string): SQL => sql`exists (
  select from ${taskAssists} where ${taskAssists.task} = ${tasks.id} and ${taskAssists.person} = ${person} and ${taskAssists.state} <> 'finished')`

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
  const some = (sight.house || sight.offices.length ? found.orderBy(desc(tasks.id)) : found).as('some')
  const [row] = await db.select({ n: sql`count(*)`.mapWith(Number) }).from(some)
  return row?.n ?? 0
}

export async function tasksNumbered(db: Db, sight: Sight, { word, year, seq }: TaskNumber): Promise<Task[]> {
  const number = and(eq(tasks.numberYear, year), eq(tasks.numberSeq, seq), eq(tasks.numberWord, word))
  return tasksWhere(db, and(number, seenBy(sight)), 10)
}

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

/** States in which it has yet to be given out. */
export const UNGIVEN: TaskState[] = ['draft', 'submitted']

/** Those that a unit is to lead and that have yet to be given out, the latest first. */
export async function ungivenOfUnit(db: Db, unit: string, limit: number): Promise<Task[]> {
  return tasksWhere(db, and(eq(tasks.leadUnit, unit), inArray(tasks.state, UNGIVEN)), limit)
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

/** Given out before the end of a period and not ended before its start. */
export const underwayIn = (from: Date, until: Date): SQL =>
  sql`${SPAN} && tstzrange(${from.toISOString()}, ${until.toISOString()})`

/** What is done longer before its deadline than this is not looked for. */
const AHEAD_MS = 366 * 86_400_000

/** Everything that counts in a period: open at its start, given or due in it, without 撤销 (domain.md 2.9). */
export async function tasksCounted(db: Db, sight: Sight, from: Date, until: Date): Promise<Counted[]> {
  if (until <= from) return []
  const given = and(isNotNull(tasks.assignedAt), lt(tasks.assignedAt, until), ne(tasks.state, 'cancelled'))
  const inHand = or(isNull(tasks.closedAt), gte(tasks.closedAt, from))
  const due = and(gte(tasks.dueAt, from), lt(tasks.dueAt, until))
  const lately = underwayIn(new Date(from.getTime() - AHEAD_MS), until)
  const rows = await db
    .select()
    .from(tasks)
    .where(and(given, lately, or(inHand, due), seenBy(sight)))
    .limit(20_000)
  return rows.map(row => {
    const { assists: _, ...task } = asTask(row, [])
    return task
  })
}

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
    ...defined(rest),
    number,
    petition: petition ? { ...petition, until: petition.until ? new Date(petition.until) : undefined } : undefined,
    change: change
      ? { ...EMPTY_CHANGE, ...change, dueAt: change.dueAt ? new Date(change.dueAt) : undefined }
      : undefined,
    assists: lines.map(({ task: _, ...line }) => defined(line)),
  }
}

const EMPTY_CHANGE = { title: undefined, content: undefined, lead: undefined, add: [], drop: [] }
