import type { Db } from './client.ts'

interface Waiting<Item, Answer> {
  item: Item
  done(answer: Answer): void
  fail(error: unknown): void
}

/** So many go in one call, and so many calls are under way at once: one that has to wait is not waited for by all. */
export const MOST_TOGETHER = { items: 32, underway: 3 }

/**
 * Makes one call of many: what comes while calls are under way waits for the first of them to end and then goes together. Alone,
 * nothing waits. `run` answers in the order of its items; when it fails, all of them have failed. `alone`: no other call
 * is under way.
 */
export function together<Item, Answer>(run: (db: Db, items: Item[], alone: boolean) => Promise<Answer[]>) {
  const queues = new WeakMap<Db, { waiting: Array<Waiting<Item, Answer>>; underway: number }>()

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
      const queue = queues.get(db) ?? { waiting: [], underway: 0 }
      queues.set(db, queue)
      queue.waiting.push({ item, done, fail })
      next(db)
    })
}
