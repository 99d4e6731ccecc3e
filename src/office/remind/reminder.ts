import { actedWords } from '../../kit/acted.ts'
import type { Customs } from '../../kit/customs.ts'
import { deadlineOf, firesAfter, openingOf, readTime, rhythmOf } from '../../kit/customs.ts'
import type { Person } from '../../kit/person.ts'
import { Refusal } from '../../kit/refusal.ts'
import { addWorkdays, dayIn, formatShort, namesClock, nextWorkday, type Parsed, toInstant } from '../../kit/time.ts'

/** A 提醒: something to be said at a time, once or again and again, to people in private or to a group. */
export interface Reminder {
  id: number
  /** By which its owner names it. */
  number: number
  maker: string
  owner: string
  receivers: string[]
  /** The group it reaches; '' = none. */
  chat: string
  text: string
  /** The words from which its time was reckoned, when they were said, and by which calendar. */
  said: string
  saidAt: Date
  calendarId: string
  recurring: boolean
  urgent: boolean
  nextAt: Date | undefined
  state: ReminderState
  source: string
  sourceChat: string
}
export type ReminderState = 'active' | 'paused' | 'ended' | 'cancelled'
export const STATES: Record<ReminderState, string> = {
  active: '已设置',
  paused: '已暂停',
  ended: '已结束',
  cancelled: '已取消',
}

export type NewReminder = Omit<Reminder, 'id' | 'number' | 'state'>

/** One instant of a reminder for one receiver ('' = the group). */
export interface Occurrence {
  id: number
  reminder: number
  receiver: string
  dueAt: Date
  state: OccurrenceState
  firedAt: Date
  missed: number
  snoozedUntil: Date | undefined
  /** Which choice of 稍后 that instant was reckoned from, and by which calendar; undefined = it was not chosen. */
  later: Later | undefined
  calendarId: string | undefined
  movedBy: string
  movedAt: Date | undefined
}
export type OccurrenceState = 'sent' | 'held' | 'muted' | 'snoozed' | 'done' | 'stopped'

export const LIMITS = { receivers: 20, text: 300, said: 800, word: 500, leastMinutes: 10, most: 100 } as const
export const EXAMPLE = '/提醒 明天下午3点半 交材料'
const DEFAULT_CLOCK = '09:00'

/** When a reminder falls due, as it was said. */
export interface Timing {
  recurring: boolean
  nextAt: Date
  /** The words without the time. */
  rest: string
}

/**
 * Reads the time of a reminder, or says why it cannot be. A day without a clock is meant at nine; a deadline that only names a
 * day is kept in mind on the workday before it (CAL-14).
 */
export function readTiming(said: string, now: Date, customs: Customs): Timing | { doubt: string } {
  const read = readTime(said, now, customs)
  if (read.kind === 'recurrence') return series(said, now, customs, read.rest)
  const doubt = DOUBTS[read.kind]
  if (doubt) return { doubt }
  const nextAt = onceAt(read, said, now, customs)
  if (!nextAt || nextAt <= now) return { doubt: '所写的时间已经过去,请写明今天几点' }
  return { recurring: false, nextAt, rest: read.rest }
}

export const namesNoTime = (said: string, now: Date, customs: Customs): boolean =>
  readTime(said, now, customs).kind === 'none'

const MOVES = '调整|变更|推迟|延后|延期|提前'
/** What somebody says before the new time of a reminder. */
const CHANGED = new RegExp(`^[把将]?(?:提醒)?(?:时间)?(?:改|${MOVES})[到至为成在]?\\s*`)
const MOVED = new RegExp(`^(?:[把将]?(?:提醒)?时间|${MOVES})`)

/** Whether it is the time that is to be another: 推迟1小时. */
export const movesTime = (said: string): boolean => MOVED.test(said)

/** `改到明天下午4点`: without the words before a time; `提前到场 明天9点` begins with none. */
export function withoutChange(said: string, now: Date, customs: Customs): string {
  const after = said.replace(CHANGED, '')
  const { rest } = readTime(after, now, customs)
  return rest !== '' && after.startsWith(rest) ? said : after
}

const DOUBTS: Partial<Record<Parsed['kind'], string>> = {
  none: '请写明什么时候提醒',
  invalid: '所写的时间不存在,或不止一个;多个时间请分别设置',
  past: '所写的时间已经过去',
}

function series(said: string, now: Date, customs: Customs, rest: string): Timing | { doubt: string } {
  const { first, leastMs } = rhythmOf(said, now, customs)
  if (!first) return { doubt: '所写的周期没有下一次' }
  return leastMs < LEAST_MS
    ? { doubt: `提醒间隔最短${LIMITS.leastMinutes}分钟` }
    : { recurring: true, nextAt: first, rest }
}

const LEAST_MS = LIMITS.leastMinutes * 60_000

function onceAt(read: Parsed, said: string, now: Date, customs: Customs): Date | undefined {
  if (read.kind === 'instant') return new Date(read.start)
  if (read.kind === 'date') return dayAt(read.start)
  if (read.kind === 'range') return read.start.length === 10 ? dayAt(read.start) : new Date(read.start)
  const due = deadlineOf(read, customs)
  if (!due || read.kind !== 'deadline' || namesClock(said, now.toISOString())) return due
  const before = dayAt(addWorkdays(dayIn(due), -1, customs.calendar))
  return [before, dayAt(dayIn(due)), due].find(at => at > now)
}

const dayAt = (day: string): Date => new Date(toInstant(day, DEFAULT_CLOCK))

/** What the rest of a group goes on relying on. */
export const isOfGroup = ({ chat, recurring }: Pick<Reminder, 'chat' | 'recurring'>): boolean =>
  chat !== '' && recurring

/**
 * 移交: what becomes of a reminder when somebody leaves. Who repeats something before a group is followed by somebody else who sits
 * there; everything else of theirs ends, and nobody reminds them any more. Whoever only changes their post keeps the rest.
 */
export function handedOver(
  reminder: Reminder,
  from: Pick<Person, 'id' | 'active'>,
  to: string,
  toSitsThere: boolean,
): Reminder {
  const isFollowed = isOfGroup(reminder) && toSitsThere
  const owner = reminder.owner === from.id && isFollowed ? to : reminder.owner
  if (from.active) return { ...reminder, owner }
  const receivers = reminder.receivers.filter(id => id !== from.id)
  const ends = owner === from.id || (!receivers.length && !reminder.chat)
  return { ...reminder, owner, receivers, state: ends ? 'cancelled' : reminder.state }
}

/** The instants of a reminder after one of them. */
export const instantsAfter = (reminder: Reminder, after: Date, count: number, customs: Customs): Date[] =>
  reminder.recurring ? firesAfter(reminder.said, reminder.saidAt, after, count, customs) : []

const SHOWN_FIRES = 3

/** The next instants, for whoever looks at it. */
export function firesOf(reminder: Reminder, customs: Customs): Date[] {
  const { nextAt } = reminder
  return nextAt ? [nextAt, ...instantsAfter(reminder, nextAt, SHOWN_FIRES - 1, customs)] : []
}

/** What is said late is said to be late. */
export const LATE_MS = 120_000
/** So late that outside office hours it may as well wait for the morning. */
const STALE_MS = 3_600_000
const MOST_COUNTED = 50

export interface Firing {
  dueAt: Date
  /** Later instants that passed unsaid: they are one message with the first. */
  missed: number
  nextAt: Date | undefined
}

/** What a reminder that has fallen due says now, and when it will again. */
export function firing(reminder: Reminder, now: Date, customs: Customs): Firing {
  const dueAt = reminder.nextAt ?? now
  const from = dueAt > now ? dueAt : now
  const isLate = now.getTime() - dueAt.getTime() > LATE_MS
  const missed = isLate
    ? instantsAfter(reminder, dueAt, MOST_COUNTED, customs).filter(instant => instant <= now).length
    : 0
  return { dueAt, missed, nextAt: instantsAfter(reminder, from, 1, customs)[0] }
}

/** What of a receiver decides whether a reminder is said now. */
export interface Receiver {
  muted: boolean
  /** Unasked messages that still fit into today. */
  room: number
  open: boolean
}

/** Quiet hours (GEN-07): a reminder is asked for at its very time; said late, or beyond the daily measure, it waits for the morning. */
export function howToSay(
  reminder: Pick<Reminder, 'urgent' | 'maker'>,
  receiver: string,
  { muted, room, open }: Receiver,
  lateMs: number,
): 'sent' | 'held' | 'muted' {
  if (reminder.urgent) return 'sent'
  if (muted) return 'muted'
  if (!open && lateMs > STALE_MS) return 'held'
  return receiver !== reminder.maker && room <= 0 ? 'held' : 'sent'
}

/** What 稍后 offers, and until when it puts an occurrence off. */
export const LATER: Record<Later, { label: string; until: (now: Date, customs: Customs) => Date }> = {
  minutes: { label: '20分钟', until: now => new Date(now.getTime() + 20 * 60_000) },
  hour: { label: '1小时', until: now => new Date(now.getTime() + 3_600_000) },
  tomorrow: { label: '明天上班时', until: (now, customs) => openingOf(tomorrow(now), customs) },
  workday: {
    label: '下个工作日',
    until: (now, customs) => openingOf(nextWorkday(dayIn(now), customs.calendar), customs),
  },
}
export type Later = 'minutes' | 'hour' | 'tomorrow' | 'workday'

/** Until when an occurrence is put off by the days and hours now in force: never to what has passed, nor what is overdue. */
export function putOffUntil(
  { later, movedAt, snoozedUntil }: Occurrence,
  now: Date,
  customs: Customs,
): Date | undefined {
  if (!later || !movedAt || !snoozedUntil || snoozedUntil <= now) return snoozedUntil
  const anew = LATER[later].until(movedAt, customs)
  return anew > now ? anew : snoozedUntil
}

export const isLater = (word: unknown): word is Later => typeof word === 'string' && Object.hasOwn(LATER, word)

const tomorrow = (now: Date): string => dayIn(new Date(now.getTime() + 86_400_000))

/** Whether a text says of itself that it cannot wait. */
export const isUrgent = (text: string): boolean => /^[\s【[(\uff08]*(特急|特提)/.test(text)

/** @throws Refusal when a text is missing or too long, or when too many are to be reminded. */
export function checkWish(text: string, receivers: readonly string[]): void {
  if (!text) throw new Refusal('请写明提醒内容', EXAMPLE)
  if (text.length > LIMITS.text) throw new Refusal(`提醒内容请控制在${LIMITS.text}字以内`)
  if (receivers.length > LIMITS.receivers) throw new Refusal(`一次最多提醒${LIMITS.receivers}人`)
}

/** What somebody did with an occurrence that its card tells of. */
const ACTS: Partial<Record<OccurrenceState, string>> = { done: '已完成', stopped: '不再提醒', snoozed: '选择稍后' }
export const wasMoved = ({ movedBy, state }: Occurrence): boolean => movedBy !== '' && state in ACTS

/** Why an instant that is put off would not be said again to whoever it is for; undefined = it will be. */
export function whyNotAgain(
  { receiver }: Pick<Occurrence, 'receiver'>,
  { state, receivers }: Reminder,
): string | undefined {
  if (state === 'cancelled' || state === 'paused') return `该提醒${STATES[state]}`
  return receiver && !receivers.includes(receiver) ? '您已不再接收该提醒' : undefined
}

/** What may still be done with an occurrence. */
export const isOpen = ({ state }: Occurrence): boolean => state !== 'done' && state !== 'stopped'

/** `李静 已完成 · 11月26日(周四)10:32` */
export function lastAct(
  { movedBy, movedAt, state }: Occurrence,
  now: Date,
  names: ReadonlyMap<string, string>,
): string {
  return `${actedWords(ACTS[state] ?? '', movedBy, undefined, names)}${movedAt ? ` · ${formatShort(movedAt, now)}` : ''}`
}

/** When it was to be said: at its instant, or when whoever put it off wanted it again. */
const promisedAt = ({ movedBy, snoozedUntil, dueAt }: Occurrence): Date | undefined =>
  movedBy === '' ? dueAt : snoozedUntil

/** When it was to be said, where it was said late. */
export function lateFrom(occurrence: Occurrence): Date | undefined {
  const promised = promisedAt(occurrence)
  return promised && occurrence.firedAt.getTime() - promised.getTime() > LATE_MS ? promised : undefined
}
