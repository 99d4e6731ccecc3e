import { type Customs, openingOf } from '../../kit/customs.ts'
import {
  daysOfMonth,
  formatMonth,
  formatShort,
  isWorkday,
  monthsFrom,
  nextWorkday,
  workdaysBetween,
  workdayUpTo,
} from '../../kit/time.ts'
import type { RuleSetting } from './rule-setting.ts'
import { checkFixedUse, checkPublication } from './rules-watch.ts'

/** What a month asks for once it is over: the look at fixed use (CAR-15), its publication, and once more when that is late (CAR-41). */
export type Duty = 'fixed' | 'publication' | 'overdue'

/** When each falls due after a month `YYYY-MM`. */
export function dutiesAfter(month: string, customs: Customs, { thresholds }: RuleSetting): Array<[Duty, Date]> {
  const { calendar } = customs
  const by = publishBy(month, thresholds.publishBy)
  return [
    ['fixed', openingOf(nextWorkday(lastDayOf(month), calendar), customs)],
    ['publication', openingOf(workdayUpTo(by, calendar), customs)],
    ['overdue', openingOf(nextWorkday(by, calendar), customs)],
  ]
}

const publishBy = (month: string, day: number): string => `${monthsFrom(month, 1)}-${String(day).padStart(2, '0')}`

const lastDayOf = (month: string): string => daysOfMonth(month).until

/** Workdays of a month. */
export const workdaysIn = (month: string, { calendar }: Customs): number =>
  workdaysBetween(lastDayOf(monthsFrom(month, -1)), lastDayOf(month), calendar)

/** On which days of a month somebody used one and the same car. */
export interface FixedUse {
  person: string
  plate: string
  unit: string
  days: readonly string[]
}

/** What 办公室 is asked to look into; undefined = nothing. */
export function fixedUseLine(
  { plate, days }: FixedUse,
  name: string,
  month: string,
  { customs, setting }: { customs: Customs; setting: RuleSetting },
): string | undefined {
  const workdays = workdaysIn(month, customs)
  const used = days.filter(day => isWorkday(day, customs.calendar)).length
  const [found] = checkFixedUse({ days: used, workdays }, setting)
  return found && `${name} ${formatMonth(month)}在${workdays}个工作日中有${used}个使用${plate}。${found.words}`
}

/** That a month is to be published, or is late; undefined = nothing to say. */
export function publicationLine(
  duty: 'publication' | 'overdue',
  month: string,
  now: Date,
  setting: RuleSetting,
): string | undefined {
  const by = publishBy(month, setting.thresholds.publishBy)
  // the first reminder comes before the rule holds
  const [found] = checkPublication(`${by.slice(0, 8)}99`, { isPublished: false }, setting)
  if (!found) return undefined
  const until = formatShort(by, now)
  const says = duty === 'overdue' ? `已超过${until}` : `请于${until}前印发`
  return `${found.words}${formatMonth(month)}的公示尚未印发,${says}(/用车 公示)。`
}
