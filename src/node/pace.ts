import type { Pace } from '../bot/turns.ts'
import { type Door, openDoor } from './door.ts'

/** So long may new work hold up a turn of the loop, in which one connection is taken in. */
const SLICE_MS = 4
/** And so long while there is a crowd at the door. */
const CROWDED_SLICE_MS = 0.25

/** Lets turns begin for so long in each turn of Node's event loop. */
export function loopPace(door: Door = openDoor): Pace {
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
      if (performance.now() - since < (door.isCrowded() ? CROWDED_SLICE_MS : SLICE_MS)) return true
      door.ranShort()
      waiting.add(again)
      return false
    },
    isBehind: () => door.isCrowded(),
  }
}
