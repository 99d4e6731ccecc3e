import { blockAround, isWorkday, previousWorkday } from './calendar.ts'
import { type Day, dayOf, existingDay, partsOf, weekdayOf } from './days.ts'
import { readFeast, readLunar } from './feast.ts'
import { numberOf } from './numerals.ts'
import { weekdayNumber } from './relative.ts'
import { pattern, type Scanner } from './scanner.ts'
import { nthDay, nthWeekday, nthWorkday, ordinal, ordinalOf } from './scope.ts'
import type { Setting } from './setting.ts'
import { type Days, monthSpan, type Span, spanOfMonths, weekSpan } from './span.ts'
import { dayNumberEnd } from './traps.ts'

/**
 * On which days a series falls: `holds` names them, of which every `every`th counted in `unit` counts. `within`: the span of a day,
 * where it falls on one day of each.
 */
export type Cycle = {
  unit: 'day' | 'week' | 'month'
  every: number
  holds: (day: Day) => boolean
  within?: (day: Day) => Span | undefined
  isImpossible?: true
}

export function readCycle(scan: Scanner, setting: Setting): Cycle | undefined {
  const readers = [readWorkdays, readWeekdaysDaily, readWeekly, readYearly, readQuarterly, readMonthly, readDaily]
  for (const read of readers) {
    const cycle = scan.attempt(() => read(scan, setting))
    if (cycle) return cycle
  }
  return undefined
}

const daily = (holds: (day: Day) => boolean): Cycle => ({ unit: 'day', every: 1, holds })
const impossible: Cycle = { unit: 'day', every: 1, holds: () => false, isImpossible: true }

function readWorkdays(scan: Scanner, { calendar }: Setting): Cycle | undefined {
  return (scan.match(workdays) ?? scan.match(bareWorkdays)) && daily(day => isWorkday(day, calendar))
}

/** 周一至周五每天. */
function readWeekdaysDaily(scan: Scanner): Cycle | undefined {
  if (!scan.sees(weekWord)) return undefined
  const weekdays = readWeekdayList(scan)
  return weekdays && scan.match(everyDay) && weekly(weekdays, 1)
}

function readWeekly(scan: Scanner, setting: Setting): Cycle | undefined {
  const found = scan.match(everyWeek)
  if (!found) return undefined
  const every = found[2] === '双' ? 2 : periodOf(found)
  if (scan.match(noWeekday)) return impossible
  if (scan.match(weekend)) return weekly([6, 7], every)
  const workday = ordinalOf(scan.match(nthWorkdayPattern)?.[1])
  if (workday !== undefined)
    return { ...weekly([], every), holds: day => nthWorkday(weekOf(day), workday, setting) === day, within: weekOf }
  const weekdays = readWeekdayList(scan)
  if (!weekdays && scan.sees(unreadPick)) return undefined
  return weekdays ? weekly(weekdays, every) : { unit: 'day', every: every * 7, holds: () => true }
}

const weekly = (weekdays: readonly number[], every: number): Cycle => ({
  unit: 'week',
  every,
  holds: day => weekdays.includes(weekdayOf(day)),
})

/** 一三五, 二、四, 一至五, 六日; a numeral that belongs to the clock (每周三五点) is left to it. */
function readWeekdayList(scan: Scanner): number[] | undefined {
  const first = scan.match(firstWeekday)
  if (!first) return undefined
  const weekdays = [weekdayNumber(first[1])]
  while (weekdays.length < 14) {
    const found = scan.match(separateWeekday) ?? scan.match(joinedWeekday)
    if (!found) break
    const weekday = weekdayNumber(found[1])
    const last = weekdays.at(-1) ?? weekday
    weekdays.push(...(/^ ?(?:-|到|至)/.test(found[0]) ? between(last + 1, weekday) : [weekday]))
  }
  return weekdays
}

const between = (first: number, last: number): number[] =>
  Array.from({ length: Math.max(0, last - first + 1) }, (_, offset) => first + offset)

function readYearly(scan: Scanner, setting: Setting): Cycle | undefined {
  if (!scan.match(everyYear)) return undefined
  const feast = scan.attempt(() => readYearlyFeast(scan, setting))
  if (feast) return feast
  const date = scan.match(monthDay)
  if (date) return readYearlyDates(scan, numberOf(date[1]) ?? 0, numberOf(date[2]) ?? 0)
  const month = numberOf(scan.match(monthOnly)?.[1])
  if (month !== undefined)
    return readPicked(scan, day => (partsOf(day).month === month ? monthOf(day) : undefined), setting)
  return readPicked(scan, day => spanOfMonths(partsOf(day).year, 1, 12), setting)
}

/** A festival is read again as in each coming year, so that each has its own day. */
function readYearlyFeast(scan: Scanner, setting: Setting): Cycle | undefined {
  const start = scan.at
  const days = new Set<Day>()
  for (let years = 0; years < yearsAhead; years++) {
    scan.at = start
    const then = { ...setting, today: dayOf(partsOf(setting.today).year + years, 1, 1) }
    const feast = scan.attempt(() => readLunar(scan, then)) ?? scan.attempt(() => readFeast(scan, then))
    if (!feast) return undefined
    for (const { from } of feast.spans) days.add(isBefore(scan, feast) ? lastWorkdayBefore(from, setting) : from)
  }
  return days.size === 0 ? impossible : daily(day => days.has(day))
}

const yearsAhead = 8
const isBefore = (scan: Scanner, feast: Days): boolean => feast.sort === 'festival' && scan.sees(before)
const lastWorkdayBefore = (day: Day, { calendar }: Setting): Day =>
  previousWorkday(blockAround(day, calendar).from, calendar)

/** 3月15日, or every day of 3月1日至15日, which may run over New Year. */
function readYearlyDates(scan: Scanner, month: number, day: number): Cycle {
  const end = scan.match(endOfDates)
  const lastMonth = end ? (numberOf(end[1]) ?? month) : month
  const lastDay = end ? (numberOf(end[2]) ?? 0) : day
  const exist = [existingDay(leapYear, month, day), existingDay(leapYear, lastMonth, lastDay)]
  if (exist.includes(undefined)) return impossible
  const isIn = isBetween(month * 100 + day, lastMonth * 100 + lastDay)
  return daily(at => isIn(partsOf(at).month * 100 + partsOf(at).day))
}

const leapYear = 2024

/** Whether a number lies between two others; where the last is the smaller, the count begins anew between them. */
const isBetween =
  (first: number, last: number) =>
  (at: number): boolean =>
    first <= last ? first <= at && at <= last : first <= at || at <= last

function readQuarterly(scan: Scanner, setting: Setting): Cycle | undefined {
  if (!scan.match(everyQuarter)) return undefined
  const found = scan.match(monthOfQuarter)
  if (!found) return readPicked(scan, quarterOf, setting)
  const index = found[0].includes('首') ? 1 : /[末后]/.test(found[0]) ? 3 : (numberOf(found[1]) ?? 1)
  return readPicked(scan, day => ((partsOf(day).month - 1) % 3 === index - 1 ? monthOf(day) : undefined), setting)
}

function readMonthly(scan: Scanner, setting: Setting): Cycle | undefined {
  const found = scan.match(everyMonth)
  if (!found) return undefined
  const today = partsOf(setting.today).day
  const cycle =
    readPicked(scan, monthOf, setting) ?? (scan.sees(unreadPick) ? undefined : daily(day => partsOf(day).day === today))
  return cycle && { ...cycle, unit: 'month', every: periodOf(found) }
}

function readDaily(scan: Scanner): Cycle | undefined {
  if (scan.match(everyHalfMonth)) return { unit: 'day', every: 15, holds: () => true }
  const found = scan.match(everyNthDay)
  return found && { unit: 'day', every: periodOf(found), holds: () => true }
}

/** Something counted inside the span that a day lies in: day numbers, the last day, the second Tuesday. */
function readPicked(scan: Scanner, spanOf: (day: Day) => Span | undefined, setting: Setting): Cycle | undefined {
  const picks: Pick[] = []
  while (picks.length < 31) {
    const pick = scan.attempt(() => {
      if (picks.length > 0 && !scan.match(listed)) return undefined
      return readInSpan(scan, setting)
    })
    if (pick === 'impossible') return impossible
    if (!pick) break
    picks.push(...(typeof pick === 'function' ? [pick] : pick).map(once))
  }
  if (picks.length === 0) return undefined
  const cycle = daily(day => {
    const span = spanOf(day)
    return span !== undefined && picks.some(pick => pick(span) === day)
  })
  return picks.length === 1 ? { ...cycle, within: spanOf } : cycle
}

type Pick = (span: Span) => Day | undefined

/** Every day of a span asks for the same day in it: counted once, however far it is. */
function once(pick: Pick): Pick {
  const known = new Map<Day, Day | undefined>()
  return span => {
    if (!known.has(span.from)) known.set(span.from, pick(span))
    return known.get(span.from)
  }
}

function readInSpan(scan: Scanner, setting: Setting): Pick | readonly Pick[] | 'impossible' | undefined {
  const several = scan.match(severalWeekdays)
  if (several) return severalIn(several)
  const weekday = scan.match(nthWeekdayPattern)
  const nth = ordinalOf(weekday?.[1])
  if (nth !== undefined) return span => nthWeekday(span, nth, weekdayNumber(weekday?.[2]))
  const workday = ordinalOf(scan.match(nthWorkdayPattern)?.[1])
  if (workday !== undefined) return span => nthWorkday(span, workday, setting)
  const day = ordinalOf(scan.match(nthDayPattern)?.[1])
  if (day !== undefined) return span => nthDay(span, day)
  if (scan.match(lastDay)) return span => span.to
  if (scan.match(firstDay)) return span => span.from
  const number = numberOf(scan.match(dayNumber)?.[1])
  if (number === undefined) return undefined
  const end = scan.match(endOfDays)
  const last = end ? (numberOf(end[2]) ?? longestMonth) : number
  if (end?.[1] && last >= number) return 'impossible'
  if ([number, last].some(day => day < 1 || day > longestMonth)) return 'impossible'
  const days = Array.from({ length: longestMonth }, (_, at) => at + 1).filter(isBetween(number, last))
  return days.map(day => (span: Span) => dayIn(span, day))
}

const longestMonth = 31

/** 第二、第四个周五. */
const severalIn = ([, ordinals = '', weekday]: RegExpExecArray): Pick[] =>
  ordinals.split(/[、和及与]/).flatMap(word => {
    const n = ordinalOf(word.trim())
    return n === undefined ? [] : [(span: Span) => nthWeekday(span, n, weekdayNumber(weekday))]
  })

const dayIn = ({ from }: Span, number: number): Day | undefined =>
  existingDay(partsOf(from).year, partsOf(from).month, number)

const weekOf = (day: Day): Span => weekSpan(day, 0)
const monthOf = (day: Day): Span => monthSpan(partsOf(day).year, partsOf(day).month)
const quarterOf = (day: Day): Span =>
  spanOfMonths(partsOf(day).year, Math.floor((partsOf(day).month - 1) / 3) * 3 + 1, 3)

/** 每三天 and 隔天: the period; 每隔N天 skips N and so has N+1. */
function periodOf([text, skipped, number]: RegExpExecArray): number {
  const n = numberOf(number)
  if (skipped === '每隔' || skipped === '每间隔') return (n ?? 1) + 1
  if (skipped === '隔') return Math.max(2, n ?? 2)
  return text === '' ? 1 : (n ?? 1)
}

const notWorkdays = '(?! ?每[隔半\\d一两二三])(?![内后制志程历]|报(?![送告备名])|(?:之|以)内)'
const workdays = pattern(
  `(?:每(?:逢|到)?一?个?(?:法定)?工作日|每[周天日]的?工作日|(?:法定)?工作日的?每[天日])${notWorkdays}`,
)
/** 工作日 alone is a series at the start of a clause or in front of a time; 明天是工作日吗 is a question. */
const bareWorkdays = pattern(
  `(?:(?<=^|[\\s,。;、:(])(?:法定)?工作日|(?<![个非下次一二三四五六七八九十\\d后前末])工作日(?= (?:[早晚上下中\\d]|[一二两三四五六七八九十]{1,2}点)))${notWorkdays}`,
)
const everyDay = pattern('(?:每天|每日|天天)')
const everyWeek = pattern('(每逢|每到|逢|每间隔|每隔|每|隔) (NUM|双)? 个? (?:周|星期|礼拜)(?![期年边])')
const everyMonth = pattern('(每间隔|每隔|每逢|每到|每|隔) (NUM)? 个? 月(?![上中下]旬|前)(?:的|里|逢)?')
const everyQuarter = pattern('每 个? 季度?的?')
const everyYear = pattern('每 一?年的?(?!度)')
const everyNthDay = pattern(
  '(?:(每间隔|每隔|每|隔) (NUM)? 个? (?:天|日|自然日)|(每)(?=早|晚|上午|中午|下午|凌晨|清晨|傍晚|夜)|天天)',
)
const everyHalfMonth = pattern('每 半 个? 月')
const monthOfQuarter = pattern('(?:首|第 (NUM)|末|最后一?)个?月的?')
const monthDay = pattern('(NUM) 月 (NUM) [日号]?')
const monthOnly = pattern('(NUM) 月份?的?')
const listed = pattern('(?:[、,]|和|及|与|跟|以及)')
const nthWeekdayPattern = pattern(`${ordinal} 个? (?:周|星期|礼拜)([一二三四五六日天])`)
const severalWeekdays = pattern('(第 NUM 个?(?: [、和及与] 第? NUM)+) 个? (?:周|星期|礼拜)([一二三四五六日天])')
const unreadPick = pattern('(?:NUM 日|第|最后|倒数|前|[上中下]旬)')
const before = pattern('(?:之|以)?前')
const nthWorkdayPattern = pattern(`(?:月?[底末])?的? ${ordinal} 个? 工作日`)
const nthDayPattern = pattern('(最后一|最后1|首|末|头一|倒数第NUM|第 NUM) [天日]')
const lastDay = pattern('(?:月|季度?|年)?[底末]')
const firstDay = pattern('(?:月|季度?|年)?初(?![步审稿级评验核查始一二三四五六七八九十])')
const dayNumber = pattern(
  `(?<!\\d)(NUM) (?:${dayNumberEnd}|日(?= (?:之|以)?内)|(?= (?:[、,] NUM [号日、]|(?:-{1,2}|到|至) NUM ${dayNumberEnd})))`,
)
/** 1日至5日, 15日至月底, 25日至次月5日: the days of a span. With 为止 it would be the end of the series. */
const endOfDays = pattern(
  `(?:-{1,2}|到|至) (?:(次月|下个?月)? (NUM) (?:${dayNumberEnd}|日内(?!部))|(?:当?月)?[底末])(?! (?:为?止|结束))`,
)
const endOfDates = pattern(`(?:-{1,2}|到|至) (?:(NUM) 月)? (NUM) ${dayNumberEnd}(?! (?:为?止|结束))`)
const weekWord = pattern('(?:周|星期|礼拜)[一二三四五六日天]')
const noWeekday = pattern('[八九十089](?![点时:\\d个次天零一二三四五六七八九十])')
const weekend = pattern('(?:周?末|六日|六周日)')
const firstWeekday = pattern('的? (?:周|星期|礼拜)?([一二三四五六日天](?!次)|[1-7](?![\\d点:个次天]))')
const separateWeekday = pattern(
  '(?:-|到|至|[、,]|和|及|与|跟|以及) (?:周|星期|礼拜)?([一二三四五六日天](?![点时刻半楼层号月个分])|[1-7](?![\\d点:个次天]))',
)
const joinedWeekday = /(?:周|星期|礼拜)?([一二三四五六日天])(?![点时刻半楼层号月个分年])/y
