import { getMeeting, holdMeeting } from '../../db/meeting.ts'
import type { Action, Answer, Said, Turn } from '../../src/bot/feature.ts'
import { Refusal } from '../../src/kit/refusal.ts'
import { opening } from '../../src/kit/text.ts'
import { DECISION_LIMITS } from '../../src/office/meeting/decision.ts'
import type { Part } from '../part.ts'
import { askDues, openDue, proposeDue } from './decision-due.ts'
import { drop, edit } from './decision-edit.ts'
import { handAll, handOne } from './decision-hand.ts'
import { decide, noteDecisions, noteDown } from './decision-note.ts'
import { todo } from './decision-todo.ts'
import {
  DECISION_MATTER,
  decisionsBody,
  drawDecisions,
  refuseDecisionStrangers,
  seesDecisions,
} from './decision-view.ts'
import { meetingSaid } from './numbered.ts'
import { actorIn, idOf, settingOf } from './setting.ts'

/** The card of a meeting's decisions, or another page of it. */
const show: Action = async (turn, { value, copy }) => {
  const meeting = await getMeeting(turn.db, idOf(value.id))
  refuseDecisionStrangers(meeting, actorIn(turn), await settingOf(turn, [meeting]))
  const page = typeof value.page === 'number' && Number.isInteger(value.page) ? value.page : 1
  const body = decisionsBody(meeting, Math.min(Math.max(page, 1), DECISION_LIMITS.each))
  const isOnCard = copy?.matter?.startsWith(`${meeting.id}/decisions`) === true
  return isOnCard ? { fresh: body } : { say: body, privately: true, toast: { kind: 'success', words: '已发送到私聊' } }
}

/** What people say to having read something, and no meeting decides. */
const HEARD = ['收到', '签收', '好', '好的', '同意', '明白', '知道了', '完成', '已完成', '谢谢', '多谢', '收到谢谢']

async function heard(turn: Turn, matter: string, said: Said): Promise<Answer> {
  const [, meetingId, , decisionId] = DECISION_MATTER.exec(matter) ?? []
  if (decisionId !== undefined)
    return proposeDue(turn, {
      value: { id: decisionId },
      form: { due: said.text },
      copy: undefined,
      message: said.message,
    })
  const meeting = await holdMeeting(turn.db, idOf(meetingId))
  const { head, word } = opening(said.text)
  if (!word && HEARD.includes(head)) throw new Refusal('请逐行写明议定事项,这条回复未录入')
  const count = await noteDown(turn, meeting, said.text)
  return { say: { text: `已录入${count}项议定事项` } }
}

/** `/会议 议定 会〔2026〕31号`: its decisions; with lines after it they are noted down. */
async function byNumber(turn: Turn, { text }: Said): Promise<Answer> {
  const { meeting, rest } = await meetingSaid(turn, text, USAGE, seesDecisions)
  if (rest.trim()) await noteDown(turn, await holdMeeting(turn.db, meeting.id), rest)
  return { say: decisionsBody(meeting), privately: true }
}

const USAGE = '/会议 议定 会〔2026〕31号'

/** Decisions and what becomes of them. */
export const decisionPart: Part = {
  owns: matter => DECISION_MATTER.test(matter),
  commands: {
    议定: { usage: USAGE, about: '查看或录入议定事项,编号后可粘贴多行,一行一项', run: byNumber },
  },
  actions: {
    decide,
    noteDecisions,
    decisions: show,
    editDecision: edit,
    dropDecision: drop,
    handDecision: handOne,
    handDecisions: handAll,
    askDues,
    proposeDue,
    openDue,
  },
  draw: drawDecisions,
  heard,
  todo,
}
