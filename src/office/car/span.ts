import { type Customs, hoursOn, readTime } from '../../kit/customs.ts'
import { dayIn, toInstant } from '../../kit/time.ts'

/** When a car is wanted, as far as a line says so; `doubt` says what is missing. */
export interface Span {
  startsAt: Date | undefined
  endsAt: Date | undefined
  doubt: string | undefined
  /** The line without its time. */
  rest: string
}

const AT_ONCE = /(?:^|\s)(现在|立即|立刻|马上|即刻)(?:出发|用车)?(?=$|\s)/
const WHOLE = /(?<![第有某每前后])(全天|一整天|整天|一天)(?=$|\s)/
const HALF = /(上午|下午)(?!\s*(?:\d|[一二两三四五六七八九十]+[点时]))/
const BACK =
  /(?:^|\s)((?:中午|下午|傍晚|晚上)?\s*\d{1,2}(?:[::]\d{2}|[点时](?:\d{1,2}分?|半)?))\s*(?:前|左右)?\s*(?:返回|返程|回来|回)(?=$|\s)/

/** `11月28日8:30-17:00`, `明天上午`, `下周三一天`, `明天8:30 … 下午5点回`: by the office's hours where no clock is named. */
export function readSpan(line: string, now: Date, customs: Customs): Span {
  if (AT_ONCE.test(line)) return withReturn(now, line.replace(AT_ONCE, ' '), now, customs)
  const whole = WHOLE.test(line)
  const read = readTime(line.replace(WHOLE, ' '), now, customs)
  const { rest } = read
  switch (read.kind) {
    case 'range':
      return { startsAt: opening(read.start, customs), endsAt: closing(read.end, customs), doubt: undefined, rest }
    case 'date':
      return { ...wholeDay(read.start, customs), doubt: whole ? undefined : HOURS_MISSING, rest }
    case 'instant':
      return withHalf(new Date(read.start), line, rest, whole, now, customs)
    case 'past':
      return { startsAt: undefined, endsAt: undefined, doubt: '所写的用车时间已经过去,请重新选择。', rest }
    case 'recurrence':
      return { startsAt: undefined, endsAt: undefined, doubt: '用车须逐次申请,请选择出发和返回时间。', rest }
    case 'invalid':
      return { startsAt: undefined, endsAt: undefined, doubt: '所写的用车时间不存在,请重新选择。', rest }
    default:
      return { startsAt: undefined, endsAt: undefined, doubt: '请选择出发和返回时间。', rest }
  }
}

const HOURS_MISSING = '请核对出发和返回时间。'

function withHalf(start: Date, line: string, rest: string, whole: boolean, now: Date, customs: Customs): Span {
  const day = dayIn(start)
  if (whole) return { ...wholeDay(day, customs), doubt: undefined, rest }
  const half = HALF.exec(line)?.[1]
  if (!half) return withReturn(start, rest, now, customs)
  const { opens, lunch, resumes, closes } = hoursOn(day, customs)
  const [from, to] = half === '上午' ? [opens, lunch] : [resumes, closes]
  const startsAt = new Date(toInstant(day, from))
  const endsAt = new Date(toInstant(day, to))
  return { startsAt: startsAt > now || endsAt <= now ? startsAt : now, endsAt, doubt: undefined, rest }
}

/** The way back, where it is said further on: `下午5点回`. */
function withReturn(startsAt: Date, rest: string, now: Date, customs: Customs): Span {
  const back = BACK.exec(rest)
  const left = rest.replace(BACK, ' ').trim()
  const read = back ? readTime(`${dayIn(startsAt)} ${back[1]}`, now, customs) : undefined
  const endsAt = read?.kind === 'instant' && new Date(read.start) > startsAt ? new Date(read.start) : undefined
  return { startsAt, endsAt, doubt: endsAt ? undefined : '请选择返回时间。', rest: left }
}

const wholeDay = (day: string, customs: Customs) => ({ startsAt: opening(day, customs), endsAt: closing(day, customs) })

const opening = (at: string, customs: Customs): Date =>
  new Date(at.length === 10 ? toInstant(at, hoursOn(at, customs).opens) : at)
const closing = (at: string, customs: Customs): Date =>
  new Date(at.length === 10 ? toInstant(at, hoursOn(at, customs).closes) : at)
