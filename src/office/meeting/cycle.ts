import { type Customs, firesAfter, readTime } from '../../kit/customs.ts'
import { clockOf, dayIn, formatDay, type Parsed } from '../../kit/time.ts'

/** A time and a cycle that one line says apart: `12月25日下午3点 三楼会议室 例会 每周五`. */
export interface Mixed {
  moment: Extract<Parsed, { kind: 'instant' | 'range' | 'date' }>
  /** Both as they were said. */
  momentSaid: string
  cycle: string
  rest: string
}

/** Undefined where a line says only one of them, or both as one: `12月25日下午3点起每周五`. */
export function mixedIn(text: string, now: Date, customs: Customs): Mixed | undefined {
  const line = text.replace(/\s+/g, ' ').trim()
  const first = readTime(line, now, customs)
  const second = readTime(first.rest, now, customs)
  const [of, saidFirst, saidSecond] = [second.rest, takenOut(line, first.rest), takenOut(first.rest, second.rest)]
  if (first.kind === 'recurrence' && isMoment(second))
    return { moment: second, momentSaid: saidSecond, cycle: saidFirst, rest: of }
  if (second.kind === 'recurrence' && isMoment(first))
    return { moment: first, momentSaid: saidFirst, cycle: saidSecond, rest: of }
  return undefined
}

const isMoment = (read: Parsed): read is Mixed['moment'] =>
  read.kind === 'instant' || read.kind === 'range' || read.kind === 'date'

/** What of a text is not left. */
function takenOut(whole: string, left: string): string {
  let from = 0
  while (from < left.length && whole[from] === left[from]) from++
  return whole.slice(from, from + whole.length - left.length).trim()
}

/** A bare 每周 or 每月 may be no more than a part of a name: `每月调度会`. */
const NAMES_DAY = /(?:周|星期|礼拜)[一二三四五六日天]|\d[号日]|[初末]|[日天]/

const CLOCK = /[\d一二三四五六七八九十][点时:]/

/** The cycle that begins with the time that was said; undefined where the two do not fit, or may mean something else. */
export function cycleFrom(
  { moment, cycle }: Mixed,
  now: Date,
  customs: Customs,
): { said: string; startsAt: Date; end: string } | undefined {
  const hasClock = moment.start.length > 10
  const ownClock = CLOCK.test(cycle)
  if (!NAMES_DAY.test(cycle) || !(hasClock || ownClock)) return undefined
  const said = `${formatDay(moment.start)}${ownClock ? '' : clockOf(new Date(moment.start))}起${cycle}`
  const [startsAt] = firesAfter(said, now, now, 1, customs)
  const fits =
    startsAt && (hasClock ? startsAt.getTime() === Date.parse(moment.start) : dayIn(startsAt) === moment.start)
  if (!fits) return undefined
  const isSpan = moment.kind === 'range' && moment.end.length > 10 && dayIn(new Date(moment.end)) === dayIn(startsAt)
  return { said, startsAt, end: isSpan ? `-${clockOf(new Date(moment.end))}` : '' }
}

/** What is to be asked where both were said, in the words in which they were. */
export const mixedWords = ({ momentSaid, cycle }: Mixed): string =>
  `所写时间既有“${momentSaid}”又有“${cycle}”:只开这一次的,请核对后提交;要定期召开的,请在一句话里写清,例如:/会议 每周五15:00-16:00 三楼会议室 办公例会 @王强。`
