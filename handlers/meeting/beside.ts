import { getRoom } from '../../db/meeting-room.ts'
import { getSeries } from '../../db/meeting-series.ts'
import type { Look } from '../../src/bot/feature.ts'
import { type Block, buttons, note, text, tint } from '../../src/kit/card.ts'
import { FEE_BASIS, feeHint } from '../../src/office/meeting/fee.ts'
import type { Actor, Meeting, Setting } from '../../src/office/meeting/meeting.ts'
import { planBlocks } from '../../src/office/meeting/plan-cards.ts'
import { movesOpen } from '../../src/office/meeting/roles.ts'
import { wasKnown } from '../../src/office/meeting/series.ts'
import { seriesWords } from '../../src/office/meeting/series-cards.ts'
import { calendarBeside } from './calendar.ts'
import { dayBeside } from './day.ts'
import { decisionBlocks } from './decision-view.ts'
import { headcountOf } from './invite.ts'
import { minutesBeside } from './minutes.ts'
import { planFor } from './rules.ts'
import { repliesBeside } from './tallies.ts'

/** What a meeting's card says beside the meeting: how many it asks, and what belongs to its parts. */
export async function beside(
  look: Look,
  meeting: Meeting,
  viewer: Actor | undefined,
  setting: Setting,
): Promise<{ more: Block[]; heads: number }> {
  const [plan, replies, calendar, decided, minutes] = await Promise.all([
    planned(look, meeting, viewer, setting),
    replied(look, meeting, viewer, setting),
    calendarBeside(look, meeting, viewer),
    decisionBlocks(look, meeting, viewer),
    minutesBeside(look, meeting, viewer, setting),
  ])
  return {
    more: [
      ...(await cycleSaid(look, meeting, viewer, setting)),
      ...plan,
      ...(await seatWords(look, meeting, viewer, replies.heads)),
      ...feeWords(meeting, viewer, replies.heads),
      ...inOneRow([...replies.more, ...calendar, ...decided, ...minutes, ...dayBeside(meeting, viewer, setting)]),
    ],
    heads: replies.heads,
  }
}

const isBefore = ({ state }: Meeting): boolean => state === 'draft' || state === 'submitted'

/** Before the first of a series goes out: what is let out with it. */
async function cycleSaid(
  look: Look,
  meeting: Meeting,
  viewer: Actor | undefined,
  { customs }: Setting,
): Promise<Block[]> {
  if (!viewer || meeting.series === undefined || meeting.notifiedAt || !isBefore(meeting)) return []
  const series = await getSeries(look.db, meeting.series)
  const isMeant = series.first === meeting.id && series.state !== 'terminated' && wasKnown(series, meeting)
  return isMeant ? [note(seriesWords(series, customs))] : []
}

/** Before it goes out: whether its room seats all whom it asks. */
async function seatWords(look: Look, meeting: Meeting, viewer: Actor | undefined, heads: number): Promise<Block[]> {
  if (!viewer || meeting.room === undefined || meeting.notifiedAt || meeting.state === 'cancelled') return []
  const { name, seats } = await getRoom(look.db, meeting.room)
  return seats < heads ? [text(tint('yellow', `${name}可容纳${seats}人,拟通知${heads}人,请核对。`))] : []
}

/** What is said by each part, and below it the buttons of all of them side by side. */
function inOneRow(blocks: readonly Block[]): Block[] {
  const row = buttons(...blocks.flatMap(block => (block.kind === 'buttons' ? block.buttons : [])))
  return [...blocks.filter(({ kind }) => kind !== 'buttons'), ...(row ? [row] : [])]
}

/** Before it goes out: what it may cost at most, where its class is settled (domain.md 3.4). */
function feeWords(meeting: Meeting, viewer: Actor | undefined, heads: number): Block[] {
  const hint = viewer && isBefore(meeting) ? feeHint(meeting, heads) : undefined
  return hint ? [note(`会议费参考:${hint}。${FEE_BASIS}。`)] : []
}

/** How many it asks, and once they were told how they answered. */
const replied = async (look: Look, meeting: Meeting, viewer: Actor | undefined, setting: Setting) =>
  meeting.notifiedAt
    ? repliesBeside(look, meeting, viewer, setting)
    : { more: [], heads: await headcountOf(look, meeting) }

/** Before it goes out: who is taken at that time, and when all would be free. Not for a group's eyes. */
async function planned(look: Look, meeting: Meeting, viewer: Actor | undefined, setting: Setting): Promise<Block[]> {
  const { id, rev, maker, unit, change } = meeting
  if (!viewer || !isBefore(meeting)) return []
  const plan = await planFor(look, change ?? meeting, { maker, unit, id })
  const mayEdit = movesOpen(meeting, viewer, setting).includes('edit')
  return planBlocks(plan, meeting.kind, look.now, mayEdit ? { id, rev } : undefined)
}
