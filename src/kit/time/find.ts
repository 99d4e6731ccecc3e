import { type Clock, isBareHour, namesEvening } from './clock.ts'
import { meaningOf } from './meaning.ts'
import { type Phrase, readPhrase } from './phrase.ts'
import type { Point } from './point.ts'
import type { Bound, Shift, Skip } from './repeat.ts'
import type { Meaning } from './result.ts'
import { Scanner } from './scanner.ts'
import type { Setting } from './setting.ts'
import { isSingleDay } from './span.ts'
import { readTrap } from './traps.ts'

export type Cut = { from: number; to: number }
export type Found = { phrase: Phrase; meaning: Meaning; cuts: readonly Cut[] }
type Candidate = Found & { rank: number }

/** A command holds a few expressions; a longer text is not searched to its end for more. */
const mostPhrases = 24

/** The time expression of a text: the one that says most, the first of those that say as much. */
export function find(plain: string, setting: Setting): Found | undefined {
  const all = phrasesIn(plain, setting).map(({ phrase, cut }): Candidate => {
    const meaning = meaningOf(phrase, setting)
    return { phrase, meaning, cuts: [cut], rank: rankOf(phrase, meaning, plain.slice(cut.to, cut.to + 1)) }
  })
  const found = all.filter(({ phrase }) => phrase.is !== 'condition')
  const best = joined(found, plain, setting) ?? found.toSorted((a, b) => b.rank - a.rank)[0]
  return (
    best &&
    all.filter(({ phrase }) => phrase.is === 'condition').reduce((held, next) => under(held, next, setting), best)
  )
}

/** A series or a day under a condition that stands apart from it. */
function under(found: Found, { phrase: condition, cuts }: Found, setting: Setting): Found {
  const phrase = condition.is === 'condition' ? conditioned(found.phrase, condition) : undefined
  return phrase ? { phrase, meaning: meaningOf(phrase, setting), cuts: inOrder(found.cuts, cuts) } : found
}

function conditioned(phrase: Phrase, { skip, shift }: { skip?: Skip; shift?: Shift }): Phrase | undefined {
  if (phrase.is === 'repeat') {
    const { repeat } = phrase
    const skips = skip ? [...repeat.skips, skip] : repeat.skips
    return { is: 'repeat', repeat: { ...repeat, skips, shift: shift ?? repeat.shift } }
  }
  return shift && (phrase.is === 'point' || phrase.is === 'due') ? { ...phrase, shift } : undefined
}

function phrasesIn(plain: string, setting: Setting): { phrase: Phrase; cut: Cut }[] {
  const phrases: { phrase: Phrase; cut: Cut }[] = []
  const scan = new Scanner(plain)
  while (scan.at < plain.length && phrases.length < mostPhrases) {
    if (scan.text.charAt(scan.at) === ' ') scan.at++
    if (readTrap(scan)) continue
    const from = scan.at
    const phrase = scan.attempt(() => readPhrase(scan, setting))
    if (phrase && scan.at > from) phrases.push({ phrase, cut: withBrackets(plain, { from, to: scan.at }) })
    else skipUnread(scan)
  }
  return phrases
}

/** Brackets that hold nothing but the expression go with it. */
function withBrackets(plain: string, { from, to }: Cut): Cut {
  const isHeld = '([【〔'.includes(plain.charAt(from - 1) || ' ') && ')]】〕'.includes(plain.charAt(to) || ' ')
  return isHeld ? { from: from - 1, to: to + 1 } : { from, to }
}

/** A number or a series that is not understood is passed as a whole, so that no part of it is taken for a time. */
function skipUnread(scan: Scanner): void {
  if (!scan.match(number) && !scan.match(unreadSeries)) scan.at++
}

const number = /\d+(?:[.:/、-]+\d+)*|[零一二两三四五六七八九十百廿卅]+/y
const unreadSeries =
  /(?:每(?:年|月|周|星期|季|半年|[双单]|旬|逢?节|[^\s,。;、]{0,3}工作日)|[单双]周|工作日每) ?[^\s,。;、]{0,16}/y

/** 明天 … 下午3点: a day and a time of day that stand apart belong together. */
function joined(found: readonly Candidate[], plain: string, setting: Setting): Found | undefined {
  const held = heldSeries(found, setting)
  if (held) return held
  const days = found.filter(isDayAlone)
  const day = only(days.length > 0 ? days : found.filter(isNoDay))
  const clock = only(found.filter(isClockAlone))
  if (!day || !clock || numbersThing(day, clock, plain)) return undefined
  const phrase = combined(day.phrase, clock.phrase)
  if (!phrase) return undefined
  return { phrase, meaning: meaningOf(phrase, setting), cuts: inOrder(day.cuts, clock.cuts) }
}

const only = (some: readonly Candidate[]): Candidate | undefined => (some.length === 1 ? some[0] : undefined)

/** 下午3点 3号仓库: behind a time of day a mere number with 号 that goes on is the number of something. */
function numbersThing({ cuts: [day] }: Found, { cuts: [clock] }: Found, plain: string): boolean {
  return day !== undefined && clock !== undefined && day.from > clock.from && goesOn.test(plain.slice(day.from))
}

const goesOn = /^(?:\d{1,2}|[一二三四五六七八九十廿]{1,3})号[一-龥]/

/** 国庆期间 … 每天9点: a stretch of days and a series that stand apart belong together. */
function heldSeries(found: readonly Candidate[], setting: Setting): Found | undefined {
  const span = found.find(({ phrase, meaning }) => meaning.kind === 'range' && boundOf(phrase) !== undefined)
  const series = found.find(({ phrase }) => phrase.is === 'repeat' && phrase.repeat.bounds.length === 0)
  const bound = span && boundOf(span.phrase)
  if (!bound || series?.phrase.is !== 'repeat') return undefined
  const phrase: Phrase = { is: 'repeat', repeat: { ...series.phrase.repeat, bounds: [bound] } }
  return { phrase, meaning: meaningOf(phrase, setting), cuts: inOrder(span.cuts, series.cuts) }
}

function boundOf(phrase: Phrase): Bound | undefined {
  if (phrase.is === 'point' && phrase.point.days?.sort === 'block') return { edge: 'in', days: phrase.point.days }
  if (phrase.is !== 'range' || !phrase.from.days || !phrase.to.days || phrase.from.clock) return undefined
  return { edge: 'in', days: phrase.from.days, until: phrase.to.days }
}

const inOrder = (one: readonly Cut[], other: readonly Cut[]): Cut[] =>
  [...one, ...other].sort((a, b) => a.from - b.from)

function combined(day: Phrase, clock: Phrase): Phrase | undefined {
  if (day.is === 'repeat') {
    const point = clock.is === 'point' || clock.is === 'due' ? clock.point.clock : undefined
    return point && { is: 'repeat', repeat: { ...day.repeat, clocks: [point], isDue: clock.is === 'due' } }
  }
  if (day.is === 'several') return { is: 'several', isTimed: true }
  if (day.is !== 'point' || !day.point.days) return undefined
  const { days } = day.point
  if (clock.is === 'range') {
    const from = inPeriod(clock.from.clock, day.point)
    return from && { ...clock, from: { days, clock: from } }
  }
  if (clock.is !== 'point' && clock.is !== 'due') return undefined
  const at = inPeriod(clock.point.clock, day.point)
  return at && { ...clock, point: { days, clock: at } }
}

/** 明天下午 … 3点: the bare hour lies in the part of the day that was named, or does not belong to it. */
function inPeriod(clock: Clock | undefined, { clock: part }: Point): Clock | undefined {
  if (!clock || !part) return clock
  if (!isBareHour(clock) || !isPart(part)) return undefined
  const isEvening = part.period === 'dusk' || namesEvening(part)
  const hour = 'hour' in clock ? (clock.hour ?? 0) : 0
  const fits = isEvening ? hour >= 5 : part.period === 'afternoon' ? hour <= 6 || hour === 12 : hour >= 7
  return fits ? { ...clock, ...(part.period && { period: part.period }) } : undefined
}

/** A part of the day without an hour. */
const isPart = (clock: Clock): clock is Extract<Clock, { minute: number }> =>
  !('office' in clock) && clock.hour === undefined && clock.period !== undefined

/** A week with a time of day (下周 … 下午3点) is not a day: there it is better to know the week than the wrong day. */
function isDayAlone({ phrase, meaning }: Candidate): boolean {
  if (meaning.kind === 'past' || meaning.kind === 'invalid') return false
  if (phrase.is === 'repeat')
    return phrase.repeat.clocks.length === 0 && !phrase.repeat.isDue && 'holds' in phrase.repeat.cycle
  if (phrase.is !== 'point' || !phrase.point.days) return false
  if (phrase.point.clock && !isPart(phrase.point.clock)) return false
  const { days } = phrase.point
  return days.sort === 'day' || days.sort === 'week' || days.sort === 'weekend'
}

/** 2月30日 … 下午3点, 周一、周四 … 下午3点: such a time of day is not today's. */
const isNoDay = ({ phrase, meaning }: Candidate): boolean =>
  meaning.kind === 'invalid' &&
  (phrase.is === 'several' ? !phrase.isTimed : phrase.is === 'point' && !phrase.point.clock)

function isClockAlone({ phrase }: Candidate): boolean {
  if (phrase.is === 'point' || phrase.is === 'due') return !phrase.point.days && phrase.point.clock !== undefined
  return phrase.is === 'range' && !phrase.from.days && !phrase.to.days
}

/**
 * What is described by the expression (明天的会议, 12月工作总结) says less than what is asked for by it, and a mere part of the day
 * may belong to a noun (夜间巡逻, 中午值班表).
 */
function rankOf(phrase: Phrase, meaning: Meaning, next: string): number {
  if (meaning.kind === 'past') return 0
  const isAttribute = next === '的' ? 1 : 0
  if (phrase.is === 'point' && phrase.point.days && !isPlainDay(phrase)) return 2 - isAttribute
  if (phrase.is === 'point' && !phrase.point.clock) return 4 - isAttribute
  if (phrase.is === 'several' && !phrase.isTimed) return 4 - isAttribute
  if (phrase.is === 'point' && !phrase.point.days && phrase.point.clock && isPart(phrase.point.clock))
    return 3 - isAttribute
  return 6 - isAttribute
}

const isPlainDay = (phrase: Extract<Phrase, { is: 'point' }>): boolean =>
  phrase.point.days !== undefined &&
  isSingleDay(phrase.point.days) &&
  (phrase.point.days.sort === 'day' || phrase.point.clock !== undefined)
