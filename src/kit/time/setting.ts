import { type Calendar, officialCalendar } from './calendar.ts'
import { type Day, dayOfMinute, type Minute, minuteOfClock, minuteOfInstant } from './days.ts'

export type OfficeHours = { opens: string; lunch: string; resumes: string; closes: string }
export type TimeOptions = { officeHours?: OfficeHours; calendar?: Calendar }

export const defaultHours: OfficeHours = { opens: '08:30', lunch: '12:00', resumes: '14:30', closes: '17:30' }

/** What a phrase is understood against: the moment it is said, and the customs of the office. */
export type Setting = {
  now: Minute
  today: Day
  calendar: Calendar
  opens: number
  lunch: number
  resumes: number
  closes: number
}

export function settingAt(nowISO: string | Date, options: TimeOptions = {}): Setting {
  const now = minuteOfInstant(nowISO)
  const hours = options.officeHours ?? defaultHours
  return {
    now,
    today: dayOfMinute(now),
    calendar: options.calendar ?? officialCalendar,
    opens: minuteOfClock(hours.opens),
    lunch: minuteOfClock(hours.lunch),
    resumes: minuteOfClock(hours.resumes),
    closes: minuteOfClock(hours.closes),
  }
}
