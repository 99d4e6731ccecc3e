import { and, asc, eq, gt, isNotNull, isNull, lte, or } from 'drizzle-orm'
import type { Meeting } from '../src/office/meeting/meeting.ts'
import type { Db } from './client.ts'
import { asMeeting, meetings } from './meeting.ts'

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
