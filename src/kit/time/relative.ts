import { mondayOf } from './days.ts'
import { pattern, type Scanner, words } from './scanner.ts'
import type { Setting } from './setting.ts'
import { bareWeekday, type Days, noDay, oneDay, oneSpan } from './span.ts'

/** 今天, 后天, 今晚 (the day of it), 明后两天, 次日. */
export function readRelativeDay(scan: Scanner, { today }: Setting): Days | undefined {
  const pair = scan.word(pairsOfDays)
  if (pair) return oneSpan('period', today + pair[0], today + pair[1])
  const offset = scan.word(dayWords) ?? halfWord(scan)
  if (offset !== undefined) return oneDay(today + offset)
  if (/(?:^|[\s,。;:、(于在])$/.test(scan.before(1)) && scan.match(theDay)) return oneDay(today)
  return scan.match(followingDay) && oneDay(today + 1, { asEnd: start => start + 1 })
}

/** 周三, 星期天; a weekday that does not exist has no day. */
export function readWeekday(scan: Scanner, { today }: Setting): Days | undefined {
  const found = scan.match(weekday)
  if (found) return bareWeekday(weekdayNumber(found[1]), today)
  return scan.match(noWeekday) && noDay
}

export const weekdayNumber = (char: string | undefined): number =>
  Math.min(7, '一二三四五六日天'.indexOf(char ?? '') + 1) || Number(char)

/** 下周三, 上个星期五, 下周的周三: a weekday of a named week. */
export function readWeekdayOfWeek(scan: Scanner, { today }: Setting): Days | undefined {
  const found = scan.match(weekdayOfWeek)
  if (!found) return undefined
  const week = mondayOf(today) + 7 * weekOffset(found[1])
  if (found[3]) return noDay
  return oneDay(week + weekdayNumber(found[2]) - 1, { week })
}

export const weekOffset = (word: string | undefined): number => {
  const nexts = [...(word ?? '')].filter(char => char === '下').length
  const lasts = [...(word ?? '')].filter(char => char === '上').length
  return nexts - lasts
}

const dayWords = words<number>({
  今天: 0,
  今日: 0,
  今儿: 0,
  本日: 0,
  即日: 0,
  明天: 1,
  明日: 1,
  明儿: 1,
  后天: 2,
  后日: 2,
  大后天: 3,
  大大后天: 4,
  昨天: -1,
  昨日: -1,
  前天: -2,
  前日: -2,
  大前天: -3,
})

const pairsOfDays = words<readonly [number, number]>({
  今明两天: [0, 1],
  今明两日: [0, 1],
  今明天: [0, 1],
  明后天: [1, 2],
  明后两天: [1, 2],
  明后两日: [1, 2],
  明后: [1, 2],
  明天后天: [1, 2],
  今天明天: [0, 1],
  明天后天两天: [1, 2],
  今天明天两天: [0, 1],
  今明后三天: [0, 2],
})

const halfDays = pattern('([今明后昨前])(?=[早晚晨夜])')
const halfOffsets: Readonly<Record<string, number>> = { 今: 0, 明: 1, 后: 2, 昨: -1, 前: -2 }
const halfWord = (scan: Scanner): number | undefined => halfOffsets[scan.match(halfDays)?.[1] ?? '']

const theDay = pattern('(?:当天|当日|当(?=晚))')
const followingDay = pattern('(?:次日|翌日|第二天|转天)')
const weekName = '(?:周|星期|礼拜)'
const weekday = pattern(`(?<![一两三四五六七八九十几半])${weekName} ([一二三四五六日天](?!次)|[1-7](?![\\d点:个次]))`)
const noWeekday = pattern(`(?:(?:星期|礼拜)[八九十089]|周[八九](?=$|[\\s,.。)]|上午|下午|晚|早))`)
const weekdayOfWeek = pattern(
  `(下下|上上|下|上|本|这一?|下下下) (?:一?个)? ${weekName} (?:的? ${weekName})? (?:([一二三四五六日天]|[1-7](?![\\d点:个]))|([八九]))`,
)
