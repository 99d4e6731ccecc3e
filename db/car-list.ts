import { and, asc, desc, eq, gte, inArray, lt, ne, or, type SQL, sql } from 'drizzle-orm'
import type { PgColumn } from 'drizzle-orm/pg-core'
import type { TripState } from '../src/office/car/flow.ts'
import type { Trip, TripNumber } from '../src/office/car/trip.ts'
import { GRAMS, isOpen, trips, tripsWhere } from './car.ts'
import { isOwed } from './car-due.ts'
import { drivers } from './car-fleet.ts'
import { runs } from './car-run.ts'
import type { Db } from './client.ts'
import { membersOf } from './people.ts'

/** Which trips somebody may see in lists: those they have a part in, and by role (domain.md 1.2) those that were sent. */
export interface TripSight {
  person: string
  /** Decides or dispatches for the whole house. */
  house: boolean
  /** Units for which the person decides, dispatches or answers. */
  units: string[]
  /** Whom the person stands in for. */
  standsFor: string[]
}

const isSent: SQL = sql`${trips.submittedAt} is not null`
const names = (people: string[]): SQL => sql`${trips.people} && ${sql.param(people, trips.people)}`
/** As an array, so that the index finds what rode in them. */
const isDrivenBy = (people: string[]): SQL =>
  sql`${trips.run} = any(array(
    select id from ${runs} where ${inArray(runs.pilot, people)}
    union all select ${runs.id} from ${runs} join ${drivers} on ${drivers.id} = ${runs.driver} where ${inArray(drivers.person, people)}))`

function seenBy({ person, house, units, standsFor }: TripSight): SQL | undefined {
  const selves = [person, ...standsFor]
  const byRole = house ? sql`true` : units.length ? inArray(trips.unit, units) : undefined
  return or(inArray(trips.applicant, selves), and(isSent, or(names(selves), isDrivenBy(selves), byRole)))
}

export interface TripFilter {
  states?: TripState[]
  /** Not ended. */
  open?: true
  /** Who asked or rides. */
  rider?: string
  words?: string
  /** Whose words are looked for: what 机要 and 办案 trips are for is not found by others. */
  knownBy?: string
  number?: TripNumber
  /** Starts before, and ends at or after. */
  startsBefore?: Date
  endsFrom?: Date
}

function matching(filter: TripFilter): SQL | undefined {
  const { states, open, rider, words: said, knownBy = '', number: numbered, startsBefore, endsFrom } = filter
  return and(
    states ? inArray(trips.state, states) : undefined,
    open ? isOpen : undefined,
    rider
      ? or(
          eq(trips.applicant, rider),
          and(names([rider]), isSent, or(eq(trips.user, rider), sql`${rider} = any(${trips.passengers})`)),
        )
      : undefined,
    said ? about(said, knownBy) : undefined,
    numbered ? and(eq(trips.numberYear, numbered.year), eq(trips.numberSeq, numbered.seq)) : undefined,
    startsBefore ? lt(trips.startsAt, startsBefore) : undefined,
    endsFrom ? gte(trips.endsAt, endsFrom) : undefined,
  )
}

const about = (said: string, person: string): SQL | undefined =>
  or(contains(trips.destination, said), and(contains(trips.purpose, said), isToldTo(person)))

/** The index knows single characters and pairs. It serves who sees everything; others have few trips, and reckoning theirs is dearer. */
const indexed = ({ house }: TripSight, { words: said }: TripFilter): SQL | undefined =>
  house && said ? sql`${GRAMS} @> grams(${said})` : undefined

const contains = (column: PgColumn, said: string): SQL => sql`strpos(lower(${column}), ${said.toLowerCase()}) > 0`

const isToldTo = (person: string): SQL | undefined =>
  or(
    and(ne(trips.category, 'confidential'), ne(trips.ground, 'duty')),
    inArray(sql`${person}`, [trips.applicant, trips.user]),
  )

/** What somebody may see of what matches, the newest first. */
export async function tripsSeen(
  db: Db,
  sight: TripSight,
  filter: TripFilter,
  limit: number,
  offset = 0,
): Promise<Trip[]> {
  return tripsWhere(db, and(seenBy(sight), indexed(sight, filter), matching(filter)), limit, desc(trips.id), offset)
}

export async function countTripsSeen(db: Db, sight: TripSight, filter: TripFilter): Promise<number> {
  const [row] = await db
    .select({ n: sql`count(*)`.mapWith(Number) })
    .from(trips)
    .where(and(seenBy(sight), matching(filter)))
  return row?.n ?? 0
}

/** What is open and in one of some states, the earliest departure first. */
export async function openTripsSeen(
  db: Db,
  sight: TripSight,
  states: readonly TripState[],
  limit: number,
): Promise<Trip[]> {
  return tripsWhere(db, and(isOpen, inArray(trips.state, [...states]), seenBy(sight)), limit, asc(trips.startsAt))
}

/** What waits for the decision of one of some people, also of what is over and not approved yet, the earliest departure first. */
export async function tripsAwaiting(db: Db, people: string[], limit: number): Promise<Trip[]> {
  const isAsked = sql`${trips.awaits} && ${sql.param(people, trips.awaits)}`
  return tripsWhere(db, or(and(isOpen, isAsked), and(isOwed, isAsked)), limit, asc(trips.startsAt))
}

const OUT: TripState[] = ['dispatched', 'underway']

/** Trips of a group's people that have a car and are out at some time between two instants, the earliest first. */
export async function tripsOfGroup(db: Db, chat: string, from: Date, until: Date, limit: number): Promise<Trip[]> {
  const ofGroup = or(eq(trips.chat, chat), inArray(trips.applicant, membersOf(db, chat)))
  const between = and(lt(trips.startsAt, until), gte(trips.endsAt, from))
  return tripsWhere(db, and(isOpen, inArray(trips.state, OUT), ofGroup, between), limit, asc(trips.startsAt))
}

/** Who asks, rides or decides in what is open and starts before an instant, or waits for a decision or a car. */
export async function peopleInOpenTrips(db: Db, until: Date): Promise<string[]> {
  const waits = or(eq(trips.state, 'approved'), sql`cardinality(${trips.awaits}) > 0`)
  const rows = await db
    .selectDistinct({ person: sql<string>`unnest(${trips.people})` })
    .from(trips)
    .where(and(or(isOpen, isOwed), isSent, or(lt(trips.startsAt, until), waits)))
  return rows.map(({ person }) => person)
}

/** What somebody asked for last, for the form to offer. */
export async function lastTripsBy(db: Db, applicant: string, limit: number): Promise<Trip[]> {
  return tripsWhere(db, eq(trips.applicant, applicant), limit)
}
