import { and, asc, eq, inArray, sql } from 'drizzle-orm'
import { bigint, boolean, index, integer, pgTable, text, timestamp } from 'drizzle-orm/pg-core'
import { Refusal } from '../src/kit/refusal.ts'
import { type Repair, type RepairState, repairFlow } from '../src/office/car/repair.ts'
import { vehicles } from './car-fleet.ts'
import { noteChanged } from './changes.ts'
import type { Db } from './client.ts'
import { defined, nulled } from './nulls.ts'

const words = <T extends string>(of: Record<T, unknown>) => Object.keys(of) as [T, ...T[]]
const instant = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' })

/** 维修 asked for, approved, done (CAR-38). */
export const carRepairs = pgTable(
  'car_repairs',
  {
    id: bigint({ mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    rev: integer().notNull(),
    vehicle: bigint({ mode: 'number' })
      .notNull()
      .references(() => vehicles.id),
    state: text({ enum: words<RepairState>(repairFlow.states) }).notNull(),
    fault: text().notNull(),
    /** The vehicle stands still until it is done. */
    stops: boolean().notNull().default(false),
    place: text().notNull(),
    estimate: bigint({ mode: 'number' }),
    cost: bigint({ mode: 'number' }),
    askedBy: text('asked_by').notNull(),
    askedAt: instant('asked_at').notNull(),
    decidedBy: text('decided_by'),
    decidedFor: text('decided_for'),
    decidedAt: instant('decided_at'),
    word: text().notNull(),
    finishedAt: instant('finished_at'),
  },
  table => [
    index('car_repairs_vehicle').on(table.vehicle, table.id),
    index('car_repairs_open').on(table.state).where(sql`state in ('requested', 'approved')`),
  ],
)

export const NO_REPAIR = '未找到该报修单'

export async function openRepair(db: Db, repair: Omit<Repair, 'id'>): Promise<Repair> {
  const [row] = await db.insert(carRepairs).values(repairRow(repair)).returning()
  if (!row) throw new Error('a repair was not kept')
  const opened = asRepair(row)
  noteChanged(db, matterOf(opened), { before: undefined, after: opened })
  return opened
}

const matterOf = ({ id }: Pick<Repair, 'id'>) => ({ feature: 'car', matter: `repair/${id}` })

/** @throws Refusal when there is none. */
export async function getRepair(db: Db, id: number): Promise<Repair> {
  const [row] = await db.select().from(carRepairs).where(eq(carRepairs.id, id))
  if (!row) throw new Refusal(NO_REPAIR)
  return asRepair(row)
}

/** Saves over the revision that was read. */
export async function saveRepair(db: Db, before: Repair, after: Repair): Promise<void> {
  const saved = await db
    .update(carRepairs)
    .set(repairRow({ ...after, rev: before.rev + 1 }))
    .where(and(eq(carRepairs.id, before.id), eq(carRepairs.rev, before.rev)))
    .returning({ id: carRepairs.id })
  if (!saved.length) throw new Refusal('卡片已过期,请以最新卡片为准')
  noteChanged(db, matterOf(before), { before, after: { ...after, rev: before.rev + 1 } })
}

/** What waits for approval or for being done, the oldest first. */
export async function openRepairs(db: Db, limit: number, vehicle?: number): Promise<Repair[]> {
  const rows = await db
    .select()
    .from(carRepairs)
    .where(
      and(
        inArray(carRepairs.state, ['requested', 'approved']),
        vehicle === undefined ? undefined : eq(carRepairs.vehicle, vehicle),
      ),
    )
    .orderBy(asc(carRepairs.id))
    .limit(limit)
  return rows.map(asRepair)
}

/** The same of some vehicles. */
export async function repairsOf(db: Db, cars: readonly number[]): Promise<Repair[]> {
  if (!cars.length) return []
  const rows = await db
    .select()
    .from(carRepairs)
    .where(and(inArray(carRepairs.state, ['requested', 'approved']), inArray(carRepairs.vehicle, [...cars])))
    .orderBy(asc(carRepairs.id))
  return rows.map(asRepair)
}

const repairRow = ({ id: _, ...kept }: Omit<Repair, 'id'> & { id?: number }) => nulled(kept)
const asRepair = (row: typeof carRepairs.$inferSelect): Repair => defined(row)
