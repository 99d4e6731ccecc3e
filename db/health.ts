import { sql } from 'drizzle-orm'
import { type Db, rowsOf } from './client.ts'

/** How a database is, for whoever looks after it. */
export interface Health {
  /** Major version. */
  version: number
  zone: string
  /** Its own clock. */
  atMs: number
  /** Connections that are still to be had by a role that is no superuser, and those that a bot on this database has already. */
  free: number
  bytes: number
}

export async function health(db: Db): Promise<Health> {
  const [row] = await rowsOf<Record<'version' | 'zone', string> & Record<'at' | 'free' | 'bytes', string | number>>(
    db.execute(sql`
      select current_setting('server_version_num') as version, current_setting('TimeZone') as zone,
        (extract(epoch from clock_timestamp()) * 1000)::bigint as at, pg_database_size(current_database()) as bytes,
        current_setting('max_connections')::integer - current_setting('superuser_reserved_connections')::integer
          - (select count(*) from pg_stat_activity where datname is not null
            and (datname <> current_database() or application_name <> 'huiyin')) as free`),
  )
  return {
    version: Math.floor(Number(row?.version) / 10_000),
    zone: row?.zone ?? '',
    atMs: Number(row?.at),
    free: Number(row?.free),
    bytes: Number(row?.bytes),
  }
}

/** The way between us and a server. */
export interface Way {
  /** The version of TLS; undefined = it is not encrypted. */
  tls: string | undefined
  /** Whether it stays on one machine. */
  isLocal: boolean
}

export async function wayHere(db: Db): Promise<Way> {
  const [row] = await rowsOf<{ tls: string | null; local: boolean }>(
    db.execute(sql`
      select version as tls, inet_client_addr() is not distinct from inet_server_addr() as local
      from pg_stat_ssl where pid = pg_backend_pid()`),
  )
  return { tls: row?.tls ?? undefined, isLocal: row?.local ?? false }
}
