import { askedBy, type Db } from './client.ts'
import { withMemory } from './memory.ts'

/**
 * The database as those read it who begin at the same moment and look at much the same, such as the cards of one matter that are drawn
 * anew together: a statement that one of them has asked, with its values, is not asked again. For reading alone, and by nobody who begins
 * later: what it answers is as old as the first who asked.
 */
export function jointly(db: Db): Db {
  const asked = new Map<string, unknown>()
  return withMemory(
    askedBy(db, ask => (text, values, ...how) => {
      const key = `${text}\n${JSON.stringify([values, how])}`
      const known = asked.get(key) ?? ask(text, values, ...how)
      asked.set(key, known)
      return known
    }),
  )
}
