import { and, asc, desc, eq, inArray, type SQL, sql } from 'drizzle-orm'
import {
  bigint,
  boolean,
  index,
  integer,
  jsonb,
  pgTable,
  smallint,
  text,
  timestamp,
  uniqueIndex,
} from 'drizzle-orm/pg-core'
import type { Finding } from '../src/kit/finding.ts'
import { Refusal } from '../src/kit/refusal.ts'
import {
  type MeetingMove,
  type MeetingState,
  meetingFlow,
  type ReplyMove,
  type ReplyState,
  replyFlow,
} from '../src/office/meeting/flow.ts'
import type { AgendaItem, Guests, Meeting, MeetingNumber, MeetingWish, Was } from '../src/office/meeting/meeting.ts'
import { awaitedBy, peopleOf } from '../src/office/meeting/steps.ts'
import {
  CLASSES,
  KINDS,
  type Kind,
  type MeetingClass,
  type MeetingScope,
  PARTS,
  type PartIn,
  SCOPES,
} from '../src/office/meeting/terms.ts'
import { noteChanged } from './changes.ts'
import type { Db } from './client.ts'
import { rooms } from './meeting-room.ts'
import { defined, nulled } from './nulls.ts'
import { type StoredStep, stepOf, storedStep } from './steps.ts'

/** A wish as JSON, which has no dates and leaves out what is undefined. */
type Stored<T> = {
  [K in keyof T]: T[K] extends Date ? string : T[K] extends Date | undefined ? string | undefined : T[K]
}

const words = <T extends string>(of: Record<T, unknown>) => Object.keys(of) as [T, ...T[]]
const instant = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' })
const number = (name: string) => bigint(name, { mode: 'number' })

/** What a meeting is found by. */
export const GRAMS = sql`grams(title || ' ' || place)`

/** One meeting, from the draft to its end. */
export const meetings = pgTable(
  'meetings',
  {
    id: bigint({ mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    rev: integer().notNull(),
    stateRev: integer('state_rev').notNull(),
    noticeRev: integer('notice_rev').notNull(),
    state: text({ enum: words<MeetingState>(meetingFlow.states) }).notNull(),
    numberYear: smallint('number_year'),
    numberSeq: integer('number_seq'),
    maker: text().notNull(),
    unit: text().notNull(),
    chat: text().notNull(),
    title: text().notNull(),
    kind: text({ enum: words<Kind>(KINDS) }).notNull(),
    class: text({ enum: ['', ...words<MeetingClass>(CLASSES)] }).notNull(),
    scope: text({ enum: words<MeetingScope>(SCOPES) }).notNull(),
    startsAt: instant('starts_at').notNull(),
    endsAt: instant('ends_at').notNull(),
    checkInAt: instant('check_in_at'),
    room: number('room').references(() => rooms.id),
    place: text().notNull(),
    branches: text().notNull(),
    convener: text().notNull(),
    presider: text().notNull(),
    contact: text().notNull(),
    phone: text().notNull(),
    guests: jsonb().$type<Guests>().notNull(),
    level: text().notNull(),
    agenda: jsonb().$type<AgendaItem[]>().notNull(),
    materials: text().notNull(),
    dress: text().notNull(),
    parking: text().notNull(),
    discipline: text().notNull(),
    remark: text().notNull(),
    replyBy: instant('reply_by'),
    planned: boolean().notNull(),
    urgent: boolean().notNull(),
    speech: smallint().notNull(),
    steps: jsonb().$type<StoredStep[]>().notNull(),
    /** Who may decide the step that is open now. */
    awaits: text().array().notNull(),
    /** Everybody who made it, is named in it, decides or decided; those asked stand in `invitations`. */
    people: text().array().notNull(),
    findings: jsonb().$type<Finding[]>().notNull(),
    change: jsonb().$type<Stored<MeetingWish>>(),
    was: jsonb().$type<Stored<Was>>(),
    series: number('series'),
    previous: number('previous'),
    /** Not used any more: Feishu's events stand in `appointments`. */
    event: text().notNull(),
    createdAt: instant('created_at').notNull(),
    submittedAt: instant('submitted_at'),
    notifiedAt: instant('notified_at'),
    endedAt: instant('ended_at'),
    reminded: text().array().notNull(),
    lastMove: text('last_move').$type<MeetingMove | ''>().notNull(),
    word: text().notNull(),
    movedBy: text('moved_by').notNull(),
    movedAt: instant('moved_at').notNull(),
    movedFor: text('moved_for'),
    nextAt: instant('next_at'),
  },
  table => [
    uniqueIndex('meetings_number').on(table.numberYear, table.numberSeq),
    // what waits for somebody's decision
    index('meetings_awaits').using('gin', table.awaits).where(sql`state = 'submitted'`),
    index('meetings_people').using('gin', table.people),
    // by day, for lists, clashes and the year's count
    index('meetings_starts').on(table.startsAt),
    index('meetings_unit').on(table.unit, table.startsAt),
    // what the heartbeat finds
    index('meetings_next').on(table.nextAt).where(sql`next_at is not null`),
    index('meetings_words').using('gin', GRAMS),
    index('meetings_series').on(table.series).where(sql`series is not null`),
  ],
)

/** Somebody, or a unit, that is asked to a meeting. */
export const invitations = pgTable(
  'invitations',
  {
    id: bigint({ mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    rev: integer().notNull(),
    meeting: number('meeting')
      .notNull()
      .references(() => meetings.id),
    person: text(),
    unit: text().notNull(),
    part: text({ enum: words<PartIn>(PARTS) }).notNull(),
    via: text().notNull(),
    places: smallint().notNull(),
    name: text().notNull(),
    title: text().notNull(),
    phone: text().notNull(),
    state: text({ enum: words<ReplyState>(replyFlow.states) }).notNull(),
    word: text().notNull(),
    companions: text().notNull(),
    plate: text().notNull(),
    repliedAt: instant('replied_at'),
    repliedBy: text('replied_by'),
    decidedBy: text('decided_by'),
    decidedFor: text('decided_for'),
    decidedAt: instant('decided_at'),
    decision: text().notNull(),
    standsInFor: number('stands_in_for'),
    namedBy: number('named_by'),
    noticeRev: integer('notice_rev').notNull(),
    nudgedAt: instant('nudged_at'),
    checkedInAt: instant('checked_in_at'),
    checkedInBy: text('checked_in_by'),
    servedAt: instant('served_at'),
    lastMove: text('last_move').$type<ReplyMove | ''>().notNull(),
  },
  table => [
    // somebody is asked once; a unit once
    uniqueIndex('invitations_person').on(table.meeting, table.person).where(sql`person is not null`),
    uniqueIndex('invitations_unit').on(table.meeting, table.unit).where(sql`person is null and places > 0`),
    index('invitations_meeting').on(table.meeting, table.state),
    // leaves that wait, and units that are to name people
    index('invitations_asking').on(table.meeting).where(sql`state = 'asking'`),
    index('invitations_units').on(table.unit).where(sql`person is null and places > 0 and state = 'pending'`),
    // my meetings, and where I am expected
    index('invitations_mine').on(table.person, table.meeting).where(sql`person is not null`),
  ],
)

/** The last number given in a year: a row, so that a turn that fails leaves no gap. */
export const meetingNumbers = pgTable('meeting_numbers', { year: smallint().primaryKey(), last: integer().notNull() })

/** The next number of a year; others wait until this transaction has ended. */
export async function takeMeetingNumber(db: Db, year: number): Promise<MeetingNumber> {
  const [row] = await db
    .insert(meetingNumbers)
    .values({ year, last: 1 })
    .onConflictDoUpdate({ target: meetingNumbers.year, set: { last: sql`${meetingNumbers.last} + 1` } })
    .returning({ last: meetingNumbers.last })
  if (!row) throw new Error('no number was given')
  return { year, seq: row.last }
}

export async function openMeeting(db: Db, meeting: Omit<Meeting, 'id'>): Promise<Meeting> {
  const [row] = await db.insert(meetings).values(rowOf(meeting)).returning({ id: meetings.id })
  if (!row) throw new Error('a meeting was not kept')
  const opened = { ...meeting, id: row.id }
  noteChanged(db, matterOf(row.id), { before: undefined, after: opened })
  return opened
}

export const matterOf = (meeting: number) => ({ feature: 'meeting', matter: String(meeting) })

export const NO_MEETING = '未找到该会议'

/** @throws Refusal when there is none: an id that never was and one that may not be seen read the same. */
export async function getMeeting(db: Db, id: number): Promise<Meeting> {
  const [found] = await meetingsWhere(db, eq(meetings.id, id), 1)
  if (!found) throw new Refusal(NO_MEETING)
  return found
}

/** The same, and nobody else moves it until this transaction ends. */
export async function holdMeeting(db: Db, id: number): Promise<Meeting> {
  await db.select({ id: meetings.id }).from(meetings).where(eq(meetings.id, id)).for('update')
  return getMeeting(db, id)
}

/** Several of them, by their ids. */
export async function holdMeetings(db: Db, ids: number[]): Promise<Meeting[]> {
  if (!ids.length) return []
  await db
    .select({ id: meetings.id })
    .from(meetings)
    .where(inArray(meetings.id, ids))
    .orderBy(asc(meetings.id))
    .for('update')
  return meetingsWhere(db, inArray(meetings.id, ids), ids.length, asc(meetings.id))
}

/** Saves over the revision that was read. */
export async function saveMeeting(db: Db, before: Meeting, after: Meeting): Promise<void> {
  const saved = await db
    .update(meetings)
    .set(rowOf(after))
    .where(and(eq(meetings.id, before.id), eq(meetings.rev, before.rev)))
    .returning({ id: meetings.id })
  if (!saved.length) throw new Refusal('卡片已过期,请以最新卡片为准')
  noteChanged(db, matterOf(before.id), { before, after })
}

export async function meetingsWhere(
  db: Db,
  where: SQL | undefined,
  limit: number,
  order: SQL = desc(meetings.id),
  offset = 0,
): Promise<Meeting[]> {
  const rows = await db.select().from(meetings).where(where).orderBy(order).limit(limit).offset(offset)
  return rows.map(asMeeting)
}

/** The phone that somebody had as the contact of the last meeting that gave one. */
export async function lastPhoneOf(db: Db, contact: string): Promise<string | undefined> {
  const [row] = await db
    .select({ phone: meetings.phone })
    .from(meetings)
    .where(
      and(
        sql`${meetings.people} @> ${sql.param([contact], meetings.people)}`,
        eq(meetings.contact, contact),
        sql`phone <> ''`,
      ),
    )
    .orderBy(desc(meetings.id))
    .limit(1)
  return row?.phone
}

function rowOf(meeting: Omit<Meeting, 'id'> & { id?: number }): Omit<typeof meetings.$inferInsert, 'id'> {
  const { id: _id, number: given, steps, findings, agenda, reminded, change, was, ...rest } = meeting
  return {
    ...nulled(rest),
    event: '',
    numberYear: given?.year ?? null,
    numberSeq: given?.seq ?? null,
    agenda: [...agenda],
    reminded: [...reminded],
    steps: steps.map(storedStep),
    awaits: [...awaitedBy(meeting)],
    people: peopleOf(meeting),
    findings: [...findings],
    change: change ? stored(change) : null,
    was: was ? stored(was) : null,
  }
}

const MOMENTS = ['startsAt', 'endsAt', 'checkInAt', 'replyBy']

const stored = <T extends object>(some: T): Stored<T> =>
  Object.fromEntries(
    Object.entries(some).map(([key, value]) => [key, value instanceof Date ? value.toISOString() : value]),
  ) as Stored<T>

const restored = <T extends object>(some: Stored<T>): T =>
  Object.fromEntries(
    Object.entries(some).map(([key, value]) => [
      key,
      MOMENTS.includes(key) && typeof value === 'string' ? new Date(value) : value,
    ]),
  ) as T

export function asMeeting(row: typeof meetings.$inferSelect): Meeting {
  const { numberYear, numberSeq, awaits: _awaits, people: _people, event: _event, steps, change, was, ...rest } = row
  const isNumbered = numberYear !== null && numberSeq !== null
  return {
    ...defined(rest),
    number: isNumbered ? { year: numberYear, seq: numberSeq } : undefined,
    steps: steps.map(stepOf),
    change: change ? restored<MeetingWish>(change) : undefined,
    was: was ? restored<Was>(was) : undefined,
  }
}
