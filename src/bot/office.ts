import type { Db } from '../../db/client.ts'
import type { Waiting } from '../../db/outbox.ts'
import type { Clock } from '../clock.ts'
import type { Feishu } from '../feishu/client.ts'
import type { ArrivalBook } from './arrivals.ts'
import type { Feature, Gate, Host, OfficeFacts } from './feature.ts'
import type { Log } from './log.ts'
import type { Metrics } from './metrics.ts'
import type { ReadText } from './read-text.ts'
import type { Regulars } from './regulars.ts'
import type { Throttle } from './throttle.ts'
import type { Turns } from './turns.ts'

/** Everything the loop works with, handed in by a door. */
export interface Office {
  db: Db
  clock: Clock
  feishu: Feishu
  features: readonly Feature[]
  facts: OfficeFacts
  /** Who speaks when no command was meant. */
  host: Host
  /** What everything from outside has to pass. */
  gate: Gate
  /** All text of a file (`read-text.ts`); where there are threads, in one of its own. */
  readText: ReadText
  log: Log
  metrics: Metrics
  regulars: Regulars
  throttle: Throttle
  arrivals: ArrivalBook
  turns: Turns
  /** Our own id at Feishu, once known. */
  self(): string
  /** Lets the drainer know that something waits; called after the commit and the answer. */
  wake(): void
  /** Has what happened sealed, where nothing of it waits to leave; absent where both are one. Called like `wake`. */
  sealSoon?: (() => void) | undefined
  /** Sends a parcel that was claimed as it was written; absent where nothing goes on after a turn. Called like `wake`. */
  carry?: ((row: Waiting) => void) | undefined
  /** Whether another may be carried; if not, it waits in the outbox for whoever looks there. */
  mayCarry?: (() => boolean) | undefined
  /** A chance between 0 and 1. */
  chance(): number
}
