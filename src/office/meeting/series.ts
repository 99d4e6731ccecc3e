import { type Customs, firesAfter, openingOf, readTime } from '../../kit/customs.ts'
import { defineFlow } from '../../kit/flow.ts'
import { addDays, clockOf, dayIn, formatDay, workdayUpTo } from '../../kit/time.ts'
import { cycleFrom, mixedIn } from './cycle.ts'
import type { Meeting, MeetingWish } from './meeting.ts'
import { usualReplyBy } from './request.ts'

/** The life of a recurring meeting: where it was approved with its first one, each further one goes out by itself. */
export const seriesFlow = defineFlow({
  states: { active: '进行中', paused: '已暂停', terminated: '已终止' },
  roles: { organiser: '会议承办人' },
  start: 'active',
  moves: {
    pause: { from: ['active'], to: 'paused', by: 'organiser', button: '暂停' },
    resume: { from: ['paused'], to: 'active', by: 'organiser', button: '恢复' },
    terminate: { from: ['active', 'paused'], to: 'terminated', by: 'organiser', button: '终止' },
  },
})
export type SeriesState = keyof typeof seriesFlow.states
export type SeriesMove = keyof typeof seriesFlow.moves

export interface Series {
  id: number
  rev: number
  state: SeriesState
  maker: string
  unit: string
  /** The words from which its times are reckoned, when they were said, and by which calendar. */
  said: string
  saidAt: Date
  calendarId: string
  /** How many days before its time each one goes out. */
  aheadDays: number
  /** The meeting with which it began, and as which each further one is called. */
  first: number
  /** For which time the last one was made. */
  lastAt: Date
  /** When the next one is held; undefined = there is none any more. */
  nextAt: Date | undefined
  /** When it is made. */
  dueAt: Date | undefined
  movedBy: string
  movedAt: Date
}

export const USUAL_AHEAD = 5
const MOST_AHEAD = 30
export const EXAMPLE_SERIES = '/会议 每周一9:00-10:00 三楼会议室 办公例会 @王强 遇节假日顺延'

/** `每周一9:00-10:00 三楼会议室 办公例会 遇节假日顺延 提前7天通知`: what repeats, and the line as it is for the first time. */
export interface SaidSeries {
  said: string
  startsAt: Date
  aheadDays: number
  /** The same line with the first time in the place of the cycle. */
  line: string
}

const AHEAD = /提前\s*(\d{1,2})\s*天(?:发布|通知)?/
const UNTIL = /(\d{1,2}[:点]\d{0,2}(?:分|半)?)\s*(?:-|—|–|~|至|到)\s*(\d{1,2})(?:[:\uff1a](\d{2})|点(半|\d{2})?)/

/** Undefined where nothing repeats. */
export function readSeries(text: string, now: Date, customs: Customs): SaidSeries | undefined {
  const ahead = AHEAD.exec(text)
  const bare = text.replace(AHEAD, ' ')
  const aheadDays = Math.min(Math.max(Number(ahead?.[1] ?? USUAL_AHEAD), 1), MOST_AHEAD)
  const mixed = mixedIn(bare, now, customs)
  if (mixed) {
    const cycle = cycleFrom(mixed, now, customs)
    return cycle && { ...cycle, aheadDays, line: `${momentText(cycle.startsAt)}${cycle.end} ${mixed.rest}` }
  }
  const read = readTime(bare, now, customs)
  const startsAt = read.kind === 'recurrence' ? firesAfter(bare, now, now, 1, customs)[0] : undefined
  if (read.kind !== 'recurrence' || !startsAt) return undefined
  const [, , hour, minute, of] = UNTIL.exec(bare) ?? []
  const end = hour ? `-${hour}:${minute ?? (of === '半' ? '30' : (of ?? '00'))}` : ''
  const rest = read.rest.replace(/^[-—–~至到]?\s*\d{1,2}[:\uff1a]\d{2}/, ' ')
  return {
    said: bare.trim().slice(0, 300),
    startsAt,
    aheadDays,
    line: `${momentText(startsAt)}${end} ${rest}`,
  }
}

/** Of the whole line that was said, the words that say when: `每周一9:00-10:00 遇节假日顺延`. */
export function cycleWords({ said, saidAt }: Pick<Series, 'said' | 'saidAt'>, customs: Customs): string {
  const others = new Set(wordsOf(readTime(said, saidAt, customs).rest))
  const words = wordsOf(said).filter(word => !others.has(word))
  return words.join(' ') || said
}

/** How a meeting that has been let out, called `number`, is made to repeat as was said. */
export const seriesCommand = (number: string, { said, aheadDays }: SaidSeries, now: Date, customs: Customs): string =>
  [
    '/会议 定期',
    number,
    cycleWords({ said, saidAt: now }, customs),
    ...(aheadDays === USUAL_AHEAD ? [] : [`提前${aheadDays}天`]),
  ].join(' ')

const wordsOf = (text: string): string[] => text.split(/\s+/).filter(word => word !== '')

const momentText = (at: Date): string => `${formatDay(at)}${clockOf(at)}`

/**
 * When the next one is held and made, after one for which a meeting was made: on a workday, so that its notice leaves then (GEN-07).
 * Of each cycle there is one, whatever becomes of its day once it was made.
 */
export function nextOf(
  { said, saidAt, aheadDays, lastAt, nextAt: wasNext }: Cycling & Partial<Pick<Series, 'lastAt' | 'nextAt'>>,
  after: Date,
  customs: Customs,
): Pick<Series, 'nextAt' | 'dueAt'> {
  const nextAt = firesAfter(said, saidAt, after, 1, customs, { last: lastAt, next: wasNext })[0]
  return {
    nextAt,
    dueAt: nextAt && openingOf(workdayUpTo(addDays(dayIn(nextAt), -aheadDays), customs.calendar), customs),
  }
}

type Cycling = Pick<Series, 'said' | 'saidAt' | 'aheadDays'>
type Course = Cycling & Pick<Series, 'lastAt' | 'nextAt'>

/** The next one by other days off; what would have been held meanwhile is left out. */
export const reckoned = (series: Course, now: Date, customs: Customs): Pick<Series, 'nextAt' | 'dueAt'> =>
  nextOf(series, new Date(Math.max(series.lastAt.getTime(), now.getTime())), customs)

/** Once the next one was made. */
export function passed(series: Course, now: Date, customs: Customs): Pick<Series, 'lastAt' | 'nextAt' | 'dueAt'> {
  const lastAt = series.nextAt ?? now
  return { lastAt, ...reckoned({ ...series, lastAt, nextAt: undefined }, now, customs) }
}

/** Whether whoever let the first one out could know that it repeats: else they let out one meeting. */
export function wasKnown(
  { saidAt }: Pick<Series, 'saidAt'>,
  { state, submittedAt, notifiedAt }: Pick<Meeting, 'state' | 'submittedAt' | 'notifiedAt'>,
): boolean {
  const wentAt = submittedAt ?? notifiedAt
  return state === 'draft' || wentAt === undefined || saidAt <= wentAt
}

/** Why a further one stays a draft; undefined = it goes out by itself. `takenRoom`: what it cannot have; `gone`: for whom somebody else is to be found. */
export function whyKept(
  series: Pick<Series, 'saidAt'>,
  first: Pick<Meeting, 'state' | 'submittedAt' | 'notifiedAt' | 'findings'>,
  of: {
    plan: Pick<Meeting, 'findings' | 'steps'>
    gone: readonly string[]
    takenRoom: string | undefined
    isOrganised: boolean
  },
): string | undefined {
  const { findings, steps } = of.plan
  const against =
    findings.find(({ severity }) => severity === 'F') ??
    findings.find(({ severity, rule }) => severity === 'A' && !isAgreed(rule, first))
  if (against) return against.words
  if (of.gone.length) return `${of.gone.join('、')}已离任,请另定主持人、召集人`
  if (of.takenRoom !== undefined) return `${of.takenRoom}已被占用或停用`
  if (!of.isOrganised) return '承办人已不办理会议通知'
  return steps.length && !wasKnown(series, first) ? '须经审批,首次会议送审或发出时尚未设为定期' : undefined
}

/** Whoever approved the first one approved what a rule said of it for all of them. */
const isAgreed = (rule: string, { findings }: Pick<Meeting, 'findings'>): boolean =>
  findings.some(finding => finding.rule === rule)

/** The same meeting at another time. */
export function occurrenceOf(wish: MeetingWish, startsAt: Date, now: Date, customs: Customs): MeetingWish {
  const shift = startsAt.getTime() - wish.startsAt.getTime()
  const moved = (at: Date): Date => new Date(at.getTime() + shift)
  return {
    ...wish,
    startsAt,
    endsAt: moved(wish.endsAt),
    checkInAt: wish.checkInAt && moved(wish.checkInAt),
    replyBy: wish.replyBy && usualReplyBy(startsAt, now, customs),
  }
}
