import { existsSync } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import {
  type Counts,
  counted,
  countRows,
  EMPTIED,
  leapIds,
  type Restored,
  serverFacts,
  settle,
  settled,
} from '../../../db/backup.ts'
import { renewGrants } from '../../../db/grants.ts'
import { migrateEmbedded } from '../../../db/migrate.ts'
import { UNCERTAIN_MS } from '../../bot/deliver.ts'
import { systemClock } from '../../clock.ts'
import type { Config } from '../../config.ts'
import { BEFORE, EMBEDDED_VERSION, embeddedIn, migrateOrTell, openAsItIs, openServer, RESTORING } from '../database.ts'
import { lockDirectory } from '../lock.ts'
import { MIGRATIONS } from '../migrations.ts'
import { Told } from '../told.ts'
import { type Archive, type Manifest, openArchive } from './archive.ts'
import { checkTools, runTool } from './postgres-tools.ts'

export interface Wish {
  file: string
  /** Whether what stands there now may go. */
  replace: boolean
}

/**
 * Puts a backup where the settings say the database is: whole or not at all. Answers what to tell.
 * @throws Told
 */
export async function restore(config: Pick<Config, 'databaseUrl' | 'dataDir'>, wish: Wish): Promise<string[]> {
  const archive = await openArchive(wish.file)
  const { manifest } = archive
  if (!MIGRATIONS.list.some(({ when }) => when === manifest.migration.when))
    throw new Told(
      `The backup was made by a newer version of this program (${manifest.program}, migration ${manifest.migration.tag}). Restore it with that version or a later one.`,
    )
  const wanted = config.databaseUrl ? 'Postgres' : 'PGlite'
  if (manifest.engine !== wanted)
    throw new Told(
      `The backup is of ${manifest.engine}, and the settings name ${wanted}. ${wanted === 'Postgres' ? 'Unset' : 'Set'} DATABASE_URL.`,
    )
  const said = config.databaseUrl
    ? await restoreServer(config.databaseUrl, archive, wish)
    : await restoreEmbedded(config.dataDir, archive, wish)
  return [`Restored what was backed up on ${manifest.takenAt}: ${rowsIn(manifest.counts)} rows, none missing.`, ...said]
}

const rowsIn = (counts: Counts) => Object.values(counts).reduce((all, one) => all + one, 0)
const NOT_EMPTY = 'There is a database already. To give it up for the backup, say --replace.'

async function restoreEmbedded(dataDir: string, { manifest, blob }: Archive, { replace }: Wish): Promise<string[]> {
  if (String(manifest.version) !== EMBEDDED_VERSION)
    throw new Told(`The backup is of PostgreSQL ${manifest.version}; this program embeds ${EMBEDDED_VERSION}.`)
  const unlock = lockDirectory(dataDir)
  try {
    const place = embeddedIn(dataDir)
    if (existsSync(place) && !replace) throw new Told(NOT_EMPTY)
    const beside = `${place}${RESTORING}`
    await rm(beside, { recursive: true, force: true })
    const through = await fillBeside(beside, await blob(), manifest)
    const kept = existsSync(place) ? `${place}${BEFORE}${systemClock.wire()}` : undefined
    if (kept) await rename(place, kept)
    await rename(beside, place)
    return [
      ...migrated(through),
      ...(kept ? [`What was there before lies in ${kept}; delete it when all is well.`] : []),
    ]
  } finally {
    unlock()
  }
}

async function fillBeside(dir: string, dump: Blob, manifest: Manifest): Promise<string[]> {
  const { db, close } = await openAsItIs(dir, dump)
  try {
    const missing = differences(manifest.counts, await countRows(db))
    if (missing.length) throw new Told(`The backup does not hold what it should: ${missing.join('; ')}.`)
    const since = sinceThen(manifest)
    await settle(db, since)
    const through = await migrateEmbedded(db, MIGRATIONS)
    await leapIds(db, since)
    return through
  } finally {
    await close()
  }
}

const differences = (wanted: Counts, found: Counts): string[] =>
  Object.entries(wanted)
    .filter(([table, rows]) => found[table] !== rows)
    .map(([table, rows]) => `${table}: ${found[table] ?? 0} rows instead of ${rows}`)

const sinceThen = ({ takenAt }: Manifest): Restored => ({
  takenMs: Date.parse(takenAt),
  nowMs: systemClock.wire(),
  repeatMs: UNCERTAIN_MS,
})

async function restoreServer(url: string, archive: Archive, { replace }: Wish): Promise<string[]> {
  const { manifest } = archive
  const { db, close } = openServer(url, 1)
  try {
    const { version, filled, bots, mayCreate } = await serverFacts(db)
    if (bots) throw new Told('A bot is connected to this database. Stop it first; all of them, if there are several.')
    if (!mayCreate) throw new Told('The role of DATABASE_URL may not make tables here. Restore with that of the owner.')
    if (filled && !replace) throw new Told(NOT_EMPTY)
    checkTools(['pg_restore', 'psql'], version)
    const since = sinceThen(manifest)
    await readBack(url, archive, since)
    const through = await migrateOrTell(url)
    await leapIds(db, since)
    await renewGrants(db)
    return migrated(through)
  } finally {
    await close()
  }
}

/** One transaction: what stood there goes, the dump comes, its rows are counted and it is settled, or nothing happens at all. */
async function readBack(url: string, { manifest, stream }: Archive, since: Restored): Promise<void> {
  const read = runTool('pg_restore', ['--file=-', '--no-owner', '--no-privileges', '--no-comments'], url)
  const write = runTool('psql', ['--no-psqlrc', '--quiet', '--no-password', '--set=ON_ERROR_STOP=1', '--file=-'], url)
  write.child.stdout?.resume()
  const { stdin, stdout } = read.child
  const { stdin: into } = write.child
  if (!stdin || !stdout || !into) throw new Error('a tool without pipes')
  stream().pipe(stdin)
  async function* script() {
    yield `begin;\n${EMPTIED};\n`
    yield* understood(stdout as AsyncIterable<Buffer>)
    await read.done
    yield [counted(manifest.counts), ...settled(since), 'commit;\n'].join(';\n')
  }
  // without its last words psql undoes everything; what it complained of tells more than that its pipe broke
  await pipeline(Readable.from(script()), into).catch(async (error: unknown) => {
    await write.done
    throw error
  })
  await write.done
}

/** What only servers from 17 on understand, and newer tools write for all. */
const NEWER_SETTING = /^SET transaction_timeout = 0;$/m
const HEAD_BYTES = 16_384

/** The settings stand in the head; the rest goes through as it is, byte for byte. */
async function* understood(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let head: Buffer | undefined = Buffer.alloc(0)
  for await (const chunk of chunks) {
    if (!head) {
      yield chunk
      continue
    }
    head = Buffer.concat([head, chunk])
    if (head.length < HEAD_BYTES) continue
    yield plain(head)
    head = undefined
  }
  if (head) yield plain(head)
}

const plain = (head: Buffer): Buffer => Buffer.from(head.toString('latin1').replace(NEWER_SETTING, ''), 'latin1')

const migrated = (through: string[]): string[] =>
  through.length ? [`Brought up to date by ${through.length} migrations: ${through.join(', ')}.`] : []
