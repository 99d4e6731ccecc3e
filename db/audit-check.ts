import { desc, eq, sql } from 'drizzle-orm'
import { bigint, index, pgTable, text, timestamp } from 'drizzle-orm/pg-core'
import type { Fault } from '../src/office/audit/fault.ts'
import type { Db } from './client.ts'

/** A verification of the chain, asked for or of the night, and how far it has come. */
export const auditChecks = pgTable(
  'audit_checks',
  {
    id: bigint({ mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    /** Who asked for it; '' = the nightly one. */
    by: text('asked_by').notNull(),
    at: timestamp({ withTimezone: true, mode: 'date' }).notNull(),
    state: text({ enum: ['chain', 'strays', 'whole', 'broken'] }).notNull(),
    /** The entry after which it began: 0, the last of a verification that found everything whole, or the start of the chain. */
    from: bigint('from_seq', { mode: 'number' }).notNull(),
    /** The last entry that fits, and its hash. */
    seq: bigint({ mode: 'number' }).notNull(),
    hash: text().notNull(),
    firstAt: timestamp('first_at', { withTimezone: true, mode: 'date' }),
    lastAt: timestamp('last_at', { withTimezone: true, mode: 'date' }),
    /** Up to which event it was looked for ones without an entry. */
    event: bigint({ mode: 'number' }).notNull(),
    /** What does not fit, and where: the entry, and the event. */
    fault: text().$type<Fault>(),
    faultAt: bigint('fault_at', { mode: 'number' }),
    faultEvent: bigint('fault_event', { mode: 'number' }),
    endedAt: timestamp('ended_at', { withTimezone: true, mode: 'date' }),
    /** Ours, over what was found whole, so that nobody else can say so. */
    signature: text(),
  },
  // the one under way, and the last that found everything whole
  table => [index('audit_checks_state').on(table.state, table.id)],
)

export type Check = typeof auditChecks.$inferSelect

export async function beginCheck(db: Db, check: Pick<Check, 'by' | 'at' | 'from' | 'hash' | 'event'>): Promise<Check> {
  const [row] = await db
    .insert(auditChecks)
    .values({ ...check, seq: check.from, state: 'chain' })
    .returning()
  if (!row) throw new Error('no verification was begun')
  return row
}

export async function getCheck(db: Db, id: number): Promise<Check | undefined> {
  const [row] = await db.select().from(auditChecks).where(eq(auditChecks.id, id))
  return row
}

/** The verification that goes on, held until the transaction ends; undefined when there is none, or another process is at it. */
export async function takeOpenCheck(db: Db): Promise<Check | undefined> {
  const [row] = await db
    .select()
    .from(auditChecks)
    .where(sql`${auditChecks.state} in ('chain', 'strays')`)
    .orderBy(auditChecks.id)
    .limit(1)
    .for('update', { skipLocked: true })
  return row
}

export async function keepCheck(db: Db, { id, ...check }: Check): Promise<void> {
  await db.update(auditChecks).set(check).where(eq(auditChecks.id, id))
}

/** The last verification that found everything whole. */
export async function lastWhole(db: Db): Promise<Check | undefined> {
  const [row] = await db
    .select()
    .from(auditChecks)
    .where(eq(auditChecks.state, 'whole'))
    .orderBy(desc(auditChecks.id))
    .limit(1)
  return row
}

/** When the last one of the night began. */
export async function lastNightly(db: Db): Promise<Date | undefined> {
  const [row] = await db
    .select({ at: auditChecks.at })
    .from(auditChecks)
    .where(eq(auditChecks.by, ''))
    .orderBy(desc(auditChecks.id))
    .limit(1)
  return row?.at
}
