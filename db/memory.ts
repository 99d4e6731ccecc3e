import type { Db } from './client.ts'

const memories = new WeakMap<Db, Map<string, Promise<unknown>>>()

/**
 * A transaction, or the database, for one turn or for the drawing of one card: what of the directory, roles and settings has been asked
 * for there is not asked for again. Whoever changes any of it calls `forget`.
 */
export function withMemory(db: Db): Db {
  if (memories.has(db)) return db
  const same = Object.create(db) as Db
  memories.set(same, new Map())
  return same
}

export function recall<T>(db: Db, what: string, read: () => Promise<T>): Promise<T> {
  const memory = memories.get(db)
  if (!memory) return read()
  const known = memory.get(what) ?? read()
  memory.set(what, known)
  return known as Promise<T>
}

/** Each of those that there are, once, in the order of their ids; `read` is asked only for those that have not been asked for yet. */
export async function recallEach<T>(
  db: Db,
  what: string,
  ids: readonly string[],
  read: (ids: string[]) => Promise<Map<string, T>>,
): Promise<T[]> {
  const wanted = [...new Set(ids)]
  const memory = memories.get(db) ?? new Map<string, Promise<unknown>>()
  const missing = wanted.filter(id => !memory.has(`${what} ${id}`))
  if (missing.length) {
    const found = read(missing)
    for (const id of missing)
      memory.set(
        `${what} ${id}`,
        found.then(some => some.get(id)),
      )
  }
  const all = await Promise.all(wanted.map(id => memory.get(`${what} ${id}`) as Promise<T | undefined>))
  return all.filter(one => one !== undefined)
}

export function forget(db: Db): void {
  memories.get(db)?.clear()
}
