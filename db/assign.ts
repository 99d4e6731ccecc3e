import { and, asc, desc, eq, inArray, isNotNull, lt, type SQL, sql } from 'drizzle-orm'
import {
  bigint,
  index,
  integer,
  jsonb,
  type PgColumn,
  pgTable,
  primaryKey,
  smallint,
  text,
  timestamp,
  union,
} from 'drizzle-orm/pg-core'
import { Refusal } from '../src/kit/refusal.ts'
import type { Assignment, NewAssignment, Note, Share } from '../src/office/assign/assignment.ts'
import { assignFlow, type ShareState } from '../src/office/assign/flow.ts'
import { noteChanged } from './changes.ts'
import { type Db, statement, textArray } from './client.ts'

const states = Object.keys(assignFlow.states) as [ShareState, ...ShareState[]]

export const assignments = pgTable(
  'assignments',
  {
    id: bigint({ mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    giver: text().notNull(),
    title: text().notNull(),
    /** The group it was given in; '' = in private. */
    chat: text().notNull(),
    dueAt: timestamp('due_at', { withTimezone: true, mode: 'date' }),
    createdAt: timestamp('created_at', { withTimezone: true, mode: 'date' }).notNull(),
    /** Rises with every move of any share. */
    rev: integer().notNull(),
    /** Whether the passing of `dueAt` has been shown on the cards. */
    shownLateAt: timestamp('shown_late_at', { withTimezone: true, mode: 'date' }),
    /** The words from which `dueAt` was reckoned at `createdAt`, and by which calendar. */
    dueSaid: text('due_said'),
    calendarId: text('calendar_id'),
  },
  table => [
    // what I gave, the newest first
    index('assignments_giver').on(table.giver, table.id),
    // what falls due
    index('assignments_due').on(table.dueAt).where(sql`shown_late_at is null`),
    // what was reckoned by another calendar than the one in force
    index('assignments_calendar').on(table.calendarId).where(sql`shown_late_at is null and due_said is not null`),
  ],
)

/** One person's part of an assignment; `rev` is the assignment's revision at which it last moved. */
export const shares = pgTable(
  'shares',
  {
    assignment: bigint({ mode: 'number' })
      .notNull()
      .references(() => assignments.id),
    assignee: text().notNull(),
    /** In which order the giver named them. */
    place: smallint().notNull(),
    state: text({ enum: states }).notNull(),
    rev: integer().notNull(),
    /** What was said with the last move: a note on finishing, a reason for returning. */
    word: text().notNull(),
    /** What was reported on finishing. */
    result: text().notNull(),
    movedBy: text('moved_by').notNull(),
    movedAt: timestamp('moved_at', { withTimezone: true, mode: 'date' }).notNull(),
    /** When the result was reported: what decides whether it was in time. */
    finishedAt: timestamp('finished_at', { withTimezone: true, mode: 'date' }),
  },
  table => [
    primaryKey({ columns: [table.assignment, table.assignee] }),
    // what I was given, the newest first
    index('shares_assignee').on(table.assignee, table.assignment),
    // what is open, whatever lies in the past
    index('shares_open').on(table.assignee, table.assignment).where(sql`state in ('assigned', 'underway')`),
    index('shares_finished').on(table.assignment).where(sql`state = 'finished'`),
  ],
)

export const assignmentNotes = pgTable(
  'assignment_notes',
  {
    id: bigint({ mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    assignment: bigint({ mode: 'number' })
      .notNull()
      .references(() => assignments.id),
    by: text().notNull(),
    at: timestamp({ withTimezone: true, mode: 'date' }).notNull(),
    text: text().notNull(),
    /** Files and images by reference: the message they came in and their key there. */
    attachments: jsonb().$type<Note['attachments']>().notNull(),
  },
  table => [index('assignment_notes_of').on(table.assignment, table.id)],
)

export async function openAssignment(db: Db, given: NewAssignment): Promise<Assignment> {
  const [row] = await db
    .insert(assignments)
    .values({ ...given.assignment, rev: 1 })
    .returning()
  if (!row) throw new Error('an assignment was not kept')
  await db.insert(shares).values(given.shares.map(share => ({ ...share, assignment: row.id })))
  const opened = await getAssignment(db, row.id)
  noteChanged(db, matterOf(opened), { before: undefined, after: opened })
  return opened
}

const matterOf = ({ id }: Pick<Assignment, 'id'>) => ({ feature: 'assign', matter: String(id) })

/** @throws Refusal when there is none: an id that never was and one that may not be seen read the same. */
export async function getAssignment(db: Db, id: number): Promise<Assignment> {
  const [[found], notes] = await Promise.all([assignmentsById(db, [id]), notesOf(db, [id])])
  if (!found) throw new Refusal('未找到该交办事项')
  return { ...found, notes: notes.get(id) ?? [] }
}

const lockHead = statement(db =>
  db
    .select({ id: assignments.id })
    .from(assignments)
    .where(eq(assignments.id, sql.placeholder('id')))
    .for('update')
    .prepare('assignment held'),
)

/** The same, and nobody else moves it until this transaction ends. */
export async function holdAssignment(db: Db, id: number): Promise<Assignment> {
  // one after the other on the way of one: what is read is read once it is held
  const [, held] = await Promise.all([lockHead(db, { id }), getAssignment(db, id)])
  return held
}

/** Saves moved shares over the revision that was read; of two that read the same revision one is told, and its transaction undone. */
export async function saveAssignment(db: Db, before: Assignment, after: Assignment): Promise<void> {
  const head = db
    .update(assignments)
    .set({ rev: after.rev, title: after.title, dueAt: after.dueAt ?? null })
    .where(and(eq(assignments.id, before.id), eq(assignments.rev, before.rev)))
    .returning({ id: assignments.id })
  const parts = after.shares
    .filter(share => share.rev === after.rev)
    .map(share =>
      db
        .update(shares)
        .set(share)
        .where(and(eq(shares.assignment, before.id), eq(shares.assignee, share.assignee))),
    )
  const [saved] = await Promise.all([head, ...parts])
  if (!saved.length) throw new Refusal('卡片已过期,请以最新卡片为准')
  noteChanged(db, matterOf(before), { before, after })
}

/**
 * What is not over and somebody has to do or waits for, held until this transaction ends; without what they gave and
 * `doer` does, who would have to confirm their own work (PERM-01); '' = nobody.
 */
export async function holdOpenOf(db: Db, person: string, doer: string, limit: number): Promise<Assignment[]> {
  const ids = await openIdsOf(db, person, limit, doneBy(doer))
  if (ids.length)
    await db.select({ id: assignments.id }).from(assignments).where(inArray(assignments.id, ids)).for('update')
  const [some, notes] = await Promise.all([assignmentsById(db, ids), notesOf(db, ids)])
  return some.map(one => ({ ...one, notes: notes.get(one.id) ?? [] }))
}

export const openOf = async (db: Db, person: string, limit: number): Promise<Assignment[]> =>
  assignmentsById(db, await openIdsOf(db, person, limit))

const doneBy = (person: string): SQL =>
  sql`exists (select from shares own where own.assignment = ${assignments.id} and own.assignee = ${person} and own.state in ('assigned', 'underway', 'finished'))`

/** `apart`: what of those that they gave is left out. */
async function openIdsOf(db: Db, person: string, limit: number, apart: SQL = sql`false`): Promise<number[]> {
  const rows = await db
    .selectDistinct({ id: assignments.id })
    .from(assignments)
    .innerJoin(shares, eq(shares.assignment, assignments.id))
    .where(
      and(
        sql`${shares.state} in ('assigned', 'underway', 'finished')`,
        sql`(${assignments.giver} = ${person} or ${shares.assignee} = ${person})`,
        sql`not (${assignments.giver} = ${person} and ${apart})`,
      ),
    )
    .orderBy(asc(assignments.id))
    .limit(limit)
  return rows.map(({ id }) => id)
}

/** Saves what passed from one person to another. */
export async function handAssignment(
  db: Db,
  before: Assignment,
  after: Assignment,
  from: string,
  to: string,
): Promise<void> {
  const of = eq(assignments.id, before.id)
  if (after.giver !== before.giver) await db.update(assignments).set({ giver: after.giver }).where(of)
  if (!after.shares.some(({ assignee }) => assignee === from))
    await db
      .update(shares)
      .set({ assignee: to })
      .where(and(eq(shares.assignment, before.id), eq(shares.assignee, from)))
  await saveAssignment(db, before, after)
}

export async function addNote(db: Db, assignment: number, note: Note): Promise<void> {
  await db.insert(assignmentNotes).values({ ...note, assignment })
}

/** What is open and waits for this person, as assignee or as giver, the earliest due first. */
export async function waitingFor(db: Db, person: string, limit: number): Promise<Assignment[]> {
  const doing = db
    .select({ id: assignments.id, dueAt: assignments.dueAt })
    .from(shares)
    .innerJoin(assignments, eq(assignments.id, shares.assignment))
    .where(and(eq(shares.assignee, person), isDoing))
  const confirming = db
    .select({ id: assignments.id, dueAt: assignments.dueAt })
    .from(assignments)
    .innerJoin(shares, and(eq(shares.assignment, assignments.id), isFinished))
    .where(eq(assignments.giver, person))
  const rows = await union(doing, confirming).orderBy(sql`due_at, id`).limit(limit)
  return assignmentsById(
    db,
    rows.map(row => row.id),
  )
}

/** As the indexes say it. */
const isDoing = sql`${shares.state} in ('assigned', 'underway')`
const isFinished = sql`${shares.state} = 'finished'`

export type Standpoint = 'given' | 'received' | 'all'

/** The latest that this person gave or received, newest first. */
export async function assignmentsOf(
  db: Db,
  person: string,
  standpoint: Standpoint,
  words: string,
  limit: number,
): Promise<Assignment[]> {
  const titled = words ? sql`strpos(lower(${assignments.title}), ${words.toLowerCase()}) > 0` : undefined
  const given = db
    .select({ id: assignments.id })
    .from(assignments)
    .where(and(eq(assignments.giver, person), titled))
    .orderBy(desc(assignments.id))
    .limit(limit)
  const received = db
    .select({ id: shares.assignment })
    .from(shares)
    .innerJoin(assignments, eq(assignments.id, shares.assignment))
    .where(and(eq(shares.assignee, person), titled))
    .orderBy(desc(shares.assignment))
    .limit(limit)
  const rows = await Promise.all({ given: [given], received: [received], all: [given, received] }[standpoint])
  const found = await assignmentsById(db, [...new Set(rows.flat().map(row => row.id))])
  return found.slice(0, limit)
}

/** Open ones whose time has passed and whose cards do not show it yet, held until this transaction ends. */
export const newlyLate = (db: Db, now: Date, limit: number): Promise<Array<{ id: number }>> =>
  db
    .select({ id: assignments.id })
    .from(assignments)
    .where(and(lt(assignments.dueAt, now), sql`${assignments.shownLateAt} is null`))
    .orderBy(asc(assignments.dueAt))
    .limit(limit)
    .for('update', { skipLocked: true })

export async function markShownLate(db: Db, ids: number[], now: Date): Promise<void> {
  const some = sql`${assignments.id} = any(${textArray(ids.map(String))}::bigint[])`
  if (ids.length) await db.update(assignments).set({ shownLateAt: now }).where(some)
}

export interface Reckoned {
  id: number
  title: string
  dueSaid: string
  dueAt: Date
  createdAt: Date
  giver: string
  /** Those who still have to do it. */
  assignees: string[]
}

/** Deadlines reckoned by another calendar, held until this transaction ends; another process takes others. */
export async function reckonedOtherwise(db: Db, calendarId: string, limit: number): Promise<Reckoned[]> {
  const rows = await db
    .select()
    .from(assignments)
    .where(otherwise(calendarId))
    .orderBy(asc(assignments.id))
    .limit(limit)
    .for('update', { skipLocked: true })
  const open = rows.length
    ? await db
        .select({ assignment: shares.assignment, assignee: shares.assignee })
        .from(shares)
        .where(
          and(
            inArray(
              shares.assignment,
              rows.map(row => row.id),
            ),
            inArray(shares.state, ['assigned', 'underway']),
          ),
        )
    : []
  return rows.flatMap(({ dueSaid, dueAt, ...row }) =>
    dueSaid === null || dueAt === null
      ? []
      : [
          {
            ...row,
            dueSaid,
            dueAt,
            assignees: open.filter(share => share.assignment === row.id).map(share => share.assignee),
          },
        ],
  )
}

const otherwise = (calendarId: string) =>
  and(
    isNotNull(assignments.dueSaid),
    isNotNull(assignments.dueAt),
    sql`${assignments.shownLateAt} is null`,
    sql`${assignments.calendarId} is distinct from ${calendarId}`,
  )

export async function isReckonedOtherwise(db: Db, calendarId: string): Promise<boolean> {
  const [row] = await db.select({ id: assignments.id }).from(assignments).where(otherwise(calendarId)).limit(1)
  return row !== undefined
}

/** Notes by which calendar a deadline now stands, and where it moved to. */
export async function reckonAnew(db: Db, id: number, calendarId: string, dueAt: Date): Promise<void> {
  await db.update(assignments).set({ calendarId, dueAt }).where(eq(assignments.id, id))
}

/** Everyone to whom an open deadline matters this morning: who has to do it, and who has to confirm it. */
export async function awaited(db: Db): Promise<string[]> {
  const doing = db.selectDistinct({ person: shares.assignee }).from(shares).where(isDoing)
  const confirming = db
    .selectDistinct({ person: assignments.giver })
    .from(assignments)
    .innerJoin(shares, and(eq(shares.assignment, assignments.id), isFinished))
  return (await union(doing, confirming)).map(row => row.person)
}

/** Open ones of a group that are due by a day's end, the earliest first. */
export async function dueIn(db: Db, chat: string, until: Date): Promise<Assignment[]> {
  const rows = await db
    .selectDistinct({ id: assignments.id })
    .from(assignments)
    .innerJoin(shares, eq(shares.assignment, assignments.id))
    .where(and(eq(assignments.chat, chat), lt(assignments.dueAt, until), isDoing))
    .limit(200)
  return assignmentsById(
    db,
    rows.map(row => row.id),
  )
}

export async function nextDue(db: Db): Promise<Date | undefined> {
  const [row] = await db
    .select({ dueAt: assignments.dueAt })
    .from(assignments)
    .where(and(isNotNull(assignments.dueAt), sql`${assignments.shownLateAt} is null`))
    .orderBy(asc(assignments.dueAt))
    .limit(1)
  return row?.dueAt ?? undefined
}

const among = (column: PgColumn) => sql`${column} = any(${sql.placeholder('ids')}::bigint[])`
const readHeads = statement(db =>
  db.select().from(assignments).where(among(assignments.id)).orderBy(desc(assignments.id)).prepare('assignments'),
)
const readShares = statement(db => db.select().from(shares).where(among(shares.assignment)).prepare('shares'))
const readNotes = statement(db =>
  db
    .select()
    .from(assignmentNotes)
    .where(among(assignmentNotes.assignment))
    .orderBy(asc(assignmentNotes.id))
    .prepare('assignment notes'),
)

async function notesOf(db: Db, ids: readonly number[]): Promise<Map<number, Assignment['notes']>> {
  const notes = new Map<number, Assignment['notes']>()
  for (const { id: _, assignment, ...note } of await readNotes(db, { ids: `{${ids}}` }))
    notes.set(assignment, [...(notes.get(assignment) ?? []), note])
  return notes
}

/** Without what was noted on them: no list shows it, and it may be very much. */
async function assignmentsById(db: Db, ids: number[]): Promise<Assignment[]> {
  if (!ids.length) return []
  const asked = { ids: `{${ids}}` }
  const [heads, rows] = await Promise.all([readHeads(db, asked), readShares(db, asked)])
  const parts = new Map<number, typeof rows>()
  for (const row of rows) parts.set(row.assignment, [...(parts.get(row.assignment) ?? []), row])
  return heads.map(({ shownLateAt: _, dueSaid: _said, calendarId: _by, dueAt, ...head }) => ({
    ...head,
    dueAt: dueAt ?? undefined,
    shares: (parts.get(head.id) ?? []).map(asShare).sort((a, b) => a.place - b.place),
    notes: [],
  }))
}

function asShare({ assignment: _, finishedAt, ...share }: typeof shares.$inferSelect): Share {
  return { ...share, finishedAt: finishedAt ?? undefined }
}
