import type { Pace } from '../bot/turns.ts'

/** A turn of the loop takes in one new connection, whatever it does besides (libuv 1.45): so long may new work hold it up. */
const SLICE_MS = 4

/** Lets turns begin for so long in each turn of Node's event loop. */
export function loopPace(): Pace {
  let since: number | undefined
  const waiting = new Set<() => void>()
  const lookUp = (): void => {
    since = undefined
    const all = [...waiting]
    waiting.clear()
    for (const again of all) again()
  }
  return {
    hasTime(again) {
      if (since === undefined) {
        since = performance.now()
        setImmediate(lookUp)
      }
      if (performance.now() - since < SLICE_MS) return true
      waiting.add(again)
      return false
    },
  }
}
