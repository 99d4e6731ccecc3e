import { opening, reason } from '../../kit/text.ts'
import type { MeetingMove } from './flow.ts'

/** What a reply does: a move, or a word that is kept with the meeting. */
export type Spoken = { move: MeetingMove; word: string } | { remark: string }

const MOVES: Record<string, MeetingMove> = {
  同意: 'approve',
  不同意: 'revise',
  退回: 'revise',
  退回修改: 'revise',
  取消: 'cancel',
  取消会议: 'cancel',
  结束会议: 'finish',
}

/** A reply that does what a button does (product.md 2); anything else, also 收到, is a word on it. */
export function moveInWords(text: string): Spoken {
  const { head, word } = opening(text)
  const move = MOVES[head]
  return move ? { move, word: reason(word) } : { remark: text.trim() }
}
