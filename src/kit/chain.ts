import type { HeldRole } from './person.ts'

/** Who decides at a step, by the codes of domain.md 1.2, in the order in which they are asked. */
export const DECIDERS = { KZ: '科室负责人', BZ: '办公室主任', FG: '分管领导', LD: '主要领导' } as const
export type Decider = keyof typeof DECIDERS

const ORDER = Object.keys(DECIDERS) as Decider[]

/** One step of a chain of approval, decided or not. */
export interface Step {
  by: Decider
  /** Why it is there where it does not belong to the usual chain: what rules say, in words. */
  why: readonly string[]
  /** Who may decide it, in order of preference: those shown before submission. */
  people: readonly string[]
  decision: Decision | undefined
}

export interface Decision {
  by: string
  /** Whoever was asked did not agree, and what was asked for stands nonetheless until somebody acts on it. */
  against?: true
  /** In whose place a deputy decided. */
  inPlaceOf: string | undefined
  at: Date
  word: string
}

/** The step that waits for its decision. */
export const openStep = ({ steps }: { steps: readonly Step[] }): Step | undefined =>
  steps.find(({ decision }) => decision === undefined)

/** The steps with the open one decided. */
export function withDecision(steps: readonly Step[], decision: Decision): Step[] {
  const open = steps.findIndex(step => step.decision === undefined)
  return steps.map((step, i) => (i === open ? { ...step, decision } : step))
}

/** Somebody of the house who is there and holds what may count in a chain. */
export interface Holder {
  id: string
  departments: readonly string[]
  /** Every role that they hold, those too that deny. */
  held: readonly HeldRole[]
  /** Those who stand in for them at present (代理): whoever has some is away. */
  deputies: readonly string[]
}

/** Who could decide. `handlers/ladder.ts` gathers it. */
export interface Ladder {
  /** The asking department. */
  unit: string
  /** That department and those above it, the nearest first: a role held in one of them counts. */
  lineage: readonly string[]
  /** The department's head by the directory. */
  head: string | undefined
  /** All who hold 科室负责人, 办公室主任, 分管领导 or 主要领导, and the head, in the order in which they were appointed. */
  holders: readonly Holder[]
}

/** What of a ladder counts for one matter. */
export interface Climb extends Ladder {
  /** Whose own matter it is: they do not decide on it (PERM-01). */
  own: readonly string[]
  /** Whether somebody with such roles may decide on it at all (domain.md 1.3). */
  mayDecide(codes: readonly string[]): boolean
  /** In which departments, the nearest first, a role at a rung is looked for; absent = the lineage. */
  scopeOf?(by: Decider): readonly string[] | undefined
}

export interface Asked {
  by: Decider
  why: readonly string[]
}

/** The steps of what is asked for, in the order KZ < BZ < FG < LD; undefined where nobody could decide one of them. */
export function stepsFor(asked: readonly Asked[], climb: Climb): Step[] | undefined {
  const found = asked.map(({ by, why }) => ({ place: placeOf(by, climb), why }))
  const steps = ORDER.flatMap(by => {
    const here = found.filter(({ place }) => place?.by === by)
    const why = [...new Set(here.flatMap(one => one.why))]
    return here[0]?.place ? [{ by, why, people: here[0].place.people, decision: undefined }] : []
  })
  return found.some(({ place }) => place === undefined) ? undefined : withoutRepeats(steps)
}

interface Place {
  by: Decider
  people: readonly string[]
}

/**
 * Where a step ends up: with those who hold it; one step up where nobody does, or where one of them would decide on their own
 * (PERM-01). Above 主要领导 there is nobody, so what they ask for themselves is decided by a peer, or else by the next below.
 */
function placeOf(by: Decider, climb: Climb): Place | undefined {
  const places = ORDER.map(rung => ({ by: rung, people: able(rung, climb) }))
  const fits = ({ by: rung, people }: Place) => people.length > 0 && !isOwn(rung, climb)
  const up = places.slice(ORDER.indexOf(by)).find(fits)
  if (up || !isOwn('LD', climb)) return up
  return places.findLast(place => place.people.length > 0 && (place.by === 'LD' || fits(place)))
}

/** Whether somebody would decide on their own at a rung. */
export const isOwn = (by: Decider, climb: Climb): boolean =>
  holdersAt(by, climb).some(({ id }) => climb.own.includes(id))

/** Those at a step who may decide: whoever is away comes last, and only where somebody else stands in. */
function able(by: Decider, climb: Climb): string[] {
  const { own } = climb
  const some = holdersAt(by, climb).filter(({ id, deputies }) => !own.includes(id) && isReachable(deputies, own))
  const here = some.filter(({ deputies }) => deputies.length === 0)
  return [...here, ...some.filter(holder => !here.includes(holder))].map(({ id }) => id)
}

const isReachable = (deputies: readonly string[], own: readonly string[]): boolean =>
  deputies.length === 0 || deputies.some(id => !own.includes(id))

/** Who holds a rung, whoever asks: those of the nearest department, else those of the whole house. */
export function holdersAt(by: Decider, climb: Climb): Holder[] {
  const some = climb.holders.filter(holder => climb.mayDecide(codesOf(holder, climb)))
  if (by === 'KZ') return some.filter(holder => isHeadHere(holder, climb))
  const tiers = [...(climb.scopeOf?.(by) ?? climb.lineage), undefined].map(unit =>
    some.filter(({ held }) => held.some(role => role.code === by && role.unit === unit)),
  )
  return tiers.find(tier => tier.length > 0) ?? []
}

/** Who decides a step now: those who were shown before submission, as far as they still hold it, or else whoever holds it now. */
export function decidersNow({ by, people }: Step, climb: Climb): Holder[] {
  const holds = ({ id, held }: Holder): boolean =>
    held.some(({ code }) => code === by) || (by === 'KZ' && climb.head === id)
  const shown = climb.holders.filter(holder => people.includes(holder.id) && holds(holder))
  return shown.length ? shown : holdersAt(by, climb)
}

const codesOf = ({ id, held }: Holder, { head }: Ladder): string[] => [
  ...held.map(({ code }) => code),
  ...(id === head ? ['KZ'] : []),
]

const isHeadHere = ({ id, departments, held }: Holder, { unit, head }: Ladder): boolean =>
  id === head ||
  held.some(role => role.code === 'KZ' && (role.unit === undefined ? departments.includes(unit) : role.unit === unit))

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
