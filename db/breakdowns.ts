import { sql } from 'drizzle-orm'
import { type Db, textArray } from './client.ts'
import { inbox } from './inbox.ts'
import { setting, settings } from './settings.ts'

/** A turn that broke, and not only because the database was away. */
export interface Breakdown {
  /** As the log and its sender have it. */
  id: string
  act: string
  /** Of the delivery. */
  key: string
  /** When it broke for the first time. */
  at: string
  /** Who waits for an answer; '' = nobody. */
  who: string
  /** Whether nobody is left to be told that it was not done. */
  told: boolean
}

const BREAKDOWNS = 'breakdowns'
const MOST = 50

export const breakdowns = async (db: Db): Promise<Breakdown[]> => (await setting<Breakdown[]>(db, BREAKDOWNS)) ?? []

/** Adds one, unless its delivery is there already; the oldest makes room. */
export async function noteBreakdown(db: Db, one: Breakdown, at: Date): Promise<void> {
  const kept = sql`case when jsonb_array_length(${settings.value}) < ${MOST}::integer then ${settings.value} else ${settings.value} - 0 end`
  await db
    .insert(settings)
    .values({ name: BREAKDOWNS, value: [one], at })
    .onConflictDoUpdate({
      target: settings.name,
      set: { value: sql`${kept} || excluded.value`, at: sql`excluded.at` },
      setWhere: sql`not ${settings.value} @> jsonb_build_array(jsonb_build_object('key', ${one.key}::text))`,
    })
}

const each = sql`jsonb_array_elements(${settings.value}) with ordinality as each (one, n)`

/** Notes of these deliveries that nobody is left to be told; of the people no trace is kept. */
export async function noteTold(db: Db, keys: readonly string[]): Promise<void> {
  const told = sql`one || '{"who": "", "told": true}'::jsonb`
  await db.execute(sql`
    update ${settings} set value = (
      select jsonb_agg(case when one ->> 'key' = any(${textArray(keys)}::text[]) then ${told} else one end order by n) from ${each})
    where ${settings.name} = ${BREAKDOWNS} and ${settings.value} <> '[]'::jsonb`)
}

/** Drops what was done after all by a later delivery, and what broke before then and has been told. */
export async function dropBreakdowns(db: Db, before: Date): Promise<void> {
  const isOver = sql`(exists (select from ${inbox} where ${inbox.key} = one ->> 'key')
    or (one -> 'told')::boolean and (one ->> 'at')::timestamptz < ${before.toISOString()}::timestamptz)`
  await db.execute(sql`
    update ${settings} set value = (select coalesce(jsonb_agg(one order by n), '[]') from ${each} where not ${isOver})
    where ${settings.name} = ${BREAKDOWNS} and exists (select from ${each} where ${isOver})`)
}
