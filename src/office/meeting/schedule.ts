import { type Customs, openingOf } from '../../kit/customs.ts'
import { addWorkdays, toInstant } from '../../kit/time.ts'
import type { Meeting } from './meeting.ts'

/** What the office has settled about reminders. */
export interface ReminderSetting {
  /** When it is said on the workday before, `16:00`; '' = it is not. */
  dayBefore: string
  /** Minutes before it begins; 0 = it is not said. */
  minutesBefore: number
}
export const REMINDERS = 'meeting.reminders'
export const USUAL_REMINDERS: ReminderSetting = { dayBefore: '16:00', minutesBefore: 60 }

/** When nobody has ended a meeting, it is taken to have ended so long after its time. */
const GRACE_MS = 30 * 60_000

export const endsByClockAt = ({ endsAt }: Pick<Meeting, 'endsAt'>): Date => new Date(endsAt.getTime() + GRACE_MS)

/** Whether those who are asked have been, or are being, told of it, and it has not begun. */
export const isOut = ({ state, notifiedAt }: Pick<Meeting, 'state' | 'notifiedAt'>): boolean =>
  notifiedAt !== undefined && (state === 'notified' || state === 'submitted')

/** Whether people know of it: its notice has left, or had before a change whose own has not. */
export const hasBeenHeard = ({ reminded, was }: Pick<Meeting, 'reminded' | 'was'>): boolean =>
  reminded.includes('notice') || was !== undefined

/** What is news of an urgent meeting waits for no morning. */
export const comesAbout = ({ urgent, startsAt }: Pick<Meeting, 'urgent' | 'startsAt'>): Date =>
  urgent ? new Date(0) : startsAt

export type Reminder = 'reply' | 'day' | 'hour'

/** When which reminder is due: what is reckoned in workdays never falls on a day off (GEN-07). */
export function remindersOf(
  { startsAt, replyBy }: Pick<Meeting, 'startsAt' | 'replyBy'>,
  { dayBefore, minutesBefore }: ReminderSetting,
  customs: Customs,
): Array<{ name: Reminder; at: Date }> {
  const eve = addWorkdays(startsAt, -1, customs.calendar)
  return [
    ...(replyBy
      ? [{ name: 'reply' as const, at: openingOf(addWorkdays(replyBy, -1, customs.calendar), customs) }]
      : []),
    ...(dayBefore ? [{ name: 'day' as const, at: new Date(toInstant(eve, dayBefore)) }] : []),
    ...(minutesBefore ? [{ name: 'hour' as const, at: new Date(startsAt.getTime() - minutesBefore * 60_000) }] : []),
  ]
}

/** The reminders that a notice or change which goes out now makes needless. */
export const pastReminders = (
  meeting: Meeting,
  setting: ReminderSetting,
  customs: Customs,
  now: Date,
): readonly string[] =>
  remindersOf(meeting, setting, customs)
    .filter(({ at }) => at <= now)
    .map(({ name }) => name)

/** When there is something to do about a meeting by itself; `noticeAt`: when its notice is to leave, as long as it has not. */
export function nextLook(
  meeting: Meeting,
  setting: ReminderSetting,
  customs: Customs,
  noticeAt: Date | undefined,
): Date | undefined {
  if (meeting.state === 'underway') return endsByClockAt(meeting)
  if (!isOut(meeting)) return undefined
  const open = remindersOf(meeting, setting, customs).filter(({ name }) => !meeting.reminded.includes(name))
  const all = [...open.map(({ at }) => at), meeting.startsAt, ...(noticeAt ? [noticeAt] : [])]
  return new Date(Math.min(...all.map(at => at.getTime())))
}
