import { addWorkdays } from './calendar.ts'
import type { Clock } from './clock.ts'
import { readClock } from './clock-reading.ts'
import { readDate } from './date.ts'
import { addMonths, type Day } from './days.ts'
import { readFeast, readLunar } from './feast.ts'
import { readComing } from './later.ts'
import { numberOf } from './numerals.ts'
import { readRelativeDay, readWeekday, readWeekdayOfWeek, weekdayNumber } from './relative.ts'
import { pattern, type Scanner } from './scanner.ts'
import { readScoped } from './scope.ts'
import type { Setting } from './setting.ts'
import { bareWeekday, choose, type Days, isSingleDay } from './span.ts'

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
  const days = scan.attempt(() => readShiftedDays(scan, said, setting)) ?? said
  const first = readRemarks(scan, { days }, setting)
  const clock = first.clock ?? scan.attempt(() => readLinkedClock(scan, setting))
  return clock ? readRemarks(scan, { ...first, clock }, setting) : first
}

/** 12月10日前三天, 月底前3个工作日, 春节前一个月: so long before or after a day. */
function readShiftedDays(scan: Scanner, said: Days, { calendar }: Setting): Days | undefined {
  if (!isSingleDay(said)) return undefined
  const distance = readDistance(scan) ?? readTerm(scan)
  if (!distance) return undefined
  const move = (day: Day): Day => {
    if ('workdays' in distance) return addWorkdays(day, distance.workdays, calendar)
    return 'months' in distance ? addMonths(day, distance.months) : day + distance.days
  }
  return {
    sort: 'day',
    spans: said.spans.map(({ from }) => ({ from: move(from), to: move(from) })),
    ...(said.asks && { asks: said.asks }),
  }
}

/** How far from a day another one lies; negative before it. */
export type Distance = { days: number } | { workdays: number } | { months: number }

/** 前三天, 前3个工作日, 后两周, 前半个月, 前一个月; 12月31日前半年报 is no half a year. */
export function readDistance(scan: Scanner): Distance | undefined {
  const found = scan.match(daysAround)
  return distanceOf(found)
}

/** 后三天内, 后3个工作日内: the term that begins with a day. */
const readTerm = (scan: Scanner): Distance | undefined => distanceOf(scan.match(term))

function distanceOf(found: RegExpExecArray | undefined): Distance | undefined {
  const [, side, number, unit, halfMonth, halfYear] = found ?? []
  const count = halfMonth ? 15 : halfYear ? 6 : numberOf(number)
  if (!found || count === undefined) return undefined
  const distance = side === '前' ? -count : count
  if (unit === '工作日') return { workdays: distance }
  if (unit === '月' || halfYear) return { months: distance }
  return { days: distance * (/[周星礼]/.test(unit ?? '') ? 7 : 1) }
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
    const days = scan.attempt(() => readDays(scan, setting)) ?? scan.attempt(() => readMereWeekday(scan, setting))
    if (!days || !isSingleDay(days)) return undefined
    const clock = scan.attempt(() => readLinkedClock(scan, setting))
    return scan.match(closing) && { clock: point.clock ?? clock, days: agreed(point.days, days, setting) }
  }
  if (point.clock || point.days.weekday !== undefined) return undefined
  const days = readWeekday(scan, setting)
  if (!days || scan.sees(goesOn)) return undefined
  return { days: agreed(point.days, days, setting) }
}

/** （二） as an abbreviation of （周二）. */
function readMereWeekday(scan: Scanner, { today }: Setting): Days | undefined {
  const found = scan.match(mereWeekday)
  return found && bareWeekday(weekdayNumber(found[1]), today)
}

/** The day that is meant must agree with the remark, or there is none; a bare weekday is the one that agrees. */
function agreed(days: Days, remark: Days, { today }: Setting): Days {
  const agrees = remark.agrees ?? (day => remark.spans.some(({ from, to }) => from <= day && day <= to))
  if (days.rolls) return { ...days, spans: days.spans.filter(({ from }) => agrees(from)) }
  const meant = choose(days, today, ({ from }) => from >= today)
  return typeof meant === 'string' || agrees(meant.from) ? days : { ...days, spans: [] }
}

const daysAround = pattern(
  '(?:之|以)?([前后])的? (?:(NUM) 个? (天|日|周|星期|礼拜|工作日|(?<=个 ?)月)|半 (?:个? (月)|(年)(?=$|[\\s,。;)]|提醒|通知)))(?! (?:(?:之|以)?内|以[上下来]))',
)
const term = pattern(
  '(?:之|以)?(后)的? (NUM) 个? (天|日|周|星期|礼拜|工作日|(?<=个 ?)月)(?= (?:之|以)?内(?![部容外网勤控科蒙参设涵]))',
)
const linking = pattern('的')
const including = pattern('[(] (?:含|包含|包括)(?:当日|当天|该日|本日|本数)?(?:NUM月NUM日|NUM[日号])? [)]')
const mereWeekday = pattern('([一二三四五六日])(?= [)])')
const opening = pattern('[(] (?:即|也就是)?')
const closing = pattern('[)]')
const goesOn = pattern('(?:-|到|至|[、和及])')
