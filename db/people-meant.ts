import { and, asc, eq, inArray, sql } from 'drizzle-orm'
import type { Person } from '../src/kit/person.ts'
import { plain } from '../src/kit/text.ts'
import { type Db, rowsOf } from './client.ts'
import { DEEPEST } from './department.ts'
import { asPerson, chats, members, people } from './people.ts'

/** People whose whole name stands somewhere in the text, as typed or in its plain form; a group's members first. */
export async function peopleNamedIn(
  db: Db,
  text: string,
  chat: string,
  among: 'active' | 'everybody' = 'active',
): Promise<Person[]> {
  const rows = await db
    .select()
    .from(people)
    .where(
      and(
        sql`length(${people.name}) > 1`,
        sql`(strpos(${text}, ${people.name}) > 0 or strpos(${plain(text)}, ${people.name}) > 0)`,
        among === 'active' ? eq(people.active, true) : undefined,
      ),
    )
    .orderBy(
      sql`exists (select 1 from ${members} where ${members.chat} = ${chat} and ${members.person} = ${people.id}) desc`,
      asc(people.id),
    )
    .limit(50)
  return rows.map(asPerson)
}

/** Whom somebody is likely to mean: the members of the chat, then the own department; at most `limit`. */
export async function colleagues(db: Db, who: Person, chat: string, limit: number): Promise<Person[]> {
  const near = sql`exists (select 1 from ${members} where ${members.chat} = ${chat} and ${members.person} = ${people.id})`
  const own = who.departments.length
    ? sql`${people.departments} && ${sql.param(who.departments, people.departments)}`
    : sql`false`
  const rows = await db
    .select()
    .from(people)
    .where(
      and(eq(people.active, true), sql`${people.name} <> ''`, sql`${people.id} <> ${who.id}`, sql`(${near} or ${own})`),
    )
    .orderBy(sql`${near} desc`, asc(people.name), asc(people.id))
    .limit(limit)
  return rows.map(asPerson)
}

/** Everybody of a department, by name. */
export async function peopleOfUnit(db: Db, unit: string, limit: number): Promise<Person[]> {
  if (!unit) return []
  const rows = await db
    .select()
    .from(people)
    .where(
      and(
        eq(people.active, true),
        sql`${people.name} <> ''`,
        sql`${people.departments} @> ${sql.param([unit], people.departments)}`,
      ),
    )
    .orderBy(asc(people.name), asc(people.id))
    .limit(limit)
  return rows.map(asPerson)
}

/** Everybody who is there of some departments and of those below them, with the department that was asked for. */
export async function peopleUnder(
  db: Db,
  ids: readonly string[],
  limit: number,
): Promise<Array<{ person: string; unit: string; under: string }>> {
  if (!ids.length) return []
  const roots = sql.join(
    ids.map(id => sql`${id}`),
    sql`, `,
  )
  return rowsOf<{ person: string; unit: string; under: string }>(
    db.execute(sql`
      with recursive below (id, root, steps) as (
        select id, id, 0 from departments where id in (${roots})
        union all
        select d.id, below.root, below.steps + 1
        from departments d join below on d.parent = below.id and below.steps < ${DEEPEST}
      )
      select distinct on (p.id) p.id as person, coalesce(p.departments[1], '') as unit, below.root as under
      from people p join below on below.id = any(p.departments)
      where p.active and p.name <> ''
      order by p.id, below.steps desc
      limit ${limit}`),
  )
}

/** Everybody who is there of some groups that we are in. */
export async function peopleInChats(
  db: Db,
  ids: readonly string[],
  limit: number,
): Promise<Array<{ person: string; unit: string; chat: string }>> {
  if (!ids.length) return []
  const rows = await db
    .selectDistinctOn([people.id], { person: people.id, departments: people.departments, chat: chats.id })
    .from(members)
    .innerJoin(people, and(eq(people.id, members.person), people.active))
    .innerJoin(chats, and(eq(chats.id, members.chat), chats.present))
    .where(inArray(chats.id, [...ids]))
    .orderBy(asc(people.id))
    .limit(limit)
  return rows.map(({ departments: units, ...row }) => ({ ...row, unit: units[0] ?? '' }))
}

/** People of the house who sit in no department, such as its leaders. */
export async function peopleInNoDepartment(db: Db, limit: number): Promise<string[]> {
  const rows = await rowsOf<{ id: string }>(
    db.execute(sql`
      select id from people p where active and not exists (select 1 from departments d where d.id = any(p.departments))
        and cardinality(p.departments) > 0
      order by id limit ${limit}`),
  )
  return rows.map(({ id }) => id)
}
