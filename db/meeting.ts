import {
  and,
  asc,
  desc,
  eq,
  getTableColumns,
  gt,
  inArray,
  isNotNull,
  isNull,
  lte,
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
import type {
  AgendaItem,
  Guests,
  Invitation,
  Meeting,
  MeetingNumber,
  MeetingWish,
  Was,
} from '../src/office/meeting/meeting.ts'
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
import { insertRows } from './bulk.ts'
import { type Change, noteChanged } from './changes.ts'
import { type Db, rawStatement, rowsOf, statement } from './client.ts'
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
const GRAMS = sql`grams(title || ' ' || place)`

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

const matterOf = (meeting: number) => ({ feature: 'meeting', matter: String(meeting) })

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

const shareMeeting = statement(db =>
  db
    .select()
    .from(meetings)
    .where(sql`${meetings.id} = (select meeting from invitations where id = ${sql.placeholder('invitation')})`)
    .for('share')
    .prepare('share_meeting'),
)

/**
 * The meeting of an invitation for who answers it: any number of them at once, while nobody moves the meeting.
 * @throws Refusal when there is none.
 */
export async function shareMeetingOf(db: Db, invitation: number): Promise<Meeting> {
  const [row] = await shareMeeting(db, { invitation })
  if (!row) throw new Refusal(NO_INVITATION)
  return asMeeting(row)
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

/** Meetings that the heartbeat has something to do with by a time, held; what somebody is moving just now comes at the next look. */
export async function dueMeetings(db: Db, by: Date, limit: number): Promise<Meeting[]> {
  const rows = await db
    .select()
    .from(meetings)
    .where(and(isNotNull(meetings.nextAt), lte(meetings.nextAt, by)))
    .orderBy(asc(meetings.nextAt))
    .limit(limit)
    .for('update', { skipLocked: true })
  return rows.map(asMeeting)
}

/** Meetings that the clock has still to tell of or begin, held; without those that somebody is moving just now. */
export async function awaitedMeetings(db: Db): Promise<Meeting[]> {
  const rows = await db
    .select()
    .from(meetings)
    .where(isNotNull(meetings.nextAt))
    .orderBy(asc(meetings.nextAt), asc(meetings.id))
    .for('update', { skipLocked: true })
  return rows.map(asMeeting)
}

/** How many there are, whoever holds them. */
export async function countAwaitedMeetings(db: Db): Promise<number> {
  return db.$count(meetings, isNotNull(meetings.nextAt))
}

/** Only when the heartbeat looks at it next: it is the same meeting, whatever cards show. */
export async function keepNextLook(db: Db, { id, nextAt }: Pick<Meeting, 'id' | 'nextAt'>): Promise<void> {
  await db
    .update(meetings)
    .set({ nextAt: nextAt ?? null })
    .where(eq(meetings.id, id))
}

/** The heartbeat looks at it by then. */
export async function lookBy(db: Db, id: number, at: Date): Promise<void> {
  await db
    .update(meetings)
    .set({ nextAt: at })
    .where(and(eq(meetings.id, id), or(isNull(meetings.nextAt), gt(meetings.nextAt, at))))
}

export async function nextMeetingAt(db: Db): Promise<Date | undefined> {
  const [row] = await db
    .select({ at: meetings.nextAt })
    .from(meetings)
    .where(isNotNull(meetings.nextAt))
    .orderBy(asc(meetings.nextAt))
    .limit(1)
  return row?.at ?? undefined
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

export const NO_INVITATION = '您不在本次会议的参会名单中'

/** @throws Refusal when there is none. */
export async function getInvitation(db: Db, id: number): Promise<Invitation> {
  const [row] = await db.select().from(invitations).where(eq(invitations.id, id))
  if (!row) throw new Refusal(NO_INVITATION)
  return asInvitation(row)
}

const heldInvitation = statement(db =>
  db
    .select()
    .from(invitations)
    .where(eq(invitations.id, sql.placeholder('id')))
    .for('update')
    .prepare('hold_invitation'),
)

/** The same, and nobody else answers it until this transaction ends. */
export async function holdInvitation(db: Db, id: number): Promise<Invitation> {
  const [row] = await heldInvitation(db, { id })
  if (!row) throw new Refusal(NO_INVITATION)
  return asInvitation(row)
}

const COLUMNS = sql.raw(
  Object.values(getTableColumns(invitations))
    .filter(({ name }) => name !== 'id')
    .map(({ name }) => name)
    .join(', '),
)
const updateInvitation = rawStatement(sql`
  update invitations set (${COLUMNS}) = (select ${COLUMNS} from json_populate_record(null::invitations, ${sql.placeholder('row')}::json))
  where id = ${sql.placeholder('id')}::bigint and rev = ${sql.placeholder('rev')}::integer returning id`)

/** Saves over the revision that was read. */
export async function saveInvitation(db: Db, before: Invitation, after: Invitation): Promise<void> {
  const columns = Object.entries(getTableColumns(invitations)) as Array<[keyof Invitation, { name: string }]>
  const row = Object.fromEntries(columns.map(([key, { name }]) => [name, after[key] ?? null]))
  const saved = await updateInvitation(db, { row: JSON.stringify(row), id: before.id, rev: before.rev })
  if (!saved.length) throw new Refusal('卡片已过期,请以最新卡片为准')
  noteChanged(db, matterOfInvitation(before), { before, after })
}

export const matterOfInvitation = ({ meeting, id }: Pick<Invitation, 'meeting' | 'id'>) => ({
  feature: 'meeting',
  matter: `${meeting}/i${id}`,
})

export const asInvitation = (row: typeof invitations.$inferSelect): Invitation => defined(row)

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

function asMeeting(row: typeof meetings.$inferSelect): Meeting {
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

/** How many rows go in one statement, so that their values stay below what Postgres takes. */
const AT_ONCE = 1_000

/** Keeps whom a meeting asks; who is asked already stays as they are. */
export async function openInvitations(db: Db, some: ReadonlyArray<Omit<Invitation, 'id'>>): Promise<Invitation[]> {
  const rows = some.map(one => nulled(one))
  const opened = await insertRows(db, invitations, rows, sql`on conflict do nothing`)
  if (!opened.length) return []
  const asked = await invitationsWhere(db, sql`${invitations.id} = any(${`{${opened}}`}::bigint[])`, opened.length)
  noteAsked(db, asked, guests => ({ before: undefined, after: guests }))
  return asked
}

/** Everybody who is asked to a meeting, in the order in which they were. */
export const invitationsOf = (db: Db, meeting: number, limit: number): Promise<Invitation[]> =>
  invitationsWhere(db, eq(invitations.meeting, meeting), limit)

async function invitationsWhere(db: Db, where: SQL, limit: number): Promise<Invitation[]> {
  const rows = await db.select().from(invitations).where(where).orderBy(asc(invitations.id)).limit(limit)
  return rows.map(asInvitation)
}

/** Takes back what asked somebody to a meeting. */
export async function dropInvitations(db: Db, ids: readonly number[]): Promise<void> {
  const dropped: Asked[] = []
  for (let i = 0; i < ids.length; i += AT_ONCE)
    dropped.push(
      ...(await db
        .delete(invitations)
        .where(inArray(invitations.id, ids.slice(i, i + AT_ONCE)))
        .returning()),
    )
  noteAsked(db, dropped, guests => ({ before: guests, after: undefined }))
}

type Asked = Pick<Invitation, 'id' | 'meeting'> & {
  person?: string | null | undefined
  unit?: string | null | undefined
}

/** Who is asked to a meeting, or no longer, is part of it. */
function noteAsked(db: Db, some: readonly Asked[], changeOf: (guests: object[]) => Change): void {
  for (const meeting of new Set(some.map(one => one.meeting))) {
    const guests = some
      .filter(one => one.meeting === meeting)
      .map(({ id, person, unit }) => ({ id, person: person ?? null, unit: unit ?? null }))
    const change = changeOf(guests)
    noteChanged(db, { ...matterOf(meeting), part: change.before ? 'dropped' : 'asked' }, change)
  }
}

/** The invitation of somebody to a meeting. */
export async function invitationFor(db: Db, meeting: number, person: string): Promise<Invitation | undefined> {
  const [row] = await db
    .select()
    .from(invitations)
    .where(and(eq(invitations.meeting, meeting), eq(invitations.person, person)))
  return row && asInvitation(row)
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

/** What somebody may see in lists: meetings of the house, of units, those they have a part in, and those that ask them. */
export interface MeetingSight {
  person: string
  house: boolean
  units: readonly string[]
  standsFor: readonly string[]
}

export interface MeetingFilter {
  number?: MeetingNumber
  words?: string
  states?: readonly MeetingState[]
  startsBefore?: Date
  endsFrom?: Date
  /** Only those in which somebody has a part, or to which they are asked. */
  mine?: string
}

const isOneOf = (person: string): SQL => sql`${meetings.people} @> ${sql.param([person], meetings.people)}`
const isAsked = (person: string): SQL =>
  sql`(${meetings.notifiedAt} is not null and exists (select 1 from ${invitations} where ${invitations.meeting} = ${meetings.id} and ${invitations.person} = ${person}))`

/** Drafts, also given up, concern only who has made them and the office that calls meetings. */
function seenBy({ person, house, units, standsFor }: MeetingSight): SQL {
  const selves = [person, ...standsFor]
  const sent = sql`(${meetings.submittedAt} is not null or ${meetings.notifiedAt} is not null)`
  const own = sql.join(
    selves.map(
      id =>
        sql`${meetings.maker} = ${id} or ${meetings.convener} = ${id} or (${sent} and ${isOneOf(id)}) or ${isAsked(id)}`,
    ),
    sql` or `,
  )
  const office = house ? sent : units.length ? sql`(${sent} and ${inArray(meetings.unit, [...units])})` : sql`false`
  return sql`(${own} or ${office})`
}

const isFound = ({
  number: numbered,
  words: some,
  states,
  startsBefore,
  endsFrom,
  mine,
}: MeetingFilter): SQL | undefined =>
  and(
    numbered && eq(meetings.numberYear, numbered.year),
    numbered && eq(meetings.numberSeq, numbered.seq),
    some ? sql`${GRAMS} @> grams(${some})` : undefined,
    some ? sql`strpos(lower(title || ' ' || place), lower(${some})) > 0` : undefined,
    states && inArray(meetings.state, [...states]),
    startsBefore && sql`${meetings.startsAt} < ${startsBefore.toISOString()}`,
    endsFrom && sql`${meetings.endsAt} >= ${endsFrom.toISOString()}`,
    mine ? sql`(${isOneOf(mine)} or ${isAsked(mine)})` : undefined,
  )

/** Meetings that somebody may see, the latest first, or in the order in which they are held. */
export const meetingsSeen = (
  db: Db,
  sight: MeetingSight,
  filter: MeetingFilter,
  limit: number,
  offset = 0,
  order: 'latest' | 'soonest' = 'latest',
): Promise<Meeting[]> =>
  meetingsWhere(
    db,
    and(seenBy(sight), isFound(filter)),
    limit,
    order === 'latest' ? desc(meetings.startsAt) : asc(meetings.startsAt),
    offset,
  )

export async function countMeetingsSeen(db: Db, sight: MeetingSight, filter: MeetingFilter): Promise<number> {
  const [row] = await db
    .select({ n: sql`count(*)`.mapWith(Number) })
    .from(meetings)
    .where(and(seenBy(sight), isFound(filter)))
  return row?.n ?? 0
}

/** Meetings that wait for a decision of one of some people. */
export const meetingsAwaiting = (db: Db, people: readonly string[], limit: number): Promise<Meeting[]> =>
  meetingsWhere(
    db,
    and(eq(meetings.state, 'submitted'), sql`${meetings.awaits} && ${sql.param([...people], meetings.awaits)}`),
    limit,
    asc(meetings.startsAt),
  )

/** Somebody's invitation to each of some meetings. */
export async function ownInvitations(
  db: Db,
  person: string,
  some: readonly number[],
): Promise<Map<number, Invitation>> {
  if (!some.length) return new Map()
  const rows = await db
    .select()
    .from(invitations)
    .where(and(eq(invitations.person, person), inArray(invitations.meeting, [...some])))
  return new Map(rows.map(row => [row.meeting, asInvitation(row)]))
}

/** Everybody for whom something is on in a span of meetings: who has a part in it, and who is asked. */
export async function peopleInMeetings(db: Db, until: Date): Promise<string[]> {
  const rows = await rowsOf<{ person: string }>(
    db.execute(sql`
      with open as (
        select id, people from meetings
        where state in ('submitted', 'notified', 'underway') and starts_at < ${until.toISOString()}
          or state = 'draft'
      )
      select distinct person from (
        select unnest(people) as person from open
        union all
        select i.person from invitations i join open on open.id = i.meeting where i.person is not null
      ) expected where person <> ''`),
  )
  return rows.map(({ person }) => person)
}

/** Meetings of a span to which a group is asked. */
export const meetingsOfGroup = (db: Db, chat: string, from: Date, until: Date, limit: number): Promise<Meeting[]> =>
  meetingsWhere(
    db,
    and(
      inArray(meetings.state, ['notified', 'submitted', 'underway']),
      isNotNull(meetings.notifiedAt),
      sql`${meetings.startsAt} < ${until.toISOString()} and ${meetings.endsAt} >= ${from.toISOString()}`,
      sql`${meetings.guests} -> 'chats' ? ${chat}`,
    ),
    limit,
    asc(meetings.startsAt),
  )
