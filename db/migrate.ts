import { sql } from 'drizzle-orm'
import { migrate as migratePglite } from 'drizzle-orm/pglite/migrator'
import { drizzle } from 'drizzle-orm/postgres-js'
import { migrate as migratePostgres } from 'drizzle-orm/postgres-js/migrator'
import postgres from 'postgres'
import type { Db } from './client.ts'

const LOCK = 4_216_001

/** Brings an embedded database up to date; it has one process and one connection, so no lock is needed. */
export async function migrateEmbedded(db: Db, folder: string): Promise<void> {
  await migratePglite(db as never, { migrationsFolder: folder })
}

/** Brings a server database up to date over a connection of its own, one process at a time. */
export async function migrateServer(url: string, folder: string): Promise<void> {
  const client = postgres(url, { max: 1, onnotice: () => {}, connect_timeout: 10 })
  const db = drizzle(client)
  try {
    await db.execute(sql`select pg_advisory_lock(${LOCK})`)
    await migratePostgres(db, { migrationsFolder: folder })
  } finally {
    await client.end({ timeout: 5 })
  }
}
