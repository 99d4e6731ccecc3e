import { and, eq, lt } from 'drizzle-orm'
import { bigint, index, jsonb, pgTable, text, timestamp } from 'drizzle-orm/pg-core'
import { Refusal } from '../src/kit/refusal.ts'
import type { Batch, Row } from '../src/office/task/batch.ts'
import type { Wish } from '../src/office/task/task.ts'
import type { Db } from './client.ts'

/** Tasks handed in together, as they were understood, until they are drafts. */
export const taskBatches = pgTable(
  'task_batches',
  {
    id: bigint({ mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    maker: text().notNull(),
    /** Where it was handed in: whoever is there is meant first where a name is shared. */
    chat: text().notNull(),
    name: text().notNull(),
    state: text({ enum: ['reading', 'open', 'drafted', 'dropped'] }).notNull(),
    rows: jsonb().$type<StoredRow[]>().notNull(),
    remark: text().notNull(),
    movedAt: timestamp('moved_at', { withTimezone: true, mode: 'date' }).notNull(),
  },
  // somebody's old ones are forgotten
  table => [index('task_batches_maker').on(table.maker, table.movedAt)],
)

type Instant = 'dueAt' | 'dueSaidAt' | 'assistDueAt'
/** JSON has no dates. */
type StoredRow = Omit<Row, 'wish' | 'task'> & {
  /** Without 联系电话 where it was kept before there was one. */
  wish: (Omit<Wish, Instant | 'phone'> & Partial<Pick<Wish, 'phone'>> & Record<Instant, string | null>) | null
  task: number | null
}

const KEPT_DAYS = 30

export async function openBatch(db: Db, batch: Omit<Batch, 'id'> & { chat: string }): Promise<number> {
  const old = new Date(batch.movedAt.getTime() - KEPT_DAYS * 86_400_000)
  await db.delete(taskBatches).where(and(eq(taskBatches.maker, batch.maker), lt(taskBatches.movedAt, old)))
  const [row] = await db
    .insert(taskBatches)
    .values({ ...batch, rows: batch.rows.map(stored) })
    .returning({ id: taskBatches.id })
  if (!row) throw new Error('a batch was not kept')
  return row.id
}

/** Nobody else moves it until this transaction ends. @throws Refusal when there is none. */
export async function holdBatch(db: Db, id: number): Promise<Batch & { chat: string }> {
  const [row] = await db.select().from(taskBatches).where(eq(taskBatches.id, id)).for('update')
  if (!row) throw new Refusal('卡片已过期,请重新发送')
  return { ...row, rows: row.rows.map(restored) }
}

export async function keepBatch(db: Db, { id, state, rows, remark, movedAt }: Batch): Promise<void> {
  await db
    .update(taskBatches)
    .set({ state, rows: rows.map(stored), remark, movedAt })
    .where(eq(taskBatches.id, id))
}

const stored = ({ wish, task, ...row }: Row): StoredRow => ({
  ...row,
  task: task ?? null,
  wish: wish
    ? {
        ...wish,
        dueAt: wish.dueAt?.toISOString() ?? null,
        dueSaidAt: wish.dueSaidAt?.toISOString() ?? null,
        assistDueAt: wish.assistDueAt?.toISOString() ?? null,
      }
    : null,
})

const restored = ({ wish, task, ...row }: StoredRow): Row => ({
  ...row,
  task: task ?? undefined,
  wish: wish
    ? {
        ...wish,
        phone: wish.phone ?? '',
        dueAt: instant(wish.dueAt),
        dueSaidAt: instant(wish.dueSaidAt),
        assistDueAt: instant(wish.assistDueAt),
      }
    : undefined,
})

const instant = (at: string | null): Date | undefined => (at ? new Date(at) : undefined)
