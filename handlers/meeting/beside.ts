import type { Look } from '../../src/bot/feature.ts'
import type { Block } from '../../src/kit/card.ts'
import type { Actor, Meeting, Setting } from '../../src/office/meeting/meeting.ts'
import { headcountOf } from './invite.ts'
import { repliesBeside } from './tallies.ts'

/** What a meeting's card says beside the meeting: how many it asks, and what belongs to its parts. */
export async function beside(
  look: Look,
  meeting: Meeting,
  viewer: Actor | undefined,
  setting: Setting,
): Promise<{ more: Block[]; heads: number }> {
  if (meeting.notifiedAt) return repliesBeside(look, meeting, viewer, setting)
  return { more: [], heads: await headcountOf(look, meeting) }
}
