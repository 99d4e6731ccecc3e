import type { MeetingMove } from './flow.ts'

/** What a reply does: a move, or a word that is kept with the meeting. */
export type Spoken = { move: MeetingMove; word: string } | { remark: string }

const HEAD =
  /^\s*(不同意|同意|退回修改|退回|取消会议|取消|结束会议)(?=$|[\s,\uff0c。.:\uff1a;\uff1b!\uff01、])[\s,\uff0c。.:\uff1a;\uff1b!\uff01、]*([\s\S]*)$/

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
  const [, head = '', rest = ''] = HEAD.exec(text) ?? []
  const word = rest.trim().replace(/^(理由|原因)[:\uff1a\s]*/, '')
  const move = MOVES[head]
  return move ? { move, word } : { remark: text.trim() }
}
