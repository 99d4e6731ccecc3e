import { sql } from 'drizzle-orm'
import { type Db, rowsOf } from '../../db/client.ts'

/** After five runs the server may plan a prepared statement for any value; a run more tells whether it does. */
export const RUNS = 6

interface Prepared {
  name: string
  statement: string
  values: number
}

/** The statements of a connection that the server plans without looking at their values, and which tables each so reads from end to end. */
export async function plannedForAny(db: Db): Promise<Array<{ statement: string; scanned: string[] }>> {
  const all = await rowsOf<Prepared>(
    db.execute(sql`
      select name, statement, cardinality(parameter_types)::int as values from pg_prepared_statements where generic_plans > 0`),
  )
  return db.transaction(async tx => {
    await tx.execute(sql`set local plan_cache_mode = force_generic_plan`)
    const found = []
    for (const { name, statement, values } of all) {
      const given = values ? `(${Array(values).fill('null')})` : ''
      const plan = await rowsOf(tx.execute(`explain (format json) execute "${name}"${given}`))
      const scans = JSON.stringify(plan).matchAll(/"Node Type":"Seq Scan"[^{}]*?"Relation Name":"(\w+)"/g)
      found.push({ statement, scanned: [...scans].map(([, table = '']) => table) })
    }
    return found
  })
}
