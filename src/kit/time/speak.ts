import { type Calendar, isHoliday, isMadeUp, isPending, officialCalendar } from './calendar.ts'
import {
  clockText,
  type Day,
  dayFromISO,
  dayOfMinute,
  minuteOfInstant,
  minutesPerDay,
  partsOf,
  weekdayOf,
} from './days.ts'

/** The full form for official messages: `2026年11月26日(星期四)17:30`; a date without a time has no clock. */
export function formatInstant(at: string | Date): string {
  const { day, clock } = readOff(at)
  return `${formatDay(at)}(星期${weekdayChar(day)})${clock}`
}

/** A date in full: `2026年11月26日`; of a time its day. */
export function formatDay(at: string | Date): string {
  const { year, month, day: date } = partsOf(readOff(at).day)
  return `${year}年${month}月${date}日`
}

/** A month, `2026-11`, in full: `2026年11月`. */
export function formatMonth(month: string): string {
  const [year, of] = month.split('-').map(Number)
  return `${year}年${of}月`
}

/** The short form for cards: `11月26日(周四)17:30`, with the year where it is not the year of `now`. */
export function formatShort(at: string | Date, now: string | Date): string {
  const { day, clock } = readOff(at)
  const { year, month, day: date } = partsOf(day)
  const isThisYear = year === partsOf(readOff(now).day).year
  return `${isThisYear ? '' : `${year}年`}${month}月${date}日(周${weekdayChar(day)})${clock}`
}

/**
 * The short form of something due, warning of a holiday, of a made-up workday, and of a year whose notice is not loaded, as long as
 * the day is ahead and may be moved by it: `10月1日(周四)17:30(节假日)`. A plain weekend shows by its weekday.
 */
export function formatDue(at: string | Date, now: string | Date, calendar: Calendar = officialCalendar): string {
  return formatShort(at, now) + dueMarks(at, now, calendar)
}

/** What `formatDue` warns of, `(节假日)`, where more is said of the time before it; '' = of nothing. */
export function dueMarks(at: string | Date, now: string | Date, calendar: Calendar): string {
  const { day } = readOff(at)
  const isOpen = isPending(day, calendar) && day > readOff(now).day
  const marks = [dayMark(day, calendar), isOpen ? PENDING : ''].filter(mark => mark !== '')
  return marks.length ? `(${marks.join(',')})` : ''
}

/** The full form of something due, warning of a holiday and of a made-up workday. */
export function formatDueInFull(at: string | Date, calendar: Calendar): string {
  const mark = dayMark(readOff(at).day, calendar)
  return formatInstant(at) + (mark && `(${mark})`)
}

/** CAL-01: what is reckoned in a year whose notice is not loaded. */
export const PENDING = '待节假日安排公布后校准'

const dayMark = (day: Day, calendar: Calendar): string => {
  if (isMadeUp(day, calendar)) return '补班日'
  return isHoliday(day, calendar) ? '节假日' : ''
}

const weekdayChar = (day: Day): string => '一二三四五六日'.charAt(weekdayOf(day) - 1)

function readOff(at: string | Date): { day: Day; clock: string } {
  if (typeof at === 'string' && at.length === 10) return { day: dayFromISO(at), clock: '' }
  const minute = minuteOfInstant(at)
  const day = dayOfMinute(minute)
  return { day, clock: clockText(minute - day * minutesPerDay) }
}
