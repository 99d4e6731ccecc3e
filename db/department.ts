import { asc, eq, inArray, sql } from 'drizzle-orm'
import { type Db, rowsOf, statement, textArray } from './client.ts'
import { recallEach } from './memory.ts'
import { type Department, departments } from './people.ts'

export async function departmentNames(db: Db, ids: string[]): Promise<Map<string, string>> {
  return new Map((await departmentsById(db, ids)).map(({ id, name }) => [id, name]))
}

export async function departmentNamed(db: Db, name: string): Promise<Department | undefined> {
  const [row] = await db.select().from(departments).where(eq(departments.name, name)).limit(1)
  return row && { ...row, leader: row.leader ?? undefined }
}

/** Heads of departments. */
export async function departmentLeaders(db: Db, ids: string[]): Promise<string[]> {
  return (await departmentsById(db, ids)).flatMap(({ leader }) => leader ?? [])
}

const readDepartments = statement(db =>
  db
    .select()
    .from(departments)
    .where(sql`${departments.id} = any(${sql.placeholder('ids')}::text[])`)
    .prepare('departments'),
)

/** Departments by id, with their names and heads. */
export function departmentsById(db: Db, ids: string[]): Promise<Department[]> {
  return recallEach(db, 'department', ids, async some => {
    const rows = await readDepartments(db, { ids: textArray(some) })
    return new Map(rows.map(row => [row.id, { ...row, leader: row.leader ?? undefined }]))
  })
}

/** No house goes deeper; departments that lie in a circle end here. */
export const DEEPEST = 20

/** A department and those above it, the nearest first. */
export async function departmentsAbove(db: Db, id: string): Promise<Department[]> {
  const rows = await rowsOf<Omit<Department, 'leader'> & { leader: string | null }>(
    db.execute(sql`
      with recursive above (id, name, parent, leader, steps) as (
        select id, name, parent, leader, 0 from departments where id = ${id}
        union all
        select d.id, d.name, d.parent, d.leader, above.steps + 1
        from departments d join above on d.id = above.parent and above.steps < ${DEEPEST}
      )
      select id, name, parent, leader from above order by steps`),
  )
  return rows.map(row => ({ ...row, leader: row.leader ?? undefined }))
}

/** A department, be it one that is gone, and those above it, by id. */
export const lineageOf = async (db: Db, id: string): Promise<string[]> => [
  ...new Set([id, ...(await departmentsAbove(db, id)).map(above => above.id)]),
]

/** Some departments, be it those that are gone, and everything below them, by id. */
export async function departmentsUnder(db: Db, ids: readonly string[]): Promise<string[]> {
  if (!ids.length) return []
  const rows = await rowsOf<{ id: string }>(
    db.execute(sql`
      with recursive under (id) as (
        select unnest(${textArray(ids)}::text[])
        union
        select d.id from departments d join under on d.parent = under.id
      )
      select id from under`),
  )
  return rows.map(({ id }) => id)
}

export async function allDepartments(db: Db, limit: number): Promise<Department[]> {
  const rows = await db.select().from(departments).orderBy(asc(departments.name)).limit(limit)
  return rows.map(row => ({ ...row, leader: row.leader ?? undefined }))
}

/** The departments that somebody heads. */
export async function departmentsLed(db: Db, person: string): Promise<string[]> {
  const rows = await db.select({ id: departments.id }).from(departments).where(eq(departments.leader, person))
  return rows.map(row => row.id)
}

/** Those of some people who head a department. */
export async function headsAmong(db: Db, persons: readonly string[]): Promise<Set<string>> {
  const rows = await db
    .selectDistinct({ leader: departments.leader })
    .from(departments)
    .where(sql`${departments.leader} = any(${textArray(persons)}::text[])`)
  return new Set(rows.flatMap(({ leader }) => leader ?? []))
}

/** Departments that have no other above them: together they are the house. */
export async function topDepartments(db: Db, limit: number): Promise<string[]> {
  const rows = await rowsOf<{ id: string }>(
    db.execute(sql`
      select id from departments d where not exists (select 1 from departments above where above.id = d.parent)
      order by id limit ${limit}`),
  )
  return rows.map(({ id }) => id)
}

/** Departments whose names are one of some words. */
export async function unitsNamed(db: Db, names: readonly string[]): Promise<Department[]> {
  if (!names.length) return []
  const rows = await db
    .select()
    .from(departments)
    .where(inArray(departments.name, [...names]))
    .limit(200)
  return rows.map(row => ({ ...row, leader: row.leader ?? undefined }))
}
