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
}

/** So many go in one call, and so many calls are under way at once: one that has to wait is not waited for by all. */
export const MOST_TOGETHER = { items: 32, underway: 3 }

/**
 * Makes one call of many: what is asked in one turn of the event loop goes together, and so does what comes while calls are under way,
 * once the first of them has ended. Alone, nothing waits. `run` answers in the order of its items; when it fails, all of them have failed. `alone`: no other call
 * is under way.
 */
export function together<Item, Answer>(run: (db: Db, items: Item[], alone: boolean) => Promise<Answer[]>) {
  const queues = new WeakMap<Db, Queue<Item, Answer>>()

  const next = (db: Db): void => {
    const queue = queues.get(db)
    if (!queue?.waiting.length || queue.underway >= MOST_TOGETHER.underway) return
    queue.underway++
    const some = queue.waiting.splice(0, MOST_TOGETHER.items)
    const items = some.map(one => one.item)
    void run(db, items, queue.underway === 1)
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
        next(db)
      })
  }

  return (db: Db, item: Item): Promise<Answer> =>
    new Promise((done, fail) => {
      const queue = queues.get(db) ?? { waiting: [], underway: 0, startsSoon: false }
      queues.set(db, queue)
      queue.waiting.push({ item, done, fail })
      if (queue.startsSoon) return
      queue.startsSoon = true
      setImmediate(() => {
        queue.startsSoon = false
        next(db)
      })
    })
}
