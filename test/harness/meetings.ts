import type { Db } from '../../db/client.ts'
import { invitations, meetings } from '../../db/meeting.ts'
import type { ClickAnswer } from '../../simulator/protocol.ts'
import { shanghai } from './cars.ts'
import type { TestOffice, TestPerson } from './office.ts'

type NewMeeting = typeof meetings.$inferInsert
type NewInvitation = typeof invitations.$inferInsert

const NOBODY = { people: [], departments: [], chats: [], units: [], listeners: [] }

/** Puts a meeting that has been notified, and whom it asks, into the tables directly; answers ids. */
export const meetingsIn = (db: Db) => ({
  /** On Friday, 27 November 2026, 14:30-16:00; replies are due the day before at noon. */
  async meeting(maker: string, also: Partial<NewMeeting> = {}): Promise<number> {
    const now = shanghai('2026-11-23T09:00')
    const row: NewMeeting = {
      ...{ rev: 3, stateRev: 3, noticeRev: 3, state: 'notified', numberYear: 2026, numberSeq: 31, maker, unit: '' },
      ...{ chat: '', title: '安全生产例会', kind: 'business', class: '', scope: 'house', place: '三楼会议室' },
      ...{ startsAt: shanghai('2026-11-27T14:30'), endsAt: shanghai('2026-11-27T16:00'), branches: '' },
      ...{ convener: maker, presider: maker, contact: maker, phone: '13900000001', guests: NOBODY, level: '' },
      ...{ agenda: [], materials: '', dress: '', parking: '', discipline: '', remark: '' },
      ...{ replyBy: shanghai('2026-11-26T12:00'), planned: true, urgent: false, speech: 0, steps: [], awaits: [] },
      ...{ people: [maker], findings: [], event: '', createdAt: now, notifiedAt: now, reminded: ['notice'] },
      ...{ lastMove: 'publish', word: '', movedBy: maker, movedAt: now },
      ...also,
    }
    const [kept] = await db.insert(meetings).values(row).returning({ id: meetings.id })
    if (!kept) throw new Error('no meeting was put in')
    return kept.id
  },

  async ask(meeting: number, also: Partial<NewInvitation>): Promise<number> {
    const row: NewInvitation = {
      ...{ rev: 1, meeting, unit: '', part: 'attend', via: '', places: 1, name: '', title: '', phone: '' },
      ...{ state: 'pending', word: '', companions: '', plate: '', decision: '', noticeRev: 3, lastMove: '' },
      ...also,
    }
    const [kept] = await db.insert(invitations).values(row).returning({ id: invitations.id })
    if (!kept) throw new Error('no invitation was put in')
    return kept.id
  },
})

/** Has the card of a matter sent to people, as a notice would. */
export async function showMatter(office: TestOffice, matter: string, ...people: TestPerson[]): Promise<void> {
  const { house } = office.bot
  const { Desk } = await import('../../src/bot/desk.ts')
  await house.office.db.transaction(async tx => {
    const desk = new Desk(house.office, tx, office.clock.now(), { who: '', chat: '', delivery: `shown-${matter}` })
    for (const person of people)
      desk.beat().send({ to: { person: person.id }, body: { matter: { feature: 'meeting', id: matter } } })
    await desk.close('')
  })
  office.bot.drainer.wake()
  await office.settled()
}

/** A press of a button that stands on some other card than those that somebody has; answers the toast. */
export async function clicks(
  office: TestOffice,
  person: TestPerson,
  move: string,
  value: Record<string, string | number>,
  form?: Record<string, string>,
): Promise<string> {
  const { message_id } = await person.seesCard()
  const action = {
    tag: 'button',
    value: { ...value, action: `meeting.${move}` },
    ...(form ? { name: 'x', form_value: form } : {}),
  }
  const answer = await office.send<ClickAnswer>('POST', '/sim/raw-click', { as: person.id, message_id, action })
  await office.settled()
  return answer.toast?.content ?? ''
}
