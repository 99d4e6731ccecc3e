import { and, asc, eq, inArray, isNotNull, notInArray } from 'drizzle-orm'
import type { ReplyState } from '../src/office/meeting/flow.ts'
import type { Db } from './client.ts'
import { invitations } from './meeting.ts'
import { people } from './people.ts'

/** One place of an event is the room's (feishu-platform 7.1). */
const MOST_GUESTS = 2_999
/** Who is excused has no business in the calendar of a meeting; whoever comes instead has an invitation of their own. */
const AWAY: ReplyState[] = ['excused', 'proxied']

/** Whom the calendar shows as asked to a meeting. */
export async function guestsExpected(db: Db, meeting: number): Promise<string[]> {
  const rows = await db
    .select({ person: invitations.person })
    .from(invitations)
    .innerJoin(people, and(eq(people.id, invitations.person), people.active))
    .where(and(eq(invitations.meeting, meeting), isNotNull(invitations.person), notInArray(invitations.state, AWAY)))
    .orderBy(asc(invitations.id))
    .limit(MOST_GUESTS)
  return rows.flatMap(({ person }) => (person === null ? [] : [person]))
}

/** Whether one of some people is asked to a meeting. */
export async function isInvited(db: Db, meeting: number, some: readonly string[]): Promise<boolean> {
  const rows = await db
    .select({ id: invitations.id })
    .from(invitations)
    .where(and(eq(invitations.meeting, meeting), inArray(invitations.person, [...some])))
    .limit(1)
  return rows.length > 0
}
