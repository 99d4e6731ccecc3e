import { getMeeting } from '../../db/meeting.ts'
import { expectedIn } from '../../db/meeting-day.ts'
import type { Action, Look } from '../../src/bot/feature.ts'
import type { Value } from '../../src/kit/card.ts'
import { slipDocument } from '../../src/kit/document.ts'
import { boxesDocument } from '../../src/kit/document-boxes.ts'
import { tentsDocument } from '../../src/kit/document-tents.ts'
import type { Part } from '../../src/kit/package.ts'
import { Refusal } from '../../src/kit/refusal.ts'
import { LIMITS } from '../../src/office/meeting/meeting.ts'
import { whyNot } from '../../src/office/meeting/roles.ts'
import { seatBoxes } from '../../src/office/meeting/seat-boxes.ts'
import { signSheet } from '../../src/office/meeting/sign-sheet.ts'
import { organised } from './organised.ts'
import { seatedIn } from './seats.ts'
import { actorOf, FEATURE, idOf, settingOf } from './setting.ts'

const PAPERS = { sign: '签到表', seats: '座次图', cards: '桌签' } as const
type Paper = keyof typeof PAPERS

const isPaper = (value: unknown): value is Paper => typeof value === 'string' && Object.hasOwn(PAPERS, value)

/** 打印签到表, 座次图, 桌签: sends it as a file, in private. */
export const paper: Action = async (turn, { value }) => {
  const { meeting } = await organised(turn, value.id)
  if (!isPaper(value.paper)) throw new Refusal('卡片已过期,请以最新卡片为准')
  const what = PAPERS[value.paper]
  const name = `${what} ${meeting.title.replace(/[\\/:*?"<>|]/g, ' ')}.docx`
  const order = { paper: value.paper, meeting: meeting.id, by: turn.who.id }
  turn.send({ to: { person: turn.who.id }, body: { file: { feature: FEATURE, name, order } }, urgent: true })
  turn.record({ feature: FEATURE, act: 'paper', matter: String(meeting.id), data: { paper: value.paper } })
  return { toast: { kind: 'success', words: `正在生成${what},完成后发送到私聊` } }
}

export const ordersPaper = (order: Value): boolean => 'paper' in order

/** The ordered paper as the replies stand when it leaves; nothing for whoever does not organise the meeting any more. */
export async function paperFile(look: Look, order: Value): Promise<Part[]> {
  const meeting = await getMeeting(look.db, idOf(order.meeting))
  const setting = await settingOf(look, [meeting])
  const why = whyNot(meeting, 'organiser', await actorOf(look, String(order.by)), setting)
  if (why) throw new Refusal(why)
  const all = await expectedIn(look.db, meeting.id, LIMITS.invited * 2)
  if (order.paper === 'seats') return boxesDocument(seatBoxes(meeting, await seatedIn(look, meeting, all), setting))
  if (order.paper === 'cards') {
    const { people } = await seatedIn(look, meeting, all)
    return tentsDocument(people.map(({ name }) => name))
  }
  return slipDocument(signSheet(meeting, all, setting))
}
