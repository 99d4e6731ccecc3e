import { existsSync } from 'node:fs'
import type { EmbeddedDb } from '../../../db/pglite.ts'
import { embeddedIn, openAsItIs } from '../database.ts'
import { DirectoryTaken, lockDirectory } from '../lock.ts'
import { Told } from '../told.ts'

/** Does something with the embedded database as it stands, not brought up to date; `whenTaken`: where a bot has it. */
export async function withEmbedded<T>(
  dataDir: string,
  run: (database: EmbeddedDb) => Promise<T>,
  whenTaken?: () => Promise<T>,
): Promise<T> {
  if (!existsSync(embeddedIn(dataDir)))
    throw new Told(`There is no database in ${dataDir} yet; the first start makes one.`)
  const unlock = locked(dataDir)
  if (unlock instanceof DirectoryTaken) {
    if (whenTaken) return whenTaken()
    throw unlock
  }
  try {
    const database = await openAsItIs(embeddedIn(dataDir))
    return await run(database).finally(database.close)
  } finally {
    unlock()
  }
}

function locked(dataDir: string): (() => void) | DirectoryTaken {
  try {
    return lockDirectory(dataDir)
  } catch (error) {
    if (error instanceof DirectoryTaken) return error
    throw error
  }
}
