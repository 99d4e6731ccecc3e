import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Migrations } from '../../db/migrate.ts'

/** The migrations in a folder, as their journal lists them. */
export function migrationsIn(folder: string): Migrations {
  const journal = JSON.parse(readFileSync(join(folder, 'meta/_journal.json'), 'utf8')) as {
    entries: Migrations['list']
  }
  return { folder, list: journal.entries.map(({ tag, when }) => ({ tag, when })) }
}

/** Beside the sources as well as beside the built program: both lie one level below the project's root. */
const FOLDER = fileURLToPath(
  new URL(import.meta.url.includes('/src/node/') ? '../../db/migrations' : '../db/migrations', import.meta.url),
)

/** Those of this program. */
export const MIGRATIONS = migrationsIn(FOLDER)
