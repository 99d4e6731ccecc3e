import { actedWords, nameOf, saidWith } from '../../kit/acted.ts'
import { formatShort } from '../../kit/time.ts'
import { type MeetingMove, meetingFlow } from './flow.ts'
import type { Meeting, Setting } from './meeting.ts'

export const actWord = (move: MeetingMove): string => `已${meetingFlow.moves[move].button}`

/** The last act in its place: `张明 已同意 · 11月26日(周四)10:32 · 意见:…`. */
export function lastAct(
  { lastMove, word, movedBy, movedAt, movedFor, maker, createdAt }: Meeting,
  { now, names }: Pick<Setting, 'now' | 'names'>,
): string {
  if (!lastMove) return `${nameOf(maker, names)} 已拟定 · ${formatShort(createdAt, now)}`
  const { button, asks } = meetingFlow.moves[lastMove]
  const said = saidWith(button, word, asks === 'reason')
  return `${actedWords(actWord(lastMove), movedBy, movedFor, names)} · ${formatShort(movedAt, now)}${said}`
}
