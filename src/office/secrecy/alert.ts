import { defineFlow } from '../../kit/flow.ts'
import type { HeldRole, Principal } from '../../kit/person.ts'
import type { Place } from './rule-book.ts'

/** The life of a 保密告警 (domain.md 9.3): 保密员 judges what was stopped, and a leak is reported within the day. */
export const alertFlow = defineFlow({
  states: { open: '待处置', released: '误报', breach: '违规', leaked: '泄密待报告', reported: '泄密已报告' },
  roles: { officer: '保密员' },
  start: 'open',
  moves: {
    // where several contents were stopped it stays open until the last of them is judged
    release: { from: ['open'], to: 'released', or: ['open'], by: 'officer', button: '误报放行', asks: 'reason' },
    breach: { from: ['open'], to: 'breach', by: 'officer', button: '确认违规', asks: 'note' },
    leak: { from: ['open', 'breach'], to: 'leaked', by: 'officer', button: '确认泄密', asks: 'note' },
    report: { from: ['leaked'], to: 'reported', by: 'officer', button: '已报告', asks: 'reason' },
  },
})
export type AlertState = keyof typeof alertFlow.states
export type AlertRole = keyof typeof alertFlow.roles
export type AlertMove = keyof typeof alertFlow.moves

/** What one person sent within an hour and was stopped, on one card. */
export interface Alert {
  id: number
  rev: number
  /** '' = not known. */
  sender: string
  /** The sender's department; '' = none. */
  unit: string
  state: AlertState
  openedAt: Date
  lastAt: Date
  count: number
  decidedBy: string | undefined
  decidedAt: Date | undefined
  word: string
  /** When 保密员 is next reminded to report. */
  remindAt: Date | undefined
  reportedBy: string | undefined
  reportedAt: Date | undefined
  report: string
}

/** One thing that was stopped: by which rules and where, and by what it is told again. Never what it said. */
export interface Stopped {
  id: number
  alert: number
  at: Date
  chat: string
  message: string
  place: Place
  action: 'return' | 'block'
  rules: string[]
  fingerprints: string[]
  released: boolean
}

/** Whether it passes once it is found to be harmless: a picture can be looked through no better than before. */
export const isPassable = ({ place }: Pick<Stopped, 'place'>): boolean => place !== 'picture'

/** What 保密员 found to be harmless: it passes until it is withdrawn. */
export interface Release {
  id: number
  alert: number
  fingerprint: string
  rules: string[]
  reason: string
  by: string
  at: Date
}

export const LIMITS = { word: 200, report: 200 } as const
/** What is stopped within this time of an alert's beginning is added to it. */
export const GATHERED_MS = 3_600_000

const HOUR_MS = 3_600_000
/** 《保守国家秘密法实施条例》第六十一条. */
const REPORT_HOURS = 24

export const reportBy = ({ openedAt }: Pick<Alert, 'openedAt'>): Date =>
  new Date(openedAt.getTime() + REPORT_HOURS * HOUR_MS)

/** So long before its end, and at the end, a report is asked for; then again and again. */
const AHEAD_HOURS = [12, 4, 1, 0]
const AGAIN_HOURS = 12

/** When a report that is still wanting is asked for next. */
export function remindNext(alert: Pick<Alert, 'openedAt'>, now: Date): Date {
  const end = reportBy(alert).getTime()
  const ahead = AHEAD_HOURS.map(hours => end - hours * HOUR_MS).find(at => at > now.getTime())
  return new Date(ahead ?? now.getTime() + AGAIN_HOURS * HOUR_MS)
}

/** What the fixed reply says of something that was stopped, to the letter (domain.md 9.3). */
export const FIXED_REPLY = '检测到疑似涉密或不宜公开内容,已停止处理。请勿在本平台继续发送,请立即联系本单位保密员。'
const RECALL = '撤回消息不能消除已经发生的传输。'
const RELEASABLE = '经保密员核实属误报的,可由保密员放行后重新发送。'

export const replyTo = (action: Stopped['action'], hints: readonly string[]): string[] => [
  FIXED_REPLY,
  ...hints,
  ...(action === 'return' ? [RELEASABLE] : []),
  RECALL,
]

export interface Actor {
  id: string
  held: readonly HeldRole[]
  standsFor: readonly Principal[]
}
type May = (roles: readonly string[], right: Right, of: 'secrecy.alert') => boolean

type Right = 'E' | 'V'
/** Whoever may handle it may look at it. */
const RIGHTS: Record<Right, readonly Right[]> = { E: ['E'], V: ['E', 'V'] }

/** Who sent it, and its unit with those above: whoever answers for a unit answers for the sections below it. */
export interface Origin extends Pick<Alert, 'sender'> {
  lineage: readonly string[]
}

/** Whether somebody handles an alert: 保密员 has no deputy, and nobody handles what they sent themselves. */
export const handles = (alert: Origin, actor: Actor, may: May): boolean =>
  alert.sender !== actor.id && isWithin(alert, sphereOf(actor, 'E', may))

/** Alerts are for 保密员, and the leaders to look at: everybody else knows nothing of them. */
export const maySee = (alert: Origin, actor: Actor, may: May): boolean =>
  alert.sender !== actor.id && isWithin(alert, sphereOf(actor, 'V', may))

export const isWithin = ({ lineage }: Pick<Origin, 'lineage'>, sphere: 'house' | readonly string[]): boolean =>
  sphere === 'house' || sphere.some(unit => lineage.includes(unit))

/** Of which units, and so of all below them, somebody handles alerts or may look at them: the whole house's, or those of some. A denial among one's own roles wins. */
export function sphereOf(actor: Actor, right: Right, may: May): 'house' | string[] {
  const own = actor.held.map(({ code }) => code)
  const inPlaceOf = right === 'V' ? actor.standsFor.flatMap(({ held }) => held) : []
  const able = [...actor.held, ...inPlaceOf].filter(({ code }) =>
    RIGHTS[right].some(one => may([code], one, 'secrecy.alert') && may([code, ...own], one, 'secrecy.alert')),
  )
  return able.some(({ unit }) => unit === undefined) ? 'house' : [...new Set(able.flatMap(({ unit }) => unit ?? []))]
}
