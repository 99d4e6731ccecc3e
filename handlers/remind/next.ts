import { dueAfter, lastOccurrences, lastOccurrencesFrom } from '../../db/remind-occurrence.ts'
import { refusedPairs } from '../../db/remind-refusal.ts'
import type { Beat, Look } from '../../src/bot/feature.ts'
import type { Occurrence, Reminder } from '../../src/office/remind/reminder.ts'

/** A card that is older cannot be changed any more: it would be sent anew, and that the reminder was said is told by itself. */
export const CHANGEABLE_MS = 13 * 86_400_000

/**
 * 下次 on the card of one instant: what came after it, else what is to come, where that still reaches its receiver. So a card stays
 * true when the next instant is said, and need not be drawn anew for that.
 */
export async function nextAfter(
  { db }: Pick<Look, 'db'>,
  occurrence: Occurrence,
  reminder: Reminder,
): Promise<Date | undefined> {
  const goesOn = reminder.state === 'active'
  const [came, hears] = await Promise.all([dueAfter(db, occurrence), goesOn && isReached(db, occurrence, reminder)])
  return came ?? (hears ? reminder.nextAt : undefined)
}

/** Whether a receiver still hears of a reminder. */
export async function isReached(
  db: Look['db'],
  { receiver }: Occurrence,
  { receivers, maker }: Reminder,
): Promise<boolean> {
  if (!receiver) return true
  return receivers.includes(receiver) && !(await refusedPairs(db, [receiver])).some(one => one.maker === maker)
}

/** Draws anew what tells of a reminder whose owner, words or times have changed: its own card, and each receiver's last one. */
export async function redrawReminder(beat: Beat, id: number): Promise<void> {
  beat.redraw('remind', `r${id}`)
  redrawEach(beat, await lastOccurrences(beat.db, id, changeableSince(beat)))
}

/** The same for a receiver who from now on hears nothing, or something again, from a maker. */
export async function redrawFrom(beat: Beat, receiver: string, maker: string): Promise<void> {
  redrawEach(beat, await lastOccurrencesFrom(beat.db, { receiver, maker }, changeableSince(beat)))
}

const changeableSince = ({ now }: Beat): Date => new Date(now.getTime() - CHANGEABLE_MS)

function redrawEach(beat: Beat, occurrences: number[]): void {
  for (const id of occurrences) beat.redraw('remind', `o${id}`)
}
