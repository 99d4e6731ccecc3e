import { manualClock } from '../../src/clock.ts'

export type Wire = 'real' | 'hasty'

declare module 'vitest' {
  interface ProvidedContext {
    /** How the wire's time passes in an office that does not say. */
    wire: Wire
  }
}

/**
 * A clock that is moved by hand. With a hasty wire, whatever rests brings the wire's time forward instead of waiting for it: the
 * platform's windows are kept to the letter, on both sides, by a time that does not pass in vain.
 */
export function testClock(wire: Wire): ReturnType<typeof manualClock> & { rest?(ms: number): Promise<void> } {
  const clock = manualClock()
  if (wire === 'real') return clock
  let ahead = 0
  return {
    ...clock,
    wire: () => Date.now() + ahead,
    rest(ms) {
      ahead += Math.max(ms, 0)
      return new Promise(done => setTimeout(done, 0))
    },
  }
}
