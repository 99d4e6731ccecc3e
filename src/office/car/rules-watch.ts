import type { Customs } from '../../kit/customs.ts'
import type { Finding } from '../../kit/finding.ts'
import { addDays, isHoliday, isWorkday, nextWorkday } from '../../kit/time.ts'
import { findingsOf } from './rule-book.ts'
import type { RuleSetting } from './rule-setting.ts'
import { isUrgentOpen } from './steps.ts'
import type { Trip } from './trip.ts'

/** CAR-08 once its time is over. */
export const checkEndorsement = (
  { urgent, steps }: Pick<Trip, 'urgent' | 'steps'>,
  { now, setting }: { now: Date; setting: RuleSetting },
): Finding[] =>
  findingsOf(
    { 'CAR-08': () => (urgent && now > urgent.dueAt && isUrgentOpen({ urgent, steps }) ? 'W' : undefined) },
    setting,
  )

/** The days off that begin after this workday, where a public holiday is among them; plain weekends are none. */
export function holidayAfter(
  day: string,
  { calendar }: Pick<Customs, 'calendar'>,
): { from: string; to: string } | undefined {
  const next = nextWorkday(day, calendar)
  const off: string[] = []
  for (let at = addDays(day, 1); at < next; at = addDays(at, 1)) off.push(at)
  const [from, to] = [off[0], off.at(-1)]
  if (from === undefined || to === undefined || !isWorkday(day, calendar)) return undefined
  return off.some(one => isHoliday(one, calendar)) ? { from, to } : undefined
}

/** CAR-18: on the last workday before a holiday a car that is not on duty is not put away yet. */
export const checkSeal = (
  day: string,
  { onDuty, isSealed }: { onDuty: boolean; isSealed: boolean },
  { customs, setting }: { customs: Customs; setting: RuleSetting },
): Finding[] =>
  findingsOf({ 'CAR-18': () => (!onDuty && !isSealed && holidayAfter(day, customs) ? 'W' : undefined) }, setting)

/** CAR-15: on how many of a month's workdays somebody had one and the same car. */
export const checkFixedUse = (
  { days, workdays }: { days: number; workdays: number },
  setting: RuleSetting,
): Finding[] =>
  findingsOf(
    { 'CAR-15': () => (workdays > 0 && days * 100 >= workdays * setting.thresholds.fixed ? 'W' : undefined) },
    setting,
  )

/** CAR-41: the month before is not published, and its time is over. */
export const checkPublication = (
  day: string,
  { isPublished }: { isPublished: boolean },
  setting: RuleSetting,
): Finding[] =>
  findingsOf(
    { 'CAR-41': () => (!isPublished && Number(day.slice(8, 10)) > setting.thresholds.publishBy ? 'W' : undefined) },
    setting,
  )
