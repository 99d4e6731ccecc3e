import { type Switched, usualFigures } from '../../kit/rules.ts'
import type { MeetingClass } from './terms.ts'

/** Figures of the rules that an office may settle, with what they are where it has settled nothing. */
export const THRESHOLDS = {
  way: { rule: 'MT-09', label: '两会之间路途时间(分钟)', usual: 30, least: 0, greatest: 240 },
  ahead: { rule: 'MT-10', label: '会议通知提前(工作日)', usual: 2, least: 0, greatest: 20 },
  yearly: { rule: 'MT-20', label: '本系统综合性工作会议每年(次)', usual: 1, least: 1, greatest: 12 },
  speech: { rule: 'MT-25', label: '主要讲话、报告时长(分钟)', usual: 60, least: 10, greatest: 240 },
  plain: { rule: 'MT-26', label: '不安排分组讨论的会期(半天数)', usual: 1, least: 1, greatest: 10 },
  discussed: { rule: 'MT-26', label: '安排分组讨论的会期(半天数)', usual: 3, least: 1, greatest: 10 },
  units: { rule: 'MT-27', label: '参会单位数', usual: 20, least: 1, greatest: 500 },
  planAhead: { rule: 'MT-29', label: '计划内会议通知提前(工作日)', usual: 5, least: 0, greatest: 20 },
  cityHours: { rule: 'MT-30', label: '全市性会议时长(小时)', usual: 2, least: 1, greatest: 12 },
  comprehensive: { rule: 'MT-31', label: '综合性文稿字数', usual: 5_000, least: 500, greatest: 20_000 },
  special: { rule: 'MT-31', label: '专项、部署类文稿字数', usual: 4_000, least: 500, greatest: 20_000 },
} as const
export type Threshold = keyof typeof THRESHOLDS

/** What a class of meetings may come to (domain.md 3.4); 0 = as approved. */
export interface Cap {
  heads: number
  days: number
  /** 综合定额, yuan for somebody and a day. */
  fee: number
}
export type Caps = Readonly<Record<MeetingClass, Cap>>

/** Days without meetings (MT-28). */
export type QuietDay =
  | { every: 'week'; weekday: number }
  | { every: 'month'; week: number }
  | { from: string; to: string }

/** Under which name it is kept. */
export const RULE_SETTING = 'meeting.rules'

/** What an office has settled about the rules of its meetings. */
export interface RuleSetting extends Switched {
  thresholds: Readonly<Record<Threshold, number>>
  caps: Caps
  quiet: readonly QuietDay[]
}

export const USUAL: RuleSetting = {
  off: [],
  thresholds: usualFigures(THRESHOLDS),
  caps: {
    first: { heads: 0, days: 0, fee: 760 },
    second: { heads: 300, days: 2, fee: 650 },
    third: { heads: 150, days: 2, fee: 550 },
    fourth: { heads: 50, days: 2, fee: 550 },
  },
  quiet: [],
}

/** What is kept, filled up with what is usual: a threshold that came later has its usual figure. */
export const withUsual = (kept: Partial<RuleSetting> | undefined): RuleSetting => ({
  ...USUAL,
  ...kept,
  thresholds: { ...USUAL.thresholds, ...kept?.thresholds },
  caps: { ...USUAL.caps, ...kept?.caps },
})
