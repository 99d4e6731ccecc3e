import type { Decider, Decision, Step } from '../src/kit/chain.ts'

/** A step of a chain of approval as JSON, which has no dates and leaves out what is undefined. */
export interface StoredStep {
  by: Decider
  why: string[]
  people: string[]
  decision?: { by: string; inPlaceOf?: string; at: string; word: string; against?: true }
}

export const storedStep = ({ by, why, people, decision }: Step): StoredStep => ({
  by,
  why: [...why],
  people: [...people],
  ...(decision ? { decision: storedDecision(decision) } : {}),
})

const storedDecision = ({ by, inPlaceOf, at, word, against }: Decision): NonNullable<StoredStep['decision']> => ({
  by,
  ...(inPlaceOf === undefined ? {} : { inPlaceOf }),
  at: at.toISOString(),
  word,
  ...(against ? { against } : {}),
})

export const stepOf = ({ by, why, people, decision }: StoredStep): Step => ({
  by,
  why,
  people,
  decision: decision && { ...decision, inPlaceOf: decision.inPlaceOf, at: new Date(decision.at) },
})
