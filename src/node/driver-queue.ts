/**
 * The queue of the driver (postgres 3.4.9, `queue.js`) as it is bundled into the bot (`build.mjs`). The driver's own keeps a place for
 * everything that ever stood in it until it is empty for once, and the one of idle connections never is while there is work: it grows
 * with every statement, by megabytes a day in a busy house. What stands in a queue stands in it once.
 */
export default function Queue<T>(initial: readonly T[] = []) {
  const items = new Set(initial)
  return {
    get length(): number {
      return items.size
    },
    push(item: T): T {
      items.add(item)
      return item
    },
    shift(): T | undefined {
      for (const first of items) {
        items.delete(first)
        return first
      }
      return undefined
    },
    remove: (item: T): T | null => (items.delete(item) ? item : null),
  }
}
