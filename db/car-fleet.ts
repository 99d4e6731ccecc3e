import { sql } from 'drizzle-orm'
import { bigint, boolean, date, index, integer, pgTable, smallint, text, uniqueIndex } from 'drizzle-orm/pg-core'
import {
  CATEGORIES,
  type Category,
  DRIVER_STATES,
  type DriverState,
  FUELS,
  type Fuel,
  LICENCES,
  VEHICLE_STATES,
  type VehicleState,
} from '../src/office/car/terms.ts'

const words = <T extends string>(of: Record<T, unknown>) => Object.keys(of) as [T, ...T[]]

/** What changed, when and by whom stands in the events. */
export const vehicles = pgTable(
  'vehicles',
  {
    id: bigint({ mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    rev: integer().notNull(),
    state: text({ enum: words<VehicleState>(VEHICLE_STATES) }).notNull(),
    plate: text().notNull(),
    category: text({ enum: words<Category>(CATEGORIES) }).notNull(),
    model: text().notNull(),
    seats: smallint().notNull(),
    unit: text().notNull(),
    home: text().notNull(),
    fuel: text({ enum: words<Fuel>(FUELS) }).notNull(),
    licence: text({ enum: LICENCES }).notNull(),
    odometer: integer().notNull(),
    inspectionOn: date('inspection_on'),
    insuranceOn: date('insurance_on'),
    serviceOn: date('service_on'),
    serviceAt: integer('service_at'),
    onDuty: boolean('on_duty').notNull(),
    fuelCard: text('fuel_card').notNull(),
    remark: text().notNull(),
  },
  // a plate goes on to another car only after the first was given up
  table => [uniqueIndex('vehicles_plate').on(table.plate).where(sql`state <> 'retired'`)],
)

export const drivers = pgTable(
  'drivers',
  {
    id: bigint({ mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    rev: integer().notNull(),
    state: text({ enum: words<DriverState>(DRIVER_STATES) }).notNull(),
    name: text().notNull(),
    person: text(),
    phone: text().notNull(),
    licence: text({ enum: LICENCES }).notNull(),
    licenceUntil: date('licence_until').notNull(),
    trainedOn: date('trained_on'),
    remark: text().notNull(),
  },
  table => [
    uniqueIndex('drivers_person').on(table.person).where(sql`state <> 'left'`),
    // who presses 出车 and 回场
    index('drivers_name').on(table.name),
  ],
)
