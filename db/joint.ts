import { type Db, sessionOf } from './client.ts'
import { withMemory } from './memory.ts'

/**
 * The database as those read it who begin at the same moment and look at much the same, such as the cards of one matter that are drawn
 * anew together: a statement that one of them has asked, with its values, is not asked again. For reading alone, and by nobody who begins
 * later: what it answers is as old as the first who asked.
 */
export function jointly(db: Db): Db {
  const session = sessionOf(db)
  const client = session.client as Record<Method, Ask>
  const method = 'unsafe' in client ? 'unsafe' : 'query'
  const asked = new Map<string, unknown>()
  const once: Ask = (text, values, ...how) => {
    const key = `${text}\n${JSON.stringify([values, how])}`
    const known = asked.get(key) ?? client[method](text, values, ...how)
    asked.set(key, known)
    return known
  }
  const joint = Object.create(session, { client: { value: { [method]: once } } })
  return withMemory(Object.create(db, { session: { value: joint } }) as Db)
}

/** What the two drivers call it. */
type Method = 'unsafe' | 'query'
/** Answers a promise, or what becomes one: either may be awaited by several. */
type Ask = (text: string, values?: unknown[], ...how: unknown[]) => unknown
