import { and, eq, lt } from 'drizzle-orm'
import { bigint, index, jsonb, pgTable, text, timestamp } from 'drizzle-orm/pg-core'
import { Refusal } from '../src/kit/refusal.ts'
import type { Batch, BatchRow } from '../src/office/car/batch.ts'
import type { Db } from './client.ts'

/** Vehicles or drivers handed in together, as they were read, until they are kept. */
export const carBatches = pgTable(
  'car_batches',
  {
    id: bigint({ mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    maker: text().notNull(),
    name: text().notNull(),
    kind: text({ enum: ['vehicle', 'driver'] }).notNull(),
    state: text({ enum: ['reading', 'open', 'kept', 'dropped'] }).notNull(),
    rows: jsonb().$type<BatchRow[]>().notNull(),
    remark: text().notNull(),
    movedAt: timestamp('moved_at', { withTimezone: true, mode: 'date' }).notNull(),
  },
  // somebody's old ones are forgotten
  table => [index('car_batches_maker').on(table.maker, table.movedAt)],
)

const KEPT_DAYS = 30

export async function openCarBatch(db: Db, batch: Omit<Batch, 'id'>): Promise<number> {
  const old = new Date(batch.movedAt.getTime() - KEPT_DAYS * 86_400_000)
  await db.delete(carBatches).where(and(eq(carBatches.maker, batch.maker), lt(carBatches.movedAt, old)))
  const [row] = await db.insert(carBatches).values(batch).returning({ id: carBatches.id })
  if (!row) throw new Error('a batch was not kept')
  return row.id
}

/** Nobody else moves it until this transaction ends. @throws Refusal when there is none. */
export async function holdCarBatch(db: Db, id: number): Promise<Batch> {
  const [row] = await db.select().from(carBatches).where(eq(carBatches.id, id)).for('update')
  if (!row) throw new Refusal('卡片已过期,请重新发送')
  return row
}

export async function keepCarBatch(db: Db, { id, ...batch }: Batch): Promise<void> {
  await db.update(carBatches).set(batch).where(eq(carBatches.id, id))
}
