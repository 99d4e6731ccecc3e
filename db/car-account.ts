import { and, asc, desc, eq, gt, gte, inArray, isNotNull, isNull, lt, ne, or, type SQL, sql } from 'drizzle-orm'
import type { Account } from '../src/office/car/accounts.ts'
import type { TripState } from '../src/office/car/flow.ts'
import type { LedgerRow } from '../src/office/car/ledger.ts'
import type { LedgerSight } from '../src/office/car/ledger-sight.ts'
import type { CostKind } from '../src/office/car/terms.ts'
import { LIMITS } from '../src/office/car/trip.ts'
import { RIDING, trips } from './car.ts'
import { carCosts } from './car-cost.ts'
import { drivers, vehicles } from './car-fleet.ts'
import { drivenBy, runs } from './car-run.ts'
import type { Db } from './client.ts'

export interface Span {
  from: Date
  until: Date
}

/** Which rows of the ledger are wanted. */
export interface LedgerFilter extends Span {
  vehicle?: number
  driver?: number
  state?: TripState
  unit?: string
}

/** A trip in somebody's sight: by the unit of its vehicle or applicant, or because they drove it. */
function tripSeen({ house, units, own, person }: LedgerSight): SQL | undefined {
  if (house) return undefined
  return or(
    sql`false`,
    units.length ? or(inArray(vehicles.unit, [...units]), inArray(trips.unit, [...units])) : undefined,
    own ? drivenBy(person) : undefined,
  )
}

const matching = (sight: LedgerSight, { from, until, vehicle, driver, state, unit }: LedgerFilter): SQL | undefined =>
  and(
    isNotNull(trips.numberSeq),
    gte(trips.startsAt, from),
    lt(trips.startsAt, until),
    vehicle ? eq(runs.vehicle, vehicle) : undefined,
    driver ? eq(runs.driver, driver) : undefined,
    state ? eq(trips.state, state) : undefined,
    unit ? eq(trips.unit, unit) : undefined,
    tripSeen(sight),
  )

const ROW = {
  trip: trips,
  run: runs,
  plate: vehicles.plate,
  driver: drivers.name,
  riding: sql`(select count(*) from trips other where other.run = ${runs.id} and other.state in ${RIDING})`.mapWith(
    Number,
  ),
}

const DAY_MS = 86_400_000

/** The run that carries a trip of a span: it begins with the first of those that it carries. Said so that years are not read. */
const carrying = ({ from, until }: Span): SQL | undefined =>
  and(
    eq(trips.run, runs.id),
    inArray(trips.state, RIDING),
    ne(runs.state, 'void'),
    gte(runs.startsAt, new Date(from.getTime() - LIMITS.days * DAY_MS)),
    lt(runs.startsAt, new Date(until.getTime() + LIMITS.days * DAY_MS)),
  )

const joined = (db: Db, span: Span) =>
  db
    .select(ROW)
    .from(trips)
    .leftJoin(runs, carrying(span))
    .leftJoin(vehicles, eq(runs.vehicle, vehicles.id))
    .leftJoin(drivers, eq(runs.driver, drivers.id))

/** A page of the ledger, the latest departures first. */
export async function ledgerPage(
  db: Db,
  sight: LedgerSight,
  filter: LedgerFilter,
  { limit, offset }: { limit: number; offset: number },
): Promise<LedgerRow[]> {
  const found = await joined(db, filter)
    .where(matching(sight, filter))
    .orderBy(desc(trips.startsAt), desc(trips.id))
    .limit(limit)
    .offset(offset)
  return found.map(rowOf)
}

/** The next ones after a row, in the order of departure. */
export async function ledgerAfter(
  db: Db,
  sight: LedgerSight,
  filter: LedgerFilter,
  last: Pick<LedgerRow, 'id' | 'startsAt'> | undefined,
  limit: number,
): Promise<LedgerRow[]> {
  const beyond =
    last && or(gt(trips.startsAt, last.startsAt), and(eq(trips.startsAt, last.startsAt), gt(trips.id, last.id)))
  const found = await joined(db, filter)
    .where(and(matching(sight, filter), beyond))
    .orderBy(asc(trips.startsAt), asc(trips.id))
    .limit(limit)
  return found.map(rowOf)
}

/** How many rows match; the kilometres are those of their runs, each counted once. */
export async function ledgerSums(
  db: Db,
  sight: LedgerSight,
  filter: LedgerFilter,
): Promise<{ trips: number; runs: number; km: number }> {
  const perRun = db
    .select({
      km: sql<number | null>`max(${runs.odometerIn} - ${runs.odometerOut})`.as('km'),
      went: sql<boolean>`coalesce(bool_or(${runs.state} in ('out', 'back')), false)`.as('went'),
      trips: sql<number>`count(*)`.as('trips'),
    })
    .from(trips)
    .leftJoin(runs, carrying(filter))
    .leftJoin(vehicles, eq(runs.vehicle, vehicles.id))
    .where(matching(sight, filter))
    .groupBy(runs.id)
    .as('per_run')
  const [sums] = await db
    .select({
      trips: sql`coalesce(sum(${perRun.trips}), 0)`.mapWith(Number),
      runs: sql`count(*) filter (where ${perRun.went})`.mapWith(Number),
      km: sql`coalesce(sum(${perRun.km}), 0)`.mapWith(Number),
    })
    .from(perRun)
  return sums ?? { trips: 0, runs: 0, km: 0 }
}

function rowOf({
  trip,
  run,
  plate,
  driver,
  riding,
}: {
  trip: typeof trips.$inferSelect
  run: typeof runs.$inferSelect | null
  plate: string | null
  driver: string | null
  riding: number
}): LedgerRow {
  const { numberYear: year, numberSeq: seq } = trip
  return {
    ...trip,
    number: year !== null && seq !== null ? { year, seq } : undefined,
    run: run
      ? {
          id: run.id,
          plate: plate ?? '',
          driver: driver ?? undefined,
          pilot: run.pilot ?? undefined,
          departedAt: run.departedAt ?? undefined,
          returnedAt: run.returnedAt ?? undefined,
          odometerOut: run.odometerOut ?? undefined,
          odometerIn: run.odometerIn ?? undefined,
          parkedAt: run.parkedAt,
          trips: riding,
        }
      : undefined,
  }
}

/** Vehicles in somebody's sight, also those given up since; who only drives sees none as a whole. */
const vehicleSeen = ({ house, units }: Pick<LedgerSight, 'house' | 'units'>): SQL | undefined =>
  house ? undefined : units.length ? inArray(vehicles.unit, [...units]) : sql`false`

/** 单车核算: what ran and what was spent in a span, by vehicle; those without either are left out unless they are still kept. */
export async function accountsOf(
  db: Db,
  sight: Pick<LedgerSight, 'house' | 'units'>,
  span: { from: Date; until: Date; firstDay: string; nextDay: string },
  vehicle?: number,
): Promise<Account[]> {
  const only = vehicle ? eq(vehicles.id, vehicle) : undefined
  const driven = db
    .select({
      vehicle: runs.vehicle,
      runs: sql`count(*)`.mapWith(Number).as('runs'),
      km: sql`coalesce(sum(${runs.odometerIn} - ${runs.odometerOut}), 0)`.mapWith(Number).as('km'),
    })
    .from(runs)
    .where(
      and(
        gte(runs.startsAt, span.from),
        lt(runs.startsAt, span.until),
        inArray(runs.state, ['out', 'back']),
        vehicle ? eq(runs.vehicle, vehicle) : undefined,
      ),
    )
    .groupBy(runs.vehicle)
  const spent = db
    .select({
      vehicle: carCosts.vehicle,
      kind: carCosts.kind,
      cents: sql`sum(${carCosts.cents})`.mapWith(Number),
      amount: sql`coalesce(sum(${carCosts.amount}), 0)`.mapWith(Number),
    })
    .from(carCosts)
    .where(
      and(
        gte(carCosts.on, span.firstDay),
        lt(carCosts.on, span.nextDay),
        isNull(carCosts.struckAt),
        vehicle ? eq(carCosts.vehicle, vehicle) : undefined,
      ),
    )
    .groupBy(carCosts.vehicle, carCosts.kind)
  const [kept, ran, costs] = await Promise.all([
    db
      .select({ id: vehicles.id, plate: vehicles.plate, fuel: vehicles.fuel, state: vehicles.state })
      .from(vehicles)
      .where(and(vehicleSeen(sight), only))
      .orderBy(vehicles.plate, vehicles.id),
    driven,
    spent,
  ])
  return accountsFrom(kept, new Map(ran.map(one => [one.vehicle, one])), grouped(costs))
}

interface Spent {
  vehicle: number
  kind: CostKind
  cents: number
  amount: number
}

function grouped(costs: Spent[]): Map<number, Spent[]> {
  const by = new Map<number, Spent[]>()
  for (const cost of costs) by.set(cost.vehicle, [...(by.get(cost.vehicle) ?? []), cost])
  return by
}

function accountsFrom(
  kept: Array<Pick<typeof vehicles.$inferSelect, 'id' | 'plate' | 'fuel' | 'state'>>,
  ran: Map<number, { runs: number; km: number }>,
  costs: Map<number, Spent[]>,
): Account[] {
  return kept
    .filter(({ id, state }) => state !== 'retired' || ran.has(id) || costs.has(id))
    .map(({ id, plate, fuel }) => {
      const own = costs.get(id) ?? []
      const amountOf = (kind: CostKind) => own.find(one => one.kind === kind)?.amount ?? 0
      return {
        vehicle: id,
        plate,
        fuel,
        runs: ran.get(id)?.runs ?? 0,
        km: ran.get(id)?.km ?? 0,
        cents: Object.fromEntries(own.map(one => [one.kind, one.cents])),
        litres: amountOf('fuel'),
        kwh: amountOf('charge'),
      }
    })
}

/** On which days somebody used which car in a span: what CAR-15 looks at. Only those who used one on `least` days or more. */
export async function daysUsed(
  db: Db,
  span: Span,
  least: number,
): Promise<Array<{ person: string; vehicle: number; plate: string; unit: string; days: string[] }>> {
  const day = sql`to_char(${trips.startsAt} at time zone 'Asia/Shanghai', 'YYYY-MM-DD')`
  const rows = await db
    .select({
      person: trips.user,
      vehicle: runs.vehicle,
      plate: vehicles.plate,
      unit: vehicles.unit,
      days: sql<string>`string_agg(distinct ${day}, ',')`,
    })
    .from(trips)
    .innerJoin(runs, carrying(span))
    .innerJoin(vehicles, eq(runs.vehicle, vehicles.id))
    .where(and(gte(trips.startsAt, span.from), lt(trips.startsAt, span.until), inArray(runs.state, ['out', 'back'])))
    .groupBy(trips.user, runs.vehicle, vehicles.plate, vehicles.unit)
    .having(sql`count(distinct ${day}) >= ${least}`)
    .orderBy(vehicles.plate)
  return rows.map(({ days, ...row }) => ({ ...row, days: days.split(',') }))
}

/** Vehicles to choose from, by plate. */
export async function vehicleOptions(
  db: Db,
  sight: Pick<LedgerSight, 'house' | 'units'>,
  limit: number,
): Promise<Array<{ id: number; plate: string }>> {
  return db
    .select({ id: vehicles.id, plate: vehicles.plate })
    .from(vehicles)
    .where(and(vehicleSeen(sight), ne(vehicles.state, 'retired')))
    .orderBy(vehicles.plate)
    .limit(limit)
}

export async function driverOptions(db: Db, limit: number): Promise<Array<{ id: number; name: string }>> {
  return db
    .select({ id: drivers.id, name: drivers.name })
    .from(drivers)
    .where(ne(drivers.state, 'left'))
    .orderBy(drivers.name, drivers.id)
    .limit(limit)
}

/** The vehicle of a plate; of one that went on to another car the one that has it now. */
export async function vehiclePlated(
  db: Db,
  sight: Pick<LedgerSight, 'house' | 'units'>,
  plate: string,
): Promise<number | undefined> {
  const [row] = await db
    .select({ id: vehicles.id })
    .from(vehicles)
    .where(and(vehicleSeen(sight), eq(vehicles.plate, plate)))
    .orderBy(sql`(${vehicles.state} = 'retired')`, desc(vehicles.id))
    .limit(1)
  return row?.id
}
