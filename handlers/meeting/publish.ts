import { saveMeeting } from '../../db/meeting.ts'
import type { Action } from '../../src/bot/feature.ts'
import { moved, refuse } from '../../src/office/meeting/moves.ts'
import { hold, keep, readPress, toastOf } from './act.ts'
import { refuseTooMany } from './invite.ts'
import { planFor } from './rules.ts'
import { FEATURE } from './setting.ts'

/** 发布 and 送审: held against the rules once more; where they say something else by now, the draft says so and stays a draft. */
const send =
  (move: 'publish' | 'submit'): Action =>
  async (turn, pressed) => {
    const { before, by, setting } = await hold(turn, pressed.value.id)
    const press = { move, by, ...readPress(pressed) }
    refuse(before, press, setting)
    await refuseTooMany(turn, before)
    const { maker, unit, id } = before
    const { findings, steps } = await planFor(turn, before, { maker, unit, id })
    const forbidden = findings.find(({ severity }) => severity === 'F')
    const isOther = (steps.length === 0) !== (move === 'publish')
    if (forbidden || isOther) {
      await saveMeeting(turn.db, before, { ...before, findings, steps, rev: before.rev + 1 })
      turn.redraw(FEATURE, String(before.id))
      return { toast: { kind: 'error', words: forbidden?.words ?? '审批流程已变化,请核对后重新操作' } }
    }
    const after = await keep(turn, before, moved(before, { ...press, plan: { findings, steps } }, setting))
    return { toast: { kind: 'success', words: await toastOf(turn, after) } }
  }

export const publish = send('publish')
export const submit = send('submit')
