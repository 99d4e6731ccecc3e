import * as calendarDays from './time/calendar.ts'
import {
  clockText,
  dayFromISO,
  dayOfMinute,
  isoDay,
  isoMinute,
  minuteAt,
  minuteOfClock,
  minuteOfInstant,
  minutesPerDay,
} from './time/days.ts'
import { find } from './time/find.ts'
import { type Course, firesOf } from './time/fires.ts'
import type { Parsed } from './time/result.ts'
import { defaultHours, type OfficeHours, settingAt, type TimeOptions } from './time/setting.ts'
import { normalise, without } from './time/text.ts'

export { type Calendar, type Notice, officialCalendar } from './time/calendar.ts'
export type { Course } from './time/fires.ts'
export { type Holiday, holidayFrom } from './time/holidays.ts'
export { daysOfMonth, isMonth, lastMonths, monthOf, monthsFrom, readMonth, spanOfMonth } from './time/month.ts'
export type { Parsed } from './time/result.ts'
export { defaultHours, type OfficeHours, type TimeOptions } from './time/setting.ts'
export {
  dueMarks,
  formatDay,
  formatDue,
  formatDueInFull,
  formatInstant,
  formatMonth,
  formatShort,
  PENDING,
} from './time/speak.ts'

/** Finds the time expression in a text and says what it means at `nowISO`; the rest of the text is handed back. */
export function parse(text: string, nowISO: string, options: TimeOptions = {}): Parsed {
  const read = normalise(text)
  const found = find(read.plain, settingAt(nowISO, options))
  return found ? { ...found.meaning, rest: without(read, found.cuts) } : { kind: 'none', rest: text }
}

/**
 * The fires after `afterISO` of a series as it was said at `saidISO`. A series that counts (每隔两天, 每小时) keeps its
 * count only this way: said again at each fire it would begin anew. Nothing else has fires. `course`: what it came to by other
 * days off than those of today does not come once more.
 */
export function nextFires(
  text: string,
  saidISO: string,
  afterISO: string,
  count = 1,
  options: TimeOptions = {},
  { last, next }: Course<Date> = {},
): string[] {
  const setting = settingAt(saidISO, options)
  const phrase = find(normalise(text).plain, setting)?.phrase
  if (phrase?.is !== 'repeat') return []
  const fires = firesOf(phrase.repeat, setting, minuteOfInstant(afterISO), count, {
    last: last && minuteOfInstant(last),
    next: next && minuteOfInstant(next),
  })
  return typeof fires === 'string' ? [] : fires.map(isoMinute)
}

/** Whether the time that is read in a text was put with a time of day (17:30前, 下班前, 2小时内), not only by its day. */
export function namesClock(text: string, nowISO: string, options: TimeOptions = {}): boolean {
  const phrase = find(normalise(text).plain, settingAt(nowISO, options))?.phrase
  if (phrase?.is === 'point' || phrase?.is === 'due') return phrase.point.clock !== undefined
  return phrase?.is === 'later' && phrase.later.is === 'moment'
}

/** The deadline a command takes from what was said; a day alone ends at closing time, a recurrence has none. */
export function dueOf(parsed: Parsed, officeHours: OfficeHours = defaultHours): string | undefined {
  switch (parsed.kind) {
    case 'instant':
      return parsed.start
    case 'date':
      return toInstant(parsed.start, officeHours.closes)
    case 'deadline':
      return parsed.end
    case 'range':
      return parsed.end.length === 10 ? toInstant(parsed.end, officeHours.closes) : parsed.end
    default:
      return undefined
  }
}

/** `2026-11-24` and `08:30` in Shanghai as an instant. */
export const toInstant = (date: string, clock: string): string =>
  isoMinute(minuteAt(dayFromISO(date), minuteOfClock(clock)))

/** The Shanghai day `YYYY-MM-DD` of an instant. */
export const dayIn = (at: string | Date): string => isoDay(dayOfMinute(minuteOfInstant(at)))

/** The Shanghai time of day `HH:mm` of an instant. */
export const clockOf = (at: string | Date): string => {
  const minute = minuteOfInstant(at)
  return clockText(minute - dayOfMinute(minute) * minutesPerDay)
}

/** Whether people work on this day (`YYYY-MM-DD` or an instant): made-up workdays in, holidays and weekends out. */
export const isWorkday = (at: string | Date, calendar = calendarDays.officialCalendar): boolean =>
  calendarDays.isWorkday(dayFromISO(dayText(at)), calendar)

/** Whether this day is a public holiday by notice, or by the holiday law while the notice is not loaded; plain weekends are none. */
export const isHoliday = (at: string | Date, calendar = calendarDays.officialCalendar): boolean =>
  calendarDays.isHoliday(dayFromISO(dayText(at)), calendar)

/** The day n days after this one. */
export const addDays = (at: string | Date, n: number): string => isoDay(dayFromISO(dayText(at)) + n)

/** The end of a period as it is said: one at midnight by the day that ends with it. */
export const endSaid = (end: Date): string | Date => (clockOf(end) === '00:00' ? addDays(end, -1) : end)

/** Whether the notice of this day's year is not loaded. */
export const isPending = (at: string | Date, calendar = calendarDays.officialCalendar): boolean =>
  calendarDays.isPending(dayFromISO(dayText(at)), calendar)

/** The first workday after this day. */
export const nextWorkday = (at: string | Date, calendar = calendarDays.officialCalendar): string =>
  addWorkdays(at, 1, calendar)

/** The nth workday after this day, before it when n is negative. */
export const addWorkdays = (at: string | Date, n: number, calendar = calendarDays.officialCalendar): string =>
  isoDay(calendarDays.addWorkdays(dayFromISO(dayText(at)), n, calendar))

/** This day if it is a workday, else the last one before it. */
export const workdayUpTo = (at: string | Date, calendar = calendarDays.officialCalendar): string =>
  isWorkday(at, calendar) ? dayText(at) : addWorkdays(at, -1, calendar)

/** How many workdays lie after the day of `from` up to and with the day of `to`; negative when `to` is the earlier. */
export function workdaysBetween(
  from: string | Date,
  to: string | Date,
  calendar = calendarDays.officialCalendar,
): number {
  const start = dayFromISO(dayText(from))
  const end = dayFromISO(dayText(to))
  if (end < start) return 0 - workdaysBetween(to, from, calendar)
  let count = 0
  for (let day = start + 1; day <= end; day++) if (calendarDays.isWorkday(day, calendar)) count++
  return count
}

/** What is left until something is due, in workdays and in words: 剩3个工作日, 今日到期, 已逾期1个工作日. */
export function remaining(
  due: string | Date,
  now: string | Date,
  calendar = calendarDays.officialCalendar,
): { workdays: number; words: string } {
  const workdays = workdaysBetween(now, due, calendar)
  return { workdays, words: remainingWords(due, now, workdays) }
}

function remainingWords(due: string | Date, now: string | Date, workdays: number): string {
  const isOver = typeof due === 'string' && due.length === 10 ? due < dayIn(now) : new Date(due) < new Date(now)
  if (isOver) return workdays === 0 ? '已逾期' : `已逾期${-workdays}个工作日`
  if (dayText(due) === dayText(now)) return '今日到期'
  return workdays === 0 ? '剩不到1个工作日' : `剩${workdays}个工作日`
}

const dayText = (at: string | Date): string => (typeof at === 'string' && at.length === 10 ? at : dayIn(at))
