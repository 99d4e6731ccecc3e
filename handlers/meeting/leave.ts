import { deputiesOf } from '../../db/deputy.ts'
import { holdLeaveCall, keepLeaveCall, type LeaveCall, leaveCallsOf } from '../../db/meeting-leave.ts'
import type { Turn } from '../../src/bot/feature.ts'
import { Refusal } from '../../src/kit/refusal.ts'
import { dayIn } from '../../src/kit/time.ts'
import type { Invitation, Meeting, Setting } from '../../src/office/meeting/meeting.ts'
import { decisionWords, guestName } from '../../src/office/meeting/reply.ts'
import { noticeLine } from '../../src/office/meeting/reply-cards.ts'
import { askedForLeave } from '../../src/office/meeting/reply-roles.ts'
import { tellOf, waits } from '../tell.ts'
import { fullOf, knowingAll, type Shown } from './full.ts'
import { FEATURE, invitationMatter } from './setting.ts'

const matterOf = ({ meeting, id }: Invitation) => ({ matter: { feature: FEATURE, id: invitationMatter(meeting, id) } })

/** The card that gathers all leaves of a meeting which wait for whoever has it, e.g. `12/leaves`. */
export const leavesMatter = (meeting: number): string => `${meeting}/leaves`

/** Leave is asked of whoever presides, else convenes, and of those who stand in for them (MT-02). */
export async function tellGranters(turn: Turn, after: Invitation, meeting: Meeting, before: Setting): Promise<Shown> {
  const full = await fullOf(turn, after, meeting, turn.who.id)
  const asked = askedForLeave(meeting, full.granters)
  if (!asked.length) throw new Refusal('无人可批准本人的请假,请与会议承办人联系')
  const deputies = await deputiesOf(turn.db, asked, dayIn(turn.now))
  const setting = await knowingAll(turn, before, full)
  const people = [...new Set([...asked, ...[...deputies.values()].flat()])].filter(id => id !== after.person)
  if (await waits(turn, meeting.startsAt)) {
    const line = `${noticeLine(meeting, setting)}:${guestName(after, setting)}请假待批准,理由:${after.word}`
    await tellOf(turn, people, { body: matterOf(after), line }, meeting.startsAt)
  } else await callForLeave(turn, after, people)
  return { full, setting }
}

/** While others wait as well, somebody is told of leaves of one meeting at most once in so long. */
const REST_MS = 10 * 60_000

/**
 * One leave has a card of its own. Once others wait too they come together on one card, which is drawn anew with each that follows:
 * a hundred of them are not a hundred messages.
 */
async function callForLeave(turn: Turn, after: Invitation, people: readonly string[]): Promise<void> {
  const { meeting } = after
  const calls = await leaveCallsOf(turn.db, meeting, people)
  // in one order, so that two who ask at once do not wait for each other
  for (const person of people.filter(id => !isCalled(turn, calls.get(id))).sort()) {
    await holdLeaveCall(turn.db, meeting, person)
    const call = (await leaveCallsOf(turn.db, meeting, [person])).get(person)
    if (isCalled(turn, call)) continue
    const gathered = (call?.waiting ?? 0) > 1
    await keepLeaveCall(turn.db, { meeting, person, toldAt: turn.now, gathered })
    const body = gathered ? { matter: { feature: FEATURE, id: leavesMatter(meeting) } } : matterOf(after)
    turn.send({ to: { person }, body, urgent: true })
  }
}

/** Whether somebody has a card on which this leave will stand, and was told of it not long ago. */
const isCalled = ({ now }: Turn, call: LeaveCall | undefined): boolean =>
  call?.gathered === true &&
  call.waiting > 1 &&
  call.toldAt !== undefined &&
  now.getTime() - call.toldAt.getTime() < REST_MS

/** Whoever asked hears how it was settled. */
export async function tellDecided(turn: Turn, after: Invitation, meeting: Meeting, setting: Setting): Promise<void> {
  const names = new Map([...setting.names, [turn.who.id, turn.who.name]])
  const line = `${noticeLine(meeting, setting)}:${decisionWords(after, { ...setting, names }) ?? ''}`
  await tellOf(turn, [after.person], { body: matterOf(after), line }, meeting.startsAt)
}
