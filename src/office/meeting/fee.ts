import { addDays, dayIn } from '../../kit/time.ts'
import type { Meeting } from './meeting.ts'
import { CLASSES, type MeetingClass } from './terms.ts'

/** Caps of domain.md 3.4: yuan for each person and day, people and days; undefined = as approved. */
const CAPS: Record<MeetingClass, { yuan: number; heads?: number; days?: number }> = {
  first: { yuan: 760 },
  second: { yuan: 650, heads: 300, days: 2 },
  third: { yuan: 550, heads: 150, days: 2 },
  fourth: { yuan: 550, heads: 50, days: 2 },
}

/** Where they come from: a local rule of its own goes first. */
export const FEE_BASIS = '参照《中央和国家机关会议费管理办法》(财行〔2016〕214号)综合定额,本地另有规定的从其规定'

/** Days of the calendar that a meeting touches. */
export function daysOf({ startsAt, endsAt }: Pick<Meeting, 'startsAt' | 'endsAt'>): number {
  const last = dayIn(new Date(endsAt.getTime() - 1))
  let days = 1
  for (let day = dayIn(startsAt); day < last; day = addDays(day, 1)) days++
  return days
}

/** What a meeting of a class may cost at most, in yuan; undefined = its class is not settled. */
export const feeCap = (meeting: Pick<Meeting, 'class' | 'startsAt' | 'endsAt'>, heads: number): number | undefined =>
  meeting.class === '' ? undefined : CAPS[meeting.class].yuan * heads * daysOf(meeting)

/** `三类会议,30人、1天,会议费不超过16,500元(550元/人·天)`, and where head count or days are above what is usual. */
export function feeHint(meeting: Pick<Meeting, 'class' | 'startsAt' | 'endsAt'>, heads: number): string | undefined {
  const cap = feeCap(meeting, heads)
  if (meeting.class === '' || cap === undefined || heads === 0) return undefined
  const { yuan, heads: most, days: longest } = CAPS[meeting.class]
  const days = daysOf(meeting)
  const over = [
    ...(most !== undefined && heads > most ? [`人数一般不超过${most}人`] : []),
    ...(longest !== undefined && days > longest ? [`会期不超过${longest}天`] : []),
  ]
  const said = `${CLASSES[meeting.class]}会议,${heads}人、${days}天,会议费不超过${yuanText(cap)}元(${yuan}元/人·天)`
  return over.length ? `${said};${over.join(',')}` : said
}

export const yuanText = (yuan: number): string => String(yuan).replace(/\B(?=(\d{3})+$)/g, ',')
