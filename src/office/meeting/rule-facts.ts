import type { Step } from '../../kit/chain.ts'
import type { Customs } from '../../kit/customs.ts'
import type { Finding } from '../../kit/finding.ts'
import type { Clash, Slot } from './clash.ts'
import type { RuleSetting } from './rule-setting.ts'

/** What the rules need to know beside the meeting that is wished for. `handlers/meeting/rules.ts` gathers it. */
export interface MeetingFacts {
  now: Date
  customs: Customs
  setting: RuleSetting
  /** Names of those who hold 主要领导 (MT-25). */
  leaders: readonly string[]
  /** Whether the convener is a 分管负责同志, and no 主要领导 (MT-22). */
  isDeputyConvening: boolean
  /** How many are expected, the places of units among them. */
  heads: number
  /** Units and departments that are asked (MT-27). */
  units: number
  /** This year's other comprehensive work meetings of the whole system (MT-20). */
  comprehensive: number
  /** How many people, and whether the room, are taken at that time (MT-09). */
  clashes: number
}

/** Everything that is to be known before a meeting goes out. */
export interface Plan {
  /** Those that forbid first. Where nobody could decide on it there is one of severity F, so that it cannot go out. */
  findings: readonly Finding[]
  /** The chain of approval; empty: it needs none. */
  steps: readonly Step[]
  clashes: readonly Clash[]
  /** The next times that would suit everybody, where there are clashes: at most three. */
  slots: readonly Slot[]
  /** 精文减会: 本周已有4个全体会议;与12人日程冲突 */
  meter: string
  /** Whether the calendars of those who are needed have been read, or are about to be; `ungranted`: the app is not let. */
  calendars: 'known' | 'reading' | 'unread' | 'ungranted'
}
