import { type Customs, hoursOn } from '../../kit/customs.ts'
import { addDays, clockOf, dayIn, formatShort, isWorkday, toInstant } from '../../kit/time.ts'
import type { MeetingState } from './flow.ts'
import type { Booking, Meeting, Room } from './meeting.ts'
import { roomWord } from './room.ts'

const MINUTE_MS = 60_000

export interface Span {
  startsAt: Date
  endsAt: Date
}

/** Hours that a room is taken at least and at most for something that is no meeting. */
export const TAKING = { minutes: 10, days: 3, ahead: 400, word: 60 } as const

/** What a booking is that its keeper has refused. */
export const REFUSED = '未获批准'

/** `三楼会议室的预订未获批准(理由:当日检修)`. */
export const refusedWords = (place: string, reason: string): string =>
  `${place}的预订${REFUSED}${reason ? `(理由:${reason})` : ''}`

/** While a meeting is called or held it takes its room. */
const TAKES: readonly MeetingState[] = ['submitted', 'notified', 'underway']

/** The room that a meeting takes and from when to when. */
export function wantedBy(meeting: Meeting | undefined): (Span & { room: number }) | undefined {
  if (meeting?.room === undefined || !TAKES.includes(meeting.state)) return undefined
  const { room, startsAt, endsAt } = meeting
  return { room, startsAt, endsAt }
}

export const isSame = (one: (Span & { room: number }) | undefined, other: (Span & { room: number }) | undefined) =>
  one?.room === other?.room &&
  one?.startsAt.getTime() === other?.startsAt.getTime() &&
  one?.endsAt.getTime() === other?.endsAt.getTime()

export const isWithin = (inner: Span, outer: Span): boolean =>
  inner.startsAt >= outer.startsAt && inner.endsAt <= outer.endsAt

/**
 * Until when a room stays taken by a meeting that has ended: the minute it ended in, as people book by the minute and whoever
 * wants the room from then on finds it free. Undefined: the room is not taken at all any more.
 */
export function takenUntil({ startsAt, endsAt }: Span, endedAt: Date): Date | undefined {
  const minute = new Date(Math.floor(endedAt.getTime() / MINUTE_MS) * MINUTE_MS)
  if (minute >= endsAt) return endsAt
  return minute > startsAt ? minute : undefined
}

const overlaps = (one: Span, other: Span): boolean => one.startsAt < other.endsAt && other.startsAt < one.endsAt

/** `11月27日(周五)14:30-16:00`; over midnight both days. */
export function spanWords({ startsAt, endsAt }: Span, now: Date): string {
  const end = dayIn(startsAt) === dayIn(endsAt) ? `-${clockOf(endsAt)}` : `至${formatShort(endsAt, now)}`
  return `${formatShort(startsAt, now)}${end}`
}

const STEP_MS = 30 * MINUTE_MS
const DAYS_LOOKED_AT = 14

/** How far ahead the next free times of a room are looked for. */
export const horizonOf = ({ endsAt }: Span): Date => new Date(endsAt.getTime() + (DAYS_LOOKED_AT + 1) * 86_400_000)

/**
 * The next times, one after another, at which a room is free for as long as was asked: on workdays in office hours, in steps of
 * half an hour; what is longer than half a day may run over noon, what is longer than a day finds none.
 */
export function nextTimes(taken: readonly Span[], asked: Span, most: number, customs: Customs): Span[] {
  const length = asked.endsAt.getTime() - asked.startsAt.getTime()
  const found: Span[] = []
  for (let i = 0; i < DAYS_LOOKED_AT && found.length < most; i++) {
    const day = addDays(asked.startsAt, i)
    if (!isWorkday(day, customs.calendar)) continue
    for (const { startsAt, endsAt } of partsOf(day, length, customs)) {
      let from = startsAt.getTime()
      while (from + length <= endsAt.getTime() && found.length < most) {
        const span = { startsAt: new Date(from), endsAt: new Date(from + length) }
        const fits = span.startsAt > asked.startsAt && !taken.some(one => overlaps(one, span))
        if (fits) found.push(span)
        from += fits ? Math.ceil(length / STEP_MS) * STEP_MS : STEP_MS
      }
    }
  }
  return found
}

function partsOf(day: string, length: number, customs: Customs): Span[] {
  const { opens, lunch, resumes, closes } = hoursOn(day, customs)
  const part = (from: string, until: string): Span => ({
    startsAt: new Date(toInstant(day, from)),
    endsAt: new Date(toInstant(day, until)),
  })
  const halves = [part(opens, lunch), part(resumes, closes)]
  const isHalf = halves.some(one => one.endsAt.getTime() - one.startsAt.getTime() >= length)
  return isHalf ? halves : [part(opens, closes)]
}

const ALTERNATIVES = 3
/** So many other rooms are named at most, so that another time of the same room is named as well. */
const OTHER_ROOMS = 2

/** Three ways out where a room is taken: other rooms at that time, and the next times of the same room. */
export function waysOut(free: readonly Room[], name: string, times: readonly Span[], asked: Span, now: Date): string[] {
  const rooms = free
    .slice(0, Math.max(OTHER_ROOMS, ALTERNATIVES - times.length))
    .map(room => `${roomWord(room)}同一时间`)
  return [...rooms, ...times.map(span => `${name}${timeWords(span, asked, now)}`)].slice(0, ALTERNATIVES)
}

/** The clock alone on the same day. */
const timeWords = (span: Span, asked: Span, now: Date): string =>
  dayIn(span.startsAt) === dayIn(asked.startsAt)
    ? `当日${clockOf(span.startsAt)}-${clockOf(span.endsAt)}`
    : spanWords(span, now)

export const waysOutWords = (ways: readonly string[]): string =>
  ways.length ? `可改为:${ways.map((way, i) => `${i + 1}. ${way}`).join(';')}` : '同一时间没有其他空闲的会议室'

/** What takes a room, as those may know who meet with it: a meeting by its number and unit, never by its title. */
export interface Taker {
  number: string
  unit: string
  by: string
  word: string
}

export function takerWords({ meeting, state }: Pick<Booking, 'meeting' | 'state'>, taker: Taker): string {
  const what = meeting === undefined ? taker.word || '其他用途' : taker.number || '待通知的会议'
  const who = [taker.unit, taker.by].filter(word => word !== '').join(' ')
  return `${what}${who ? `(${who})` : ''}${state === 'asked' ? ',待批准' : ''}`
}
