import { and, asc, desc, eq, gt, inArray, sql } from 'drizzle-orm'
import type { Occurrence, Reminder } from '../src/office/remind/reminder.ts'
import { type Db, rowsOf } from './client.ts'
import { asReminder, reminders } from './remind.ts'
import { asOccurrence, occurrences } from './remind-occurrence.ts'

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
