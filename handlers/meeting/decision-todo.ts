import { departmentsLed } from '../../db/department.ts'
import { getMeeting } from '../../db/meeting.ts'
import { decisionsAsked, meetingsToHand } from '../../db/meeting-after.ts'
import type { Look, TodoItem, Waiting } from '../../src/bot/feature.ts'
import type { Person } from '../../src/kit/person.ts'
import { shorten } from '../../src/kit/text.ts'
import { type Decision, mayHand } from '../../src/office/meeting/decision.ts'
import { type Meeting, numberText } from '../../src/office/meeting/meeting.ts'
import { may } from '../../src/office/role/role.ts'
import { decisionsMatter } from '../decided.ts'
import { dueMatter } from './decision-view.ts'
import { actorOf, FEATURE } from './setting.ts'

const MOST_WAITING = 30

/** What waits to be put on file, for those who keep the ledger; and deadlines that somebody is asked for. */
export async function todo(look: Look & { who: Person }): Promise<Waiting> {
  const actor = await actorOf(look, look.who.id)
  const keeps = actor.held.some(({ code }) => code === 'DB' || code === 'BZ')
  const waiting = keeps ? await meetingsToHand(look.db, MOST_WAITING) : []
  const items: TodoItem[] = []
  for (const { meeting: id, open } of waiting) {
    const meeting = await getMeeting(look.db, id)
    if (mayHand(meeting, actor, may)) items.push(handItem(meeting, open))
  }
  const led = await departmentsLed(look.db, actor.id)
  const asked = await decisionsAsked(look.db, actor.id, led, MOST_WAITING)
  return {
    items: [...items, ...asked.map(dueItem)],
    more: waiting.length === MOST_WAITING || asked.length === MOST_WAITING,
  }
}

const handItem = (meeting: Meeting, open: number): TodoItem => ({
  feature: FEATURE,
  matter: decisionsMatter(meeting.id),
  urgency: meeting.endsAt.getTime(),
  line: [
    '会议 ',
    { bold: shorten(meeting.title, 40) },
    `${meeting.number ? ` · ${numberText(meeting.number)}` : ''} · 议定事项${open}项待转督办`,
  ],
  buttons: [{ label: '查看', action: `${FEATURE}.decisions`, value: { id: meeting.id, page: 1 } }],
})

const dueItem = (decision: Decision): TodoItem => ({
  feature: FEATURE,
  matter: dueMatter(decision),
  urgency: decision.askedAt?.getTime() ?? Number.MAX_SAFE_INTEGER,
  line: ['会议 请提出完成时限 ', { bold: shorten(decision.title || decision.says, 40) }],
  buttons: [{ label: '填写', action: `${FEATURE}.openDue`, value: { id: decision.id } }],
})
