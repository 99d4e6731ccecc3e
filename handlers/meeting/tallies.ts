import { tallyOf } from '../../db/meeting-reply.ts'
import type { Look } from '../../src/bot/feature.ts'
import type { Block } from '../../src/kit/card.ts'
import type { Actor, Meeting, Setting } from '../../src/office/meeting/meeting.ts'
import { isOrganisedBy } from '../../src/office/meeting/roles.ts'
import { organiserBlocks, tallyBlocks } from '../../src/office/meeting/tally.ts'
import { isCollecting, unreadButton } from '../../src/office/meeting/unread.ts'

/** How the replies stand, on the card of a meeting that has been notified; names are for whoever organises it. */
export async function repliesBeside(
  { db }: Pick<Look, 'db'>,
  meeting: Meeting,
  viewer: Actor | undefined,
  setting: Setting,
): Promise<{ more: Block[]; heads: number }> {
  const tally = await tallyOf(db, meeting)
  const organises = viewer !== undefined && isOrganisedBy(meeting, viewer, setting)
  const beside = tally.pending && isCollecting(meeting) ? [unreadButton(meeting)] : []
  return { more: organises ? organiserBlocks(tally, meeting.id, ...beside) : tallyBlocks(tally), heads: tally.invited }
}
