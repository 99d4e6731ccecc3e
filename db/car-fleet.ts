import { and, asc, eq, inArray, ne, or, type SQL, sql } from 'drizzle-orm'
import { bigint, boolean, date, index, integer, pgTable, smallint, text, uniqueIndex } from 'drizzle-orm/pg-core'
import { Refusal } from '../src/kit/refusal.ts'
import type { Driver, Vehicle } from '../src/office/car/fleet.ts'
import type { Sphere } from '../src/office/car/keeper.ts'
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
import { noteChanged } from './changes.ts'
import type { Db } from './client.ts'
import { defined, nulled } from './nulls.ts'

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
    sealedUntil: date('sealed_until'),
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

/** Which vehicles: of whose units, in which state, of which category, and with which letters in the plate. */
export interface VehicleFilter {
  sphere: Sphere
  state?: VehicleState
  category?: Category
  plate?: string
}

const vehiclesThat = ({ sphere, state, category, plate }: VehicleFilter): SQL | undefined =>
  and(
    sphere === 'house' ? undefined : inArray(vehicles.unit, sphere.length ? [...sphere] : ['-']),
    state ? eq(vehicles.state, state) : ne(vehicles.state, 'retired'),
    category ? eq(vehicles.category, category) : undefined,
    plate ? sql`strpos(${vehicles.plate}, ${plate}) > 0` : undefined,
  )

/** A page of them, by plate; without a state those that are not given up. */
export async function vehiclesOf(db: Db, filter: VehicleFilter, limit: number, offset = 0): Promise<Vehicle[]> {
  const rows = await db
    .select()
    .from(vehicles)
    .where(vehiclesThat(filter))
    .orderBy(asc(vehicles.plate), asc(vehicles.id))
    .limit(limit)
    .offset(offset)
  return rows.map(asVehicle)
}

export async function countVehicles(db: Db, filter: VehicleFilter): Promise<number> {
  const [row] = await db
    .select({ n: sql`count(*)`.mapWith(Number) })
    .from(vehicles)
    .where(vehiclesThat(filter))
  return row?.n ?? 0
}

export async function vehiclesById(db: Db, ids: number[]): Promise<Vehicle[]> {
  if (!ids.length) return []
  const rows = await db.select().from(vehicles).where(inArray(vehicles.id, ids)).orderBy(asc(vehicles.plate))
  return rows.map(asVehicle)
}

export const NO_VEHICLE = '未找到该车辆'

/** Nobody else moves it until this transaction ends. @throws Refusal when there is none. */
export async function holdVehicle(db: Db, id: number): Promise<Vehicle> {
  const [row] = await db.select().from(vehicles).where(eq(vehicles.id, id)).for('update')
  if (!row) throw new Refusal(NO_VEHICLE)
  return asVehicle(row)
}

/** Several of them, by their ids. */
export async function holdVehicles(db: Db, ids: readonly number[]): Promise<Vehicle[]> {
  if (!ids.length) return []
  const rows = await db
    .select()
    .from(vehicles)
    .where(inArray(vehicles.id, [...ids]))
    .orderBy(asc(vehicles.id))
    .for('update')
  return rows.map(asVehicle)
}

/** Those that bear some plates now, by plate. */
export async function vehiclesPlated(db: Db, plates: string[]): Promise<Map<string, Vehicle>> {
  if (!plates.length) return new Map()
  const rows = await db
    .select()
    .from(vehicles)
    .where(and(inArray(vehicles.plate, plates), ne(vehicles.state, 'retired')))
  return new Map(rows.map(row => [row.plate, asVehicle(row)]))
}

/** @throws Refusal when another vehicle bears the plate. */
export async function openVehicle(db: Db, vehicle: Omit<Vehicle, 'id'>): Promise<Vehicle> {
  const [row] = await db.insert(vehicles).values(vehicleRow(vehicle)).onConflictDoNothing().returning()
  if (!row) throw new Refusal(`${vehicle.plate}已经登记,请在车辆列表中修改`)
  const opened = asVehicle(row)
  noteChanged(db, matterOf('vehicle', row.id), { before: undefined, after: opened })
  return opened
}

/** Saves over the revision that was read. */
export async function saveVehicle(db: Db, after: Omit<Vehicle, 'rev'>, before: Vehicle): Promise<void> {
  const saved = await db
    .update(vehicles)
    .set(vehicleRow({ ...after, rev: before.rev + 1 }))
    .where(and(eq(vehicles.id, after.id), eq(vehicles.rev, before.rev)))
    .returning({ id: vehicles.id })
  if (!saved.length) throw new Refusal('卡片已过期,请以最新卡片为准')
  noteChanged(db, matterOf('vehicle', after.id), { before, after: { ...after, rev: before.rev + 1 } })
}

/** Moves held vehicles into one state, however many they are, by one statement. */
export async function moveVehicles(
  db: Db,
  held: readonly Vehicle[],
  { state, sealedUntil }: Pick<Vehicle, 'state' | 'sealedUntil'>,
): Promise<void> {
  if (!held.length) return
  const ids = held.map(({ id }) => id)
  await db
    .update(vehicles)
    .set({ state, sealedUntil: sealedUntil ?? null, rev: sql`${vehicles.rev} + 1` })
    .where(inArray(vehicles.id, ids))
  for (const before of held)
    noteChanged(db, matterOf('vehicle', before.id), {
      before,
      after: { ...before, state, sealedUntil, rev: before.rev + 1 },
    })
}

const matterOf = (kind: 'vehicle' | 'driver', id: number) => ({ feature: 'car', matter: `${kind}/${id}` })

const vehicleRow = ({ id: _, ...kept }: Omit<Vehicle, 'id'> & { id?: number }) => nulled(kept)

/** A row as the rules know it. */
const asVehicle = (row: typeof vehicles.$inferSelect): Vehicle => defined(row)

/** A page of the roster, by name; without a state those who have not left. */
export async function driversOf(
  db: Db,
  { state, person }: { state?: DriverState; person?: string },
  limit: number,
  offset = 0,
): Promise<Driver[]> {
  const rows = await db
    .select()
    .from(drivers)
    .where(driversThat({ state, person }))
    .orderBy(asc(drivers.name), asc(drivers.id))
    .limit(limit)
    .offset(offset)
  return rows.map(asDriver)
}

const driversThat = ({ state, person }: { state?: DriverState | undefined; person?: string | undefined }) =>
  and(
    state ? eq(drivers.state, state) : ne(drivers.state, 'left'),
    person === undefined ? undefined : eq(drivers.person, person),
  )

export async function countDrivers(db: Db, filter: { state?: DriverState }): Promise<number> {
  const [row] = await db
    .select({ n: sql`count(*)`.mapWith(Number) })
    .from(drivers)
    .where(driversThat(filter))
  return row?.n ?? 0
}

export async function driversById(db: Db, ids: number[]): Promise<Driver[]> {
  if (!ids.length) return []
  const rows = await db.select().from(drivers).where(inArray(drivers.id, ids)).orderBy(asc(drivers.name))
  return rows.map(asDriver)
}

export const NO_DRIVER = '未找到该驾驶员'

/** Nobody else moves them until this transaction ends. @throws Refusal when there is none. */
export async function holdDriver(db: Db, id: number): Promise<Driver> {
  const [row] = await db.select().from(drivers).where(eq(drivers.id, id)).for('update')
  if (!row) throw new Refusal(NO_DRIVER)
  return asDriver(row)
}

/** Those on the roster who are somebody of the house, or bear one of some names. */
export async function driversAmong(db: Db, persons: string[], names: string[]): Promise<Driver[]> {
  const some = [
    ...(persons.length ? [inArray(drivers.person, persons)] : []),
    ...(names.length ? [inArray(drivers.name, names)] : []),
  ]
  if (!some.length) return []
  const rows = await db
    .select()
    .from(drivers)
    .where(and(ne(drivers.state, 'left'), or(...some)))
  return rows.map(asDriver)
}

/** @throws Refusal when the person is on the roster already. */
export async function openDriver(db: Db, driver: Omit<Driver, 'id'>): Promise<Driver> {
  const [row] = await db.insert(drivers).values(driverRow(driver)).onConflictDoNothing().returning()
  if (!row) throw new Refusal(`${driver.name}已经登记,请在驾驶员名册中修改`)
  const opened = asDriver(row)
  noteChanged(db, matterOf('driver', row.id), { before: undefined, after: opened })
  return opened
}

/** Saves over the revision that was read. */
export async function saveDriver(db: Db, after: Omit<Driver, 'rev'>, before: Driver): Promise<void> {
  const saved = await db
    .update(drivers)
    .set(driverRow({ ...after, rev: before.rev + 1 }))
    .where(and(eq(drivers.id, after.id), eq(drivers.rev, before.rev)))
    .returning({ id: drivers.id })
  if (!saved.length) throw new Refusal('卡片已过期,请以最新卡片为准')
  noteChanged(db, matterOf('driver', after.id), { before, after: { ...after, rev: before.rev + 1 } })
}

const driverRow = ({ id: _, ...kept }: Omit<Driver, 'id'> & { id?: number }) => nulled(kept)

/** A row as the rules know it. */
const asDriver = (row: typeof drivers.$inferSelect): Driver => defined(row)
