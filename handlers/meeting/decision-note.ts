import { allDepartments } from '../../db/department.ts'
import { getMeeting, holdMeeting } from '../../db/meeting.ts'
import { decisionsOf, openDecisions } from '../../db/meeting-after.ts'
import { peopleNamedIn } from '../../db/people-meant.ts'
import type { Action, Turn } from '../../src/bot/feature.ts'
import { shorten, tidy } from '../../src/kit/text.ts'
import { checkDecisions, DECISION_LIMITS, type Decision } from '../../src/office/meeting/decision.ts'
import type { Directory } from '../../src/office/meeting/decision-bearers.ts'
import { noteForm } from '../../src/office/meeting/decision-cards.ts'
import { listedIn, readDecision } from '../../src/office/meeting/decision-lines.ts'
import type { Meeting } from '../../src/office/meeting/meeting.ts'
import { refuse } from '../../src/office/meeting/moves.ts'
import { customs } from '../customs.ts'
import { redrawDecisions, settledAnew } from '../decided.ts'
import { holdersFor } from '../holders.ts'
import { onceFrom } from '../once.ts'
import { openedApart } from '../opened.ts'
import { tellOf } from '../tell.ts'
import { decisionsBody, MOST_UNITS, refuseDecisionStrangers } from './decision-view.ts'
import { actorIn, FEATURE, idOf, settingOf } from './setting.ts'

/** 录入议定事项: a form for lines. */
export const decide: Action = async (turn, { value }) => {
  const meeting = await getMeeting(turn.db, idOf(value.id))
  await refuseOthers(turn, meeting)
  return openedApart(turn, noteForm(meeting, turn.now))
}

async function refuseOthers(turn: Turn, meeting: Meeting): Promise<void> {
  const setting = await settingOf(turn, [meeting])
  refuseDecisionStrangers(meeting, actorIn(turn), setting)
  refuse(meeting, { move: 'decide', by: actorIn(turn), seenRev: undefined, word: '' }, setting)
}

export const noteDecisions: Action = async (turn, press) => {
  await onceFrom(turn, press)
  const { value, form } = press
  const meeting = await holdMeeting(turn.db, idOf(value.id))
  const count = await noteDown(turn, meeting, typeof form.lines === 'string' ? form.lines : '')
  return { toast: { kind: 'success', words: `已录入${count}项` }, fresh: decisionsBody(meeting) }
}

/** Lines said after a number, or in reply to the card of the decisions. */
export async function noteDown(turn: Turn, meeting: Meeting, text: string): Promise<number> {
  await refuseOthers(turn, meeting)
  const before = await decisionsOf(turn.db, meeting.id)
  const lines = listedIn(tidy(text, DECISION_LIMITS.each * DECISION_LIMITS.says))
  checkDecisions(lines, before.length)
  const [directory, inForce] = await Promise.all([directoryFor(turn, text), customs(turn)])
  await openDecisions(
    turn.db,
    lines.map(line => decisionFrom(line, meeting, turn, readDecision(line, turn.now, directory, inForce))),
  )
  turn.record({ feature: FEATURE, act: 'decide', matter: String(meeting.id), data: { count: lines.length } })
  await settledAnew(turn, meeting.id)
  redrawDecisions(turn, meeting.id, before.length + lines.length)
  if (!before.length) await tellHanders(turn, meeting, lines.length)
  return lines.length
}

async function directoryFor(turn: Turn, text: string): Promise<Directory> {
  const [units, people] = await Promise.all([
    allDepartments(turn.db, MOST_UNITS),
    peopleNamedIn(turn.db, text, turn.chat.id),
  ])
  return { units: units.map(({ id, name, leader }) => ({ id, name, head: leader })), people }
}

const decisionFrom = (
  says: string,
  meeting: Meeting,
  { who, now }: Turn,
  { lead, title, dueAt, dueSaid, assistants, doubts }: ReturnType<typeof readDecision>,
): Omit<Decision, 'id'> => ({
  rev: 1,
  meeting: meeting.id,
  says,
  title: shorten(title, DECISION_LIMITS.title),
  lead: lead?.id ?? '',
  leadUnit: lead?.unit ?? '',
  assistants: assistants.slice(0, DECISION_LIMITS.assistants),
  dueAt,
  dueSaid,
  dueSaidAt: dueSaid ? now : undefined,
  doubts,
  madeBy: who.id,
  madeAt: now,
  askedAt: undefined,
  proposedBy: undefined,
  task: undefined,
  handedBy: undefined,
  handedAt: undefined,
})

/** Those who keep the ledger learn that there is something to put on file, once for a meeting. */
async function tellHanders(turn: Turn, meeting: Meeting, count: number): Promise<void> {
  const others = (await holdersFor(turn, meeting, ['DB'])).filter(id => id !== turn.who.id)
  const line = `会议 ${shorten(meeting.title, 30)}:议定事项${count}项,待转督办`
  await tellOf(turn, others, { body: decisionsBody(meeting), line }, 'later')
}
