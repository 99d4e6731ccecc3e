import { calendarInForce } from '../../db/holiday.ts'
import { peopleById } from '../../db/people.ts'
import { holdersAmong } from '../../db/role.ts'
import type { Look } from '../../src/bot/feature.ts'
import { dayIn, isPending } from '../../src/kit/time.ts'
import { ROLES, type RoleCode } from '../../src/office/role/role.ts'
import type { MissingYear } from '../../src/office/setup/cards.ts'

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

/** The State Council's notice of the next year comes in this month (domain.md 11), and so ought to be loaded in the one after. */
const NOTICE_MONTH = 11

/** Years whose notice is not loaded though it is out, or may be by now. */
export async function missingYears({ db, now }: Look): Promise<MissingYear[]> {
  const [year, month] = dayIn(now).split('-').map(Number)
  if (!year || !month) return []
  const calendar = await calendarInForce(db)
  const next = { year: year + 1, isOverdue: month > NOTICE_MONTH }
  return [{ year, isOverdue: true }, ...(month >= NOTICE_MONTH ? [next] : [])].filter(one =>
    isPending(`${one.year}-01-01`, calendar),
  )
}
