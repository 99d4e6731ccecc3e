import { deputiesOf } from '../../db/deputy.ts'
import { meetingsOfGroup, peopleInMeetings } from '../../db/meeting-list.ts'
import type { Look, Reader, Section } from '../../src/bot/feature.ts'
import { bold } from '../../src/kit/card.ts'
import { dayIn, formatDue } from '../../src/kit/time.ts'
import { showButton } from '../../src/office/meeting/lists.ts'
import { actorOf, settingOf } from './setting.ts'
import { dayOf, itemOf, meetingsToday, openFor, waitsFor } from './show.ts'

const MOST = 50

/** 会议 in a digest: for a person where they are expected today and what waits for them; before a group its meetings of today. */
export const digest = (look: Look, reader: Reader): Promise<Section[]> =>
  'group' in reader ? groupSections(look, reader.group) : ownSections(look, reader.person)

async function ownSections(look: Look, person: string): Promise<Section[]> {
  const actor = await actorOf(look, person)
  const [today, { open, more }] = await Promise.all([meetingsToday(look, person), openFor(look, actor)])
  const setting = await settingOf(look, [...today, ...open])
  const waiting = open.filter(meeting => waitsFor(meeting, actor, setting))
  const parts = [
    ['今日会议', today, '/今日'],
    ['会议待审批', waiting.filter(({ state }) => state === 'submitted'), '/待办'],
    ['会议待发出', waiting.filter(({ state }) => state === 'draft'), '/待办'],
  ] as const
  return parts.map(([title, some, see]) => ({
    title,
    count: some.length,
    more: some !== today && some.length > 0 && more,
    see,
    rows: some.map(meeting => itemOf(meeting, actor, setting)),
  }))
}

async function groupSections(look: Look, chat: string): Promise<Section[]> {
  const { from, until } = dayOf(look.now)
  const some = await meetingsOfGroup(look.db, chat, from, until, MOST)
  const { customs } = await settingOf(look, some)
  const rows = some.map(meeting => ({
    line: [bold(meeting.title), ` · ${formatDue(meeting.startsAt, look.now, customs.calendar)} · ${meeting.place}`],
    buttons: [showButton(meeting) as Section['rows'][number]['buttons'][number]],
  }))
  return [{ title: '今日会议', count: rows.length, rows }]
}

/** Everybody for whom there may be something this morning. */
export async function awaited(look: Look): Promise<string[]> {
  const people = await peopleInMeetings(look.db, dayOf(look.now).until)
  const deputies = await deputiesOf(look.db, people, dayIn(look.now))
  return [...new Set([...people, ...[...deputies.values()].flat()])]
}
