import { opening, reason } from '../../kit/text.ts'
import type { ReplyMove, ReplyState } from './flow.ts'

/** What is said in the thread of an invitation: a move, or a word that goes to whoever made the meeting. */
export type SpokenReply = { move: ReplyMove; word: string } | { remark: string }

const DECISIONS = ['同意', '同意请假', '不同意', '不同意请假']

/** `参加`, `请假 理由…` of whom it asks; `同意`, `不同意 理由…` of whom a leave is asked of (product.md 2). */
export function replyInWords(text: string, isInvitee: boolean, state: ReplyState): SpokenReply {
  const { head, ...said } = opening(text)
  const word = reason(said.word)
  if (DECISIONS.includes(head) && (state === 'asking' || !isInvitee))
    return { move: head.startsWith('不') ? 'denyLeave' : 'grantLeave', word }
  if (head === '参加') return { move: 'attend', word }
  if (head === '请假') return { move: 'askLeave', word }
  if (head === '签到') return { move: 'checkIn', word: '' }
  return { remark: text.trim() }
}
