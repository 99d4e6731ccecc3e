import { formatShort } from '../../kit/time.ts'
import { type MeetingMove, meetingFlow } from './flow.ts'
import { type Meeting, nameOf, type Setting } from './meeting.ts'

/** `张明 已同意`; of a deputy `李静 代 张明 已同意`; `by` '' = the clock. */
export function actedWords(act: string, by: string, inPlaceOf: string | undefined, names: Setting['names']): string {
  if (!by) return `系统 ${act}`
  const who = inPlaceOf ? `${nameOf(by, names)} 代 ${nameOf(inPlaceOf, names)}` : nameOf(by, names)
  return `${who} ${act}`
}

export const actWord = (move: MeetingMove): string => `已${meetingFlow.moves[move].button}`

/** The last act in its place: `张明 已同意 · 11月26日(周四)10:32 · 意见:…`. */
export function lastAct(
  { lastMove, word, movedBy, movedAt, movedFor, maker, createdAt }: Meeting,
  { now, names }: Pick<Setting, 'now' | 'names'>,
): string {
  if (!lastMove) return `${nameOf(maker, names)} 已拟定 · ${formatShort(createdAt, now)}`
  const { asks } = meetingFlow.moves[lastMove]
  const said = word ? ` · ${asks === 'reason' ? '理由' : '说明'}:${word}` : ''
  return `${actedWords(actWord(lastMove), movedBy, movedFor, names)} · ${formatShort(movedAt, now)}${said}`
}
