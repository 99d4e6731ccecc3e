import type { Setting } from './setting.ts'

export type Period =
  | 'smallHours'
  | 'early'
  | 'forenoon'
  | 'noon'
  | 'afternoon'
  | 'dusk'
  | 'evening'
  | 'night'
  | 'midnight'

/** A time of day as said; `hour` is missing when only the part of the day was named. */
export type Clock = { minutesEarlier?: number } & (
  | {
      hour?: number
      minute: number
      period?: Period
      isTwentyFour?: boolean
      needsEnd?: boolean
      isPastMidnight?: boolean
    }
  | { office: number; isDue: boolean }
)

/** Minutes after the beginning of the day, beyond 1440 for the small hours after an evening; undefined when no clock shows it. */
export function minutesOf(clock: Clock, setting: Setting, before?: Clock): number | undefined {
  const minutes = shownMinutes(clock, setting, before)
  return minutes === undefined ? undefined : minutes - (clock.minutesEarlier ?? 0)
}

function shownMinutes(clock: Clock, setting: Setting, before?: Clock): number | undefined {
  if ('office' in clock) return clock.office
  if (clock.hour === undefined) return defaultOf(clock.period ?? 'noon', setting)
  const { hour, minute } = clock
  if (hour > 24 || minute > 59) return undefined
  const isTwentyFour = clock.isTwentyFour || (before !== undefined && isTwentyFourHour(before))
  const period = clock.period ?? (before && 'period' in before && !isTwentyFour ? before.period : undefined)
  const actual = period ? hourIn(period, hour) : isTwentyFour ? hour : officeHour(hour)
  if (clock.isPastMidnight) return ((actual % 12) + 24) * 60 + minute
  return actual === 24 && minute > 0 && hour === 24 ? undefined : actual * 60 + minute
}

export const isBareHour = (clock: Clock): boolean =>
  !('office' in clock) && clock.hour !== undefined && clock.period === undefined && !clock.isTwentyFour

export const namesSmallHours = (clock: Clock): boolean =>
  !('office' in clock) && (clock.period === 'smallHours' || clock.period === 'early')

export const namesEvening = (clock: Clock): boolean =>
  !('office' in clock) && (clock.period === 'evening' || clock.period === 'night')

/** 22:00, 晚上20点: after such an hour the end of a range is written in the same way. */
export const isTwentyFourHour = (clock: Clock): boolean => 'hour' in clock && (clock.hour ?? 0) >= 13

/** Office convention for an hour without a part of the day: 1 to 6 are the afternoon. */
const officeHour = (hour: number): number => (hour >= 1 && hour <= 6 ? hour + 12 : hour)

function hourIn(period: Period, hour: number): number {
  if (hour > 12) return hour
  switch (period) {
    case 'smallHours':
      return hour % 12
    case 'noon':
      return hour >= 1 && hour <= 4 ? hour + 12 : hour
    case 'afternoon':
    case 'dusk':
      return hour % 12 === 0 ? 12 : hour + 12
    case 'evening':
      return hour % 12 < 5 ? (hour % 12) + 24 : hour + 12
    case 'night':
      return hour % 12 === 0 ? 24 : hour < 5 ? hour : hour + 12
    case 'midnight':
      return (hour % 12) + 24
    default:
      return hour
  }
}

function defaultOf(period: Period, setting: Setting): number {
  const fixed: Record<Period, number> = {
    smallHours: 0,
    early: 480,
    forenoon: 540,
    noon: 720,
    afternoon: setting.resumes,
    dusk: 1080,
    evening: 1140,
    night: 1140,
    midnight: 1440,
  }
  return fixed[period]
}
