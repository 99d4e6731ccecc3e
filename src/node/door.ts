/** A burst of connections, as when whoever calls us starts, is taken in sooner. */
const LASTING_MS = 100
/** So many turns of the loop may take in nobody while others are on their way. */
const TURNS_WITHOUT = 2

/** Who waits to be taken in, whom nobody here has heard yet. */
export interface Door {
  /** A connection has been taken in. */
  cameIn(): void
  /** Whether more have been waiting for some time than are taken in. */
  isCrowded(): boolean
}

/**
 * A turn of Node's event loop takes in one connection, whatever it does besides (libuv 1.45), and nothing tells how many wait. But when
 * turn after turn takes one in, others wait; and the longer a turn, by what those want who are in, the longer they do: until those behind
 * have given up before they were heard. So when it lasts, whoever is in is to be answered as shortly as can be.
 */
export function watchDoor(now = () => performance.now(), nextTurn: (run: () => void) => unknown = setImmediate): Door {
  let since: number | undefined
  let last = 0
  let without = 0
  const look = (): void => {
    if (++without > TURNS_WITHOUT) since = undefined
    else nextTurn(look)
  }
  return {
    cameIn() {
      without = 0
      last = now()
      if (since !== undefined) return
      since = last
      nextTurn(look)
    },
    isCrowded: () => since !== undefined && last - since > LASTING_MS,
  }
}

export const openDoor: Door = { cameIn: () => {}, isCrowded: () => false }
