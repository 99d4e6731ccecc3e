import { addWorkdays, type Calendar, formatShort, type Holiday, holidayFrom, workdayUpTo } from '../../kit/time.ts'
import { dayAfter } from './day.ts'
import type { Vehicle } from './fleet.ts'
import type { Consent } from './terms.ts'

/** A vehicle put away over a holiday (封存). */
export interface Seal {
  id: number
  vehicle: number
  holiday: string
  /** First and last day of the holiday. */
  from: string
  until: string
  place: string
  /** Who has its keys, in words. */
  keysWith: string
  sealedBy: string
  sealedAt: Date
  releases: readonly Release[]
  endedAt: Date | undefined
}

/** Let out before its time: on whose consent, and for what. */
export interface Release {
  by: string
  consentedBy: string
  way: Consent
  /** ISO instants: when it was let out, and when it was put away again. */
  at: string
  backAt?: string
  word: string
}

/** Sealed, and not let out. */
export const isShut = ({ endedAt, releases }: Pick<Seal, 'endedAt' | 'releases'>): boolean =>
  endedAt === undefined && releases.every(({ backAt }) => backAt !== undefined)

export const SEAL_LIMITS = { place: 60, keysWith: 20, word: 200 } as const

/** Workdays before a holiday from which its list of vehicles is shown. */
const AHEAD = 3

/** The holiday that is ahead or on, once its list is to be shown. */
export function sealingOn(today: string, calendar: Calendar): Holiday | undefined {
  const next = holidayFrom(today, calendar)
  return next && showsFrom(next, calendar) <= today ? next : undefined
}

/** The workday at whose opening the list is shown. */
const showsFrom = ({ from }: Holiday, calendar: Calendar): string => addWorkdays(from, -AHEAD, calendar)

/** The last workday before it: until its close everything is to be sealed. */
export const sealBy = ({ from }: Holiday, calendar: Calendar): string => workdayUpTo(dayAfter(from, -1), calendar)

/** Those that are to be put away; those on duty are kept, those in repair stand elsewhere. */
export const toBeSealed = (vehicles: readonly Vehicle[]): Vehicle[] =>
  vehicles.filter(({ onDuty, state }) => !onDuty && state !== 'retired' && state !== 'repair')

/** `2027年元旦`. */
export const holidayTitle = ({ until, name }: Pick<Holiday, 'until' | 'name'>): string =>
  `${until.slice(0, 4)}年${name}`

export const spanWords = ({ from, until }: { from: string; until: string }, now: Date): string =>
  from === until ? formatShort(from, now) : `${formatShort(from, now)}至${formatShort(until, now)}`
