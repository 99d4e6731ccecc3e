import { sql } from 'drizzle-orm'
import {
  bigint,
  boolean,
  date,
  index,
  integer,
  jsonb,
  pgTable,
  text,
  timestamp,
  uniqueIndex,
} from 'drizzle-orm/pg-core'
import { COSTS, type CostKind } from '../src/office/car/terms.ts'
import { runs } from './car.ts'
import { vehicles } from './car-fleet.ts'

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
    state: text({ enum: ['requested', 'approved', 'refused', 'finished', 'cancelled'] }).notNull(),
    fault: text().notNull(),
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
    /** Let out before its time: with whose consent, and for what. */
    release: jsonb().$type<{ by: string; consentedBy: string; at: string; word: string }>(),
    endedAt: instant('ended_at'),
  },
  table => [uniqueIndex('car_seals_holiday').on(table.vehicle, table.from)],
)
