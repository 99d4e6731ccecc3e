import { and, asc, eq, inArray, isNotNull, isNull, ne, or, type SQL, sql } from 'drizzle-orm'
import type { Invitation, Meeting } from '../src/office/meeting/meeting.ts'
import type { Tally } from '../src/office/meeting/tally.ts'
import { noteChanged } from './changes.ts'
import { type Db, rowsOf } from './client.ts'
import { invitations } from './meeting.ts'
import { asInvitation, matterOfInvitation } from './meeting-invitation.ts'
import { nulled } from './nulls.ts'
import { people } from './people.ts'

/** Asks somebody, or a unit, to a meeting; undefined where they are asked already. */
export async function openInvitation(db: Db, invitation: Omit<Invitation, 'id'>): Promise<Invitation | undefined> {
  const [row] = await db.insert(invitations).values(nulled(invitation)).onConflictDoNothing().returning()
  const opened = row && asInvitation(row)
  if (opened) noteChanged(db, matterOfInvitation(opened), { before: undefined, after: opened })
  return opened
}

export async function findInvitation(db: Db, id: number): Promise<Invitation | undefined> {
  const [row] = await db.select().from(invitations).where(eq(invitations.id, id))
  return row && asInvitation(row)
}

export async function invitationOf(db: Db, meeting: number, person: string): Promise<Invitation | undefined> {
  const [row] = await db
    .select()
    .from(invitations)
    .where(and(eq(invitations.meeting, meeting), eq(invitations.person, person)))
  return row && asInvitation(row)
}

/** Units of one meeting that are to name their own attendees. */
export async function unitsAsked(db: Db, meeting: number): Promise<Invitation[]> {
  return invitationsWhere(db, and(eq(invitations.meeting, meeting), isUnit), 500)
}

/** Who comes in the place of one, or was named by one. */
export async function othersFor(db: Db, { meeting, id }: Invitation): Promise<Invitation[]> {
  return invitationsWhere(
    db,
    and(eq(invitations.meeting, meeting), or(eq(invitations.standsInFor, id), eq(invitations.namedBy, id))),
    100,
  )
}

async function invitationsWhere(db: Db, where: SQL | undefined, limit: number): Promise<Invitation[]> {
  const rows = await db.select().from(invitations).where(where).orderBy(asc(invitations.id)).limit(limit)
  return rows.map(asInvitation)
}

const listed = (some: readonly string[]): SQL =>
  sql.join(
    some.map(one => sql`${one}`),
    sql`, `,
  )

const isUnit = sql`(${invitations.person} is null and ${invitations.places} > 0)`
/** Whoever comes for another is counted with the other, and whoever a unit named before it was asked anew with its places. */
const isOwn = sql`(${invitations.standsInFor} is null and not ${isUnit} and (${invitations.namedBy} is null or not exists (
  select from ${invitations} as unit where unit.id = ${invitations.namedBy} and unit.state = 'pending')))`
/** A seat holds one head: whoever was to come for somebody leaves it to that one, who came after all. */
const isUnseated = (...states: Array<Invitation['state']>): SQL =>
  sql`(${invitations.standsInFor} is not null and exists (
    select from ${invitations} as principal where principal.id = ${invitations.standsInFor} and principal.state in (${listed(states)})))`
const openPlaces = sql`coalesce(sum(${invitations.places}) filter (where ${isUnit} and ${invitations.state} = 'pending'), 0)`

/** 应到, those who come (substitutes among them), those who are excused and sent nobody, and 实到, in a reading of invitations. */
export const HEADS = {
  asked: sql`(count(*) filter (where ${isOwn}) + ${openPlaces})`,
  coming: sql`count(*) filter (where ${invitations.state} in ('attending', 'present') and not ${isUnit} and not ${isUnseated('attending', 'present')})`,
  excused: sql`count(*) filter (where ${invitations.state} = 'excused')`,
  present: sql`count(*) filter (where ${invitations.state} = 'present' and not ${isUnseated('present')})`,
}

/** How the replies stand, in one reading. */
export async function tallyOf(db: Db, { id }: Pick<Meeting, 'id'>): Promise<Tally> {
  const count = (where: SQL) => sql`count(*) filter (where ${where})`.mapWith(Number)
  const own = (...states: string[]) => count(sql`${isOwn} and ${invitations.state} in (${listed(states)})`)
  const [row] = await db
    .select({
      all: count(isOwn),
      places: openPlaces.mapWith(Number),
      attending: own('attending', 'present'),
      excused: own('excused'),
      proxied: own('proxied'),
      asking: own('asking'),
      denied: own('denied'),
      pending: own('pending'),
      present: HEADS.present.mapWith(Number),
    })
    .from(invitations)
    .where(eq(invitations.meeting, id))
  const {
    all = 0,
    places = 0,
    attending = 0,
    excused = 0,
    proxied = 0,
    asking = 0,
    denied = 0,
    pending = 0,
    present = 0,
  } = row ?? {}
  return { invited: all + places, attending, excused, proxied, asking, denied, pending: pending + places, present }
}

/** Somebody of a list, with what they are called. */
export interface Listed {
  invitation: Invitation
  name: string
}

const CALLED = sql<string>`coalesce(${people.name}, nullif(${invitations.name}, ''), '')`

/** Whoever comes for somebody, or was named by a unit, stands right behind. */
const BESIDE = sql`coalesce(${invitations.standsInFor}, ${invitations.namedBy}, ${invitations.id})`

/** Those of one meeting by name, units apart; `words`: in whose name these stand. */
export async function listInvitations(
  db: Db,
  meeting: number,
  { words = '', states }: { words?: string; states?: readonly Invitation['state'][] },
  limit: number,
  offset: number,
): Promise<{ some: Listed[]; total: number }> {
  const where = and(
    eq(invitations.meeting, meeting),
    words ? sql`strpos(${CALLED}, ${words}) > 0` : undefined,
    states ? inArray(invitations.state, [...states]) : undefined,
  )
  const from = () =>
    db
      .select({ n: sql`count(*)`.mapWith(Number) })
      .from(invitations)
      .leftJoin(people, eq(people.id, invitations.person))
  const [rows, [counted]] = await Promise.all([
    db
      .select({ invitation: invitations, name: CALLED })
      .from(invitations)
      .leftJoin(people, eq(people.id, invitations.person))
      .where(where)
      .orderBy(BESIDE, asc(invitations.id))
      .limit(limit)
      .offset(offset),
    from().where(where),
  ])
  return {
    some: rows.map(({ invitation, name }) => ({ invitation: asInvitation(invitation), name })),
    total: counted?.n ?? 0,
  }
}

/** Who comes, by name, for a house that shows them to all who are asked. */
export async function comingNames(db: Db, meeting: number, limit: number): Promise<string[]> {
  const rows = await db
    .select({ name: CALLED })
    .from(invitations)
    .leftJoin(people, eq(people.id, invitations.person))
    .where(
      and(
        eq(invitations.meeting, meeting),
        inArray(invitations.state, ['attending', 'present']),
        sql`not ${isUnit} and not ${isUnseated('attending', 'present')}`,
      ),
    )
    .orderBy(asc(invitations.id))
    .limit(limit)
  return rows.map(({ name }) => name)
}

/**
 * Those who have not answered and were not reminded since, held until this transaction ends; units among them.
 * Whoever comes for another has answered.
 */
export async function unansweredSince(db: Db, meeting: number, since: Date, limit: number): Promise<Invitation[]> {
  const rows = await db
    .select()
    .from(invitations)
    .where(
      and(
        eq(invitations.meeting, meeting),
        eq(invitations.state, 'pending'),
        or(isNotNull(invitations.person), isUnit),
        or(isNull(invitations.nudgedAt), sql`${invitations.nudgedAt} <= ${since.toISOString()}::timestamptz`),
      ),
    )
    .orderBy(asc(invitations.id))
    .limit(limit)
    .for('update', { skipLocked: true })
  return rows.map(asInvitation)
}

export async function markNudged(db: Db, meeting: number, ids: readonly number[], at: Date): Promise<void> {
  if (!ids.length) return
  await db
    .update(invitations)
    .set({ nudgedAt: at })
    .where(inArray(invitations.id, [...ids]))
  const nudged = { before: undefined, after: { ids, at } }
  noteChanged(db, { feature: 'meeting', matter: String(meeting), part: 'nudged' }, nudged)
}

/** Of invitations that nobody has answered: what they are counted as. */
export async function settleUnanswered(
  db: Db,
  some: ReadonlyArray<Pick<Invitation, 'id'>>,
  state: 'pending' | 'attending',
): Promise<void> {
  if (some.length)
    await db
      .update(invitations)
      .set({ rev: sql`${invitations.rev} + 1`, state, lastMove: '', nudgedAt: null })
      .where(
        inArray(
          invitations.id,
          some.map(({ id }) => id),
        ),
      )
}

/**
 * After a change of time or place everybody is asked anew, but for whoever presides or convenes and was to come; who was sent in
 * somebody's place stays so until that one answers.
 */
export async function askInvitationsAnew(
  db: Db,
  { id, noticeRev, presider, convener }: Pick<Meeting, 'id' | 'noticeRev' | 'presider' | 'convener'>,
): Promise<void> {
  const comes = sql`${invitations.person} in (${presider}, ${convener}) and ${invitations.state} in ('pending', 'attending')`
  await db
    .update(invitations)
    .set({
      ...{ rev: sql`${invitations.rev} + 1`, noticeRev, lastMove: '', nudgedAt: null },
      state: sql`case when ${comes} then 'attending' else 'pending' end`,
      ...{
        repliedAt: null,
        repliedBy: null,
        decidedBy: null,
        decidedFor: null,
        decidedAt: null,
        decision: '',
        word: '',
      },
    })
    .where(
      and(
        eq(invitations.meeting, id),
        isNull(invitations.standsInFor),
        isNull(invitations.namedBy),
        ne(invitations.state, 'present'),
        sql`${invitations.noticeRev} < ${noticeRev}`,
      ),
    )
}

/** Where somebody is asked and the meeting is near enough: what waits for their answer, and where the door is open. */
export async function invitationsOpen(
  db: Db,
  persons: readonly string[],
  { from, until }: { from: Date; until: Date },
  limit: number,
): Promise<Invitation[]> {
  const rows = await rowsOf<{ id: string | number }>(
    db.execute(sql`
      select i.id from invitations i join meetings m on m.id = i.meeting
      where i.person in (${sql.join(
        persons.map(id => sql`${id}`),
        sql`, `,
      )})
        and m.state in ('notified', 'submitted', 'underway') and m.notified_at is not null
        and m.starts_at <= ${until.toISOString()}::timestamptz
        and (m.ends_at >= ${from.toISOString()}::timestamptz or m.state = 'underway')
      order by m.starts_at, i.id limit ${limit}::integer`),
  )
  if (!rows.length) return []
  const ids = rows.map(({ id }) => Number(id))
  const found = await invitationsWhere(db, inArray(invitations.id, ids), limit)
  return ids.flatMap(id => found.find(one => one.id === id) ?? [])
}

/**
 * Leaves that some people may be asked to grant; who does grant each, the rules settle. `office`: 办公室主任 is among them;
 * `granting`: for somebody who decides where nobody else may, all who may grant leaves at all.
 */
export async function leavesAsked(
  db: Db,
  { persons, office, granting }: { persons: readonly string[]; office: boolean; granting: string[] | undefined },
  since: Date,
  limit: number,
): Promise<Invitation[]> {
  const some = listed(persons)
  const able = listed(granting?.length ? granting : [''])
  const rows = await rowsOf<{ id: string | number }>(
    db.execute(sql`
      select i.id from invitations i join meetings m on m.id = i.meeting
      where i.state = 'asking' and (m.presider in (${some}) or m.convener in (${some}) or ${office}::boolean
        or (${granting !== undefined}::boolean and (i.person in (m.presider, m.convener)
          or (m.presider not in (${able}) and m.convener not in (${able}))))) and m.state in ('notified', 'submitted', 'underway') and m.ends_at >= ${since.toISOString()}::timestamptz
      order by m.starts_at, i.id limit ${limit}::integer`),
  )
  return rows.length
    ? invitationsWhere(
        db,
        inArray(
          invitations.id,
          rows.map(({ id }) => Number(id)),
        ),
        limit,
      )
    : []
}

/** Units that somebody is to name attendees for. */
export async function unitsPending(
  db: Db,
  units: readonly string[],
  since: Date,
  limit: number,
): Promise<Invitation[]> {
  if (!units.length) return []
  const rows = await rowsOf<{ id: string | number }>(
    db.execute(sql`
      select i.id from invitations i join meetings m on m.id = i.meeting
      where i.person is null and i.places > 0 and i.state = 'pending'
        and i.unit in (${sql.join(
          units.map(id => sql`${id}`),
          sql`, `,
        )})
        and m.state in ('notified', 'submitted') and m.starts_at >= ${since.toISOString()}::timestamptz
      order by m.starts_at, i.id limit ${limit}::integer`),
  )
  return rows.length
    ? invitationsWhere(
        db,
        inArray(
          invitations.id,
          rows.map(({ id }) => Number(id)),
        ),
        limit,
      )
    : []
}
