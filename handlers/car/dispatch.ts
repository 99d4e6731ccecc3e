import type { Action, Command } from '../../src/bot/feature.ts'
import type { Part } from '../part.ts'
import { press } from './act.ts'
import { assign, redirect } from './assign.ts'
import { heardOnRun } from './heard.ts'
import { lateDigest, lateReaders, lateRuns, nextLateAt } from './late.ts'
import { order, orderFile } from './order.ts'
import { pending, pendingPress } from './pending.ts'
import { miss, reschedule } from './reschedule.ts'
import { arrive, complete, confirm, correct, depart, drawRun, showRun } from './run.ts'
import { isRun } from './run-meant.ts'

const commands: Record<string, Command> = {
  待派: { usage: '/用车 待派', about: '待派车的用车申请,逐项派车(车管员)', run: pending },
}

const actions = {
  assign,
  redirect,
  lapse: press('lapse'),
  depart,
  arrive,
  reschedule,
  miss,
  correct,
  confirm,
  complete,
  order,
  pending: pendingPress,
  run: showRun,
} satisfies Record<string, Action>

/** The dispatcher's and the driver's part: cars sent out, and brought back. */
export const dispatching: Part = {
  commands,
  actions,
  heavy: ['order'],
  owns: isRun,
  draw: drawRun,
  heard: heardOnRun,
  orders: ({ trip }) => trip !== undefined,
  print: orderFile,
  due: [lateRuns],
  nextDue: nextLateAt,
  digest: lateDigest,
  awaited: lateReaders,
}
