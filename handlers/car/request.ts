import type { Action, Answer, Command, Said, Turn } from '../../src/bot/feature.ts'
import { EXAMPLE } from '../../src/office/car/trip.ts'
import type { Part } from '../part.ts'
import { heard, press } from './act.ts'
import { awaited, digest } from './digest.ts'
import { due, nextDue, recalibrate, uncalibrated } from './endorse.ts'
import { ground } from './ground.ts'
import { again, create, edit, make } from './make.ts'
import { ruleActions } from './settle.ts'
import { byNumber, draw, find, mine, show, today, todo, turnMine } from './show.ts'
import { submit } from './submit.ts'
import { urgent } from './urgent.ts'

const commands: Record<string, Command> = {
  '': {
    usage: EXAMPLE,
    about: '申请用车,可写 @乘车人、出省、2辆、自驾、急、依据:…;也可写编号,如 /用车 派〔2026〕86号',
    run: makeOrShow,
  },
  我的: { usage: '/用车 我的', about: '我申请和乘坐的用车', run: mine },
}

const actions = {
  create,
  submit,
  edit,
  ground,
  urgent,
  withdraw: press('withdraw'),
  cancel: press('cancel'),
  again,
  approve: press('approve'),
  refuse: press('refuse'),
  endorse: press('endorse'),
  object: press('object'),
  show,
  mine: turnMine,
  ...ruleActions,
} satisfies Record<string, Action>

/** The applicant's and the deciders' part: trips asked for and decided on, and the rules they are held against. */
export const requests: Part = {
  commands,
  actions,
  draw,
  heard,
  todo,
  today,
  find,
  due: [due],
  nextDue,
  recalibrate,
  uncalibrated,
  digest,
  awaited,
}

async function makeOrShow(turn: Turn, said: Said): Promise<Answer> {
  return (await byNumber(turn, said.text)) ?? make(turn, said)
}
