import { readFileSync } from 'node:fs'
import postgres from 'postgres'
import { inject } from 'vitest'
import { type Database, openDatabase, openEmbedded } from '../../src/node/database.ts'

export type Kind = 'PGlite' | 'Postgres'

/** The databases that every database test runs on: PGlite always, Postgres where there is a server (in CI there must be). */
export const kinds: Kind[] = inject('postgresUrl') ? ['PGlite', 'Postgres'] : ['PGlite']
export const hasPostgres = kinds.includes('Postgres')

/** A fresh, migrated database of one kind, gone when it is closed. */
export async function freshDatabase(kind: Kind): Promise<Database> {
  if (kind === 'PGlite') {
    seed ??= new Seed()
    return { ...(await openEmbedded(undefined, seed)), embedded: true }
  }
  const url = await createDatabase(inject('postgresSeed'))
  const opened = await openDatabase({ databaseUrl: url, dataDir: '' })
  return {
    ...opened,
    close: async () => {
      await opened.close()
      await dropDatabase(url)
    },
  }
}

/** Made once for the whole run, and read once for a process: a common Blob is put together anew each time. */
class Seed extends Blob {
  readonly #bytes = new Uint8Array(readFileSync(inject('pgliteSeed'))).buffer

  override arrayBuffer(): Promise<ArrayBuffer> {
    return Promise.resolve(this.#bytes)
  }
}
let seed: Seed | undefined

let made = 0

/** The address of a new database on the test server: an empty one, or a copy of `seed`. */
export async function createDatabase(seed = 'template1'): Promise<string> {
  const name = `t_${process.pid}_${Date.now()}_${made++}`
  await onServer(sql => sql.unsafe(`create database ${name} template ${seed}`))
  return inject('postgresUrl').replace(/\/[^/]*$/, `/${name}`)
}

export async function dropDatabase(url: string): Promise<void> {
  await onServer(sql => sql.unsafe(`drop database if exists ${url.replace(/^.*\//, '')} with (force)`))
}

async function onServer(run: (sql: postgres.Sql) => Promise<unknown>): Promise<void> {
  const sql = postgres(inject('postgresUrl'), { max: 1, onnotice: () => {} })
  await run(sql)
  await sql.end()
}
