import type { Db } from '../../db/client.ts'
import type { Delivery } from '../../simulator/protocol.ts'
import type { State } from '../../simulator/state.ts'
import type { Said } from './people.ts'

/** What is left of a round once all is quiet: the database, and what Feishu has. */
export interface Evidence {
  db: Db
  feishu: Pick<State, 'messages' | 'chats' | 'p2p' | 'uuids'>
  deliveries: Delivery[]
  said: Said[]
  /** What the office's clocks were ever ahead of this machine's, in ms; the last is where they stand. */
  offsets: number[]
  moves: Move[]
  steps: Step[]
}

/** What the clock of the bots' machine is ahead of the true time, in ms, and since when. */
export interface Step {
  at: number
  aheadMs: number
}

/** While the clocks were being moved: on their way they stop wherever something falls due. */
export interface Move {
  /** From when to when, by this machine's clock. */
  from: number
  until: number
  /** What the clocks were ahead of it before and afterwards, in ms. */
  before: number
  after: number
}

/** One promise that was not kept, with what shows it. */
export interface Miss {
  what: string
  rows: unknown[]
}

/** One check: what it found, each with the rows that are involved; nothing when all is well. */
export type Check = (evidence: Evidence) => Promise<Miss[]>

export const missed = (what: string, rows: readonly unknown[]): Miss[] =>
  rows.length ? [{ what, rows: rows.slice(0, MOST_SHOWN) }] : []

const MOST_SHOWN = 12
