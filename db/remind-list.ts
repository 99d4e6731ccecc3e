import { and, asc, desc, eq, exists, inArray, isNotNull, lte, ne, or, sql } from 'drizzle-orm'
import type { Reminder } from '../src/office/remind/reminder.ts'
import type { Db } from './client.ts'
import { members } from './people.ts'
import { asReminder, reminders } from './remind.ts'
import { isRefused } from './remind-refusal.ts'

const stands = inArray(reminders.state, ['active', 'paused'])
/** It stands, and somebody owns or receives it. */
const standsFor = (person: string) =>
  and(or(eq(reminders.owner, person), sql`${person} = any(${reminders.receivers})`), stands)

const standsWith = (owner: string) => and(eq(reminders.owner, owner), stands)

/** Those of an owner that still stand, by number. */
export async function remindersOf(db: Db, owner: string, limit: number, offset: number): Promise<Reminder[]> {
  const rows = await db
    .select()
    .from(reminders)
    .where(standsWith(owner))
    .orderBy(asc(reminders.number))
    .limit(limit)
    .offset(offset)
  return rows.map(asReminder)
}

export const countRemindersOf = (db: Db, owner: string): Promise<number> => db.$count(reminders, standsWith(owner))

/** Those that still stand and that somebody owns or receives. */
export async function remindersAbout(db: Db, person: string, limit: number): Promise<Reminder[]> {
  const rows = await db.select().from(reminders).where(standsFor(person)).orderBy(asc(reminders.id)).limit(limit)
  return rows.map(asReminder)
}

/** What somebody repeats before groups, and of that what `among` could go on with, who sits there. */
export async function groupRemindersOf(db: Db, owner: string, limit: number, among?: string): Promise<Reminder[]> {
  const sits = (person: string) =>
    exists(
      db
        .select({ one: sql`1` })
        .from(members)
        .where(and(eq(members.chat, reminders.chat), eq(members.person, person))),
    )
  const rows = await db
    .select()
    .from(reminders)
    .where(
      and(
        eq(reminders.owner, owner),
        ne(reminders.chat, ''),
        reminders.recurring,
        stands,
        among === undefined ? undefined : sits(among),
      ),
    )
    .orderBy(asc(reminders.id))
    .limit(limit)
  return rows.map(asReminder)
}

/** What somebody owns or receives, by words, the latest first. */
export async function remindersWith(db: Db, person: string, words: string, limit: number): Promise<Reminder[]> {
  const rows = await db
    .select()
    .from(reminders)
    .where(and(standsFor(person), sql`strpos(lower(${reminders.text}), ${words.toLowerCase()}) > 0`))
    .orderBy(desc(reminders.id))
    .limit(limit)
  return rows.map(asReminder)
}

/** What falls due for a person, or in a group, until an instant; the earliest first. */
export async function dueUntil(db: Db, of: { person: string } | { chat: string }, until: Date): Promise<Reminder[]> {
  const mine =
    'person' in of
      ? sql`${of.person} = any(${reminders.receivers}) and not ${isRefused(sql`${of.person}`)}`
      : and(eq(reminders.chat, of.chat), ne(reminders.chat, ''))
  const rows = await db
    .select()
    .from(reminders)
    .where(and(mine, eq(reminders.state, 'active'), isNotNull(reminders.nextAt), lte(reminders.nextAt, until)))
    .orderBy(asc(reminders.nextAt))
    .limit(100)
  return rows.map(asReminder)
}
