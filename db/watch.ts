import { and, eq, gte, inArray, sql } from 'drizzle-orm'
import { NOTHING_WATCHED, type Watched } from '../src/office/setup/watch.ts'
import { type Db, rowsOf } from './client.ts'
import { copies } from './copies.ts'
import { AWAITED, MESSAGES, outbox } from './outbox.ts'
import { keepSetting, setting, takeTurn } from './settings.ts'

const WATCHED = 'alerts'

/** What the last heartbeat found wrong. */
export const watchedNow = async (db: Db): Promise<Watched> => (await setting<Watched>(db, WATCHED)) ?? NOTHING_WATCHED

/** The same, which nobody else changes until this transaction ends. */
export const takeWatched = (db: Db, at: Date): Promise<Watched> => takeTurn(db, WATCHED, NOTHING_WATCHED, at)

export const keepWatched = (db: Db, watched: Watched, at: Date): Promise<void> => keepSetting(db, WATCHED, watched, at)

/** An alert about the outbox is no part of what it tells of. */
const isNoAlert = (feature: string) =>
  sql`not exists (select from ${copies} where ${copies.id} = ${outbox.copy} and ${copies.feature} = ${feature})`

/** What has waited in the outbox since before then (wire time), except cards of a feature. */
export async function waitingSince(
  db: Db,
  beforeMs: number,
  except: string,
): Promise<{ count: number; oldestMs: number | undefined }> {
  const [row] = await db
    .select({ count: sql<string>`count(*)`, oldest: sql<string | null>`min(${outbox.queuedMs})` })
    .from(outbox)
    .where(
      and(
        eq(outbox.state, 'waiting'),
        inArray(outbox.api, [...AWAITED]),
        sql`${outbox.queuedMs} < ${beforeMs}`,
        isNoAlert(except),
      ),
    )
  return { count: Number(row?.count ?? 0), oldestMs: row?.oldest == null ? undefined : Number(row.oldest) }
}

export interface Failures {
  reason: string
  count: number
  firstMs: number
  lastMs: number
}

/** Messages given up since then (wire time) by their reasons, the most frequent first, except cards of a feature. */
export async function failuresSince(db: Db, sinceMs: number, except: string): Promise<Failures[]> {
  const found = await db
    .select({
      reason: sql<string>`coalesce(${outbox.reason}, '')`,
      count: sql<string>`count(*)`,
      firstMs: sql<string>`min(${outbox.doneMs})`,
      lastMs: sql<string>`max(${outbox.doneMs})`,
    })
    .from(outbox)
    .where(
      and(
        eq(outbox.state, 'failed'),
        inArray(outbox.api, [...MESSAGES]),
        gte(outbox.doneMs, sinceMs),
        isNoAlert(except),
      ),
    )
    .groupBy(outbox.reason)
    .orderBy(sql`count(*) desc, ${outbox.reason}`)
  return found.map(({ reason, count, firstMs, lastMs }) => ({
    reason,
    count: Number(count),
    firstMs: Number(firstMs),
    lastMs: Number(lastMs),
  }))
}

/** How far sealing the history has come, as long as something waits for it: it stands still where this stays the same. */
export async function sealingMark(db: Db): Promise<string | undefined> {
  const [row] = await rowsOf<Record<'event' | 'old', string | number | null>>(
    db.execute(sql`
      select (select min(event) from audit_unsealed) as event,
        (select old_done from audit_head where old_done < old_until) as old`),
  )
  return row?.event == null && row?.old == null ? undefined : `${row.event ?? ''}/${row.old ?? ''}`
}
