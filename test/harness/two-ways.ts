import { type Database, openDatabase } from '../../src/node/database.ts'
import { openWay, type Way } from '../chaos/way.ts'
import { createDatabase, dropDatabase } from './databases.ts'
import { rows } from './traces.ts'

/** A database with a table `kept`, by a way that can be cut or fall silent, and by the straight one. */
export interface TwoWays {
  way: Way
  database: Database
  straight: Database
  close(): Promise<void>
}

/** `given`: a database of the caller's; else it is one of its own. */
export async function openTwoWays(columns: string, given?: string): Promise<TwoWays> {
  const url = given ?? (await createDatabase())
  const way = await openWay(Number(new URL(url).port))
  const through = new URL(url)
  through.port = String(way.port)
  const database = await openDatabase({ databaseUrl: through.href, dataDir: '' })
  const straight = await openDatabase({ databaseUrl: url, dataDir: '' })
  await rows(straight.db, `create table kept (${columns})`)
  return {
    ...{ way, database, straight },
    async close() {
      await database.close()
      await straight.close()
      await way.close()
      if (!given) await dropDatabase(url)
    },
  }
}
