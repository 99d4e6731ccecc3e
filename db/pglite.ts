import { PGlite } from '@electric-sql/pglite'
import { sql } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/pglite'
import type { Db, OpenDb } from './client.ts'

const LEAN = ['-c', 'shared_buffers=16MB', '-c', 'max_wal_size=64MB']

export interface EmbeddedDb extends OpenDb {
  /** A dump of all that is committed, to begin another database with, and what `read` saw of the same state; turns wait meanwhile. */
  dump<T>(read: (db: Db) => Promise<T>): Promise<{ bytes: Blob; seen: T }>
}

/**
 * Opens the embedded database. The caller makes sure that no other process has the directory: PGlite itself does not,
 * and two of them lose rows without a word. `undefined` = in memory. `seed`: a dump to begin with instead of an empty database.
 */
export async function openPglite(dataDir: string | undefined, seed?: Blob): Promise<EmbeddedDb> {
  const pglite = await PGlite.create({
    ...(dataDir ? { dataDir } : {}),
    ...(seed ? { loadDataDir: seed } : {}),
    startParams: [...PGlite.defaultStartParams, ...LEAN],
  })
  const db = drizzle(pglite) as unknown as Db
  return {
    db,
    close: () => pglite.close(),
    dump: read =>
      // a transaction keeps every other statement waiting
      db.transaction(async tx => ({ seen: await read(tx), bytes: await pglite.dumpDataDir('gzip') })),
  }
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
