/**
 * Who waits for a turn in this process. Presses go before events, for the platform never sends one again; whoever would have to wait
 * behind too many is turned away at once, while an event may still come again.
 */
export interface Turns {
  /** Runs a turn when there is room; undefined = too many wait, and it is not run at all. */
  run<T>(kind: Kind, turn: () => Promise<T>): Promise<T> | undefined
  /** How many wait. */
  waiting(kind: Kind): number
}

type Kind = 'press' | 'event'

/** How many turns go on at once, and how many of each kind may wait for one. */
export interface Room {
  atOnce: number
  presses: number
  events: number
}

/** Where nothing is shared between turns, none waits for another. */
export const boundlessTurns: Turns = { run: (_, turn) => turn(), waiting: () => 0 }

export function createTurns({ atOnce, ...most }: Room): Turns {
  const waiting = {
    press: new Set<() => void>(),
    event: new Set<() => void>(),
  }
  const mostOf = { press: most.presses, event: most.events }
  let going = 0

  const next = (): void => {
    const queue = waiting.press.size ? waiting.press : waiting.event
    const [first] = queue
    if (!first) return
    queue.delete(first)
    first()
  }

  const start = async <T>(turn: () => Promise<T>): Promise<T> => {
    going++
    try {
      return await turn()
    } finally {
      going--
      next()
    }
  }

  return {
    run(kind, turn) {
      if (going < atOnce) return start(turn)
      if (waiting[kind].size >= mostOf[kind]) return undefined
      return new Promise((done, fail) => {
        waiting[kind].add(() => void start(turn).then(done, fail))
      })
    },
    waiting: kind => waiting[kind].size,
  }
}
