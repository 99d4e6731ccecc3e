import { asc, eq, inArray, isNull, sql } from 'drizzle-orm'
import { bigint, date, index, jsonb, pgTable, text, timestamp, uniqueIndex } from 'drizzle-orm/pg-core'
import { Refusal } from '../src/kit/refusal.ts'
import type { Release, Seal } from '../src/office/car/seal.ts'
import { insertRows } from './bulk.ts'
import { vehicles } from './car-fleet.ts'
import { noteChanged } from './changes.ts'
import { type Db, rowsOf } from './client.ts'
import { defined } from './nulls.ts'

const instant = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' })

/** A vehicle put away over a holiday (封存): where it stands, and who has its keys (CAR-18). */
export const carSeals = pgTable(
  'car_seals',
  {
    id: bigint({ mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    vehicle: bigint({ mode: 'number' })
      .notNull()
      .references(() => vehicles.id),
    holiday: text().notNull(),
    from: date('from_on').notNull(),
    until: date('until_on').notNull(),
    place: text().notNull(),
    keysWith: text('keys_with').notNull(),
    sealedBy: text('sealed_by').notNull(),
    sealedAt: instant('sealed_at').notNull(),
    /** Let out before its time: with whose consent, and for what; one after another. */
    releases: jsonb('release').$type<Release[]>(),
    endedAt: instant('ended_at'),
  },
  table => [
    uniqueIndex('car_seals_holiday').on(table.vehicle, table.from),
    // what is put away now
    index('car_seals_open').on(table.vehicle).where(sql`ended_at is null`),
  ],
)

/** Seals that stand now. */
export async function openSeals(db: Db): Promise<Seal[]> {
  const rows = await db.select().from(carSeals).where(isNull(carSeals.endedAt)).orderBy(asc(carSeals.id))
  return rows.map(asSeal)
}

/** Seals of the holiday that begins on a day. */
export async function sealsFrom(db: Db, from: string): Promise<Seal[]> {
  const rows = await db.select().from(carSeals).where(eq(carSeals.from, from)).orderBy(asc(carSeals.id))
  return rows.map(asSeal)
}

/** Puts vehicles away for one holiday, however many they are; one that was put away for it before is put away again. */
export async function putAway(db: Db, from: string, seals: ReadonlyArray<Omit<Seal, 'id' | 'from'>>): Promise<void> {
  const ended = await endedThere(
    db,
    seals.map(({ vehicle }) => ({ id: 0, vehicle, from })),
  )
  const rows = seals.map(seal => ({
    ...{ ...seal, from, endedAt: null },
    releases: [...(ended.get(seal.vehicle) ?? []), ...seal.releases],
  }))
  const kept = ['holiday', 'until_on', 'place', 'keys_with', 'sealed_by', 'sealed_at', 'release', 'ended_at']
  const set = sql.raw(kept.map(name => `${name} = excluded.${name}`).join(', '))
  await insertRows(db, carSeals, rows, sql`on conflict (vehicle, from_on) do update set ${set}`)
}

/**
 * Seals that have ended give up their places to others of the same vehicle and holiday; answers whom they were opened for, by vehicle,
 * for those that succeed them.
 */
async function endedThere(
  db: Db,
  places: ReadonlyArray<Pick<Seal, 'id' | 'vehicle' | 'from'>>,
): Promise<Map<number, Release[]>> {
  const wanted = JSON.stringify(places.map(({ id, vehicle, from }) => ({ id, vehicle, from_on: from })))
  const ended = await rowsOf<{ vehicle: string | number; ended_at: string | Date; release: Release[] | null }>(
    db.execute(sql`
      delete from car_seals s using json_populate_recordset(null::car_seals, ${wanted}::json) w
      where s.vehicle = w.vehicle and s.from_on = w.from_on and s.id <> w.id and s.ended_at is not null
      returning s.vehicle, s.ended_at, s.release`),
  )
  return new Map(
    ended.map(one => [
      Number(one.vehicle),
      (one.release ?? []).map(release => ({ backAt: new Date(one.ended_at).toISOString(), ...release })),
    ]),
  )
}

/** Nobody else moves it until this transaction ends. @throws Refusal when there is none. */
export async function holdSeal(db: Db, id: number): Promise<Seal> {
  const [row] = await db.select().from(carSeals).where(eq(carSeals.id, id)).for('update')
  if (!row) throw new Refusal('未找到该封存记录')
  return asSeal(row)
}

/** Several of them, by their ids. */
export async function holdSeals(db: Db, ids: readonly number[]): Promise<Seal[]> {
  if (!ids.length) return []
  const rows = await db
    .select()
    .from(carSeals)
    .where(inArray(carSeals.id, [...ids]))
    .orderBy(asc(carSeals.id))
    .for('update')
  return rows.map(asSeal)
}

/** Ends held seals, however many they are, by one statement. */
export async function endSeals(db: Db, held: readonly Seal[], endedAt: Date): Promise<void> {
  if (!held.length) return
  const ids = held.map(({ id }) => id)
  await db.update(carSeals).set({ endedAt }).where(inArray(carSeals.id, ids))
  for (const before of held) noteChanged(db, partOf(before), { before, after: { ...before, endedAt } })
}

/** It is part of its vehicle. */
const partOf = ({ id, vehicle: car }: Pick<Seal, 'id' | 'vehicle'>) => ({
  feature: 'car',
  matter: `vehicle/${car}`,
  part: `seal/${id}`,
})

/** A seal that stands, and what it becomes. */
export interface KeptSeal {
  before: Seal
  after: Seal
}

/** However many they are, by two statements; also where the calendar has moved them to the days of some that have ended. */
export async function keepSeals(db: Db, some: readonly KeptSeal[]): Promise<void> {
  if (!some.length) return
  const ended = await endedThere(
    db,
    some.map(({ after }) => after),
  )
  const kept = some.map(({ before, after }) => ({
    before,
    after: { ...after, releases: [...(ended.get(after.vehicle) ?? []), ...after.releases] },
  }))
  const rows = kept.map(({ after: { id, holiday, from, until, releases } }) => ({
    ...{ id, holiday, from_on: from, until_on: until, release: releases },
  }))
  await db.execute(sql`
    update car_seals s set holiday = k.holiday, from_on = k.from_on, until_on = k.until_on, release = k.release
    from json_populate_recordset(null::car_seals, ${JSON.stringify(rows)}::json) k where s.id = k.id`)
  for (const { before, after } of kept) noteChanged(db, partOf(before), { before, after })
}

const asSeal = (row: typeof carSeals.$inferSelect): Seal => ({ ...defined(row), releases: row.releases ?? [] })
