import { sql } from 'drizzle-orm'
import { bigint, pgTable, text, timestamp } from 'drizzle-orm/pg-core'
import { SEEN, type Seen } from '../src/kit/seen.ts'
import type { Unanswered } from '../src/office/meeting/unread.ts'
import { type Db, rowsOf } from './client.ts'
import { invitations } from './meeting.ts'
import { HAS_FAILED, LAST_CARD } from './meeting-notices.ts'

const instant = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' })

/**
 * Whose notice an organiser asked about, and what came of it. It stands apart from the invitations, so that no list, paper or
 * reckoning of these ever reads it (GEN-08), and is forgotten with the meeting.
 */
export const noticeReads = pgTable('notice_reads', {
  invitation: bigint({ mode: 'number' })
    .primaryKey()
    .references(() => invitations.id, { onDelete: 'cascade' }),
  /** The message that was asked about. */
  message: text().notNull(),
  askedAt: instant('asked_at').notNull(),
  /** Null = no answer yet. */
  seen: text({ enum: SEEN }),
  seenAt: instant('seen_at'),
})

interface Row {
  invitation: string | number
  person: string
  name: string
  unit: string
  message: string | null
  notice: Unanswered['notice']
  asked_message: string | null
  asked_at: string | Date | null
  seen: Seen | null
  seen_at: string | Date | null
}

/** People who have not answered, with the last card that each was sent for it; those asked about longest ago first. */
export async function unansweredNotices(db: Db, meeting: number, limit: number): Promise<Unanswered[]> {
  const rows = await rowsOf<Row>(
    db.execute(sql`
      select i.id as invitation, i.person, coalesce(p.name, i.name) as name, i.unit, c.message,
        case when c.id is null then 'none' when c.message is not null then 'sent'
          when ${HAS_FAILED} then 'failed' else 'sending' end as notice,
        r.message as asked_message, r.asked_at, r.seen, r.seen_at
      from invitations i
      left join people p on p.id = i.person
      left join notice_reads r on r.invitation = i.id
      left join lateral (${LAST_CARD}) c on true
      where i.meeting = ${meeting}::bigint and i.state = 'pending' and i.person is not null
      order by r.asked_at nulls first, i.id limit ${limit}::integer`),
  )
  return rows.map(row => ({
    ...{ invitation: Number(row.invitation), person: row.person, name: row.name, unit: row.unit, notice: row.notice },
    message: row.message ?? undefined,
    asked: (row.asked_at && { message: row.asked_message ?? '', at: new Date(row.asked_at) }) || undefined,
    seen: row.seen ?? undefined,
    seenAt: row.seen_at ? new Date(row.seen_at) : undefined,
  }))
}

/** Of whom it is being asked from now on; what was known of them before is no more. */
export async function keepAsked(
  db: Db,
  asked: ReadonlyArray<{ invitation: number; message: string }>,
  at: Date,
): Promise<void> {
  if (!asked.length) return
  const list = JSON.stringify(asked)
  await db.execute(sql`
    insert into notice_reads (invitation, message, asked_at)
    select invitation, message, ${at.toISOString()}::timestamptz
    from json_to_recordset(${list}::json) asked (invitation bigint, message text)
    on conflict (invitation) do update
    set message = excluded.message, asked_at = excluded.asked_at, seen = null, seen_at = null`)
}

/** What came of a question that is still open, of somebody who has not answered meanwhile. */
export async function keepSeen(
  db: Db,
  { invitation, message }: { invitation: number; message: string },
  seen: Seen,
  at: Date,
): Promise<void> {
  await db.execute(sql`
    update notice_reads r set seen = ${seen}, seen_at = ${at.toISOString()}::timestamptz
    from invitations i
    where r.invitation = ${invitation}::bigint and r.message = ${message} and i.id = r.invitation and i.state = 'pending'`)
}

const OVER = sql`m.state in ('ended', 'cancelled') and coalesce(m.ended_at, m.moved_at)`

/** Forgets who has answered, and all of meetings that were over by a time; answers the meetings. */
export async function forgetReads(db: Db, overBy: Date): Promise<number[]> {
  const rows = await rowsOf<{ id: string | number }>(
    db.execute(sql`
      with gone as (
        delete from notice_reads r using invitations i, meetings m
        where i.id = r.invitation and m.id = i.meeting
          and (i.state <> 'pending' or (${OVER} <= ${overBy.toISOString()}::timestamptz))
        returning m.id)
      select distinct id from gone order by id`),
  )
  return rows.map(({ id }) => Number(id))
}

/** Since when the first of the meetings is over of which something is still known. */
export async function firstOverWithReads(db: Db): Promise<Date | undefined> {
  const [row] = await rowsOf<{ at: string | Date | null }>(
    db.execute(sql`
      select min(coalesce(m.ended_at, m.moved_at)) as at from notice_reads r
      join invitations i on i.id = r.invitation join meetings m on m.id = i.meeting
      where m.state in ('ended', 'cancelled')`),
  )
  return row?.at ? new Date(row.at) : undefined
}
