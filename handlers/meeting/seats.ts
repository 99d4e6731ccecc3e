import { expectedIn, keepSeating, seatingOf } from '../../db/meeting-day.ts'
import { holdersAmong } from '../../db/role.ts'
import type { Action, Look } from '../../src/bot/feature.ts'
import { dayIn } from '../../src/kit/time.ts'
import { seatsForm } from '../../src/office/meeting/day-cards.ts'
import { type Expected, seated } from '../../src/office/meeting/expected.ts'
import { LIMITS, type Meeting } from '../../src/office/meeting/meeting.ts'
import {
  byRank,
  ordered,
  planOf,
  readSeating,
  type Seating,
  type SeatPlan,
  usualSeating,
} from '../../src/office/meeting/seating.ts'
import { openedApart } from '../opened.ts'
import { typedIn } from './answer.ts'
import { organised } from './organised.ts'
import { FEATURE } from './setting.ts'

export interface Seated {
  /** By rank, or as it was settled. */
  people: readonly Expected[]
  seating: Seating
  plan: SeatPlan
}

const RANKED = ['LD', 'FG', 'BZ', 'KZ']

/** Who sits where at present. */
export async function seatedIn(look: Look, { id }: Pick<Meeting, 'id'>, all: readonly Expected[]): Promise<Seated> {
  const [kept, held] = await Promise.all([seatingOf(look.db, id), holdersAmong(look.db, RANKED, dayIn(look.now))])
  const codesOf = (person: string | undefined) =>
    held.flatMap(one => (person !== undefined && one.person === person ? one.code : []))
  const ranked = byRank(seated(all), codesOf)
  const seating = kept ?? usualSeating(ranked, codesOf)
  const people = ordered(ranked, seating)
  return { people, seating, plan: planOf(people, seating) }
}

/** 调整座次: the order, the 主席台 and how long a row is, to be typed. */
export const arrange: Action = async (turn, { value }) => {
  const { meeting, setting } = await organised(turn, value.id)
  const all = await expectedIn(turn.db, meeting.id, LIMITS.invited * 2)
  return openedApart(turn, seatsForm(meeting, await seatedIn(turn, meeting, all), setting))
}

export const keepSeats: Action = async (turn, { value, form }) => {
  const { meeting } = await organised(turn, value.id)
  const all = await expectedIn(turn.db, meeting.id, LIMITS.invited * 2)
  const seating = readSeating(name => typedIn(form, name) ?? '', seated(all))
  await keepSeating(turn.db, meeting.id, seating)
  turn.record({ feature: FEATURE, act: 'seats', matter: String(meeting.id), data: { stage: seating.stage } })
  const matter = { feature: FEATURE, id: `${meeting.id}/day` }
  turn.redraw(matter.feature, matter.id)
  return { toast: { kind: 'success', words: '座次已保存' }, fresh: { matter } }
}
