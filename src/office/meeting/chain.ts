import { type Asked, type Climb, holdersAt, type Ladder, type Step, stepsFor } from '../../kit/chain.ts'
import type { Finding } from '../../kit/finding.ts'
import type { MeetingWish, Setting } from './meeting.ts'

/** Who could decide on somebody's meeting. `handlers/meeting/rules.ts` gathers it. */
export interface ChainFacts extends Ladder {
  maker: string
  may: Setting['may']
}

export const NOBODY =
  '没有可以审批的人员,请联系系统管理员设置办公室主任、分管领导和主要领导,例如:/角色 @李静 办公室主任'

/**
 * The chain of approval of a meeting: none for whoever approves meetings themselves, and none for the head of a department who calls
 * only that; else 办公室主任. What rules ask for comes on top. Undefined where a step and all above it have nobody.
 */
export const chainFor = (
  wish: Pick<MeetingWish, 'scope'>,
  findings: readonly Finding[],
  facts: ChainFacts,
): Step[] | undefined => stepsFor(asked(wish, findings, facts), climbFor(facts))

function asked(wish: Pick<MeetingWish, 'scope'>, findings: readonly Finding[], facts: ChainFacts): Asked[] {
  const further = findings.flatMap(({ severity, adds, words }) =>
    severity === 'A' && adds !== undefined ? [{ by: adds, why: [words] }] : [],
  )
  return isOwnAuthority(wish, facts) ? further : [{ by: 'BZ', why: [] }, ...further]
}

function isOwnAuthority({ scope }: Pick<MeetingWish, 'scope'>, facts: ChainFacts): boolean {
  const held = facts.holders.find(({ id }) => id === facts.maker)?.held ?? []
  if (
    facts.may(
      held.map(({ code }) => code),
      'A',
      'meeting.call',
    )
  )
    return true
  const heads = holdersAt('KZ', { ...climbFor(facts), mayDecide: codes => facts.may(codes, 'C', 'meeting.call') })
  return scope === 'section' && heads.some(({ id }) => id === facts.maker)
}

const climbFor = (facts: ChainFacts): Climb => ({
  ...facts,
  own: [facts.maker],
  mayDecide: codes => decidesOn(codes, facts.may),
})

/** Whether somebody with such roles decides on meetings: 主要领导 do although the matrix only lets them see, for MT-20 … 24 ask for them. */
export const decidesOn = (codes: readonly string[], may: Setting['may']): boolean =>
  may(codes, 'A', 'meeting.call') || (codes.includes('LD') && may(codes, 'V', 'meeting.call'))
