import { and, asc, desc, eq, inArray, isNotNull, lte, sql } from 'drizzle-orm'
import type { Occurrence, Reminder } from '../src/office/remind/reminder.ts'
import { type Db, rowsOf } from './client.ts'
import { people } from './people.ts'
import { asReminder, reminders } from './remind.ts'
import { asOccurrence, occurrences } from './remind-occurrence.ts'

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

/** Moves several on at once; those without a next instant are over. */
export async function advance(db: Db, some: Array<{ id: number; nextAt: Date | undefined }>): Promise<void> {
  const rows = JSON.stringify(some.map(({ id, nextAt = null }) => ({ id, next_at: nextAt })))
  await db.execute(sql`
    update ${reminders} set next_at = later.next_at, state = case when later.next_at is null then 'ended' else state end
    from json_to_recordset(${rows}::json) as later (id bigint, next_at timestamptz) where ${reminders.id} = later.id`)
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
