import { addMonths, type Day, dayOf, existingDay, mondayOf, monthLength, partsOf } from './days.ts'

export type Span = { from: Day; to: Day }

/** What was named: decides what “before” and “within” mean. */
export type Sort = 'day' | 'week' | 'weekend' | 'period' | 'tenDays' | 'festival' | 'block'

/** Days as said. They may be several (周三 of this week or the next); none when there is no such day. */
export type Days = {
  sort: Sort
  spans: readonly Span[]
  /** A bare weekday goes to the next week when the time of today has passed. */
  rolls?: true
  /** Month and day without a year: just passed is the past, long passed is next year. */
  asks?: true
  /** The day as the end of a range, where it takes from the start what it leaves out. */
  asEnd?: (start: Day, from: Days) => Day | undefined
  /** Whether a remark like （周二） agrees. */
  agrees?: (day: Day) => boolean
  /** Monday of the week that was named. */
  week?: Day
  weekday?: number
  /** The 8 of 8-10号: a day only because one follows. */
  needsEnd?: true
}

/** Longer ago than this, a month and day without a year means next year. */
const askWithinDays = 60

export const oneDay = (day: Day, more: Partial<Days> = {}): Days => ({
  sort: 'day',
  spans: [{ from: day, to: day }],
  ...more,
})
export const noDay: Days = { sort: 'day', spans: [] }
export const oneSpan = (sort: Sort, from: Day, to: Day): Days => ({ sort, spans: [{ from, to }] })
export const dayOrNone = (day: Day | undefined): Days => (day === undefined ? noDay : oneDay(day))
export const dayList = (days: readonly (Day | undefined)[], more: Partial<Days> = {}): Days => ({
  sort: 'day',
  spans: days.filter(day => day !== undefined).map(day => ({ from: day, to: day })),
  ...more,
})

export const isSingleDay = (days: Days): boolean => days.sort === 'day' || days.sort === 'festival'

/** The span that is meant: the first that still fits, unless one has only just gone by. */
export function choose(days: Days, today: Day, fits: (span: Span) => boolean): Span | 'past' | 'invalid' {
  if (days.spans.length === 0) return 'invalid'
  const wanted = days.spans.find(fits)
  if (!wanted) return 'past'
  const missed = days.spans.findLast(span => span.to < wanted.from)
  const isNextYear = partsOf(wanted.from).year > partsOf(today).year
  if (days.asks && isNextYear && missed && today - missed.to <= askWithinDays) return 'past'
  return wanted
}

/** For every start that may be meant the end that goes with it; reversed ones are left out. */
export const spansBetween = (from: Days, to: Days): Span[] =>
  from.spans.flatMap(start => {
    const end = endAfter(start.from, from, to)
    return end === undefined ? [] : [{ from: start.from, to: end }]
  })

/** The same, less those that the end's own year rules out: 12月到明年2月 begins next December, not the last one. */
export function spansMeant(from: Days, to: Days, today: Day): Span[] {
  const spans = spansBetween(from, to)
  if (!from.asks || to.spans.length !== 1) return spans
  const meant = spans.find(span => span.from >= today) ?? spans.at(-1)
  return meant ? [meant] : []
}

/** Month and day without a year may run over New Year; most of a year between them means that they were reversed. */
export function endAfter(start: Day, from: Days, to: Days): Day | undefined {
  const end = to.asEnd ? to.asEnd(start, from) : to.spans.find(span => span.to >= start)?.to
  if (end === undefined || end < start) return undefined
  const isOverNewYear = partsOf(end).year > partsOf(start).year
  return isOverNewYear && to.asks && end - start > longestOverNewYear ? undefined : end
}

const longestOverNewYear = 200

export const monthSpan = (year: number, month: number): Span => {
  const from = dayOf(year, month, 1)
  return { from, to: from + monthLength(partsOf(from).year, partsOf(from).month) - 1 }
}

export const spanOfMonths = (year: number, month: number, count: number): Span => {
  const from = dayOf(year, month, 1)
  return { from, to: addMonths(from, count) - 1 }
}

export const weekSpan = (today: Day, weeks: number): Span => {
  const from = mondayOf(today) + weeks * 7
  return { from, to: from + 6 }
}

/** A weekday without a week: today or the nearest after. */
export function bareWeekday(weekday: number, today: Day): Days {
  const onOrAfter = (from: Day): Day => from + ((weekday - 1 - (from - mondayOf(from)) + 7) % 7)
  const first = onOrAfter(today)
  return dayList([first, first + 7], {
    rolls: true,
    weekday,
    agrees: day => day - mondayOf(day) === weekday - 1,
    asEnd: (start, from) => (from.week === undefined ? onOrAfter(start) : from.week + weekday - 1),
  })
}

/** A day number without a month: this month if it is still to come, else the next month that has it. */
export function bareDayNumber(day: number, today: Day): Days {
  const { year, month } = partsOf(today)
  const inMonth = (offset: number): Day | undefined => {
    const first = partsOf(dayOf(year, month + offset, 1))
    return existingDay(first.year, first.month, day)
  }
  return dayList([0, 1, 2].map(inMonth), {
    asEnd: start => existingDay(partsOf(start).year, partsOf(start).month, day),
    agrees: agreed => partsOf(agreed).day === day,
  })
}

/** Month and day without a year. */
export function monthAndDay(month: number, day: number, today: Day): Days {
  const { year } = partsOf(today)
  const isToCome = [year, year + 1].some(y => existingDay(y, month, day) !== undefined)
  return dayList(isToCome ? [year - 1, year, year + 1].map(y => existingDay(y, month, day)) : [], {
    asks: true,
    asEnd: start => {
      const sameYear = existingDay(partsOf(start).year, month, day)
      if (sameYear !== undefined && sameYear >= start) return sameYear
      return existingDay(partsOf(start).year + 1, month, day)
    },
  })
}
