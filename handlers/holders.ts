import { peopleById } from '../db/people.ts'
import { holdersAmong } from '../db/role.ts'
import type { Look } from '../src/bot/feature.ts'
import { decidersNow, openStep, type Step } from '../src/kit/chain.ts'
import { dayIn } from '../src/kit/time.ts'
import { ladderFor } from './ladder.ts'

type Reading = Pick<Look, 'db' | 'now'>

/** Who holds a role for the house or for the matter's unit, and is there. */
export const holdersFor = (look: Reading, { unit }: { unit: string }, codes: string[]): Promise<string[]> =>
  holdersOver(look, [unit], codes)

/** The same for one of several units. */
export async function holdersOver({ db, now }: Reading, units: readonly string[], codes: string[]): Promise<string[]> {
  const held = await holdersAmong(db, codes, dayIn(now))
  return stillHere(
    db,
    held.filter(({ unit }) => unit === undefined || units.includes(unit)).map(({ person }) => person),
  )
}

/** Those of some people who have not left. */
export async function stillHere(db: Look['db'], ids: readonly string[]): Promise<string[]> {
  const people = await peopleById(db, [...new Set(ids)])
  return people.filter(({ active }) => active).map(({ id }) => id)
}

/** Who decides next, and whoever stands in for them. `own`: whose matter it is (PERM-01). */
export async function askedNext(
  look: Reading & Pick<Look, 'office'>,
  matter: { unit: string; steps: readonly Step[] },
  own: readonly string[],
): Promise<string[]> {
  const step = openStep(matter)
  if (!step) return []
  // whoever was not shown before decides by a role in that very unit, or for the house
  const scopeOf = () => [matter.unit]
  const climb = { ...(await ladderFor(look, matter.unit)), own, mayDecide: () => true, scopeOf }
  const people = decidersNow(step, climb).flatMap(({ id, deputies }) => [id, ...deputies])
  return people.filter(id => !own.includes(id))
}
