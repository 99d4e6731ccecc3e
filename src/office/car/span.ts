import { type Customs, hoursOn, readTime } from '../../kit/customs.ts'
import { addDays, clockOf, dayIn, toInstant } from '../../kit/time.ts'
import { type Length, lengthIn, type Return, returnIn, withColons } from './span-words.ts'

/** When a car is wanted, as far as a line says so; `doubt` says what is missing. */
export interface Span {
  startsAt: Date | undefined
  endsAt: Date | undefined
  doubt: string | undefined
  /** The line without its time. */
  rest: string
}

type Read = Omit<Span, 'rest'>

/** What a line says of the end beside the beginning. */
interface Ending {
  back: Return | undefined
  length: Length | undefined
}

const AT_ONCE = /(?:^|\s)(?:现在|立即|立刻|马上|即刻)(?:就|出发|用车)*(?=$|[\s,-]|去|到|至|赴|前往)/
const HALF = /(上午|下午)(?!\s*(?:\d|[一二两三四五六七八九十]+[点时]))/g
const CLOCK = /\d:\d\d|(?:\d|[一二两三四五六七八九十])[点时]/g

const HOURS_MISSING = '请核对出发和返回时间。'
const RETURN_MISSING = '请选择返回时间。'
const RETURN_DOUBTFUL = '请核对返回时间。'

/**
 * `11月28日8:30-17:00`, `明天上午`, `下周三一天`, `明天8:30 … 下午5点回`, `明天9点 … 用车2小时`: by the office's hours where no clock
 * is named.
 */
export function readSpan(line: string, now: Date, customs: Customs): Span {
  const { found: back, rest: stays } = returnIn(withColons(line))
  const { found: length, rest: text } = lengthIn(stays)
  const ending = { back, length }
  if (AT_ONCE.test(text)) return { ...ended(now, ending, now, customs), rest: text.replace(AT_ONCE, ' ').trim() }
  const running = stillRunning(text, now, customs)
  if (running) return { ...ended(running.startsAt, ending, now, customs, running.endsAt), rest: running.rest }
  const read = readTime(text, now, customs)
  const half = bareHalf(text, read.rest)
  return { ...meant(read, half, ending, now, customs), rest: read.rest }
}

const UNREADABLE = {
  past: '所写的用车时间已经过去,请重新选择。',
  recurrence: '用车须逐次申请,请选择出发和返回时间。',
  invalid: '所写的用车时间不存在,请重新选择。',
  deadline: '请选择出发和返回时间。',
  none: '请选择出发和返回时间。',
}

function meant(
  read: ReturnType<typeof readTime>,
  half: string | undefined,
  ending: Ending,
  now: Date,
  customs: Customs,
): Read {
  switch (read.kind) {
    case 'range':
      return ended(opening(read.start, customs), ending, now, customs, closing(read.end, customs))
    case 'date':
      return onDay(read.start, ending, now, customs)
    case 'instant': {
      if (half) {
        const [from, to] = hoursOfHalf(half, dayIn(read.start), customs)
        return ended(from, ending, now, customs, to)
      }
      const isWhole = ending.length?.days === 1
      return isWhole
        ? onDay(dayIn(read.start), ending, now, customs)
        : ended(new Date(read.start), ending, now, customs)
    }
    default:
      return { startsAt: undefined, endsAt: undefined, doubt: UNREADABLE[read.kind] }
  }
}

/** The half-day by which a time was meant, where no clock was said with it; a word of what stays behind says nothing of the time. */
function bareHalf(text: string, rest: string): string | undefined {
  if ((text.match(CLOCK) ?? []).length > (rest.match(CLOCK) ?? []).length) return undefined
  const [said, left] = [text, rest].map(one => one.match(HALF) ?? [])
  return said && left && said.length > left.length ? said[0] : undefined
}

function hoursOfHalf(half: string, day: string, customs: Customs): [from: Date, to: Date] {
  const { opens, lunch, resumes, closes } = hoursOn(day, customs)
  const [from, to] = half === '上午' ? [opens, lunch] : [resumes, closes]
  return [new Date(toInstant(day, from)), new Date(toInstant(day, to))]
}

/** A half of today that has begun and is not over yet: from now on. */
function stillRunning(text: string, now: Date, customs: Customs) {
  const today = dayIn(now)
  const read = readTime(text, new Date(toInstant(today, '00:00')), customs)
  const half = bareHalf(text, read.rest)
  if (read.kind !== 'instant' || !half || dayIn(read.start) !== today) return undefined
  const [from, endsAt] = hoursOfHalf(half, today, customs)
  return from <= now && now < endsAt ? { startsAt: now, endsAt, rest: read.rest } : undefined
}

/** A day of which no clock is said: the whole of it, and so many more as are named. */
function onDay(day: string, { back, length }: Ending, now: Date, customs: Customs): Read {
  const opens = opening(day, customs)
  const startsAt = opens < now && now < closing(day, customs) ? now : opens
  const days = length?.days
  const last = closing(days ? addDays(day, days - 1) : day, customs)
  const { endsAt, doubt } = ended(startsAt, { back, length: undefined }, now, customs, last)
  return { startsAt, endsAt, doubt: days && !doubt ? undefined : HOURS_MISSING }
}

/** The end: what is said of the way back, or how long it takes, else `until`. */
function ended(startsAt: Date, { back, length }: Ending, now: Date, customs: Customs, until?: Date): Read {
  if (back) return returning(startsAt, back, now, customs, until)
  if (length?.minutes)
    return { startsAt, endsAt: new Date(startsAt.getTime() + length.minutes * 60_000), doubt: undefined }
  if (length?.days && !until)
    return { startsAt, endsAt: closing(addDays(dayIn(startsAt), length.days - 1), customs), doubt: undefined }
  return { startsAt, endsAt: until, doubt: until ? undefined : RETURN_MISSING }
}

function returning(startsAt: Date, back: Return, now: Date, customs: Customs, until: Date | undefined): Read {
  const day = dayOfReturn(back, startsAt, now, customs)
  if (!back.clock) {
    // a range that says its own end, and 28号回 besides
    if (until && !back.half && day === dayIn(until)) return { startsAt, endsAt: until, doubt: undefined }
    const guess = day && endOf(back.half, day, customs)
    return { startsAt, endsAt: guess && guess > startsAt ? guess : undefined, doubt: RETURN_DOUBTFUL }
  }
  const endsAt = day === undefined ? undefined : clockAfter(startsAt, { ...back, day }, customs)
  return { startsAt, endsAt, doubt: endsAt ? undefined : RETURN_MISSING }
}

function endOf(half: string, day: string, customs: Customs): Date | undefined {
  const { lunch, closes } = hoursOn(day, customs)
  if (/晚|夜|傍|早|凌|清/.test(half)) return undefined
  return new Date(toInstant(day, half === '上午' || half === '中午' ? lunch : closes))
}

const HALF_DAY_MS = 12 * 3_600_000

/** `5点回` of a car that leaves at 8:30 is in the afternoon; `2点回` of one that leaves in the evening is in the night. */
function clockAfter(startsAt: Date, { day, half, clock, isRange, ownDay }: Return & { day: string }, customs: Customs) {
  const said = clockOn(day, `${half}${clock}`, customs)
  if (!said || said > startsAt) return said
  if (ownDay) return undefined
  const later = new Date(said.getTime() + HALF_DAY_MS)
  if (!half && !isRange && later > startsAt && dayIn(later) === day) return later
  const night = half ? undefined : clockOn(addDays(day, 1), `凌晨${clock}`, customs)
  return night && clockOf(startsAt) >= '18:00' && clockOf(night) <= '08:00' ? night : undefined
}

function clockOn(day: string, clock: string, customs: Customs): Date | undefined {
  const read = readTime(`${day} ${clock}`, new Date(toInstant(day, '00:00')), customs)
  return read.kind === 'instant' ? new Date(read.start) : undefined
}

function dayOfReturn({ ownDay }: Return, startsAt: Date, now: Date, customs: Customs): string | undefined {
  const first = dayIn(startsAt)
  if (!ownDay || /^当[天日]$/.test(ownDay)) return first
  if (/^(?:次日|翌日|第二天)$/.test(ownDay)) return addDays(first, 1)
  const from = /[日号]$/.test(ownDay) ? new Date(toInstant(first, '00:00')) : now
  const read = readTime(ownDay, from, customs)
  return read.kind === 'date' ? read.start : undefined
}

const opening = (at: string, customs: Customs): Date =>
  new Date(at.length === 10 ? toInstant(at, hoursOn(at, customs).opens) : at)
const closing = (at: string, customs: Customs): Date =>
  new Date(at.length === 10 ? toInstant(at, hoursOn(at, customs).closes) : at)
