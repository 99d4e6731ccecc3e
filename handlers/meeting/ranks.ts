import { titlesOf } from '../../db/meeting-day.ts'
import { holdersAmong } from '../../db/role.ts'
import type { Look } from '../../src/bot/feature.ts'
import { dayIn } from '../../src/kit/time.ts'
import type { Invitation } from '../../src/office/meeting/meeting.ts'
import { type CodesOf, placeOf } from '../../src/office/meeting/seating.ts'

const RANKED = ['LD', 'FG', 'BZ', 'KZ']

/** Roles by which people rank, as they are held today. */
export async function codesToday({ db, now }: Pick<Look, 'db' | 'now'>): Promise<CodesOf> {
  const held = await holdersAmong(db, RANKED, dayIn(now))
  return person => held.flatMap(one => (person !== undefined && one.person === person ? one.code : []))
}

type Guest = Pick<Invitation, 'person' | 'part'>

/** Whom a meeting asks by rank, then as they stand in its list (domain.md 12); units come last. */
export async function inRank<T extends Guest>(look: Pick<Look, 'db' | 'now'>, some: readonly T[]): Promise<T[]> {
  const persons = some.flatMap(({ person }) => person ?? [])
  const [codesOf, titles] = await Promise.all([codesToday(look), titlesOf(look.db, persons)])
  const places = new Map(
    some.map(one => [one, placeOf(one.person, one.part, titles.get(one.person ?? '') ?? '', codesOf)]),
  )
  const key = (one: T): number => (one.person === undefined ? Number.MAX_SAFE_INTEGER : (places.get(one) ?? 0))
  return [...some].sort((a, b) => key(a) - key(b))
}
