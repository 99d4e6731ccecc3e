import type { HeldRole } from '../../kit/person.ts'
import type { Finding, Setting, Step, Trip, TripWish } from './trip.ts'

/** Somebody who is there and holds a role that may count in a chain, with every role that they hold. */
export interface Holder {
  id: string
  departments: readonly string[]
  held: readonly HeldRole[]
  /** Away at present: those who stand in for them (代理). */
  deputies: readonly string[]
}

/** What the chain is made from: who could decide. `handlers/car/rules.ts` gathers it. */
export interface ChainFacts {
  applicant: string
  /** The applicant's department. */
  unit: string
  /** That department and those above it, the nearest first: a role held in one of them counts. */
  lineage: readonly string[]
  /** The department's head by the directory, if there is one. */
  head: string | undefined
  /** Departments that are the house's 办公室: whoever is in charge of one of them decides where a leader travels. */
  offices: readonly string[]
  /** All who hold 科室负责人, 办公室主任, 分管领导 or 主要领导 (the head too), in the order in which they were appointed. */
  holders: readonly Holder[]
  may: Setting['may']
}

export declare function chainFor(wish: TripWish, findings: readonly Finding[], facts: ChainFacts): Step[]
export declare function stepAfterEdit(before: Trip, wish: TripWish, chain: readonly Step[]): number
