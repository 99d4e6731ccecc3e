import { addMonths, type Day, dayFromISO, dayOfMinute, isoDay, isoMinute, minuteAt, minuteOfInstant } from './days.ts'

/** Whether it is a month as this house writes it: `2026-11`. */
export const isMonth = (text: string): boolean => /^20\d\d-(0[1-9]|1[0-2])$/.test(text)

/** The Shanghai month of an instant. */
export const monthOf = (at: string | Date): string => isoDay(dayOfMinute(minuteOfInstant(at))).slice(0, 7)

/** The nth month after this one, before it when n is negative. */
export const monthsFrom = (month: string, n: number): string => isoDay(addMonths(firstOf(month), n)).slice(0, 7)

/** The last `count` months, this one first. */
export const lastMonths = (now: string | Date, count: number): string[] =>
  Array.from({ length: count }, (_, back) => monthsFrom(monthOf(now), -back))

/** The first and the last day of a month: `2026-11-01`, `2026-11-30`. */
export const daysOfMonth = (month: string): { from: string; until: string } => ({
  from: isoDay(firstOf(month)),
  until: isoDay(addMonths(firstOf(month), 1) - 1),
})

/** When a month begins, and when the next. */
export const spanOfMonth = (month: string): { from: Date; until: Date } => ({
  from: beginning(firstOf(month)),
  until: beginning(addMonths(firstOf(month), 1)),
})

/** A month as somebody typed it: 11, 11月, 2026-11, 2026年11月, 上月; nothing = this one, undefined = not understood. */
export function readMonth(said: string, now: string | Date): string | undefined {
  const thisMonth = monthOf(now)
  if (said === '' || said === '本月') return thisMonth
  if (said === '上月') return monthsFrom(thisMonth, -1)
  const [, year = thisMonth.slice(0, 4), month = ''] = /^(?:(20\d\d)[-年./])?(\d{1,2})月?$/.exec(said) ?? []
  const read = `${year}-${month.padStart(2, '0')}`
  return isMonth(read) ? read : undefined
}

const firstOf = (month: string): Day => dayFromISO(`${month}-01`)
const beginning = (day: Day): Date => new Date(isoMinute(minuteAt(day, 0)))
