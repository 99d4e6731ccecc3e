import { and, asc, desc, eq, gt, gte, inArray, lt, ne, notExists, or, type SQL, sql } from 'drizzle-orm'
import { bigint, date, integer, pgTable, primaryKey, text, timestamp, uniqueIndex } from 'drizzle-orm/pg-core'
import { Refusal } from '../src/kit/refusal.ts'
import { dayIn } from '../src/kit/time.ts'
import {
  type Publication,
  type PublicationMove,
  type PublicationRow,
  type PublicationState,
  publicationFlow,
  withoutPhones,
} from '../src/office/car/publication.ts'
import { LIMITS, type TripNumber } from '../src/office/car/trip.ts'
import { RIDING, trips } from './car.ts'
import type { Span } from './car-account.ts'
import { carCosts } from './car-cost.ts'
import { vehicles } from './car-fleet.ts'
import { runs } from './car-run.ts'
import { noteChanged } from './changes.ts'
import type { Db } from './client.ts'

const states = Object.keys(publicationFlow.states) as [PublicationState, ...PublicationState[]]
const instant = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' })
const whole = (name: string) => bigint(name, { mode: 'number' })

/** 公务用车使用情况公示 of a month (CAR-41). */
export const carPublications = pgTable(
  'car_publications',
  {
    id: bigint({ mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    rev: integer().notNull(),
    state: text({ enum: states }).notNull(),
    /** Whose office publishes it; '' = the house. */
    unit: text().notNull(),
    /** `2026-10`. */
    month: text().notNull(),
    title: text().notNull(),
    issuer: text().notNull(),
    remark: text().notNull(),
    chat: text().notNull(),
    /** Numbers of 派车单 that are left out, as they were typed. */
    without: text().notNull(),
    runs: integer().notNull(),
    km: whole('km').notNull(),
    cents: whole('cents').notNull(),
    maker: text().notNull(),
    createdAt: instant('created_at').notNull(),
    /** Up to when its rows were composed. */
    until: instant('until_at').notNull(),
    issuedAt: instant('issued_at'),
    lastMove: text('last_move').$type<PublicationMove | ''>().notNull(),
    word: text().notNull(),
    movedBy: text('moved_by').notNull(),
    movedAt: instant('moved_at').notNull(),
    movedFor: text('moved_for'),
  },
  // a month is published once
  table => [uniqueIndex('car_publications_month').on(table.month, table.unit).where(sql`state <> 'cancelled'`)],
)

/** Its rows as they were when it was composed: what is approved is what goes out. */
export const carPublicationRows = pgTable(
  'car_publication_rows',
  {
    publication: bigint({ mode: 'number' })
      .notNull()
      .references(() => carPublications.id),
    place: integer().notNull(),
    on: date('used_on').notNull(),
    purpose: text().notNull(),
    destination: text().notNull(),
    plate: text().notNull(),
    km: integer(),
    /** Hundredths of a litre. */
    litres: integer().notNull(),
    cents: whole('cents').notNull(),
  },
  table => [primaryKey({ columns: [table.publication, table.place] })],
)

export const NO_PUBLICATION = '未找到该公示'

/** Keeps a new one; undefined where that month's is there already. */
export async function openPublication(db: Db, publication: Omit<Publication, 'id'>): Promise<Publication | undefined> {
  const [row] = await db
    .insert(carPublications)
    .values(rowOf(publication))
    .onConflictDoNothing()
    .returning({ id: carPublications.id })
  const opened = row && { ...publication, id: row.id }
  if (opened) noteChanged(db, matterOf(opened), { before: undefined, after: opened })
  return opened
}

const matterOf = ({ id }: Pick<Publication, 'id'>) => ({ feature: 'car', matter: `publication/${id}` })

/** @throws Refusal when there is none: an id that never was and one that may not be seen read the same. */
export async function getPublication(db: Db, id: number): Promise<Publication> {
  const [row] = await db.select().from(carPublications).where(eq(carPublications.id, id))
  if (!row) throw new Refusal(NO_PUBLICATION)
  return asPublication(row)
}

/** The one of a month that stands. */
export async function publicationOf(db: Db, month: string, unit: string): Promise<Publication | undefined> {
  const [row] = await db
    .select()
    .from(carPublications)
    .where(
      and(eq(carPublications.month, month), eq(carPublications.unit, unit), ne(carPublications.state, 'cancelled')),
    )
  return row && asPublication(row)
}

/** Saves over the revision that was read. */
export async function savePublication(db: Db, before: Publication, after: Publication): Promise<void> {
  const saved = await db
    .update(carPublications)
    .set(rowOf(after))
    .where(and(eq(carPublications.id, before.id), eq(carPublications.rev, before.rev)))
    .returning({ id: carPublications.id })
  if (!saved.length) throw new Refusal('卡片已过期,请以最新卡片为准')
  noteChanged(db, matterOf(before), { before, after })
}

/** The latest months first. */
export async function latestPublications(db: Db, limit: number, states?: PublicationState[]): Promise<Publication[]> {
  const rows = await db
    .select()
    .from(carPublications)
    .where(states ? inArray(carPublications.state, states) : undefined)
    .orderBy(desc(carPublications.month), desc(carPublications.id))
    .limit(limit)
  return rows.map(asPublication)
}

/** Rows of a publication after a place. */
export const publicationRows = async (db: Db, id: number, after: number, limit: number): Promise<PublicationRow[]> => {
  const rows = await db
    .select()
    .from(carPublicationRows)
    .where(and(eq(carPublicationRows.publication, id), gt(carPublicationRows.place, after)))
    .orderBy(asc(carPublicationRows.place))
    .limit(limit)
  return rows.map(({ publication: _, km, ...row }) => ({ ...row, km: km ?? undefined }))
}

const SLICE = 500
const DAY_MS = 86_400_000

/** Composes the rows of a publication anew; answers what they sum up to. */
export async function composeRows(
  db: Db,
  { id, unit }: Pick<Publication, 'id' | 'unit'>,
  span: Span,
  without: TripNumber[],
): Promise<Pick<Publication, 'runs' | 'km' | 'cents'>> {
  await db.delete(carPublicationRows).where(eq(carPublicationRows.publication, id))
  const sums = { runs: 0, km: 0, cents: 0 }
  for (let last: { id: number; startsAt: Date } | undefined; ; ) {
    const some = await publishable(db, unit, span, without, last)
    if (!some.length) return sums
    const rows = some.map(({ id: _, startsAt, purposes, destinations, ...row }, i) => ({
      ...row,
      publication: id,
      place: sums.runs + i + 1,
      on: dayIn(startsAt),
      purpose: withoutPhones(purposes),
      destination: withoutPhones(destinations),
    }))
    await db.insert(carPublicationRows).values(rows)
    sums.runs += rows.length
    sums.km += rows.reduce((sum, { km }) => sum + (km ?? 0), 0)
    sums.cents += rows.reduce((sum, { cents }) => sum + cents, 0)
    last = some.at(-1)
  }
}

/** Runs that came back, the next ones after one; a run with 机要 or 办案 in it is left out whole. */
export function publishable(
  db: Db,
  unit: string,
  span: Span,
  without: TripNumber[],
  last: { id: number; startsAt: Date } | undefined,
) {
  const spent = (of: SQL, kind?: 'fuel') =>
    sql`(select coalesce(sum(${of}), 0) from ${carCosts} where ${carCosts.run} = ${runs.id} and ${carCosts.struckAt} is null ${kind ? sql`and ${carCosts.kind} = ${kind}` : sql``})`.mapWith(
      Number,
    )
  return db
    .select({
      id: runs.id,
      startsAt: runs.startsAt,
      plate: vehicles.plate,
      km: sql<number | null>`${runs.odometerIn} - ${runs.odometerOut}`,
      purposes: sql<string>`string_agg(distinct ${trips.purpose}, ';')`,
      destinations: sql<string>`string_agg(distinct ${trips.destination}, '、')`,
      litres: spent(sql`${carCosts.amount}`, 'fuel'),
      cents: spent(sql`${carCosts.cents}`),
    })
    .from(runs)
    .innerJoin(vehicles, eq(runs.vehicle, vehicles.id))
    .innerJoin(trips, and(eq(trips.run, runs.id), inArray(trips.state, RIDING)))
    .where(
      and(
        cameBackIn(span),
        unit ? eq(vehicles.unit, unit) : undefined,
        last && or(gt(runs.startsAt, last.startsAt), and(eq(runs.startsAt, last.startsAt), gt(runs.id, last.id))),
      ),
    )
    .groupBy(runs.id, vehicles.plate)
    .having(hasNothingHidden(without))
    .orderBy(asc(runs.startsAt), asc(runs.id))
    .limit(SLICE)
}

const cameBackIn = ({ from, until }: Span): SQL | undefined =>
  and(
    eq(runs.state, 'back'),
    gte(runs.startsAt, from),
    lt(runs.startsAt, until),
    // what a run carries begins about when it does: said so that years are not read
    gte(trips.startsAt, new Date(from.getTime() - LIMITS.days * DAY_MS)),
    lt(trips.startsAt, new Date(until.getTime() + LIMITS.days * DAY_MS)),
  )

function hasNothingHidden(without: TripNumber[]): SQL {
  const hidden = or(
    inArray(trips.category, ['confidential', 'enforcement']),
    eq(trips.ground, 'duty'),
    ...without.map(({ year, seq }) => and(eq(trips.numberYear, year), eq(trips.numberSeq, seq))),
  )
  return sql`not bool_or(${hidden})`
}

/** Trips of a month that are not settled: on their way, or back and not checked. */
export async function countUnsettled(db: Db, unit: string, { from, until }: Span): Promise<number> {
  const [row] = await db
    .select({ n: sql`count(*)`.mapWith(Number) })
    .from(trips)
    .innerJoin(runs, eq(trips.run, runs.id))
    .innerJoin(vehicles, eq(runs.vehicle, vehicles.id))
    .where(
      and(
        gte(trips.startsAt, from),
        lt(trips.startsAt, until),
        inArray(trips.state, ['dispatched', 'underway', 'returned']),
        unit ? eq(vehicles.unit, unit) : undefined,
      ),
    )
  return row?.n ?? 0
}

/** Of which units vehicles made runs that can be published, and are in no issued publication: neither their own nor the house's. */
export async function unitsToPublish(db: Db, month: string, span: Span): Promise<string[]> {
  const some = db
    .select({ unit: vehicles.unit })
    .from(runs)
    .innerJoin(vehicles, eq(runs.vehicle, vehicles.id))
    .innerJoin(trips, and(eq(trips.run, runs.id), inArray(trips.state, RIDING)))
    .where(cameBackIn(span))
    .groupBy(runs.id, vehicles.unit)
    .having(hasNothingHidden([]))
    .as('some')
  const issued = db
    .select({ unit: carPublications.unit })
    .from(carPublications)
    .where(
      and(
        eq(carPublications.month, month),
        eq(carPublications.state, 'issued'),
        or(eq(carPublications.unit, ''), eq(carPublications.unit, some.unit)),
      ),
    )
  const rows = await db.selectDistinct({ unit: some.unit }).from(some).where(notExists(issued))
  return rows.map(({ unit }) => unit)
}

const rowOf = ({
  id: _,
  issuedAt,
  movedFor,
  ...kept
}: Omit<Publication, 'id'> & { id?: number }): Omit<typeof carPublications.$inferInsert, 'id'> => ({
  ...kept,
  issuedAt: issuedAt ?? null,
  movedFor: movedFor ?? null,
})

const asPublication = ({ issuedAt, movedFor, ...row }: typeof carPublications.$inferSelect): Publication => ({
  ...row,
  issuedAt: issuedAt ?? undefined,
  movedFor: movedFor ?? undefined,
})
