import { and, eq, getTableColumns, inArray, type SQL, sql } from 'drizzle-orm'
import type { PgUpdateSetSource } from 'drizzle-orm/pg-core'
import { type Db, rawStatement, rowsOf, statement } from './client.ts'
import { copies } from './copies.ts'
import { calls, LATER, outbox, type Parcel, pauses, type Waiting, waitingLanes } from './outbox.ts'
import { forgetRoom, type Head, LONGEST_CALL_MS, learnRoom, noteClaim, type Standing, type Use } from './room.ts'

/** What a look at the outbox brought. */
export interface Claim {
  taken: Waiting[]
  /** Many that say the same, for one call. */
  crowd: Waiting[]
  standing: Standing | undefined
}

/**
 * The row that counts the claims, and that each locks; no API of this name is ever paused. A row, because poolers like Hyperdrive carry
 * no advisory locks.
 */
export const TURNSTILE = 'claim'
/** `claimedUntilMs` of a parcel whose last attempt has ended; 0 = there was none. */
const HANDED_BACK = 1
/** So many are looked at of each API: more than may leave in a second. */
const HEADS = 100
/** So far the queue of an API is read for them; where few lanes fill that, the heads are looked for lane by lane. */
const FRONT = 400

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
  const { seen, mayHandOver, ...standing } = await look(db, wireMs, choose)
  learnRoom(db, { ...standing, seen }, wireMs)
  if (!standing.heads.length) return { taken: [], crowd: [], standing: undefined }
  if (mayHandOver && standing.heads.some(({ alike }) => alike != null)) return claimInTurn(db, wireMs, leaseMs, choose)
  const chosen = choose(standing)
  if (!chosen.length) return { taken: [], crowd: [], standing }
  const taken = seen ? await takeRows(db, { ids: `{${chosen}}`, seen, wireMs, leaseMs }) : []
  if (!taken.length) return claimInTurn(db, wireMs, leaseMs, choose)
  noteClaim(db, seen, taken, wireMs)
  return { taken, crowd: [], standing }
}

/** The same behind the turnstile, which others wait at: where a crowd is to be looked for, and where another claim came first. */
async function claimInTurn(
  db: Db,
  wireMs: number,
  leaseMs: number,
  choose: (standing: Standing) => number[],
): Promise<Claim> {
  forgetRoom(db)
  return db.transaction(async tx => {
    await passTurnstile(tx, {})
    const { seen, mayHandOver, ...standing } = await look(tx, wireMs, choose)
    if (!standing.heads.length) return { taken: [], crowd: [], standing: undefined }
    const alike = mayHandOver ? await crowdAmong(tx, standing.heads) : undefined
    const crowd = alike === undefined ? [] : await takeCrowd(tx, alike, wireMs, leaseMs)
    const heads = crowd.length ? standing.heads.filter(head => head.alike !== alike) : standing.heads
    const chosen = choose({ ...standing, heads })
    const taken = chosen.length ? await takeRows(tx, { ids: `{${chosen}}`, seen, wireMs, leaseMs }) : []
    return { taken, crowd, standing }
  })
}

/** How many that say the same go out in one call: fewer have left by themselves, with their buttons, in about four seconds. */
const CROWD = { least: 200, most: 200 }

const turnstile = sql.raw(`'${TURNSTILE}'`)
const passTurnstile = rawStatement(sql`
  insert into pauses (api, until_ms) values (${turnstile}, 1)
  on conflict (api) do update set until_ms = pauses.until_ms + 1`)

const value = sql.placeholder
const wireNow = sql`${value('wireMs')}::bigint`
const over = sql`coalesce(done_ms, at_ms + ${sql.raw(String(LONGEST_CALL_MS))}::bigint)`

/** Nothing of its lane stands before it. A subquery of its own, so that it stays one look into an index, whatever the planner expects. */
const leads = sql`head.id = (select id from outbox first where first.lane = head.lane and first.state = 'waiting'
  order by priority, id limit 1)`
/** Nothing of its lane is under way. */
const restsAt = (
  now: SQL,
) => sql`coalesce((select max(claimed_until_ms) from outbox underway where underway.lane = head.lane
  and underway.state = 'waiting' and underway.claimed_until_ms > 1), 0) <= ${now}`
const rests = restsAt(wireNow)

/**
 * What is used and what waits, as it stood at one instant; `seen`: how many claims there had been. A chat's window is one for all
 * APIs. Of each API the first of each lane where nothing is under way, the most urgent; of one without room one tells enough. `deep`:
 * the APIs whose queue goes on behind what was read of it.
 */
const readStanding = rawStatement(sql`
  select coalesce((select until_ms from pauses where api = ${turnstile}), 0)::float8 as seen,
    (select coalesce(json_agg(api), '[]') from pauses where until_ms > ${wireNow}) as paused,
    (select coalesce(json_agg(recent), '[]') from (
      select api, lane, count(*) filter (where ${over} > ${wireNow} - 1000) as second, count(*) as minute,
        min(${over}) filter (where ${over} > ${wireNow} - 1000) as "secondFromMs", min(${over}) as "minuteFromMs"
      from calls where at_ms > ${wireNow} - 75000 and ${over} > ${wireNow} - 60000
      group by grouping sets ((api), (lane)) having lane is null or count(*) filter (where ${over} > ${wireNow} - 1000) > 0
    ) recent) as recent,
    (select coalesce(json_agg(head order by priority, id), '[]') from (
      select heads.* from unnest(${value('apis')}::text[], ${value('most')}::integer[]) apis (name, most), lateral (
        select id, lane, api, alike, priority from (
          select id, lane, api, alike, priority, due_ms from outbox where state = 'waiting' and api = name
          order by priority, id limit ${sql.raw(String(FRONT))}
        ) head where due_ms <= ${wireNow} and ${leads} and ${rests} limit most
      ) heads
    ) head) as front,
    (select coalesce(json_agg(name), '[]') from unnest(${value('apis')}::text[]) name
      where (select id from outbox where state = 'waiting' and api = name
        order by priority, id offset ${sql.raw(String(FRONT))} limit 1) is not null) as deep`)

/** The same heads, found lane by lane: what stands behind them costs nothing, however much it is. */
const readHeadsByLane = rawStatement(sql`
  with recursive ${waitingLanes}
  select id::float8 as id, lane, api, alike, priority from (
    select head.*, row_number() over (partition by api order by priority, id) as place
    from lanes, lateral (
      select id, lane, api, alike, priority, due_ms from outbox where state = 'waiting' and lane = lanes.name
      order by priority, id limit 1
    ) head where api = any(${value('apis')}::text[]) and due_ms <= ${wireNow} and ${rests}
  ) heads where place <= ${sql.raw(String(HEADS))}`)

interface Recent extends Omit<Use, 'api' | 'secondFromMs'> {
  api: string | null
  lane: string | null
  secondFromMs: number | null
}

type UrgentHead = Head & { priority: number }

interface Read {
  seen: number
  paused: string[]
  recent: Recent[]
  front: UrgentHead[]
  deep: string[]
}

/** APIs that had no room at the last look: a guess for the next, which need not ask for that first. */
let full: readonly string[] = []

type Look = Standing & { seen: number; mayHandOver: boolean }

async function look(db: Db, wireMs: number, choose: (standing: Standing) => number[]): Promise<Look> {
  const [guessed, apis] = [full, outbox.api.enumValues]
  const most = (api: string) => (guessed.includes(api) ? 1 : HEADS)
  const [row] = await readStanding(db, { wireMs, apis: `{${apis}}`, most: `{${apis.map(most)}}` })
  const { seen, paused, recent, front, deep } = row as Read
  const clogged = deep.filter(api => front.filter(head => head.api === api).length < most(api))
  const heads = clogged.length ? await withHeadsByLane(db, wireMs, front, clogged) : front
  const standing: Standing = {
    used: recent.flatMap(one =>
      one.api === null ? [] : [{ ...one, api: one.api, secondFromMs: one.secondFromMs ?? wireMs }],
    ),
    lanes: new Map(recent.flatMap(({ lane, second }) => (lane === null ? [] : [[lane, second]]))),
    paused: new Set(paused),
    heads,
  }
  const hasRoom = (api: string) => choose({ ...standing, heads: [{ id: 0, lane: '', api }] }).length > 0
  const mayHandOver = hasRoom('batch')
  full = apis.filter(api => !(hasRoom(api) || (api === 'create' && mayHandOver)))
  const isWrong = guessed.some(api => !full.includes(api) && heads.some(head => head.api === api))
  return isWrong ? look(db, wireMs, choose) : { ...standing, seen, mayHandOver }
}

/** What has come to wait since the front was read is no harm: nothing is taken unless the count of claims is still the same. */
async function withHeadsByLane(db: Db, wireMs: number, front: UrgentHead[], apis: string[]): Promise<Head[]> {
  const found = (await readHeadsByLane(db, { wireMs, apis: `{${apis}}` })) as UrgentHead[]
  return [...front.filter(({ api }) => !apis.includes(api)), ...found].sort(
    (a, b) => a.priority - b.priority || a.id - b.id,
  )
}

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
      // an array, which is made once: a plan may ask a subquery again for each row, and each time it would pass over what it had locked
      sql`${outbox.id} = any(array(
        select id from outbox head
        where alike = ${alike} and state = 'waiting' and api = 'create' and due_ms <= ${wireMs}::bigint and claimed_until_ms = 0
          and ${leads} and ${restsAt(sql`${wireMs}::bigint`)}
        order by priority, id limit ${CROWD.most}::integer for update skip locked))`,
    )
    .returning()
  if (!rows.length) return []
  const [logged] = await db
    .insert(calls)
    .values({ api: 'batch', lane: `batch:${rows[0]?.id}`, atMs: wireMs })
    .returning({ id: calls.id })
  return rows.map(row => ({ ...row, call: logged?.id ?? 0 }))
}

/** Every column as drizzle would hand it over. */
const columns = sql.join(
  Object.entries(getTableColumns(outbox)).map(([name, column]) =>
    sql.raw(`taken."${column.name}"${column.getSQLType() === 'bigint' ? '::float8' : ''} as "${name}"`),
  ),
  sql`, `,
)

/**
 * Nothing is taken unless there have been as many claims as were seen. A lane has one head, and so one call at a time. A card that is
 * drawn now shows all that was committed by now: redraws of it that may come later need not come any more.
 */
const take = rawStatement(sql`
  with turn as (
    update pauses set until_ms = until_ms + 1 where api = ${turnstile} and until_ms = ${value('seen')}::bigint returning api
  ), chosen as materialized (
    -- by its id alone: an index of what waits would be read from end to end, once for each
    select id, state from outbox where id = any(${value('ids')}::bigint[]) for update skip locked
  ), taken as (
    update outbox set claimed_until_ms = ${wireNow} + ${value('leaseMs')}::bigint, attempts = attempts + 1,
      -- a claim that ran out is a call whose process died: it may have arrived
      uncertain_since_ms = case when claimed_until_ms > ${sql.raw(String(HANDED_BACK))}
        then coalesce(uncertain_since_ms, claimed_until_ms - ${value('leaseMs')}::bigint) else uncertain_since_ms end
    where exists (select from turn) and id = any(array(select id from chosen where state = 'waiting'))
    returning *
  ), along as (
    delete from outbox where lane in (select lane from taken where api = 'patch') and state = 'waiting' and api = 'patch'
      and priority = ${sql.raw(String(LATER))} and claimed_until_ms <= ${wireNow} and id <> all(${value('ids')}::bigint[])
  ), logged as (
    insert into calls (api, lane, at_ms) select api, lane, ${wireNow} from taken returning id, lane
  )
  select ${columns}, logged.id::float8 as call from taken join logged on logged.lane = taken.lane
  order by taken.priority, taken.id`)

const takeRows = async (
  db: Db,
  values: { ids: string; seen: number; wireMs: number; leaseMs: number },
): Promise<Waiting[]> => (await take(db, values)) as Waiting[]

/** Whoever pressed a card before we heard of its arrival may have been shown something else in its place: that is what it is now. */
const isTaken = sql`exists (
  select from copies other where other.message = ${sql.placeholder('message')}::text and other.id <> ${copies.id})`

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
      .where(
        sql`${copies.id} = ${sql.placeholder('copy')}::bigint and ${sql.placeholder('message')}::text <> '' and not ${isTaken}`,
      )
      .returning({ id: copies.id }),
  )
  const replaced = db.$with('replaced').as(
    db
      .delete(copies)
      .where(sql`${copies.id} = ${sql.placeholder('copy')}::bigint and ${copies.message} is null and ${isTaken}`)
      .returning({ id: copies.id }),
  )
  return db
    .with(call, copy, replaced)
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
