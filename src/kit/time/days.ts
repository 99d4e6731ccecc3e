/** A calendar day as the number of days since 1970-01-01; no zone is involved. */
export type Day = number
/** Minutes since 1970-01-01 00:00 on the wall clock of Shanghai. */
export type Minute = number
export type YearMonthDay = { year: number; month: number; day: number }

export const minutesPerDay = 1440
const msPerDay = 86_400_000
const msPerMinute = 60_000
const shanghaiMinutes = 480

export const dayOf = (year: number, month: number, day: number): Day => Date.UTC(year, month - 1, day) / msPerDay

export function partsOf(day: Day): YearMonthDay {
  const date = new Date(day * msPerDay)
  return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() }
}

export function existingDay(year: number, month: number, day: number): Day | undefined {
  if (month < 1 || month > 12 || day < 1 || day > monthLength(year, month)) return undefined
  return dayOf(year, month, day)
}

export const monthLength = (year: number, month: number): number => dayOf(year, month + 1, 1) - dayOf(year, month, 1)

/** Monday is 1, Sunday is 7. */
export const weekdayOf = (day: Day): number => ((((day + 3) % 7) + 7) % 7) + 1

export const mondayOf = (day: Day): Day => day - weekdayOf(day) + 1

export function addMonths(day: Day, months: number): Day {
  const from = partsOf(day)
  const first = partsOf(dayOf(from.year, from.month + months, 1))
  return dayOf(first.year, first.month, Math.min(from.day, monthLength(first.year, first.month)))
}

export const dayOfMinute = (minute: Minute): Day => Math.floor(minute / minutesPerDay)
export const minuteAt = (day: Day, minuteOfDay: number): Minute => day * minutesPerDay + minuteOfDay

export const minuteOfInstant = (at: string | Date): Minute =>
  Math.floor(new Date(at).getTime() / msPerMinute) + shanghaiMinutes

export const dayFromISO = (date: string): Day => Math.floor(Date.parse(`${date.slice(0, 10)}T00:00:00Z`) / msPerDay)

export const isoDay = (day: Day): string => {
  const { year, month, day: date } = partsOf(day)
  return `${String(year).padStart(4, '0')}-${twoDigits(month)}-${twoDigits(date)}`
}

export const clockText = (minuteOfDay: number): string =>
  `${twoDigits(Math.floor(minuteOfDay / 60))}:${twoDigits(minuteOfDay % 60)}`

export const isoMinute = (minute: Minute): string => {
  const day = dayOfMinute(minute)
  return `${isoDay(day)}T${clockText(minute - day * minutesPerDay)}:00+08:00`
}

export const minuteOfClock = (clock: string): number => Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3, 5))

const twoDigits = (value: number): string => String(value).padStart(2, '0')
