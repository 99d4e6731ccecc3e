import { addWorkdays } from './calendar.ts'
import { readYear } from './date.ts'
import { type Day, existingDay, mondayOf, partsOf, weekdayOf } from './days.ts'
import { numberOf } from './numerals.ts'
import { weekdayNumber, weekOffset } from './relative.ts'
import { pattern, type Scanner, words } from './scanner.ts'
import type { Setting } from './setting.ts'
import { type Days, dayList, monthSpan, noDay, type Span, spanOfMonths, weekSpan } from './span.ts'
import { dayNumberEnd } from './traps.ts'

/** A stretch of the calendar in which something can be counted: 下个月, 12月, 四季度, 本周. */
export type Scope = {
  unit: 'week' | 'month' | 'quarter' | 'half' | 'year' | 'block'
  spans: readonly Span[]
  asks?: true
  needsEnd?: true
}

/** 下周, 12月上旬, 本月最后一个周五, 年底 …: a scope, or something counted inside it. */
export function readScoped(scan: Scanner, setting: Setting): Days | undefined {
  const scope = scan.attempt(() => readScope(scan, setting))
  if (!scope) return readUnscoped(scan, setting)
  if (scope.unit === 'month' && scan.match(weekOfMonth)) return scan.match(weekdayInWeek) && noDay
  if (!scope.asks && scan.match(thisDay)) return thisDayIn(scope, setting)
  scan.match(insideWord)
  const pick = readPick(scan, scope, setting)
  if (pick) return pick
  if (scope.unit === 'year' && !scan.sees(within)) return undefined
  const { unit, spans, asks, needsEnd } = scope
  return { sort: unit === 'week' ? 'week' : 'period', spans, ...(asks && { asks }), ...(needsEnd && { needsEnd }) }
}

/** 下周今天, 明年的今天: the day of another week, month or year that is there what today is here. */
function thisDayIn({ unit, spans }: Scope, { today }: Setting): Days {
  const { month, day } = partsOf(today)
  if (unit === 'week') return dayList(spans.map(({ from }) => from + weekdayOf(today) - 1))
  return dayList(
    spans.map(({ from }) => existingDay(partsOf(from).year, unit === 'month' ? partsOf(from).month : month, day)),
  )
}

export function readPick(scan: Scanner, scope: Scope, setting: Setting): Days | undefined {
  return (
    scan.attempt(() => readNthWeekday(scan, scope)) ??
    scan.attempt(() => readNthWorkday(scan, scope, setting)) ??
    scan.attempt(() => readNthDay(scan, scope)) ??
    scan.attempt(() => readEdge(scan, scope)) ??
    scan.attempt(() => readPart(scan, scope)) ??
    scan.attempt(() => readDayOfMonth(scan, scope))
  )
}

/** The nth weekday inside a span, from the end for a negative n. */
export function nthWeekday(span: Span, n: number, weekday: number): Day | undefined {
  const first = span.from + ((weekday - 1 - (span.from - mondayOf(span.from)) + 7) % 7)
  const last = span.to - ((span.to - mondayOf(span.to) - (weekday - 1) + 7) % 7)
  return inside(span, n > 0 ? first + (n - 1) * 7 : last + (n + 1) * 7)
}

export function nthWorkday(span: Span, n: number, { calendar }: Setting): Day | undefined {
  if (Math.abs(n) > span.to - span.from + 1) return undefined
  return inside(span, addWorkdays(n > 0 ? span.from - 1 : span.to + 1, n, calendar))
}

export const nthDay = (span: Span, n: number): Day | undefined =>
  inside(span, n > 0 ? span.from + n - 1 : span.to + n + 1)

/** 第三个, 最后一个, 首个, 倒数第二个: counted from the end when negative. */
export function ordinalOf(word: string | undefined): number | undefined {
  if (word === undefined) return undefined
  if (word.startsWith('最后') || word.startsWith('末')) return -1
  if (word.startsWith('首') || word.startsWith('头')) return 1
  const n = numberOf(word.replace(/^倒数/, '').replace(/^第/, ''))
  return n === undefined || n === 0 ? undefined : word.startsWith('倒数') ? -n : n
}

export const ordinal = '(最后一|最后1|首|头一|倒数第NUM|第 NUM)'

function readScope(scan: Scanner, setting: Setting): Scope | undefined {
  return (
    scan.attempt(() => readWeek(scan, setting)) ??
    scan.attempt(() => readNamedMonth(scan, setting)) ??
    scan.attempt(() => readNamedQuarter(scan, setting)) ??
    scan.attempt(() => readInYear(scan, setting))
  )
}

function readWeek(scan: Scanner, { today }: Setting): Scope | undefined {
  const found = scan.match(week)
  return found && { unit: 'week', spans: [weekSpan(today, weekOffset(found[1]))] }
}

function readNamedMonth(scan: Scanner, { today }: Setting): Scope | undefined {
  const found = scan.match(namedMonth)
  const { year, month } = partsOf(today)
  const offset = found?.[1] === '次' ? 1 : weekOffset(found?.[1])
  return found && { unit: 'month', spans: [monthSpan(year, month + offset)] }
}

function readNamedQuarter(scan: Scanner, { today }: Setting): Scope | undefined {
  const found = scan.match(namedQuarter)
  return found && { unit: 'quarter', spans: [quarterSpan(today, weekOffset(found[1]))] }
}

const quarterSpan = (today: Day, offset: number): Span => {
  const { year, month } = partsOf(today)
  return spanOfMonths(year, Math.floor((month - 1) / 3) * 3 + 1 + offset * 3, 3)
}

/** Months, quarters and half-years by number or name, with their year or without. */
function readInYear(scan: Scanner, setting: Setting): Scope | undefined {
  const year = scan.attempt(() => readYear(scan, setting))
  if (year !== undefined) scan.match(insideWord)
  const part = scan.attempt(() => readMonth(scan)) ?? scan.attempt(() => readPartOfYear(scan))
  if (part) return partOfYear(part, year, setting)
  if (year === undefined && !scan.match(wholeYear)) return undefined
  return { unit: 'year', spans: [spanOfMonths(year ?? partsOf(setting.today).year, 1, 12)] }
}

type PartOfYear = { unit: Scope['unit']; month: number; length: number; needsEnd?: true }

function partOfYear(part: PartOfYear, year: number | undefined, { today }: Setting): Scope {
  const { unit, month, length, needsEnd } = part
  const open = needsEnd && { needsEnd }
  if (month > 12 || month < 1) return { unit, spans: [] }
  if (year !== undefined) return { unit, spans: [spanOfMonths(year, month, length)], ...open }
  const current = partsOf(today).year
  return { unit, asks: true, spans: [-1, 0, 1].map(offset => spanOfMonths(current + offset, month, length)), ...open }
}

function readMonth(scan: Scanner): PartOfYear | undefined {
  const closed = scan.match(month)
  const value = numberOf((closed ?? scan.match(openMonth))?.[1])
  if (value === undefined || value > 31) return undefined
  return { unit: 'month', month: value, length: 1, ...(!closed && { needsEnd: true }) }
}

function readPartOfYear(scan: Scanner): PartOfYear | undefined {
  const half = scan.word(halves)
  if (half !== undefined) return { unit: 'half', month: half, length: 6 }
  const found = scan.match(quarter)
  const number = numberOf(found?.[1] ?? found?.[2])
  return number === undefined ? undefined : { unit: 'quarter', month: number * 3 - 2, length: 3 }
}

/** 月底, 季度末, 周末, 中旬 without a word for which one. */
function readUnscoped(scan: Scanner, setting: Setting): Days | undefined {
  const { today } = setting
  const { year, month } = partsOf(today)
  if (scan.sees(bareMonthEnd)) {
    return readPick(scan, { unit: 'month', spans: [monthSpan(year, month)] }, setting)
  }
  if (scan.sees(bareQuarterEnd)) return readPick(scan, { unit: 'quarter', spans: [quarterSpan(today, 0)] }, setting)
  if (scan.match(thisMonth)) return { sort: 'period', spans: [monthSpan(year, month)] }
  if (scan.match(thisWeek)) return { sort: 'week', spans: [weekSpan(today, 0)] }
  if (scan.match(weekend)) return weekendOf([weekSpan(today, 0)])
  if (!scan.sees(bareThird)) return undefined
  return readPart(scan, { unit: 'month', spans: [monthSpan(year, month), monthSpan(year, month + 1)] })
}

function readNthWeekday(scan: Scanner, scope: Scope): Days | undefined {
  const found = scan.match(nthWeekdayPattern)
  const n = ordinalOf(found?.[1])
  return n === undefined ? undefined : each(scope, span => nthWeekday(span, n, weekdayNumber(found?.[2])))
}

function readNthWorkday(scan: Scanner, scope: Scope, setting: Setting): Days | undefined {
  const n = ordinalOf(scan.match(nthWorkdayPattern)?.[1])
  return n === undefined ? undefined : each(scope, span => nthWorkday(span, n, setting))
}

function readNthDay(scan: Scanner, scope: Scope): Days | undefined {
  const n = ordinalOf(scan.match(nthDayPattern)?.[1])
  return n === undefined ? undefined : each(scope, span => nthDay(span, n))
}

function readEdge(scan: Scanner, scope: Scope): Days | undefined {
  if (scope.unit === 'week') return scan.match(weekEnd) && weekendOf(scope.spans)
  const ends: Partial<Record<Scope['unit'], RegExp>> = {
    month: monthEnd,
    quarter: quarterEnd,
    half: quarterEnd,
    year: yearEnd,
  }
  const expected = ends[scope.unit]
  return expected && scan.match(expected) && each(scope, span => span.to)
}

function readPart(scan: Scanner, scope: Scope): Days | undefined {
  const third = scope.unit === 'month' ? scan.word(thirds) : undefined
  if (!third) return undefined
  const spans = scope.spans.map(({ from, to }) => ({ from: from + third[0], to: Math.min(to, from + third[1]) }))
  return { sort: 'tenDays', spans, ...(scope.asks && { asks: scope.asks }) }
}

function readDayOfMonth(scan: Scanner, scope: Scope): Days | undefined {
  const day = scope.unit === 'month' ? numberOf(scan.match(dayOfMonth)?.[1]) : undefined
  if (day === undefined) return undefined
  return each(scope, ({ from }) => existingDay(partsOf(from).year, partsOf(from).month, day))
}

const each = (scope: Scope, pick: (span: Span) => Day | undefined): Days =>
  dayList(scope.spans.map(pick), scope.asks ? { asks: scope.asks } : {})

const inside = ({ from, to }: Span, day: Day): Day | undefined => (from <= day && day <= to ? day : undefined)

const weekendOf = (spans: readonly Span[]): Days => ({
  sort: 'weekend',
  spans: spans.map(({ from, to }) => ({ from: from + 5, to })),
})

const halves = words<number>({ 上半年: 1, 下半年: 7 })
const thirds = words<readonly [first: number, last: number]>({
  上旬: [0, 9],
  中旬: [10, 19],
  下旬: [20, 30],
  月初: [0, 9],
  初: [0, 9],
})

/** With white space between them (下周 今天…) they are two. */
const thisDay = /的?今[天日]/y
const insideWord = pattern('(?:的|里|中的)')
const week = pattern('(下下下|下下|上上|下|上|本|这一?) (?:一?个)? (?:周|星期|礼拜)(?![边期年密转围全折到刊])')
const namedMonth = pattern('(下下下|下下|上上|下|上|本|这|当|次) (?:一?个)? 月(?!亮|票)')
const namedQuarter = pattern('(下下|下|上|本|这) (?:一?个)? 季度')
const month = pattern('(?<![\\d.])(\\d{1,2}|[一二三四五六七八九十]{1,2}|元(?=月)) 月份?(?![亮饼台嫂号])')
const openMonth = pattern('(?<![\\d.])(\\d{1,2}|[一二三四五六七八九十]{1,2})(?= (?:-{1,2}|到|至) NUM 月)')
const quarter = pattern('(?:第? ([一二三四1-4]) 个?季度|Q([1-4])(?![0-9A-Za-z]))')
const within = pattern('(?:(?:之|以)?内|每)')
const wholeYear = pattern('(?:本?年度?(?=(?:之|以)?内)|(?=[年岁][底末](?!数)))')
const nthWeekdayPattern = pattern(`${ordinal} 个? (?:周|星期|礼拜)([一二三四五六日天])`)
const nthWorkdayPattern = pattern(`(?:[月年]?[底末]|季度?[底末])? (?:前(?= 的?最后))? 的? ${ordinal} 个? 工作日`)
const nthDayPattern = pattern(`(最后一|最后1|首|末|头一|倒数第NUM|第 NUM) [天日]`)
const weekEnd = pattern('末')
const monthEnd = pattern('(?:月?[底末]|月尾)')
const quarterEnd = pattern('季?度?[底末]')
const yearEnd = pattern('[年岁]?[底末]')
/** Which days the second week of a month has is not agreed on, nor is its Wednesday. */
const weekOfMonth = pattern('的? (?:第 NUM|最后一|首) 个? (?:周|星期|礼拜)(?![一二三四五六日天])')
const weekdayInWeek = pattern('的? (?:周|星期|礼拜)[一二三四五六日天]')
const bareMonthEnd = pattern('(?<![正腊冬闰几个\\d一二三四五六七八九十])月[底末尾]')
const bareQuarterEnd = pattern('季度?[末底]')
const thisMonth = pattern('(?<![个半两几\\d一二三四五六七八九十])月(?=(?:之|以)?内(?!容))')
const thisWeek = pattern('(?<![个半两几\\d一二三四五六七八九十])周(?=(?:之|以)?内(?!容))')
const weekend = pattern('(?:周末|双休日?|周六日|周六周日|周六[、和]周日)')
const bareThird = pattern('(?:[上中下]旬|月初)')
const dayOfMonth = pattern(`(?<!\\d)(NUM) ${dayNumberEnd}`)
