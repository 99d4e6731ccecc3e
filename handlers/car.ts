import type { Action, Answer, Beat, Feature, Look, Said, Turn } from '../src/bot/feature.ts'
import type { TripMove } from '../src/office/car/flow.ts'
import { EXAMPLE } from '../src/office/car/trip.ts'
import { heard, press } from './car/act.ts'
import { awaited, digest } from './car/digest.ts'
import { dispatchActions, dispatchCommands, heardOfRun } from './car/dispatch.ts'
import { due, nextDue, recalibrate, uncalibrated } from './car/endorse.ts'
import { lateRuns, nextLateAt } from './car/late.ts'
import { again, create, edit, make } from './car/make.ts'
import { orderFile } from './car/order.ts'
import { drawRun } from './car/run.ts'
import { isRun } from './car/run-meant.ts'
import { FEATURE } from './car/setting.ts'
import { ruleActions } from './car/settle.ts'
import { byNumber, draw, find, mine, show, today, todo, turnMine } from './car/show.ts'
import { submit } from './car/submit.ts'
import { urgent } from './car/urgent.ts'

export const car: Feature = {
  name: FEATURE,
  title: '用车',
  words: ['用车', 'car', 'yc'],
  about: '公务用车:申请、审批、派车、出车回场和核算',
  commands: {
    '': {
      usage: EXAMPLE,
      about: '申请用车,可写 @乘车人、出省、2辆、自驾、急、依据:…;也可写编号,如 /用车 派〔2026〕86号',
      run: makeOrShow,
    },
    我的: { usage: '/用车 我的', about: '我申请和乘坐的用车', run: mine },
    ...dispatchCommands,
  },
  actions: {
    ...requestActions(),
    ...ruleActions,
    ...dispatchActions,
    create,
    urgent,
    show,
    mine: turnMine,
  },
  draw: (look, matter, viewer) => (isRun(matter) ? drawRun : draw)(look, matter, viewer),
  print: orderFile,
  heard: (turn, matter, said) => (isRun(matter) ? heardOfRun() : heard(turn, matter, said)),
  todo,
  today,
  find,
  due: fallDue,
  nextDue: earliest,
  recalibrate,
  uncalibrated,
  digest,
  awaited,
}

type Requesting = Extract<
  TripMove,
  'submit' | 'edit' | 'withdraw' | 'cancel' | 'again' | 'approve' | 'refuse' | 'endorse' | 'object'
>

function requestActions() {
  return {
    submit,
    edit,
    withdraw: press('withdraw'),
    cancel: press('cancel'),
    again,
    approve: press('approve'),
    refuse: press('refuse'),
    endorse: press('endorse'),
    object: press('object'),
  } satisfies Record<Requesting, Action>
}

async function fallDue(beat: Beat): Promise<'more' | undefined> {
  const left = [await due(beat), await lateRuns(beat)]
  return left.find(one => one === 'more')
}

async function earliest(look: Look): Promise<Date | undefined> {
  const dates = (await Promise.all([nextDue(look), nextLateAt(look)])).filter(date => date !== undefined)
  return dates.sort((a, b) => a.getTime() - b.getTime())[0]
}

async function makeOrShow(turn: Turn, said: Said): Promise<Answer> {
  return (await byNumber(turn, said.text)) ?? make(turn, said)
}
