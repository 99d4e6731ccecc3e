import { and, asc, desc, eq, inArray, isNotNull, type SQL, sql } from 'drizzle-orm'
import type { MeetingState } from '../src/office/meeting/flow.ts'
import type { Meeting, MeetingNumber } from '../src/office/meeting/meeting.ts'
import { type Db, rowsOf } from './client.ts'
import { GRAMS, invitations, meetings, meetingsWhere } from './meeting.ts'

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
    // several begin at the same time, and each stands on one page
    order === 'latest'
      ? sql`${desc(meetings.startsAt)}, ${desc(meetings.id)}`
      : sql`${asc(meetings.startsAt)}, ${asc(meetings.id)}`,
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
