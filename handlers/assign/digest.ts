import { dueIn, waitingFor } from '../../db/assign.ts'
import { calendarInForce } from '../../db/holiday.ts'
import { type Look, MOST_READ, type Reader, type Section, type TodoItem } from '../../src/bot/feature.ts'
import { bold } from '../../src/kit/card.ts'
import { shorten } from '../../src/kit/text.ts'
import { dayIn, formatDue, toInstant } from '../../src/kit/time.ts'
import type { Assignment } from '../../src/office/assign/assignment.ts'

type Items = (look: Look, person: string, some: Assignment[]) => Promise<TodoItem[]>

/** 交办 in a digest: for a person what is due, late, to be accepted or confirmed; before a group what is due, without names. */
export async function digestOf(look: Look, reader: Reader, items: Items): Promise<Section[]> {
  return 'group' in reader ? groupSections(look, reader.group) : ownSections(look, reader.person, items)
}

async function ownSections(look: Look, person: string, items: Items): Promise<Section[]> {
  const waiting = await waitingFor(look.db, person, MOST_READ)
  const today = dayIn(look.now)
  const mine = waiting.filter(one => one.shares.some(share => share.assignee === person && isOpen(share)))
  const parts: Array<[string, Assignment[]]> = [
    ['交办逾期', mine.filter(one => one.dueAt !== undefined && one.dueAt < look.now)],
    [
      '交办今日到期',
      mine.filter(one => one.dueAt !== undefined && one.dueAt >= look.now && dayIn(one.dueAt) === today),
    ],
    ['交办待签收', mine.filter(one => isLater(one, look.now) && stateFor(one, person) === 'assigned')],
    ['交办待确认', waiting.filter(one => one.giver === person && one.shares.some(share => share.state === 'finished'))],
  ]
  const sections: Section[] = []
  for (const [title, some] of parts) {
    const rows = (await items(look, person, some)).sort((a, b) => a.urgency - b.urgency)
    sections.push({
      title,
      count: rows.length,
      more: rows.length > 0 && waiting.length >= MOST_READ,
      see: '/待办',
      rows,
    })
  }
  return sections
}

const isOpen = ({ state }: { state: string }): boolean => state === 'assigned' || state === 'underway'
const isLater = ({ dueAt }: Assignment, now: Date): boolean =>
  dueAt === undefined || (dueAt > now && dayIn(dueAt) !== dayIn(now))
const stateFor = ({ shares }: Assignment, person: string) => shares.find(share => share.assignee === person)?.state

async function groupSections({ db, now }: Look, chat: string): Promise<Section[]> {
  const calendar = await calendarInForce(db)
  const due = await dueIn(db, chat, new Date(toInstant(dayIn(new Date(now.getTime() + 86_400_000)), '00:00')))
  const rowOf = (one: Assignment) => ({
    line: [bold(shorten(one.title, 40)), one.dueAt ? ` · ${formatDue(one.dueAt, now, calendar)}` : ''],
    buttons: [{ label: '查看', action: 'assign.show', value: { id: one.id } }],
  })
  const late = due.filter(one => one.dueAt !== undefined && one.dueAt < now)
  const today = due.filter(one => !late.includes(one)).sort((a, b) => Number(a.dueAt) - Number(b.dueAt))
  return [
    { title: '交办今日到期', count: today.length, rows: today.map(rowOf) },
    { title: '交办逾期', count: late.length, rows: late.map(rowOf) },
  ]
}
