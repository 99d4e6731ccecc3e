import { inArray, sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Db } from '../db/client.ts'
import { people } from '../db/people.ts'
import type { Database } from '../src/node/database.ts'
import { freshDatabase, hasPostgres } from './harness/databases.ts'

describe.runIf(hasPostgres)('statements that come again', () => {
  let database: Database
  beforeAll(async () => {
    database = await freshDatabase('Postgres')
  })
  afterAll(() => database.close())

  /** Those prepared on the connection of a transaction in which `ask` has run. */
  const preparedBy = (ask: (db: Db) => Promise<unknown>): Promise<string[]> =>
    database.db.transaction(async tx => {
      await ask(tx)
      const rows = (await tx.execute(sql`select statement from pg_prepared_statements`)) as unknown as Array<{
        statement: string
      }>
      return rows.map(({ statement }) => statement)
    })

  const idsAmong = (ids: string[]) => (db: Db) =>
    db.select({ id: people.id }).from(people).where(inArray(people.id, ids))

  it('are prepared, in transactions too', async () => {
    expect(await preparedBy(idsAmong(['a']))).toContainEqual(
      expect.stringMatching(/from "people" where .* in \(\$1\)$/),
    )
  })

  it('are not where each has a length of its own, or has no value to send', async () => {
    const long = Array.from({ length: 17 }, (_, i) => `p${i}`)
    const prepared = await preparedBy(async db => {
      await idsAmong(long)(db)
      await db.execute(sql`select 'nothing to send'`)
    })
    expect(prepared.filter(text => /\$17|nothing to send/.test(text))).toEqual([])
  })

  it('answer as ever, whatever kind of value comes first', async () => {
    const asked = (value: unknown) => database.db.execute(sql`select ${value}::text as said, ${1}::int + 1 as next`)
    for (const value of ['词', null, '词']) expect(await asked(value)).toMatchObject([{ said: value, next: 2 }])
  })
})
