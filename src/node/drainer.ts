import { drain } from '../bot/drain.ts'
import { describe } from '../bot/log.ts'
import type { Office } from '../bot/office.ts'

/** Longest time between two looks at the outbox while something waits there. */
const LOOK_MS = 5_000
const REST_AFTER_FAULT_MS = 1_000

export interface Drainer {
  wake(): void
  /** Ends when everything that is due has been attempted. */
  settle(): Promise<void>
  stop(): Promise<void>
}

/** Empties the outbox in this process: at once when woken, else when the next parcel falls due. */
export function createDrainer(office: () => Office): Drainer {
  let running: Promise<void> | undefined
  let again = false
  let stopped = false
  let timer: ReturnType<typeof setTimeout> | undefined
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
      const next = await drain(office(), office().clock.wire() + LOOK_MS, stirred).catch((error: unknown) => {
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
    stir()
    running ??= run().finally(() => {
      running = undefined
      if (again) wake()
    })
  }

  return {
    wake,
    async settle() {
      wake()
      await running
    },
    async stop() {
      stopped = true
      clearTimeout(timer)
      await running
    },
  }
}
