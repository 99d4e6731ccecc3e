import { and, asc, gt, gte, inArray, isNotNull, lt, ne, or, type SQL, sql } from 'drizzle-orm'
import type { ExportedMeeting, MeetingCounts } from '../src/office/meeting/export.ts'
import type { Meeting } from '../src/office/meeting/meeting.ts'
import type { HeldMeeting, MeetingSight } from '../src/office/meeting/stats.ts'
import type { Db } from './client.ts'
import { invitations, meetings, meetingsWhere } from './meeting.ts'
import { decisions } from './meeting-after.ts'
import { HEADS } from './meeting-reply.ts'

/** Notices that went out and were not taken back, of meetings that begin in a period, in somebody's sight. */
const counting = ({ house, units }: MeetingSight, from: Date, until: Date): SQL | undefined =>
  and(
    isNotNull(meetings.notifiedAt),
    ne(meetings.state, 'cancelled'),
    gte(meetings.startsAt, from),
    lt(meetings.startsAt, until),
    house ? undefined : units.length ? inArray(meetings.unit, units) : sql`false`,
  )

/** Who came; where nobody signed in, who said that they would; else who was asked. */
const COUNTED = sql`coalesce(nullif(${HEADS.present}, 0), nullif(${HEADS.coming}, 0), ${HEADS.asked})`
const COUNTED_OF = sql`select ${COUNTED} from ${invitations} where ${invitations.meeting} = ${meetings.id}`

/** What counts in a period, never who. */
export async function meetingsHeld(
  db: Db,
  sight: MeetingSight,
  from: Date,
  until: Date,
  limit: number,
): Promise<HeldMeeting[]> {
  return db
    .select({
      unit: meetings.unit,
      kind: meetings.kind,
      class: meetings.class,
      startsAt: meetings.startsAt,
      endsAt: meetings.endsAt,
      heads: sql`(${COUNTED_OF})`.mapWith(Number),
    })
    .from(meetings)
    .where(counting(sight, from, until))
    .limit(limit)
}

export async function countMeetings(db: Db, sight: MeetingSight, from: Date, until: Date): Promise<number> {
  const [row] = await db
    .select({ n: sql`count(*)`.mapWith(Number) })
    .from(meetings)
    .where(counting(sight, from, until))
  return row?.n ?? 0
}

/** The next ones of a period with their counts, by time; `after`: the last that was handed over. */
export async function meetingsAfter(
  db: Db,
  sight: MeetingSight,
  { from, until }: { from: Date; until: Date },
  after: Meeting | undefined,
  limit: number,
): Promise<ExportedMeeting[]> {
  const later = after
    ? or(gt(meetings.startsAt, after.startsAt), and(gte(meetings.startsAt, after.startsAt), gt(meetings.id, after.id)))
    : undefined
  const where = and(counting(sight, from, until), later)
  const some = await meetingsWhere(db, where, limit, sql`${asc(meetings.startsAt)}, ${asc(meetings.id)}`)
  const counts = await countsOf(
    db,
    some.map(({ id }) => id),
  )
  return some.map(meeting => ({ meeting, counts: counts.get(meeting.id) ?? NONE }))
}

export const NONE: MeetingCounts = { asked: 0, coming: 0, excused: 0, present: 0, decisions: 0, handed: 0 }

export async function countsOf(db: Db, ids: number[]): Promise<Map<number, MeetingCounts>> {
  if (!ids.length) return new Map()
  const [asked, settled] = await Promise.all([
    db
      .select({
        meeting: invitations.meeting,
        asked: HEADS.asked.mapWith(Number),
        coming: HEADS.coming.mapWith(Number),
        excused: HEADS.excused.mapWith(Number),
        present: HEADS.present.mapWith(Number),
      })
      .from(invitations)
      .where(inArray(invitations.meeting, ids))
      .groupBy(invitations.meeting),
    db
      .select({
        meeting: decisions.meeting,
        decisions: sql`count(*)`.mapWith(Number),
        handed: sql`count(${decisions.task})`.mapWith(Number),
      })
      .from(decisions)
      .where(inArray(decisions.meeting, ids))
      .groupBy(decisions.meeting),
  ])
  const found = new Map<number, MeetingCounts>()
  for (const { meeting, ...row } of [...asked, ...settled])
    found.set(meeting, { ...(found.get(meeting) ?? NONE), ...row })
  return found
}
