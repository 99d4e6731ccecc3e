import type { Waiting } from '../../db/outbox.ts'
import { deliverOne } from '../bot/deliver.ts'
import { drain } from '../bot/drain.ts'
import { describe } from '../bot/log.ts'
import type { Office } from '../bot/office.ts'
import { seal } from '../bot/seal.ts'
import { type Pace, unpaced } from '../bot/turns.ts'

/** Longest time between two looks at the outbox while something waits there. */
const LOOK_MS = 5_000
const REST_AFTER_FAULT_MS = 1_000
/** More would not leave before their claims run out. */
const MOST_CARRIED = 400
/** Events are sealed so long after something happened, together with what happens meanwhile; those left over follow sooner. */
const SEAL_AFTER_MS = 1_000
const SEAL_ON_MS = 50

export interface Drainer {
  wake(): void
  /** Has what happened sealed, though nothing of it waits to leave. */
  sealSoon(): void
  /** Sends a parcel that is claimed for this process. */
  carry(row: Waiting): void
  mayCarry(): boolean
  /** Ends when everything that is due has been attempted. */
  settle(): Promise<void>
  stop(): Promise<void>
}

/** Empties the outbox in this process: at once when woken, else when the next parcel falls due. What has happened is sealed after it. */
export function createDrainer(office: () => Office, pace: Pace = unpaced): Drainer {
  let running: Promise<void> | undefined
  let again = false
  let stopped = false
  let timer: ReturnType<typeof setTimeout> | undefined
  const underway = new Set<Promise<void>>()
  const sealer = createSealer(office)
  let stir = () => {}
  /** Called before each look, which sees whatever was put in by then: only what comes later asks for another. */
  const stirred = () => {
    again = false
    return new Promise<void>(done => {
      stir = done
    })
  }

  const run = async (): Promise<void> => {
    do {
      again = false
      const next = await drain(office(), office().clock.wire() + LOOK_MS, stirred, underway).catch((error: unknown) => {
        office().log('error', 'drain failed', describe(error))
        return office().clock.wire() + REST_AFTER_FAULT_MS
      })
      if (next !== undefined) sleepUntil(next)
    } while (again && !stopped)
  }

  const sleepUntil = (next: number): void => {
    clearTimeout(timer)
    timer = setTimeout(wake, Math.min(Math.max(next - office().clock.wire(), 20), 60_000))
  }

  const wake = (): void => {
    if (stopped) return
    again = true
    sealer.wake()
    stir()
    running ??= run().finally(() => {
      running = undefined
      if (again) wake()
    })
  }

  const inLine: Array<() => void> = []
  const begin = (): void => {
    while (inLine.length && pace.hasTime(begin)) inLine.shift()?.()
  }
  const inTurn = (): Promise<void> => {
    const turn = new Promise<void>(done => inLine.push(done))
    begin()
    return turn
  }

  const carry = (row: Waiting): void => {
    sealer.wake()
    const attempt = inTurn()
      .then(() => deliverOne(office(), row))
      .catch((error: unknown) => {
        office().log('error', 'delivery failed', describe(error))
        return false
      })
      .then(isDone => {
        underway.delete(attempt)
        // whatever stands behind it waits for whoever looks, and what failed is to be tried again
        if (running || !isDone) wake()
      })
    underway.add(attempt)
  }

  return {
    wake,
    sealSoon: sealer.wake,
    carry,
    mayCarry: () => underway.size < MOST_CARRIED,
    async settle() {
      wake()
      await running
    },
    async stop() {
      stopped = true
      clearTimeout(timer)
      await running
      await Promise.all(underway)
      await sealer.stop()
    },
  }
}

/** Seals what has happened, a moment after it was woken; at the end once more. */
function createSealer(office: () => Office): { wake(): void; stop(): Promise<void> } {
  let timer: ReturnType<typeof setTimeout> | undefined
  let running: Promise<void> = Promise.resolve()
  let stopped = false

  const run = async (): Promise<void> => {
    const left = await seal(office()).catch((error: unknown) => {
      office().log('error', 'sealing failed', describe(error))
      return undefined
    })
    if (left) rouse(SEAL_ON_MS)
  }

  const rouse = (ms: number): void => {
    if (stopped) return
    timer ??= setTimeout(() => {
      timer = undefined
      running = running.then(run)
    }, ms)
  }

  return {
    wake: () => rouse(SEAL_AFTER_MS),
    async stop() {
      stopped = true
      clearTimeout(timer)
      await running
      await run()
    },
  }
}
