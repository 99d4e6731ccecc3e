import { asc, eq, sql } from 'drizzle-orm'
import { bigint, boolean, pgTable, primaryKey, text, timestamp } from 'drizzle-orm/pg-core'
import type { Invitation } from '../src/office/meeting/meeting.ts'
import { type Db, rowsOf, statement, textArray } from './client.ts'
import { invitations, meetings } from './meeting.ts'
import { asInvitation } from './meeting-invitation.ts'

/** When somebody was last told that leaves of a meeting wait for them, and whether by the card that gathers all of these. */
export const leaveCalls = pgTable(
  'leave_calls',
  {
    meeting: bigint({ mode: 'number' })
      .notNull()
      .references(() => meetings.id),
    person: text().notNull(),
    toldAt: timestamp('told_at', { withTimezone: true, mode: 'date' }).notNull(),
    gathered: boolean().notNull(),
  },
  table => [primaryKey({ columns: [table.meeting, table.person] })],
)

/** How the leaves of a meeting stand towards somebody whom they are asked of. */
export interface LeaveCall {
  /** How many leaves of the meeting wait. */
  waiting: number
  /** Undefined: they were never told. */
  toldAt: Date | undefined
  gathered: boolean
}

/** By person; those who were never told have their place too. */
export async function leaveCallsOf(
  db: Db,
  meeting: number,
  persons: readonly string[],
): Promise<Map<string, LeaveCall>> {
  const rows = await rowsOf<{
    person: string
    told_at: string | Date | null
    gathered: boolean | null
    waiting: string
  }>(
    db.execute(sql`
      select asked.person, told_at, gathered,
        (select count(*) from invitations i where i.meeting = ${meeting}::bigint and i.state = 'asking') as waiting
      from unnest(${textArray(persons)}::text[]) asked (person)
      left join leave_calls c on c.meeting = ${meeting}::bigint and c.person = asked.person`),
  )
  return new Map(
    rows.map(({ person, told_at, gathered, waiting }) => [
      person,
      { waiting: Number(waiting), toldAt: told_at ? new Date(told_at) : undefined, gathered: gathered === true },
    ]),
  )
}

/** Nobody else tells this person of leaves of the meeting until the transaction ends. */
export async function holdLeaveCall(db: Db, meeting: number, person: string): Promise<void> {
  await db
    .insert(leaveCalls)
    .values({ meeting, person, toldAt: new Date(0), gathered: false })
    .onConflictDoUpdate({ target: [leaveCalls.meeting, leaveCalls.person], set: { meeting: sql`excluded.meeting` } })
}

export async function keepLeaveCall(
  db: Db,
  call: { meeting: number; person: string; toldAt: Date; gathered: boolean },
): Promise<void> {
  await db
    .insert(leaveCalls)
    .values(call)
    .onConflictDoUpdate({
      target: [leaveCalls.meeting, leaveCalls.person],
      set: { toldAt: sql`excluded.told_at`, gathered: sql`excluded.gathered` },
    })
}

const readLeaves = statement(db =>
  db
    .select()
    .from(invitations)
    .where(sql`${eq(invitations.meeting, sql.placeholder('meeting'))} and ${invitations.state} = 'asking'`)
    .orderBy(asc(invitations.repliedAt), asc(invitations.id))
    .limit(sql.placeholder('limit'))
    .prepare('leaves'),
)

/** Leaves of a meeting that wait, in the order in which they were asked for. */
export const leavesOf = async (db: Db, meeting: number, limit: number): Promise<Invitation[]> =>
  (await readLeaves(db, { meeting, limit })).map(asInvitation)
