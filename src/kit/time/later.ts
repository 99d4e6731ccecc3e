import { addWorkdays } from './calendar.ts'
import { addMonths, type Day, existingDay, mondayOf, partsOf } from './days.ts'
import { numberOf } from './numerals.ts'
import { weekdayNumber } from './relative.ts'
import { pattern, type Scanner } from './scanner.ts'
import type { Setting } from './setting.ts'
import { type Days, dayOrNone, oneDay, oneSpan } from './span.ts'

/** So much time: minutes, days and months as counted from now. */
type Amount =
  | { minutes: number }
  | { days: number; months: number; unit: 'day' | 'week' | 'month' }
  | { workdays: number }

/** A length from now: an instant or a day after it, a deadline within it, or so long ago. */
export type Later =
  | { is: 'moment'; minutes: number; isDue: boolean }
  | { is: 'days'; days: Days }
  | { is: 'within'; day: Day }
  | { is: 'ago' }

export function readLater(scan: Scanner, setting: Setting): Later | undefined {
  scan.match(countedFromNow)
  const passing = scan.match(passingWord) !== undefined
  const amount = scan.attempt(() => readAmount(scan))
  if (!amount) return undefined
  if (scan.match(afterWord) || (passing && !scan.sees(otherWord))) return after(scan, amount, setting)
  if (scan.match(withinWord)) {
    return 'minutes' in amount
      ? { is: 'moment', minutes: amount.minutes, isDue: true }
      : { is: 'within', day: dayAfter(amount, setting) }
  }
  return scan.match(agoWord) ? { is: 'ago' } : undefined
}

/** 下个工作日, 未来三天. */
export function readComing(scan: Scanner, setting: Setting): Days | undefined {
  const { today, calendar } = setting
  const next = scan.match(nextWorkdayPattern)
  if (next) return oneDay(addWorkdays(today, (next[1] ?? '').replace(/[^下次]/g, '').length, calendar))
  if (!scan.match(coming)) return undefined
  const amount = readAmount(scan)
  if (!amount || 'minutes' in amount || scan.sees(withinWord)) return undefined
  return oneSpan('period', today + 1, dayAfter(amount, setting))
}

function after(scan: Scanner, amount: Amount, setting: Setting): Later {
  if ('minutes' in amount) return { is: 'moment', minutes: amount.minutes, isDue: false }
  const day = dayAfter(amount, setting)
  return { is: 'days', days: ('unit' in amount && readInside(scan, amount.unit, day)) || oneDay(day) }
}

/** 两周后的周三, 两个月后的15号. */
function readInside(scan: Scanner, unit: 'day' | 'week' | 'month', day: Day): Days | undefined {
  if (unit === 'week') {
    const found = scan.match(ofWeekday)
    return found && oneDay(mondayOf(day) + weekdayNumber(found[1]) - 1)
  }
  const number = unit === 'month' ? numberOf(scan.match(ofMonth)?.[1]) : undefined
  return number === undefined ? undefined : dayOrNone(existingDay(partsOf(day).year, partsOf(day).month, number))
}

function dayAfter(amount: Exclude<Amount, { minutes: number }>, { today, calendar }: Setting): Day {
  if ('workdays' in amount) return addWorkdays(today, amount.workdays, calendar)
  return addMonths(today, amount.months) + amount.days
}

function readAmount(scan: Scanner): Amount | undefined {
  const workdays = numberOf(scan.match(workdayAmount)?.[1])
  if (workdays !== undefined) return { workdays }
  const minutes = readMinutes(scan)
  if (minutes !== undefined) return { minutes }
  const halves = scan.match(halfAmount)
  if (halves) return halfOf(halves)
  const found = scan.match(dayAmount)
  const count = numberOf(found?.[1])
  if (count === undefined) return undefined
  return amountOf(count, found?.[2] ?? found?.[3] ?? '天')
}

function amountOf(count: number, unit: string): Amount {
  if (unit === '月') return { months: count, days: 0, unit: 'month' }
  if (unit === '季度') return { months: count * 3, days: 0, unit: 'month' }
  if (unit === '年') return { months: count * 12, days: 0, unit: 'month' }
  if (unit === '天' || unit === '日') return { months: 0, days: count, unit: 'day' }
  return { months: 0, days: count * 7, unit: 'week' }
}

/** 半个月 is 15 days, 半年 six months, 一个半月 one month and 15 days. */
function halfOf([, whole, unit, years]: RegExpExecArray): Amount {
  const count = numberOf(whole ?? years) ?? 0
  if (unit !== '月') return { months: count * 12 + 6, days: 0, unit: 'day' }
  return { months: count, days: 15, unit: 'day' }
}

/** 一小时二十分钟, 两个半小时, 1.5小时, 半小时, 三刻钟. */
export function readMinutes(scan: Scanner): number | undefined {
  const hours = scan.attempt(() => readHours(scan))
  const minutes = scan.match(hours === undefined ? minuteAmount : minuteTail)
  const more = minutes && (numberOf(minutes[1]) ?? (numberOf(minutes[2]) ?? 0) * 15)
  return hours === undefined && more === undefined ? undefined : (hours ?? 0) * 60 + (more ?? 0)
}

function readHours(scan: Scanner): number | undefined {
  if (scan.match(halfHour)) return 0.5
  const decimal = scan.match(decimalHours)
  if (decimal) return Math.round(Number(decimal[1]) * 60) / 60
  const found = scan.match(wholeHours)
  const count = numberOf(found?.[1])
  return count === undefined ? undefined : count + (found?.[2] || scan.match(halfTail) ? 0.5 : 0)
}

const hourUnit = '(?:小时|钟头)'
const halfHour = pattern(`半 个? ${hourUnit}`)
const decimalHours = pattern(`(?<!\\d)(\\d{1,3}\\.\\d{1,2}) 个? ${hourUnit}`)
const wholeHours = pattern(`(?<![\\d.])(NUM) 个? (半)? ${hourUnit}`)
const halfTail = pattern('半(?!个|天|小)')
const minuteAmount = pattern('(?<![\\d.])(?:(NUM) (?:分钟|分(?= (?:之|以)?[后内]))|(NUM) 刻钟)')
const minuteTail = pattern('零?(?:(NUM) 分钟?|(NUM) 刻钟?)')
const workdayAmount = pattern('(?<![\\d.])(NUM) 个? (?:法定)?工作日')
const halfAmount = pattern('(?:(?:(NUM) 个?)?半 个?(月|年)|(NUM) (年)半)(?!度|级)')
const dayAmount = pattern(
  '(?<![\\d.])(NUM) (?:个 (月|星期|礼拜|季度|周)|(?:个?自然)?(天|日(?! (?:之|以)?前)|周|星期|礼拜|年(?!度|级)))',
)
const countedFromNow = pattern('[从自]? (?:今[天日]|即日|现在)(?:起|开始)(?:算起?|计算?)?[,、]?(?= NUM|半)')
const passingWord = pattern('(?:再过|(?<![超通经度不渡路难])过|再等|等(?=.{1,4}后))')
const afterWord = pattern('(?:过)?(?:之|以)?后(?![台勤排])')
const withinWord = pattern('(?:之|以)?内(?![部容外网勤控科蒙参设]|审(?![结查理批核定议判])|存(?![档入放]))')
const agoWord = pattern('(?:之|以)?前(?![后往台期景提])')
const otherWord = pattern('(?:之|以)?[内前]')
const ofWeekday = pattern('的? (?:那周)?的? (?:周|星期|礼拜)([一二三四五六日天])')
const ofMonth = pattern('的 (NUM) [号日]')
const nextWorkdayPattern = pattern('(下下|下|次) (?:一|1)?个? 工作日')
const coming = pattern('(?:未来|今后|接下来|往后|随后|之后)的? (?=NUM|半)')
