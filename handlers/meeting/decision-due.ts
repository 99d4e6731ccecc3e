import { getMeeting, holdMeeting } from '../../db/meeting.ts'
import { decisionsOf, getDecision, holdDecision, NO_DECISION, saveDecision } from '../../db/meeting-after.ts'
import type { Action } from '../../src/bot/feature.ts'
import { AlreadySo, Refusal } from '../../src/kit/refusal.ts'
import { shorten } from '../../src/kit/text.ts'
import { mayPropose, proposesAs } from '../../src/office/meeting/decision.ts'
import { isAboutDue } from '../../src/office/meeting/decision-lines.ts'
import { redrawDecisions } from '../decided.ts'
import { tellOf } from '../tell.ts'
import { dueMatter, handedWords, redrawAll, refuseDecisionStrangers, rightsOf, settingWith } from './decision-view.ts'
import { readDue } from './read-due.ts'
import { actorIn, FEATURE, idOf } from './setting.ts'

/** 提请报时限 (MT-07): of whatever the meeting set no deadline for, the unit that leads is asked to propose one. */
export const askDues: Action = async (turn, { value }) => {
  const meeting = await holdMeeting(turn.db, idOf(value.id))
  const all = await decisionsOf(turn.db, meeting.id)
  const setting = await settingWith(turn, meeting, all)
  const rights = rightsOf(meeting, actorIn(turn), setting)
  refuseDecisionStrangers(meeting, actorIn(turn), setting)
  if (!rights.edit && !rights.hand) throw new Refusal('此按钮仅限会议承办人和督办员使用')
  const open = all.filter(({ task, dueAt, lead, leadUnit }) => !task && !dueAt && (lead || setting.heads.has(leadUnit)))
  const fresh = open.filter(({ askedAt }) => !askedAt)
  if (!fresh.length) throw new AlreadySo('已提请牵头单位提出时限,请等待回复')
  for (const decision of fresh) {
    await saveDecision(turn.db, decision, { ...decision, askedAt: turn.now })
    const head = setting.heads.get(decision.leadUnit) ?? decision.lead
    const line = `会议 ${shorten(meeting.title, 30)}:请提出“${shorten(decision.title || decision.says, 30)}”的完成时限`
    await tellOf(turn, [head], { body: { matter: { feature: FEATURE, id: dueMatter(decision) } }, line }, 'later')
  }
  turn.record({ feature: FEATURE, act: 'askDues', matter: String(meeting.id), data: { count: fresh.length } })
  redrawDecisions(turn, meeting.id, all.length)
  return { toast: { kind: 'success', words: `已提请牵头单位提出${fresh.length}项时限` } }
}

/** 提出时限: by whoever leads, or the head of the unit that does. */
export const proposeDue: Action = async (turn, { value, form }) => {
  const decision = await holdDecision(turn.db, idOf(value.id))
  const meeting = await getMeeting(turn.db, decision.meeting)
  const setting = await settingWith(turn, meeting, [decision])
  const actor = actorIn(turn)
  const self = proposesAs(decision, actor, setting)
  if (self === undefined) {
    refuseDecisionStrangers(meeting, actor, setting, NO_DECISION)
    throw new Refusal('此按钮仅限牵头单位负责人或牵头人使用')
  }
  if (decision.task !== undefined) throw new AlreadySo(handedWords(decision, setting))
  if (decision.dueAt) throw new AlreadySo('完成时限已定')
  const due = typeof form.due === 'string' ? form.due.trim() : ''
  if (!due) throw new Refusal('请填写完成时限,例如:12月10日前')
  const dueAt = await readDue(turn, due)
  await saveDecision(turn.db, decision, {
    ...decision,
    dueAt,
    dueSaid: due,
    dueSaidAt: turn.now,
    proposedBy: turn.who.id,
    doubts: decision.doubts.filter(doubt => !isAboutDue(doubt)),
  })
  turn.record({
    feature: FEATURE,
    act: 'proposeDue',
    matter: String(meeting.id),
    ...(self === turn.who.id ? {} : { actingFor: self }),
    data: { decision: decision.id, dueAt: dueAt.toISOString() },
  })
  await redrawAll(turn, decision)
  return { toast: { kind: 'success', words: '已提出完成时限' } }
}

export const openDue: Action = async (turn, { value }) => {
  const decision = await getDecision(turn.db, idOf(value.id))
  const meeting = await getMeeting(turn.db, decision.meeting)
  if (!mayPropose(decision, actorIn(turn), await settingWith(turn, meeting, [decision]))) throw new Refusal(NO_DECISION)
  return {
    say: { matter: { feature: FEATURE, id: dueMatter(decision) } },
    privately: true,
    toast: { kind: 'success', words: '已发送到私聊' },
  }
}
