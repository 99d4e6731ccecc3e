import type { Db } from '../../db/client.ts'
import { describe, type Log } from '../bot/log.ts'

const CHECKPOINT_MS = 5 * 60_000
const VACUUM_EVERY = 288

/** PGlite has neither a checkpointer nor autovacuum; without care its log and tables grow without bound. Answers how to stop. */
export function careForEmbedded(db: Db, log: Log): () => void {
  let rounds = 0
  const timer = setInterval(() => {
    rounds++
    void import('../../db/pglite.ts')
      .then(({ tidyPglite }) => tidyPglite(db, rounds % VACUUM_EVERY ? 'checkpoint' : 'vacuum'))
      .catch((error: unknown) => log('error', 'upkeep of the embedded database failed', describe(error)))
  }, CHECKPOINT_MS)
  return () => clearInterval(timer)
}
