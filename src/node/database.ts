import { chmodSync, cpSync, existsSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type OpenDb, openPostgres, sqlFault } from '../../db/client.ts'
import { migrateEmbedded, migrateServer } from '../../db/migrate.ts'
import type { EmbeddedDb } from '../../db/pglite.ts'
import type { Config } from '../config.ts'
import { readServer } from './encryption.ts'
import { lockDirectory } from './lock.ts'
import { MIGRATIONS } from './migrations.ts'
import { watchfulSockets } from './sockets.ts'
import { Told } from './told.ts'

/** How many connections one process holds at most, and on how many of them cards are drawn. */
export const CONNECTIONS = 15
export const DRAWING = 2
export const EMBEDDED_VERSION = '18'

export type Database = (OpenDb & { embedded: false }) | (EmbeddedDb & { embedded: true })

/** Opens and migrates the database that the settings name: a Postgres server, or the embedded one under `dataDir`. */
export async function openDatabase(config: Pick<Config, 'databaseUrl' | 'dataDir'>): Promise<Database> {
  if (config.databaseUrl) {
    await migrateOrTell(config.databaseUrl)
    return { ...openServer(config.databaseUrl, CONNECTIONS - DRAWING, DRAWING), embedded: false }
  }
  const unlock = lockDirectory(config.dataDir)
  try {
    refuseCutShort(config.dataDir)
    beginWithCopy(embeddedIn(config.dataDir))
  } catch (error) {
    unlock()
    throw error
  }
  const opened = await openEmbedded(embeddedIn(config.dataDir))
  return {
    ...opened,
    embedded: true,
    close: async () => {
      await opened.close()
      unlock()
    },
  }
}

/** The database of a server, as it is. @throws Told */
export function openServer(databaseUrl: string, max: number, drawing = 0): OpenDb {
  const { url, encryption } = readServer(databaseUrl)
  return openPostgres(url, { max, drawing, socket: watchfulSockets(encryption) })
}

/** The same for the driver itself, for work that may take its time. @throws Told */
export function patientServer(databaseUrl: string): { url: string; socket: unknown } {
  const { url, encryption } = readServer(databaseUrl)
  return { url, socket: watchfulSockets(encryption, Number.POSITIVE_INFINITY) }
}

export const embeddedIn = (dataDir: string): string => join(dataDir, 'pglite')

/** Beside the embedded database: one that is being filled from a backup, and what stood there before one (with the time behind). */
export const RESTORING = '.restoring'
export const BEFORE = '.before-'

/** A restore puts what was there aside before it puts the new in its place: whoever ends in between leaves neither. @throws Told */
function refuseCutShort(dataDir: string): void {
  const place = embeddedIn(dataDir)
  if (existsSync(place)) return
  const left = readdirSync(dataDir).filter(name => [RESTORING, BEFORE].some(part => name.startsWith(`pglite${part}`)))
  if (!left.length) return
  const before = left
    .filter(name => name.includes(BEFORE))
    .sort()
    .at(-1)
  throw new Told(
    [
      `A restore was cut short: in ${dataDir} there is ${left.join(', ')}, and no database. Run \`node dist/node.js restore <file>\` once more.`,
      ...(before ? [`To go back to what was there before: \`mv ${join(dataDir, before)} ${place}\`.`] : []),
      'To begin with an empty one, move these away.',
    ].join(' '),
  )
}

/** Made by `build.mjs`, beside the built program. */
const EMPTY = fileURLToPath(new URL('empty-database', import.meta.url))

/** Where there is no database yet, and an empty one was built, that is copied, all or nothing. Else one is made as it is opened. */
function beginWithCopy(place: string): void {
  if (existsSync(place) || !existsSync(EMPTY)) return
  const beside = `${place}.new`
  rmSync(beside, { recursive: true, force: true })
  cpSync(EMPTY, beside, { recursive: true, dereference: true })
  // of a built one all may read, of this one nobody else
  for (const entry of readdirSync(beside, { recursive: true, withFileTypes: true }))
    chmodSync(join(entry.parentPath, entry.name), entry.isDirectory() ? 0o700 : 0o600)
  chmodSync(beside, 0o700)
  renameSync(beside, place)
}

/** A role that may change no table can start the program only where none has to be changed. */
export async function migrateOrTell(databaseUrl: string): Promise<string[]> {
  const { url, socket } = patientServer(databaseUrl)
  return migrateServer(url, MIGRATIONS, socket).catch((error: unknown) => {
    if (sqlFault(error)?.code !== '42501') throw error
    throw new Told(
      'The tables have to be brought up to date, and the role of DATABASE_URL may not do it. Run `node dist/node.js migrate` with the DATABASE_URL of the role that owns them, then start again.',
    )
  })
}

/** In memory when no directory is named; `seed` is a dump to begin with. */
export async function openEmbedded(dir: string | undefined, seed?: Blob): Promise<EmbeddedDb> {
  const opened = await openAsItIs(dir, seed)
  await migrateEmbedded(opened.db, MIGRATIONS)
  return opened
}

/** The same, not brought up to date. */
export async function openAsItIs(dir: string | undefined, seed?: Blob): Promise<EmbeddedDb> {
  if (dir) refuseOtherVersion(dir)
  const { openPglite } = await import('../../db/pglite.ts')
  return openPglite(dir, seed)
}

/** A migrated, empty database as a dump: reading it is several times quicker than making one. */
export async function dumpEmbedded(): Promise<Blob> {
  const { dumpPglite } = await import('../../db/pglite.ts')
  return dumpPglite(async db => void (await migrateEmbedded(db, MIGRATIONS)))
}

function refuseOtherVersion(dir: string): void {
  const file = join(dir, 'PG_VERSION')
  const version = existsSync(file) ? readFileSync(file, 'utf8').trim() : EMBEDDED_VERSION
  if (version !== EMBEDDED_VERSION)
    throw new Told(
      `The data in ${dir} was written by PostgreSQL ${version}; this program embeds ${EMBEDDED_VERSION}. Export it with the program that wrote it, or choose another DATA_DIR.`,
    )
}
