import { deputiesOf } from '../db/deputy.ts'
import { peopleById } from '../db/people.ts'
import { holdersAmong } from '../db/role.ts'
import type { Look } from '../src/bot/feature.ts'
import { openStep, type Step } from '../src/kit/chain.ts'
import { dayIn } from '../src/kit/time.ts'

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

/** Who decides next, and whoever stands in for them. */
export async function askedNext(look: Reading, matter: { steps: readonly Step[] }): Promise<string[]> {
  const people = openStep(matter)?.people ?? []
  const deputies = await deputiesOf(look.db, [...people], dayIn(look.now))
  return [...people, ...[...deputies.values()].flat()]
}
