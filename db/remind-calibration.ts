import { and, asc, eq, inArray, ne } from 'drizzle-orm'
import type { Occurrence, Reminder } from '../src/office/remind/reminder.ts'
import type { Db } from './client.ts'
import { asReminder, reminders } from './remind.ts'
import { asOccurrence, occurrences } from './remind-occurrence.ts'

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
