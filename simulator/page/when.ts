const ZONE = 'Asia/Shanghai'
const DAY_MS = 86_400_000

type Style = Intl.DateTimeFormatOptions
const printed = (style: Style) => {
  const format = new Intl.DateTimeFormat('zh-CN', { timeZone: ZONE, hourCycle: 'h23', ...style })
  return (at: number) => format.format(at)
}

export const timeZone = ZONE
/** Whether a number of milliseconds is an instant at all; others cannot be printed. */
export const isInstant = (at: number) => !Number.isNaN(new Date(at).getTime())
export const clockTime = printed({ hour: '2-digit', minute: '2-digit' })
export const clockSeconds = printed({ hour: '2-digit', minute: '2-digit', second: '2-digit' })
export const monthDay = printed({ month: 'long', day: 'numeric' })
export const fullDay = printed({ year: 'numeric', month: 'long', day: 'numeric' })
export const weekday = printed({ weekday: 'long' })
export const shortWeekday = printed({ weekday: 'short' })
const year = printed({ year: 'numeric' })

/** 2026-11-24 */
export const isoDay = (at: number) => new Date(at + 8 * 3_600_000).toISOString().slice(0, 10)
/** What <input type="datetime-local"> holds: 2026-11-24T08:30 */
export const localMinute = (at: number) => new Date(at + 8 * 3_600_000).toISOString().slice(0, 16)
/** The instant meant by such an input, which knows no offset. */
export const instantOf = (local: string) => `${local}:00+08:00`

/** Heading over the messages of one day. */
export function dayHeading(at: number, now: number): string {
  const day = isoDay(at)
  const name = day === isoDay(now) ? '今天' : day === isoDay(now - DAY_MS) ? '昨天' : ''
  const date = year(at) === year(now) ? monthDay(at) : fullDay(at)
  return [name, date, weekday(at)].filter(Boolean).join(' ')
}

/** Time of a row in the chat list. */
export function rowTime(at: number, now: number): string {
  if (!at) return ''
  if (isoDay(at) === isoDay(now)) return clockTime(at)
  if (isoDay(at) === isoDay(now - DAY_MS)) return '昨天'
  return year(at) === year(now) ? monthDay(at) : isoDay(at)
}

/** The value of a native date or time control, which speaks the browser's language, as a Chinese reader expects it. */
export function spokenLocal(local: string): string {
  const [day = '', time] = local.includes(':') && !local.includes('T') ? ['', local] : local.split('T')
  const week = day && `${day}（${shortWeekday(Date.parse(day))}）`
  return [week, time].filter(Boolean).join(' ')
}
