import { and, eq, inArray, sql } from 'drizzle-orm'
import { bigint, boolean, index, integer, pgTable, text, timestamp, uniqueIndex } from 'drizzle-orm/pg-core'
import { Refusal } from '../src/kit/refusal.ts'
import type { NewReminder, Reminder } from '../src/office/remind/reminder.ts'
import { noteChanged } from './changes.ts'
import { type Db, statement } from './client.ts'
import { touchPerson } from './people.ts'

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

async function nextNumber(db: Db, owner: string): Promise<number> {
  await touchPerson(db, owner)
  const [row] = await db
    .select({ last: sql`coalesce(max(${reminders.number}), 0)`.mapWith(Number) })
    .from(reminders)
    .where(eq(reminders.owner, owner))
  return (row?.last ?? 0) + 1
}

/** How many still stand; until this transaction ends nobody else opens one for this owner. */
export async function countStanding(db: Db, owner: string): Promise<number> {
  await touchPerson(db, owner)
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

export const NO_REMINDER = '未找到该提醒'

/** @throws Refusal when there is none. */
export async function getReminder(db: Db, id: number): Promise<Reminder> {
  const [row] = await readReminder(db, { id })
  if (!row) throw new Refusal(NO_REMINDER)
  return asReminder(row)
}

/** The same, and nobody else changes or fires it until this transaction ends. */
export async function holdReminder(db: Db, id: number): Promise<Reminder> {
  const [row] = await db.select().from(reminders).where(eq(reminders.id, id)).for('update')
  if (!row) throw new Refusal(NO_REMINDER)
  return asReminder(row)
}

export async function remindersById(db: Db, ids: number[]): Promise<Map<number, Reminder>> {
  const rows = ids.length ? await db.select().from(reminders).where(inArray(reminders.id, ids)) : []
  return new Map(rows.map(row => [row.id, asReminder(row)]))
}

/** Held until this transaction ends; undefined where an owner has none of that number. */
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

/** Gives a reminder to somebody else, under a number of theirs. */
export async function passOn(db: Db, id: number, owner: string): Promise<number> {
  const number = await nextNumber(db, owner)
  await db.update(reminders).set({ owner, number }).where(eq(reminders.id, id))
  return number
}

export const asReminder = ({ nextAt, ...row }: typeof reminders.$inferSelect): Reminder => ({
  ...row,
  nextAt: nextAt ?? undefined,
})
