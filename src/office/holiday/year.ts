import { type Day, dayFromISO, dayOf, isoDay, monthLength } from '../../kit/time/days.ts'
import { type Calendar, isWorkday, type Notice } from '../../kit/time.ts'

/** A year's arrangement as it was loaded. */
export interface Loaded {
  year: number
  notice: Notice
}

/** A day that the office itself has settled, whatever the notice says. */
export interface Ruling {
  day: string
  kind: DayKind
}
export type DayKind = 'work' | 'off'

/** Rulings go before notices; in a year without a notice they stand beside the days that the law gives off. */
export function calendarOf(loaded: readonly Loaded[], rulings: readonly Ruling[]): Calendar {
  const years = new Set([...loaded.map(({ year }) => year), ...rulings.map(({ day }) => Number(day.slice(0, 4)))])
  const noticeOf = (year: number): Notice =>
    loaded.find(one => one.year === year)?.notice ?? { holidays: [], workdays: [], isProvisional: true }
  return Object.fromEntries([...years].map(year => [year, ruled(noticeOf(year), year, rulings)]))
}

function ruled(notice: Notice, year: number, rulings: readonly Ruling[]): Notice {
  const off = new Set(rulings.filter(({ kind }) => kind === 'off').map(({ day }) => day))
  const own = rulings.filter(({ day }) => Number(day.slice(0, 4)) === year)
  return {
    ...notice,
    holidays: [
      ...notice.holidays,
      ...own.filter(({ kind }) => kind === 'off').map(({ day }) => ({ name: '本单位调整', from: day, to: day })),
    ],
    workdays: [
      ...notice.workdays.filter(day => !off.has(day)),
      ...own.filter(({ kind, day }) => kind === 'work' && !notice.workdays.includes(day)).map(({ day }) => day),
    ],
  }
}

/** Workdays of each month, January first. */
export function workdaysByMonth(year: number, calendar: Calendar): number[] {
  return Array.from({ length: 12 }, (_, at) => {
    const first = dayOf(year, at + 1, 1)
    return daysFrom(first, first + monthLength(year, at + 1) - 1).filter(day => isWorkday(isoDay(day), calendar)).length
  })
}

export const daysFrom = (from: Day, to: Day): Day[] => Array.from({ length: to - from + 1 }, (_, at) => from + at)

export const lengthOf = ({ from, to }: { from: string; to: string }): number => dayFromISO(to) - dayFromISO(from) + 1
