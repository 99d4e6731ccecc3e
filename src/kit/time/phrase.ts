import type { Clock } from './clock.ts'
import { type Later, readLater } from './later.ts'
import { type Point, readClockOn, readPoint } from './point.ts'
import { weekdayNumber } from './relative.ts'
import { type Bound, type Repeat, readCondition, readRepeat, readShift, type Shift, type Skip } from './repeat.ts'
import { pattern, type Scanner } from './scanner.ts'
import type { Setting } from './setting.ts'
import { bareWeekday, isSingleDay, spansBetween } from './span.ts'
import { measure, readTrap } from './traps.ts'

/** How a deadline was put: before a point, by a point, or within a span. */
export type Due = 'before' | 'by' | 'within'

/** One time expression, still without a meaning. */
export type Phrase =
  | { is: 'point'; point: Point; shift?: Shift }
  | { is: 'due'; point: Point; due: Due; shift?: Shift }
  | { is: 'range'; from: Point; to: Point }
  | { is: 'several'; isTimed: boolean }
  | { is: 'later'; later: Exclude<Later, { is: 'days' }> }
  | { is: 'repeat'; repeat: Repeat }
  | { is: 'condition'; skip?: Skip; shift?: Shift }

export function readPhrase(scan: Scanner, setting: Setting): Phrase | undefined {
  const repeat = scan.attempt(() => readSeries(scan, setting))
  if (repeat) return { is: 'repeat', repeat }
  const condition = scan.attempt(() => readCondition(scan))
  if (condition) return { is: 'condition', ...condition }
  return scan.attempt(() => readAnnounced(scan, setting)) ?? scan.attempt(() => readPlain(scan, setting))
}

function readSeries(scan: Scanner, setting: Setting): Repeat | undefined {
  readPreposition(scan)
  return readRepeat(scan, setting)
}

/** 截至…, 最迟…, 不晚于…. */
function readAnnounced(scan: Scanner, setting: Setting): Phrase | undefined {
  if (!scan.match(announcing)) return undefined
  const series = scan.attempt(() => readSeriesUntil(scan, setting))
  if (series) return series
  const phrase = readPlain(scan, setting)
  if (phrase && scan.sees(soFar)) return { is: 'condition' }
  if (phrase?.is === 'point') return { ...phrase, is: 'due', due: 'by' }
  return phrase?.is === 'due' || (phrase?.is === 'later' && phrase.later.is !== 'ago') ? phrase : undefined
}

/** 截至12月31日每天17:00. */
function readSeriesUntil(scan: Scanner, setting: Setting): Phrase | undefined {
  const point = readPoint(scan, setting)
  return point && readBounded(scan, [{ edge: 'until', point }], setting)
}

function readPlain(scan: Scanner, setting: Setting): Phrase | undefined {
  const isFrom = scan.match(from) !== undefined
  if (!isFrom) readPreposition(scan)
  const later = scan.attempt(() => readLater(scan, setting))
  if (later && later.is !== 'days') return { is: 'later', later }
  const point = later ? readClockOn(scan, later.days, setting) : readPoint(scan, setting)
  if (!point) return undefined
  const phrase =
    scan.attempt(() => readRange(scan, point, isFrom, setting)) ??
    scan.attempt(() => readList(scan, point, setting)) ??
    scan.attempt(() => readBounded(scan, [{ edge: isFrom ? 'from' : 'in', point }], setting)) ??
    (needsEnd(point) ? undefined : readSingle(scan, point, isFrom))
  return phrase && (goesOn(scan, phrase, setting) ?? phrase)
}

/** 12月1日至3日、8日, 明天上午、周五下午, 12月3日前、10日前: one more day behind a whole phrase. */
function goesOn(scan: Scanner, phrase: Phrase, setting: Setting): Phrase | undefined {
  const last =
    phrase.is === 'range' ? phrase.to : phrase.is === 'point' || phrase.is === 'due' ? phrase.point : undefined
  if (last?.days?.sort !== 'day') return undefined
  const more = scan.attempt(() => readListed(scan, last, setting))
  return more && { is: 'several', isTimed: last.clock !== undefined || phrase.is === 'due' }
}

/** 在 and 于 go with the expression unless they are the tail of another word. */
function readPreposition(scan: Scanner): void {
  if (!/(?:[关对由基等属至处终鉴善敢低高大小多少限源现正存实所好内自潜]|(?<!单)位)$/.test(scan.before(2)))
    scan.match(preposition)
}

function readRange(scan: Scanner, point: Point, isFrom: boolean, setting: Setting): Phrase | undefined {
  scan.match(starting)
  if (!scan.match(to)) return undefined
  const end = readEnd(scan, point, setting)
  if (!end || needsEnd(end)) return undefined
  if (isFrom) scan.match(closing)
  else scan.match(until)
  const bounds = point.days && end.days ? [{ edge: 'in' as const, point, until: end }] : []
  return scan.attempt(() => readBounded(scan, bounds, setting)) ?? { is: 'range', from: point, to: end }
}

/**
 * 明天和后天, 12月8、9、10日: days in a row are a range. All others (周二和下周四, 明天或后天), and days that share one time
 * (周一、周三下午3点), are several of which none is meant alone.
 */
function readList(scan: Scanner, first: Point, setting: Setting): Phrase | undefined {
  if (first.clock || first.days?.sort !== 'day') return undefined
  let last = first
  let isRow = true
  let end: { phrase: Phrase; at: number } | undefined
  for (let count = 1; count < mostListed; count++) {
    const next = scan.attempt(() => readListed(scan, last, setting))
    if (!next) break
    isRow &&= !next.isChoice && isDayAfter(last, next.point)
    if (isTimed(scan, next.point) || (!isRow && scan.sees(daily))) return { is: 'several', isTimed: true }
    last = next.point
    if (needsEnd(last)) continue
    end = { phrase: isRow ? { is: 'range', from: first, to: last } : { is: 'several', isTimed: false }, at: scan.at }
  }
  if (!end) return undefined
  scan.at = end.at
  return end.phrase
}

function readListed(scan: Scanner, last: Point, setting: Setting): { point: Point; isChoice: boolean } | undefined {
  const isChoice = scan.match(or) !== undefined
  if (!isChoice && !scan.match(also)) return undefined
  if (scan.attempt(() => readTrap(scan) || undefined)) return undefined
  const point = readEnd(scan, last, setting)
  return point?.days?.sort === 'day' ? { point, isChoice } : undefined
}

const mostListed = 31

const isTimed = (scan: Scanner, { clock }: Point): boolean => clock !== undefined || scan.sees(before) || scan.sees(by)

const isDayAfter = ({ days: one }: Point, { days: other }: Point): boolean =>
  one !== undefined && other !== undefined && spansBetween(one, other).some(({ from, to }) => to - from === 1)

/** The end of a range may be a mere weekday: 周一至三. */
function readEnd(scan: Scanner, start: Point, setting: Setting): Point | undefined {
  const end = scan.attempt(() => readPoint(scan, setting))
  if (end || start.days?.spans.length === 0) return end
  const isWeekday = start.days !== undefined && (start.days.weekday !== undefined || start.days.week !== undefined)
  const weekday = isWeekday ? scan.match(mereWeekday) : undefined
  return weekday && readClockOn(scan, bareWeekday(weekdayNumber(weekday[1]), setting.today), setting)
}

type Held = { edge: Bound['edge']; point: Point; until?: Point }

/** 从下周一起每天9点, 12月每周一: days that hold a series. */
function readBounded(scan: Scanner, held: readonly Held[], setting: Setting): Phrase | undefined {
  const isStart = scan.match(starting) !== undefined
  scan.match(untilEnd)
  scan.match(gap)
  const repeat = readRepeat(scan, setting)
  if (!repeat) return undefined
  const bounds = held.flatMap(({ edge, point, until }): Bound[] => {
    if (!point.days) return []
    return [{ edge: isStart ? 'from' : edge, days: point.days, ...(until?.days && { until: until.days }) }]
  })
  const isMereDay = bounds.some(({ edge, days, until }) => edge === 'in' && !until && isSingleDay(days))
  if (bounds.length === 0 || isMereDay) return undefined
  const clocks: readonly Clock[] =
    repeat.clocks.length > 0 ? repeat.clocks : held.flatMap(({ point }) => point.clock ?? [])
  return { is: 'repeat', repeat: { ...repeat, clocks, bounds: [...bounds, ...repeat.bounds] } }
}

function readSingle(scan: Scanner, point: Point, isFrom: boolean): Phrase | undefined {
  if (isFrom && !scan.match(startingAlone)) return undefined
  if (!isFrom && point.days) scan.match(startingBare)
  const due = readDue(scan, point)
  const shift = readShift(scan)
  const phrase: Phrase = due ? { is: 'due', point, due } : { is: 'point', point }
  return shift ? { ...phrase, shift } : phrase
}

function readDue(scan: Scanner, point: Point): Due | undefined {
  scan.match(including)
  const due = dueWord(scan, point)
  if (due) scan.match(including)
  return due
}

function dueWord(scan: Scanner, point: Point): Due | undefined {
  if (scan.match(before)) return 'before'
  if (scan.match(by)) return 'by'
  if (point.days && !point.clock && scan.match(within)) return 'within'
  return point.clock && 'office' in point.clock && point.clock.isDue ? 'before' : undefined
}

const needsEnd = ({ days, clock }: Point): boolean =>
  days?.needsEnd === true || (clock !== undefined && 'needsEnd' in clock && clock.needsEnd === true)

const announcing = pattern(
  '(?:截止?(?:日期|时间)?(?:到|至|于|在|为|是|:)?|(?:完成|办理|报送)?(?:时限|期限)(?:为|是|:)|最迟(?:不(?:超过|晚于|迟于))?|最晚(?:不(?:超过|晚于))?|至迟|不(?:得|能|可)?(?:晚|迟)于|一?直到|直至|到(?=.{1,14}为?止))(?:于|在|到)?',
)
/** 截至今天已报28份: how things stand, no deadline. */
const soFar = pattern('[,、]? (?:已|共|累计|尚|仍|还有|还未|还没)')
const from = pattern('(?:从|自)(?![己家身行动主带治觉费])')
const preposition = pattern('(?:赶在|赶于|在|于)')
const starting = pattern('(?:开始|起始|起)(?![草诉床飞身航码用降义立运跑步源])')
const startingAlone = pattern('(?:开始|起)(?![草诉床飞身航码用降义立运跑步源])')
const startingBare = pattern('起(?![草诉床飞身航码用到止重降义立运跑步源])')
const to = pattern('(?:-{1,2}|一?直?到|至)')
const closing = pattern('(?:为?止|结束)?')
const until = pattern('(?:为?止(?!血))?')
const untilEnd = pattern('(?:为?止)')
const also = pattern('(?:[、和与及跟]|以及)')
const or = pattern('或者?')
const gap = pattern('[,、]?')
const mereWeekday = pattern(`([一二三四五六日天])(?! ${measure}|[点时十百千万大中支审]|季度)`)
const daily = pattern('每[天日]')
const including = pattern('[(] (?:含|包含|包括)[^()]{0,8}[)]')
const before = pattern(
  '(?:之前|以前|前)(?!后|往|期(?!间)|台|厅|列|景|端|线|途|述|言|沿|任|瞻|科|头|进(?!行)|来|去|辈|排|门| NUM 个? (?:天|日|周|小时|分钟|工作日|月)(?!以[上下来]))',
)
const by = pattern('(?:截止|(?:为止|止)(?![血步]))')
const within = pattern('(?:之内|以内|内)(?![部容外网勤控科蒙参设涵]|审(?![结查理批核定议判])|存(?![档入放]))')
