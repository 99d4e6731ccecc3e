import { and, asc, eq, gt, inArray, sql } from 'drizzle-orm'
import type { Occurrence, Reminder } from '../src/office/remind/reminder.ts'
import { type Db, rowsOf } from './client.ts'
import { asReminder, reminders } from './remind.ts'
import { asOccurrence, occurrences } from './remind-occurrence.ts'
import { isRefused } from './remind-refusal.ts'

export interface OpenOccurrence {
  occurrence: Occurrence
  reminder: Reminder
}

/**
 * Not ticked off, the last that its receiver was told of its reminder, and of one that may still tell them: whoever has seen to the
 * last has seen to those before it.
 */
const waits = sql`${occurrences.state} not in ('done', 'stopped')
  and ${reminders.state} <> 'cancelled' and ${occurrences.receiver} = any(${reminders.receivers})
  and not ${isRefused(occurrences.receiver)}
  and not exists (select from occurrences later where later.reminder = ${occurrences.reminder}
    and later.receiver = ${occurrences.receiver} and later.due_at > ${occurrences.dueAt})`

/** What a person was reminded of and has not ticked off; of one reminder the latest. */
export async function openOccurrences(db: Db, receiver: string, since: Date, limit: number): Promise<OpenOccurrence[]> {
  const rows = await db
    .select()
    .from(occurrences)
    .innerJoin(reminders, eq(reminders.id, occurrences.reminder))
    .where(and(eq(occurrences.receiver, receiver), gt(occurrences.firedAt, since), waits))
    .orderBy(asc(occurrences.dueAt), asc(occurrences.id))
    .limit(limit)
  return rows.map(row => ({ occurrence: asOccurrence(row.occurrences), reminder: asReminder(row.reminders) }))
}

/** Everyone who was reminded of something since then and has not ticked it off, or will be until `until`. */
export async function remindedPeople(db: Db, since: Date, until: Date): Promise<string[]> {
  const rows = await rowsOf<{ person: string }>(
    db.execute(sql`
      select distinct receiver as person from occurrences join reminders on reminders.id = occurrences.reminder
        where fired_at > ${since.toISOString()}::timestamptz and ${waits}
      union select receiver from reminders, unnest(receivers) receiver
        where state = 'active' and next_at is not null and next_at < ${until.toISOString()}::timestamptz
          and not ${isRefused(sql`receiver`)}`),
  )
  return rows.map(row => row.person)
}

/** From whom something was withheld since then that no card at opening has told yet. */
export async function withheldFrom(db: Db, since: Date): Promise<string[]> {
  const rows = await rowsOf<{ person: string }>(
    db.execute(sql`
      select distinct receiver as person from occurrences join reminders on reminders.id = occurrences.reminder
        where ${occurrences.state} in ('held', 'muted') and fired_at > ${since.toISOString()}::timestamptz and ${waits}`),
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
