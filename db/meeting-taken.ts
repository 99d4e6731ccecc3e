import { inArray } from 'drizzle-orm'
import type { Meeting } from '../src/office/meeting/meeting.ts'
import type { Db } from './client.ts'
import { meetings } from './meeting.ts'

/** What of a meeting those may know who meet with it in a room. */
export type MeetingInRoom = Pick<Meeting, 'id' | 'number' | 'unit' | 'maker'>

/** The meetings for which rooms are taken, by id. */
export async function meetingsInRooms(db: Db, ids: number[]): Promise<Map<number, MeetingInRoom>> {
  if (!ids.length) return new Map()
  const rows = await db
    .select({
      id: meetings.id,
      unit: meetings.unit,
      maker: meetings.maker,
      year: meetings.numberYear,
      seq: meetings.numberSeq,
    })
    .from(meetings)
    .where(inArray(meetings.id, ids))
  return new Map(
    rows.map(({ year, seq, ...meeting }) => [
      meeting.id,
      { ...meeting, number: year === null || seq === null ? undefined : { year, seq } },
    ]),
  )
}
