import { countOf, NUMERAL } from './numeral.ts'
import { LIMITS } from './trip.ts'

/** What is said of the way back: `29号下午5点回`; each part '' where it is not said. */
export interface Return {
  /** The day in its own words. */
  ownDay: string
  half: string
  clock: string
  /** Whether it stood as the end of a range: `22:00-2:00`. */
  isRange: boolean
}

/** How long a car is wanted: `用车2小时`, `两天`. */
export interface Length {
  minutes: number | undefined
  days: number | undefined
}

interface Taken<T> {
  found: T | undefined
  rest: string
}

const DAY =
  '(?:(?:20\\d\\d年)?\\d{1,2}月\\d{1,2}[日号]?|\\d{1,2}[日号]|今天|明天|后天|大后天|当天|当日|次日|翌日|第二天|(?:本|这|下)?(?:周|星期)[一二三四五六日天])'
const HALF = '(?:凌晨|清晨|早晨|早上|上午|中午|下午|傍晚|晚上|夜里|夜间)'
const CLOCK =
  '(?:\\d{1,2}(?::\\d{2}|[点时](?:\\d{1,2}分?|半|整|[一三]刻)?)|[一二两三四五六七八九十]{1,3}[点时](?:半|整|[一三]刻|[一二三四五六七八九十]{1,3}分)?)'
// white space stands behind what it belongs to, so that no run of it can be divided in more than one way
const WHEN = `(?:(${DAY})\\s*)?(?:(${HALF})\\s*)?(?:(${CLOCK})\\s*)?`
const BACK =
  '(?:(?:之?前|左右|许)\\s*)?(?:返回|返程|返岗|回来|回到|回|返)(?:单位|本?院里?|机关|本?局里?|本?委里?)?(?:即可)?'
const ENDS = '(?=$|[\\s,;。])'

const DASH = '\\s*(?:-|—+|–|~|至|到)\\s*'
const RETURN = new RegExp(`(?:预计|预定|计划|大概|大约|约|于|并)?(?=[\\d一-鿿])${WHEN}${BACK}${ENDS}`, 'g')
const RANGE_RETURN = new RegExp(`(${DASH}(?:${DAY}\\s*)?(?:${HALF}\\s*)?(?:${CLOCK}))\\s*${BACK}${ENDS}`)
const TO_CLOCK = new RegExp(
  `(晚上|夜里|夜间|[今明后]晚)?\\s*((?:现在|立即|立刻|马上|即刻)|\\d{1,2}:\\d{2}|${CLOCK})${DASH}(${CLOCK})(?!\\d)`,
)

const DOTTED = '(\\d{1,2})\\.([0-5]\\d)(?![\\d.])(?!\\s*(?:[万亿元个天米吨%]|公里|千米|小时))'
const DOTTED_DAY = /(?<![\d.])(\d{1,2})\.(\d{1,2})[日号](?!文)/g
const DOTTED_BEHIND_DAY = new RegExp(
  `((?:${DAY}|[今明后][晨早晚]|${HALF}|(?<![\\d.])\\d{1,2}\\.\\d{1,2}\\s)\\s*)${DOTTED}`,
  'g',
)
const DOTTED_END = new RegExp(`(\\d{1,2}:\\d{2}${DASH})${DOTTED}(?!\\s+\\d{1,2}[.:]\\d\\d)`, 'g')
const DOTTED_BACK = new RegExp(`((?:^|[\\s,;。])(?:大概|大约|预计|约|于)?)${DOTTED}(?=\\s*${BACK}${ENDS})`, 'g')
const DOTTED_RANGE = new RegExp(`((?:^|[\\s,;。]))${DOTTED}(${DASH})${DOTTED}`)

/** `明天8.30-11.30`: clocks written with a dot. Two that would be days of one trip (`11.28-11.30`) are days, unless a day stands before. */
export function withColons(line: string): string {
  const bare = line.replace(DOTTED_RANGE, (said, before, ...[hour, minute, dash, until, last]) => {
    const days = (Number(until) - Number(hour)) * 30 + Number(last) - Number(minute)
    const isDays = Number(hour) <= 12 && Number(minute) > 0 && days >= 0 && days <= LIMITS.days
    return isDays ? said : `${before}${hour}:${minute}${dash}${until}:${last}`
  })
  return bare
    .replace(DOTTED_DAY, '$1月$2日')
    .replace(DOTTED_BEHIND_DAY, '$1$2:$3')
    .replace(DOTTED_END, '$1$2:$3')
    .replace(DOTTED_BACK, '$1$2:$3')
}

/** The way back that a line names, and the line without it. */
export function returnIn(line: string): Taken<Return> {
  const text = line.replace(RANGE_RETURN, '$1')
  for (const match of text.matchAll(RETURN)) {
    const [whole, ownDay = '', half = '', clock = ''] = match
    if (`${ownDay}${half}${clock}` === '') continue
    return { found: { ownDay, half, clock, isRange: false }, rest: without(text, match.index, whole.length) }
  }
  return rangeIn(text)
}

const HOURS = /^(\d{1,2})/

/** A range that the reader of times takes for none: `现在-11:30`, and over midnight `22:00-2:00`. */
function rangeIn(text: string): Taken<Return> {
  const range = TO_CLOCK.exec(text)
  if (!range) return { found: undefined, rest: text }
  const [whole, evening = '', from = '', clock = ''] = range
  const [start, end] = [from, clock].map(one => Number(HOURS.exec(one)?.[1] ?? Number.NaN))
  const isAtOnce = /^[一-鿿]{2}$/.test(from)
  const isNight =
    start !== undefined && end !== undefined && (evening && start < 12 ? end < start : start >= 18 && end <= 8)
  if (!isAtOnce && !isNight) return { found: undefined, rest: text }
  const rest = `${text.slice(0, range.index)}${evening}${from} ${text.slice(range.index + whole.length)}`
  return { found: { ownDay: '', half: '', clock, isRange: true }, rest }
}

const WHOLE = /(?<![第有某每前后])(?:全天|一整天|整天|一天)(?=$|[\s,;。])/
const HALF_DAY = /(?:用车|约|大约)?半天(?=$|[\s,;。])/
const LENGTH = new RegExp(
  `(?:(?:^|[\\s,;。])(?:大约|约|共|需要?|预计|为期)*|(?:用车|用时|时长|历时|为期|起)(?:时间)?(?:大约|约|共)?:?)(半|\\d{1,2}(?:\\.5)?|${NUMERAL})(?:个)?(半)?(小时|钟头|分钟|天)(?:左右)?(?=$|[\\s,;。])`,
)

/** How long a line says that it takes, and the line without it. */
export function lengthIn(line: string): Taken<Length> {
  const half = HALF_DAY.exec(line)
  // which half it is, the rest of the line says or nobody does
  if (half) return { found: undefined, rest: without(line, half.index, half[0].length) }
  const whole = WHOLE.exec(line)
  if (whole) return { found: { minutes: undefined, days: 1 }, rest: without(line, whole.index, whole[0].length) }
  const long = LENGTH.exec(line)
  if (!long) return { found: undefined, rest: line }
  const [said, number = '', more, unit = ''] = long
  const amount = (number === '半' ? 0.5 : Number(number) || countOf(number)) + (more ? 0.5 : 0)
  const rest = without(line, long.index, said.length)
  if (unit === '天') return { found: { minutes: undefined, days: Math.ceil(amount) }, rest }
  return { found: { minutes: amount * (unit === '分钟' ? 1 : 60), days: undefined }, rest }
}

const without = (text: string, at: number, length: number): string =>
  `${text.slice(0, at)} ${text.slice(at + length)}`.trim()
