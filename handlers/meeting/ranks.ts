import { titlesOf } from '../../db/meeting-day.ts'
import { holdersAmong } from '../../db/role.ts'
import { setting, UNIT_ORDER } from '../../db/settings.ts'
import type { Look } from '../../src/bot/feature.ts'
import { dayIn } from '../../src/kit/time.ts'
import type { Invitation } from '../../src/office/meeting/meeting.ts'
import { inOrder, type Ranks } from '../../src/office/meeting/seating.ts'

const RANKED = ['LD', 'FG', 'BZ', 'KZ']

/** The roles by which people rank, as they are held today, and the order of units. */
export async function ranksToday({ db, now }: Pick<Look, 'db' | 'now'>): Promise<Ranks> {
  const [held, units] = await Promise.all([
    holdersAmong(db, RANKED, dayIn(now)),
    setting<readonly string[]>(db, UNIT_ORDER),
  ])
  return {
    codesOf: person => held.flatMap(one => (person !== undefined && one.person === person ? one.code : [])),
    units: units ?? [],
  }
}

type Guest = Pick<Invitation, 'person' | 'part' | 'unit'>

/** Whom a meeting asks in their order (`inOrder`); units come last, as they were named. */
export async function inRank<T extends Guest>(look: Pick<Look, 'db' | 'now'>, some: readonly T[]): Promise<T[]> {
  const persons = some.filter(({ person }) => person !== undefined)
  const [ranks, called] = await Promise.all([
    ranksToday(look),
    titlesOf(
      look.db,
      persons.flatMap(({ person }) => person ?? []),
    ),
  ])
  const as = ({ person, part, unit }: T) => ({ ...(called.get(person ?? '') ?? NOBODY), person, part, unit })
  return [...inOrder(persons, ranks, as), ...some.filter(({ person }) => person === undefined)]
}

const NOBODY = { name: '', title: '' }
