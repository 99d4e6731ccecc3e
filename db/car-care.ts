import { and, asc, eq, gte, inArray, isNotNull, isNull, lt, ne, or, sql } from 'drizzle-orm'
import {
  bigint,
  boolean,
  date,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  timestamp,
  uniqueIndex,
} from 'drizzle-orm/pg-core'
import { Refusal } from '../src/kit/refusal.ts'
import { type Repair, type RepairState, repairFlow } from '../src/office/car/repair.ts'
import type { Release, Seal } from '../src/office/car/seal.ts'
import { COSTS, type CostKind } from '../src/office/car/terms.ts'
import { numberText, type RunState } from '../src/office/car/trip.ts'
import { insertRows } from './bulk.ts'
import { RIDING, trips } from './car.ts'
import { vehicles } from './car-fleet.ts'
import { runs } from './car-run.ts'
import { noteChanged } from './changes.ts'
import type { Db } from './client.ts'
import { defined, nulled } from './nulls.ts'

const words = <T extends string>(of: Record<T, unknown>) => Object.keys(of) as [T, ...T[]]
const instant = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' })
const vehicle = () =>
  bigint('vehicle', { mode: 'number' })
    .notNull()
    .references(() => vehicles.id)

/** What was spent on a vehicle (单车核算, 4.6). Entries are struck out, never deleted. */
export const carCosts = pgTable(
  'car_costs',
  {
    id: bigint({ mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    vehicle: vehicle(),
    run: bigint({ mode: 'number' }).references(() => runs.id),
    kind: text({ enum: words<CostKind>(COSTS) }).notNull(),
    on: date('spent_on').notNull(),
    cents: bigint({ mode: 'number' }).notNull(),
    /** Hundredths of a litre or of a kilowatt-hour. */
    amount: integer(),
    odometer: integer(),
    /** 定点单位. */
    place: text().notNull(),
    fuelCard: text('fuel_card').notNull(),
    cash: boolean().notNull().default(false),
    /** The message whose form it was entered by: pressed twice, it counts once. */
    form: text().unique(),
    remark: text().notNull(),
    by: text('entered_by').notNull(),
    at: instant('entered_at').notNull(),
    struckBy: text('struck_by'),
    struckAt: instant('struck_at'),
    struckWhy: text('struck_why'),
  },
  table => [
    // a vehicle's month, and its consumption of the last three
    index('car_costs_vehicle').on(table.vehicle, table.on),
    index('car_costs_run').on(table.run),
    // a month of all vehicles
    index('car_costs_month').on(table.on),
  ],
)

/** 维修 asked for, approved, done (CAR-38). */
export const carRepairs = pgTable(
  'car_repairs',
  {
    id: bigint({ mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    rev: integer().notNull(),
    vehicle: vehicle(),
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

/** A vehicle put away over a holiday (封存): where it stands, and who has its keys (CAR-18). */
export const carSeals = pgTable(
  'car_seals',
  {
    id: bigint({ mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    vehicle: vehicle(),
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

/** What was said of something that runs out, once for each step; `told_on` = the morning whose card tells it. */
export const carReminders = pgTable(
  'car_reminders',
  {
    /** `vehicle/7`, `driver/3`, `seal/2027-01-01`. */
    matter: text().notNull(),
    what: text().notNull(),
    /** What it is due by: another one after a renewal. */
    by: text('due_by').notNull(),
    step: text().notNull(),
    toldOn: date('told_on').notNull(),
  },
  table => [
    primaryKey({ columns: [table.matter, table.what, table.by, table.step] }),
    // what this morning's cards tell
    index('car_reminders_day').on(table.toldOn),
  ],
)

/** A vehicle's runs that are planned or out, or of a span that is over, with the numbers of the trips that ride in them. */
export interface Outing {
  run: number
  vehicle: number
  driver: number | undefined
  state: RunState
  startsAt: Date
  endsAt: Date
  departedAt: Date | undefined
  returnedAt: Date | undefined
  /** Driven; undefined while it is out. */
  kilometres: number | undefined
  numbers: string[]
}

const MOST_OUTINGS = 500

interface OutingsWanted {
  vehicles?: number[]
  drivers?: number[]
  states?: Array<'planned' | 'out'>
}

/** What is planned or out from an instant on, of some vehicles or of some drivers. */
export const openOutings = (
  db: Db,
  { vehicles: cars = [], drivers: people = [], states }: OutingsWanted,
): Promise<Outing[]> =>
  outingsThat(
    db,
    and(
      inArray(runs.state, states ?? ['planned', 'out']),
      or(
        cars.length ? inArray(runs.vehicle, cars) : sql`false`,
        people.length ? inArray(runs.driver, people) : sql`false`,
      ),
    ),
  )

/** Who was out between two instants. */
export const outingsBetween = (db: Db, from: Date, until: Date): Promise<Outing[]> =>
  outingsThat(
    db,
    and(
      inArray(runs.state, ['out', 'back']),
      lt(runs.departedAt, until),
      or(isNull(runs.returnedAt), gte(runs.returnedAt, from)),
    ),
  )

async function outingsThat(db: Db, where: ReturnType<typeof and>): Promise<Outing[]> {
  const rows = await db
    .select({
      run: runs,
      numbers: sql<Array<[number, number]>>`(
        select coalesce(json_agg(json_build_array(${trips.numberYear}, ${trips.numberSeq}) order by ${trips.id}), '[]')
        from ${trips} where ${trips.run} = ${runs.id} and ${inArray(trips.state, RIDING)} and ${trips.numberSeq} is not null)`,
    })
    .from(runs)
    .where(where)
    .orderBy(asc(runs.startsAt), asc(runs.id))
    .limit(MOST_OUTINGS)
  return rows.map(({ run, numbers }) => ({
    run: run.id,
    vehicle: run.vehicle,
    driver: run.driver ?? undefined,
    state: run.state,
    startsAt: run.startsAt,
    endsAt: run.endsAt,
    departedAt: run.departedAt ?? undefined,
    returnedAt: run.returnedAt ?? undefined,
    kilometres: run.odometerIn !== null && run.odometerOut !== null ? run.odometerIn - run.odometerOut : undefined,
    numbers: numbers.map(([year, seq]) => numberText({ year, seq })),
  }))
}

/** Whether a vehicle has ever gone out, so that its odometer is known by more than what was typed. */
export async function hasGoneOut(db: Db, vehicle: number): Promise<boolean> {
  const [row] = await db
    .select({ id: runs.id })
    .from(runs)
    .where(and(eq(runs.vehicle, vehicle), inArray(runs.state, ['out', 'back'])))
    .limit(1)
  return row !== undefined
}

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

/** What was spent on a repair, for 单车核算. */
export async function addRepairCost(
  db: Db,
  of: { vehicle: number; on: string; cents: number; place: string; remark: string; by: string; at: Date },
): Promise<void> {
  await db.insert(carCosts).values({ ...of, kind: 'repair', fuelCard: '' })
}

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
  const cars = seals.map(({ vehicle }) => vehicle)
  const ended = await endedOf(db, from, cars)
  const rows = seals.map(seal => ({
    ...{ ...seal, from, endedAt: null },
    releases: [...(ended.get(seal.vehicle) ?? []), ...seal.releases],
  }))
  const kept = ['holiday', 'until_on', 'place', 'keys_with', 'sealed_by', 'sealed_at', 'release', 'ended_at']
  const set = sql.raw(kept.map(name => `${name} = excluded.${name}`).join(', '))
  await insertRows(db, carSeals, rows, sql`on conflict (vehicle, from_on) do update set ${set}`)
}

/** Seals of the same holiday that have ended give up their places; answers whom they were opened for, for those that succeed them. */
async function endedOf(db: Db, from: string, cars: number[], id = 0): Promise<Map<number, Release[]>> {
  if (!cars.length) return new Map()
  const ended = await db
    .delete(carSeals)
    .where(
      and(inArray(carSeals.vehicle, cars), eq(carSeals.from, from), isNotNull(carSeals.endedAt), ne(carSeals.id, id)),
    )
    .returning()
  return new Map(
    ended.map(({ vehicle: car, endedAt, releases }) => [
      car,
      (releases ?? []).map(one => ({ backAt: endedAt?.toISOString(), ...one })),
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

/** Also where the calendar has moved it to the days of one that has ended. */
export async function keepSeal(db: Db, before: Seal, seal: Seal): Promise<void> {
  const { id, holiday, from, until, endedAt } = seal
  const ended = await endedOf(db, from, [seal.vehicle], id)
  const releases = [...(ended.get(seal.vehicle) ?? []), ...seal.releases]
  await db
    .update(carSeals)
    .set({ holiday, from, until, releases, endedAt: endedAt ?? null })
    .where(eq(carSeals.id, id))
  noteChanged(db, partOf(before), { before, after: { ...seal, releases } })
}

const asSeal = (row: typeof carSeals.$inferSelect): Seal => ({ ...defined(row), releases: row.releases ?? [] })

export type Reminded = typeof carReminders.$inferSelect

/** Notes what is said for the first time; answers what that is. */
export async function noteReminders(db: Db, some: Reminded[]): Promise<Reminded[]> {
  if (!some.length) return []
  return db.insert(carReminders).values(some).onConflictDoNothing().returning()
}

/** What this morning's cards tell. */
export async function remindedOn(db: Db, day: string): Promise<Reminded[]> {
  return db.select().from(carReminders).where(eq(carReminders.toldOn, day)).limit(2_000)
}
