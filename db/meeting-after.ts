import { and, asc, desc, eq, inArray, isNull, sql } from 'drizzle-orm'
import { bigint, index, integer, jsonb, pgTable, text, timestamp, uniqueIndex } from 'drizzle-orm/pg-core'
import { AlreadySo, Refusal } from '../src/kit/refusal.ts'
import type { Decision } from '../src/office/meeting/decision.ts'
import type { Bearer } from '../src/office/meeting/decision-bearers.ts'
import type { Meeting, MeetingNumber } from '../src/office/meeting/meeting.ts'
import { type Minutes, type MinutesMove, type MinutesState, minutesFlow } from '../src/office/meeting/minutes.ts'
import type { TaskState } from '../src/office/task/flow.ts'
import type { TaskNumber } from '../src/office/task/number.ts'
import { noteChanged } from './changes.ts'
import type { Db } from './client.ts'
import { invitations, meetings, meetingsWhere } from './meeting.ts'
import { defined, nulled } from './nulls.ts'
import { tasks } from './task.ts'

const instant = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' })
const number = (name: string) => bigint(name, { mode: 'number' })

/** 议定事项 of meetings. */
export const decisions = pgTable(
  'meeting_decisions',
  {
    id: bigint({ mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    rev: integer().notNull(),
    meeting: number('meeting')
      .notNull()
      .references(() => meetings.id),
    says: text().notNull(),
    title: text().notNull(),
    lead: text().notNull(),
    leadUnit: text('lead_unit').notNull(),
    assistants: jsonb().$type<Bearer[]>().notNull(),
    dueAt: instant('due_at'),
    dueSaid: text('due_said').notNull(),
    dueSaidAt: instant('due_said_at'),
    doubts: text().array().notNull(),
    madeBy: text('made_by').notNull(),
    madeAt: instant('made_at').notNull(),
    askedAt: instant('asked_at'),
    proposedBy: text('proposed_by'),
    task: number('task').references(() => tasks.id),
    handedBy: text('handed_by'),
    handedAt: instant('handed_at'),
  },
  table => [
    index('meeting_decisions_meeting').on(table.meeting, table.id),
    // one task comes of one decision; and from which meeting a task came
    uniqueIndex('meeting_decisions_task').on(table.task),
    // what waits to become a task
    index('meeting_decisions_open').on(table.meeting).where(sql`task is null`),
  ],
)

export async function openDecisions(db: Db, some: ReadonlyArray<Omit<Decision, 'id'>>): Promise<void> {
  if (!some.length) return
  const opened = await db.insert(decisions).values(some.map(rowOf)).returning()
  for (const row of opened) noteChanged(db, partOf(row), { before: undefined, after: row })
}

const rowOf = ({ assistants, doubts, ...rest }: Omit<Decision, 'id'>) => ({
  ...nulled(rest),
  assistants: [...assistants],
  doubts: [...doubts],
})

export async function decisionsOf(db: Db, meeting: number): Promise<Decision[]> {
  const rows = await db
    .select()
    .from(decisions)
    .where(eq(decisions.meeting, meeting))
    .orderBy(asc(decisions.id))
    .limit(100)
  return rows.map(row => defined(row))
}

export const NO_DECISION = '未找到该议定事项'

/** @throws Refusal when there is none. */
export async function getDecision(db: Db, id: number): Promise<Decision> {
  const [row] = await db.select().from(decisions).where(eq(decisions.id, id))
  if (!row) throw new Refusal(NO_DECISION)
  return defined(row)
}

/** The same, and nobody else moves it until this transaction ends. */
export async function holdDecision(db: Db, id: number): Promise<Decision> {
  await db.select({ id: decisions.id }).from(decisions).where(eq(decisions.id, id)).for('update')
  return getDecision(db, id)
}

/** A decision is part of its meeting. */
const partOf = ({ meeting, id }: Pick<Decision, 'meeting' | 'id'>) => ({
  feature: 'meeting',
  matter: String(meeting),
  part: `decision/${id}`,
})

/** Saves over the revision that was read. */
export async function saveDecision(db: Db, before: Decision, after: Omit<Decision, 'rev'>): Promise<void> {
  const { id: _id, ...row } = after
  const saved = await db
    .update(decisions)
    .set(rowOf({ ...row, rev: before.rev + 1 }))
    .where(and(eq(decisions.id, before.id), eq(decisions.rev, before.rev)))
    .returning({ id: decisions.id })
  if (!saved.length) throw new Refusal('卡片已过期,请以最新卡片为准')
  noteChanged(db, partOf(before), { before, after: { ...after, rev: before.rev + 1 } })
}

/** Takes back one that has not become a task. */
export async function dropDecision(db: Db, id: number): Promise<void> {
  const gone = await db
    .delete(decisions)
    .where(and(eq(decisions.id, id), isNull(decisions.task)))
    .returning()
  if (!gone.length) throw new AlreadySo('该事项已转督办或已删除')
  for (const row of gone) noteChanged(db, partOf(row), { before: row, after: undefined })
}

/** How far the task that came of a decision is. */
export interface Handed {
  id: number
  number: TaskNumber | undefined
  state: TaskState
  dueAt: Date | undefined
  isKept: boolean
}

/** The tasks that came of some decisions, by their ids. */
export async function tasksHanded(db: Db, ids: number[]): Promise<Map<number, Handed>> {
  if (!ids.length) return new Map()
  const rows = await db
    .select({
      id: tasks.id,
      word: tasks.numberWord,
      year: tasks.numberYear,
      seq: tasks.numberSeq,
      state: tasks.state,
      dueAt: tasks.dueAt,
      isKept: sql<boolean>`cardinality(${tasks.scope}) > 0`,
    })
    .from(tasks)
    .where(inArray(tasks.id, ids))
  return new Map(
    rows.map(({ word, year, seq, dueAt, ...row }) => [
      row.id,
      { ...row, number: word && year && seq ? { word, year, seq } : undefined, dueAt: dueAt ?? undefined },
    ]),
  )
}

/** The meeting of whose decision a task came. */
export interface Origin {
  meeting: number
  decision: number
  number: MeetingNumber | undefined
  title: string
  startsAt: Date
}

export async function originOf(db: Db, task: number): Promise<Origin | undefined> {
  const [row] = await db
    .select({
      meeting: meetings.id,
      decision: decisions.id,
      year: meetings.numberYear,
      seq: meetings.numberSeq,
      title: meetings.title,
      startsAt: meetings.startsAt,
    })
    .from(decisions)
    .innerJoin(meetings, eq(meetings.id, decisions.meeting))
    .where(eq(decisions.task, task))
  if (!row) return undefined
  const { year, seq, ...rest } = row
  return { ...rest, number: year && seq ? { year, seq } : undefined }
}

export async function meetingNumbered(db: Db, { year, seq }: MeetingNumber): Promise<Meeting | undefined> {
  const [found] = await meetingsWhere(db, and(eq(meetings.numberYear, year), eq(meetings.numberSeq, seq)), 1)
  return found
}

/** Meetings with decisions that are no tasks yet, the latest first, with how many. */
export async function meetingsToHand(db: Db, limit: number): Promise<Array<{ meeting: number; open: number }>> {
  return db
    .select({ meeting: decisions.meeting, open: sql`count(*)`.mapWith(Number) })
    .from(decisions)
    .where(isNull(decisions.task))
    .groupBy(decisions.meeting)
    .orderBy(desc(decisions.meeting))
    .limit(limit)
}

/** Decisions for which somebody of some units was asked for a deadline. */
export async function decisionsAsked(db: Db, person: string, units: string[], limit: number): Promise<Decision[]> {
  const theirs = units.length
    ? sql`(lead = ${person} or ${inArray(decisions.leadUnit, units)})`
    : eq(decisions.lead, person)
  const rows = await db
    .select()
    .from(decisions)
    .where(and(isNull(decisions.task), isNull(decisions.dueAt), sql`asked_at is not null`, theirs))
    .orderBy(asc(decisions.id))
    .limit(limit)
  return rows.map(row => defined(row))
}

/** 会议纪要, one for each meeting. */
export const meetingMinutes = pgTable('meeting_minutes', {
  meeting: number('meeting')
    .primaryKey()
    .references(() => meetings.id),
  rev: integer().notNull(),
  state: text({ enum: Object.keys(minutesFlow.states) as [MinutesState, ...MinutesState[]] }).notNull(),
  title: text().notNull(),
  issuer: text().notNull(),
  overview: text().notNull(),
  matters: text().notNull(),
  remark: text().notNull(),
  maker: text().notNull(),
  signedAt: instant('signed_at'),
  lastMove: text('last_move').$type<MinutesMove | ''>().notNull(),
  word: text().notNull(),
  movedBy: text('moved_by').notNull(),
  movedAt: instant('moved_at').notNull(),
  movedFor: text('moved_for'),
})

export async function minutesOf(db: Db, meeting: number): Promise<Minutes | undefined> {
  const [row] = await db.select().from(meetingMinutes).where(eq(meetingMinutes.meeting, meeting))
  return row && defined(row)
}

const matterOfMinutes = ({ meeting }: Pick<Minutes, 'meeting'>) => ({
  feature: 'meeting',
  matter: `${meeting}/minutes`,
})

/** Keeps a first draft; of two at once one stands. */
export async function openMinutes(db: Db, minutes: Minutes): Promise<void> {
  await db.insert(meetingMinutes).values(nulled(minutes)).onConflictDoNothing()
  noteChanged(db, matterOfMinutes(minutes), { before: undefined, after: minutes })
}

/** Saves over the revision that was read. */
export async function saveMinutes(db: Db, before: Minutes, after: Minutes): Promise<void> {
  const saved = await db
    .update(meetingMinutes)
    .set(nulled(after))
    .where(and(eq(meetingMinutes.meeting, before.meeting), eq(meetingMinutes.rev, before.rev)))
    .returning({ meeting: meetingMinutes.meeting })
  if (!saved.length) throw new Refusal('卡片已过期,请以最新卡片为准')
  noteChanged(db, matterOfMinutes(before), { before, after })
}

/** Minutes that wait to be signed get a new revision, so that no card of the one before can sign them; whether there are any. */
export async function outdateMinutes(db: Db, meeting: number): Promise<boolean> {
  const [row] = await db
    .update(meetingMinutes)
    .set({ rev: sql`${meetingMinutes.rev} + 1` })
    .where(and(eq(meetingMinutes.meeting, meeting), eq(meetingMinutes.state, 'submitted')))
    .returning()
  if (!row) return false
  const after = defined(row)
  noteChanged(db, matterOfMinutes(after), { before: { ...after, rev: after.rev - 1 }, after })
  return true
}

/** Minutes that wait to be signed, with their meetings, the latest first. */
export async function minutesSubmitted(db: Db, limit: number): Promise<Minutes[]> {
  const rows = await db
    .select()
    .from(meetingMinutes)
    .where(eq(meetingMinutes.state, 'submitted'))
    .orderBy(desc(meetingMinutes.meeting))
    .limit(limit)
  return rows.map(row => defined(row))
}

/** People who took part in a meeting, or said that they would. */
export async function attendeesOf(db: Db, meeting: number, limit: number): Promise<string[]> {
  const came = sql`(${invitations.checkedInAt} is not null or ${invitations.state} in ('attending', 'present'))`
  const rows = await db
    .select({ person: invitations.person })
    .from(invitations)
    .where(and(eq(invitations.meeting, meeting), sql`${invitations.person} is not null`, came))
    .orderBy(asc(invitations.id))
    .limit(limit)
  return rows.flatMap(({ person }) => person ?? [])
}
