import { and, asc, eq, gte, isNull, lte, or, type Placeholder, sql } from 'drizzle-orm'
import { bigint, date, index, pgTable, text, timestamp } from 'drizzle-orm/pg-core'
import type { HeldRole } from '../src/kit/person.ts'
import { type Change, noteChanged } from './changes.ts'
import { type Db, statement, textArray } from './client.ts'
import { forget, know, recall, recallEach } from './memory.ts'
import { people, touchPerson } from './people.ts'

/** A role belongs to (person, unit, period) (ORG-03); rows are withdrawn, never deleted. */
export const heldRoles = pgTable(
  'held_roles',
  {
    id: bigint({ mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    person: text().notNull(),
    role: text().notNull(),
    unit: text(),
    from: date('from_on').notNull(),
    until: date('until_on'),
    grantedBy: text('granted_by').notNull(),
    grantedAt: timestamp('granted_at', { withTimezone: true, mode: 'date' }).notNull(),
    withdrawnAt: timestamp('withdrawn_at', { withTimezone: true, mode: 'date' }),
  },
  // each turn asks what the person holds
  table => [index('held_roles_person').on(table.person)],
)

export type Holding = typeof heldRoles.$inferSelect

const standing = (today: string | Placeholder) =>
  and(
    isNull(heldRoles.withdrawnAt),
    lte(heldRoles.from, today),
    or(isNull(heldRoles.until), gte(heldRoles.until, today)),
  )

/** Everything that is held on a day, by role and then in the order in which it was given. */
export async function holdings(db: Db, today: string): Promise<Holding[]> {
  return db.select().from(heldRoles).where(standing(today)).orderBy(asc(heldRoles.role), asc(heldRoles.id))
}

/** Who holds a role on a day and has not left. */
export async function holdersOf(db: Db, role: string, today: string): Promise<string[]> {
  const rows = await db
    .select({ person: heldRoles.person })
    .from(heldRoles)
    .innerJoin(people, and(eq(people.id, heldRoles.person), people.active))
    .where(and(standing(today), eq(heldRoles.role, role)))
    .orderBy(asc(heldRoles.id))
  return [...new Set(rows.map(row => row.person))]
}

const readHeld = statement(db =>
  db
    .select({ code: heldRoles.role, unit: heldRoles.unit, person: heldRoles.person })
    .from(heldRoles)
    .where(
      and(standing(sql.placeholder('today')), sql`${heldRoles.person} = any(${sql.placeholder('people')}::text[])`),
    )
    .prepare('held'),
)

const heldOn = (today: string): string => `held ${today}`

export const knowHeld = (db: Db, person: string, today: string, held: HeldRole[]): void =>
  know(db, heldOn(today), person, held)

/** What one person holds on a day. */
export async function rolesHeldBy(db: Db, person: string, today: string): Promise<HeldRole[]> {
  const [held = []] = await recallEach(db, heldOn(today), [person], async some => {
    const rows = await readHeld(db, { people: textArray(some), today })
    const found = new Map<string, HeldRole[]>()
    for (const { code, unit, person: holder } of rows)
      found.set(holder, [...(found.get(holder) ?? []), { code, unit: unit ?? undefined }])
    return found
  })
  return held
}

const readHolders = statement(db =>
  db
    .select({ code: heldRoles.role, unit: heldRoles.unit, person: heldRoles.person })
    .from(heldRoles)
    .where(and(standing(sql.placeholder('today')), sql`${heldRoles.role} = any(${sql.placeholder('roles')}::text[])`))
    .orderBy(asc(heldRoles.id))
    .prepare('holders'),
)

/** Who holds one of some roles on a day, in the order in which they were given. */
export async function holdersAmong(
  db: Db,
  roles: string[],
  today: string,
): Promise<Array<HeldRole & { person: string }>> {
  const asked = { roles: textArray(roles), today }
  const rows = await recall(db, `holders ${asked.roles} ${today}`, () => readHolders(db, asked))
  return rows.map(row => ({ ...row, unit: row.unit ?? undefined }))
}

/** A role is part of whoever holds it. */
function noteRole(db: Db, { person, role, unit }: Holding, change: Change): void {
  noteChanged(db, { feature: 'role', matter: person, part: [role, unit ?? ''].join(' ') }, change)
}

/** Answers what was withdrawn. */
function noteWithdrawn(db: Db, rows: Holding[]): Holding[] {
  for (const row of rows) noteRole(db, row, { before: { ...row, withdrawnAt: null }, after: row })
  return rows
}

export type Grant = { person: string; role: string; unit: string | undefined; until: string | undefined }

/** Gives a role from today on; the same role in the same unit, if held, is replaced, so that its end can be moved. */
export async function grantRole(db: Db, grant: Grant, by: string, now: Date, today: string): Promise<void> {
  await withdrawRole(db, grant.person, grant.role, grant.unit, now)
  await touchPerson(db, grant.person)
  const given = await db
    .insert(heldRoles)
    .values({
      ...grant,
      unit: grant.unit ?? null,
      until: grant.until ?? null,
      from: today,
      grantedBy: by,
      grantedAt: now,
    })
    .returning()
  forget(db)
  for (const row of given) noteRole(db, row, { before: undefined, after: row })
}

/** Withdraws a role in one unit, or (unit undefined) where it was given for the whole house; answers how many rows it was. */
export async function withdrawRole(
  db: Db,
  person: string,
  role: string,
  unit: string | undefined,
  now: Date,
): Promise<number> {
  const rows = await db
    .update(heldRoles)
    .set({ withdrawnAt: now })
    .where(
      and(
        eq(heldRoles.person, person),
        eq(heldRoles.role, role),
        isNull(heldRoles.withdrawnAt),
        unit === undefined ? isNull(heldRoles.unit) : eq(heldRoles.unit, unit),
      ),
    )
    .returning()
  if (rows.length) await touchPerson(db, person)
  return noteWithdrawn(db, rows).length
}

/** Withdraws everything that somebody holds; answers what it was. */
export async function withdrawAll(db: Db, person: string, now: Date): Promise<HeldRole[]> {
  const rows = await db
    .update(heldRoles)
    .set({ withdrawnAt: now })
    .where(and(eq(heldRoles.person, person), isNull(heldRoles.withdrawnAt)))
    .returning()
  if (rows.length) await touchPerson(db, person)
  return noteWithdrawn(db, rows).map(({ role, unit }) => ({ code: role, unit: unit ?? undefined }))
}

/** Withdraws a role in every unit. */
export async function withdrawRoleEverywhere(db: Db, person: string, role: string, now: Date): Promise<number> {
  const rows = await db
    .update(heldRoles)
    .set({ withdrawnAt: now })
    .where(and(eq(heldRoles.person, person), eq(heldRoles.role, role), isNull(heldRoles.withdrawnAt)))
    .returning()
  if (rows.length) await touchPerson(db, person)
  return noteWithdrawn(db, rows).length
}
