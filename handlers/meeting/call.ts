import type { Action, Answer, Command, Said, Turn } from '../../src/bot/feature.ts'
import { EXAMPLE } from '../../src/office/meeting/meeting.ts'
import type { Part } from '../part.ts'
import { heard, press } from './act.ts'
import { awaited, digest } from './digest.ts'
import { due, nextDue } from './due.ts'
import { change, create, edit, make } from './make.ts'
import { publish, submit } from './publish.ts'
import { recalibrate, uncalibrated } from './recalibrate.ts'
import { reminderActions } from './reminders.ts'
import { seriesMeant } from './series.ts'
import { byNumber, cancel, draw, find, list, show, today, todo, turnList } from './show.ts'

const commands: Record<string, Command> = {
  '': {
    usage: EXAMPLE,
    about:
      '拟定会议通知,可写部门、群名、全体,主持:、列席:、议题:、回执:、单位:、视频、紧急;也可写编号,如 /会议 会〔2026〕31号',
    run: makeOrShow,
  },
  列表: { usage: '/会议 列表', about: '我能查看的近期会议和全部会议', run: list },
}

const actions = {
  create,
  publish,
  submit,
  edit,
  change,
  approve: press('approve'),
  revise: press('revise'),
  cancel,
  finish: press('finish'),
  show,
  list: turnList,
  ...reminderActions,
} satisfies Record<string, Action>

/** The organiser's and the deciders' part: the notice from its draft until the meeting has ended. */
export const calls: Part = {
  ...{ commands, actions, draw, heard, todo, today, find, nextDue, recalibrate, uncalibrated, digest, awaited },
  due: [due],
}

async function makeOrShow(turn: Turn, said: Said): Promise<Answer> {
  return (await byNumber(turn, said.text)) ?? (await seriesMeant(turn, said, make)) ?? make(turn, said)
}
