import type { Action, Beat, Feature, Look } from '../src/bot/feature.ts'
import type { TripMove } from '../src/office/car/flow.ts'
import { heard } from './car/act.ts'
import { awaited, digest } from './car/digest.ts'
import { dispatchActions, dispatchCommands, heardOfRun } from './car/dispatch.ts'
import { due, nextDue, recalibrate, uncalibrated } from './car/endorse.ts'
import { lateRuns, nextLateAt } from './car/late.ts'
import { orderFile } from './car/order.ts'
import { requestActions, requestCommands } from './car/request.ts'
import { drawRun } from './car/run.ts'
import { isRun } from './car/run-meant.ts'
import { FEATURE } from './car/setting.ts'
import { ruleActions } from './car/settle.ts'
import { draw, find, today, todo } from './car/show.ts'

export const car: Feature = {
  name: FEATURE,
  title: '用车',
  words: ['用车', 'car', 'yc'],
  about: '公务用车:申请、审批、派车、出车回场和核算',
  commands: { ...requestCommands, ...dispatchCommands },
  actions: {
    ...({ ...requestActions, ...dispatchActions } satisfies Record<TripMove, Action>),
    ...ruleActions,
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

async function fallDue(beat: Beat): Promise<'more' | undefined> {
  const left = [await due(beat), await lateRuns(beat)]
  return left.find(one => one === 'more')
}

async function earliest(look: Look): Promise<Date | undefined> {
  const dates = (await Promise.all([nextDue(look), nextLateAt(look)])).filter(date => date !== undefined)
  return dates.sort((a, b) => a.getTime() - b.getTime())[0]
}
