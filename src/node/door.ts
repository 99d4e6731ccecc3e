/** A burst of connections, as when whoever calls us starts, is taken in sooner. */
const LASTING_MS = 100
/** So much of it counts what lies between two connections: one long halt of the process is no crowd, however many came meanwhile. */
const LONGEST_STEP_MS = 15
/** So many turns of the loop may take in nobody while others are on their way. */
const TURNS_WITHOUT = 2

/** Who waits to be taken in, whom nobody here has heard yet. */
export interface Door {
  /** A connection has been taken in. */
  cameIn(): void
  /** New work had to wait for the next turn of the loop. */
  ranShort(): void
  /** Whether more have been waiting for some time than are taken in, and there is no time for all who are in. */
  isCrowded(): boolean
}

/**
 * A turn of Node's event loop takes in one connection, whatever it does besides (libuv 1.45), and nothing tells how many wait. But when
 * turn after turn takes one in, others wait; and the longer a turn, by what those want who are in, the longer they do: until those behind
 * have given up before they were heard. So when it lasts, whoever is in is to be answered as shortly as can be.
 */
export function watchDoor(now = () => performance.now(), nextTurn: (run: () => void) => unknown = setImmediate): Door {
  let [isWatching, isShort] = [false, false]
  let [lasted, last, without] = [0, 0, 0]
  const look = (): void => {
    isWatching = ++without <= TURNS_WITHOUT
    if (isWatching) nextTurn(look)
  }
  return {
    cameIn() {
      const at = now()
      lasted = isWatching ? lasted + Math.min(at - last, LONGEST_STEP_MS) : 0
      last = at
      without = 0
      if (isWatching) return
      isWatching = true
      isShort = false
      nextTurn(look)
    },
    ranShort() {
      isShort = true
    },
    isCrowded: () => isWatching && isShort && lasted > LASTING_MS,
  }
}

export const openDoor: Door = { cameIn: () => {}, ranShort: () => {}, isCrowded: () => false }
