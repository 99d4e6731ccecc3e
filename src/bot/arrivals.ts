import { arrivalsKept, keepArrivals } from '../../db/arrivals.ts'
import type { Db } from '../../db/client.ts'
import type { Clock } from '../clock.ts'
import { type Arrivals, type Cause, joined, type Kind } from '../kit/arrivals.ts'

/** What has come to the doors of this process: in memory, for to note each in the database would cost as much as answering it. */
export interface ArrivalBook {
  /** `at`: the address it came to, by what is expected there. */
  accept(kind: Kind, wireMs: number, at: Kind): void
  refuse(kind: Kind, cause: Cause, wireMs: number): void
  known(): Arrivals
  /** Whether presses have come only where they are expected, so that what comes where events are expected is none. */
  isApart(): boolean
  /** Whether something is new since it was last asked so, at least so long ago. */
  takeNews(wireMs: number, afterMs: number): boolean
}

export function createArrivals(): ArrivalBook {
  const known: Arrivals = { event: {}, press: {} }
  const pressedAt = new Set<Kind>()
  let isNews = false
  let takenMs = 0
  return {
    accept(kind, wireMs, at) {
      isNews = true
      if (kind === 'press') pressedAt.add(at)
      known[kind].acceptedMs = wireMs
      known[kind].refused = undefined
    },
    refuse(kind, cause, wireMs) {
      isNews = true
      const { refused } = known[kind]
      known[kind].refused = { cause, sinceMs: Math.min(refused?.sinceMs ?? wireMs, wireMs), lastMs: wireMs }
    },
    known: () => known,
    isApart: () => pressedAt.has('press') && !pressedAt.has('event'),
    takeNews(wireMs, afterMs) {
      if (!isNews || Math.abs(wireMs - takenMs) < afterMs) return false
      isNews = false
      takenMs = wireMs
      return true
    },
  }
}

interface House {
  db: Db
  clock: Clock
  arrivals: ArrivalBook
}

/** What this process knows, and any other has kept. */
export const arrivalsNow = async ({ db, clock, arrivals }: House): Promise<Arrivals> =>
  joined(await arrivalsKept(db), arrivals.known(), clock.wire())

/** Keeps what is new, unless that was done less than so long ago. */
export async function flushArrivals(house: House, afterMs = 0): Promise<void> {
  const { db, clock, arrivals } = house
  if (arrivals.takeNews(clock.wire(), afterMs)) await keepArrivals(db, await arrivalsNow(house), clock.now())
}
