import { type Clock, readClock } from './clock.ts'
import { readDate } from './date.ts'
import { readFeast, readLunar } from './feast.ts'
import { readComing } from './later.ts'
import { readRelativeDay, readWeekday, readWeekdayOfWeek } from './relative.ts'
import { pattern, type Scanner } from './scanner.ts'
import { readScoped } from './scope.ts'
import type { Setting } from './setting.ts'
import { type Days, isSingleDay } from './span.ts'

/** A place in time as said: days, a time of day, or both. */
export type Point = { days?: Days; clock?: Clock }

export function readPoint(scan: Scanner, setting: Setting): Point | undefined {
  const days = scan.attempt(() => readDays(scan, setting))
  if (!days) {
    const clock = readClock(scan, setting)
    return clock && { clock }
  }
  return readClockOn(scan, days, setting)
}

/** The time of day after a day that has been read, and the remarks between them. */
export function readClockOn(scan: Scanner, said: Days, setting: Setting): Point {
  const first = readRemarks(scan, { days: said }, setting)
  const clock = first.clock ?? scan.attempt(() => readLinkedClock(scan, setting))
  return clock ? readRemarks(scan, { ...first, clock }, setting) : first
}

export const readDays = (scan: Scanner, setting: Setting): Days | undefined => {
  for (const read of dayReaders) {
    const days = scan.attempt(() => read(scan, setting))
    if (days) return days
  }
  return undefined
}

/** From the most particular to the plainest: the first that reads has it. */
const dayReaders = [
  readComing,
  readLunar,
  readFeast,
  readRelativeDay,
  readDate,
  readWeekdayOfWeek,
  readScoped,
  readWeekday,
]

function readLinkedClock(scan: Scanner, setting: Setting): Clock | undefined {
  scan.match(linking)
  return readClock(scan, setting)
}

/** （周二）, （11月30日） or a plain 周二 behind a day must agree with it; （含当日） says nothing new. */
function readRemarks(scan: Scanner, point: Point, setting: Setting): Point {
  let remarked = point
  for (let count = 0; count < 3; count++) {
    if (scan.match(including)) continue
    const remark = scan.attempt(() => readRemark(scan, remarked, setting))
    if (!remark) break
    remarked = remark
  }
  return remarked
}

function readRemark(scan: Scanner, point: Point, setting: Setting): Point | undefined {
  if (!point.days || !isSingleDay(point.days)) return undefined
  if (scan.match(opening)) {
    const days = scan.attempt(() => readDays(scan, setting))
    if (!days || !isSingleDay(days)) return undefined
    const clock = scan.attempt(() => readLinkedClock(scan, setting))
    return scan.match(closing) && { clock: point.clock ?? clock, days: agreed(point.days, days) }
  }
  if (point.clock || point.days.weekday !== undefined) return undefined
  const days = readWeekday(scan, setting)
  if (!days || scan.sees(goesOn)) return undefined
  return { days: agreed(point.days, days) }
}

/** The days on which both agree; none when they disagree. */
function agreed(days: Days, remark: Days): Days {
  const agrees = remark.agrees ?? (day => remark.spans.some(({ from, to }) => from <= day && day <= to))
  const spans = days.rolls ? days.spans.slice(0, 1) : days.spans
  return { ...days, spans: spans.some(({ from }) => agrees(from)) ? days.spans.filter(({ from }) => agrees(from)) : [] }
}

const linking = pattern('的')
const including = pattern('[(] ?(?:含|包含|包括)(?:当日|当天|该日|本日|本数)?(?:NUM月NUM日|NUM[日号])? ?[)]')
const opening = pattern('[(] ?(?:即|也就是)?')
const closing = pattern('[)]')
const goesOn = pattern('(?:-|到|至|[、和及])')
