import { and, inArray, or, type SQL, sql } from 'drizzle-orm'
import { taskAssists, tasks } from './task.ts'

/** Which tasks somebody may see in lists: the own ones, and by role those without 知悉范围 (PERM-04). */
export interface Sight {
  person: string
  /** Supervises the whole house. */
  house: boolean
  /** Offices supervised. */
  offices: string[]
  /** Units answered for. */
  units: string[]
  /** Whom the person stands in for. */
  standsFor: string[]
}

/** What of the ledger somebody may see. */
export function seenBy({ person, house, offices, units, standsFor }: Sight): SQL | undefined {
  const supervised = house ? sql`true` : offices.length ? inArray(tasks.unit, offices) : undefined
  const byRole = [
    supervised,
    units.length ? and(sql`${tasks.units} && ${sql.param(units, tasks.units)}`, GIVEN) : undefined,
    standsFor.length
      ? and(sql`${tasks.people} && ${sql.param(standsFor, tasks.people)}`, or(GIVEN, writtenBy(standsFor)))
      : undefined,
  ].filter(one => one !== undefined)
  return or(
    and(isOf(person), house ? undefined : or(GIVEN, writtenBy([person]), supervised)),
    byRole.length ? and(sql`cardinality(${tasks.scope}) = 0`, or(...byRole)) : undefined,
  )
}

/** Before it is given out those who are to do it do not see it. */
export const GIVEN = sql`(${tasks.state} not in ('draft', 'submitted') and (${tasks.state} <> 'cancelled' or ${tasks.numberSeq} is not null))`

const writtenBy = (some: string[]): SQL | undefined =>
  or(inArray(tasks.maker, some), inArray(tasks.leader, some), inArray(tasks.givenBy, some))

/** Works on it, gave it or was let in. */
export const isOf = (person: string): SQL => sql`${tasks.people} @> ${sql.param([person], tasks.people)}`

export const assists = (person: string): SQL =>
  sql`exists (select from ${taskAssists} where ${taskAssists.task} = ${tasks.id} and ${taskAssists.person} = ${person})`
