import { and, desc, eq, gt, gte, inArray, like, lt, lte, not, or, type SQL, sql } from 'drizzle-orm'
import { auditChain, auditHead, auditUnsealed, canonical, NO_HASH } from './audit-chain.ts'
import { type Db, rowsOf } from './client.ts'
import { type Event, events } from './events.ts'

/** Which records are wanted. */
export interface AuditFilter {
  /** Who acts, or whose roles it is about. */
  person?: string | undefined
  /** Any of these matters, each with its parts (`12/i3`). */
  matters?: ReadonlyArray<{ feature: string; matter: string }> | undefined
  since?: Date | undefined
  before?: Date | undefined
  features?: readonly string[] | undefined
  outcome?: Event['outcome'] | undefined
  /** Older than this record. */
  beforeId?: number | undefined
}

/** The newest records first. */
export async function recordsSeen(db: Db, filter: AuditFilter, most: number): Promise<Event[]> {
  return db.select().from(events).where(matching(filter)).orderBy(desc(events.id)).limit(most)
}

/** How many of them have their entry in the chain by now. */
export async function countSealed(db: Db, filter: AuditFilter, most: number): Promise<number> {
  const some = db
    .select({ id: events.id })
    .from(events)
    .innerJoin(auditChain, eq(auditChain.event, events.id))
    .where(matching(filter))
    .limit(most)
    .as('some')
  const [row] = await db.select({ n: sql<string>`count(*)` }).from(some)
  return Number(row?.n ?? 0)
}

/** How many of them, of before an instant, still wait for theirs. */
export async function countUnsealed(db: Db, filter: AuditFilter, before: Date): Promise<number> {
  const asked = and(matching(filter), lt(events.at, before))
  const n = sql<string>`count(*)`
  // apart, for both begin at the few that wait and not at the whole history
  const isNew = eq(auditUnsealed.event, events.id)
  const [fresh] = await db.select({ n }).from(auditUnsealed).innerJoin(events, isNew).where(asked)
  const isOld = and(gt(events.id, auditHead.oldDone), lte(events.id, auditHead.oldUntil))
  const isCounted = sql`exists (select from ${auditUnsealed} where ${auditUnsealed.event} = ${events.id})`
  const [old] = await db
    .select({ n })
    .from(auditHead)
    .innerJoin(events, isOld)
    .where(and(asked, not(isCounted)))
  return Number(fresh?.n ?? 0) + Number(old?.n ?? 0)
}

function matching({ person, matters, since, before, features, outcome, beforeId }: AuditFilter): SQL | undefined {
  return and(
    person ? or(eq(events.who, person), eq(events.actingFor, person), isRoleOf(person)) : undefined,
    matters ? or(sql`false`, ...matters.map(isAbout)) : undefined,
    since ? gte(events.at, since) : undefined,
    before ? lt(events.at, before) : undefined,
    features ? inArray(events.feature, [...features]) : undefined,
    outcome ? eq(events.outcome, outcome) : undefined,
    beforeId ? lt(events.id, beforeId) : undefined,
  )
}

/** What was done about somebody's roles is asked of them, too: given, withdrawn, stood in for, handed over. */
const isRoleOf = (person: string): SQL | undefined => and(eq(events.feature, 'role'), eq(events.matter, person))

/** What was only read names its matter in the data. */
function isAbout({ feature, matter }: { feature: string; matter: string }): SQL | undefined {
  const of = sql`${events.data} ->> 'of'`
  return and(
    eq(events.feature, feature),
    or(
      eq(events.matter, matter),
      like(events.matter, `${matter}/%`),
      sql`${of} = ${matter}`,
      sql`${of} like ${`${matter}/%`}`,
    ),
  )
}

export interface Numbered {
  feature: string
  matter: string
  word: string
  year: number
  seq: number
}

type Found = Array<Omit<Numbered, 'year' | 'seq'> & { year: string | number; seq: string | number }>
const numbered = (some: Found): Numbered[] =>
  some.map(one => ({ ...one, year: Number(one.year), seq: Number(one.seq) }))

const NUMBERS = sql`
  select 'task' as feature, id::text as matter, number_word as word, number_year as year, number_seq as seq from tasks
  union all select 'meeting', id::text, '会', number_year, number_seq from meetings
  union all select 'car', id::text, '派', number_year, number_seq from trips`

/** Matters of a number, of whichever office. */
export async function mattersNumbered(db: Db, of: { word: string; year: number; seq: number }): Promise<Numbered[]> {
  const { word, year, seq } = of
  return numbered(
    await rowsOf(
      db.execute(sql`select * from (${NUMBERS}) n where word = ${word} and year = ${year} and seq = ${seq} limit 20`),
    ),
  )
}

/** The numbers of some matters, as far as they have one. */
export async function numbersOf(db: Db, some: ReadonlyArray<{ feature: string; matter: string }>): Promise<Numbered[]> {
  if (!some.length) return []
  const asked = JSON.stringify(some)
  return numbered(
    await rowsOf(
      db.execute(sql`
        with asked as materialized (select distinct feature, matter::bigint as id from json_to_recordset(${asked}::json) as a (feature text, matter text))
        select feature, id::text as matter, number_word as word, number_year as year, number_seq as seq from asked join tasks using (id) where feature = 'task' and number_seq is not null
        union all select feature, id::text, '会', number_year, number_seq from asked join meetings using (id) where feature = 'meeting' and number_seq is not null
        union all select feature, id::text, '派', number_year, number_seq from asked join trips using (id) where feature = 'car' and number_seq is not null`),
    ),
  )
}

/** A record with its entry in the chain, as it is handed out. */
export interface Sealed {
  event: Event
  text: string
  seq: number
  hash: string
  previous: string
}

/** Sealed records in the order of the chain, after one entry. */
export async function sealedAfter(
  db: Db,
  filter: AuditFilter,
  seq: number,
  until: number,
  most: number,
): Promise<Sealed[]> {
  const rows = await db
    .select({
      event: events,
      text: sql<string>`${canonical('events')}`,
      seq: auditChain.seq,
      hash: auditChain.hash,
      previous: sql<string | null>`(select p.hash from audit_chain p where p.seq = ${auditChain.seq} - 1)`,
    })
    .from(auditChain)
    .innerJoin(events, eq(events.id, auditChain.event))
    .where(and(sql`${auditChain.seq} > ${seq}`, sql`${auditChain.seq} <= ${until}`, matching(filter)))
    .orderBy(auditChain.seq)
    .limit(most)
  return rows.map(row => ({ ...row, previous: row.previous ?? NO_HASH }))
}
