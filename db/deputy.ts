import { and, asc, eq, gte, inArray, isNull, lte, or, type SQL, sql } from 'drizzle-orm'
import { bigint, date, index, pgTable, text, timestamp } from 'drizzle-orm/pg-core'
import type { Principal } from '../src/kit/person.ts'
import { noteChanged } from './changes.ts'
import { type Db, rawStatement, textArray } from './client.ts'
import { forget, know, recallEach } from './memory.ts'
import { people, touchPerson } from './people.ts'

/** 代理 (AB岗, ORG-03): who stands in for whom, from one day up to and with another; ended, never deleted. */
export const deputies = pgTable(
  'deputies',
  {
    id: bigint({ mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    principal: text().notNull(),
    deputy: text().notNull(),
    from: date('from_on').notNull(),
    until: date('until_on').notNull(),
    namedAt: timestamp('named_at', { withTimezone: true, mode: 'date' }).notNull(),
    endedAt: timestamp('ended_at', { withTimezone: true, mode: 'date' }),
    endedBy: text('ended_by'),
  },
  table => [
    // each turn asks for whom the person stands
    index('deputies_deputy').on(table.deputy).where(sql`ended_at is null`),
    // whoever is told of something may have a deputy
    index('deputies_principal').on(table.principal).where(sql`ended_at is null`),
  ],
)

export type Deputyship = typeof deputies.$inferSelect

type Stands = Array<Omit<Principal, 'held'> & { held: Array<{ code: string; unit: string | null }> }>

/** For whom somebody stands on a day, as JSON within another statement; whoever has left is stood in for no more. */
export const standing = (deputy: unknown, today: unknown): SQL<Stands> => sql<Stands>`(
  select coalesce(json_agg(json_build_object('id', p.id, 'name', p.name, 'departments', p.departments, 'held', (
    select coalesce(json_agg(json_build_object('code', r.role, 'unit', r.unit)), '[]') from held_roles r
    where r.person = p.id and r.withdrawn_at is null and r.from_on <= ${today} and (r.until_on is null or r.until_on >= ${today})
  )) order by d.id), '[]')
  from deputies d join people p on p.id = d.principal and p.active
  where d.deputy = ${deputy} and d.ended_at is null and d.from_on <= ${today} and d.until_on >= ${today})`

export const principals = (some: Stands): Principal[] =>
  some.map(one => ({ ...one, held: one.held.map(({ code, unit }) => ({ code, unit: unit ?? undefined })) }))

const readStands = rawStatement(
  sql`select asked.id, ${standing(sql`asked.id`, sql`${sql.placeholder('today')}::date`)} as stands
    from unnest(${sql.placeholder('ids')}::text[]) asked (id)`,
)

const standingOn = (today: string): string => `stands for ${today}`

export const knowPrincipals = (db: Db, deputy: string, today: string, some: Principal[]): void =>
  know(db, standingOn(today), deputy, some)

export async function principalsOf(db: Db, deputy: string, today: string): Promise<Principal[]> {
  const [stands = []] = await recallEach(db, standingOn(today), [deputy], async some => {
    const rows = (await readStands(db, { ids: textArray(some), today })) as Array<{ id: string; stands: Stands }>
    return new Map(rows.map(({ id, stands }) => [id, principals(stands)]))
  })
  return stands
}

/** Who stands in for some people on a day, by person. */
export async function deputiesOf(db: Db, ids: string[], today: string): Promise<Map<string, string[]>> {
  const found = new Map<string, string[]>()
  if (!ids.length) return found
  const rows = await db
    .select({ principal: deputies.principal, deputy: deputies.deputy })
    .from(deputies)
    .innerJoin(people, and(eq(people.id, deputies.deputy), people.active))
    .where(and(open, inArray(deputies.principal, ids), lte(deputies.from, today), gte(deputies.until, today)))
    .orderBy(asc(deputies.id))
  for (const { principal, deputy } of rows) found.set(principal, [...(found.get(principal) ?? []), deputy])
  return found
}

const open = isNull(deputies.endedAt)

/** Everything that stands on a day or is still to come. */
export async function deputyships(db: Db, today: string): Promise<Deputyship[]> {
  return db
    .select()
    .from(deputies)
    .where(and(open, gte(deputies.until, today)))
    .orderBy(asc(deputies.from), asc(deputies.id))
}

export async function deputyship(db: Db, id: number): Promise<Deputyship | undefined> {
  const [row] = await db.select().from(deputies).where(eq(deputies.id, id))
  return row
}

/**
 * Where somebody is away already, or where whoever is to stand in is away, in a period. Until this transaction ends nobody
 * else arranges anything for these two.
 */
export async function clashing(
  db: Db,
  { principal, deputy, from, until }: Pick<Deputyship, 'principal' | 'deputy' | 'from' | 'until'>,
): Promise<Deputyship[]> {
  for (const id of [principal, deputy].sort()) await touchPerson(db, id)
  return db
    .select()
    .from(deputies)
    .where(
      and(
        open,
        lte(deputies.from, until),
        gte(deputies.until, from),
        or(eq(deputies.principal, principal), eq(deputies.principal, deputy)),
      ),
    )
    .orderBy(asc(deputies.id))
}

/** It is part of whoever stands in. */
const partOf = ({ id, deputy }: Pick<Deputyship, 'id' | 'deputy'>) => ({
  feature: 'role',
  matter: deputy,
  part: `deputy/${id}`,
})

export async function nameDeputy(
  db: Db,
  some: Pick<Deputyship, 'principal' | 'deputy' | 'from' | 'until' | 'namedAt'>,
): Promise<number> {
  const [row] = await db.insert(deputies).values(some).returning({ id: deputies.id })
  if (!row) throw new Error('a deputy was not kept')
  forget(db)
  noteChanged(db, partOf({ ...some, id: row.id }), { before: undefined, after: some })
  return row.id
}

/** What stands or is still to come and somebody takes part in, on either side. */
export const deputyshipsOf = (db: Db, person: string, today: string): Promise<Deputyship[]> =>
  db
    .select()
    .from(deputies)
    .where(and(open, gte(deputies.until, today), or(eq(deputies.principal, person), eq(deputies.deputy, person))))
    .orderBy(asc(deputies.id))

/** Ends it; false when it had been ended before. */
export async function endDeputy(db: Db, before: Deputyship, by: string, now: Date): Promise<boolean> {
  const rows = await db
    .update(deputies)
    .set({ endedAt: now, endedBy: by })
    .where(and(eq(deputies.id, before.id), open))
    .returning()
  await touchPerson(db, before.deputy)
  for (const after of rows) noteChanged(db, partOf(before), { before, after })
  return rows.length > 0
}
