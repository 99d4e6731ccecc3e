import { saveTrip } from '../../db/car.ts'
import type { Action } from '../../src/bot/feature.ts'
import { moved, refuse } from '../../src/office/car/moves.ts'
import { hold, keep, readPress, toastOf } from './act.ts'
import { planFor } from './plan.ts'
import { FEATURE } from './setting.ts'

/** 提交: held against the rules once more; where one forbids it now, the draft says so and stays a draft. */
export const submit: Action = async (turn, pressed) => {
  const { before, by, setting } = await hold(turn, pressed.value.id)
  const press = { move: 'submit' as const, by, ...readPress(pressed) }
  refuse(before, press, setting)
  const plan = await planFor(turn, before, false)
  const forbidden = plan.findings.find(({ severity }) => severity === 'F')
  if (forbidden) {
    await saveTrip(turn.db, before, { ...before, ...plan, rev: before.rev + 1 })
    turn.redraw(FEATURE, String(before.id))
    return { toast: { kind: 'error', words: forbidden.words } }
  }
  const after = await keep(turn, before, moved(before, { ...press, plan }, setting))
  return { toast: { kind: 'success', words: await toastOf(turn, after) } }
}
