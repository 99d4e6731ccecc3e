import { and, eq, getTableColumns, inArray, lte, sql } from 'drizzle-orm'
import type { PgUpdateSetSource } from 'drizzle-orm/pg-core'
import { type Db, rawStatement, rowsOf, statement } from './client.ts'
import { copies } from './copies.ts'
import { calls, LATER, outbox, type Parcel, pauses, type Waiting } from './outbox.ts'

/** How much of a window is used: calls of one API in the last second and minute. */
export interface Use {
  api: string
  second: number
  minute: number
  /** When the first of the calls in the last second (minute) was over. */
  secondFromMs: number
  minuteFromMs: number
}
export interface Head {
  id: number
  lane: string
  api: string
  priority?: number
  /** The same for all that say the same and may go out together. */
  alike?: string | null
}
export interface Standing {
  used: Use[]
  /** Calls of the last second per lane. */
  lanes: Map<string, number>
  paused: Set<string>
  heads: Head[]
}

/** What a look at the outbox brought. */
export interface Claim {
  taken: Waiting[]
  /** Many that say the same, for one call. */
  crowd: Waiting[]
  standing: Standing | undefined
}

/** The row that a claim locks; no API of this name is ever paused. A row, because poolers like Hyperdrive carry no advisory locks. */
const TURNSTILE = 'claim'
/** `claimedUntilMs` of a parcel whose last attempt has ended; 0 = there was none. */
const HANDED_BACK = 1
const LONGEST_CALL_MS = 10_000
/** So many are looked at of each API: more than may leave in a second. */
const HEADS = 100

/**
 * Takes the heads of lanes that `choose` picks, and first a crowd of at least `CROWD.least` that say the same. Claims go one after
 * another over all processes, so that what is counted here is all there is: a call counts from its start until a second (minute)
 * after its end, the widest that the platform can see.
 */
export async function claimParcels(
  db: Db,
  wireMs: number,
  leaseMs: number,
  choose: (standing: Standing) => number[],
): Promise<Claim> {
  return db.transaction(async tx => {
    const { heads, mayHandOver, ...use } = await look(tx, wireMs, choose)
    if (!heads.length) return { taken: [], crowd: [], standing: undefined }
    const standing = { heads, ...use }
    const alike = mayHandOver ? await crowdAmong(tx, heads) : undefined
    const crowd = alike === undefined ? [] : await takeCrowd(tx, alike, wireMs, leaseMs)
    const others = crowd.length ? heads.filter(head => head.alike !== alike) : heads
    const chosen = choose({ ...standing, heads: others })
    const taken = chosen.length ? await takeRows(tx, chosen, wireMs, leaseMs) : []
    return { taken, crowd, standing }
  })
}

/** How many that say the same go out in one call: fewer have left by themselves, with their buttons, in about four seconds. */
const CROWD = { least: 200, most: 200 }

const passTurnstile = rawStatement(
  sql`insert into pauses (api, until_ms) values (${sql.raw(`'${TURNSTILE}'`)}, 0) on conflict (api) do update set until_ms = 0`,
)

/** APIs that had no room at the last look: a guess for the next, which can then be asked for all at once. */
let full: readonly string[] = []

/**
 * Passes the turnstile and reads what is used and what waits, in one round trip: the statements run in their order, each seeing what
 * was committed before it. Of each API the most urgent; of one without room one tells enough.
 */
async function look(db: Db, wireMs: number, choose: (standing: Standing) => number[]) {
  const [guessed, apis] = [full, outbox.api.enumValues]
  const [, use, open, firsts] = await Promise.all([
    passTurnstile(db, {}),
    usageAt(db, wireMs),
    headsOf(
      db,
      wireMs,
      HEADS,
      apis.filter(api => !guessed.includes(api)),
    ),
    headsOf(db, wireMs, 1, guessed),
  ])
  const hasRoom = (api: string) => choose({ ...use, heads: [{ id: 0, lane: '', api }] }).length > 0
  const mayHandOver = hasRoom('batch')
  const isOpen = (api: string) => hasRoom(api) || (api === 'create' && mayHandOver)
  full = apis.filter(api => !isOpen(api))
  const others = await headsOf(db, wireMs, HEADS, guessed.filter(isOpen))
  const heads = [...open, ...firsts.filter(({ api }) => full.includes(api)), ...others]
  return { ...use, heads: heads.sort((a, b) => (a.priority ?? 0) - (b.priority ?? 0) || a.id - b.id), mayHandOver }
}

/** The first of each lane of these APIs, where nothing of that lane is under way. */
async function headsOf(db: Db, wireMs: number, most: 1 | typeof HEADS, apis: readonly string[]): Promise<Head[]> {
  if (!apis.length) return []
  const rows = await (most === 1 ? readFirstHead : readHeads)(db, { wireMs, apis: `{${apis}}` })
  return (rows as Array<Head & { id: string | number }>).map(row => ({ ...row, id: Number(row.id) }))
}

const wireNow = sql`${sql.placeholder('wireMs')}::bigint`

const headsUpTo = (most: number) =>
  rawStatement(sql`
    select id, lane, api, alike, priority from unnest(${sql.placeholder('apis')}::text[]) apis (name),
    lateral (
      select id, lane, api, alike, priority from outbox head
      where state = 'waiting' and api = name and due_ms <= ${wireNow} and claimed_until_ms <= ${wireNow}
        and not exists (select from outbox other where other.lane = head.lane and other.state = 'waiting'
          and ((other.priority, other.id) < (head.priority, head.id) or other.claimed_until_ms > ${wireNow}))
      order by priority, id limit ${sql.raw(String(most))}
    ) heads
    order by priority, id`)
const readHeads = headsUpTo(HEADS)
const readFirstHead = headsUpTo(1)

/** What a crowd among these says. */
async function crowdAmong(db: Db, heads: Head[]): Promise<string | undefined> {
  const said = [...new Set(heads.map(head => head.alike).filter(alike => alike != null))]
  if (!said.length) return undefined
  const [row] = await rowsOf<{ alike: string }>(
    db.execute(sql`
      select alike from json_array_elements_text(${JSON.stringify(said)}::json) with ordinality said (alike, place)
      where (select count(*) from (select from outbox
        where outbox.alike = said.alike and state = 'waiting' and api = 'create' and claimed_until_ms = 0 limit ${CROWD.least}::integer) enough) >= ${CROWD.least}::integer
      order by place limit 1`),
  )
  return row?.alike
}

/** Takes those of a crowd whose turn it is and that were never tried. From here on they are never sent again by themselves. */
async function takeCrowd(db: Db, alike: string, wireMs: number, leaseMs: number): Promise<Waiting[]> {
  const rows = await db
    .update(outbox)
    .set({ api: 'batch', claimedUntilMs: wireMs + leaseMs, attempts: sql`${outbox.attempts} + 1` })
    .where(
      sql`${outbox.id} in (
        select id from outbox head
        where alike = ${alike} and state = 'waiting' and api = 'create' and due_ms <= ${wireMs}::bigint and claimed_until_ms = 0
          and not exists (select from outbox other where other.lane = head.lane and other.state = 'waiting'
            and ((other.priority, other.id) < (head.priority, head.id) or other.claimed_until_ms > ${wireMs}::bigint))
        order by priority, id limit ${CROWD.most}::integer for update skip locked)`,
    )
    .returning()
  if (!rows.length) return []
  const [logged] = await db
    .insert(calls)
    .values({ api: 'batch', lane: `batch:${rows[0]?.id}`, atMs: wireMs })
    .returning({ id: calls.id })
  return rows.map(row => ({ ...row, call: logged?.id ?? 0 }))
}

const over = sql`coalesce(done_ms, at_ms + ${sql.raw(String(LONGEST_CALL_MS))}::bigint)`

/** A chat's window is one for all APIs. */
const readUse = rawStatement(sql`
  select api, lane, count(*) filter (where ${over} > ${wireNow} - 1000) as second, count(*) as minute,
    min(${over}) filter (where ${over} > ${wireNow} - 1000) as second_from, min(${over}) as minute_from
  from calls where at_ms > ${wireNow} - 75000 and ${over} > ${wireNow} - 60000
  group by grouping sets ((api), (lane)) having lane is null or count(*) filter (where ${over} > ${wireNow} - 1000) > 0`)
const readPauses = rawStatement(sql`select api from pauses where until_ms > ${wireNow}`)

async function usageAt(db: Db, wireMs: number): Promise<Omit<Standing, 'heads'>> {
  const [recent, paused] = (await Promise.all([readUse(db, { wireMs }), readPauses(db, { wireMs })])) as [
    Recent[],
    Array<{ api: string }>,
  ]
  return {
    used: recent
      .filter(row => row.lane === null)
      .map(row => ({
        api: row.api ?? '',
        second: Number(row.second),
        minute: Number(row.minute),
        secondFromMs: Number(row.second_from ?? wireMs),
        minuteFromMs: Number(row.minute_from),
      })),
    lanes: new Map(recent.filter(row => row.lane !== null).map(row => [row.lane ?? '', Number(row.second)])),
    paused: new Set(paused.map(row => row.api)),
  }
}

type Recent = Record<'second' | 'minute' | 'second_from' | 'minute_from', string> &
  Record<'api' | 'lane', string | null>

const value = sql.placeholder

/** Every column as drizzle would hand it over. */
const columns = sql.join(
  Object.entries(getTableColumns(outbox)).map(([name, column]) =>
    sql.raw(`taken."${column.name}"${column.getSQLType() === 'bigint' ? '::float8' : ''} as "${name}"`),
  ),
  sql`, `,
)

/** A lane has one head, and so one call at a time. */
const take = rawStatement(sql`
  with taken as (
    update outbox set claimed_until_ms = ${wireNow} + ${value('leaseMs')}::bigint, attempts = attempts + 1,
      -- a claim that ran out is a call whose process died: it may have arrived
      uncertain_since_ms = case when claimed_until_ms > ${sql.raw(String(HANDED_BACK))}
        then coalesce(uncertain_since_ms, claimed_until_ms - ${value('leaseMs')}::bigint) else uncertain_since_ms end
    where id in (select id from outbox where id = any(${value('ids')}::bigint[]) and state = 'waiting' for update skip locked)
    returning *
  ), logged as (
    insert into calls (api, lane, at_ms) select api, lane, ${wireNow} from taken returning id, lane
  )
  select ${columns}, logged.id::float8 as call from taken join logged on logged.lane = taken.lane
  order by taken.priority, taken.id`)

async function takeRows(db: Db, ids: number[], wireMs: number, leaseMs: number): Promise<Waiting[]> {
  const rows = (await take(db, { ids: `{${ids}}`, wireMs, leaseMs })) as Waiting[]
  await takeAlong(db, rows, wireMs)
  return rows
}

/** A card that is drawn now shows all that was committed by now: redraws of it that may come later need not come any more. */
async function takeAlong(db: Db, rows: Array<typeof outbox.$inferSelect>, wireMs: number): Promise<void> {
  const lanes = rows.filter(({ api }) => api === 'patch').map(({ lane }) => lane)
  if (!lanes.length) return
  await db
    .delete(outbox)
    .where(
      and(
        inArray(outbox.lane, lanes),
        eq(outbox.state, 'waiting'),
        eq(outbox.api, 'patch'),
        eq(outbox.priority, LATER),
        lte(outbox.claimedUntilMs, wireMs),
      ),
    )
}

const finishParcel = statement(db => {
  const call = db.$with('call').as(
    db
      .update(calls)
      .set({ doneMs: sql`${sql.placeholder('wireMs')}::bigint` })
      .where(eq(calls.id, sql.placeholder('call')))
      .returning({ id: calls.id }),
  )
  const copy = db.$with('copy').as(
    db
      .update(copies)
      .set({ message: sql`${sql.placeholder('message')}::text`, sentMs: sql`${sql.placeholder('wireMs')}::bigint` })
      .where(sql`${copies.id} = ${sql.placeholder('copy')}::bigint and ${sql.placeholder('message')}::text <> ''`)
      .returning({ id: copies.id }),
  )
  return db
    .with(call, copy)
    .update(outbox)
    .set({ state: 'sent', doneMs: sql`${sql.placeholder('wireMs')}::bigint`, reason: null })
    .where(eq(outbox.id, sql.placeholder('id')))
    .prepare('finish')
})

/** Marks a parcel as delivered; `message` is the new message's id, or '' when none was made. */
export async function markSent(db: Db, row: Waiting, message: string, wireMs: number): Promise<void> {
  await finishParcel(db, { id: row.id, call: row.call, copy: row.copy, message, wireMs })
}

/** Keeps a parcel for what takes longer than a call. */
export async function prolong(db: Db, row: Waiting, untilMs: number): Promise<void> {
  await db.update(outbox).set({ claimedUntilMs: untilMs }).where(eq(outbox.id, row.id))
}

/** The platform has taken them over; what becomes of each it does not tell. */
export async function markHandedOver(db: Db, rows: Waiting[], wireMs: number): Promise<void> {
  await endCrowd(db, rows, { state: 'sent', doneMs: wireMs, reason: null }, wireMs)
}

/** Puts a crowd back as it was, to leave by `dueMs`; `apart`: each by itself. */
export async function putBack(db: Db, rows: Waiting[], dueMs: number, apart: boolean, wireMs: number): Promise<void> {
  const parcel = apart ? sql`parcel - 'plain'` : sql`parcel`
  await endCrowd(db, rows, { api: 'create', claimedUntilMs: 0, dueMs, parcel }, wireMs)
}

export async function markCrowdFailed(db: Db, rows: Waiting[], reason: string, wireMs: number): Promise<void> {
  await endCrowd(db, rows, { state: 'failed', reason, doneMs: wireMs }, wireMs)
}

async function endCrowd(db: Db, rows: Waiting[], change: PgUpdateSetSource<typeof outbox>, wireMs: number) {
  const [first] = rows
  if (!first) return
  const ids = rows.map(row => row.id)
  await db.transaction(async tx => {
    await tx.update(calls).set({ doneMs: wireMs }).where(eq(calls.id, first.call))
    await tx.update(outbox).set(change).where(inArray(outbox.id, ids))
  })
}

/** Puts a parcel back until `dueMs`; `uncertain` when it may have arrived all the same. */
export async function markRetry(
  db: Db,
  row: Waiting,
  reason: string,
  dueMs: number,
  uncertain: boolean,
  wireMs: number,
): Promise<void> {
  await db.transaction(async tx => {
    await tx.update(calls).set({ doneMs: wireMs }).where(eq(calls.id, row.call))
    await tx
      .update(outbox)
      .set({
        reason,
        dueMs,
        claimedUntilMs: HANDED_BACK,
        uncertainSinceMs: uncertain ? sql`coalesce(uncertain_since_ms, ${wireMs}::bigint)` : sql`uncertain_since_ms`,
      })
      .where(eq(outbox.id, row.id))
  })
}

export async function markFailed(db: Db, row: Waiting, reason: string, wireMs: number): Promise<void> {
  await db.update(calls).set({ doneMs: wireMs }).where(eq(calls.id, row.call))
  await db.update(outbox).set({ state: 'failed', reason, doneMs: wireMs }).where(eq(outbox.id, row.id))
}

/** What was uploaded waits to be sent as a message, about which nothing is uncertain yet. */
export async function handOn(
  db: Db,
  row: Waiting,
  change: { api: 'create' | 'reply'; lane: string; parcel: Parcel },
  wireMs: number,
): Promise<void> {
  await db.update(calls).set({ doneMs: wireMs }).where(eq(calls.id, row.call))
  await db
    .update(outbox)
    .set({ ...change, claimedUntilMs: HANDED_BACK, dueMs: wireMs, attempts: 0, uncertainSinceMs: null, reason: null })
    .where(and(eq(outbox.id, row.id), eq(outbox.api, 'upload'), eq(outbox.state, 'waiting')))
}

/** Changes where a parcel goes and lets it wait for its next turn, e.g. an answer whose question was recalled. */
export async function readdress(
  db: Db,
  row: Waiting,
  change: { api: 'create'; lane: string; parcel: Parcel },
  wireMs: number,
): Promise<void> {
  await db.update(calls).set({ doneMs: wireMs }).where(eq(calls.id, row.call))
  await db
    .update(outbox)
    .set({ ...change, claimedUntilMs: HANDED_BACK, dueMs: wireMs })
    .where(eq(outbox.id, row.id))
}

export async function pauseApi(db: Db, api: string, untilMs: number): Promise<void> {
  await db
    .insert(pauses)
    .values({ api, untilMs })
    .onConflictDoUpdate({ target: pauses.api, set: { untilMs: sql`greatest(${pauses.untilMs}, excluded.until_ms)` } })
}
