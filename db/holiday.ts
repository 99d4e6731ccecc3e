import { and, asc, desc, eq, inArray, isNull, sql } from 'drizzle-orm'
import { bigint, date, index, integer, jsonb, pgTable, text, timestamp } from 'drizzle-orm/pg-core'
import type { Customs } from '../src/kit/customs.ts'
import type { Season } from '../src/kit/hours.ts'
import type { Calendar, Notice } from '../src/kit/time.ts'
import { calendarOf, type DayKind, type Loaded, type Ruling } from '../src/office/holiday/year.ts'
import { noteChanged } from './changes.ts'
import { type Db, statement } from './client.ts'
import { recall } from './memory.ts'
import { keepSetting, settings } from './settings.ts'

/** Official arrangements by year. Of several of one year the one confirmed last counts while it stands, so that undoing one brings back the one before. */
export const notices = pgTable(
  'notices',
  {
    id: bigint({ mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    year: integer().notNull(),
    notice: jsonb().$type<Notice>().notNull(),
    /** A draft is shown to whoever pasted it and counts once it is confirmed. */
    state: text({ enum: ['draft', 'standing', 'withdrawn'] }).notNull(),
    /** '' = came with the program. */
    by: text().notNull(),
    /** When it came into its state. */
    at: timestamp({ withTimezone: true, mode: 'date' }).notNull(),
  },
  table => [index('notices_standing').on(table.year, table.id).where(sql`state = 'standing'`)],
)

/** Days that the office itself has settled. */
export const rulings = pgTable('rulings', {
  id: bigint({ mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
  day: date().notNull(),
  kind: text({ enum: ['work', 'off'] }).notNull(),
  by: text().notNull(),
  at: timestamp({ withTimezone: true, mode: 'date' }).notNull(),
  withdrawnAt: timestamp('withdrawn_at', { withTimezone: true, mode: 'date' }),
})

const CALENDAR_ID = 'calendar.id'
const HOURS = 'office.hours'
const SEASONS = 'office.seasons'

const readCustoms = statement(db =>
  db
    .select({ name: settings.name, value: settings.value })
    .from(settings)
    .where(inArray(settings.name, [CALENDAR_ID, HOURS, SEASONS]))
    .prepare('customs'),
)

/**
 * By what the office reckons its time now. The calendar is kept in the process by its id, which is another one after every
 * change: one small read tells whether the kept one still holds, whichever process changed it.
 */
export async function customsOf(db: Db, configuredHours: string): Promise<Customs> {
  const rows = await recall(db, 'customs', () => readCustoms(db, {}))
  const kept = new Map(rows.map(({ name, value }) => [name, value]))
  const calendarId = (kept.get(CALENDAR_ID) as string | undefined) ?? 'shipped'
  const hours = (kept.get(HOURS) as string | undefined) ?? configuredHours
  const seasons = (kept.get(SEASONS) as Season[] | undefined) ?? []
  const calendar = await calendarNamed(db, calendarId)
  return { calendarId: customsId(calendarId, hours, seasons), calendar, hours, seasons }
}

const USUAL_HOURS = '08:30-12:00,14:30-17:30'

/** Hours other than the usual ones, and seasons, are a part of it: what was reckoned before they changed is found. */
function customsId(calendarId: string, hours: string, seasons: readonly Season[]): string {
  const parts = [hours === USUAL_HOURS ? '' : hours, ...seasons.map(({ from, to, hours }) => `${from}~${to} ${hours}`)]
  return [calendarId, ...parts.filter(part => part !== '')].join(' ')
}

/** Only the calendar, for drawing. */
export async function calendarInForce(db: Db): Promise<Calendar> {
  return (await customsOf(db, '')).calendar
}

const known = new Map<string, Calendar>()
const MOST_KNOWN = 8

async function calendarNamed(db: Db, id: string): Promise<Calendar> {
  const found = known.get(id)
  if (found) return found
  const calendar = calendarOf(await standingNotices(db), await standingRulings(db))
  if (known.size >= MOST_KNOWN) known.clear()
  known.set(id, calendar)
  return calendar
}

/** `at` is when a standing one was confirmed: drafts need not be confirmed in the order in which they were pasted. */
const latestFirst = [desc(notices.at), desc(notices.id)]

async function standingNotices(db: Db): Promise<Loaded[]> {
  return db
    .selectDistinctOn([notices.year], { year: notices.year, notice: notices.notice })
    .from(notices)
    .where(eq(notices.state, 'standing'))
    .orderBy(notices.year, ...latestFirst)
}

export async function standingRulings(db: Db): Promise<Ruling[]> {
  return db
    .selectDistinctOn([rulings.day], { day: rulings.day, kind: rulings.kind })
    .from(rulings)
    .where(isNull(rulings.withdrawnAt))
    .orderBy(asc(rulings.day), desc(rulings.id))
}

/** Whoever changes the calendar gives it another id, in the same transaction. */
async function renew(db: Db, now: Date): Promise<void> {
  await keepSetting(db, CALENDAR_ID, crypto.randomUUID(), now)
}

export type KeptNotice = typeof notices.$inferSelect

const matterOf = (of: number | string) => ({ feature: 'holiday', matter: String(of) })

export async function draftNotice(db: Db, { year, notice }: Loaded, by: string, at: Date): Promise<number> {
  const [row] = await db.insert(notices).values({ year, notice, by, at, state: 'draft' }).returning({ id: notices.id })
  if (!row) throw new Error('a notice was not kept')
  noteChanged(db, matterOf(row.id), { before: undefined, after: { year, notice, by, at, state: 'draft' } })
  return row.id
}

export async function noticeById(db: Db, id: number): Promise<KeptNotice | undefined> {
  const [row] = await db.select().from(notices).where(eq(notices.id, id))
  return row
}

/** The notice that counts for a year. */
export async function standingNotice(db: Db, year: number): Promise<KeptNotice | undefined> {
  const [row] = await db
    .select()
    .from(notices)
    .where(and(eq(notices.year, year), eq(notices.state, 'standing')))
    .orderBy(...latestFirst)
    .limit(1)
  return row
}

/** Lets a draft count, or a standing one no longer, or drops a draft; false when it was not in that state any more. */
export async function moveNotice(
  db: Db,
  id: number,
  [from, to]: ['draft', 'standing'] | ['standing', 'withdrawn'] | ['draft', 'withdrawn'],
  by: string,
  now: Date,
): Promise<boolean> {
  const moved = await db
    .update(notices)
    .set({ state: to, by, at: now })
    .where(and(eq(notices.id, id), eq(notices.state, from)))
    .returning()
  if (!moved.length) return false
  for (const after of moved) noteChanged(db, matterOf(id), { before: { ...after, state: from }, after })
  if (from === 'standing' || to === 'standing') await renew(db, now)
  return true
}

export async function ruleDay(db: Db, day: string, kind: DayKind, by: string, now: Date): Promise<void> {
  await withdrawRuling(db, day, now)
  await db.insert(rulings).values({ day, kind, by, at: now })
  noteChanged(db, matterOf(day), { before: undefined, after: { day, kind, by, at: now } })
  await renew(db, now)
}

/** Whether there was a ruling to withdraw. */
export async function withdrawRuling(db: Db, day: string, now: Date): Promise<boolean> {
  const gone = await db
    .update(rulings)
    .set({ withdrawnAt: now })
    .where(and(eq(rulings.day, day), isNull(rulings.withdrawnAt)))
    .returning()
  if (!gone.length) return false
  for (const after of gone) noteChanged(db, matterOf(day), { before: { ...after, withdrawnAt: null }, after })
  await renew(db, now)
  return true
}
