import { and, eq, gt, inArray, isNotNull, isNull, ne, notInArray, or } from 'drizzle-orm'
import type { Meeting } from '../src/office/meeting/meeting.ts'
import type { Db } from './client.ts'
import { invitations, meetings, meetingsWhere } from './meeting.ts'
import { meetingDuties } from './meeting-day.ts'
import { rooms } from './meeting-room.ts'
import { meetingSeries } from './meeting-series.ts'

/** Meetings that are not over, drafts as long as they could still be called, and that somebody prepares, convenes, presides over or answers questions about. */
export const meetingsHosted = (db: Db, person: string, now: Date, limit: number): Promise<Meeting[]> =>
  meetingsWhere(
    db,
    and(
      notInArray(meetings.state, ['ended', 'cancelled']),
      or(isNotNull(meetings.notifiedAt), gt(meetings.startsAt, now)),
      or(...[meetings.maker, meetings.convener, meetings.presider, meetings.contact].map(column => eq(column, person))),
    ),
    limit,
  )

export const seriesKept = (db: Db, person: string): Promise<Array<{ id: number; said: string }>> =>
  db
    .select({ id: meetingSeries.id, said: meetingSeries.said })
    .from(meetingSeries)
    .where(and(eq(meetingSeries.maker, person), inArray(meetingSeries.state, ['active', 'paused'])))

/** Series of others that somebody presides over or convenes; whoever made the first one convenes no more once the series was handed over. */
export const seriesHosted = (db: Db, person: string): Promise<Array<{ title: string }>> =>
  db
    .select({ title: meetings.title })
    .from(meetingSeries)
    .innerJoin(meetings, eq(meetings.id, meetingSeries.first))
    .where(
      and(
        inArray(meetingSeries.state, ['active', 'paused']),
        ne(meetingSeries.maker, person),
        or(eq(meetings.presider, person), and(eq(meetings.convener, person), ne(meetings.maker, person))),
      ),
    )

export const roomsKept = (db: Db, person: string): Promise<Array<{ id: number; name: string }>> =>
  db
    .select({ id: rooms.id, name: rooms.name })
    .from(rooms)
    .where(and(eq(rooms.keeper, person), eq(rooms.state, 'available')))

export const dutiesLeft = (
  db: Db,
  person: string,
): Promise<Array<{ id: number; meeting: number; what: string; title: string }>> =>
  db
    .select({ id: meetingDuties.id, meeting: meetings.id, what: meetingDuties.what, title: meetings.title })
    .from(meetingDuties)
    .innerJoin(meetings, eq(meetings.id, meetingDuties.meeting))
    .where(
      and(
        eq(meetingDuties.owner, person),
        isNull(meetingDuties.doneAt),
        notInArray(meetings.state, ['ended', 'cancelled']),
      ),
    )

/** Invitations of somebody to meetings that have yet to begin. */
export const invitationsAhead = (
  db: Db,
  person: string,
  now: Date,
): Promise<Array<{ id: number; meeting: number; title: string }>> =>
  db
    .select({ id: invitations.id, meeting: meetings.id, title: meetings.title })
    .from(invitations)
    .innerJoin(meetings, eq(meetings.id, invitations.meeting))
    .where(
      and(
        eq(invitations.person, person),
        gt(meetings.startsAt, now),
        notInArray(meetings.state, ['ended', 'cancelled']),
        // who is there already stays on the list
        isNull(invitations.checkedInAt),
      ),
    )

export async function giveSeries(db: Db, ids: number[], to: string, by: string, at: Date): Promise<void> {
  if (ids.length)
    await db.update(meetingSeries).set({ maker: to, movedBy: by, movedAt: at }).where(inArray(meetingSeries.id, ids))
}

export async function giveRooms(db: Db, ids: number[], to: string): Promise<void> {
  if (ids.length) await db.update(rooms).set({ keeper: to }).where(inArray(rooms.id, ids))
}

export async function giveDuties(db: Db, ids: number[], to: string): Promise<void> {
  if (ids.length) await db.update(meetingDuties).set({ owner: to }).where(inArray(meetingDuties.id, ids))
}
