import { and, asc, eq, inArray, sql } from 'drizzle-orm'
import { bigint, index, integer, jsonb, pgTable, primaryKey, smallint, text, timestamp } from 'drizzle-orm/pg-core'
import { Refusal } from '../src/kit/refusal.ts'
import type { Expected } from '../src/office/meeting/expected.ts'
import { MATERIAL_STATES, type Material, type MaterialState } from '../src/office/meeting/material.ts'
import type { Duty } from '../src/office/meeting/prepare.ts'
import type { Seating } from '../src/office/meeting/seating.ts'
import { noteChanged } from './changes.ts'
import { type Db, statement, textArray } from './client.ts'
import { invitations, meetings } from './meeting.ts'
import { asInvitation } from './meeting-invitation.ts'
import { defined, nulled } from './nulls.ts'
import { departments, people } from './people.ts'

const instant = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' })
const number = (name: string) => bigint(name, { mode: 'number' })

/** Final materials that an organiser has handed in to be sent on. */
export const meetingMaterials = pgTable(
  'meeting_materials',
  {
    id: bigint({ mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    meeting: number('meeting').references(() => meetings.id),
    state: text({ enum: Object.keys(MATERIAL_STATES) as [MaterialState, ...MaterialState[]] }).notNull(),
    name: text().notNull(),
    /** Where Feishu has it as it was sent to us. */
    message: text().notNull(),
    file: text().notNull(),
    /** By which it is sent on; '' = not handed in yet. */
    key: text().notNull(),
    maker: text().notNull(),
    movedAt: instant('moved_at').notNull(),
  },
  table => [index('meeting_materials_meeting').on(table.meeting).where(sql`meeting is not null`)],
)

/** To whom a material was sent, and when. */
export const meetingServings = pgTable(
  'meeting_servings',
  {
    material: number('material')
      .notNull()
      .references(() => meetingMaterials.id),
    person: text().notNull(),
    at: instant('at').notNull(),
  },
  table => [primaryKey({ columns: [table.material, table.person] })],
)

/** Who sits where, as the organiser has settled it. */
export const meetingSeatings = pgTable('meeting_seatings', {
  meeting: number('meeting')
    .primaryKey()
    .references(() => meetings.id),
  stage: smallint().notNull(),
  wide: smallint().notNull(),
  /** Invitations, the first in rank first. */
  ranked: jsonb().$type<number[]>().notNull(),
})

/** What is to be prepared for a meeting, item by item. */
export const meetingDuties = pgTable(
  'meeting_duties',
  {
    id: bigint({ mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    meeting: number('meeting')
      .notNull()
      .references(() => meetings.id),
    place: integer().notNull(),
    what: text().notNull(),
    owner: text().notNull(),
    /** Due so long before the meeting, whenever that is. */
    minutes: integer().notNull(),
    doneAt: instant('done_at'),
    doneBy: text('done_by'),
  },
  table => [
    index('meeting_duties_meeting').on(table.meeting),
    // what waits for somebody
    index('meeting_duties_open').on(table.owner).where(sql`done_at is null`),
  ],
)

/** Everybody who is asked to a meeting, with what they and their unit are called, in the order in which they were asked. */
export async function expectedIn(db: Db, meeting: number, limit: number): Promise<Expected[]> {
  const rows = await db
    .select({ invitation: invitations, name: people.name, title: people.title, unit: departments.name })
    .from(invitations)
    .leftJoin(people, eq(people.id, invitations.person))
    .leftJoin(departments, eq(departments.id, invitations.unit))
    .where(eq(invitations.meeting, meeting))
    .orderBy(asc(invitations.id))
    .limit(limit)
  return rows.map(({ invitation, name, title, unit }) => ({
    invitation: asInvitation(invitation),
    name: name || invitation.name,
    title: invitation.title || title || '',
    unit: unit ?? '',
  }))
}

/** Somebody as they are called, with their 职务 and primary unit; undefined = is not known, or gone. */
export async function calledIn(
  db: Db,
  person: string,
): Promise<(Pick<Expected, 'name' | 'title' | 'unit'> & { of: string }) | undefined> {
  const [row] = await db
    .select({ name: people.name, title: people.title, unit: departments.name, of: departments.id })
    .from(people)
    .leftJoin(departments, eq(departments.id, sql`${people.departments}[1]`))
    .where(and(eq(people.id, person), eq(people.active, true)))
  return row && { name: row.name, title: row.title ?? '', unit: row.unit ?? '', of: row.of ?? '' }
}

/** Names and 职务 of people, by id. */
export async function titlesOf(
  db: Db,
  persons: readonly string[],
): Promise<Map<string, Pick<Expected, 'name' | 'title'>>> {
  const rows = await db
    .select({ id: people.id, name: people.name, title: people.title })
    .from(people)
    .where(sql`${people.id} = any(${textArray(persons)}::text[])`)
  return new Map(rows.map(({ id, name, title }) => [id, { name, title: title ?? '' }]))
}

export async function openMaterial(db: Db, material: Omit<Material, 'id'>): Promise<Material> {
  const [row] = await db.insert(meetingMaterials).values(nulled(material)).returning()
  if (!row) throw new Error('a material was not kept')
  return defined(row)
}

/** One that somebody has handed in; nobody else moves it until this transaction ends. @throws Refusal when there is none. */
export async function holdMaterial(db: Db, id: number): Promise<Material> {
  const [row] = await db.select().from(meetingMaterials).where(eq(meetingMaterials.id, id)).for('update')
  if (!row) throw new Refusal('未找到该材料,请重新发送')
  return defined(row)
}

/** @throws Refusal when there is none. */
export async function getMaterial(db: Db, id: number): Promise<Material> {
  const [row] = await db.select().from(meetingMaterials).where(eq(meetingMaterials.id, id))
  if (!row) throw new Refusal('未找到该材料,请重新发送')
  return defined(row)
}

export async function keepMaterial(db: Db, { id, ...row }: Material): Promise<void> {
  await db.update(meetingMaterials).set(nulled(row)).where(eq(meetingMaterials.id, id))
}

const readMaterials = statement(db =>
  db
    .select()
    .from(meetingMaterials)
    .where(
      and(
        eq(meetingMaterials.meeting, sql.placeholder('meeting')),
        sql`${meetingMaterials.state} = any(${sql.placeholder('states')}::text[])`,
      ),
    )
    .orderBy(asc(meetingMaterials.id))
    .limit(50)
    .prepare('materials'),
)

/** Materials of a meeting that have been sent on, or are about to be. */
export async function materialsOf(db: Db, meeting: number, states: readonly MaterialState[]): Promise<Material[]> {
  const rows = await readMaterials(db, { meeting, states: textArray(states) })
  return rows.map(row => defined(row))
}

/** Notes to whom a material goes; answers those who have not got it before. */
export async function noteServed(db: Db, material: number, persons: readonly string[], at: Date): Promise<string[]> {
  const noted: string[] = []
  for (let i = 0; i < persons.length; i += AT_ONCE) {
    const rows = await db
      .insert(meetingServings)
      .values(persons.slice(i, i + AT_ONCE).map(person => ({ material, person, at })))
      .onConflictDoNothing()
      .returning({ person: meetingServings.person })
    noted.push(...rows.map(({ person }) => person))
  }
  return noted
}

const AT_ONCE = 1_000

/** Who has got which of some materials. */
export async function servedWith(db: Db, materials: readonly number[]): Promise<Map<number, Set<string>>> {
  const got = new Map(materials.map(id => [id, new Set<string>()]))
  if (!materials.length) return got
  const rows = await db
    .select({ material: meetingServings.material, person: meetingServings.person })
    .from(meetingServings)
    .where(inArray(meetingServings.material, [...materials]))
  for (const { material, person } of rows) got.get(material)?.add(person)
  return got
}

/** Marks those invitations to which materials have gone. */
export async function markServed(db: Db, meeting: number, persons: readonly string[], at: Date): Promise<void> {
  for (let i = 0; i < persons.length; i += AT_ONCE)
    await db
      .update(invitations)
      .set({ servedAt: at })
      .where(and(eq(invitations.meeting, meeting), inArray(invitations.person, persons.slice(i, i + AT_ONCE))))
}

export async function seatingOf(db: Db, meeting: number): Promise<Seating | undefined> {
  const [row] = await db.select().from(meetingSeatings).where(eq(meetingSeatings.meeting, meeting))
  return row && { stage: row.stage, wide: row.wide, ranked: row.ranked }
}

export async function keepSeating(db: Db, meeting: number, { stage, wide, ranked }: Seating): Promise<void> {
  const set = { stage, wide, ranked: [...ranked] }
  await db
    .insert(meetingSeatings)
    .values({ meeting, ...set })
    .onConflictDoUpdate({ target: meetingSeatings.meeting, set })
}

export async function dutiesOf(db: Db, meeting: number): Promise<Duty[]> {
  const rows = await db
    .select()
    .from(meetingDuties)
    .where(eq(meetingDuties.meeting, meeting))
    .orderBy(asc(meetingDuties.place), asc(meetingDuties.id))
  return rows.map(row => defined(row))
}

export const NO_DUTY = '该事项已不在准备清单中'

/** One of them; nobody else moves it until this transaction ends. @throws Refusal when there is none. */
export async function holdDuty(db: Db, id: number): Promise<Duty> {
  const [row] = await db.select().from(meetingDuties).where(eq(meetingDuties.id, id)).for('update')
  if (!row) throw new Refusal(NO_DUTY)
  return defined(row)
}

export async function markDuty(db: Db, before: Duty, done: Pick<Duty, 'doneAt' | 'doneBy'>): Promise<void> {
  await db.update(meetingDuties).set(nulled(done)).where(eq(meetingDuties.id, before.id))
  noteChanged(db, partOf(before.meeting, `duty/${before.id}`), { before, after: { ...before, ...done } })
}

/** What is to be prepared is part of its meeting. */
const partOf = (meeting: number, part: string) => ({ feature: 'meeting', matter: String(meeting), part })

/** Puts a list in the place of the one before. */
export async function keepDuties(
  db: Db,
  meeting: number,
  some: ReadonlyArray<Omit<Duty, 'id' | 'meeting'>>,
): Promise<void> {
  const before = await db.delete(meetingDuties).where(eq(meetingDuties.meeting, meeting)).returning()
  noteChanged(db, partOf(meeting, 'duties'), { before, after: some })
  if (some.length) await db.insert(meetingDuties).values(some.map(one => ({ ...nulled(one), meeting })))
}

/** What is still to be prepared by somebody for meetings that are yet to end. */
export async function dutiesOpen(db: Db, owner: string, from: Date, limit: number): Promise<Duty[]> {
  const rows = await db
    .select({ duty: meetingDuties })
    .from(meetingDuties)
    .innerJoin(meetings, eq(meetings.id, meetingDuties.meeting))
    .where(
      and(
        eq(meetingDuties.owner, owner),
        sql`done_at is null`,
        inArray(meetings.state, ['notified', 'submitted', 'underway']),
        sql`${meetings.endsAt} >= ${from.toISOString()}::timestamptz`,
      ),
    )
    .orderBy(asc(meetings.startsAt), asc(meetingDuties.place))
    .limit(limit)
  return rows.map(({ duty }) => defined(duty))
}
