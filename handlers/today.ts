import { calendarInForce } from '../db/holiday.ts'
import type { Feature, Look } from '../src/bot/feature.ts'
import type { Card } from '../src/kit/card.ts'
import { clockOf, dayIn, formatShort, isWorkday } from '../src/kit/time.ts'
import { byUrgency, itemsCard } from '../src/office/todo/cards.ts'
import { plannedFor, waitingFor } from './waiting.ts'

/** `/今日`: what the day holds, what is due today or overdue, and what waits for a decision. */
export function todayOf(subjects: readonly Feature[]): Feature {
  return {
    name: 'today',
    title: '今日',
    words: ['今日', 'today'],
    about: '我今天的安排:会议、用车、到期事项和待审批事项',
    commands: {
      '': {
        usage: '/今日',
        about: '列出今天的会议、用车、到期和逾期的事项,以及待我审批的事项',
        heavy: true,
        run: async turn => ({ say: { matter: { feature: 'today', id: turn.who.id } }, privately: true }),
      },
    },
    actions: {},
    draw: (look, person) => todayCard(subjects, look, person),
  }
}

async function todayCard(subjects: readonly Feature[], look: Look, person: string): Promise<Card> {
  const today = dayIn(look.now)
  const { items: waiting } = await waitingFor(subjects, look, person)
  const pressing = waiting.filter(
    ({ urgency, awaitsDecision }) =>
      awaitsDecision || (urgency < Number.MAX_SAFE_INTEGER && dayIn(new Date(urgency)) <= today),
  )
  const planned = await plannedFor(subjects, look, person)
  const due = byUrgency([
    ...new Map([...planned, ...pressing].map(item => [`${item.feature} ${item.matter}`, item])).values(),
  ])
  const day = formatShort(today, look.now)
  const mark = isWorkday(today, await calendarInForce(look.db)) ? '' : '(休息日)'
  const none = `截至${clockOf(look.now)},今天没有到期和待审批事项。`
  return itemsCard(`今日 · ${day}${mark}`, due, none, '请发送 /待办 查看')
}
