import { type Day, dayFromISO, isoDay, partsOf, weekdayOf } from './days.ts'
import { occurrences, publicHolidays, statutoryDays } from './festivals.ts'

/** One year's arrangement as the State Council announces it; all dates are `YYYY-MM-DD`, `to` is inclusive. */
export type Notice = {
  holidays: readonly { name: string; from: string; to: string }[]
  workdays: readonly string[]
  /** The year's notice is not out yet: these are only days that the office itself has settled. */
  isProvisional?: true
}

/** Notices by year. Plain data: an administrator replaces it when the next notice appears. */
export type Calendar = Readonly<Record<string, Notice>>

export type Block = { from: Day; to: Day }

export const officialCalendar: Calendar = {
  2025: {
    holidays: [
      { name: '元旦', from: '2025-01-01', to: '2025-01-01' },
      { name: '春节', from: '2025-01-28', to: '2025-02-04' },
      { name: '清明', from: '2025-04-04', to: '2025-04-06' },
      { name: '劳动节', from: '2025-05-01', to: '2025-05-05' },
      { name: '端午', from: '2025-05-31', to: '2025-06-02' },
      { name: '国庆、中秋', from: '2025-10-01', to: '2025-10-08' },
    ],
    workdays: ['2025-01-26', '2025-02-08', '2025-04-27', '2025-09-28', '2025-10-11'],
  },
  2026: {
    holidays: [
      { name: '元旦', from: '2026-01-01', to: '2026-01-03' },
      { name: '春节', from: '2026-02-15', to: '2026-02-23' },
      { name: '清明', from: '2026-04-04', to: '2026-04-06' },
      { name: '劳动节', from: '2026-05-01', to: '2026-05-05' },
      { name: '端午', from: '2026-06-19', to: '2026-06-21' },
      { name: '中秋', from: '2026-09-25', to: '2026-09-27' },
      { name: '国庆', from: '2026-10-01', to: '2026-10-07' },
    ],
    workdays: ['2026-01-04', '2026-02-14', '2026-02-28', '2026-05-09', '2026-09-20', '2026-10-10'],
  },
}

/** Of each calendar the days that were asked for: reckoning a year without a notice is dear, and the same days come again and again. */
const reckoned = new WeakMap<Calendar, Map<Day, boolean>>()
const MOST_RECKONED = 20_000

export function isWorkday(day: Day, calendar: Calendar): boolean {
  const known = reckoned.get(calendar) ?? new Map<Day, boolean>()
  const answer = known.get(day) ?? isDayOfWork(day, calendar)
  if (known.size >= MOST_RECKONED) known.clear()
  reckoned.set(calendar, known.set(day, answer))
  return answer
}

function isDayOfWork(day: Day, calendar: Calendar): boolean {
  return isMadeUp(day, calendar) || (weekdayOf(day) <= 5 && !isHoliday(day, calendar))
}

/** A weekend day that the notice turns into a workday. */
export const isMadeUp = (day: Day, calendar: Calendar): boolean => {
  const date = isoDay(day)
  return noticesFor(day, calendar).some(notice => notice.workdays.includes(date))
}

/** A day off by notice, or by the holiday law alone while the year's notice is not loaded; plain weekends are none. */
export function isHoliday(day: Day, calendar: Calendar): boolean {
  if (officialBlock(day, calendar)) return true
  return isPending(day, calendar) && statutoryDays(partsOf(day).year).includes(day)
}

/** Whether the notice of the day's year is not loaded, so that what is reckoned there may still move. */
export function isPending(day: Day, calendar: Calendar): boolean {
  const notice = calendar[partsOf(day).year]
  return notice === undefined || notice.isProvisional === true
}

/**
 * The nth workday after `day`; before it for a negative n.
 * @throws RangeError for a day that is none, from which no counting would ever end.
 */
export function addWorkdays(day: Day, n: number, calendar: Calendar): Day {
  if (!Number.isFinite(day)) throw new RangeError('workdays are counted from a day')
  const step = Math.sign(n)
  let found = day
  for (let left = Math.abs(n); left > 0; ) {
    found += step
    if (isWorkday(found, calendar)) left--
  }
  return found
}

export const nextWorkday = (day: Day, calendar: Calendar): Day => addWorkdays(day, 1, calendar)
export const previousWorkday = (day: Day, calendar: Calendar): Day => addWorkdays(day, -1, calendar)

/** The days off in one piece around a festival: as announced, else the run of days off that holds it. */
export function blockAround(day: Day, calendar: Calendar): Block {
  const official = officialBlock(day, calendar)
  if (official) return official
  let from = day
  let to = day
  while (!isWorkday(from - 1, calendar)) from--
  while (!isWorkday(to + 1, calendar)) to++
  return { from, to }
}

/** The public holiday going on at `day`, or the next one. */
export function currentOrNextHoliday(day: Day, calendar: Calendar): Block {
  const { year } = partsOf(day)
  const blocks = publicHolidays
    .flatMap(name => occurrences(name, year - 1, year + 1))
    .map(festival => blockAround(festival, calendar))
    .filter(block => block.to >= day)
    .sort((a, b) => a.from - b.from)
  return blocks[0] ?? { from: day, to: day }
}

/** A block may begin in the last days of the year before its notice, so two notices can speak of a day. */
export const noticesFor = (day: Day, calendar: Calendar): Notice[] => {
  const { year } = partsOf(day)
  return [calendar[year], calendar[year + 1]].filter(notice => notice !== undefined)
}

const officialBlock = (day: Day, calendar: Calendar): Block | undefined => {
  const date = isoDay(day)
  const holiday = noticesFor(day, calendar)
    .flatMap(notice => notice.holidays)
    .find(({ from, to }) => from <= date && date <= to)
  return holiday && { from: dayFromISO(holiday.from), to: dayFromISO(holiday.to) }
}
