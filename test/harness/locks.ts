import postgres from 'postgres'
import type { Database } from '../../src/node/database.ts'
import { urlOf } from './second.ts'
import { count, until } from './traces.ts'

/** Holds what `statement` locks, so long as `meanwhile` takes or until it lets go; whatever comes of that, it is let go. */
export async function holding(
  database: Database,
  statement: string,
  meanwhile: (letGo: () => void) => Promise<void>,
): Promise<void> {
  const sql = postgres(await urlOf(database), { max: 1 })
  let [isHeld, letGo] = [(): void => {}, (): void => {}]
  const begun = new Promise<void>(done => {
    isHeld = done
  })
  const gone = new Promise<void>(done => {
    letGo = done
  })
  const lock = sql.begin(async tx => {
    await tx.unsafe(statement)
    isHeld()
    await gone
  })
  try {
    await Promise.race([begun, lock])
    await meanwhile(letGo)
  } finally {
    letGo()
    await lock.finally(() => sql.end())
  }
}

/** Once somebody waits for a table of this database that another holds. */
export const isWaited = ({ db }: Pick<Database, 'db'>): Promise<void> =>
  until(
    async () =>
      (await count(
        db,
        'pg_locks where not granted and database = (select oid from pg_database where datname = current_database())',
      )) > 0,
  )
