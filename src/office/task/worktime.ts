import {
  addWorkdays,
  type Calendar,
  clockOf,
  dayIn,
  isWorkday,
  workdayUpTo as lastWorkday,
  type OfficeHours,
  toInstant,
  workdaysBetween,
} from '../../kit/time.ts'
import { FREQUENCIES, type Frequency, type Limit, URGENCIES, type Urgency } from './terms.ts'

/** By what days and hours the office works. */
export interface Worktime {
  calendar: Calendar
  hoursOn(day: string): OfficeHours
}

const MINUTE = 60_000

/** Until when something is to be done that has a limit from `from` on. */
export function limitFrom(from: Date, limit: Limit, work: Worktime): Date {
  if ('minutes' in limit) return new Date(from.getTime() + limit.minutes * MINUTE)
  if ('workdays' in limit) return closing(addWorkdays(receivedOn(from, work), limit.workdays, work.calendar), work)
  return afterWorking(from, limit.workingMinutes, work)
}

export const closing = (day: string, work: Worktime): Date => new Date(toInstant(day, work.hoursOn(day).closes))

/** What comes after office hours or on a day off counts as received on the next workday (CAL-11). */
function receivedOn(at: Date, work: Worktime): string {
  const day = dayIn(at)
  const open = isWorkday(day, work.calendar) && clockOf(at) < work.hoursOn(day).closes
  return open ? day : addWorkdays(day, 1, work.calendar)
}

function afterWorking(from: Date, minutes: number, work: Worktime): Date {
  let left = minutes * MINUTE
  for (let day = receivedOn(from, work); ; day = addWorkdays(day, 1, work.calendar)) {
    for (const [opens, closes] of spans(day, work)) {
      const start = Math.max(opens, from.getTime())
      if (start + left <= closes) return new Date(start + left)
      left -= Math.max(closes - start, 0)
    }
  }
}

function spans(day: string, work: Worktime): Array<[number, number]> {
  const { opens, lunch, resumes, closes } = work.hoursOn(day)
  const at = (clock: string) => Date.parse(toInstant(day, clock))
  return [
    [at(opens), at(lunch)],
    [at(resumes), at(closes)],
  ]
}

/** The deadline where none was named. One that would fall on a day off is drawn forward to a workday (CAL-15). */
export function defaultDue(now: Date, urgency: Urgency, work: Worktime): Date {
  const { done, always } = URGENCIES[urgency]
  const today = dayIn(now)
  if ('workdays' in done) return closing(addWorkdays(receivedOn(now, work), done.workdays, work.calendar), work)
  const day = laterDay(today, done.days)
  return closing(always ? day : workdayUpTo(day, today, work), work)
}

/** The last workday up to `day`; the first one after `after` when there is none in between. */
function workdayUpTo(day: string, after: string, work: Worktime): string {
  const before = lastWorkday(day, work.calendar)
  return before > after ? before : addWorkdays(after, 1, work.calendar)
}

export const laterDay = (day: string, days: number): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) + days * 1_440 * MINUTE).toISOString().slice(0, 10)

/** Until when progress is to be reported, counted from the last report or from 交办; undefined where none is wanted. */
export function reportDue(
  from: Date,
  { urgency, frequency, first }: { urgency: Urgency; frequency: Frequency; first: boolean },
  work: Worktime,
): Date | undefined {
  const { report } = URGENCIES[urgency]
  if (first && report) return limitFrom(from, report, work)
  const cycle = FREQUENCIES[frequency]
  const today = dayIn(from)
  if ('days' in cycle) return closing(workdayUpTo(laterDay(today, cycle.days), today, work), work)
  return 'months' in cycle ? closing(workdayUpTo(nextMonth(today), today, work), work) : undefined
}

function nextMonth(day: string): string {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number)
  const last = new Date(Date.UTC(year, month + 1, 0)).getUTCDate()
  return new Date(Date.UTC(year, month, Math.min(date, last))).toISOString().slice(0, 10)
}

/** A deadline so many workdays after a day, at the time of day it had. */
export const dueAfter = (day: string, workdays: number, like: Date, work: Worktime): Date =>
  new Date(toInstant(addWorkdays(day, workdays, work.calendar), clockOf(like)))

export const workdays = (from: Date, to: Date, work: Worktime): number => workdaysBetween(from, to, work.calendar)
