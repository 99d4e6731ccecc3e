import { and, inArray, or, type SQL, sql } from 'drizzle-orm'
import { taskAssists, tasks } from './task.ts'

/** Which tasks somebody may see in lists: the own ones, and by role those without 知悉范围 (PERM-04). */
export interface Sight {
  person: string
  /** What they supervise by their own roles, which count for what they are named in also where 知悉范围 is set. */
  own: Supervised
  /** The same, also in somebody's place. */
  all: Supervised
  /** Units answered for. */
  units: string[]
  /** Whom the person stands in for. */
  standsFor: string[]
}

export interface Supervised {
  /** The whole house. */
  house: boolean
  offices: string[]
}

export const supervisedIn = ({ house, offices }: Supervised): SQL | undefined =>
  house ? sql`true` : offices.length ? inArray(tasks.unit, offices) : undefined

/** What of the ledger somebody may see. */
export function seenBy({ person, own, all, units, standsFor }: Sight): SQL | undefined {
  const byRole = [
    supervisedIn(all),
    units.length ? and(sql`${tasks.units} && ${sql.param(units, tasks.units)}`, GIVEN) : undefined,
    standsFor.length
      ? and(sql`${tasks.people} && ${sql.param(standsFor, tasks.people)}`, or(GIVEN, writtenBy(standsFor)))
      : undefined,
  ].filter(one => one !== undefined)
  return or(
    and(isOf(person), own.house ? undefined : or(GIVEN, writtenBy([person]), supervisedIn(own))),
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
