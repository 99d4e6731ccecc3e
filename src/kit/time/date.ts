import { existingDay, partsOf } from './days.ts'
import { numberOf } from './numerals.ts'
import { pattern, type Scanner } from './scanner.ts'
import type { Setting } from './setting.ts'
import { bareDayNumber, type Days, dayOrNone, monthAndDay } from './span.ts'
import { afterNumbers, beforeNumbers, dateFollower, dayNumberEnd, measure } from './traps.ts'

/** Dates written with numbers: 2026-12-01, 26年12月8日, 12月8日, 12.1, 12/1, 20261201, 8号. */
export function readDate(scan: Scanner, setting: Setting): Days | undefined {
  return (
    scan.attempt(() => readFullDate(scan)) ??
    scan.attempt(() => readMonthDay(scan, setting)) ??
    scan.attempt(() => readMarkedDate(scan, setting)) ??
    scan.attempt(() => readDayNumber(scan, setting))
  )
}

/** The year of 2026年, 26年, 明年 …, when one stands here. */
export function readYear(scan: Scanner, setting: Setting): number | undefined {
  const { year } = partsOf(setting.today)
  const named = scan.match(namedYear)
  if (named) return year + (yearOffsets[named[1] ?? ''] ?? 0)
  const value = numberOf(scan.match(numberedYear)?.[1])
  return value === undefined || value >= 100 ? value : 2000 + value
}

function readFullDate(scan: Scanner): Days | undefined {
  const found = scan.match(isoDate) ?? scan.match(compactDate)
  if (!found || beforeNumbers.test(scan.text.slice(Math.max(0, found.index - 6), found.index))) return undefined
  const { year, month, day } = found.groups ?? {}
  return dayOrNone(existingDay(Number(year), Number(month), Number(day)))
}

function readMonthDay(scan: Scanner, setting: Setting): Days | undefined {
  const year = readYear(scan, setting)
  if (year !== undefined) scan.match(ofWord)
  const found = scan.match(monthDay)
  if (!found) return undefined
  const month = numberOf(found[1])
  const day = numberOf(found[2] ?? found[3])
  if (month === undefined || day === undefined || month > 99 || day > 99) return undefined
  return year === undefined ? monthAndDay(month, day, setting.today) : dayOrNone(existingDay(year, month, day))
}

/** 12.1 and 12/1 are dates only where nothing makes them a version, an amount or a share. */
function readMarkedDate(scan: Scanner, setting: Setting): Days | undefined {
  const before = scan.before(6)
  const found = scan.match(marked) ?? scan.match(dashed)
  if (!found || beforeNumbers.test(before) || scan.sees(afterNumbers)) return undefined
  const [, month, day] = [...found].map(Number)
  if (!month || !day || month > 12 || day > 31) return undefined
  const standsAlone = /(?:^|[\s,，、。;:(（]|[在于自从至到前止迟晚-])$/.test(before)
  if (!standsAlone && !scan.sees(dateFollower)) return undefined
  return monthAndDay(month, day, setting.today)
}

function readDayNumber(scan: Scanner, setting: Setting): Days | undefined {
  const before = scan.before(4)
  const closed = scan.match(dayNumber)
  const day = numberOf((closed ?? scan.match(openDayNumber))?.[1])
  if (day === undefined || numberBefore.test(before)) return undefined
  if (day < 1 || day > 31) return undefined
  return { ...bareDayNumber(day, setting.today), ...(!closed && { needsEnd: true }) }
}

const yearOffsets: Readonly<Record<string, number>> = {
  今年: 0,
  本年: 0,
  明年: 1,
  来年: 1,
  后年: 2,
  去年: -1,
  前年: -2,
}
const namedYear = pattern('(今年|本年|明年|来年|后年|去年|前年)(?!度|级|终)')
/** 28年 is a year only in front of what years have. */
const festivals = '春节|元旦|清明|五一|劳动节|端午|中秋|国庆|除夕|元宵'
const numberedYear = pattern(
  `(?<!\\d)(\\d{4}|[一二][零一二三四五六七八九]{3}|\\d{2}(?=年 (?:\\d{1,2} 月|年?[底末](?![子薪账数线])|[上下]半年|第? [一二三四1-4] 个?季度|${festivals})))年(?!度)`,
)
const isoDate = pattern(
  '(?<![\\d./])(?<year>\\d{4})([-./])(?<month>\\d{1,2})\\2(?<day>\\d{1,2})(?![\\d]|[.\\-/]\\d)(?:T(?=\\d))?',
)
const compactDate = pattern('(?<![\\d./])(?<year>20\\d{2})(?<month>0[1-9]|1[0-2])(?<day>[0-2]\\d|3[01])(?![\\d.\\-/])')
const ofWord = pattern('的')
const dayEnd = `(?![\\d.:零一二三四五六七八九十]| ${measure})`
const monthDay = pattern(`(?<![\\d.])(NUM|元(?=月)) 月份? (?:(NUM) (?:日(?![志游])|号(?!楼|线))|(?!两)(NUM)${dayEnd})`)
const marked = pattern('(?<![\\d./:])(\\d{1,2})[./](\\d{1,2})(?![\\d]|[./:]\\d)')
const dashed = pattern(
  '(?<![\\d./:])(\\d{1,2})-(\\d{1,2})(?![\\d\\-/.:])(?= (?:\\d{1,2} [:点时]|[上下中]午|晚上|早上|前|之前|以前|截止))',
)
const dayNumber = pattern(`(?<![\\d./])(NUM) ${dayNumberEnd}`)
const openDayNumber = pattern(`(?<![\\d./])(NUM)(?=(?: (?:-{1,2}|[到至、和]) NUM){1,9} ${dayNumberEnd})`)
const numberBefore =
  /(?:第|编号|房间|工位|座位|床位|门牌|车牌|尾号|路|街|巷|弄|胡同|大道|[栋幢]|单元|[A-Za-z]区|[A-Za-z#)〕\]字])$/
