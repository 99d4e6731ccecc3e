import { draftsFrom } from '../../db/meeting-clash.ts'
import type { Beat } from '../../src/bot/feature.ts'
import { FEATURE } from './setting.ts'

/** A draft tells how many meetings there are in its week. */
const WEEK_MS = 7 * 86_400_000
const MOST = 100

/** A draft tells who is taken and how many meetings there are: both change as another goes out, moves, is off, or lets somebody go. */
export async function redrawDrafts(beat: Beat): Promise<void> {
  const drafts = await draftsFrom(beat.db, new Date(beat.now.getTime() - WEEK_MS), MOST)
  for (const id of drafts) beat.redraw(FEATURE, String(id), 'calmly')
}
