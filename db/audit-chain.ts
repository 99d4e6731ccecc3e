import { eq, type SQL, sql } from 'drizzle-orm'
import { bigint, pgTable, smallint, text } from 'drizzle-orm/pg-core'
import { digest } from '../src/kit/secret.ts'
import { type Db, rawStatement, rowsOf } from './client.ts'

/** The audit chain, append-only as the events are: each entry's hash covers one event and the hash of the entry before. */
export const auditChain = pgTable('audit_chain', {
  seq: bigint({ mode: 'number' }).primaryKey(),
  event: bigint({ mode: 'number' }).notNull().unique(),
  /** SHA-256 in hex, see `entryHash`. */
  hash: text().notNull(),
  /** Of the last entry of each batch: ours over its place and hash (`headText`). */
  signature: text(),
})

/**
 * The chain's head, one row: who adds to the chain locks it. Events from before the chain stand up to `oldUntil` and are sealed up
 * to `oldDone`, in the order of their ids.
 */
export const auditHead = pgTable('audit_head', {
  id: smallint().primaryKey(),
  seq: bigint({ mode: 'number' }).notNull(),
  hash: text().notNull(),
  /** '' as long as nothing is sealed. */
  signature: text().notNull(),
  oldDone: bigint('old_done', { mode: 'number' }).notNull(),
  oldUntil: bigint('old_until', { mode: 'number' }).notNull(),
})

/**
 * Events that wait for their entry. A trigger puts each event here in its own transaction, so that one that is committed late is
 * found however low its id is.
 */
export const auditUnsealed = pgTable('audit_unsealed', { event: bigint({ mode: 'number' }).primaryKey() })

export type Head = Omit<typeof auditHead.$inferSelect, 'id'>

/**
 * An entry's event in one text: a JSON array of all that its row holds, in a fixed order, its data by their SHA-256, so that the
 * text can be handed out although the data may hold what people wrote. Two different rows never have the same.
 */
export const canonical = (e: string): SQL =>
  sql.raw(
    `jsonb_build_array(${e}.id, to_jsonb(${e}.at at time zone 'UTC'), ${e}.who, ${e}.acting_for, ${e}.roles, ${e}.feature, ${e}.matter, ${e}.act, ${e}.outcome, ${e}.chat, ${e}.delivery, encode(sha256(convert_to(${e}.data::text, 'UTF8')), 'hex'))::text`,
  )

/** Before the first entry. */
export const NO_HASH = '0'.repeat(64)

export const entryHash = (previous: string, seq: number, text: string): string => digest(`${previous}\n${seq}\n${text}`)

/** What is signed of a head. */
export const headText = ({ seq, hash }: Pick<Head, 'seq' | 'hash'>): string => `huiyin audit head\n${seq}\n${hash}`

/** Holds the head until the transaction ends; undefined when somebody else holds it. */
export async function takeHead(db: Db): Promise<Head | undefined> {
  const [head] = await db.select().from(auditHead).for('update', { skipLocked: true })
  return head
}

/** How far a batch went: the head as it stands after it, unsigned. */
export interface Extended {
  count: number
  seq: number
  event: number
  hash: string
}

const value = sql.placeholder

/**
 * Reckons the entries of some events, of the id `event` and with their `text`, where these lie: `entryHash` in SQL. All are added but
 * the last, which is to be signed first.
 */
const extending = (wanted: SQL): SQL => sql`
  with recursive ${wanted}, listed as materialized (
    select array_agg(event order by event) as events, array_agg(text order by event) as texts, count(*)::integer as count from wanted
  ), chain (place, event, hash) as (
    select 0, 0::bigint, ${value('hash')}::text
    union all
    select place + 1, events[place + 1],
      encode(sha256(convert_to(concat(hash, e'\\n', ${value('seq')}::bigint + place + 1, e'\\n', texts[place + 1]), 'UTF8')), 'hex')
    from chain, listed where place < count
  ), added as (
    insert into audit_chain (seq, event, hash)
    select ${value('seq')}::bigint + place, event, hash from chain, listed where place > 0 and place < count
  )
  select count, (${value('seq')}::bigint + place)::float8 as seq, event::float8 as event, hash from chain, listed where place = count`

const extendOld = rawStatement(
  extending(sql`wanted as materialized (
    select e.id as event, ${canonical('e')} as text from events e
    where e.id > ${value('oldDone')}::bigint and e.id <= ${value('oldUntil')}::bigint order by e.id limit ${value('most')}::integer
  )`),
)

/** By arrays and not by joins: nothing here is read from end to end, whatever the server believes of these tables. */
const extendNew = rawStatement(
  extending(sql`taken as (
    delete from audit_unsealed
    where event = any (array(select event from audit_unsealed order by event limit ${value('most')}::integer))
    returning event
  ), wanted as materialized (
    select e.id as event, ${canonical('e')} as text from events e
    where e.id = any (array(select event from taken)) and (select c.seq from audit_chain c where c.event = e.id) is null
  )`),
)

/**
 * Seals the events that come next behind a head that the caller holds: those from before the chain first, then those that wait, which
 * are taken out. One that was put back with its entry is passed over. `count` 0: there are none. `endBatch` adds the last of them.
 */
export async function extendChain(db: Db, head: Head, most: number): Promise<Extended> {
  const extend = head.oldDone < head.oldUntil ? extendOld : extendNew
  const [extended] = (await extend(db, { ...head, most })) as Extended[]
  if (!extended) throw new Error('the audit chain was not extended')
  return extended
}

/** Adds the last entry of a batch with its signature, and moves the head there. */
export async function endBatch(db: Db, head: Head, event: number): Promise<void> {
  const { seq, hash, signature } = head
  await db.insert(auditChain).values({ seq, event, hash, signature })
  await keepHead(db, head)
}

export async function keepHead(db: Db, head: Head): Promise<void> {
  await db.update(auditHead).set(head).where(eq(auditHead.id, 1))
}

/** Whether some event waits for its entry. */
export async function isUnsealed(db: Db): Promise<boolean> {
  const [row] = await rowsOf<{ waits: boolean }>(
    db.execute(
      sql`select exists (select from audit_unsealed) or exists (select from audit_head where old_done < old_until) as waits`,
    ),
  )
  return row?.waits === true
}

export interface Entry {
  seq: number
  event: number
  hash: string
}

/** An entry as it stands, beside the event that it is about; `text` is missing where the event is gone. */
export interface Standing extends Entry {
  signature: string | null
  text: string | null
  at: Date | undefined
}

/** The entries after one, in order. */
export async function entriesAfter(db: Db, seq: number, most: number): Promise<Standing[]> {
  const found = await rowsOf<{
    seq: string | number
    event: string | number
    hash: string
    signature: string | null
    text: string | null
    at: string | null
  }>(
    db.execute(sql`
      select c.seq, c.event, c.hash, c.signature, case when e.id is not null then ${canonical('e')} end as text,
        to_jsonb(e.at) #>> '{}' as at
      from audit_chain c left join events e on e.id = c.event where c.seq > ${seq} order by c.seq limit ${most}`),
  )
  return found.map(row => ({
    ...row,
    seq: Number(row.seq),
    event: Number(row.event),
    at: row.at === null ? undefined : new Date(row.at),
  }))
}

/** The first entry that there is: what stood before it was taken away, or nothing. */
export async function firstEntry(db: Db): Promise<Standing | undefined> {
  const [first] = await entriesAfter(db, 0, 1)
  return first
}

/** Events after one id that no entry tells of and that do not wait for one; `last`: up to which id was looked, undefined at the end. */
export async function straysAfter(
  db: Db,
  id: number,
  most: number,
): Promise<{ stray: number | undefined; last: number | undefined }> {
  const [found] = await rowsOf<{ stray: string | number | null; last: string | number | null }>(
    db.execute(sql`
      with looked as materialized (select id from events where id > ${id} order by id limit ${most})
      select max(looked.id) as last, min(looked.id) filter (
        where not exists (select from audit_chain c where c.event = looked.id)
        and not exists (select from audit_unsealed u where u.event = looked.id)
        and not exists (select from audit_head h where looked.id > h.old_done and looked.id <= h.old_until)) as stray
      from looked`),
  )
  const number = (value: string | number | null | undefined) =>
    value === null || value === undefined ? undefined : Number(value)
  return { stray: number(found?.stray), last: number(found?.last) }
}

/** The head, and the last entry that there is, as they are at one moment. */
export async function headAndLast(db: Db): Promise<{ head: Head; last: number }> {
  const [row] = await db
    .select({ head: auditHead, last: sql<string | null>`(select max(seq) from audit_chain)` })
    .from(auditHead)
  if (!row) throw new Error('the audit chain has no head')
  const { id: _, ...head } = row.head
  return { head, last: Number(row.last ?? 0) }
}

/** The first signed entry from a place on. */
export async function signedFrom(db: Db, seq: number): Promise<(Entry & { signature: string }) | undefined> {
  const [found] = await db
    .select()
    .from(auditChain)
    .where(sql`${auditChain.seq} >= ${seq} and ${auditChain.signature} is not null`)
    .orderBy(auditChain.seq)
    .limit(1)
  return found && { ...found, signature: found.signature ?? '' }
}
