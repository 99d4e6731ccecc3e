/**
 * The one clock. `now()` is the office's time, by which everything is dated and falls due; `wire()` is real time, by which
 * the platform's windows, signatures and back-off are measured. They differ only where an operator moved the office's time.
 */
export interface Clock {
  now(): Date
  wire(): number
  /** Present when the clock may be moved (CLOCK=manual). It runs on from the instant it was set to. */
  set?(now: Date): void
  /** Lets so much time of the wire pass; where absent it passes by itself. */
  rest?(ms: number): Promise<void>
}

/** Waits so long by the wire. */
export const rest = (clock: Clock, ms: number): Promise<void> =>
  clock.rest ? clock.rest(ms) : new Promise(done => setTimeout(done, ms))

export const systemClock: Clock = { now: () => new Date(), wire: () => Date.now() }

export function manualClock(offsetMs = 0): Clock & { set(now: Date): void; offsetMs(): number } {
  let offset = offsetMs
  return {
    now: () => new Date(Date.now() + offset),
    wire: () => Date.now(),
    set: now => {
      offset = now.getTime() - Date.now()
    },
    offsetMs: () => offset,
  }
}
