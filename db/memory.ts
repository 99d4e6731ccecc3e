import type { Db } from './client.ts'

interface Memory {
  known: Map<string, Promise<unknown>>
  /** What is just being asked for, by what it is. */
  asked: Map<string, Asked>
}

interface Asked {
  ids: string[]
  found: Promise<Map<string, unknown>>
}

const memories = new WeakMap<Db, Memory>()

/**
 * A transaction, or the database, for one turn or for the drawing of cards: what of the directory, roles and settings has been asked
 * for there is not asked for again. Whoever changes any of it calls `forget`.
 */
export function withMemory(db: Db): Db {
  if (memories.has(db)) return db
  const same = Object.create(db) as Db
  memories.set(same, { known: new Map(), asked: new Map() })
  return same
}

export function recall<T>(db: Db, what: string, read: () => Promise<T>): Promise<T> {
  const memory = memories.get(db)
  if (!memory) return read()
  const known = memory.known.get(what) ?? read()
  memory.known.set(what, known)
  return known as Promise<T>
}

/**
 * Each of those that there are, once, in the order of their ids; `read` is asked only for those that have not been asked for yet, and
 * once for all that are asked for at the same moment.
 */
export async function recallEach<T>(
  db: Db,
  what: string,
  ids: readonly string[],
  read: (ids: string[]) => Promise<Map<string, T>>,
): Promise<T[]> {
  const wanted = [...new Set(ids)]
  const { known, asked } = memories.get(db) ?? { known: new Map<string, Promise<unknown>>(), asked: new Map() }
  const missing = wanted.filter(id => !known.has(`${what} ${id}`))
  if (missing.length) {
    const found = gathered(asked, what, missing, read)
    for (const id of missing)
      known.set(
        `${what} ${id}`,
        found.then(some => some.get(id)),
      )
  }
  const all = await Promise.all(wanted.map(id => known.get(`${what} ${id}`) as Promise<T | undefined>))
  return all.filter(one => one !== undefined)
}

/** What is known already as it would be read. */
export function know(db: Db, what: string, id: string, value: unknown): void {
  memories.get(db)?.known.set(`${what} ${id}`, Promise.resolve(value))
}

function gathered<T>(
  asked: Memory['asked'],
  what: string,
  ids: string[],
  read: (ids: string[]) => Promise<Map<string, T>>,
): Promise<Map<string, T>> {
  const open = asked.get(what)
  if (open) {
    open.ids.push(...ids)
    return open.found as Promise<Map<string, T>>
  }
  const found = Promise.resolve().then(() => {
    asked.delete(what)
    return read(ids)
  })
  asked.set(what, { ids, found })
  return found
}

export function forget(db: Db): void {
  memories.get(db)?.known.clear()
}
