import { and, asc, eq, getTableColumns, inArray, type SQL, sql } from 'drizzle-orm'
import { Refusal } from '../src/kit/refusal.ts'
import type { Invitation, Meeting } from '../src/office/meeting/meeting.ts'
import { insertRows } from './bulk.ts'
import { type Change, noteChanged } from './changes.ts'
import { type Db, rawStatement, statement } from './client.ts'
import { asMeeting, invitations, matterOf, meetings } from './meeting.ts'
import { defined, nulled } from './nulls.ts'

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

/** The last that was opened for a meeting; 0 = there is none. */
export async function lastInvitationOf(db: Db, meeting: number): Promise<number> {
  const [row] = await db
    .select({ id: sql`coalesce(max(${invitations.id}), 0)`.mapWith(Number) })
    .from(invitations)
    .where(eq(invitations.meeting, meeting))
  return row?.id ?? 0
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
