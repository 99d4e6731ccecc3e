import { dayInWords } from '../../kit/table.ts'
import { halfWidth } from '../../kit/text.ts'
import { parse } from '../../kit/time.ts'

/**
 * A day as people and workbooks write it (`2027-03-31`, `2027/3/31`, `2027年3月31日`, `20270331`, `明年3月31日`, a serial number), as
 * `YYYY-MM-DD`; undefined when it is none. Unlike a deadline it may lie in the past.
 */
export function readDay(typed: string, now: Date): string | undefined {
  const said = dayInWords(halfWidth(typed).trim())
  const [, year, month, day] = WRITTEN.exec(said) ?? COMPACT.exec(said) ?? []
  if (year && month && day) return existing(`${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`)
  const read = parse(said, now.toISOString())
  return read.kind === 'date' && read.rest.trim() === '' ? read.start : undefined
}

const WRITTEN = /^((?:19|20)\d\d)[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:\s*00:00(?::00)?)?$/
const COMPACT = /^((?:19|20)\d\d)(\d\d)(\d\d)$/

function existing(day: string): string | undefined {
  const at = new Date(`${day}T00:00:00Z`)
  return !Number.isNaN(at.getTime()) && at.toISOString().slice(0, 10) === day ? day : undefined
}

/** Natural days from one day to another; negative when the other is the earlier. */
export const daysUntil = (day: string, from: string): number =>
  Math.round((Date.parse(`${day}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / 86_400_000)

/** The day so many days later. */
export const dayAfter = (day: string, days: number): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10)

/** The same day so many months later, or the last of that month. */
export function monthsAfter(day: string, months: number): string {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number)
  const last = new Date(Date.UTC(year, month + months, 0)).getUTCDate()
  return new Date(Date.UTC(year, month - 1 + months, Math.min(date, last))).toISOString().slice(0, 10)
}

export const laterOf = (one: string, other: string): string => [one, other].sort()[1] ?? one
