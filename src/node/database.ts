import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type OpenDb, openPostgres } from '../../db/client.ts'
import { migrateEmbedded, migrateServer } from '../../db/migrate.ts'
import type { Config } from '../config.ts'
import { lockDirectory } from './lock.ts'
import { watchfulSockets } from './sockets.ts'

/** Beside the sources as well as beside the built program: both lie one level below the project's root. */
const MIGRATIONS = fileURLToPath(
  new URL(import.meta.url.includes('/src/node/') ? '../../db/migrations' : '../db/migrations', import.meta.url),
)
const CONNECTIONS = 12
const EMBEDDED_VERSION = '18'

export type Database = OpenDb & { embedded: boolean }

/** Opens and migrates the database that the settings name: a Postgres server, or the embedded one under `dataDir`. */
export async function openDatabase(config: Pick<Config, 'databaseUrl' | 'dataDir'>): Promise<Database> {
  if (config.databaseUrl) {
    await migrateServer(config.databaseUrl, MIGRATIONS)
    return { ...openPostgres(config.databaseUrl, { max: CONNECTIONS, socket: watchfulSockets() }), embedded: false }
  }
  const unlock = lockDirectory(config.dataDir)
  const opened = await openEmbedded(join(config.dataDir, 'pglite'))
  return {
    ...opened,
    embedded: true,
    close: async () => {
      await opened.close()
      unlock()
    },
  }
}

/** In memory when no directory is named; `seed` is a dump to begin with. */
export async function openEmbedded(dir: string | undefined, seed?: Blob): Promise<OpenDb> {
  if (dir) refuseOtherVersion(dir)
  const { openPglite } = await import('../../db/pglite.ts')
  const opened = await openPglite(dir, seed)
  await migrateEmbedded(opened.db, MIGRATIONS)
  return opened
}

/** A migrated, empty database as a dump: reading it is several times quicker than making one. */
export async function dumpEmbedded(): Promise<Blob> {
  const { dumpPglite } = await import('../../db/pglite.ts')
  return dumpPglite(db => migrateEmbedded(db, MIGRATIONS))
}

function refuseOtherVersion(dir: string): void {
  const file = join(dir, 'PG_VERSION')
  const version = existsSync(file) ? readFileSync(file, 'utf8').trim() : EMBEDDED_VERSION
  if (version !== EMBEDDED_VERSION)
    throw new Error(
      `The data in ${dir} was written by PostgreSQL ${version}; this program embeds ${EMBEDDED_VERSION}. Export it with the program that wrote it, or choose another DATA_DIR.`,
    )
}
