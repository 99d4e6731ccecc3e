import { type Block, chart } from '../../kit/card.ts'
import { monthOf, monthsFrom, spanOfMonth } from '../../kit/time.ts'

/** More would not be legible. */
const MOST_DRAWN = 10
/** A chart shows so many months at least, and a year at most. */
const MONTHS_BACK = 6
const MOST_MONTHS = 12

interface UnitCounts {
  all: number
  closed: number
  lateOpen: number
}

interface Span {
  from: Date
  until: Date
}

/** Given out and closed in a month, `2026-11`. */
export interface MonthFigures {
  month: string
  given: number
  closed: number
}

/** The months that a chart shows: of a year all, of a month those before it too. */
export function firstMonth({ from, until }: Span): Date {
  const first = spanOfMonth(monthsFrom(lastMonthOf(until), 1 - MONTHS_BACK)).from
  return first < from ? first : from
}

/** By unit and by month; never by person. */
export function charts(
  units: ReadonlyArray<readonly [string, UnitCounts]>,
  months: MonthFigures[],
  period: Span,
): Block[] {
  const byUnit = units.slice(0, MOST_DRAWN).flatMap(([group, { all, closed, lateOpen }]) => [
    { group, name: '应办', value: all },
    { group, name: '已办结', value: closed },
    { group, name: '逾期未办结', value: lateOpen },
  ])
  const byMonth = monthsBetween(firstMonth(period), period.until).flatMap(month => {
    const { given = 0, closed = 0 } = months.find(one => one.month === month) ?? {}
    return [
      { group: `${Number(month.slice(5))}月`, name: '交办', value: given },
      { group: `${Number(month.slice(5))}月`, name: '办结', value: closed },
    ]
  })
  return [
    ...(byUnit.length ? [chart('按单位', true, byUnit)] : []),
    ...(months.length ? [chart('按月', false, byMonth)] : []),
  ]
}

function monthsBetween(from: Date, until: Date): string[] {
  const last = lastMonthOf(until)
  return Array.from({ length: MOST_MONTHS }, (_, n) => monthsFrom(monthOf(from), n)).filter(month => month <= last)
}

const lastMonthOf = (until: Date): string => monthOf(new Date(until.getTime() - 1))
