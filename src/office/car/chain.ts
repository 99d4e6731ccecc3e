import type { HeldRole } from '../../kit/person.ts'
import { Refusal } from '../../kit/refusal.ts'
import { dayIn } from '../../kit/time.ts'
import { DECIDERS, type Decider } from './terms.ts'
import type { Finding, Setting, Step, Trip, TripWish } from './trip.ts'

/** Somebody of the house who is there and holds what may count in a chain. */
export interface Holder {
  id: string
  departments: readonly string[]
  /** Every role that they hold, those too that deny. */
  held: readonly HeldRole[]
  /** Those who stand in for them at present (代理): whoever has some is away. */
  deputies: readonly string[]
}

/** Who could decide. `handlers/car/rules.ts` gathers it. */
export interface ChainFacts {
  applicant: string
  /** The applicant's department. */
  unit: string
  /** That department and those above it, the nearest first: a role held in one of them counts. */
  lineage: readonly string[]
  /** The department's head by the directory. */
  head: string | undefined
  /** All who hold 科室负责人, 办公室主任, 分管领导 or 主要领导, and the head, in the order in which they were appointed. */
  holders: readonly Holder[]
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
export function chainOrNone(wish: TripWish, findings: readonly Finding[], facts: ChainFacts): Step[] | undefined {
  const found = asked(wish, findings, facts).map(({ by, why }) => ({ place: placeOf(by, wish, facts), why }))
  const steps = ORDER.flatMap(by => {
    const here = found.filter(({ place }) => place?.by === by)
    const why = [...new Set(here.flatMap(one => one.why))]
    return here[0]?.place ? [{ by, why, people: here[0].place.people, decision: undefined }] : []
  })
  return found.some(({ place }) => place === undefined) ? undefined : withoutRepeats(steps)
}

/** Whose approval is asked for, and why where it is not the usual. */
function asked(
  wish: TripWish,
  findings: readonly Finding[],
  facts: ChainFacts,
): Array<{ by: Decider; why: readonly string[] }> {
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

export const isOvernight = ({ startsAt, endsAt }: Pick<TripWish, 'startsAt' | 'endsAt'>): boolean =>
  dayIn(startsAt) !== dayIn(endsAt)

interface Place {
  by: Decider
  people: readonly string[]
}

/**
 * Where a step ends up: with those who hold it; one step up where nobody does, or where the applicant or the user is one of them
 * (PERM-01). Above 主要领导 there is nobody, so what they ask for themselves is decided by a peer, or else by the next below.
 */
function placeOf(by: Decider, wish: TripWish, facts: ChainFacts): Place | undefined {
  const places = ORDER.map(rung => ({ by: rung, people: deciders(rung, wish, facts) }))
  const fits = ({ by: rung, people }: Place) => people.length > 0 && !isOwn(rung, wish, facts)
  const up = places.slice(ORDER.indexOf(by)).find(fits)
  if (up || !isOwn('LD', wish, facts)) return up
  return places.findLast(place => place.people.length > 0 && (place.by === 'LD' || fits(place)))
}

/** Whether the applicant or the user would decide on it. */
const isOwn = (by: Decider, wish: TripWish, facts: ChainFacts): boolean =>
  natural(by, wish, facts).some(({ id }) => selves(wish, facts).includes(id))

/** Whether somebody would have to decide on what they ask for (CAR-06). */
export const asksOneself = (wish: TripWish, findings: readonly Finding[], facts: ChainFacts): boolean =>
  asked(wish, findings, facts).some(({ by }) => isOwn(by, wish, facts))

const selves = ({ user }: Pick<TripWish, 'user'>, { applicant }: Pick<ChainFacts, 'applicant'>): string[] => [
  applicant,
  user,
]

/** Those at a step who may decide: whoever is away comes last, and only where somebody else stands in. */
function deciders(by: Decider, wish: TripWish, facts: ChainFacts): string[] {
  const own = selves(wish, facts)
  const able = natural(by, wish, facts).filter(({ id, deputies }) => !own.includes(id) && isReachable(deputies, own))
  const here = able.filter(({ deputies }) => deputies.length === 0)
  return [...here, ...able.filter(holder => !here.includes(holder))].map(({ id }) => id)
}

const isReachable = (deputies: readonly string[], own: readonly string[]): boolean =>
  deputies.length === 0 || deputies.some(id => !own.includes(id))

/** Who holds a step for a request, whoever asks: those of the nearest department, else those of the whole house. */
function natural(by: Decider, wish: TripWish, facts: ChainFacts): Holder[] {
  const able = facts.holders.filter(holder => facts.may(codesOf(holder, facts), 'A', 'car.approve'))
  if (by === 'KZ') return able.filter(holder => isHeadHere(holder, facts))
  const scope = by === 'FG' && isLeader(wish.user, facts) ? officesOf(wish, facts) : facts.lineage
  const tiers = [...scope, undefined].map(unit =>
    able.filter(({ held }) => held.some(role => role.code === by && role.unit === unit)),
  )
  return tiers.find(tier => tier.length > 0) ?? []
}

/** The departments of 办公室主任: a leader's trip is for the leader in charge of one of them. */
const officesOf = (wish: TripWish, facts: ChainFacts): string[] =>
  natural('BZ', wish, facts).flatMap(({ departments }) => departments)

const codesOf = ({ id, held }: Holder, { head }: ChainFacts): string[] => [
  ...held.map(({ code }) => code),
  ...(id === head ? ['KZ'] : []),
]

const isHeadHere = ({ id, departments, held }: Holder, { unit, head }: ChainFacts): boolean =>
  id === head ||
  held.some(role => role.code === 'KZ' && (role.unit === undefined ? departments.includes(unit) : role.unit === unit))

const isLeader = (person: string, { holders }: ChainFacts): boolean =>
  holders.some(({ id, held }) => id === person && held.some(({ code }) => LEADERS.includes(code)))

/** A step falls away where all who hold it hold the next as well (the head of 办公室): they decide there. */
function withoutRepeats(steps: readonly Step[]): Step[] {
  const kept: Step[] = []
  let passedOn: readonly string[] = []
  for (const [at, step] of steps.entries()) {
    const next = steps[at + 1]
    const why = [...new Set([...passedOn, ...step.why])]
    const isRepeat = next !== undefined && step.people.every(person => next.people.includes(person))
    passedOn = isRepeat ? why : []
    if (!isRepeat) kept.push({ ...step, why })
  }
  return kept
}

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
