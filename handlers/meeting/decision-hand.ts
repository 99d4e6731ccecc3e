import { holdMeeting } from '../../db/meeting.ts'
import { decisionsOf, holdDecision } from '../../db/meeting-after.ts'
import type { Action } from '../../src/bot/feature.ts'
import { AlreadySo, Refusal } from '../../src/kit/refusal.ts'
import { shorten } from '../../src/kit/text.ts'
import { missingIn } from '../../src/office/meeting/decision.ts'
import { redrawDecisions } from '../decided.ts'
import { holdOpen, redrawAll, refuseDecisionStrangers } from './decision-view.ts'
import { hand, handFault } from './hand.ts'
import { actorIn, idOf, settingOf } from './setting.ts'

/** 转督办: a draft in 督办, linked with its meeting. */
export const handOne: Action = async (turn, { value }) => {
  const { decision, meeting } = await holdOpen(turn, value.id)
  const fault = await handFault(turn, meeting, decision)
  if (fault) throw new Refusal(fault)
  const task = await hand(turn, meeting, decision)
  await redrawAll(turn, decision)
  return {
    toast: { kind: 'success', words: '已转督办,请在拟办草稿上送审或交办' },
    say: { matter: { feature: 'task', id: String(task.id) } },
    privately: true,
  }
}

/** 全部转督办: all that lack nothing; what is wrong with one stops no other. */
export const handAll: Action = async (turn, { value }) => {
  const meeting = await holdMeeting(turn.db, idOf(value.id))
  refuseDecisionStrangers(meeting, actorIn(turn), await settingOf(turn, [meeting]))
  const all = await decisionsOf(turn.db, meeting.id)
  const open = all.filter(one => one.task === undefined && !missingIn(one).length)
  const faults: string[] = []
  for (const one of open) {
    const decision = await holdDecision(turn.db, one.id)
    const fault = decision.task === undefined ? await handFault(turn, meeting, decision) : undefined
    if (fault) faults.push(fault)
    else if (decision.task === undefined) await hand(turn, meeting, decision)
  }
  const done = open.length - faults.length
  if (!done) throw faults[0] ? new Refusal(faults[0]) : new AlreadySo('没有可以转督办的事项')
  redrawDecisions(turn, meeting.id, all.length)
  const rest = faults.length ? `,${faults.length}项未转:${shorten(faults[0] ?? '', 60)}` : ''
  return { toast: { kind: rest ? 'info' : 'success', words: `已转督办${done}项${rest}` } }
}
