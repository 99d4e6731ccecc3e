import type { Action } from '../../src/bot/feature.ts'
import { Refusal } from '../../src/kit/refusal.ts'
import { readGround } from '../../src/office/car/form.ts'
import { moved, refuse } from '../../src/office/car/moves.ts'
import { kindOf } from '../../src/office/car/purpose.ts'
import { hold, keep, readPress } from './act.ts'
import { planFor } from './plan.ts'
import { FEATURE } from './setting.ts'

/** 按此类别保存: the 事由类别 that a draft lacks (CAR-09), chosen on its card. */
export const ground: Action = async (turn, pressed) => {
  const { before, by, setting } = await hold(turn, pressed.value.id)
  const press = { move: 'edit' as const, by, ...readPress(pressed) }
  refuse(before, press, setting)
  if (before.state !== 'draft' || press.seenRev !== before.rev) throw new Refusal('卡片已过期,请以最新卡片为准')
  const chosen = readGround(pressed.form)
  if (!chosen) throw new Refusal('请选择事由类别')
  const kind = kindOf({ ...before, ground: chosen })
  const plan = await planFor(turn, { ...before, ...kind }, false)
  await keep(turn, before, moved(before, { ...press, plan }, setting, kind))
  return {
    toast: { kind: 'success', words: '已保存,请核对后提交' },
    fresh: { matter: { feature: FEATURE, id: String(before.id) } },
  }
}
