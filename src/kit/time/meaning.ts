import { blockAround, nextWorkday, previousWorkday } from './calendar.ts'
import { type Clock, isBareHour, isTwentyFourHour, minutesOf, namesEvening, namesSmallHours } from './clock.ts'
import { type Day, isoDay, isoMinute, type Minute, minuteAt, minutesPerDay } from './days.ts'
import { firesOf } from './fires.ts'
import { lastLunarYear } from './lunar.ts'
import type { Due, Phrase } from './phrase.ts'
import type { Point } from './point.ts'
import type { Shift } from './repeat.ts'
import type { Meaning } from './result.ts'
import type { Setting } from './setting.ts'
import { choose, type Days, endAfter, isSingleDay, type Span, spansMeant } from './span.ts'

export function meaningOf(phrase: Phrase, setting: Setting): Meaning {
  const meaning = meant(phrase, setting)
  const at = 'end' in meaning ? meaning.end : 'start' in meaning ? meaning.start : undefined
  return at === undefined || isReckoned(at) ? meaning : { kind: 'invalid' }
}

/** Beyond the lunar calendar no day off is known, and what is counted in thousands of years has no four-digit year. */
const isReckoned = (at: string): boolean => Number(/^(\d+)-/.exec(at)?.[1]) <= lastLunarYear

function meant(phrase: Phrase, setting: Setting): Meaning {
  switch (phrase.is) {
    case 'point':
      return pointMeaning(phrase.point, phrase.shift, setting)
    case 'due':
      return dueMeaning(phrase.point, phrase.due, phrase.shift, setting)
    case 'range':
      return rangeMeaning(phrase.from, phrase.to, setting)
    case 'repeat': {
      const fires = firesOf(phrase.repeat, setting, setting.now, 3)
      return typeof fires === 'string' ? { kind: fires } : { kind: 'recurrence', next3: fires.map(isoMinute) }
    }
    case 'several':
      return { kind: 'invalid' }
    case 'condition':
      return { kind: 'none' }
    default:
      return laterMeaning(phrase.later, setting)
  }
}

function laterMeaning(later: Extract<Phrase, { is: 'later' }>['later'], { now, closes }: Setting): Meaning {
  if (later.is === 'ago') return { kind: 'past' }
  if (later.is === 'within') return { kind: 'deadline', end: isoMinute(minuteAt(later.day, closes)) }
  const at = now + later.minutes
  if (at <= now) return { kind: 'past' }
  return later.isDue ? { kind: 'deadline', end: isoMinute(at) } : { kind: 'instant', start: isoMinute(at) }
}

function pointMeaning(point: Point, shift: Shift | undefined, setting: Setting): Meaning {
  const { days, clock } = point
  if (days && !isSingleDay(days)) return spanMeaning(days, setting)
  const minute = clock && minutesOf(clock, setting)
  if (clock && minute === undefined) return { kind: 'invalid' }
  if (days && minute === undefined) return dayMeaning(days, shift, setting)
  const at = momentOf(days, minute ?? 0, clock, shift, setting)
  return typeof at === 'string' ? { kind: at } : { kind: 'instant', start: isoMinute(at) }
}

function spanMeaning(days: Days, { today }: Setting): Meaning {
  const span = choose(days, today, ({ to }) => to >= today)
  return typeof span === 'string' ? { kind: span } : { kind: 'range', start: isoDay(span.from), end: isoDay(span.to) }
}

function dayMeaning(days: Days, shift: Shift | undefined, setting: Setting): Meaning {
  const span = choose(days, setting.today, ({ from }) => from >= setting.today)
  if (typeof span === 'string') return { kind: span }
  const day = moved(span.from, shift, setting)
  return day < setting.today ? { kind: 'past' } : { kind: 'date', start: isoDay(day) }
}

/** A clock time on its day; without a day the next time the clock shows it. */
function momentOf(
  days: Days | undefined,
  minute: number,
  clock: Clock | undefined,
  shift: Shift | undefined,
  setting: Setting,
): Minute | 'past' | 'invalid' {
  const { now, today } = setting
  if (!days) return nextMoment(minute, clock, setting)
  const isAhead = (day: Day): boolean => minuteAt(day, minute) > now
  const span = choose(days, today, ({ from }) => (days.rolls ? isAhead(from) : from >= today || isAhead(from)))
  if (typeof span === 'string') return span
  const at = minuteAt(moved(span.from, shift, setting), minute)
  return at > now ? at : 'past'
}

/** 下班前 said after closing time means the next day of work, not tomorrow. */
function nextMoment(minute: number, clock: Clock | undefined, { now, today, calendar }: Setting): Minute {
  const isOffice = clock !== undefined && 'office' in clock
  const at = minuteAt(today, minute % minutesPerDay)
  if (at > now) return at
  return isOffice ? minuteAt(nextWorkday(today, calendar), minute) : at + minutesPerDay
}

function dueMeaning(point: Point, due: Due, shift: Shift | undefined, setting: Setting): Meaning {
  const { days, clock } = point
  const minute = clock ? minutesOf(clock, setting) : setting.closes
  if (minute === undefined) return { kind: 'invalid' }
  if (days && (!isSingleDay(days) || (days.sort === 'festival' && due === 'before' && !clock))) {
    return spanDue(days, due, minute, setting)
  }
  const at = momentOf(days, minute, clock, shift, setting)
  return typeof at === 'string' ? { kind: at } : { kind: 'deadline', end: isoMinute(at) }
}

function spanDue(days: Days, due: Due, minute: number, setting: Setting): Meaning {
  const last = (span: Span): Day => (due === 'before' ? dayBefore(days, span, setting) : lastDayOf(days, span, setting))
  const span = choose(days, setting.today, candidate => minuteAt(last(candidate), minute) > setting.now)
  return typeof span === 'string' ? { kind: span } : { kind: 'deadline', end: isoMinute(minuteAt(last(span), minute)) }
}

/** “Before” a span that is still to come ends ahead of it; before the one going on, with it. */
function dayBefore(days: Days, span: Span, setting: Setting): Day {
  const { calendar, today } = setting
  if (days.sort === 'festival' || days.sort === 'block')
    return previousWorkday(blockAround(span.from, calendar).from, calendar)
  if (days.sort === 'tenDays') return span.to
  if (days.sort === 'weekend') return previousWorkday(span.from, calendar)
  if (span.from <= today) return lastDayOf(days, span, setting)
  return days.sort === 'week' ? previousWorkday(span.from, calendar) : span.from - 1
}

const lastDayOf = (days: Days, { from, to }: Span, { calendar }: Setting): Day => {
  if (days.sort !== 'week') return to
  const workday = previousWorkday(to + 1, calendar)
  return workday < from ? to : workday
}

function rangeMeaning(from: Point, to: Point, setting: Setting): Meaning {
  if (from.days && !from.clock && !to.clock && to.days) return dateRange(from.days, to.days, setting)
  const pair = instantPair(from, to, setting)
  if (typeof pair === 'string') return { kind: pair }
  return { kind: 'range', start: isoMinute(pair.start), end: isoMinute(pair.end) }
}

function dateRange(from: Days, to: Days, { today }: Setting): Meaning {
  const ranges = spansMeant(from, to, today)
  if (ranges.length === 0) return { kind: 'invalid' }
  const span = choose({ ...from, spans: ranges }, today, ({ to: end }) => end >= today)
  return typeof span === 'string' ? { kind: span } : { kind: 'range', start: isoDay(span.from), end: isoDay(span.to) }
}

type Pair = { start: Minute; end: Minute }

function instantPair(from: Point, to: Point, setting: Setting): Pair | 'past' | 'invalid' {
  const startMinute = from.clock ? minutesOf(from.clock, setting) : setting.opens
  if (startMinute === undefined) return 'invalid'
  const starts = startDays(from.days, to, startMinute, setting)
  if (typeof starts === 'string') return starts
  const pairs = starts.map(day => pairOn(day, startMinute, from, to, setting))
  const fitting = pairs.find(pair => typeof pair !== 'string' && pair.end > setting.now)
  if (fitting) return fitting
  return pairs.every(pair => pair === 'invalid') ? 'invalid' : 'past'
}

function startDays(days: Days | undefined, to: Point, minute: number, setting: Setting): Day[] | 'past' | 'invalid' {
  const { now, today } = setting
  if (!days) return minuteAt(today, minute) > now || to.days ? [today] : [today + 1]
  if (days.spans.length === 0) return 'invalid'
  if (days.rolls) return days.spans.map(({ from }) => from).filter(day => minuteAt(day, minute) > now || to.days)
  const span = choose(days, today, ({ from }) => from >= today)
  if (span !== 'past') return typeof span === 'string' ? span : [span.from]
  return days.spans.length === 1 || to.days ? days.spans.map(({ from }) => from) : 'past'
}

function pairOn(day: Day, startMinute: number, from: Point, to: Point, setting: Setting): Pair | 'invalid' {
  const start = minuteAt(day, startMinute)
  const endDay = to.days ? endAfter(day, from.days ?? to.days, to.days) : day
  if (endDay === undefined) return 'invalid'
  const end = endMinute(endDay, start, from.clock, to, setting)
  return end === undefined || end <= start ? 'invalid' : { start, end }
}

/** The end takes the part of the day from the start; where that makes it too early it stands for itself (上午9点到3点). */
function endMinute(
  day: Day,
  start: Minute,
  before: Clock | undefined,
  to: Point,
  setting: Setting,
): Minute | undefined {
  if (!to.clock) return minuteAt(day, setting.closes)
  const isTwentyFour = before !== undefined && isTwentyFourHour(before)
  const isNightOver = to.days !== undefined && before !== undefined && namesEvening(before) && isBareHour(to.clock)
  const minute = isNightOver
    ? minutesOf({ ...to.clock, period: 'early' }, setting)
    : minutesOf(to.clock, setting, to.days && !isTwentyFour ? undefined : before)
  if (minute === undefined) return undefined
  const end = minuteAt(day, minute)
  if (end > start || !before || to.days) return end
  if (namesEvening(before) && namesSmallHours(to.clock)) return end + minutesPerDay
  const alone = isBareHour(to.clock) && !isTwentyFour ? minutesOf(to.clock, setting) : undefined
  return alone === undefined ? end : minuteAt(day, alone)
}

const moved = (day: Day, shift: Shift | undefined, { calendar }: Setting): Day => {
  if (!shift) return day
  return shift === 'later' ? nextWorkday(day - 1, calendar) : previousWorkday(day + 1, calendar)
}
