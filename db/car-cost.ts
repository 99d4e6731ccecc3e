import { and, asc, desc, eq, gt, gte, inArray, isNull, lt, ne, or, type SQL, sql } from 'drizzle-orm'
import { bigint, boolean, date, index, integer, pgTable, text, timestamp } from 'drizzle-orm/pg-core'
import { Refusal } from '../src/kit/refusal.ts'
import type { Cost, CostRow } from '../src/office/car/cost.ts'
import type { LedgerSight } from '../src/office/car/ledger-sight.ts'
import { COSTS, type CostKind } from '../src/office/car/terms.ts'
import { RIDING } from './car.ts'
import { vehicles } from './car-fleet.ts'
import { drivenBy, runs } from './car-run.ts'
import { noteChanged } from './changes.ts'
import type { Db } from './client.ts'

const words = <T extends string>(of: Record<T, unknown>) => Object.keys(of) as [T, ...T[]]
const instant = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' })

/** What was spent on a vehicle (单车核算, 4.6). Entries are struck out, never deleted. */
export const carCosts = pgTable(
  'car_costs',
  {
    id: bigint({ mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    vehicle: bigint({ mode: 'number' })
      .notNull()
      .references(() => vehicles.id),
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

/** Undefined where the same form has entered it before. */
export async function enterCost(
  db: Db,
  cost: Omit<Cost, 'id' | 'struck'>,
  form: string | undefined,
): Promise<number | undefined> {
  const { run, amount, odometer } = cost
  const [row] = await db
    .insert(carCosts)
    .values({ ...cost, form: form ?? null, run: run ?? null, amount: amount ?? null, odometer: odometer ?? null })
    .onConflictDoNothing()
    .returning({ id: carCosts.id })
  if (row) noteChanged(db, matterOf(row.id), { before: undefined, after: cost })
  return row?.id
}

/** What was spent on a repair, for 单车核算. */
export async function addRepairCost(
  db: Db,
  of: { vehicle: number; on: string; cents: number; place: string; remark: string; by: string; at: Date },
): Promise<void> {
  await db.insert(carCosts).values({ ...of, kind: 'repair', fuelCard: '' })
}

const matterOf = (id: number) => ({ feature: 'car', matter: `cost/${id}` })

/** Strikes it out; of several who try at once one does. */
export async function strikeCost(db: Db, before: Cost, struck: NonNullable<Cost['struck']>): Promise<boolean> {
  const rows = await db
    .update(carCosts)
    .set({ struckBy: struck.by, struckAt: struck.at, struckWhy: struck.why })
    .where(and(eq(carCosts.id, before.id), isNull(carCosts.struckAt)))
    .returning({ id: carCosts.id })
  if (rows.length) noteChanged(db, matterOf(before.id), { before, after: { ...before, struck } })
  return rows.length > 0
}

export interface CostFilter {
  /** Days `YYYY-MM-DD`, the second no longer in it. */
  firstDay: string
  nextDay: string
  vehicle?: number
}

/** A cost in somebody's sight: of vehicles that they see, or that they spent or drove for. */
function costSeen({ house, units, own, person }: LedgerSight): SQL | undefined {
  if (house) return undefined
  return or(
    sql`false`,
    units.length ? inArray(vehicles.unit, [...units]) : undefined,
    own ? or(eq(carCosts.by, person), drivenBy(person)) : undefined,
  )
}

const matching = (sight: LedgerSight, { firstDay, nextDay, vehicle }: CostFilter): SQL | undefined =>
  and(
    gte(carCosts.on, firstDay),
    lt(carCosts.on, nextDay),
    vehicle ? eq(carCosts.vehicle, vehicle) : undefined,
    costSeen(sight),
  )

const joined = (db: Db) =>
  db
    .select({
      cost: carCosts,
      plate: vehicles.plate,
      year: sql<
        number | null
      >`(select number_year from trips one where one.run = ${carCosts.run} and one.state in ${RIDING} order by one.id limit 1)`,
      seq: sql<
        number | null
      >`(select number_seq from trips one where one.run = ${carCosts.run} and one.state in ${RIDING} order by one.id limit 1)`,
    })
    .from(carCosts)
    .innerJoin(vehicles, eq(carCosts.vehicle, vehicles.id))
    .leftJoin(runs, eq(carCosts.run, runs.id))

/** @throws Refusal when there is none in sight. */
export async function costSeenBy(db: Db, sight: LedgerSight, id: number): Promise<CostRow> {
  const [row] = await joined(db).where(and(eq(carCosts.id, id), costSeen(sight)))
  if (!row) throw new Refusal('未找到该笔费用')
  return rowOf(row)
}

/** A page of a month, the latest first, those struck out among them. */
export async function costPage(
  db: Db,
  sight: LedgerSight,
  filter: CostFilter,
  { limit, offset }: { limit: number; offset: number },
): Promise<CostRow[]> {
  const rows = await joined(db)
    .where(matching(sight, filter))
    .orderBy(desc(carCosts.on), desc(carCosts.id))
    .limit(limit)
    .offset(offset)
  return rows.map(rowOf)
}

/** The next ones after one, by day; without those struck out. */
export async function costsAfter(
  db: Db,
  sight: LedgerSight,
  filter: CostFilter,
  last: Pick<Cost, 'id' | 'on'> | undefined,
  limit: number,
): Promise<CostRow[]> {
  const beyond = last && or(gt(carCosts.on, last.on), and(eq(carCosts.on, last.on), gt(carCosts.id, last.id)))
  const rows = await joined(db)
    .where(and(matching(sight, filter), isNull(carCosts.struckAt), beyond))
    .orderBy(asc(carCosts.on), asc(carCosts.id))
    .limit(limit)
  return rows.map(rowOf)
}

export async function costSums(
  db: Db,
  sight: LedgerSight,
  filter: CostFilter,
): Promise<{ rows: number; cents: number }> {
  const [sums] = await db
    .select({
      rows: sql`count(*)`.mapWith(Number),
      cents: sql`coalesce(sum(${carCosts.cents}) filter (where ${carCosts.struckAt} is null), 0)`.mapWith(Number),
    })
    .from(carCosts)
    .innerJoin(vehicles, eq(carCosts.vehicle, vehicles.id))
    .leftJoin(runs, eq(carCosts.run, runs.id))
    .where(matching(sight, filter))
  return sums ?? { rows: 0, cents: 0 }
}

function rowOf({
  cost,
  plate,
  year,
  seq,
}: {
  cost: typeof carCosts.$inferSelect
  plate: string
  year: number | null
  seq: number | null
}): CostRow {
  const { struckBy, struckAt, struckWhy, form: _, run, amount, odometer, ...kept } = cost
  return {
    ...kept,
    plate,
    number: year !== null && seq !== null ? { year, seq } : undefined,
    run: run ?? undefined,
    amount: amount ?? undefined,
    odometer: odometer ?? undefined,
    struck: struckBy && struckAt ? { by: struckBy, at: struckAt, why: struckWhy ?? '' } : undefined,
  }
}

/** The odometer at the filling before. */
export async function fillingBefore(
  db: Db,
  { vehicle, kind, on, odometer }: Pick<Cost, 'vehicle' | 'kind' | 'on'> & { odometer: number },
): Promise<number | undefined> {
  const [row] = await db
    .select({ odometer: carCosts.odometer })
    .from(carCosts)
    .where(
      and(
        eq(carCosts.vehicle, vehicle),
        eq(carCosts.kind, kind),
        isNull(carCosts.struckAt),
        lt(carCosts.odometer, odometer),
        sql`${carCosts.on} <= ${on}`,
      ),
    )
    .orderBy(desc(carCosts.on), desc(carCosts.odometer))
    .limit(1)
  return row?.odometer ?? undefined
}

/** Another filling that may be the same one: of about the same day, on the same run or with the same sum or amount. */
export async function fillingLike(
  db: Db,
  {
    id,
    vehicle,
    run,
    kind,
    on,
    cents,
    amount,
  }: Pick<Cost, 'id' | 'vehicle' | 'run' | 'kind' | 'on' | 'cents' | 'amount'>,
): Promise<Pick<Cost, 'on' | 'cents' | 'amount'> | undefined> {
  const isNear = sql`${carCosts.on} between ${on}::date - 1 and ${on}::date + 1`
  const isAsMuch = or(eq(carCosts.cents, cents), amount === undefined ? undefined : eq(carCosts.amount, amount))
  const [row] = await db
    .select({ on: carCosts.on, cents: carCosts.cents, amount: carCosts.amount })
    .from(carCosts)
    .where(
      and(
        eq(carCosts.vehicle, vehicle),
        eq(carCosts.kind, kind),
        isNull(carCosts.struckAt),
        ne(carCosts.id, id),
        isNear,
        or(run === undefined ? undefined : eq(carCosts.run, run), isAsMuch),
      ),
    )
    .orderBy(desc(carCosts.id))
    .limit(1)
  return row && { ...row, amount: row.amount ?? undefined }
}
