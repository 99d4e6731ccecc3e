import { calledIn, expectedIn, keepSeating, seatingOf } from '../../db/meeting-day.ts'
import type { Action, Look } from '../../src/bot/feature.ts'
import { seatsForm } from '../../src/office/meeting/day-cards.ts'
import { type Expected, seated } from '../../src/office/meeting/expected.ts'
import { LIMITS, type Meeting } from '../../src/office/meeting/meeting.ts'
import {
  byRank,
  ordered,
  PRESIDING,
  planOf,
  readSeating,
  type Seating,
  type SeatPlan,
  type Sitter,
  usualSeating,
} from '../../src/office/meeting/seating.ts'
import { openedApart } from '../opened.ts'
import { typedIn } from './answer.ts'
import { organised } from './organised.ts'
import { ranksToday } from './ranks.ts'
import { FEATURE } from './setting.ts'

export interface Seated {
  /** By rank, or as it was settled. */
  people: readonly Sitter[]
  seating: Seating
  plan: SeatPlan
}

/** Who sits where at present. */
export async function seatedIn(look: Look, meeting: Meeting, all: readonly Expected[]): Promise<Seated> {
  const [kept, ranks, sitters] = await Promise.all([
    seatingOf(look.db, meeting.id),
    ranksToday(look),
    sittersAt(look, meeting, all),
  ])
  const ranked = byRank(sitters, ranks)
  const seating = kept ?? usualSeating(ranked, ranks.codesOf)
  const people = ordered(ranked, seating)
  return { people, seating, plan: planOf(people, seating) }
}

/** Whoever presides sits there, unless excused: also at a meeting whose notice went out before presiders were on its list. */
async function sittersAt({ db }: Pick<Look, 'db'>, { presider }: Meeting, all: readonly Expected[]): Promise<Sitter[]> {
  const isAsked = all.some(({ invitation }) => invitation.person === presider)
  const called = presider === '' || isAsked ? undefined : await calledIn(db, presider)
  const host = called && {
    ...called,
    invitation: { id: PRESIDING, person: presider, part: 'attend' as const, unit: called.of },
  }
  return [...(host ? [host] : []), ...seated(all)]
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
  const seating = readSeating(name => typedIn(form, name) ?? '', await sittersAt(turn, meeting, all))
  await keepSeating(turn.db, meeting.id, seating)
  turn.record({ feature: FEATURE, act: 'seats', matter: String(meeting.id), data: { stage: seating.stage } })
  const matter = { feature: FEATURE, id: `${meeting.id}/day` }
  turn.redraw(matter.feature, matter.id)
  return { toast: { kind: 'success', words: '座次已保存' }, fresh: { matter } }
}
