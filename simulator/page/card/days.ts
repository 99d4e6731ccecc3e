const DAY_MS = 86_400_000
const spoken = new Intl.DateTimeFormat('zh-CN', {
  timeZone: 'UTC',
  year: 'numeric',
  month: 'long',
  day: 'numeric',
  weekday: 'long',
})

/** Calendar days as yyyy-MM-dd, reckoned without any zone. */
const midnight = (day: string) => Date.parse(`${day}T00:00:00Z`)
const dayOf = (at: number) => new Date(at).toISOString().slice(0, 10)

export const addDays = (day: string, days: number) => dayOf(midnight(day) + days * DAY_MS)

/** The same day of another month, or its last where it has no such day. */
export function addMonths(day: string, months: number): string {
  const from = new Date(midnight(day))
  const first = Date.UTC(from.getUTCFullYear(), from.getUTCMonth() + months, 1)
  const last = new Date(Date.UTC(from.getUTCFullYear(), from.getUTCMonth() + months + 1, 0)).getUTCDate()
  return dayOf(first + (Math.min(from.getUTCDate(), last) - 1) * DAY_MS)
}

export const mondayOf = (day: string) => addDays(day, -((new Date(midnight(day)).getUTCDay() + 6) % 7))

/** The weeks that a day's month touches, each from Monday. */
export function weeksOf(day: string): string[][] {
  const first = mondayOf(`${day.slice(0, 7)}-01`)
  const end = addMonths(`${day.slice(0, 7)}-01`, 1)
  const weeks: string[][] = []
  for (let monday = first; monday < end; monday = addDays(monday, 7))
    weeks.push(Array.from({ length: 7 }, (_, at) => addDays(monday, at)))
  return weeks
}

export const spokenDay = (day: string) => spoken.format(midnight(day))
