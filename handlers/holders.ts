import { peopleById } from '../db/people.ts'
import { holdersAmong } from '../db/role.ts'
import type { Look } from '../src/bot/feature.ts'
import { type Holder, holdersAt, openStep, type Step } from '../src/kit/chain.ts'
import { dayIn } from '../src/kit/time.ts'
import { ladderFor } from './ladder.ts'

type Reading = Pick<Look, 'db' | 'now'>

/** Who holds a role for the house or for the matter's unit, and is there. */
export const holdersFor = (look: Reading, { unit }: { unit: string }, codes: string[]): Promise<string[]> =>
  holdersOver(look, [unit], codes)

/** The same for one of several units. */
export async function holdersOver({ db, now }: Reading, units: readonly string[], codes: string[]): Promise<string[]> {
  const held = await holdersAmong(db, codes, dayIn(now))
  const ids = held.filter(({ unit }) => unit === undefined || units.includes(unit)).map(({ person }) => person)
  const people = await peopleById(db, [...new Set(ids)])
  return people.filter(({ active }) => active).map(({ id }) => id)
}

/**
 * Who decides next, and whoever stands in for them: those who were shown before submission, as far as they still hold that step, or
 * else whoever holds it now. `own`: whose matter it is (PERM-01).
 */
export async function askedNext(
  look: Reading & Pick<Look, 'office'>,
  matter: { unit: string; steps: readonly Step[] },
  own: readonly string[],
): Promise<string[]> {
  const step = openStep(matter)
  if (!step) return []
  const ladder = await ladderFor(look, matter.unit)
  const holds = ({ id, held }: Holder): boolean =>
    held.some(({ code }) => code === step.by) || (step.by === 'KZ' && ladder.head === id)
  const shown = ladder.holders.filter(holder => step.people.includes(holder.id) && holds(holder))
  const now = () => holdersAt(step.by, { ...ladder, own, mayDecide: () => true }).filter(({ id }) => !own.includes(id))
  return (shown.length ? shown : now()).flatMap(({ id, deputies }) => [id, ...deputies])
}
