import { deputiesOf } from '../../db/deputy.ts'
import type { Turn } from '../../src/bot/feature.ts'
import { Refusal } from '../../src/kit/refusal.ts'
import { dayIn } from '../../src/kit/time.ts'
import type { Invitation, Meeting, Setting } from '../../src/office/meeting/meeting.ts'
import { decisionWords, guestName } from '../../src/office/meeting/reply.ts'
import { noticeLine } from '../../src/office/meeting/reply-cards.ts'
import { askedForLeave } from '../../src/office/meeting/reply-roles.ts'
import { tellOf } from '../tell.ts'
import { fullOf, knowingAll, type Shown } from './full.ts'
import { FEATURE, invitationMatter } from './setting.ts'

const matterOf = ({ meeting, id }: Invitation) => ({ matter: { feature: FEATURE, id: invitationMatter(meeting, id) } })

/** Leave is asked of whoever presides, else convenes, and of those who stand in for them (MT-02). */
export async function tellGranters(turn: Turn, after: Invitation, meeting: Meeting, before: Setting): Promise<Shown> {
  const full = await fullOf(turn, after, meeting, turn.who.id)
  const asked = askedForLeave(meeting, full.granters)
  if (!asked.length) throw new Refusal('无人可批准本人的请假,请与会议承办人联系')
  const deputies = await deputiesOf(turn.db, asked, dayIn(turn.now))
  const setting = await knowingAll(turn, before, full)
  const line = `${noticeLine(meeting, setting)}:${guestName(after, setting)}请假待批准,理由:${after.word}`
  const people = [...asked, ...[...deputies.values()].flat()].filter(id => id !== after.person)
  await tellOf(turn, people, { body: matterOf(after), line }, meeting.startsAt)
  return { full, setting }
}

/** Whoever asked hears how it was settled. */
export async function tellDecided(turn: Turn, after: Invitation, meeting: Meeting, setting: Setting): Promise<void> {
  const names = new Map([...setting.names, [turn.who.id, turn.who.name]])
  const line = `${noticeLine(meeting, setting)}:${decisionWords(after, { ...setting, names }) ?? ''}`
  await tellOf(turn, [after.person], { body: matterOf(after), line }, meeting.startsAt)
}
