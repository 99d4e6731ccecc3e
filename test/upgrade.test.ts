import { sql } from 'drizzle-orm'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { countRows, tableNames } from '../db/backup.ts'
import { type Db, rowsOf } from '../db/client.ts'
import { DatabaseNewer, migrateEmbedded, migrateServer, schemaState } from '../db/migrate.ts'
import { MIGRATIONS } from '../src/node/migrations.ts'
import { kinds } from './harness/databases.ts'
import { databaseAt, type Earlier } from './harness/earlier.ts'
import { mishaps, openLife } from './harness/life.ts'
import { TestOffice } from './harness/office.ts'
import { count, rows } from './harness/traces.ts'

/** All rows of an office in which something of every subject was done, as JSON; migrations change tables, hardly what lies in them. */
type Filling = Map<string, string[]>
let filling: Filling
beforeAll(async () => {
  const { office } = await openLife()
  const { db } = office.database
  filling = new Map()
  for (const table of await tableNames(db))
    filling.set(
      table,
      (await rows<{ row: string }>(db, `select to_json(t)::text as row from ${table} t`)).map(({ row }) => row),
    )
  await office.close()
}, 120_000)

/** Names of the columns that are written, by table. */
async function columnsOf(db: Db): Promise<Map<string, string[]>> {
  const found = await rows<{ name: string; columns: string[] }>(
    db,
    `select c.relname as name, json_agg(a.attname order by a.attnum) as columns from pg_class c join pg_attribute a on a.attrelid = c.oid
     where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
     group by c.relname`,
  )
  return new Map(found.map(({ name, columns }) => [name, typeof columns === 'string' ? JSON.parse(columns) : columns]))
}

/** Puts in what an earlier schema has room for; what points elsewhere comes after what it points to. */
async function fill(db: Db, columns: Map<string, string[]>): Promise<void> {
  await db.transaction(async tx => {
    const left = new Set(columns.keys())
    for (let round = 0; left.size; round++) {
      expect(round, `${[...left]} point to each other`).toBeLessThan(columns.size)
      for (const table of [...left]) {
        if ((await pointsTo(tx, table)).some(other => other !== table && left.has(other))) continue
        left.delete(table)
        await put(tx, table, columns.get(table) ?? [])
      }
    }
  })
}

const pointsTo = async (db: Db, table: string): Promise<string[]> =>
  (
    await rows<{ name: string }>(
      db,
      `select confrelid::regclass::text as name from pg_constraint where contype = 'f' and conrelid = '${table}'::regclass`,
    )
  ).map(({ name }) => name)

async function put(db: Db, table: string, columns: string[]): Promise<void> {
  const list = columns.map(name => `"${name}"`).join(', ')
  // what a migration or a trigger would put there is among the rows
  await rows(db, `alter table ${table} disable trigger user`)
  if (await count(db, table)) await rows(db, `delete from ${table}`)
  for (const row of filling.get(table) ?? [])
    await db.execute(
      sql`insert into ${sql.identifier(table)} (${sql.raw(list)}) overriding system value
        select ${sql.raw(list)} from json_populate_record(null::${sql.identifier(table)}, ${row}::json)`,
    )
  await rows(db, `alter table ${table} enable trigger user`)
  for (const { name } of await rows<{ name: string }>(
    db,
    `select attname as name from pg_attribute where attrelid = '${table}'::regclass and attidentity <> ''`,
  ))
    await rows(
      db,
      `select setval(pg_get_serial_sequence('${table}', '${name}'), (select coalesce(max("${name}"), 0) + 1 from ${table}), false)`,
    )
}

/** One digest a table of what stands in these columns, whatever order the rows lie in. */
async function digests(db: Db, columns: Map<string, string[]>): Promise<Record<string, string>> {
  const found: Record<string, string> = {}
  for (const [table, names] of columns) {
    const row = sql.raw(`row(${names.map(name => `"${name}"`).join(', ')})::text`)
    const [one] = await rowsOf<{ digest: string | null }>(
      db.execute(sql`select md5(string_agg(${row}, chr(10) order by ${row})) as digest from ${sql.identifier(table)}`),
    )
    found[table] = one?.digest ?? ''
  }
  return found
}

describe.each(kinds)('an upgrade on %s', kind => {
  const tags = MIGRATIONS.list.map(({ tag }) => tag)
  // the embedded database is slow to make, and its migrations are the same: there the longest way will do
  const from = kind === 'Postgres' ? tags : tags.slice(0, 1)
  let old: Earlier
  afterEach(() => old.close())

  it.each(from)(
    'from %s keeps every row of every table, and the program works',
    async tag => {
      old = await databaseAt(kind, tag)
      const { db } = old
      const columns = await columnsOf(db)
      await fill(db, columns)
      const before = { counts: await countRows(db), digests: await digests(db, columns) }
      expect(Object.values(before.counts).filter(Boolean).length).toBeGreaterThan(8)

      expect(await old.migrate()).toEqual(tags.slice(tags.indexOf(tag) + 1))

      expect(await countRows(db)).toMatchObject(before.counts)
      expect(await digests(db, columns)).toEqual(before.digests)
      expect(await schemaState(db, MIGRATIONS)).toMatchObject({ pending: [] })
      expect(await old.migrate()).toEqual([])
      await works(old)
    },
    90_000,
  )

  it('is refused by a program that is older than its database', async () => {
    old = await databaseAt(kind, tags.at(-1) ?? '')
    const older = { ...MIGRATIONS, list: MIGRATIONS.list.slice(0, -1) }
    const started = kind === 'Postgres' ? migrateServer(old.url, older) : migrateEmbedded(old.db, older)
    await expect(started).rejects.toThrow(DatabaseNewer)
    expect(await schemaState(old.db, MIGRATIONS)).toMatchObject({ pending: [] })
  })
})

/** What was there is listed, something new is done, and the heartbeat finds nothing odd. */
async function works(database: Earlier): Promise<void> {
  const office = await TestOffice.open({
    database: { ...database, close: async () => {} },
    now: '2026-11-25T10:00:00+08:00',
  })
  const [wang, zheng] = [office.person('王强'), office.person('郑洁')]
  for (const line of [
    '/待办',
    '/今日',
    '/交办 列表',
    '/督办 台账',
    '/会议 列表',
    '/用车 看板',
    '/提醒 列表',
    '/查 投影仪',
  ])
    await wang.says(line)
  expect((await wang.seesCard()).words).toContain('把投影仪修好')
  await wang.says('/交办 @郑洁 整理升级记录')
  await zheng.presses('签收')
  expect((await wang.seesCard()).words).toContain('办理中')
  await office.moveTo('2026-11-26T08:31:00+08:00')
  await office.settled()
  expect(mishaps(office)).toEqual([])
  await office.close()
}
