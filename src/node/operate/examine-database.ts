import type { Db } from '../../../db/client.ts'
import { powersOverHistory } from '../../../db/grants.ts'
import { type Health, health, wayHere } from '../../../db/health.ts'
import { DatabaseNewer, schemaState } from '../../../db/migrate.ts'
import { CONNECTIONS, type Database } from '../database.ts'
import { MIGRATIONS } from '../migrations.ts'
import { bad, type Finding, fatal, good, note } from './finding.ts'

const LEAST_VERSION = 14
const CLOCKS_APART_MS = 2_000

/** `wire`: our own real time. */
export async function examineDatabase(
  { db, embedded }: Pick<Database, 'db' | 'embedded'>,
  wire: () => number,
): Promise<Finding[]> {
  const before = wire()
  const found = await health(db)
  // the answer was made somewhere between question and answer
  const apartMs = Math.max(0, before - found.atMs, found.atMs - wire())
  const tables = await examineTables(db)
  if (embedded)
    return [note('Database', `PGlite ${found.version}, ${megabytes(found)}: for trials and small teams`), tables]
  return [
    found.version < LEAST_VERSION
      ? fatal('Database', `PostgreSQL ${found.version} is too old`, `use ${LEAST_VERSION} or newer`)
      : good(
          'Database',
          `PostgreSQL ${found.version}, ${megabytes(found)}, time zone ${found.zone} (the program does not use it)`,
        ),
    tables,
    apartMs > CLOCKS_APART_MS
      ? bad(
          'Clock',
          `the database's is ${Math.round(apartMs / 1_000)} s off ours`,
          'let both machines follow a time server',
        )
      : good('Clock', 'the same as the database’s'),
    found.free < CONNECTIONS
      ? bad('Connections', `only ${found.free} free or ours`, `a bot takes ${CONNECTIONS}: raise max_connections`)
      : good('Connections', `${found.free} free or ours`),
    await examineRole(db),
    await examineWay(db),
  ]
}

const megabytes = ({ bytes }: Health) => `${Math.round(bytes / 1_048_576)} MB`

async function examineTables(db: Db): Promise<Finding> {
  try {
    const { last, pending } = await schemaState(db, MIGRATIONS)
    if (last === undefined) return fatal('Tables', 'none yet', 'start the bot once, or run migrate')
    return pending.length
      ? fatal('Tables', `${pending.length} migrations behind: ${pending.join(', ')}`, 'run migrate, or start the bot')
      : good('Tables', `up to date (${MIGRATIONS.list.at(-1)?.tag})`)
  } catch (error) {
    if (error instanceof DatabaseNewer)
      return fatal('Tables', 'made by a newer version of this program', 'start that version')
    throw error
  }
}

async function examineWay(db: Db): Promise<Finding> {
  const { tls, isLocal } = await wayHere(db)
  if (tls) return good('Encryption', `${tls} between bot and database`)
  return isLocal
    ? good('Encryption', 'none, and none needed: bot and database are on one machine')
    : note(
        'Encryption',
        'none between bot and database, which are on two machines',
        'add sslmode=verify-full to DATABASE_URL (README, settings)',
      )
}

async function examineRole(db: Db): Promise<Finding> {
  const powers = await powersOverHistory(db)
  return powers.length
    ? note(
        'Role',
        `could change the history (${powers.slice(0, 3).join(', ')})`,
        'give the bot one that cannot: role <name> --apply',
      )
    : good('Role', 'cannot change the history')
}
