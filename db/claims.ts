import { and, eq, getTableColumns, inArray, type SQL, sql } from 'drizzle-orm'
import type { PgUpdateSetSource } from 'drizzle-orm/pg-core'
import { type Db, rawStatement, rowsOf, statement } from './client.ts'
import { copies } from './copies.ts'
import {
  calls,
  LATER,
  outbox,
  type Parcel,
  pauses,
  SHARED,
  SHARED_LATER,
  type Waiting,
  waitingLanes,
} from './outbox.ts'
import {
  AHEAD_MS,
  forgetRoom,
  type Head,
  LONGEST_CALL_MS,
  learnRoom,
  noteClaim,
  type Standing,
  type Use,
} from './room.ts'
import { together } from './together.ts'

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
/** So many are looked at of each queue: more than may leave in a second. */
const HEADS = 100
/** So far a queue is read for them; where few lanes fill that, the heads are looked for lane by lane. */
const FRONT = 400

/** What waits for one API, the most urgent first. What comes `LATER` in the `SHARED` one stands apart, or it would never come in sight. */
interface Queue {
  name: string
  api: string
  from: number
  below: number
}

/** No priority is as high. */
const NO_END = 100
const QUEUES: Queue[] = [
  ...outbox.api.enumValues.map(api => ({ name: api, api, from: -NO_END, below: api === SHARED ? LATER : NO_END })),
  { name: 'later', api: SHARED, from: LATER, below: NO_END },
]

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
  learnRoom(db, { seen, ...standing }, wireMs)
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
export const CROWD = { least: 200, most: 200 }

const turnstile = sql.raw(`'${TURNSTILE}'`)
const passTurnstile = rawStatement(sql`
  insert into pauses (api, until_ms) values (${turnstile}, 1)
  on conflict (api) do update set until_ms = pauses.until_ms + 1`)

const value = sql.placeholder
const wireNow = sql`${value('wireMs')}::bigint`
const tooLate = sql`${wireNow} + ${sql.raw(String(AHEAD_MS))}`
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

const ofQueue = sql`api = queue.of and priority >= queue.least and priority < queue.below`

/** Which calls count in the last so many ms. */
const isWithin = (ms: number) => sql`at_ms > ${wireNow} - 75000
  and ${over} > ${wireNow} - ${sql.raw(String(ms))} and coalesce(done_ms, 0) <= ${tooLate}`

/**
 * What is used and what waits, as it stood at one instant; `seen`: how many claims there had been; `ahead`: when the latest call was
 * made, where that is yet to come (see `putRight`). A chat's window is one for all APIs, and is counted by itself: a minute has thousands
 * of lanes, a second few. Of each queue the first of each lane where nothing is under way, the most urgent; of one without room one tells
 * enough. `deep`: the queues that go on behind what was read of them.
 */
const readStanding = rawStatement(sql`
  with queue as materialized (
    select * from unnest(${value('names')}::text[], ${value('apis')}::text[], ${value('froms')}::integer[], ${value('belows')}::integer[],
      ${value('mosts')}::integer[]) queue (name, of, least, below, most)
  )
  select coalesce((select until_ms from pauses where api = ${turnstile}), 0)::float8 as seen,
    (select max(at_ms) from calls where at_ms > ${tooLate})::float8 as ahead,
    (select coalesce(json_agg(api), '[]') from pauses where until_ms > ${wireNow}) as paused,
    (select coalesce(json_agg(used), '[]') from (
      select api, count(*) filter (where ${over} > ${wireNow} - 1000) as second, count(*) as minute,
        min(${over}) filter (where ${over} > ${wireNow} - 1000) as "secondFromMs", min(${over}) as "minuteFromMs"
      from calls where ${isWithin(60_000)} group by api
    ) used) as used,
    (select coalesce(json_object_agg(lane, second), '{}') from (
      select lane, count(*) as second from calls where ${isWithin(1_000)} group by lane
    ) lanes) as lanes,
    (select coalesce(json_agg(head order by priority, id), '[]') from (
      select heads.* from queue, lateral (
        select id, lane, api, alike, priority from (
          select id, lane, api, alike, priority, due_ms from outbox where state = 'waiting' and ${ofQueue}
          order by priority, id limit ${sql.raw(String(FRONT))}
        ) head where due_ms <= ${wireNow} and ${leads} and ${rests} limit queue.most
      ) heads
    ) head) as front,
    (select coalesce(json_agg(name), '[]') from queue
      where (select id from outbox where state = 'waiting' and ${ofQueue}
        order by priority, id offset ${sql.raw(String(FRONT))} limit 1) is not null) as deep`)

/** No claim is for longer. */
const LONGEST_CLAIM_MS = 30_000 + AHEAD_MS

const withdrawn = (name: string) =>
  sql.raw(`${name} = case when ${name} > wire.now then least(${name} - wire.ahead, wire.now) else ${name} end`)

const putRightParcels = rawStatement(sql`
  with wire as materialized (select ${wireNow} as now, ${value('aheadMs')}::bigint as ahead)
  update outbox set ${withdrawn('queued_ms')}, ${withdrawn('due_ms')}, ${withdrawn('uncertain_since_ms')},
    claimed_until_ms = case when claimed_until_ms > wire.now + ${sql.raw(String(LONGEST_CLAIM_MS))}
      then claimed_until_ms - wire.ahead else claimed_until_ms end
  from wire where state = 'waiting' and (queued_ms > wire.now or due_ms > wire.now or uncertain_since_ms > wire.now
    or claimed_until_ms > wire.now + ${sql.raw(String(LONGEST_CLAIM_MS))})`)

const putRightPauses = rawStatement(sql`
  update pauses set until_ms = until_ms - ${value('aheadMs')}::bigint where api <> ${turnstile} and until_ms > ${wireNow}`)

const forgetCallsAhead = rawStatement(sql`
  delete from calls where at_ms > ${tooLate} or done_ms > ${tooLate}`)

/**
 * The machine's clock was put back: what was dated by it before, `latestMs` the last, is dated by it as it goes now, and calls that
 * have yet to be made are forgotten. Otherwise nothing would leave until the clock has caught up. No claim is made meanwhile.
 */
export async function putRight(db: Db, wireMs: number, latestMs: number): Promise<void> {
  const aheadMs = latestMs - wireMs
  forgetRoom(db)
  await db.transaction(async tx => {
    await passTurnstile(tx, {})
    await putRightParcels(tx, { wireMs, aheadMs })
    await putRightPauses(tx, { wireMs, aheadMs })
    await forgetCallsAhead(tx, { wireMs })
  })
}

/** Longer than anything waits that was put in to leave later. */
const LATEST_QUEUED_MS = 60_000

const readLatest = rawStatement(sql`
  select greatest((select max(at_ms) from calls where at_ms > ${tooLate}),
    (select max(queued_ms) from outbox where state = 'waiting' and queued_ms > ${wireNow} + ${sql.raw(String(LATEST_QUEUED_MS))})
  )::float8 as latest`)

/** The same where nothing else tells of it; `seenMs`: what the clock is known to have shown. */
export async function heedClock(db: Db, wireMs: number, seenMs = 0): Promise<void> {
  const [row] = (await readLatest(db, { wireMs })) as Array<{ latest: number | null }>
  const latestMs = Math.max(row?.latest ?? 0, seenMs)
  if (latestMs > wireMs + AHEAD_MS) await putRight(db, wireMs, latestMs)
}

/** The same heads, found lane by lane: what stands behind them costs nothing, however much it is. */
const readHeadsByLane = rawStatement(sql`
  with recursive ${waitingLanes}
  select id::float8 as id, lane, api, alike, priority from (
    select head.*, row_number() over (partition by api, priority = ${sql.raw(String(LATER))} order by priority, id) as place
    from lanes, lateral (
      select id, lane, api, alike, priority, due_ms from outbox where state = 'waiting' and lane = lanes.name
      order by priority, id limit 1
    ) head where api = any(${value('apis')}::text[]) and due_ms <= ${wireNow} and ${rests}
  ) heads where place <= ${sql.raw(String(HEADS))}`)

interface Used extends Omit<Use, 'secondFromMs'> {
  secondFromMs: number | null
}

type UrgentHead = Head & { priority: number }

interface Read {
  seen: number
  ahead: number | null
  paused: string[]
  used: Used[]
  /** Calls of the last second by lane. */
  lanes: Record<string, number>
  front: UrgentHead[]
  /** Names of queues. */
  deep: string[]
}

/** Queues that had no room at the last look: a guess for the next, which need not ask for that first. */
let full: readonly Queue[] = []

type Look = Standing & { seen: number; mayHandOver: boolean }

async function look(db: Db, wireMs: number, choose: (standing: Standing) => number[]): Promise<Look> {
  const guessed = full
  const most = (queue: Queue) => (guessed.includes(queue) ? 1 : HEADS)
  const [row] = await readStanding(db, { wireMs, ...asked, mosts: `{${QUEUES.map(most)}}` })
  const { seen, ahead, paused, used, lanes, front, deep } = row as Read
  if (ahead !== null) {
    await putRight(db, wireMs, ahead)
    return look(db, wireMs, choose)
  }
  const waitsIn = (queue: Queue) => front.filter(head => isOf(queue, head)).length
  // of what comes later one is enough: it leaves within the second and takes along what hides the others
  const enough = (queue: Queue) => (queue.from === LATER ? 1 : most(queue))
  const clogged = QUEUES.filter(queue => deep.includes(queue.name) && waitsIn(queue) < enough(queue))
  const heads = clogged.length ? await withHeadsByLane(db, wireMs, front, clogged) : front
  const standing: Standing = {
    used: usedOf(used, wireMs),
    lanes: new Map(Object.entries(lanes)),
    paused: new Set(paused),
    heads,
  }
  const hasRoom = ({ api, priority }: Pick<Head, 'api' | 'priority'>) =>
    choose({ ...standing, heads: [{ id: 0, lane: '', api, priority }] }).length > 0
  const mayHandOver = hasRoom({ api: 'batch', priority: 0 })
  full = QUEUES.filter(({ api, from }) => !(hasRoom({ api, priority: from }) || (api === 'create' && mayHandOver)))
  const isWrong = guessed.some(queue => !full.includes(queue) && heads.some(head => isOf(queue, head)))
  return isWrong ? look(db, wireMs, choose) : { seen, mayHandOver, ...standing }
}

/** What came later in the shared API counts there as well. */
function usedOf(read: Used[], wireMs: number): Use[] {
  const used = read.map(one => ({ ...one, secondFromMs: one.secondFromMs ?? wireMs }))
  const [shared, later] = [SHARED, SHARED_LATER].map(api => used.find(one => one.api === api))
  if (!later) return used
  return [...used.filter(one => one !== shared), { ...sumOf(shared ?? later, shared && later), api: SHARED }]
}

const sumOf = (one: Use, other: Use | undefined): Use =>
  other
    ? {
        ...{ api: one.api, second: one.second + other.second, minute: one.minute + other.minute },
        secondFromMs: Math.min(one.secondFromMs, other.secondFromMs),
        minuteFromMs: Math.min(one.minuteFromMs, other.minuteFromMs),
      }
    : one

const asked = {
  names: `{${QUEUES.map(({ name }) => name)}}`,
  apis: `{${QUEUES.map(({ api }) => api)}}`,
  froms: `{${QUEUES.map(({ from }) => from)}}`,
  belows: `{${QUEUES.map(({ below }) => below)}}`,
}

const isOf = ({ api, from, below }: Queue, { api: of, priority }: UrgentHead): boolean =>
  of === api && priority >= from && priority < below

/** What has come to wait since the front was read is no harm: nothing is taken unless the count of claims is still the same. */
async function withHeadsByLane(db: Db, wireMs: number, front: UrgentHead[], clogged: Queue[]): Promise<UrgentHead[]> {
  const apis = [...new Set(clogged.map(({ api }) => api))]
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

const comesLater = sql.raw(`api = '${SHARED}' and priority = ${LATER}`)

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
    delete from outbox where lane in (select lane from taken where api = ${sql.raw(`'${SHARED}'`)}) and state = 'waiting' and ${comesLater}
      and claimed_until_ms <= ${wireNow} and id <> all(${value('ids')}::bigint[])
  ), logged as (
    insert into calls (api, lane, at_ms)
    select case when ${comesLater} then ${sql.raw(`'${SHARED_LATER}'`)} else api end, lane, ${wireNow} from taken returning id, lane
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
    .returning({ attempts: outbox.attempts })
    .prepare('finish')
})

const finishAll = rawStatement(sql`
  with ended as (update ${calls} set done_ms = ${wireNow} where id = any(${value('calls')}::bigint[]) returning id)
  update ${outbox} set state = 'sent', done_ms = ${wireNow}, reason = null where id = any(${value('ids')}::bigint[])
  returning id::float8 as id, attempts`)

/** Calls that end while others are being noted are noted together: as of the last of them, which the platform's windows allow for. */
const finishTogether = together(async (db, ended: Array<{ id: number; call: number; wireMs: number }>) => {
  const wireMs = Math.max(...ended.map(one => one.wireMs))
  const [ids, made] = [ended.map(({ id }) => id), ended.map(({ call }) => call)]
  const rows = (await finishAll(db, { ids: `{${ids}}`, calls: `{${made}}`, wireMs })) as Array<
    Attempted & { id: number }
  >
  return ended.map(({ id }) => rows.find(row => row.id === id))
})

type Attempted = { attempts: number }

/**
 * Marks a parcel as delivered; `message` is the new message's id, or '' when none was made. Answers whether another attempt may have
 * been made since `row` was taken, for the clock has leapt over that claim: which of the two calls came first nobody knows.
 */
export async function markSent(db: Db, row: Waiting, message: string, wireMs: number): Promise<boolean> {
  const { id, call, copy } = row
  const marked: Attempted | undefined =
    copy === null || !message
      ? await finishTogether(db, { id, call, wireMs })
      : (await finishParcel(db, { id, call, copy, message, wireMs }))[0]
  return !marked || marked.attempts > row.attempts || wireMs > row.claimedUntilMs
}

/** Has every attempt at it that is still under way find that it was not the only one. */
export async function noteCrossed(db: Db, { id }: Waiting): Promise<void> {
  await db
    .update(outbox)
    .set({ attempts: sql`${outbox.attempts} + 1` })
    .where(eq(outbox.id, id))
}

/** Keeps a parcel for what takes longer than a call. */
export async function prolong(db: Db, row: Waiting, untilMs: number): Promise<void> {
  await db.update(outbox).set({ claimedUntilMs: untilMs }).where(eq(outbox.id, row.id))
}

/** The platform has taken them over; what becomes of each it does not tell, nor which message it is. */
export async function markHandedOver(db: Db, rows: Waiting[], wireMs: number): Promise<void> {
  const shown = rows.flatMap(({ copy }) => copy ?? [])
  await db.transaction(async tx => {
    await endCrowd(tx, rows, { state: 'sent', doneMs: wireMs, reason: null }, wireMs)
    if (shown.length) await tx.update(copies).set({ sentMs: wireMs }).where(inArray(copies.id, shown))
  })
}

/** Puts a crowd back as it was, to leave by `dueMs`; `apart`: each by itself. */
export async function putBack(db: Db, rows: Waiting[], dueMs: number, apart: boolean, wireMs: number): Promise<void> {
  const parcel = apart ? sql`parcel - 'plain'` : sql`parcel`
  await endCrowd(db, rows, { api: 'create', claimedUntilMs: 0, dueMs, parcel }, wireMs)
}

export async function markCrowdFailed(db: Db, rows: Waiting[], reason: string, wireMs: number): Promise<void> {
  await endCrowd(db, rows, { state: 'failed', reason, doneMs: wireMs }, wireMs)
}

/**
 * The clock may leap over a claim while its call is under way, and another attempt be made meanwhile: whichever decides first says what
 * became of the parcel. Only that it has arrived after all is said later, too.
 */
const undecided = eq(outbox.state, 'waiting')

async function endCrowd(db: Db, rows: Waiting[], change: PgUpdateSetSource<typeof outbox>, wireMs: number) {
  const [first] = rows
  if (!first) return
  const ids = rows.map(row => row.id)
  await db.transaction(async tx => {
    await tx.update(calls).set({ doneMs: wireMs }).where(eq(calls.id, first.call))
    await tx
      .update(outbox)
      .set(change)
      .where(and(inArray(outbox.id, ids), change.state === 'sent' ? undefined : undecided))
  })
}

/**
 * Puts a parcel back until `dueMs`; `uncertain` when it may have arrived all the same. Answers whether it was: not where another attempt
 * is under way or has decided.
 */
export const markRetry = (
  db: Db,
  row: Waiting,
  reason: string,
  dueMs: number,
  uncertain: boolean,
  wireMs: number,
): Promise<boolean> =>
  db.transaction(async tx => {
    await tx.update(calls).set({ doneMs: wireMs }).where(eq(calls.id, row.call))
    const back = await tx
      .update(outbox)
      .set({
        reason,
        dueMs,
        claimedUntilMs: HANDED_BACK,
        uncertainSinceMs: uncertain ? sql`coalesce(uncertain_since_ms, ${wireMs}::bigint)` : sql`uncertain_since_ms`,
      })
      .where(and(eq(outbox.id, row.id), undecided, eq(outbox.api, row.api), eq(outbox.attempts, row.attempts)))
      .returning({ id: outbox.id })
    return back.length > 0
  })

/** Answers whether it was still to be decided. */
export async function markFailed(db: Db, row: Waiting, reason: string, wireMs: number): Promise<boolean> {
  await db.update(calls).set({ doneMs: wireMs }).where(eq(calls.id, row.call))
  const failed = await db
    .update(outbox)
    .set({ state: 'failed', reason, doneMs: wireMs })
    .where(and(eq(outbox.id, row.id), undecided, eq(outbox.api, row.api)))
    .returning({ id: outbox.id })
  return failed.length > 0
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
    .where(and(eq(outbox.id, row.id), undecided))
}

export async function pauseApi(db: Db, api: string, untilMs: number): Promise<void> {
  await db
    .insert(pauses)
    .values({ api, untilMs })
    .onConflictDoUpdate({ target: pauses.api, set: { untilMs: sql`greatest(${pauses.untilMs}, excluded.until_ms)` } })
}
