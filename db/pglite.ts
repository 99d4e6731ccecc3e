import { PGlite } from '@electric-sql/pglite'
import { sql } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/pglite'
import type { Db, OpenDb } from './client.ts'

const LEAN = ['-c', 'shared_buffers=16MB', '-c', 'max_wal_size=64MB']

/**
 * Opens the embedded database. The caller makes sure that no other process has the directory: PGlite itself does not,
 * and two of them lose rows without a word. `undefined` = in memory. `seed`: a dump to begin with instead of an empty database.
 */
export async function openPglite(dataDir: string | undefined, seed?: Blob): Promise<OpenDb> {
  const pglite = await PGlite.create({
    ...(dataDir ? { dataDir } : {}),
    ...(seed ? { loadDataDir: seed } : {}),
    startParams: [...PGlite.defaultStartParams, ...LEAN],
  })
  return { db: drizzle(pglite) as unknown as Db, close: () => pglite.close() }
}

/** A dump of a freshly migrated database, to begin others with. */
export async function dumpPglite(migrate: (db: Db) => Promise<void>): Promise<Blob> {
  const pglite = await PGlite.create({ startParams: [...PGlite.defaultStartParams, ...LEAN] })
  await migrate(drizzle(pglite) as unknown as Db)
  const dump = await pglite.dumpDataDir('none')
  await pglite.close()
  return dump
}

/** PGlite has neither a checkpointer nor autovacuum: without this its log grows without bound. */
export async function tidyPglite(db: Db, thorough: 'checkpoint' | 'vacuum'): Promise<void> {
  await db.execute(sql.raw(thorough === 'vacuum' ? 'vacuum analyze' : 'checkpoint'))
}
