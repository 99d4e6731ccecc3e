import type { Action, Answer, Command } from '../../src/bot/feature.ts'
import { Refusal } from '../../src/kit/refusal.ts'
import { assign, redirect } from './assign.ts'
import { order } from './order.ts'
import { pending, pendingPress } from './pending.ts'
import { miss, reschedule } from './reschedule.ts'
import { arrive, complete, confirm, correct, depart, showRun } from './run.ts'

/** The dispatcher's and the driver's part of 用车. */
export const dispatchCommands: Record<string, Command> = {
  待派: { usage: '/用车 待派', about: '待派车的用车申请,逐项派车(车管员)', run: pending },
}

export const dispatchActions = {
  assign,
  redirect,
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

/** A run is settled by what its forms ask for. */
export async function heardOfRun(): Promise<Answer> {
  throw new Refusal('出车、回场须登记里程表读数,请在卡片上办理')
}
