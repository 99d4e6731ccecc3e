import { getTableColumns, type SQL, sql } from 'drizzle-orm'
import type { PgTable } from 'drizzle-orm/pg-core'
import { type Db, rowsOf } from './client.ts'

/**
 * Inserts rows by one statement with one value, however many they are: thousands of placeholders are dear to build and to plan, and
 * Postgres takes no more than 65,535. All rows have the columns of the first. Answers their ids, in the order of the rows.
 */
export async function insertRows(
  db: Db,
  table: PgTable,
  rows: ReadonlyArray<Record<string, unknown>>,
  conflict: SQL = sql``,
): Promise<number[]> {
  const [first] = rows
  if (!first) return []
  const columns = Object.entries(getTableColumns(table)).filter(([key]) => Object.hasOwn(first, key))
  const given = rows.map(row => Object.fromEntries(columns.map(([key, { name }]) => [name, row[key]])))
  const names = sql.join(
    columns.map(([, { name }]) => sql.identifier(name)),
    sql`, `,
  )
  const kept = await rowsOf<{ id: string | number }>(
    db.execute(sql`
      insert into ${table} (${names})
      select ${names} from json_populate_recordset(null::${table}, ${JSON.stringify(given)}::json) ${conflict} returning id`),
  )
  return kept.map(({ id }) => Number(id))
}
