import { sql } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/postgres-js'
import postgres from 'postgres'
import { type Db, rowsOf } from './client.ts'
import { DIRECTORY_WANTED, HEARTBEAT, PUT_BACK, type PutBack } from './settings.ts'

/** How many rows each table has. */
export type Counts = Record<string, number>

/**
 * One state of a server database, for as long as `run` takes: another connection that names the snapshot sees the same. Writers are not
 * kept waiting. `socket`: as in `openPostgres`.
 */
export async function inSnapshot<T>(
  url: string,
  socket: unknown,
  run: (db: Db, snapshot: string) => Promise<T>,
): Promise<T> {
  const client = postgres(url, {
    max: 1,
    onnotice: () => {},
    connect_timeout: 10,
    fetch_types: false,
    ...{ socket, ssl: false },
    connection: { application_name: 'huiyin backup', idle_in_transaction_session_timeout: 0 },
  })
  try {
    return await drizzle(client).transaction(
      async tx => {
        const db = tx as unknown as Db
        const [row] = await rowsOf<{ name: string }>(db.execute(sql`select pg_export_snapshot() as name`))
        return run(db, row?.name ?? '')
      },
      { isolationLevel: 'repeatable read', accessMode: 'read only' },
    )
  } finally {
    await client.end({ timeout: 5 })
  }
}

export async function countRows(db: Db): Promise<Counts> {
  const counts: Counts = {}
  for (const table of await tableNames(db)) {
    const [row] = await rowsOf<{ n: string | number }>(
      db.execute(sql`select count(*) as n from ${sql.identifier('public')}.${sql.identifier(table)}`),
    )
    counts[table] = Number(row?.n)
  }
  return counts
}

export async function tableNames(db: Db): Promise<string[]> {
  const rows = await rowsOf<{ name: string }>(
    db.execute(
      sql`select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') order by 1`,
    ),
  )
  return rows.map(({ name }) => name)
}

/** What a server tells of itself before it is backed up or restored. */
export interface ServerFacts {
  /** Major version. */
  version: number
  /** Whether there are tables in it. */
  filled: boolean
  /** How many connections of a running bot are on it. */
  bots: number
  /** Whether our role may make tables here. */
  mayCreate: boolean
}

export async function serverFacts(db: Db): Promise<ServerFacts> {
  const [row] = await rowsOf<{ version: string; bots: string | number; may: boolean }>(
    db.execute(sql`
      select current_setting('server_version_num') as version,
        has_schema_privilege('public', 'create') and has_database_privilege(current_database(), 'create') as may,
        (select count(*) from pg_stat_activity
          where datname = current_database() and application_name = 'huiyin' and pid <> pg_backend_pid()) as bots`),
  )
  return {
    version: Math.floor(Number(row?.version) / 10_000),
    filled: (await tableNames(db)).length > 0,
    bots: Number(row?.bots),
    mayCreate: row?.may ?? false,
  }
}

/** Takes away every table of ours, and what belongs to them. Schemas stay, with what the owner has granted on them. */
export const EMPTIED = `do $$ declare one text; begin
  drop schema if exists drizzle cascade;
  for one in select format('drop table %I.%I cascade', 'public', relname) from pg_catalog.pg_class
    where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') loop execute one; end loop;
  for one in select format('drop function %s cascade', pg_proc.oid::regprocedure) from pg_catalog.pg_proc
    where pronamespace = 'public'::regnamespace and pg_catalog.pg_has_role(proowner, 'USAGE') and not exists (
      select from pg_catalog.pg_depend where classid = 'pg_proc'::regclass and objid = pg_proc.oid and deptype = 'e') loop execute one; end loop;
end $$`

/** Fails where a table has another number of rows than it had. */
export const counted = (counts: Counts): string => `do $$ declare n bigint; begin
${Object.entries(counts)
  .map(
    ([table, rows]) => `  select count(*) into n from public."${table.replaceAll('"', '""')}";
  if n <> ${rows} then raise exception '${table.replaceAll("'", "''")}: % rows instead of ${rows}', n; end if;`,
  )
  .join('\n')}
end $$`

/** Wire times: when a backup was taken, when it is restored, and for how long a repeat of a message is recognised. */
export interface Restored {
  takenMs: number
  nowMs: number
  repeatMs: number
}

/** What is listed as the reason of a message that waited when the backup was taken. */
export const RESTORED = '数据由备份恢复,是否送达不能确定'

/**
 * What waited when a backup was taken has perhaps been sent since. Within the hour in which Feishu recognises a repeat it is sent once
 * more and makes no second message; else it is listed as failed. What could have left without a `uuid`, or under another one, is always
 * listed; a file that was to be handed in anew for many as well, once its subject has heard that it is not. Redraws and readings do no harm.
 */
function settledOutbox({ takenMs, nowMs, repeatMs }: Restored): string[] {
  const tooOld = nowMs - takenMs > repeatMs
  return [
    `update public.outbox set state = 'failed', done_ms = ${nowMs}, reason = '${RESTORED}'
      where state = 'waiting' and (api in ('upload', 'batch') or api in ('create', 'reply') and (${tooOld} or parcel ? 'plain'))`,
    `update public.outbox set uncertain_since_ms = coalesce(uncertain_since_ms, ${takenMs})
      where state = 'waiting' and api in ('create', 'reply')`,
    `update public.outbox set parcel = jsonb_set(parcel, '{fetch,lost}', '"${RESTORED}"')
      where state = 'waiting' and api = 'file' and parcel -> 'fetch' ? 'passAs'`,
  ]
}

/**
 * Ids go on from the time of the restore: none is given that was given before it, whatever was made since the backup or after an
 * earlier restore of it, so no card of then is about something else. Nowhere are a thousand given in each second.
 */
const leaptIds = ({ nowMs }: Pick<Restored, 'nowMs'>): string => `do $$ declare one regclass; begin
  for one in select oid::regclass from pg_catalog.pg_class where relnamespace = 'public'::regnamespace and relkind = 'S' loop
    perform setval(one, greatest(nextval(one), ${nowMs})); end loop;
end $$`

/**
 * Nobody was there between the backup and now, but that is no standstill: what is told is that it was put back. Who has left since then
 * Feishu does not say again: the directory is asked.
 */
function settledSettings({ takenMs, nowMs }: Restored): string[] {
  const putBack: PutBack = { takenMs, atMs: nowMs }
  return [
    `delete from public.settings where name = '${HEARTBEAT}'`,
    kept(PUT_BACK, putBack, nowMs),
    kept(DIRECTORY_WANTED, true, nowMs),
  ]
}

const kept = (name: string, value: PutBack | true, nowMs: number): string =>
  `insert into public.settings (name, value, at) values ('${name}', '${JSON.stringify(value)}', to_timestamp(${nowMs} / 1000.0))
    on conflict (name) do update set value = excluded.value, at = excluded.at`

/**
 * What was done since the backup is gone: that belongs into the history, and is written with the data, so that it is there whatever
 * becomes of the restore afterwards. A dump leaves no path to look for tables on, which the trigger needs.
 */
const notedRestore = ({ takenMs, nowMs }: Restored): string[] => [
  'set local search_path to public',
  `insert into public.events (at, who, feature, act, outcome, chat, delivery, data)
    values (to_timestamp(${nowMs} / 1000.0), '', 'setup', 'restore', 'ok', '', 'operate:restore',
      '${JSON.stringify({ takenAt: new Date(takenMs).toISOString() })}')`,
]

/** What has to be otherwise than in the backup before the house goes on from it. */
export const settled = (restored: Restored): string[] => [
  ...settledOutbox(restored),
  leaptIds(restored),
  ...settledSettings(restored),
  ...notedRestore(restored),
]

/** Settles a database that was just restored. */
export async function settle(db: Db, restored: Restored): Promise<void> {
  await db.transaction(async tx => {
    for (const one of settled(restored)) await tx.execute(sql.raw(one))
  })
}

/** The same for the ids of tables that were made after it was restored. */
export async function leapIds(db: Db, restored: Pick<Restored, 'nowMs'>): Promise<void> {
  await db.execute(sql.raw(leaptIds(restored)))
}
