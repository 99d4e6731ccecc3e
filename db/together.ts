import type { Db } from './client.ts'

interface Waiting<Item, Answer> {
  item: Item
  done(answer: Answer): void
  fail(error: unknown): void
}

interface Queue<Item, Answer> {
  waiting: Array<Waiting<Item, Answer>>
  underway: number
  /** Whether the end of this turn of the loop is waited for. */
  startsSoon: boolean
  /** Who is waited for, until then at the latest. */
  held: { by: unknown; timer?: ReturnType<typeof setTimeout> } | undefined
}

/** So many go in one call, and so many calls are under way at once: one that has to wait is not waited for by all. */
export const MOST_TOGETHER = { items: 32, underway: 3 }

/** So long others wait at most for one that asked them to: some ten times what its statement takes. */
const LONGEST_HOLD_MS = 10

/**
 * Makes one call of many: what is asked in one turn of the event loop goes together, and so does what comes while calls are under way,
 * once the first of them has ended. Alone, nothing waits. `run` answers in the order of its items; when it fails, all of them have
 * failed. `hold` is there where no other call is under way, and has what comes meanwhile wait for the end of this one.
 */
export function together<Item, Answer>(run: (db: Db, items: Item[], hold?: () => void) => Promise<Answer[]>) {
  const queues = new WeakMap<Db, Queue<Item, Answer>>()

  const next = (db: Db, queue: Queue<Item, Answer>): void => {
    if (!queue.waiting.length || queue.underway >= MOST_TOGETHER.underway) return
    if (queue.held) {
      queue.held.timer ??= setTimeout(() => release(db, queue), LONGEST_HOLD_MS)
      return
    }
    queue.underway++
    const some = queue.waiting.splice(0, MOST_TOGETHER.items)
    const items = some.map(one => one.item)
    const hold = (): void => {
      queue.held = { by: some }
    }
    void run(db, items, queue.underway === 1 ? hold : undefined)
      .then(
        answers => {
          for (const [i, one] of some.entries()) one.done(answers[i] as Answer)
        },
        (error: unknown) => {
          for (const one of some) one.fail(error)
        },
      )
      .finally(() => {
        queue.underway--
        if (queue.held?.by === some) release(db, queue)
        else next(db, queue)
      })
  }

  const release = (db: Db, queue: Queue<Item, Answer>): void => {
    clearTimeout(queue.held?.timer)
    queue.held = undefined
    next(db, queue)
  }

  return (db: Db, item: Item): Promise<Answer> =>
    new Promise((done, fail) => {
      const queue = queues.get(db) ?? { waiting: [], underway: 0, startsSoon: false, held: undefined }
      queues.set(db, queue)
      queue.waiting.push({ item, done, fail })
      if (queue.startsSoon) return
      queue.startsSoon = true
      setImmediate(() => {
        queue.startsSoon = false
        next(db, queue)
      })
    })
}
