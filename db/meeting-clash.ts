import { and, count, eq, gte, inArray, isNotNull, lt, ne, notInArray, type SQL, sql } from 'drizzle-orm'
import { numberText as tripNumber } from '../src/office/car/trip.ts'
import type { Busy, Span } from '../src/office/meeting/clash.ts'
import type { MeetingState, ReplyState } from '../src/office/meeting/flow.ts'
import { LIMITS, numberText } from '../src/office/meeting/meeting.ts'
import { trips } from './car.ts'
import type { Db } from './client.ts'
import { invitations, meetings } from './meeting.ts'

const DAY_MS = 86_400_000
/** What trips may last at most, in days. */
const LONGEST_TRIP = 15

/** Of which the notice is out, and that stand in a state: a 变更 that waits for its approval has them stand as they were. */
const out = (...states: MeetingState[]): SQL | undefined =>
  and(isNotNull(meetings.notifiedAt), inArray(meetings.state, ['submitted', ...states]))
/** Meetings that people are expected at. */
const STANDING = out('notified', 'underway')
/** And those that were or will be held. */
const HELD = out('notified', 'underway', 'ended')
/** Replies after which somebody is not expected (any more). */
const ABSENT: ReplyState[] = ['excused', 'proxied']

/** Begins so that it may reach into a span: an index finds it by its beginning. */
const reaching = ({ startsAt, endsAt }: Span, of: typeof meetings | typeof trips, days: number): SQL | undefined =>
  and(
    gte(of.startsAt, new Date(startsAt.getTime() - days * DAY_MS)),
    lt(of.startsAt, endsAt),
    sql`${of.endsAt} > ${startsAt.toISOString()}::timestamptz`,
  )

const but = (own: number | undefined): SQL | undefined => (own === undefined ? undefined : ne(meetings.id, own))

/** Meetings at which some people are expected within a span, or over which they preside. `own`: the meeting that asks. */
export async function busyMeetings(
  db: Db,
  people: readonly string[],
  span: Span,
  own: number | undefined,
): Promise<Busy[]> {
  if (!people.length) return []
  const there = and(reaching(span, meetings, LIMITS.days), STANDING, but(own))
  const what = {
    ...{ id: meetings.id, year: meetings.numberYear, seq: meetings.numberSeq, kind: meetings.kind },
    ...{ place: meetings.place, startsAt: meetings.startsAt, endsAt: meetings.endsAt },
  }
  const among = anyOf(people)
  const [asked, presiding] = await Promise.all([
    db
      .select({ ...what, person: invitations.person })
      .from(meetings)
      .innerJoin(invitations, eq(invitations.meeting, meetings.id))
      .where(and(there, sql`${invitations.person} = ${among}`, notInArray(invitations.state, ABSENT))),
    db
      .select({ ...what, person: meetings.presider })
      .from(meetings)
      .where(and(there, sql`${meetings.presider} = ${among}`)),
  ])
  const once = new Map([...asked, ...presiding].map(row => [`${row.person} ${row.id}`, row]))
  return [...once.values()].flatMap(({ id: _, person, year, seq, ...row }) =>
    person === null
      ? []
      : [{ ...row, person, by: 'meeting' as const, number: year && seq ? numberText({ year, seq }) : '' }],
  )
}

/** One parameter for all of them: thousands of placeholders are dear to plan. */
const anyOf = (people: readonly string[]): SQL => sql`any(${sql.param([...people], meetings.people)})`

/** When a meeting is, as it is on file. */
export async function spanOfMeeting(db: Db, id: number): Promise<Span | undefined> {
  const [row] = await db
    .select({ startsAt: meetings.startsAt, endsAt: meetings.endsAt })
    .from(meetings)
    .where(eq(meetings.id, id))
  return row
}

/** Trips on which some people are within a span. */
export async function busyTrips(db: Db, people: readonly string[], span: Span): Promise<Busy[]> {
  if (!people.length) return []
  const rows = await db
    .select({
      ...{ year: trips.numberYear, seq: trips.numberSeq, user: trips.user, passengers: trips.passengers },
      ...{ startsAt: trips.startsAt, endsAt: trips.endsAt },
    })
    .from(trips)
    .where(and(reaching(span, trips, LONGEST_TRIP), inArray(trips.state, ['approved', 'dispatched', 'underway'])))
  const wanted = new Set(people)
  return rows.flatMap(({ year, seq, user, passengers, ...row }) =>
    [...new Set([user, ...passengers])]
      .filter(person => wanted.has(person))
      .map(person => ({
        ...{ ...row, person, by: 'trip' as const, kind: undefined, place: '' },
        number: year && seq ? tripNumber({ year, seq }) : '',
      })),
  )
}

/** Meetings from a time on that have yet to go out, the next first. */
export async function draftsFrom(db: Db, since: Date, limit: number): Promise<number[]> {
  const rows = await db
    .select({ id: meetings.id })
    .from(meetings)
    .where(and(gte(meetings.startsAt, since), inArray(meetings.state, ['draft', 'submitted'])))
    .orderBy(meetings.startsAt, meetings.id)
    .limit(limit)
  return rows.map(({ id }) => id)
}

/** Meetings of some time that call the whole house or more. */
export async function countGeneral(db: Db, { startsAt, endsAt }: Span, own: number | undefined): Promise<number> {
  const [row] = await db
    .select({ n: count() })
    .from(meetings)
    .where(
      and(
        gte(meetings.startsAt, startsAt),
        lt(meetings.startsAt, endsAt),
        HELD,
        ne(meetings.scope, 'section'),
        but(own),
      ),
    )
  return row?.n ?? 0
}

const MOST_TITLES = 500

/** Titles of the meetings of the whole system within some time (MT-20). */
export async function systemTitles(db: Db, { startsAt, endsAt }: Span, own: number | undefined): Promise<string[]> {
  const rows = await db
    .select({ title: meetings.title })
    .from(meetings)
    .where(
      and(
        gte(meetings.startsAt, startsAt),
        lt(meetings.startsAt, endsAt),
        HELD,
        eq(meetings.scope, 'system'),
        but(own),
      ),
    )
    .limit(MOST_TITLES)
  return rows.map(({ title }) => title)
}
