import { and, asc, eq, gt, inArray, isNull, lte, sql } from 'drizzle-orm'
import { bigint, date, index, integer, pgTable, primaryKey, text, timestamp } from 'drizzle-orm/pg-core'
import { type Db, oneOf } from './client.ts'

/** Who wants quiet until when. */
export const mutes = pgTable('mutes', {
  person: text().primaryKey(),
  until: timestamp({ withTimezone: true, mode: 'date' }).notNull(),
})

/** How much each person was told unasked on a day (GEN-07). */
export const tallies = pgTable(
  'tallies',
  { person: text().notNull(), day: date().notNull(), told: integer().notNull() },
  table => [primaryKey({ columns: [table.person, table.day] })],
)

/** What was not said outside office hours, a line each: it stands in the next morning's card. A group has its id in `person`. */
export const heldLines = pgTable(
  'held_lines',
  {
    id: bigint({ mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    person: text().notNull(),
    line: text().notNull(),
    at: timestamp({ withTimezone: true, mode: 'date' }).notNull(),
    /** The morning whose card told it. */
    toldOn: date('told_on'),
    /** What it is about, where not everybody may see that. */
    feature: text(),
    matter: text(),
  },
  table => [
    // what a morning's card tells, also when it is drawn anew
    index('held_lines_person').on(table.person, table.toldOn),
    // what has not been told yet
    index('held_lines_untold').on(table.person).where(sql`told_on is null`),
  ],
)

export async function mute(db: Db, person: string, until: Date): Promise<void> {
  await db.insert(mutes).values({ person, until }).onConflictDoUpdate({ target: mutes.person, set: { until } })
}

export async function unmute(db: Db, person: string): Promise<void> {
  await db.delete(mutes).where(eq(mutes.person, person))
}

/** Of these people those who want quiet now, and until when. */
export async function mutedAmong(db: Db, persons: string[], now: Date): Promise<Map<string, Date>> {
  if (!persons.length) return new Map()
  const rows = await db
    .select()
    .from(mutes)
    .where(and(oneOf(mutes.person, persons), gt(mutes.until, now)))
  return new Map(rows.map(row => [row.person, row.until]))
}

/** How much each of these was told unasked today. */
export async function toldToday(db: Db, persons: string[], day: string): Promise<Map<string, number>> {
  if (!persons.length) return new Map()
  const rows = await db
    .select()
    .from(tallies)
    .where(and(oneOf(tallies.person, persons), eq(tallies.day, day)))
  return new Map(rows.map(row => [row.person, row.told]))
}

/** Counts one more for each time a person is named. People stand in order, so that two processes do not lock each other. */
export async function tell(db: Db, persons: string[], day: string): Promise<void> {
  const times = new Map<string, number>()
  for (const person of persons) times.set(person, (times.get(person) ?? 0) + 1)
  if (!times.size) return
  const some = JSON.stringify([...times].map(([person, told]) => ({ person, told })))
  await db.execute(sql`
    insert into tallies (person, day, told)
    select person, ${day}::date, told from json_to_recordset(${some}::json) as one (person text, told integer) order by person
    on conflict (person, day) do update set told = tallies.told + excluded.told`)
}

export interface HeldLine {
  line: string
  at: Date
  /** The matter that tells more than the line's reader may know once they may not see it any more. */
  of?: { feature: string; id: string } | undefined
}

export async function holdLines(db: Db, lines: Array<HeldLine & { person: string }>): Promise<void> {
  if (lines.length)
    await db
      .insert(heldLines)
      .values(lines.map(({ of, ...line }) => ({ ...line, feature: of?.feature, matter: of?.id })))
}

/** What somebody reads on a day, so many lines at most; `count`: the others, too, of which they read on a later day. */
export async function heldFor(
  db: Db,
  person: string,
  day: string,
  most: number,
): Promise<{ lines: HeldLine[]; count: number }> {
  const rows = await db
    .select({ held: heldLines, count: sql`count(*) over ()`.mapWith(Number) })
    .from(heldLines)
    .where(and(eq(heldLines.person, person), sql`(${heldLines.toldOn} is null or ${heldLines.toldOn} = ${day})`))
    .orderBy(asc(heldLines.id))
    .limit(most)
  const lines = rows.map(({ held: { line, at, feature, matter } }) => ({
    ...{ line, at },
    of: feature !== null && matter !== null ? { feature, id: matter } : undefined,
  }))
  return { lines, count: rows[0]?.count ?? 0 }
}

export async function readersOfHeldLines(db: Db): Promise<string[]> {
  const rows = await db.selectDistinct({ person: heldLines.person }).from(heldLines).where(isNull(heldLines.toldOn))
  return rows.map(row => row.person)
}

/** The first `most` of each: the rest waits for the next card. */
export async function markTold(db: Db, persons: string[], day: string, most: number): Promise<void> {
  if (!persons.length) return
  const untold = db
    .select({ id: heldLines.id, nth: sql`row_number() over (partition by person order by id)`.as('nth') })
    .from(heldLines)
    .where(and(oneOf(heldLines.person, persons), isNull(heldLines.toldOn)))
    .as('untold')
  await db
    .update(heldLines)
    .set({ toldOn: day })
    .where(inArray(heldLines.id, db.select({ id: untold.id }).from(untold).where(lte(untold.nth, most))))
}
