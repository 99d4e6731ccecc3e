import { and, asc, desc, eq, gt, sql } from 'drizzle-orm'
import { bigint, index, integer, pgTable, text, timestamp, uniqueIndex } from 'drizzle-orm/pg-core'
import { Refusal } from '../src/kit/refusal.ts'
import type { Occurrence, Reminder } from '../src/office/remind/reminder.ts'
import { type Db, rowsOf, statement } from './client.ts'
import { asReminder, NO_REMINDER, reminders } from './remind.ts'

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

type New = Pick<Occurrence, 'reminder' | 'receiver' | 'dueAt' | 'state' | 'firedAt' | 'missed' | 'snoozedUntil'>

/** The occurrences that did not exist before; of each reminder at most one for each receiver. */
export async function claimOccurrences(db: Db, some: readonly New[]): Promise<Occurrence[]> {
  if (!some.length) return []
  const rows = JSON.stringify(some.map(one => ({ ...one, snoozedUntil: one.snoozedUntil ?? null })))
  const made = await rowsOf<{ id: string | number; reminder: string | number; receiver: string }>(
    db.execute(sql`
      insert into occurrences (reminder, receiver, due_at, state, fired_at, missed, snoozed_until, moved_by)
      select reminder, receiver, "dueAt", state, "firedAt", missed, "snoozedUntil", '' from json_to_recordset(${rows}::json) as one (
        reminder bigint, receiver text, "dueAt" timestamptz, state text, "firedAt" timestamptz, missed integer, "snoozedUntil" timestamptz)
      on conflict do nothing returning id, reminder, receiver`),
  )
  const ids = new Map(made.map(({ id, reminder, receiver }) => [`${reminder} ${receiver}`, Number(id)]))
  const unmoved = { later: undefined, calendarId: undefined, movedBy: '', movedAt: undefined }
  return some.flatMap(one => {
    const id = ids.get(`${one.reminder} ${one.receiver}`)
    return id === undefined ? [] : [{ ...one, ...unmoved, id }]
  })
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
  if (!row) throw new Refusal(NO_REMINDER)
  return asOccurrence(row)
}

const lockOccurrence = statement(db =>
  db
    .select()
    .from(occurrences)
    .where(eq(occurrences.id, sql.placeholder('id')))
    .for('update')
    .prepare('occurrence held'),
)

export async function holdOccurrence(db: Db, id: number): Promise<Occurrence> {
  const [row] = await lockOccurrence(db, { id })
  if (!row) throw new Refusal(NO_REMINDER)
  return asOccurrence(row)
}

const readReminderOf = statement(db =>
  db
    .select()
    .from(reminders)
    .where(sql`${reminders.id} = (select reminder from occurrences where id = ${sql.placeholder('id')})`)
    .prepare('reminder of occurrence'),
)

/** An instant and what it is an instant of, read together; `reads`: `holdOccurrence` where it is to be held. @throws Refusal when there is none. */
export async function occurrenceOf(
  db: Db,
  id: number,
  reads: typeof getOccurrence = getOccurrence,
): Promise<{ occurrence: Occurrence; reminder: Reminder }> {
  const [occurrence, [row]] = await Promise.all([reads(db, id), readReminderOf(db, { id })])
  if (!row) throw new Refusal(NO_REMINDER)
  return { occurrence, reminder: asReminder(row) }
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

const readDueAfter = statement(db =>
  db
    .select({ dueAt: occurrences.dueAt })
    .from(occurrences)
    .where(
      and(
        eq(occurrences.reminder, sql.placeholder('reminder')),
        eq(occurrences.receiver, sql.placeholder('receiver')),
        gt(occurrences.id, sql.placeholder('id')),
      ),
    )
    .orderBy(asc(occurrences.id))
    .limit(1)
    .prepare('due after'),
)

/** When that fell due which came after it for the same receiver. */
export async function dueAfter(
  db: Db,
  { id, reminder, receiver }: Pick<Occurrence, 'id' | 'reminder' | 'receiver'>,
): Promise<Date | undefined> {
  const [row] = await readDueAfter(db, { id, reminder, receiver })
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

export const asOccurrence = ({
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
