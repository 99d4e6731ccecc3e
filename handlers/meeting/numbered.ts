import { meetingNumbered } from '../../db/meeting-after.ts'
import type { Turn } from '../../src/bot/feature.ts'
import { Refusal } from '../../src/kit/refusal.ts'
import { dayIn } from '../../src/kit/time.ts'
import { type Actor, type Meeting, numberText, type Setting } from '../../src/office/meeting/meeting.ts'
import { readNumber } from '../../src/office/meeting/number.ts'
import { actorIn, settingOf } from './setting.ts'

/** A meeting by the number at the beginning of what was said, for whoever may see it, and what was said behind. */
export async function meetingSaid(
  turn: Turn,
  text: string,
  usage: string,
  sees: (meeting: Meeting, actor: Actor, setting: Setting) => boolean,
): Promise<{ meeting: Meeting; setting: Setting; rest: string }> {
  const [head = ''] = /^[^\n号]*号?/.exec(text) ?? []
  const number = readNumber(head, Number(dayIn(turn.now).slice(0, 4)))
  if (!number) throw new Refusal('请写明会议编号', usage)
  const meeting = await meetingNumbered(turn.db, number)
  const setting = meeting && (await settingOf(turn, [meeting]))
  if (!meeting || !setting || !sees(meeting, actorIn(turn), setting))
    throw new Refusal(`未找到您能查看的${numberText(number)}`)
  return { meeting, setting, rest: text.slice(head.length) }
}
