import { and, asc, between, inArray, max, ne } from 'drizzle-orm'
import type { Neighbour } from '../src/office/car/rule-facts.ts'
import { trips } from './car.ts'
import { vehicles } from './car-fleet.ts'
import type { Db } from './client.ts'

/** The most seats of a vehicle that the house keeps; undefined = it keeps none. */
export async function mostSeats(db: Db): Promise<number | undefined> {
  const [row] = await db
    .select({ seats: max(vehicles.seats) })
    .from(vehicles)
    .where(ne(vehicles.state, 'retired'))
  return row?.seats ?? undefined
}

const MOST_NEIGHBOURS = 50

/** Trips that wait for a car or have one and begin within some minutes of an instant, but for some of them. */
export async function neighboursOf(db: Db, at: Date, minutes: number, but: readonly number[]): Promise<Neighbour[]> {
  const [from, to] = [new Date(at.getTime() - minutes * 60_000), new Date(at.getTime() + minutes * 60_000)]
  const rows = await db
    .select({
      ...{ id: trips.id, year: trips.numberYear, seq: trips.numberSeq },
      ...{ startsAt: trips.startsAt, destination: trips.destination },
    })
    .from(trips)
    .where(and(between(trips.startsAt, from, to), inArray(trips.state, ['approved', 'dispatched'])))
    .orderBy(asc(trips.startsAt), asc(trips.id))
    .limit(MOST_NEIGHBOURS + but.length)
  return rows
    .filter(({ id }) => !but.includes(id))
    .map(({ year, seq, ...row }) => ({
      ...row,
      number: year === null || seq === null ? undefined : { year, seq },
    }))
}
