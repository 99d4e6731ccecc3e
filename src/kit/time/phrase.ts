import { type Clock, minutesOf, readClock } from './clock.ts'
import { readDate } from './date.ts'
import { isoDay, isoMinute, minuteAt, minutesPerDay } from './days.ts'
import { readRelativeDay, readWeekday, readWeekdayOfWeek } from './relative.ts'
import type { Meaning } from './result.ts'
import { pattern, Scanner } from './scanner.ts'
import type { Setting } from './setting.ts'
import { choose, type Days } from './span.ts'

export type Found = { meaning: Meaning; cuts: { from: number; to: number }[] }

export function understand(plain: string, setting: Setting): Found | undefined {
  for (let at = 0; at < plain.length; at++) {
    if (plain[at] === ' ') continue
    const scan = new Scanner(plain, at)
    const days = readDays(scan, setting)
    const clock = readClock(scan, setting)
    if (!days && !clock) continue
    const isDue = scan.match(before) !== undefined || (clock !== undefined && 'office' in clock && clock.isDue)
    return { meaning: meaningOf(days, clock, isDue, setting), cuts: [{ from: at, to: scan.at }] }
  }
  return undefined
}

const before = pattern('(?:之|以)?前(?![后往期台])')

const readDays = (scan: Scanner, setting: Setting): Days | undefined =>
  scan.attempt(() => readRelativeDay(scan, setting)) ??
  scan.attempt(() => readDate(scan, setting)) ??
  scan.attempt(() => readWeekdayOfWeek(scan, setting)) ??
  scan.attempt(() => readWeekday(scan, setting))

function meaningOf(days: Days | undefined, clock: Clock | undefined, isDue: boolean, setting: Setting): Meaning {
  const minute = clock ? minutesOf(clock, setting) : isDue ? setting.closes : undefined
  if (clock && minute === undefined) return { kind: 'invalid' }
  const fits = (day: number): boolean =>
    minute === undefined ? day >= setting.today : minuteAt(day, minute) > setting.now
  if (!days) {
    const day = fits(setting.today) ? setting.today : setting.today + 1
    const at = isoMinute(minuteAt(day, (minute ?? 0) % minutesPerDay))
    return isDue ? { kind: 'deadline', end: at } : { kind: 'instant', start: at }
  }
  const span = choose(days, setting.today, ({ from }) => (days.rolls ? fits(from) : from >= setting.today))
  if (typeof span === 'string') return { kind: span }
  if (!fits(span.from)) return { kind: 'past' }
  if (minute === undefined) return { kind: 'date', start: isoDay(span.from) }
  const at = isoMinute(minuteAt(span.from, minute))
  return isDue ? { kind: 'deadline', end: at } : { kind: 'instant', start: at }
}
