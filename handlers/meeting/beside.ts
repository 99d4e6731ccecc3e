import type { Look } from '../../src/bot/feature.ts'
import type { Block } from '../../src/kit/card.ts'
import type { Actor, Meeting, Setting } from '../../src/office/meeting/meeting.ts'
import { planBlocks } from '../../src/office/meeting/plan-cards.ts'
import { movesOpen } from '../../src/office/meeting/roles.ts'
import { dayBeside } from './day.ts'
import { headcountOf } from './invite.ts'
import { planFor } from './rules.ts'
import { repliesBeside } from './tallies.ts'

/** What a meeting's card says beside the meeting: how many it asks, and what belongs to its parts. */
export async function beside(
  look: Look,
  meeting: Meeting,
  viewer: Actor | undefined,
  setting: Setting,
): Promise<{ more: Block[]; heads: number }> {
  const [plan, replies, heads] = await Promise.all([
    planned(look, meeting, viewer, setting),
    repliesBeside(look, meeting, viewer, setting),
    headcountOf(look, meeting),
  ])
  return { more: [...plan, ...replies, ...dayBeside(meeting, viewer, setting)], heads }
}

/** Before it goes out: who is taken at that time, and when all would be free. Not for a group's eyes. */
async function planned(look: Look, meeting: Meeting, viewer: Actor | undefined, setting: Setting): Promise<Block[]> {
  const { id, rev, maker, unit, state, change } = meeting
  if (!viewer || (state !== 'draft' && state !== 'submitted')) return []
  const plan = await planFor(look, change ?? meeting, { maker, unit, id })
  const mayEdit = movesOpen(meeting, viewer, setting).includes('edit')
  return planBlocks(plan, meeting.kind, look.now, mayEdit ? { id, rev } : undefined)
}
