import { calendarInForce } from '../../db/holiday.ts'
import { peopleById } from '../../db/people.ts'
import { holdersAmong } from '../../db/role.ts'
import type { Look } from '../../src/bot/feature.ts'
import { dayIn, isPending } from '../../src/kit/time.ts'
import { ROLES, type RoleCode } from '../../src/office/role/role.ts'

/** Roles without which the house does not work. */
const NEEDED: RoleCode[] = ['BZ', 'DB', 'CD', 'BM']

/** Those of them that nobody holds who is still there, in words. */
export async function vacantRoles({ db, now }: Look): Promise<string[]> {
  const holders = await holdersAmong(db, NEEDED, dayIn(now))
  const people = await peopleById(
    db,
    holders.map(({ person }) => person),
  )
  const present = new Set(people.filter(({ active }) => active).map(({ id }) => id))
  const held = new Set(holders.filter(({ person }) => present.has(person)).map(({ code }) => code))
  return NEEDED.filter(role => !held.has(role)).map(role => ROLES[role])
}

/** Years whose notice is not loaded: this one, and from a month on the next. */
export async function missingYears({ db, now }: Look, nextFromMonth: number): Promise<number[]> {
  const [year, month] = dayIn(now).split('-').map(Number)
  if (!year || !month) return []
  const calendar = await calendarInForce(db)
  return (month >= nextFromMonth ? [year, year + 1] : [year]).filter(one => isPending(`${one}-01-01`, calendar))
}
