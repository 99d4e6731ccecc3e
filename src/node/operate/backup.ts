import { resolve } from 'node:path'
import { countRows, inSnapshot, serverFacts } from '../../../db/backup.ts'
import type { Db } from '../../../db/client.ts'
import { record } from '../../../db/events.ts'
import { schemaState } from '../../../db/migrate.ts'
import type { EmbeddedDb } from '../../../db/pglite.ts'
import program from '../../../package.json' with { type: 'json' }
import { type Clock, systemClock } from '../../clock.ts'
import { EMBEDDED_VERSION, openServer, patientServer } from '../database.ts'
import { MIGRATIONS } from '../migrations.ts'
import { Told } from '../told.ts'
import { type Manifest, writeArchive } from './archive.ts'
import { checkTools, runTool } from './postgres-tools.ts'

/** Backs up the embedded database while it is in use. */
export async function backupEmbedded(database: EmbeddedDb, file: string, clock: Clock): Promise<Manifest> {
  const takenMs = clock.wire()
  const { bytes, seen } = await database.dump(stateOf)
  const about = () => ({ ...seen, ...made(takenMs), engine: 'PGlite' as const, version: Number(EMBEDDED_VERSION) })
  const manifest = await writeArchive(file, bytes.stream() as unknown as AsyncIterable<Uint8Array>, about, 'PGlite')
  await noteBackup(database.db, clock.now())
  return manifest
}

/** Backs up a server's database, whether bots run on it or not. */
export async function backupServer(databaseUrl: string, file: string): Promise<Manifest> {
  const { url, socket } = patientServer(databaseUrl)
  const manifest = await inSnapshot(url, socket, async (db, snapshot) => {
    const { version } = await serverFacts(db)
    checkTools(['pg_dump'], version)
    const seen = await stateOf(db)
    const takenMs = systemClock.wire()
    const about = () => ({ ...seen, ...made(takenMs), engine: 'Postgres' as const, version })
    const args = ['--format=custom', '--no-comments', '--no-password', `--snapshot=${snapshot}`]
    const { child, done } = runTool('pg_dump', args, databaseUrl)
    // a dump that broke off must not be taken for a whole one
    return writeArchive(file, ending(child.stdout as AsyncIterable<Uint8Array>, done), about, 'Postgres')
  })
  const { db, close } = openServer(databaseUrl, 1)
  await noteBackup(db, systemClock.now()).finally(close)
  return manifest
}

/** A stream that ends well only when whoever makes it does. */
async function* ending(chunks: AsyncIterable<Uint8Array>, done: Promise<void>): AsyncGenerator<Uint8Array> {
  yield* chunks
  await done
}

async function stateOf(db: Db): Promise<Pick<Manifest, 'migration' | 'counts'>> {
  const { last } = await schemaState(db, MIGRATIONS)
  const known = MIGRATIONS.list.find(({ when }) => when === last)
  if (!known) throw new Told('There is nothing to back up: the database is not one of this program.')
  return { migration: known, counts: await countRows(db) }
}

const made = (takenMs: number) => ({ program: program.version, takenAt: new Date(takenMs).toISOString() })

/** A copy of everything has left the house: that belongs into the history. */
async function noteBackup(db: Db, at: Date): Promise<void> {
  // before an upgrade the history has yet another shape: what stands in the backup tells of it
  if ((await schemaState(db, MIGRATIONS)).pending.length) return
  await record(db, {
    at,
    who: '',
    feature: 'setup',
    act: 'backup',
    outcome: 'ok',
    chat: '',
    delivery: 'operate:backup',
    data: {},
  })
}

/** What was said of a backup that is made. */
export function told(file: string, { counts, bytes, sha256, migration }: Manifest): string[] {
  const rows = Object.values(counts).reduce((all, one) => all + one, 0)
  return [
    `Backed up to ${resolve(file)}`,
    `  ${rows} rows in ${Object.keys(counts).length} tables, ${(bytes / 1_048_576).toFixed(1)} MB, as of migration ${migration.tag}`,
    `  SHA-256 of the dump ${sha256}`,
    '  It holds everything people wrote: keep it as safe as the database, and on another machine.',
  ]
}
