const MINUTE_MS = 60_000
const DAY_MS = 24 * 60 * MINUTE_MS
const BEIJING_MS = 8 * 60 * MINUTE_MS
const OPENS_MS = (8 * 60 + 30) * MINUTE_MS

/** 2026 by the official notice: days off on weekdays are inside these spans, make-up days fall on weekends. */
const off2026 = [
  '01-01/01-03',
  '02-15/02-23',
  '04-04/04-06',
  '05-01/05-05',
  '06-19/06-21',
  '09-25/09-27',
  '10-01/10-07',
]
const work2026 = new Set(['01-04', '02-14', '02-28', '05-09', '09-20', '10-10'])

/** The next 08:30 (Beijing) of a workday after this instant. */
export function nextOpening(now: number): number {
  const midnight = Math.floor((now + BEIJING_MS) / DAY_MS) * DAY_MS
  let day = midnight
  while (!isWorkday(day) || day + OPENS_MS - BEIJING_MS <= now) day += DAY_MS
  return day + OPENS_MS - BEIJING_MS
}

/** `day` is midnight of a Beijing day, written as if it were UTC. */
function isWorkday(day: number): boolean {
  const date = new Date(day)
  const monthDay = date.toISOString().slice(5, 10)
  const weekday = date.getUTCDay() % 6 !== 0
  if (date.getUTCFullYear() !== 2026) return weekday
  return work2026.has(monthDay) || (weekday && !off2026.some(span => within(monthDay, span)))
}

function within(monthDay: string, span: string): boolean {
  const [first = '', last = ''] = span.split('/')
  return monthDay >= first && monthDay <= last
}

/** As the bot's clock is set: Beijing time with its offset. */
export const beijingIso = (at: number) => `${new Date(at + BEIJING_MS).toISOString().slice(0, 23)}+08:00`
