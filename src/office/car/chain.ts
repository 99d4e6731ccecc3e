import {
  type Asked,
  type Climb,
  DECIDERS,
  type Decider,
  holdersAt,
  isOwn,
  type Ladder,
  type Step,
  stepsFor,
} from '../../kit/chain.ts'
import type { Finding } from '../../kit/finding.ts'
import { Refusal } from '../../kit/refusal.ts'
import { dayIn } from '../../kit/time.ts'
import type { Setting, Trip, TripWish } from './trip.ts'

/** Who could decide on somebody's request. `handlers/car/rules.ts` gathers it. */
export interface ChainFacts extends Ladder {
  applicant: string
  may: Setting['may']
}

const ORDER = Object.keys(DECIDERS) as Decider[]
const LEADERS: readonly string[] = ['FG', 'LD']

export const NOBODY =
  '没有可以审批的人员,请联系系统管理员设置办公室主任、分管领导和主要领导,例如:/角色 @李静 办公室主任'

/**
 * The chain of approval of a request (domain.md 4.3), in the order KZ < BZ < FG < LD.
 * @throws Refusal where a step and all above it have nobody.
 */
export function chainFor(wish: TripWish, findings: readonly Finding[], facts: ChainFacts): Step[] {
  const chain = chainOrNone(wish, findings, facts)
  if (!chain) throw new Refusal(NOBODY)
  return chain
}

/** The same for showing; undefined where nobody could decide. */
export const chainOrNone = (wish: TripWish, findings: readonly Finding[], facts: ChainFacts): Step[] | undefined =>
  stepsFor(asked(wish, findings, facts), climbFor(wish, facts))

const climbFor = ({ user }: Pick<TripWish, 'user'>, facts: ChainFacts): Climb => ({
  ...facts,
  own: [facts.applicant, user],
  mayDecide: codes => facts.may(codes, 'A', 'car.approve'),
  scopeOf: by => (by === 'FG' && isLeader(user, facts) ? officesOf({ user }, facts) : undefined),
})

/** Whose approval is asked for, and why where it is not the usual. */
function asked(wish: TripWish, findings: readonly Finding[], facts: ChainFacts): Asked[] {
  const usual: Decider[] = isLeader(wish.user, facts)
    ? ['FG']
    : wish.category === 'confidential'
      ? ['BZ']
      : ['KZ', 'BZ']
  const further = findings.flatMap(({ severity, adds, words }) =>
    severity === 'A' && adds !== undefined ? [{ by: adds, why: [words] }] : [],
  )
  const overnight = isOvernight(wish) ? [{ by: 'FG' as const, why: ['过夜用车须经分管领导批准。'] }] : []
  return [...usual.map(by => ({ by, why: [] })), ...overnight, ...further]
}

/** What 分管领导, or whoever decides in their place, are asked beside the chain; undefined where nobody could decide. */
export const furtherStep = (wish: Pick<TripWish, 'user'>, why: string, facts: ChainFacts): Step | undefined =>
  stepsFor([{ by: 'FG', why: [why] }], climbFor(wish, facts))?.[0]

export const isOvernight = ({ startsAt, endsAt }: Pick<TripWish, 'startsAt' | 'endsAt'>): boolean =>
  dayIn(startsAt) !== dayIn(endsAt)

/** Whether somebody would have to decide on what they ask for (CAR-06). */
export const asksOneself = (wish: TripWish, findings: readonly Finding[], facts: ChainFacts): boolean =>
  asked(wish, findings, facts).some(({ by }) => isOwn(by, climbFor(wish, facts)))

/** The departments of 办公室主任: a leader's trip is for the leader in charge of one of them. */
const officesOf = (wish: Pick<TripWish, 'user'>, facts: ChainFacts): string[] =>
  holdersAt('BZ', climbFor(wish, facts)).flatMap(({ departments }) => departments)

const isLeader = (person: string, { holders }: ChainFacts): boolean =>
  holders.some(({ id, held }) => id === person && held.some(({ code }) => LEADERS.includes(code)))

/**
 * Who answers for what of a request, so that a change goes back to the first step that it touches: 科室 for what the trip is for,
 * who rides and where and on which days; 办公室 for the car and the hours. What leaders answer for (distance, nights, hours)
 * reaches them through the findings: their step then has another reason.
 */
const ANSWERS: Record<keyof TripWish, Decider | undefined> = {
  user: 'KZ',
  purpose: 'KZ',
  ground: 'KZ',
  basis: 'KZ',
  destination: 'KZ',
  via: 'KZ',
  reach: 'KZ',
  passengers: 'KZ',
  guests: 'KZ',
  startsAt: 'BZ',
  endsAt: 'BZ',
  origin: 'BZ',
  category: 'BZ',
  headcount: 'BZ',
  cars: 'BZ',
  selfDrive: 'BZ',
  phone: undefined,
  remark: undefined,
}

/** The first step of the new chain that has to decide (anew) after a change; the chain's length where all stands. */
export function stepAfterEdit(before: Trip, wish: TripWish, chain: readonly Step[]): number {
  const touched = firstTouched(before, wish)
  const at = chain.findIndex(step => {
    const old = before.steps.find(({ by }) => by === step.by)
    const isTouched = touched !== undefined && ORDER.indexOf(step.by) >= ORDER.indexOf(touched)
    return isTouched || !old?.decision || old.decision.against || step.why.some(reason => !old.why.includes(reason))
  })
  return at === -1 ? chain.length : at
}

/** The new chain with the decisions that still stand. */
export function chainAfterEdit(before: Trip, wish: TripWish, chain: readonly Step[]): Step[] {
  const open = stepAfterEdit(before, wish, chain)
  const decisionOf = ({ by }: Step) => before.steps.find(step => step.by === by)?.decision
  return chain.map((step, at) => (at < open ? { ...step, decision: decisionOf(step) } : step))
}

/** Whether a change touches what somebody answers for; a phone or a remark does not. */
export const isTouching = (before: Trip, wish: TripWish): boolean => firstTouched(before, wish) !== undefined

function firstTouched(before: Trip, wish: TripWish): Decider | undefined {
  const changed = (Object.keys(ANSWERS) as Array<keyof TripWish>).filter(
    field => JSON.stringify(before[field]) !== JSON.stringify(wish[field]),
  )
  const days = ({ startsAt, endsAt }: TripWish) => `${dayIn(startsAt)} ${dayIn(endsAt)}`
  const touched = [...changed.map(field => ANSWERS[field]), ...(days(before) === days(wish) ? [] : ['KZ' as const])]
  return ORDER.find(by => touched.includes(by))
}
