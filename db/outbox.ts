import { and, asc, desc, eq, inArray, lt, ne, or, sql } from 'drizzle-orm'
import { bigint, index, integer, jsonb, pgTable, smallint, text, uniqueIndex } from 'drizzle-orm/pg-core'
import type { Card, Value } from '../src/kit/card.ts'
import { insertRows } from './bulk.ts'
import { type Db, rawStatement, rowsOf, statement, textArray } from './client.ts'
import { type Copy, copies } from './copies.ts'
import { recallEach } from './memory.ts'
import { LONGEST_CALL_MS } from './room.ts'

/**
 * What leaves the house, row by row. All times here are wire time (real milliseconds): they belong to the platform's
 * windows and to back-off, not to the office's calendar.
 */
export const outbox = pgTable(
  'outbox',
  {
    id: bigint({ mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    /** Goes along as Feishu's `uuid`, so that a second attempt within the hour makes no second message. */
    uuid: text().notNull(),
    /** What must stay in order: a chat, a person, or one card. */
    lane: text().notNull(),
    /** The platform's API, which has a budget of its own; `batch`: handed over together with others, and never again. */
    api: text({
      enum: [
        'create',
        'reply',
        'patch',
        'upload',
        'contact',
        'members',
        'file',
        'batch',
        'calendar',
        'busy',
        'readers',
      ],
    }).notNull(),
    /** 0 answers somebody who waits, 1 is a notice, 2 (`LATER`) may come later still, 3 (`BEHIND`) lets all others pass. */
    priority: smallint().notNull(),
    parcel: jsonb().$type<Parcel>().notNull(),
    copy: bigint({ mode: 'number' }),
    /** The same for all that say the same and may go out together; null = it goes by itself. */
    alike: text().generatedAlwaysAs(sql`md5(parcel ->> 'plain')`),
    /** Who is told when it cannot be delivered; '' = the administrators. */
    sender: text().notNull(),
    state: text({ enum: ['waiting', 'sent', 'failed'] })
      .notNull()
      .default('waiting'),
    attempts: integer().notNull().default(0),
    queuedMs: bigint('queued_ms', { mode: 'number' }).notNull(),
    dueMs: bigint('due_ms', { mode: 'number' }).notNull(),
    claimedUntilMs: bigint('claimed_until_ms', { mode: 'number' }).notNull().default(0),
    /** Since when it may have arrived without our knowing: past the hour of the uuid a repeat would be a second copy. */
    uncertainSinceMs: bigint('uncertain_since_ms', { mode: 'number' }),
    doneMs: bigint('done_ms', { mode: 'number' }),
    reason: text(),
    /** The parcel by which its sender is told that it failed; 0 = of before. */
    toldBy: bigint('told_by', { mode: 'number' }),
  },
  table => [
    // the drainer takes each lane's head
    index('outbox_waiting').on(table.lane, table.priority, table.id).where(sql`state = 'waiting'`),
    // where something is under way, or was when its process ended
    index('outbox_underway')
      .on(table.lane, table.claimedUntilMs)
      .where(sql`state = 'waiting' and claimed_until_ms > 1`),
    // the most urgent of each API
    index('outbox_queue').on(table.api, table.priority, table.id).where(sql`state = 'waiting'`),
    // one redraw of a card is enough, however often its matter moved meanwhile; of those that come later, see `enqueueRedraw`
    uniqueIndex('outbox_redraw')
      .on(table.copy)
      .where(sql`state = 'waiting' and api = 'patch' and claimed_until_ms = 0 and priority < 2`),
    // one look at what a matter's event should be is enough as well
    uniqueIndex('outbox_appointment')
      .on(table.lane)
      .where(sql`state = 'waiting' and api = 'calendar' and claimed_until_ms = 0`),
    // how many say the same
    index('outbox_alike').on(table.alike, table.priority, table.id).where(sql`state = 'waiting' and alike is not null`),
    // failures are shown to the administrators
    index('outbox_failed').on(table.doneMs).where(sql`state = 'failed'`),
  ],
)

/** Every call, as far as the platform's windows reach; `doneMs` unknown = under way, or lost with its process. */
export const calls = pgTable(
  'calls',
  {
    id: bigint({ mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    /** The API; see also `SHARED_LATER`. */
    api: text().notNull(),
    lane: text().notNull(),
    atMs: bigint('at_ms', { mode: 'number' }).notNull(),
    doneMs: bigint('done_ms', { mode: 'number' }),
  },
  table => [index('calls_at').on(table.atMs)],
)

/** APIs that the platform told us to leave alone for a while (x-ogw-ratelimit-reset). */
export const pauses = pgTable('pauses', {
  api: text().primaryKey(),
  untilMs: bigint('until_ms', { mode: 'number' }).notNull(),
})

/** `card` absent and a copy named: the card is drawn from the database at the moment it leaves. */
export interface Parcel {
  /** A message to answer, or '' to post anew. */
  replyTo?: string
  chat?: string
  person?: string
  card?: Card
  /** A card that is kept in `stencils`. */
  stencil?: string
  text?: string
  /** It may be said before people of another house. */
  open?: true
  /** A file that its subject makes at the moment it leaves; `key` once Feishu has it. */
  file?: FileOrder | ReadyFile
  /** What it says in plain words, where a crowd is told the same at once. */
  plain?: string
  /** Tells somebody what of theirs could not be delivered: all that they had not been told of when it leaves. */
  undelivered?: { sender: string }
  /** A person or chat to read from the directory. */
  learn?: { person: string } | { chat: string }
  /** A matter whose event in the calendar is to be brought up to date; `portion`: how many guests at once. */
  event?: { feature: string; matter: string; portion: number }
  /** People of whom it is to be read when their calendars take them, and the matter that waits for it; `waited`: how often it was put off. */
  busy?: { people: string[]; from: string; until: string; feature: string; matter: string; waited?: number }
  /** Somebody of whom it is asked whether they have read a message, and what of a feature that message shows. */
  asks?: { message: string; person: string; feature: string; matter: string }
  /**
   * A file to fetch, and the matter of a feature that waits for it; `chat`: where its sender asked for it. `passAs`: the name under
   * which it is handed in anew; `lookAs`: the one under which it is only looked through; `lost`: why it is not even tried.
   */
  fetch?: {
    message: string
    key: string
    feature: string
    matter: string
    chat?: string
    passAs?: string
    lookAs?: string
    lost?: string
  }
}

/** Which file, by what its turn decided. */
export interface FileOrder {
  feature: string
  name: string
  order: Value
}

/** One that Feishu has already. */
export interface ReadyFile {
  name: string
  key: string
  /** What it was made of, where we made it. */
  made?: Pick<FileOrder, 'feature' | 'order'>
}

export type NewParcel = Pick<typeof outbox.$inferInsert, 'lane' | 'api' | 'priority' | 'parcel' | 'sender'> & {
  copy?: number
  queuedMs: number
}
export type Waiting = typeof outbox.$inferSelect & { call: number }

const insertParcel = statement(db =>
  db
    .insert(outbox)
    .values({
      uuid: sql.placeholder('uuid'),
      lane: sql.placeholder('lane'),
      api: sql.placeholder('api'),
      priority: sql.placeholder('priority'),
      parcel: sql.placeholder('parcel'),
      copy: sql.placeholder('copy'),
      sender: sql.placeholder('sender'),
      queuedMs: sql.placeholder('queuedMs'),
      dueMs: sql.placeholder('queuedMs'),
    })
    .prepare('enqueue'),
)

export async function enqueue(db: Db, parcel: NewParcel): Promise<void> {
  await insertParcel(db, { copy: null, ...parcel, uuid: crypto.randomUUID() })
}

/** Several at once, in their order. */
export async function enqueueAll(db: Db, parcels: NewParcel[]): Promise<void> {
  await insertRows(
    db,
    outbox,
    parcels.map(parcel => ({ copy: null, ...parcel, uuid: crypto.randomUUID(), dueMs: parcel.queuedMs })),
  )
}

/** One after another for one matter, while somebody waits for it. */
export const busyLane = (matter: string): string => `busy:${matter}`

/** The priority of a redraw whose card many move at once: it leaves only when the card has had a second's rest. */
export const LATER = 2
/** The priority of what somebody sends who has sent very much just before. */
export const BEHIND = 3
/** The API in which what comes `LATER` shares its windows with what is more urgent, and so has a part of them kept for it. */
export const SHARED = 'patch'
/** The name under which calls of it that came `LATER` are noted. */
export const SHARED_LATER = 'patch later'

/**
 * Asks for a copy to be drawn anew. A redraw that already waits is enough, if it is as urgent: it will show what then is true. Touching its row
 * keeps the drainer from taking it before this transaction is committed. Where hundreds ask in one second that would make them wait
 * for each other, and the drainer for all of them: of what comes `LATER` each leaves a row of its own, and the one that is taken
 * takes along all that are committed by then.
 */
export async function enqueueRedraw(
  db: Db,
  copy: number,
  priority: number,
  sender: string,
  queuedMs: number,
): Promise<void> {
  const asked = db.insert(outbox).values({
    uuid: crypto.randomUUID(),
    lane: `card:${copy}`,
    api: 'patch',
    priority,
    parcel: {},
    copy,
    sender,
    queuedMs,
    dueMs: queuedMs,
  })
  if (priority === LATER) await asked
  else
    await asked.onConflictDoUpdate({
      target: outbox.copy,
      targetWhere: redrawOf,
      set: {
        dueMs: sql`least(${outbox.dueMs}, excluded.due_ms)`,
        priority: sql`least(${outbox.priority}, excluded.priority)`,
      },
    })
}

/** The redraw of a copy of which one is enough. */
const redrawOf = sql`state = 'waiting' and api = 'patch' and claimed_until_ms = 0 and priority < 2`

const insertAssured = rawStatement(sql`
  insert into outbox (uuid, lane, api, priority, parcel, copy, sender, queued_ms, due_ms)
  values (gen_random_uuid()::text, 'card:' || ${sql.placeholder('copy')}::bigint, 'patch', 1, '{}'::jsonb, ${sql.placeholder('copy')}::bigint,
    ${sql.placeholder('sender')}::text, ${sql.placeholder('queuedMs')}::bigint, ${sql.placeholder('dueMs')}::bigint)
  on conflict (copy) where ${redrawOf} do update set due_ms = least(outbox.due_ms, excluded.due_ms) - 1`)

/**
 * Asks for a copy to be drawn anew at `dueMs`, until `withdrawRedraw` says that there is no need. Where one already waits, whoever
 * asked for it, it comes in any case.
 */
export async function assureRedraw(
  db: Db,
  wanted: { copy: number; sender: string; queuedMs: number; dueMs: number },
): Promise<void> {
  await insertAssured(db, wanted)
}

/** So far apart the clocks of two processes may be. */
const CROSSES_MS = 1_000

const settleAssured = rawStatement(sql`
  with crossing as materialized (
    select from ${calls} where at_ms > ${sql.placeholder('sinceMs')}::bigint - ${sql.raw(String(CROSSES_MS + LONGEST_CALL_MS))}
      and lane = 'card:' || ${sql.placeholder('copy')}::bigint
      and coalesce(done_ms, at_ms + ${sql.raw(String(LONGEST_CALL_MS))}) > ${sql.placeholder('sinceMs')}::bigint - ${sql.raw(String(CROSSES_MS))}
    limit 1
  ), sooner as (
    update ${outbox} set due_ms = least(due_ms, ${sql.placeholder('nowMs')}::bigint)
    where copy = ${sql.placeholder('copy')}::bigint and due_ms = ${sql.placeholder('dueMs')}::bigint and ${redrawOf} and exists (select from crossing)
  )
  delete from ${outbox}
  where copy = ${sql.placeholder('copy')}::bigint and due_ms = ${sql.placeholder('dueMs')}::bigint and ${redrawOf} and not exists (select from crossing)
  returning id`)

/**
 * Takes back what was assured for that instant, if nobody else has asked for it since. A redraw that was under way meanwhile may have
 * been drawn before and arrive after the answer: then the card is drawn anew as soon as that is over. Answers whether it was taken back.
 */
export async function withdrawRedraw(
  db: Db,
  assured: { copy: number; dueMs: number; sinceMs: number },
  nowMs: number,
): Promise<boolean> {
  return (await settleAssured(db, { ...assured, nowMs })).length > 0
}

/**
 * A copy whose card is leaving: it may have been drawn before this, and what a second attempt brings is the first's. What this very
 * transaction sends will show what it has done.
 */
const isLeaving = sql`(message is null and copies.xmin::text <> pg_current_xact_id()::xid::text and exists (
  select from outbox leaving where leaving.lane = copies.lane and leaving.copy = copies.id and leaving.state = 'waiting'))`

const insertRedraws = rawStatement(sql`
  insert into outbox (uuid, lane, api, priority, parcel, copy, sender, queued_ms, due_ms)
  select gen_random_uuid()::text, 'card:' || id, 'patch', ${sql.placeholder('priority')}::smallint, '{}'::jsonb, id,
    ${sql.placeholder('sender')}, ${sql.placeholder('queuedMs')}::bigint, ${sql.placeholder('queuedMs')}::bigint
  from copies where feature = ${sql.placeholder('feature')} and matter = ${sql.placeholder('matter')}
    and (message <> ${sql.placeholder('pressed')} or ${isLeaving})
  order by id
  on conflict (copy) where state = 'waiting' and api = 'patch' and claimed_until_ms = 0 and priority < 2
  do update set due_ms = least(outbox.due_ms, excluded.due_ms), priority = least(outbox.priority, excluded.priority)
  returning id`)

/**
 * The same for every copy of one matter that people have before them, except the one they `pressed`, which its answer redraws. Answers
 * whether there was any.
 */
export async function enqueueRedrawsOf(
  db: Db,
  wanted: { feature: string; matter: string; pressed: string; priority: number; sender: string; queuedMs: number },
): Promise<boolean> {
  return (await insertRedraws(db, wanted)).length > 0
}

/** The same for several matters, however many they are, by one statement. */
export async function enqueueRedrawsOfAll(
  db: Db,
  wanted: ReadonlyArray<{ feature: string; matter: string; priority: number }>,
  { pressed, sender, queuedMs }: { pressed: string; sender: string; queuedMs: number },
): Promise<boolean> {
  const [first] = wanted
  if (!first) return false
  if (wanted.length === 1) return enqueueRedrawsOf(db, { ...first, pressed, sender, queuedMs })
  const drawn = db.execute(sql`
    insert into outbox (uuid, lane, api, priority, parcel, copy, sender, queued_ms, due_ms)
    select gen_random_uuid()::text, 'card:' || copies.id, 'patch', wanted.priority, '{}'::jsonb, copies.id, ${sender}, ${queuedMs}::bigint, ${queuedMs}::bigint
    from json_to_recordset(${JSON.stringify(wanted)}::json) as wanted (feature text, matter text, priority smallint)
    join copies on copies.feature = wanted.feature and copies.matter = wanted.matter
    where copies.message <> ${pressed} or ${isLeaving}
    order by copies.id
    on conflict (copy) where state = 'waiting' and api = 'patch' and claimed_until_ms = 0 and priority < 2
    do update set due_ms = least(outbox.due_ms, excluded.due_ms), priority = least(outbox.priority, excluded.priority)
    returning id`)
  return (await rowsOf(drawn)).length > 0
}

const readCopiesToDraw = statement(db =>
  db
    .select({
      copy: copies,
      isOnItsWay: sql<boolean>`copies.message is null and exists (
        select from outbox coming where coming.lane = copies.lane and coming.copy = copies.id and coming.state = 'waiting')`,
    })
    .from(copies)
    .where(sql`${copies.id} = any(${sql.placeholder('ids')}::bigint[])`)
    .prepare('copies to draw'),
)

/** A copy, and whether its card has yet to arrive for the first time: at one instant, for it may arrive between two. */
export async function copyToDraw(db: Db, id: number): Promise<{ copy: Copy; isOnItsWay: boolean } | undefined> {
  const [row] = await recallEach(db, 'copy to draw', [String(id)], async ids => {
    const rows = await readCopiesToDraw(db, { ids: textArray(ids) })
    return new Map(rows.map(one => [String(one.copy.id), one]))
  })
  return row
}

/** The matters of a feature whose ids begin so. */
export interface Matters {
  feature: string
  prefix: string
}

/** The same for every copy of the matters whose ids begin so, in one statement: a notice may have gone to thousands. */
export async function enqueueRedraws(
  db: Db,
  matters: Matters,
  priority: number,
  sender: string,
  queuedMs: number,
): Promise<void> {
  await db.execute(sql`
    insert into outbox (uuid, lane, api, priority, parcel, copy, sender, queued_ms, due_ms)
    select gen_random_uuid()::text, 'card:' || id, 'patch', ${priority}::smallint, '{}'::jsonb, id, ${sender}, ${queuedMs}::bigint, ${queuedMs}::bigint
    from copies where feature = ${matters.feature} and starts_with(matter, ${matters.prefix})
      and (message is not null or ${isLeaving})
    order by id
    on conflict (copy) where state = 'waiting' and api = 'patch' and claimed_until_ms = 0 and priority < 2
    do update set due_ms = least(outbox.due_ms, excluded.due_ms), priority = least(outbox.priority, excluded.priority)`)
}

/** How many guests one call takes at most (feishu-platform 7.1). */
export const MOST_GUESTS = 1_000

/**
 * Asks for a matter's event to be brought up to date. A wish that already waits is enough, as with redraws: what is wanted is read
 * when it leaves.
 */
export async function enqueueAppointment(
  db: Db,
  matter: { feature: string; matter: string },
  queuedMs: number,
  portion = MOST_GUESTS,
): Promise<void> {
  await enqueueAppointments(db, [matter], queuedMs, portion)
}

/** The same for several matters. */
export async function enqueueAppointments(
  db: Db,
  some: ReadonlyArray<{ feature: string; matter: string }>,
  queuedMs: number,
  portion = MOST_GUESTS,
): Promise<void> {
  if (!some.length) return
  await db
    .insert(outbox)
    .values(
      some.map(({ feature, matter }) => ({
        uuid: crypto.randomUUID(),
        lane: `${feature}:${matter}`,
        api: 'calendar' as const,
        priority: 2,
        parcel: { event: { feature, matter, portion } },
        sender: '',
        queuedMs,
        dueMs: queuedMs,
      })),
    )
    .onConflictDoUpdate({
      target: outbox.lane,
      targetWhere: sql`state = 'waiting' and api = 'calendar' and claimed_until_ms = 0`,
      set: { dueMs: sql`least(${outbox.dueMs}, excluded.due_ms)`, queuedMs: sql`excluded.queued_ms` },
    })
}

/** Each lane in which something waits, one step along the index for each, whatever stands behind its head; for `with recursive`. */
export const waitingLanes = sql`lanes (name) as (
  (select lane from outbox where state = 'waiting' order by lane limit 1)
  union all
  select (select lane from outbox where state = 'waiting' and lane > lanes.name order by lane limit 1)
  from lanes where lanes.name is not null
)`

const readNext = rawStatement(sql`
  with recursive ${waitingLanes}
  select min(greatest(head.due_ms, coalesce(until_ms, 0),
    (select max(claimed_until_ms) from outbox where state = 'waiting' and lane = lanes.name and claimed_until_ms > 1))) as at
  from lanes, lateral (
    select api, due_ms from outbox where state = 'waiting' and lane = lanes.name order by priority, id limit 1
  ) head left join pauses using (api)`)

/** When the next head of a lane may leave, in wire time; undefined when nothing waits. Whatever stands behind a head waits for it. */
export async function nextParcelMs(db: Db): Promise<number | undefined> {
  const [row] = (await readNext(db, {})) as Array<{ at: string | number | null }>
  return row?.at == null ? undefined : Number(row.at)
}

/** What somebody is told. */
export const MESSAGES = ['create', 'reply', 'upload', 'batch'] as const

/** What people wait for: no look into the directory or into calendars, which may be put off for as long as a right is missing. */
export const AWAITED = [...MESSAGES, 'patch', 'file'] as const

const isLost = sql`${outbox.api} = 'file' and ${outbox.parcel} -> 'fetch' ? 'lost'`

/** Messages that were given up, and files that perhaps went to many; a redraw or a reading of the directory that failed is nobody's message. */
const isGivenUp = and(eq(outbox.state, 'failed'), or(inArray(outbox.api, [...MESSAGES]), isLost))

/**
 * What lies in the outbox, counted along the indexes of what has not been sent: the sent ones are many. `oldestMs`: of what people
 * wait for.
 */
export async function outboxDepth(db: Db): Promise<{ waiting: number; oldestMs: number | undefined; failed: number }> {
  const [row] = await rowsOf<Record<'waiting' | 'failed', string | number> & { oldest: string | number | null }>(
    db.execute(sql`
      select count(*) as waiting, min(queued_ms) filter (where ${inArray(outbox.api, [...AWAITED])}) as oldest,
        (select count(*) from outbox where ${isGivenUp}) as failed
      from outbox where state = 'waiting'`),
  )
  return {
    waiting: Number(row?.waiting ?? 0),
    oldestMs: row?.oldest == null ? undefined : Number(row.oldest),
    failed: Number(row?.failed ?? 0),
  }
}

/** What was given up, the latest first. */
export async function failures(
  db: Db,
  limit: number,
): Promise<Array<{ id: number; lane: string; reason: string | null; doneMs: number | null }>> {
  return db
    .select({ id: outbox.id, lane: outbox.lane, reason: outbox.reason, doneMs: outbox.doneMs })
    .from(outbox)
    .where(isGivenUp)
    .orderBy(desc(outbox.doneMs), asc(outbox.id))
    .limit(limit)
}

/** Where one tells them what of theirs could not be delivered, so that nothing else for them waits behind it. */
export const undeliveredLane = (sender: string): string => `undelivered:${sender}`

/** The setting that says when somebody was last told so. */
export const UNDELIVERED = 'undelivered.'

/** Has somebody told by `dueMs` what of theirs could not be delivered, or by one that is yet to leave: false. */
export async function enqueueUndelivered(db: Db, sender: string, dueMs: number): Promise<boolean> {
  const lane = undeliveredLane(sender)
  const coming = await db
    .select({ id: outbox.id })
    .from(outbox)
    .where(and(eq(outbox.lane, lane), eq(outbox.state, 'waiting'), eq(outbox.claimedUntilMs, 0)))
    .for('update')
  if (coming.length) return false
  await enqueue(db, {
    lane,
    api: 'create',
    priority: 1,
    sender: '',
    parcel: { person: sender, undelivered: { sender } },
    queuedMs: dueMs,
  })
  return true
}

export type Failed = Pick<typeof outbox.$inferSelect, 'id' | 'lane' | 'parcel' | 'reason'>

/** What somebody sent to others, could not be delivered, and is told by this parcel and no other, the first first. */
export async function takeUndelivered(db: Db, parcel: number, sender: string): Promise<Failed[]> {
  const found = await db
    .update(outbox)
    .set({ toldBy: parcel })
    .where(
      and(
        eq(outbox.state, 'failed'),
        eq(outbox.sender, sender),
        inArray(outbox.api, [...MESSAGES]),
        ne(outbox.lane, sender),
        // said again after it may have arrived, it says the same
        sql`(${outbox.toldBy} = ${parcel} or ${outbox.toldBy} is null
          and not exists (select from outbox told where told.told_by = ${parcel} and told.state = 'failed'))`,
      ),
    )
    .returning({ id: outbox.id, lane: outbox.lane, parcel: outbox.parcel, reason: outbox.reason })
  return found.sort((a, b) => a.id - b.id)
}

/** What was delivered is in the chat; here its text serves only while a delivery may still be looked into. */
const SENT_MS = 48 * 3_600_000

/** Drops what the windows no longer need, and what has been delivered. */
export async function sweepOutbox(db: Db, wireMs: number): Promise<void> {
  await db.delete(calls).where(lt(calls.atMs, wireMs - 120_000))
  await db.delete(outbox).where(and(eq(outbox.state, 'sent'), lt(outbox.doneMs, wireMs - SENT_MS)))
}
