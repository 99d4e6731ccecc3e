import { and, asc, desc, eq, gt, inArray, isNotNull, lte, ne, or, sql } from 'drizzle-orm'
import { bigint, boolean, index, integer, pgTable, primaryKey, text, timestamp, uniqueIndex } from 'drizzle-orm/pg-core'
import { Refusal } from '../src/kit/refusal.ts'
import type { NewReminder, Occurrence, Reminder } from '../src/office/remind/reminder.ts'
import { noteChanged } from './changes.ts'
import { type Db, rowsOf, statement } from './client.ts'
import { people } from './people.ts'

export const reminders = pgTable(
  'reminders',
  {
    id: bigint({ mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    /** By which its owner names it: counted per owner, never given twice. */
    number: integer().notNull(),
    maker: text().notNull(),
    /** Who may change it: its maker, or whoever took over when the maker left. */
    owner: text().notNull(),
    /** Whom it reaches in private. */
    receivers: text().array().notNull(),
    /** The group it reaches; '' = none. */
    chat: text().notNull(),
    text: text().notNull(),
    /** The words from which its time was reckoned, when they were said, and by which calendar. */
    said: text().notNull(),
    saidAt: timestamp('said_at', { withTimezone: true, mode: 'date' }).notNull(),
    calendarId: text('calendar_id').notNull(),
    recurring: boolean().notNull(),
    urgent: boolean().notNull(),
    /** When it falls due next; null = never again. */
    nextAt: timestamp('next_at', { withTimezone: true, mode: 'date' }),
    state: text({ enum: ['active', 'paused', 'ended', 'cancelled'] }).notNull(),
    /** The message that it was made in reply to, and the chat where that stands; '' = none. */
    source: text().notNull(),
    sourceChat: text('source_chat').notNull(),
  },
  table => [
    // whoever lists, cancels or pauses by number
    uniqueIndex('reminders_owner').on(table.owner, table.number),
    // what somebody still has coming
    index('reminders_standing').on(table.owner, table.number).where(sql`state in ('active', 'paused')`),
    // what falls due
    index('reminders_due').on(table.nextAt).where(sql`state = 'active' and next_at is not null`),
    // what was reckoned by another calendar than the one in force
    index('reminders_calendar').on(table.calendarId).where(sql`state in ('active', 'paused')`),
  ],
)

/** One instant of a reminder for one receiver ('' = the group): that the row can be made only once keeps it from being said twice. */
export const occurrences = pgTable(
  'occurrences',
  {
    id: bigint({ mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    reminder: bigint({ mode: 'number' })
      .notNull()
      .references(() => reminders.id),
    receiver: text().notNull(),
    dueAt: timestamp('due_at', { withTimezone: true, mode: 'date' }).notNull(),
    /** `held`: told in the next morning's card instead; `muted`: the receiver wanted quiet. */
    state: text({ enum: ['sent', 'held', 'muted', 'snoozed', 'done', 'stopped'] }).notNull(),
    firedAt: timestamp('fired_at', { withTimezone: true, mode: 'date' }).notNull(),
    /** How many later instants passed unsaid along with this one. */
    missed: integer().notNull(),
    snoozedUntil: timestamp('snoozed_until', { withTimezone: true, mode: 'date' }),
    /** Which choice of 稍后 that instant was reckoned from, and by which calendar; null = it was not chosen. */
    later: text({ enum: ['minutes', 'hour', 'tomorrow', 'workday'] }),
    calendarId: text('calendar_id'),
    movedBy: text('moved_by').notNull(),
    movedAt: timestamp('moved_at', { withTimezone: true, mode: 'date' }),
  },
  table => [
    uniqueIndex('occurrences_once').on(table.reminder, table.receiver, table.dueAt),
    // what was put off until later
    index('occurrences_snoozed').on(table.snoozedUntil).where(sql`state = 'snoozed'`),
    // what waits for me
    index('occurrences_receiver').on(table.receiver, table.firedAt).where(sql`state not in ('done', 'stopped')`),
    // whom something waits for
    index('occurrences_fired').on(table.firedAt).where(sql`state not in ('done', 'stopped')`),
  ],
)

/** Who wants no more reminders from whom. */
export const refusals = pgTable(
  'reminder_refusals',
  {
    person: text().notNull(),
    maker: text().notNull(),
    at: timestamp({ withTimezone: true, mode: 'date' }).notNull(),
  },
  table => [primaryKey({ columns: [table.person, table.maker] })],
)

const NUMBER_LOCK = 4_216_003

/** Gives it the owner's next number: two made at once by one person get two. */
export async function openReminder(db: Db, wanted: NewReminder): Promise<Reminder> {
  const [row] = await db
    .insert(reminders)
    .values({ ...wanted, number: await nextNumber(db, wanted.owner), state: 'active' })
    .returning()
  if (!row) throw new Error('a reminder was not kept')
  const opened = asReminder(row)
  noteChanged(db, matterOf(row.id), { before: undefined, after: opened })
  return opened
}

const matterOf = (id: number) => ({ feature: 'remind', matter: `r${id}` })

const lockNumbers = (db: Db, owner: string) =>
  db.execute(sql`select pg_advisory_xact_lock(${NUMBER_LOCK}, hashtext(${owner}))`)

async function nextNumber(db: Db, owner: string): Promise<number> {
  await lockNumbers(db, owner)
  const [row] = await db
    .select({ last: sql`coalesce(max(${reminders.number}), 0)`.mapWith(Number) })
    .from(reminders)
    .where(eq(reminders.owner, owner))
  return (row?.last ?? 0) + 1
}

/** How many still stand; until this transaction ends nobody else opens one for this owner. */
export async function countStanding(db: Db, owner: string): Promise<number> {
  await lockNumbers(db, owner)
  const [row] = await db
    .select({ n: sql`count(*)`.mapWith(Number) })
    .from(reminders)
    .where(and(eq(reminders.owner, owner), inArray(reminders.state, ['active', 'paused'])))
  return row?.n ?? 0
}

const readReminder = statement(db =>
  db
    .select()
    .from(reminders)
    .where(eq(reminders.id, sql.placeholder('id')))
    .prepare('reminder'),
)

/** @throws Refusal when there is none. */
export async function getReminder(db: Db, id: number): Promise<Reminder> {
  const [row] = await readReminder(db, { id })
  if (!row) throw new Refusal('未找到该提醒')
  return asReminder(row)
}

export async function remindersById(db: Db, ids: number[]): Promise<Map<number, Reminder>> {
  const rows = ids.length ? await db.select().from(reminders).where(inArray(reminders.id, ids)) : []
  return new Map(rows.map(row => [row.id, asReminder(row)]))
}

/** The same, and nobody else changes or fires it until this transaction ends. */
export async function holdReminder(db: Db, id: number): Promise<Reminder> {
  const [row] = await db.select().from(reminders).where(eq(reminders.id, id)).for('update')
  if (!row) throw new Refusal('未找到该提醒')
  return asReminder(row)
}

export async function reminderNumbered(db: Db, owner: string, number: number): Promise<Reminder | undefined> {
  const [row] = await db
    .select()
    .from(reminders)
    .where(and(eq(reminders.owner, owner), eq(reminders.number, number)))
    .for('update')
  return row && asReminder(row)
}

export async function saveReminder(db: Db, before: Reminder, after: Reminder): Promise<void> {
  const { id, number: _, ...changed } = after
  await db
    .update(reminders)
    .set({ ...changed, nextAt: changed.nextAt ?? null })
    .where(eq(reminders.id, id))
  noteChanged(db, matterOf(id), { before, after })
}

/** Those of an owner that still fall due, the next first. */
export async function remindersOf(db: Db, owner: string, limit: number): Promise<Reminder[]> {
  const rows = await db
    .select()
    .from(reminders)
    .where(and(eq(reminders.owner, owner), inArray(reminders.state, ['active', 'paused'])))
    .orderBy(asc(reminders.number))
    .limit(limit)
  return rows.map(asReminder)
}

/** Those still to come that somebody owns or receives. */
export async function remindersAbout(db: Db, person: string, limit: number): Promise<Reminder[]> {
  const rows = await db
    .select()
    .from(reminders)
    .where(
      and(
        or(eq(reminders.owner, person), sql`${person} = any(${reminders.receivers})`),
        inArray(reminders.state, ['active', 'paused']),
      ),
    )
    .orderBy(asc(reminders.id))
    .limit(limit)
  return rows.map(asReminder)
}

/** What has fallen due, held until this transaction ends: another process takes others. */
export async function takeDue(db: Db, until: Date, limit: number): Promise<Reminder[]> {
  const rows = await db
    .select()
    .from(reminders)
    .where(and(eq(reminders.state, 'active'), isNotNull(reminders.nextAt), lte(reminders.nextAt, until)))
    .orderBy(desc(reminders.urgent), asc(reminders.nextAt), asc(reminders.id))
    .limit(limit)
    .for('update', { skipLocked: true })
  return rows.map(asReminder)
}

/** The occurrences that did not exist before. */
export async function claimOccurrences(
  db: Db,
  some: Array<Pick<Occurrence, 'reminder' | 'receiver' | 'dueAt' | 'state' | 'firedAt' | 'missed' | 'snoozedUntil'>>,
): Promise<Occurrence[]> {
  if (!some.length) return []
  const rows = await db
    .insert(occurrences)
    .values(some.map(one => ({ ...one, snoozedUntil: one.snoozedUntil ?? null, movedBy: '' })))
    .onConflictDoNothing()
    .returning()
  return rows.map(asOccurrence)
}

/** Moves several on at once; those without a next instant are over. */
export async function advance(db: Db, some: Array<{ id: number; nextAt: Date | undefined }>): Promise<void> {
  const on = some.flatMap(({ id, nextAt }) =>
    nextAt ? [sql`(${id}::bigint, ${nextAt.toISOString()}::timestamptz)`] : [],
  )
  const over = some.filter(one => one.nextAt === undefined).map(one => one.id)
  if (over.length) await db.update(reminders).set({ nextAt: null, state: 'ended' }).where(inArray(reminders.id, over))
  if (!on.length) return
  await db.execute(sql`
    update ${reminders} set next_at = later.next_at
    from (values ${sql.join(on, sql`, `)}) later (id, next_at) where ${reminders.id} = later.id`)
}

/** What was put off and is due again, held until this transaction ends: another process takes others. */
export async function takeSnoozed(db: Db, until: Date, limit: number): Promise<Occurrence[]> {
  const rows = await db
    .select()
    .from(occurrences)
    .where(and(eq(occurrences.state, 'snoozed'), lte(occurrences.snoozedUntil, until)))
    .orderBy(asc(occurrences.snoozedUntil))
    .limit(limit)
    .for('update', { skipLocked: true })
  return rows.map(asOccurrence)
}

/** They are said once more; until when they had been put off stays known. */
export async function markSaidAgain(db: Db, ids: number[], now: Date): Promise<void> {
  if (ids.length) await db.update(occurrences).set({ state: 'sent', firedAt: now }).where(inArray(occurrences.id, ids))
}

export async function nextInstant(db: Db): Promise<Date | undefined> {
  const [row] = await rowsOf<{ at: string | Date | null }>(
    db.execute(sql`
      select least(
        (select min(next_at) from reminders where state = 'active' and next_at is not null),
        (select min(snoozed_until) from occurrences where state = 'snoozed')) as at`),
  )
  return row?.at == null ? undefined : new Date(row.at)
}

const readOccurrence = statement(db =>
  db
    .select()
    .from(occurrences)
    .where(eq(occurrences.id, sql.placeholder('id')))
    .prepare('occurrence'),
)

/** @throws Refusal when there is none. */
export async function getOccurrence(db: Db, id: number): Promise<Occurrence> {
  const [row] = await readOccurrence(db, { id })
  if (!row) throw new Refusal('未找到该提醒')
  return asOccurrence(row)
}

export async function holdOccurrence(db: Db, id: number): Promise<Occurrence> {
  const [row] = await db.select().from(occurrences).where(eq(occurrences.id, id)).for('update')
  if (!row) throw new Refusal('未找到该提醒')
  return asOccurrence(row)
}

export async function saveOccurrence(db: Db, { id, ...changed }: Occurrence): Promise<void> {
  await db
    .update(occurrences)
    .set({
      ...changed,
      snoozedUntil: changed.snoozedUntil ?? null,
      later: changed.later ?? null,
      calendarId: changed.calendarId ?? null,
      movedAt: changed.movedAt ?? null,
    })
    .where(eq(occurrences.id, id))
}

/** When that fell due which came after it for the same receiver. */
export async function dueAfter(
  db: Db,
  { id, reminder, receiver }: Pick<Occurrence, 'id' | 'reminder' | 'receiver'>,
): Promise<Date | undefined> {
  const [row] = await db
    .select({ dueAt: occurrences.dueAt })
    .from(occurrences)
    .where(and(eq(occurrences.reminder, reminder), eq(occurrences.receiver, receiver), gt(occurrences.id, id)))
    .orderBy(asc(occurrences.id))
    .limit(1)
  return row?.dueAt
}

/** Of a reminder the last of each receiver, where it was said since then. */
export async function lastOccurrences(db: Db, reminder: number, since: Date): Promise<number[]> {
  const rows = await db
    .selectDistinctOn([occurrences.receiver], { id: occurrences.id })
    .from(occurrences)
    .where(and(eq(occurrences.reminder, reminder), gt(occurrences.firedAt, since)))
    .orderBy(occurrences.receiver, desc(occurrences.id))
  return rows.map(({ id }) => id)
}

/** Of each reminder by a maker the last that a receiver got, where it was said since then. */
export async function lastOccurrencesFrom(
  db: Db,
  { receiver, maker }: { receiver: string; maker: string },
  since: Date,
): Promise<number[]> {
  const rows = await db
    .selectDistinctOn([occurrences.reminder], { id: occurrences.id })
    .from(occurrences)
    .innerJoin(reminders, and(eq(reminders.id, occurrences.reminder), eq(reminders.maker, maker)))
    .where(and(eq(occurrences.receiver, receiver), gt(occurrences.firedAt, since)))
    .orderBy(occurrences.reminder, desc(occurrences.id))
  return rows.map(({ id }) => id)
}

export interface OpenOccurrence {
  occurrence: Occurrence
  reminder: Reminder
}

/** What a person was reminded of and has not ticked off; of one reminder the latest. */
export async function openOccurrences(db: Db, receiver: string, since: Date, limit: number): Promise<OpenOccurrence[]> {
  const latest = db
    .selectDistinctOn([occurrences.reminder], { id: occurrences.id })
    .from(occurrences)
    .where(
      and(
        eq(occurrences.receiver, receiver),
        inArray(occurrences.state, ['sent', 'held', 'muted', 'snoozed']),
        gt(occurrences.firedAt, since),
      ),
    )
    .orderBy(occurrences.reminder, desc(occurrences.id))
  const rows = await db
    .select()
    .from(occurrences)
    .innerJoin(reminders, eq(reminders.id, occurrences.reminder))
    .where(inArray(occurrences.id, latest))
    .orderBy(asc(occurrences.dueAt), asc(occurrences.id))
    .limit(limit)
  return rows.map(row => ({ occurrence: asOccurrence(row.occurrences), reminder: asReminder(row.reminders) }))
}

/** Everyone who was reminded of something since then and has not ticked it off, or will be until `until`. */
export async function remindedPeople(db: Db, since: Date, until: Date): Promise<string[]> {
  const rows = await rowsOf<{ person: string }>(
    db.execute(sql`
      select distinct receiver as person from occurrences
        where receiver <> '' and state not in ('done', 'stopped') and fired_at > ${since.toISOString()}::timestamptz
      union select unnest(receivers) from reminders
        where state = 'active' and next_at is not null and next_at < ${until.toISOString()}::timestamptz`),
  )
  return rows.map(row => row.person)
}

/** From whom something was withheld since then that no card at opening has told yet. */
export async function withheldFrom(db: Db, since: Date): Promise<string[]> {
  const rows = await rowsOf<{ person: string }>(
    db.execute(sql`
      select distinct receiver as person from occurrences
      where receiver <> '' and state in ('held', 'muted') and state not in ('done', 'stopped')
        and fired_at > ${since.toISOString()}::timestamptz`),
  )
  return rows.map(row => row.person)
}

/** What was withheld from these counts as said. */
export async function markTold(db: Db, persons: string[]): Promise<void> {
  if (!persons.length) return
  const withheld = sql`${occurrences.state} in ('held', 'muted') and ${occurrences.state} not in ('done', 'stopped')`
  await db
    .update(occurrences)
    .set({ state: 'sent' })
    .where(and(inArray(occurrences.receiver, persons), withheld))
}

/** What falls due for a person, or in a group, until an instant; the earliest first. */
export async function dueUntil(db: Db, of: { person: string } | { chat: string }, until: Date): Promise<Reminder[]> {
  const mine =
    'person' in of
      ? sql`${of.person} = any(${reminders.receivers})`
      : and(eq(reminders.chat, of.chat), ne(reminders.chat, ''))
  const rows = await db
    .select()
    .from(reminders)
    .where(and(mine, eq(reminders.state, 'active'), isNotNull(reminders.nextAt), lte(reminders.nextAt, until)))
    .orderBy(asc(reminders.nextAt))
    .limit(100)
  return rows.map(asReminder)
}

/** Reminders that a person made or receives, by words. */
export async function remindersWith(db: Db, person: string, words: string, limit: number): Promise<Reminder[]> {
  const rows = await db
    .select()
    .from(reminders)
    .where(
      and(
        or(eq(reminders.owner, person), sql`${person} = any(${reminders.receivers})`),
        inArray(reminders.state, ['active', 'paused']),
        sql`strpos(lower(${reminders.text}), ${words.toLowerCase()}) > 0`,
      ),
    )
    .orderBy(desc(reminders.id))
    .limit(limit)
  return rows.map(asReminder)
}

/** Reckoned by another calendar than the one in force, held until this transaction ends. */
export async function reckonedOtherwise(db: Db, calendarId: string, limit: number): Promise<Reminder[]> {
  const rows = await db
    .select()
    .from(reminders)
    .where(otherwise(calendarId))
    .orderBy(asc(reminders.id))
    .limit(limit)
    .for('update', { skipLocked: true })
  return rows.map(asReminder)
}

const otherwise = (calendarId: string) =>
  and(inArray(reminders.state, ['active', 'paused']), ne(reminders.calendarId, calendarId))

/** Reminders whose owner has left, held until this transaction ends. */
export async function orphans(db: Db, limit: number): Promise<Reminder[]> {
  const rows = await db
    .select({ reminder: reminders })
    .from(reminders)
    .innerJoin(people, eq(people.id, reminders.owner))
    .where(and(inArray(reminders.state, ['active', 'paused']), eq(people.active, false)))
    .orderBy(asc(reminders.id))
    .limit(limit)
    .for('update', { of: reminders, skipLocked: true })
  return rows.map(row => asReminder(row.reminder))
}

/** Gives a reminder to somebody else, under a number of theirs. */
export async function passOn(db: Db, id: number, owner: string): Promise<number> {
  const number = await nextNumber(db, owner)
  await db.update(reminders).set({ owner, number }).where(eq(reminders.id, id))
  return number
}

/** Put off to a day that was found by another calendar than the one in force, held until this transaction ends. */
export async function snoozedOtherwise(db: Db, calendarId: string, limit: number): Promise<Occurrence[]> {
  const rows = await db
    .select()
    .from(occurrences)
    .where(putOffOtherwise(calendarId))
    .orderBy(asc(occurrences.id))
    .limit(limit)
    .for('update', { skipLocked: true })
  return rows.map(asOccurrence)
}

const putOffOtherwise = (calendarId: string) =>
  and(
    eq(occurrences.state, 'snoozed'),
    inArray(occurrences.later, ['tomorrow', 'workday']),
    ne(occurrences.calendarId, calendarId),
  )

/** Whether the heartbeat has something to do that no instant tells of. */
export async function isUnsettled(db: Db, calendarId: string): Promise<boolean> {
  const [[reminder], [occurrence]] = await Promise.all([
    db.select({ id: reminders.id }).from(reminders).where(otherwise(calendarId)).limit(1),
    db.select({ id: occurrences.id }).from(occurrences).where(putOffOtherwise(calendarId)).limit(1),
  ])
  return reminder !== undefined || occurrence !== undefined
}

export async function refuseFrom(db: Db, person: string, maker: string, at: Date): Promise<void> {
  await db.insert(refusals).values({ person, maker, at }).onConflictDoNothing()
}

export async function acceptFrom(db: Db, person: string, maker: string): Promise<boolean> {
  const gone = await db
    .delete(refusals)
    .where(and(eq(refusals.person, person), eq(refusals.maker, maker)))
    .returning({ person: refusals.person })
  return gone.length > 0
}

/** Pairs of a person and somebody from whom they want no reminders. */
export async function refusedPairs(db: Db, persons: string[]): Promise<Array<{ person: string; maker: string }>> {
  if (!persons.length) return []
  return db
    .select({ person: refusals.person, maker: refusals.maker })
    .from(refusals)
    .where(inArray(refusals.person, persons))
}

const asReminder = ({ nextAt, ...row }: typeof reminders.$inferSelect): Reminder => ({
  ...row,
  nextAt: nextAt ?? undefined,
})

const asOccurrence = ({
  snoozedUntil,
  later,
  calendarId,
  movedAt,
  ...row
}: typeof occurrences.$inferSelect): Occurrence => ({
  ...row,
  snoozedUntil: snoozedUntil ?? undefined,
  later: later ?? undefined,
  calendarId: calendarId ?? undefined,
  movedAt: movedAt ?? undefined,
})
