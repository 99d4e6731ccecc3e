import { and, eq, sql } from 'drizzle-orm'
import { type Db, rowsOf, statement } from './client.ts'
import { copies } from './copies.ts'
import { calls, outbox, type Parcel, pauses, type Waiting } from './outbox.ts'

/** How much of a window is used: calls of one API in the last second and minute. */
export type Use = { api: string; second: number; minute: number }
export interface Standing {
  used: Use[]
  /** Calls of the last second per lane. */
  lanes: Map<string, number>
  paused: Set<string>
  heads: Array<{ id: number; lane: string; api: string }>
}

/** The row that a claim locks; no API of this name is ever paused. A row, because poolers like Hyperdrive carry no advisory locks. */
const TURNSTILE = 'claim'
/** `claimedUntilMs` of a parcel whose last attempt has ended; 0 = there was none. */
const HANDED_BACK = 1
const LONGEST_CALL_MS = 10_000

/**
 * Takes the heads of lanes that `choose` picks. Claims go one after another over all processes, so that what is counted here
 * is all there is: a call counts from its start until a second (minute) after its end, the widest that the platform can see.
 */
export async function claimParcels(
  db: Db,
  wireMs: number,
  leaseMs: number,
  choose: (standing: Standing) => number[],
): Promise<{ taken: Waiting[]; left: number }> {
  return db.transaction(async tx => {
    await passTurnstile(tx, {})
    const heads = await headsOf(tx, wireMs)
    if (!heads.length) return { taken: [], left: 0 }
    const chosen = choose({ heads, ...(await standingOf(tx, wireMs)) })
    if (!chosen.length) return { taken: [], left: heads.length }
    const rows = await takeRows(tx, chosen, wireMs, leaseMs)
    return { taken: rows, left: heads.length - rows.length }
  })
}

const passTurnstile = statement(db =>
  db
    .insert(pauses)
    .values({ api: TURNSTILE, untilMs: 0 })
    .onConflictDoUpdate({ target: pauses.api, set: { untilMs: 0 } })
    .prepare('turnstile'),
)

async function headsOf(db: Db, wireMs: number): Promise<Standing['heads']> {
  const rows = await rowsOf<{ id: string | number; lane: string; api: string }>(
    db.execute(sql`
      select id, lane, api from (
        select id, lane, api, priority, due_ms, claimed_until_ms,
          row_number() over (partition by lane order by (claimed_until_ms > ${wireMs}::bigint) desc, priority, id) as place
        from outbox where state = 'waiting'
      ) waiting
      where place = 1 and due_ms <= ${wireMs}::bigint and claimed_until_ms <= ${wireMs}::bigint
      order by priority, id limit 500`),
  )
  return rows.map(row => ({ ...row, id: Number(row.id) }))
}

async function standingOf(db: Db, wireMs: number): Promise<Omit<Standing, 'heads'>> {
  const over = sql`coalesce(done_ms, at_ms + ${LONGEST_CALL_MS}::bigint)`
  // a chat's window is one for all APIs
  const recent = await rowsOf<{ api: string | null; lane: string | null; second: string; minute: string }>(
    db.execute(sql`
      select api, lane, count(*) filter (where ${over} > ${wireMs}::bigint - 1000) as second, count(*) as minute
      from calls where at_ms > ${wireMs}::bigint - 75000 and ${over} > ${wireMs}::bigint - 60000
      group by grouping sets ((api), (lane)) having lane is null or count(*) filter (where ${over} > ${wireMs}::bigint - 1000) > 0`),
  )
  const paused = await db.select({ api: pauses.api }).from(pauses).where(sql`${pauses.untilMs} > ${wireMs}::bigint`)
  return {
    used: recent
      .filter(row => row.lane === null)
      .map(row => ({ api: row.api ?? '', second: Number(row.second), minute: Number(row.minute) })),
    lanes: new Map(recent.filter(row => row.lane !== null).map(row => [row.lane ?? '', Number(row.second)])),
    paused: new Set(paused.map(row => row.api)),
  }
}

async function takeRows(db: Db, ids: number[], wireMs: number, leaseMs: number): Promise<Waiting[]> {
  const list = sql.join(
    ids.map(id => sql`${id}`),
    sql`, `,
  )
  const rows = await db
    .update(outbox)
    .set({
      claimedUntilMs: wireMs + leaseMs,
      attempts: sql`${outbox.attempts} + 1`,
      // a claim that ran out is a call whose process died: it may have arrived
      uncertainSinceMs: sql`case when claimed_until_ms > ${HANDED_BACK}::bigint
        then coalesce(uncertain_since_ms, claimed_until_ms - ${leaseMs}::bigint) else uncertain_since_ms end`,
    })
    .where(
      sql`${outbox.id} in (select id from outbox where id in (${list}) and state = 'waiting' for update skip locked)`,
    )
    .returning()
  if (!rows.length) return []
  const logged = await db
    .insert(calls)
    .values(rows.map(row => ({ api: row.api, lane: row.lane, atMs: wireMs })))
    .returning({ id: calls.id })
  return rows
    .map((row, i) => ({ ...row, call: logged[i]?.id ?? 0 }))
    .sort((a, b) => a.priority - b.priority || a.id - b.id)
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
