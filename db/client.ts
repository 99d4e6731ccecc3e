import { type SQL, sql } from 'drizzle-orm'
import type { AnyPgColumn, PgDatabase, PgQueryResultHKT } from 'drizzle-orm/pg-core'
import { drizzle } from 'drizzle-orm/postgres-js'
import postgres from 'postgres'
import { outliveLostConnections } from './lost.ts'
import { prepareRecurring } from './prepared.ts'

/** A database or a transaction in it, whichever driver is behind. */
export type Db = PgDatabase<PgQueryResultHKT>

export interface OpenDb {
  db: Db
  close(): Promise<void>
}

/** The driver's own pause grows to 20 s: so long a turn would hang while the database is away, and after it is back. */
const RECONNECT_S = 0.2

/** Statements end after 4 s, so that a held lock cannot hang a turn. */
const PATIENCE = { statement_timeout: 4_000, lock_timeout: 3_500 }
/**
 * A bot that vanished without a word would keep its locks until the server's system notices, after two hours: so a transaction in
 * which nothing more is said ends, and a silent line is asked after 5 s whether anybody is there.
 */
const WATCH = {
  idle_in_transaction_session_timeout: 9_000,
  ...{ tcp_keepalives_idle: 5, tcp_keepalives_interval: 2, tcp_keepalives_count: 2, tcp_user_timeout: 9_000 },
}

interface Opening {
  /** Connections. */
  max: number
  /** Those beside them that cards are drawn on: absent, there are none. */
  drawing?: number
  perInvocation?: true
  /** How a bot makes one that it watches, as the server then watches it, and encrypts by itself. */
  socket?: unknown
}

export function openPostgres(url: string, { drawing, ...options }: Opening): OpenDb {
  const sql = connect(url, options)
  const db = drizzle(sql) as unknown as Db
  if (!drawing) return { db, close: () => sql.end({ timeout: 3 }) }
  const beside = connect(url, { ...options, max: drawing })
  drawingDbs.set(db, drizzle(beside) as unknown as Db)
  return { db, close: async () => void (await Promise.all([sql, beside].map(one => one.end({ timeout: 3 })))) }
}

const drawingDbs = new WeakMap<Db, Db>()

/**
 * Where a card is read that is drawn anew by itself, outside a turn: on few connections. As long as one is idle, the driver takes another
 * for each statement, and so writes and hears of each by itself; on few, what is read for one card goes together. A transaction, and
 * whatever else is no pool that was opened with some, is read itself.
 */
export const drawingOn = (db: Db): Db => drawingDbs.get(db) ?? db

function connect(url: string, options: Omit<Opening, 'drawing'>): postgres.Sql {
  const sql = postgres(url, {
    max: options.max,
    onnotice: () => {},
    connect_timeout: 5,
    backoff: () => RECONNECT_S,
    idle_timeout: options.perInvocation ? undefined : 60,
    fetch_types: false,
    ...(options.socket ? { socket: options.socket, ssl: false } : {}),
    // compiling a statement takes longer than any of ours
    connection: { application_name: 'huiyin', jit: 'off', ...PATIENCE, ...(options.socket ? WATCH : {}) },
  })
  prepareRecurring(sql)
  outliveLostConnections(sql)
  return sql
}

interface Prepared {
  execute(values?: Record<string, unknown>): Promise<unknown>
}

/**
 * A statement whose text is built once and which is sent prepared, in whatever transaction it runs: building the text anew
 * costs more than running it (half of the throughput of a whole turn). drizzle binds a prepared statement to the session it
 * was built in, so the session's client is put in its place at each call.
 */
export function statement<P extends Prepared>(build: (db: Db) => P) {
  const built = new Map<unknown, P>()
  return (db: Db, values: Record<string, unknown>): Promise<Awaited<ReturnType<P['execute']>>> => {
    const session = sessionOf(db)
    const known = built.get(session.constructor) ?? build(db)
    built.set(session.constructor, known)
    const bound = Object.create(known, { client: { value: session.client } }) as P
    return bound.execute(values) as Promise<Awaited<ReturnType<P['execute']>>>
  }
}

/**
 * The same for a statement written out in SQL: handed to the driver itself, past what drizzle does at each call. Its values are
 * given as the driver takes them, e.g. JSON as text.
 */
export function rawStatement(text: SQL): (db: Db, values: Record<string, unknown>) => Promise<unknown[]> {
  let query: { sql: string; params: Array<{ name: string }> } | undefined
  return (db, values) => {
    const { client } = sessionOf(db) as { client: PostgresClient | PgliteClient }
    query ??= (db as unknown as { dialect: { sqlToQuery(sql: SQL): typeof query } }).dialect.sqlToQuery(text)
    const { sql = '', params = [] } = query ?? {}
    const given = params.map(({ name }) => values[name])
    return rowsOf('unsafe' in client ? client.unsafe(sql, given, { prepare: true }) : client.query(sql, given))
  }
}

/** Texts as one value of a prepared statement, for `= any($1::text[])`. */
export const textArray = (texts: readonly string[]): string =>
  `{${texts.map(text => `"${text.replace(/[\\"]/g, '\\$&')}"`).join(',')}}`

/** Whether a text is one of some: one value however many they are, where `inArray` builds and plans a value each. */
export const oneOf = (column: AnyPgColumn, texts: readonly string[]): SQL =>
  sql`${column} = any(${textArray(texts)}::text[])`

interface PostgresClient {
  unsafe(text: string, values: unknown[], options: { prepare: true }): PromiseLike<unknown>
}

interface PgliteClient {
  query(text: string, values: unknown[]): PromiseLike<unknown>
}

interface Session {
  client: unknown
  constructor: unknown
}

/** Built once per driver: the two hand their queries over differently. */
function sessionOf(db: Db): Session {
  return (db as unknown as { session: Session }).session
}

/** How a driver is asked; it answers a promise, or what becomes one: either may be awaited by several. */
export type Ask = (text: string, values?: unknown[], ...how: unknown[]) => unknown

/** The same database, whose driver is asked another way; for single statements, not for transactions. */
export function askedBy(db: Db, another: (ask: Ask) => Ask): Db {
  const session = sessionOf(db)
  const client = session.client as Record<'unsafe' | 'query', Ask>
  const method = 'unsafe' in client ? 'unsafe' : 'query'
  const instead = another((...asked) => client[method](...asked))
  const changed = Object.create(session, { client: { value: { [method]: instead } } })
  return Object.create(db, { session: { value: changed } }) as Db
}

/** Rows of a raw statement: the two drivers hand them back in different shapes. */
export async function rowsOf<Row>(result: PromiseLike<unknown>): Promise<Row[]> {
  const answer = (await result) as Row[] | { rows: Row[] }
  return Array.isArray(answer) ? answer : answer.rows
}

/** What the database itself objected to, without the statement's values, which may be personal. */
export function sqlFault(error: unknown): { code: string; constraint: string | undefined } | undefined {
  const cause = error instanceof Error ? (error.cause ?? error) : undefined
  if (typeof cause !== 'object' || !cause || !('code' in cause)) return undefined
  const fault = cause as { code: unknown; constraint?: string; constraint_name?: string }
  return { code: String(fault.code), constraint: fault.constraint_name ?? fault.constraint }
}

/** What the database, or the way to it, does not do now and will do later. */
const PASSING = /^(08|53|57|40001|40P01|55P03|CONNECT|ECONN|ETIMEDOUT|EPIPE|ENET|EHOST|ENOTFOUND|EAI_AGAIN)/

/** Whether something failed only because the database was away, or had too much to do at that moment. */
export const isPassing = (error: unknown): boolean => PASSING.test(sqlFault(error)?.code ?? '')

/** No connection is to be had: it is not there, or comes up just now. */
const UNREACHABLE = /^(57P03|CONNECT_TIMEOUT|ECONNREFUSED|ENET|EHOST|ENOTFOUND|EAI_AGAIN)/

/** Whether nothing else can be written now either, and to try it would only take time. */
export const isUnreachable = (error: unknown): boolean => UNREACHABLE.test(sqlFault(error)?.code ?? '')

const ANSWERS_WITHIN_MS = 2_000

/** Whether the database answers and knows our tables; else why not, in words without a secret. */
export async function readiness(db: Db): Promise<string | undefined> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<string>(done => {
    timer = setTimeout(() => done('the database does not answer'), ANSWERS_WITHIN_MS)
  })
  const asked = db.execute(sql`select 1 from inbox limit 1`).then(
    () => undefined,
    (error: unknown) =>
      sqlFault(error)?.code === '42P01' ? 'the database is not migrated' : 'the database does not answer',
  )
  return Promise.race([asked, late]).finally(() => clearTimeout(timer))
}
