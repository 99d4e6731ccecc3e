import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openPostgres } from '../../db/client.ts'
import { migrateEmbedded, migrateServer } from '../../db/migrate.ts'
import type { Database } from '../../src/node/database.ts'
import { MIGRATIONS, migrationsIn } from '../../src/node/migrations.ts'
import { createDatabase, dropDatabase, type Kind } from './databases.ts'

interface Journal {
  entries: Array<{ idx: number; when: number; tag: string }>
}

/** The migrations up to one of them, as a folder of their own. */
export function folderUpTo(tag: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'huiyin-migrations-'))
  cpSync(MIGRATIONS.folder, folder, { recursive: true })
  const path = join(folder, 'meta/_journal.json')
  const journal = JSON.parse(readFileSync(path, 'utf8')) as Journal
  const last = journal.entries.findIndex(entry => entry.tag === tag)
  writeFileSync(path, JSON.stringify({ ...journal, entries: journal.entries.slice(0, last + 1) }))
  return folder
}

export type Earlier = Database & {
  /** The rest of the way; answers what it went through. */
  migrate(): Promise<string[]>
  /** On a server. */
  url: string
}

/** An empty database as it was at one migration. */
export async function databaseAt(kind: Kind, tag: string): Promise<Earlier> {
  const folder = folderUpTo(tag)
  try {
    return kind === 'PGlite' ? await embeddedAt(folder) : await serverAt(folder)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

async function embeddedAt(folder: string): Promise<Earlier> {
  const { openPglite } = await import('../../db/pglite.ts')
  const opened = await openPglite(undefined)
  await migrateEmbedded(opened.db, migrationsIn(folder))
  return { ...opened, embedded: true, url: '', migrate: () => migrateEmbedded(opened.db, MIGRATIONS) }
}

async function serverAt(folder: string): Promise<Earlier> {
  const url = await createDatabase()
  await migrateServer(url, migrationsIn(folder))
  const opened = openPostgres(url, { max: 12 })
  return {
    ...opened,
    embedded: false,
    url,
    migrate: () => migrateServer(url, MIGRATIONS),
    close: async () => {
      await opened.close()
      await dropDatabase(url)
    },
  }
}
