import { type Block, chart } from '../../kit/card.ts'
import { dayIn, toInstant } from '../../kit/time.ts'

/** More would not be legible. */
const MOST_DRAWN = 10
const MONTHS_BACK = 6

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
  const [year = 0, month = 1] = dayIn(new Date(until.getTime() - 1))
    .split('-')
    .map(Number)
  const back = new Date(Date.UTC(year, month - MONTHS_BACK, 1)).toISOString().slice(0, 7)
  const first = new Date(toInstant(`${back}-01`, '00:00'))
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
  const byMonth = monthsFrom(firstMonth(period), period.until).flatMap(month => {
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

function monthsFrom(from: Date, until: Date): string[] {
  const last = dayIn(new Date(until.getTime() - 1)).slice(0, 7)
  const [year = 0, month = 1] = dayIn(from).split('-').map(Number)
  const all = Array.from({ length: 12 }, (_, i) => new Date(Date.UTC(year, month - 1 + i, 1)).toISOString().slice(0, 7))
  return all.filter(one => one <= last)
}
