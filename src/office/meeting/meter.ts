import { addDays, dayIn } from '../../kit/time.ts'

/** The Monday of the week of a day. */
export const mondayOf = (day: string): string => addDays(day, 1 - (new Date(`${day}T00:00:00Z`).getUTCDay() || 7))

/**
 * 精文减会, e.g. 本周已有4个全体会议;与12人日程冲突. `general`: meetings of that week that call the whole house or more; `people`: how
 * many are taken at that time.
 */
export function meterOf({
  now,
  startsAt,
  general,
  people,
}: {
  now: Date
  startsAt: Date
  general: number
  people: number
}): string {
  const week = weekWords(now, startsAt)
  const meetings = general ? `${week}已有${general}个全体会议` : `${week}尚无全体会议`
  return `${meetings};${people ? `与${people}人日程冲突` : '无日程冲突'}`
}

function weekWords(now: Date, startsAt: Date): string {
  const [here, there] = [mondayOf(dayIn(now)), mondayOf(dayIn(startsAt))]
  if (there === here) return '本周'
  return there === addDays(here, 7) ? '下周' : '当周'
}
