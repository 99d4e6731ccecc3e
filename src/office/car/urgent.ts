import { type Customs, hoursOn } from '../../kit/customs.ts'
import { Refusal } from '../../kit/refusal.ts'
import { dayIn, nextWorkday, toInstant } from '../../kit/time.ts'
import type { Oral, Trip } from './trip.ts'

/** Until when what was let out on a consent has to be approved: the end of the next workday (CAR-08). */
export function endorseBy(from: Date, customs: Pick<Customs, 'calendar' | 'hours' | 'seasons'>): Date {
  const day = nextWorkday(dayIn(from), customs.calendar)
  return new Date(toInstant(day, hoursOn(day, customs).closes))
}

const DAY_MS = 86_400_000

/** @throws Refusal where the consent was given by whoever it is for, or at a time that cannot be. */
export function checkConsent({ consentedBy, consentedAt }: Oral, trip: Trip, now: Date): void {
  if (!consentedBy) throw new Refusal('请选择同意用车的领导')
  if ([trip.applicant, trip.user].includes(consentedBy)) throw new Refusal('申请人、用车人不能作为同意用车的人')
  if (consentedAt > now) throw new Refusal('同意时间晚于现在,请核对')
  if (now.getTime() - consentedAt.getTime() > DAY_MS) throw new Refusal('同意时间早于一天前,请按一般用车申请')
}

/** What was let out by the days now in force; nothing is moved into the past. */
export function recalibrated(trip: Trip, customs: Customs, now: Date): Trip {
  const { urgent } = trip
  const since = urgent?.since ?? trip.submittedAt
  if (!urgent || !since || urgent.dueAt <= now) return trip
  const dueAt = endorseBy(since, customs)
  if (dueAt <= now || dueAt.getTime() === urgent.dueAt.getTime()) return trip
  return { ...trip, urgent: { ...urgent, dueAt }, nextAt: remindAt(dueAt, now, customs) }
}

/** In the morning of the last day, and when it is over. */
export function remindAt(dueAt: Date, now: Date, customs: Pick<Customs, 'hours' | 'seasons'>): Date {
  const day = dayIn(dueAt)
  const morning = new Date(toInstant(day, hoursOn(day, customs).opens))
  return morning > now ? morning : dueAt
}
