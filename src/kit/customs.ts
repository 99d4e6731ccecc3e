import { hoursOf, type Season } from './hours.ts'
import {
  type Calendar,
  type Course,
  clockOf,
  dayIn,
  dueOf,
  formatDueInFull,
  isWorkday,
  nextFires,
  nextWorkday,
  type OfficeHours,
  type Parsed,
  parse,
  type TimeOptions,
  toInstant,
  workdayUpTo,
} from './time.ts'

/** By what the office reckons its time: which days are worked, and from when to when. */
export interface Customs {
  calendar: Calendar
  /** Another one at every change of the calendar or the hours, so that what was reckoned by older ones is found. */
  calendarId: string
  hours: string
  seasons: readonly Season[]
}

/** The office's hours on the day of an instant, or on a day `YYYY-MM-DD`. */
export function hoursOn(at: string | Date, { hours, seasons }: Pick<Customs, 'hours' | 'seasons'>): OfficeHours {
  const date = (typeof at === 'string' && at.length === 10 ? at : dayIn(at)).slice(5)
  const season = seasons.find(({ from, to }) => (from <= to ? from <= date && date <= to : from <= date || date <= to))
  return hoursOf(season?.hours ?? hours)
}

/** What a text says about time, by the hours of the day that it speaks of. */
export function readTime(text: string, now: Date, customs: Customs): Parsed {
  const said = now.toISOString()
  const read = parse(text, said, optionsOn(now, customs))
  const day = dayOf(read)
  return day === undefined || sameHours(day, now, customs) ? read : parse(text, said, optionsOn(day, customs))
}

/** The deadline that was said. */
export function deadlineOf(read: Parsed, customs: Customs): Date | undefined {
  const due = dueOf(read, hoursOn(dayOf(read) ?? '2000-01-01', customs))
  return due === undefined ? undefined : new Date(due)
}

const NEAR_MS = 2 * 86_400_000

/**
 * CAL-15: where a deadline that only names a day falls on a day off, the workday before it is proposed; the issuer confirms it or
 * keeps the day. Undefined where there is nothing to propose; of 明天 and 后天 everybody knows what day it is.
 */
export function proposalFor(due: Date, now: Date, customs: Customs): { dueAt: Date; says: string } | undefined {
  const day = dayIn(due)
  const before = workdayUpTo(day, customs.calendar)
  const isNear = day <= dayIn(new Date(now.getTime() + NEAR_MS))
  if (before === day || isNear || due.getTime() !== closingOf(day, customs).getTime()) return undefined
  const dueAt = closingOf(before, customs)
  const inWords = (at: Date) => formatDueInFull(at, customs.calendar)
  const says = `完成时限${inWords(due)}不在工作日,建议定为${inWords(dueAt)},请确认;如不提前,请改回原时限。`
  return dueAt > now ? { dueAt, says } : undefined
}

/** 尽快 is no deadline, and 立即 wants a time (domain.md 11.2): the word, where a text has one. */
export const vagueWord = (text: string): string | undefined => VAGUE.exec(text)?.[0]

const VAGUE = /近期|尽快|适时|抓紧|立即|马上|第一时间/

/** The fires of a series after an instant, each by the hours of its own day; `course`: how far it had come by other days off. */
export function firesAfter(
  text: string,
  said: Date,
  after: Date,
  count: number,
  customs: Customs,
  course: Course<Date> = {},
): Date[] {
  const fires: Date[] = []
  for (let last = after; fires.length < count; ) {
    const next = fireAfter(text, said, last, customs, course)
    if (!next) break
    fires.push(next)
    last = next
  }
  return fires
}

/** As many as a day can hold, the first of the next day, and one more. */
const CYCLE_FIRES = 26

/** A series from now on, as far as its clocks repeat: its first fire, and how close two of its fires follow on each other at least. */
export function rhythmOf(text: string, now: Date, customs: Customs): { first: Date | undefined; leastMs: number } {
  const fires = firesAfter(text, now, now, CYCLE_FIRES, customs).map(fire => fire.getTime())
  const gaps = fires.slice(1).map((fire, at) => fire - (fires[at] ?? fire))
  return { first: fires[0] === undefined ? undefined : new Date(fires[0]), leastMs: Math.min(...gaps) }
}

function fireAfter(text: string, said: Date, after: Date, customs: Customs, course: Course<Date>): Date | undefined {
  const read = (day: string | Date) =>
    nextFires(text, said.toISOString(), after.toISOString(), 1, optionsOn(day, customs), course)[0]
  const first = read(after)
  if (first === undefined || sameHours(first, after, customs)) return first === undefined ? undefined : new Date(first)
  return new Date(read(first) ?? first)
}

/** Between opening and closing time of a workday; at noon nobody is disturbed less than in the evening. */
export function isOpen(at: Date, customs: Customs): boolean {
  const { opens, closes } = hoursOn(at, customs)
  const clock = clockOf(at)
  return isWorkday(at, customs.calendar) && opens <= clock && clock < closes
}

/** The opening of a workday, `YYYY-MM-DD`. */
export const openingOf = (day: string, customs: Customs): Date => new Date(toInstant(day, hoursOn(day, customs).opens))

export const closingOf = (day: string, customs: Customs): Date => new Date(toInstant(day, hoursOn(day, customs).closes))

/** The next time that the office opens, strictly after an instant. */
export function openingAfter(at: Date, customs: Customs): Date {
  const today = dayIn(at)
  const opening = openingOf(today, customs)
  if (isWorkday(today, customs.calendar) && opening > at) return opening
  return openingOf(nextWorkday(today, customs.calendar), customs)
}

const optionsOn = (day: string | Date, customs: Customs): TimeOptions => ({
  officeHours: hoursOn(day, customs),
  calendar: customs.calendar,
})

function sameHours(one: string | Date, other: string | Date, customs: Customs): boolean {
  const [a, b] = [hoursOn(one, customs), hoursOn(other, customs)]
  return a.opens === b.opens && a.lunch === b.lunch && a.resumes === b.resumes && a.closes === b.closes
}

function dayOf(read: Parsed): string | undefined {
  if (read.kind === 'deadline' || read.kind === 'range') return dayIn(read.end)
  return read.kind === 'instant' || read.kind === 'date' ? dayIn(read.start) : undefined
}
