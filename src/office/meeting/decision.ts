import { isApart } from '../../kit/person.ts'
import { Refusal } from '../../kit/refusal.ts'
import type { Bearer } from './decision-bearers.ts'
import type { Actor, Meeting, Setting } from './meeting.ts'
import { selvesOf } from './roles.ts'

/** A 议定事项 (MT-07): what a meeting settled, who is to do it, and until when. */
export interface Decision {
  id: number
  rev: number
  meeting: number
  /** As it was handed in. */
  says: string
  title: string
  /** Somebody of the unit that leads; '' = still to be settled. */
  lead: string
  leadUnit: string
  assistants: readonly Bearer[]
  dueAt: Date | undefined
  /** The words from which it was reckoned, and when they were said; '' = it was not named in words that say nothing else. */
  dueSaid: string
  dueSaidAt: Date | undefined
  /** What is to be looked at, in sentences. */
  doubts: readonly string[]
  madeBy: string
  madeAt: Date
  /** When the head of the unit that leads was asked for a deadline. */
  askedAt: Date | undefined
  /** Who proposed the deadline; undefined = the meeting set it. */
  proposedBy: string | undefined
  /** The draft in 督办 that came of it, and who had it made. */
  task: number | undefined
  handedBy: string | undefined
  handedAt: Date | undefined
}

export const DECISION_LIMITS = { each: 40, says: 1_000, title: 200, assistants: 20, page: 6 } as const

export const EXAMPLE_DECISION = '由综治科牵头,督查科配合,12月10日前报送方案'

/** What is still missing before it can become a task. */
export const missingIn = ({ title, lead, dueAt }: Pick<Decision, 'title' | 'lead' | 'dueAt'>): string[] => [
  ...(title ? [] : ['事项']),
  ...(lead ? [] : ['牵头人']),
  ...(dueAt ? [] : ['完成时限']),
]

/** @throws Refusal when there would be more than a meeting may have, or one is too long. */
export function checkDecisions(lines: readonly string[], before: number): void {
  if (!lines.length) throw new Refusal('请写明议定事项,一行一项', EXAMPLE_DECISION)
  if (before + lines.length > DECISION_LIMITS.each)
    throw new Refusal(`一次会议的议定事项最多${DECISION_LIMITS.each}项,请合并或分别登记`)
  const long = lines.findIndex(line => line.length > DECISION_LIMITS.says)
  if (long !== -1) throw new Refusal(`第${long + 1}项超过${DECISION_LIMITS.says}字,请精简`)
}

/** Whether somebody may propose the deadline that a meeting did not set: whoever leads, or heads the unit that does. */
export const mayPropose = (
  decision: Pick<Decision, 'lead' | 'leadUnit'>,
  actor: Actor,
  setting: Pick<Setting, 'heads'>,
): boolean => proposesAs(decision, actor, setting) !== undefined

/** As whom somebody proposes it: by themselves before in another's place; undefined = they may not. */
export function proposesAs(
  { lead, leadUnit }: Pick<Decision, 'lead' | 'leadUnit'>,
  actor: Actor,
  { heads }: Pick<Setting, 'heads'>,
): string | undefined {
  return selvesOf(actor).find(
    self =>
      self.id === lead ||
      heads.get(leadUnit) === self.id ||
      self.held.some(
        ({ code, unit }) =>
          code === 'KZ' && (unit === undefined ? self.departments.includes(leadUnit) : unit === leadUnit),
      ),
  )?.id
}

/** Whether somebody may put tasks on file for the office of a meeting (督办 立项 of domain.md 1.3), by themselves or as a deputy. */
export const mayHand = ({ unit: of }: Pick<Meeting, 'unit'>, actor: Actor, may: Setting['may']): boolean =>
  !isApart(actor) &&
  selvesOf(actor).some(({ held }) =>
    held.some(({ code, unit }) => (unit === undefined || unit === of) && may([code], 'C', 'task.draft')),
  )
