import { and, asc, eq, gte, inArray, isNull, lt, or, sql } from 'drizzle-orm'
import { numberText, type RunState } from '../src/office/car/trip.ts'
import { RIDING, trips } from './car.ts'
import { runs } from './car-run.ts'
import type { Db } from './client.ts'

/** A run that is planned, out or back, with the numbers of the trips that ride in it. */
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
  /** Whose trips these are. */
  units: string[]
}

const MOST_OUTINGS = 500

interface OutingsWanted {
  vehicles?: number[]
  drivers?: number[]
  states?: Array<'planned' | 'out'>
}

/** What is planned or out, of some vehicles or of some drivers. */
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

/** What was out at some time between two instants. */
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
      // columns of a query of one table are named without it, which here would be another's
      numbers: sql<Array<[number, number, string]>>`(
        select coalesce(json_agg(json_build_array(${trips.numberYear}, ${trips.numberSeq}, ${trips.unit}) order by ${trips.id}), '[]')
        from ${trips} where ${trips}.run = ${runs}.id and ${inArray(trips.state, RIDING)} and ${trips.numberSeq} is not null)`,
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
    units: [...new Set(numbers.map(([, , unit]) => unit))],
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
