import { opening, reason } from '../../kit/text.ts'
import type { TripMove } from './flow.ts'
import { isUrgentOpen } from './steps.ts'
import type { Trip } from './trip.ts'

/** What a reply does: a move, or a word that is kept with the trip. */
export type Spoken = { move: TripMove; word: string } | { remark: string }

const FIXED: Record<string, TripMove> = {
  同意补办: 'endorse',
  不同意补办: 'object',
  驳回: 'refuse',
  撤回: 'withdraw',
  取消用车: 'cancel',
  取消: 'cancel',
  确认行程: 'confirm',
  确认: 'confirm',
}

/** A reply that does what a button does (product.md 2); anything else, also 收到, is a word on it. */
export function moveInWords(text: string, trip: Trip): Spoken {
  const { head, word } = opening(text)
  if (head === '同意') return { move: isUrgentOpen(trip) ? 'endorse' : 'approve', word }
  if (head === '不同意') return { move: isUrgentOpen(trip) ? 'object' : 'refuse', word: reason(word) }
  const move = FIXED[head]
  return move ? { move, word: reason(word) } : { remark: text.trim() }
}
