import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { gunzipSync, gzipSync } from 'node:zlib'
import { sql } from 'drizzle-orm'
import { tableNames } from '../../db/backup.ts'
import type { Db } from '../../db/client.ts'
import { count, rows } from './traces.ts'

/** What tables hold: each table's rows, as JSON. */
export type Filling = Map<string, string[]>

const FOLDER = new URL('../releases/', import.meta.url)
const ENDING = '.jsonl.gz'

/** The releases whose data is kept, oldest first, each by the last migration that it had. */
export const RELEASES: string[] = readdirSync(FOLDER)
  .filter(name => name.endsWith(ENDING))
  .map(name => name.slice(0, -ENDING.length))
  .sort()

/** What an office held that ran a release: written by that program, not by this one. */
export function releasedFilling(tag: string): Filling {
  const filling: Filling = new Map()
  for (const line of gunzipSync(readFileSync(fileOf(tag)))
    .toString()
    .split('\n')
    .filter(Boolean)) {
    const [table, row] = JSON.parse(line) as [string, string]
    filling.set(table, [...(filling.get(table) ?? []), row])
  }
  return filling
}

/** @throws where that of such a release is kept already, which then goes on to be tested. */
export function keepFilling(tag: string, filling: Filling): void {
  const lines = [...filling].flatMap(([table, all]) => all.map(row => `${JSON.stringify([table, row])}\n`))
  writeFileSync(fileOf(tag), gzipSync(lines.join(''), { level: 9 }), { flag: 'wx' })
}

const fileOf = (tag: string): URL => new URL(tag + ENDING, FOLDER)

/** All rows of a database. */
export async function fillingOf(db: Db): Promise<Filling> {
  const filling: Filling = new Map()
  for (const table of await tableNames(db)) {
    const all = await rows<{ row: string }>(db, `select to_json(t)::text as row from ${table} t`)
    filling.set(
      table,
      all.map(({ row }) => row),
    )
  }
  return filling
}

/** Puts rows into the columns that a schema has; what points elsewhere comes after what it points to. */
export async function fill(db: Db, filling: Filling, columns: Map<string, string[]>): Promise<void> {
  await db.transaction(async tx => {
    const left = new Set(columns.keys())
    for (let before = Number.POSITIVE_INFINITY; left.size; ) {
      if (left.size === before) throw new Error(`${[...left].join()} point to each other`)
      before = left.size
      for (const table of left) {
        if ((await pointsTo(tx, table)).some(other => other !== table && left.has(other))) continue
        left.delete(table)
        await put(tx, table, filling.get(table) ?? [], columns.get(table) ?? [])
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

async function put(db: Db, table: string, all: readonly string[], columns: readonly string[]): Promise<void> {
  const list = columns.map(name => `"${name}"`).join(', ')
  // what a migration or a trigger would put there is among the rows
  await rows(db, `alter table ${table} disable trigger user`)
  if (await count(db, table)) await rows(db, `delete from ${table}`)
  for (const row of all)
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

/** Names of the columns that are written, by table. */
export async function columnsOf(db: Db): Promise<Map<string, string[]>> {
  const found = await rows<{ name: string; columns: string[] }>(
    db,
    `select c.relname as name, json_agg(a.attname order by a.attnum) as columns from pg_class c join pg_attribute a on a.attrelid = c.oid
     where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
     group by c.relname`,
  )
  return new Map(found.map(({ name, columns }) => [name, typeof columns === 'string' ? JSON.parse(columns) : columns]))
}
