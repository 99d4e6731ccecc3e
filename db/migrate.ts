import { sql } from 'drizzle-orm'
import { migrate as migratePglite } from 'drizzle-orm/pglite/migrator'
import { drizzle } from 'drizzle-orm/postgres-js'
import { migrate as migratePostgres } from 'drizzle-orm/postgres-js/migrator'
import postgres from 'postgres'
import { type Db, rowsOf } from './client.ts'
import { renewGrants } from './grants.ts'

const LOCK = 4_216_001

/** The migrations that this program brings, the oldest first, and where their statements lie. */
export interface Migrations {
  folder: string
  /** `when`: by what a database remembers one. */
  list: Array<{ tag: string; when: number }>
}

/** What a database has been through, in the eyes of this program. */
export interface SchemaState {
  /** The last one it went through, as it remembers it; undefined = it is new. */
  last: number | undefined
  /** Tags of those it has yet to go through. */
  pending: string[]
}

/** A newer program has been here: this one would not understand what that one wrote. */
export class DatabaseNewer extends Error {
  constructor() {
    super(
      'The database was brought up to date by a newer version of this program, which this one cannot read. Start that version, or restore a backup that this one made.',
    )
    this.name = 'DatabaseNewer'
  }
}

/** @throws DatabaseNewer */
export async function schemaState(db: Db, { list }: Migrations): Promise<SchemaState> {
  const last = await lastMigration(db)
  if (last !== undefined && last > (list.at(-1)?.when ?? 0)) throw new DatabaseNewer()
  return { last, pending: list.filter(({ when }) => last === undefined || when > last).map(({ tag }) => tag) }
}

async function lastMigration(db: Db): Promise<number | undefined> {
  const [known] = await rowsOf<{ there: boolean }>(
    db.execute(sql`select to_regclass('drizzle.__drizzle_migrations') is not null as there`),
  )
  if (!known?.there) return undefined
  const [row] = await rowsOf<{ at: string | number | null }>(
    db.execute(sql`select max(created_at) as at from drizzle.__drizzle_migrations`),
  )
  return row?.at == null ? undefined : Number(row.at)
}

/**
 * Brings an embedded database up to date; it has one process and one connection, so no lock is needed. Answers what it went through.
 * @throws DatabaseNewer
 */
export async function migrateEmbedded(db: Db, migrations: Migrations): Promise<string[]> {
  const { pending } = await schemaState(db, migrations)
  if (pending.length) await migratePglite(db as never, { migrationsFolder: migrations.folder })
  return pending
}

/**
 * Brings a server database up to date over a connection of its own, one process at a time. One that is up to date is left alone, so
 * that a role which may change no table can start the program. `socket`: as in `openPostgres`. Answers what it went through.
 * @throws DatabaseNewer
 */
export async function migrateServer(url: string, migrations: Migrations, socket?: unknown): Promise<string[]> {
  const client = postgres(url, {
    max: 1,
    onnotice: () => {},
    connect_timeout: 10,
    // the driver itself would ask for them, and wait for the answer in a promise that nobody holds
    fetch_types: false,
    ...(socket ? { socket, ssl: false } : {}),
  })
  const db = drizzle(client)
  const own = db as unknown as Db
  try {
    await db.execute(sql`select pg_advisory_lock(${LOCK})`)
    const { pending } = await schemaState(own, migrations)
    if (!pending.length) return []
    await migratePostgres(db, { migrationsFolder: migrations.folder })
    await renewGrants(own)
    return pending
  } finally {
    // nothing is under way any more; the driver waits all the same for the answer to what it has lost
    await client.end({ timeout: 1 })
  }
}
