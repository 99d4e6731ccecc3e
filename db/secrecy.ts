import { and, asc, desc, eq, gt, inArray, isNull, lte, ne, sql } from 'drizzle-orm'
import { bigint, boolean, index, integer, pgTable, text, timestamp, uniqueIndex } from 'drizzle-orm/pg-core'
import { Refusal } from '../src/kit/refusal.ts'
import {
  type Alert,
  type AlertState,
  alertFlow,
  GATHERED_MS,
  isPassable,
  type Release,
  type Stopped,
} from '../src/office/secrecy/alert.ts'
import { PLACES } from '../src/office/secrecy/rule-book.ts'
import { noteChanged } from './changes.ts'
import { type Db, oneOf, rowsOf } from './client.ts'
import { defined, nulled } from './nulls.ts'

const instant = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' })
const number = (name: string) => bigint(name, { mode: 'number' })

/** What one person sent within an hour and was stopped. */
export const secrecyAlerts = pgTable(
  'secrecy_alerts',
  {
    id: bigint({ mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    rev: integer().notNull(),
    sender: text().notNull(),
    unit: text().notNull(),
    state: text({ enum: Object.keys(alertFlow.states) as [AlertState, ...AlertState[]] }).notNull(),
    openedAt: instant('opened_at').notNull(),
    lastAt: instant('last_at').notNull(),
    count: integer().notNull(),
    decidedBy: text('decided_by'),
    decidedAt: instant('decided_at'),
    word: text().notNull(),
    remindAt: instant('remind_at'),
    reportedBy: text('reported_by'),
    reportedAt: instant('reported_at'),
    report: text().notNull(),
  },
  table => [
    index('secrecy_alerts_open').on(table.openedAt).where(sql`state in ('open', 'leaked')`),
    index('secrecy_alerts_sender').on(table.sender, table.openedAt),
    // the heartbeat asks what is to be reported
    index('secrecy_alerts_remind').on(table.remindAt).where(sql`remind_at is not null`),
  ],
)

/** Each thing that was stopped. Not a word of it is kept: by its fingerprint it is told again. */
export const secrecyStopped = pgTable(
  'secrecy_stopped',
  {
    id: bigint({ mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    alert: number('alert')
      .notNull()
      .references(() => secrecyAlerts.id),
    at: instant('at').notNull(),
    chat: text().notNull(),
    message: text().notNull(),
    place: text({ enum: [...PLACES, 'picture'] }).notNull(),
    action: text({ enum: ['return', 'block'] }).notNull(),
    rules: text().array().notNull(),
    fingerprints: text().array().notNull(),
    released: boolean().notNull(),
  },
  table => [
    index('secrecy_stopped_alert').on(table.alert),
    // a file may be looked into once more after a crash
    uniqueIndex('secrecy_stopped_file').on(table.message).where(sql`place = 'attachment'`),
  ],
)

/** 放行清单: what was found to be harmless; withdrawn, never deleted. */
export const secrecyReleases = pgTable(
  'secrecy_releases',
  {
    id: bigint({ mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    alert: number('alert')
      .notNull()
      .references(() => secrecyAlerts.id),
    fingerprint: text().notNull(),
    rules: text().array().notNull(),
    reason: text().notNull(),
    by: text('released_by').notNull(),
    at: instant('at').notNull(),
    withdrawnBy: text('withdrawn_by'),
    withdrawnAt: instant('withdrawn_at'),
  },
  table => [uniqueIndex('secrecy_releases_standing').on(table.fingerprint).where(sql`withdrawn_at is null`)],
)

export const NO_ALERT = '未找到该告警'

const asAlert = (row: typeof secrecyAlerts.$inferSelect): Alert => defined(row)

/**
 * Notes something that was stopped, with the alert of the same sender that is still open and young enough, or with a new one.
 * Undefined: it had been noted before. Of two that come at once the second waits for the first.
 */
export async function noteStopped(
  db: Db,
  stopped: Omit<Stopped, 'id' | 'alert' | 'released'>,
  { sender, unit }: Pick<Alert, 'sender' | 'unit'>,
): Promise<{ alert: Alert; isNew: boolean } | undefined> {
  await db.execute(sql`select from people where id = ${sender} for update`)
  if (stopped.place === 'attachment' && (await isNoted(db, stopped.message))) return undefined
  const [open] = await db
    .select()
    .from(secrecyAlerts)
    .where(
      and(
        eq(secrecyAlerts.sender, sender),
        eq(secrecyAlerts.state, 'open'),
        gt(secrecyAlerts.openedAt, new Date(stopped.at.getTime() - GATHERED_MS)),
      ),
    )
    .orderBy(desc(secrecyAlerts.id))
    .limit(1)
    .for('update')
  const [row] = open
    ? await db
        .update(secrecyAlerts)
        .set({ rev: open.rev + 1, count: open.count + 1, lastAt: stopped.at })
        .where(eq(secrecyAlerts.id, open.id))
        .returning()
    : await db
        .insert(secrecyAlerts)
        .values({
          ...{ rev: 1, sender, unit, state: 'open', openedAt: stopped.at, lastAt: stopped.at, count: 1 },
          ...{ word: '', report: '' },
        })
        .returning()
  if (!row) throw new Error('no alert was kept')
  await db.insert(secrecyStopped).values({ ...stopped, alert: row.id, released: false })
  return { alert: asAlert(row), isNew: open === undefined }
}

async function isNoted(db: Db, message: string): Promise<boolean> {
  const [row] = await db
    .select({ id: secrecyStopped.id })
    .from(secrecyStopped)
    .where(and(eq(secrecyStopped.message, message), eq(secrecyStopped.place, 'attachment')))
  return row !== undefined
}

/** @throws Refusal when there is no such alert. */
export async function getAlert(db: Db, id: number): Promise<Alert> {
  const [row] = await db.select().from(secrecyAlerts).where(eq(secrecyAlerts.id, id))
  if (!row) throw new Refusal(NO_ALERT)
  return asAlert(row)
}

/** Saves over the revision that was read, so that of two decisions one wins. @throws Refusal for the other. */
export async function saveAlert(db: Db, before: Alert, { id: _, ...after }: Alert): Promise<void> {
  const saved = await db
    .update(secrecyAlerts)
    .set(nulled({ ...after, rev: before.rev + 1 }))
    .where(and(eq(secrecyAlerts.id, before.id), eq(secrecyAlerts.rev, before.rev)))
    .returning({ id: secrecyAlerts.id })
  if (!saved.length) throw new Refusal('卡片已过期,请以最新卡片为准')
  const matter = { feature: 'secrecy', matter: String(before.id) }
  noteChanged(db, matter, { before, after: { ...after, id: before.id, rev: before.rev + 1 } })
}

export async function stoppedIn(db: Db, alert: number): Promise<Stopped[]> {
  return db
    .select()
    .from(secrecyStopped)
    .where(eq(secrecyStopped.alert, alert))
    .orderBy(asc(secrecyStopped.id))
    .limit(500)
}

/** What waits to be judged or reported, the oldest first, but not what somebody sent themselves. */
export async function alertsWaiting(
  db: Db,
  sphere: 'house' | readonly string[],
  but: string,
  limit: number,
): Promise<Alert[]> {
  if (sphere !== 'house' && !sphere.length) return []
  const rows = await db
    .select()
    .from(secrecyAlerts)
    .where(
      and(
        inArray(secrecyAlerts.state, ['open', 'leaked']),
        ne(secrecyAlerts.sender, but),
        sphere === 'house' ? undefined : oneOf(secrecyAlerts.unit, sphere),
      ),
    )
    .orderBy(asc(secrecyAlerts.openedAt), asc(secrecyAlerts.id))
    .limit(limit)
  return rows.map(asAlert)
}

/** Leaks of which a report is to be asked for by an instant. */
export async function unreported(db: Db, until: Date, limit: number): Promise<Alert[]> {
  const rows = await db
    .select()
    .from(secrecyAlerts)
    .where(and(eq(secrecyAlerts.state, 'leaked'), lte(secrecyAlerts.remindAt, until)))
    .orderBy(asc(secrecyAlerts.remindAt))
    .limit(limit)
    .for('update', { skipLocked: true })
  return rows.map(asAlert)
}

export async function nextReminder(db: Db): Promise<Date | undefined> {
  const [row] = await rowsOf<{ at: string | Date | null }>(
    db.execute(sql`select min(remind_at) as at from secrecy_alerts where remind_at is not null`),
  )
  return row?.at == null ? undefined : new Date(row.at)
}

/** Puts what was stopped on the list of what passes; answers how much of it was not there yet. */
export async function release(
  db: Db,
  some: readonly Stopped[],
  { reason, by, at }: Pick<Release, 'reason' | 'by' | 'at'>,
): Promise<number> {
  const rows = some
    .filter(isPassable)
    .flatMap(({ alert, rules, fingerprints }) =>
      fingerprints.map(fingerprint => ({ alert, fingerprint, rules, reason, by, at })),
    )
  const added = rows.length ? await db.insert(secrecyReleases).values(rows).onConflictDoNothing().returning() : []
  for (const after of added) noteChanged(db, partOf(after), { before: undefined, after })
  await db
    .update(secrecyStopped)
    .set({ released: true })
    .where(
      inArray(
        secrecyStopped.id,
        some.map(({ id }) => id),
      ),
    )
  return added.length
}

const partOf = ({ id, alert }: Release) => ({ feature: 'secrecy', matter: String(alert), part: `release/${id}` })

/** Whether all of these contents pass. */
export async function areReleased(db: Db, fingerprints: readonly string[]): Promise<boolean> {
  const wanted = [...new Set(fingerprints)]
  if (!wanted.length) return false
  const rows = await db
    .select({ fingerprint: secrecyReleases.fingerprint })
    .from(secrecyReleases)
    .where(and(inArray(secrecyReleases.fingerprint, wanted), isNull(secrecyReleases.withdrawnAt)))
  return rows.length === wanted.length
}

/** What passes, the latest first. */
export async function standingReleases(db: Db, sphere: 'house' | readonly string[], limit: number): Promise<Release[]> {
  if (sphere !== 'house' && !sphere.length) return []
  const rows = await db
    .select({ release: secrecyReleases })
    .from(secrecyReleases)
    .innerJoin(secrecyAlerts, eq(secrecyAlerts.id, secrecyReleases.alert))
    .where(and(isNull(secrecyReleases.withdrawnAt), sphere === 'house' ? undefined : oneOf(secrecyAlerts.unit, sphere)))
    .orderBy(desc(secrecyReleases.id))
    .limit(limit)
  return rows.map(({ release }) => release)
}

export async function releaseById(db: Db, id: number): Promise<Release | undefined> {
  const [row] = await db.select().from(secrecyReleases).where(eq(secrecyReleases.id, id))
  return row
}

/** False when it no longer stood. */
export async function withdrawRelease(db: Db, id: number, by: string, at: Date): Promise<boolean> {
  const rows = await db
    .update(secrecyReleases)
    .set({ withdrawnBy: by, withdrawnAt: at })
    .where(and(eq(secrecyReleases.id, id), isNull(secrecyReleases.withdrawnAt)))
    .returning()
  for (const after of rows)
    noteChanged(db, partOf(after), { before: { ...after, withdrawnBy: null, withdrawnAt: null }, after })
  return rows.length > 0
}
