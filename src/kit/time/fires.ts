import { isHoliday, isWorkday, nextWorkday, previousWorkday } from './calendar.ts'
import { minutesOf } from './clock.ts'
import type { Cycle } from './cycle.ts'
import { type Day, dayOfMinute, type Minute, minuteAt, mondayOf, partsOf } from './days.ts'
import type { Repeat, Shift, Skip } from './repeat.ts'
import type { Setting } from './setting.ts'
import { choose, type Days, type Span, spansMeant } from './span.ts'

const defaultMinute = 540
/** 29 February comes every four years; three of them are looked for. */
const horizonDays = 366 * 13
/** No run of days off is longer, so no fire is moved further. */
const longestShift = 15

type Limits = { from?: Day; until?: Day }

/** How far a series had come while other days were off: when it fired last, and when it was to fire next. */
export type Course<At = Minute> = { last?: At | undefined; next?: At | undefined }

/** The fires of a series after `after`, reckoned as it was said at `setting.now`; or why there are none. */
export function firesOf(
  repeat: Repeat,
  setting: Setting,
  after: Minute,
  count: number,
  course: Course = {},
): Minute[] | 'invalid' | 'past' {
  const times = timesOf(repeat, setting)
  const limits = limitsOf(repeat, setting)
  if (typeof limits === 'string') return limits
  if (!times || ('isImpossible' in repeat.cycle && repeat.cycle.isImpossible)) return 'invalid'
  const fires =
    'everyMinutes' in repeat.cycle
      ? everyFew(repeat.cycle.everyMinutes, limits, setting, after, count)
      : onDays(repeat, repeat.cycle, times, limits, setting, after, count, course)
  if (fires.length > 0) return fires
  return repeat.bounds.length === 0 ? 'invalid' : 'past'
}

function timesOf({ clocks, isDue }: Repeat, setting: Setting): number[] | undefined {
  if (clocks.length === 0) return [isDue ? setting.closes : defaultMinute]
  const times = clocks.map((clock, at) => minutesOf(clock, setting, clocks[at - 1]))
  return times.every(time => time !== undefined) ? times.sort((a, b) => a - b) : undefined
}

function limitsOf({ bounds }: Repeat, { today }: Setting): Limits | 'invalid' | 'past' {
  const limits: Limits = {}
  for (const { edge, days, until } of bounds) {
    const span = edge === 'from' ? startOf(days, today) : stretchOf(days, until, today)
    if (typeof span === 'string') return span
    if (edge !== 'until') limits.from = Math.max(limits.from ?? span.from, span.from)
    if (edge !== 'from') limits.until = Math.min(limits.until ?? span.to, span.to)
  }
  return limits
}

const stretchOf = (days: Days, until: Days | undefined, today: Day): Span | 'past' | 'invalid' =>
  choose(until ? { ...days, spans: spansMeant(days, until, today) } : days, today, ({ to }) => to >= today)

/** A series may have begun already. */
function startOf(days: Days, today: Day): Span | 'past' | 'invalid' {
  const span = choose(days, today, ({ to }) => to >= today)
  return span === 'past' ? (days.spans.findLast(({ to }) => to < today) ?? span) : span
}

function everyFew(minutes: number, { until }: Limits, { now }: Setting, after: Minute, count: number): Minute[] {
  const passed = Math.max(0, Math.floor((after - now) / minutes))
  const last = until === undefined ? Number.POSITIVE_INFINITY : minuteAt(until + 1, 0)
  return Array.from({ length: count }, (_, at) => now + (passed + at + 1) * minutes).filter(fire => fire < last)
}

function onDays(
  { skips, shift }: Repeat,
  cycle: Cycle,
  times: readonly number[],
  { from, until }: Limits,
  setting: Setting,
  after: Minute,
  count: number,
  course: Course,
): Minute[] {
  const fires = new Set<Minute>()
  const last = Math.min(until ?? Number.POSITIVE_INFINITY, Math.max(setting.today, from ?? 0) + horizonDays)
  let anchor: number | undefined
  for (let base = from ?? setting.today - longestShift; base <= last && fires.size < count + times.length; base++) {
    if (!cycle.holds(base) || isSkipped(base, skips, setting)) continue
    const day = shifted(base, shift, setting)
    const ahead = times.filter(time => minuteAt(day, time) > setting.now)
    if (anchor === undefined && (from !== undefined || ahead.length > 0)) anchor = indexOf(base, cycle)
    if (anchor === undefined || (indexOf(base, cycle) - anchor) % cycle.every !== 0) continue
    for (const time of ahead) {
      const fire = minuteAt(day, time)
      if (fire > after && !isOver(base, times.length > 1 ? time : 0, cycle, shift, course)) fires.add(fire)
    }
  }
  return [...fires].sort((a, b) => a - b).slice(0, count)
}

/** Whether a day of a cycle has had its fire, wherever days off had moved that. */
function isOver(base: Day, time: number, cycle: Cycle, shift: Shift | undefined, { last, next }: Course): boolean {
  if (!shift && cycle.within && next !== undefined) {
    const [span, due] = [cycle.within(base), cycle.within(dayOfMinute(next))]
    return span !== undefined && due !== undefined && span.from < due.from
  }
  if (shift === 'earlier') return next !== undefined && base < dayOfMinute(next)
  // what fell on the days off before it was moved to the same day
  return last !== undefined && base <= dayOfMinute(last) && minuteAt(dayOfMinute(last), time) <= last
}

function isSkipped(day: Day, skips: readonly Skip[], { calendar }: Setting): boolean {
  const isWeekend = day - mondayOf(day) > 4
  return skips.some(skip => {
    if (skip === 'weekends') return isWeekend
    return skip === 'holidays' ? isHoliday(day, calendar) : !isWorkday(day, calendar)
  })
}

function shifted(day: Day, shift: Shift | undefined, { calendar }: Setting): Day {
  if (!shift || isWorkday(day, calendar)) return day
  return shift === 'later' ? nextWorkday(day, calendar) : previousWorkday(day, calendar)
}

/** The number of the day, week or month, in which periods are counted. */
function indexOf(day: Day, { unit }: Cycle): number {
  if (unit === 'day') return day
  if (unit === 'week') return (mondayOf(day) + 3) / 7
  const { year, month } = partsOf(day)
  return year * 12 + month
}
