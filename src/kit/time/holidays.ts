import { type Calendar, isHoliday, isWorkday, noticesFor } from './calendar.ts'
import { type Day, dayFromISO, isoDay, partsOf } from './days.ts'
import { occurrences, publicHolidays, statutoryDays } from './festivals.ts'

/** A run of days off that holds a public holiday, with the weekends beside it; both days inclusive, `YYYY-MM-DD`. */
export interface Holiday {
  name: string
  from: string
  until: string
}

/** Longer than any two holidays lie apart. */
const WITHIN_DAYS = 200

/** The holiday going on at `day`, or the next one; undefined where the office works through. */
export function holidayFrom(day: string, calendar: Calendar): Holiday | undefined {
  const first = dayFromISO(day)
  for (let at = first; at < first + WITHIN_DAYS; at++) {
    if (isWorkday(at, calendar)) continue
    const run = runAround(at, calendar)
    const holidays = daysOf(run).filter(one => isHoliday(one, calendar))
    if (holidays.length) return { name: nameOf(holidays, calendar), from: isoDay(run.from), until: isoDay(run.to) }
    at = run.to
  }
  return undefined
}

function runAround(day: Day, calendar: Calendar): { from: Day; to: Day } {
  let from = day
  let to = day
  while (!isWorkday(from - 1, calendar)) from--
  while (!isWorkday(to + 1, calendar)) to++
  return { from, to }
}

const daysOf = ({ from, to }: { from: Day; to: Day }): Day[] =>
  Array.from({ length: to - from + 1 }, (_, i) => from + i)

/** As the notice calls it, else by the festivals that the law gives these days off for. */
function nameOf(days: readonly Day[], calendar: Calendar): string {
  const announced = days.flatMap(day => {
    const date = isoDay(day)
    const holidays = noticesFor(day, calendar).flatMap(notice => notice.holidays)
    return holidays.filter(({ from, to }) => from <= date && date <= to).map(({ name }) => name)
  })
  const names = [...new Set(announced)]
  const festive = names.filter(name => publicHolidays.some(known => name.includes(known)))
  const lawful = [...new Set(days.flatMap(festivalsAt))]
  return [festive, lawful, names].find(some => some.length)?.join('、') ?? '节假日'
}

/** Festivals whose statutory days hold this one. */
function festivalsAt(day: Day): string[] {
  const { year } = partsOf(day)
  if (!statutoryDays(year).includes(day)) return []
  const before = publicHolidays.flatMap(name => occurrences(name, year, year).map(at => ({ name, away: day - at })))
  // 除夕 is the day before 春节 begins
  const nearest = before
    .filter(({ away }) => away >= -1 && away <= 3)
    .sort((a, b) => Math.abs(a.away) - Math.abs(b.away))
  return nearest.slice(0, 1).map(({ name }) => name)
}
