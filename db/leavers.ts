import { eq, lt, sql } from 'drizzle-orm'
import { type Db, textArray } from './client.ts'
import { keepSetting, settings } from './settings.ts'

/** What is known of somebody who left and of whom others were told. */
export interface Departure {
  /** The cards that tell of them, one for each reader. */
  cards: string[]
  /** How much of each subject is open in their name, as it was last looked at. */
  open: Record<string, number>
  /** Who last handed over what of a subject, and to whom. */
  handed: Record<string, Handed>
  /** Which subjects each of those told may hand over, as it was last looked at: none, where others have to. */
  givers: Record<string, string[]>
  /** They are there again. */
  isBack: boolean
}
export interface Handed {
  by: string
  to: string
}

/** The matter of a card: `leavers/`, its day, the first whom it tells of, and its reader. */
export const LEAVERS = 'leavers/'
/** The setting of somebody who left. */
export const DEPARTURE = 'role.left/'

export const cardFor = (reader: string, first: string, day: string): string =>
  [LEAVERS, day, '/', first, '/', reader].join('')

export const dayOf = (card: string): string => card.slice(LEAVERS.length, LEAVERS.length + '2026-11-24'.length)

export const readerOf = (card: string): string => card.slice(card.lastIndexOf('/') + 1)

/** Of those of these people of whom somebody was told. */
export const departuresOf = (db: Db, people: readonly string[]): Promise<Map<string, Departure>> =>
  departures(db, sql`${settings.name} = any(${textArray(people.map(id => DEPARTURE + id))}::text[])`)

/** Of those of whom a card tells. */
export const departuresOn = (db: Db, card: string): Promise<Map<string, Departure>> =>
  departures(db, sql`${isDeparture} and ${settings.value} @> ${JSON.stringify({ cards: [card] })}::jsonb`)

/** Of those of whom somebody was told, and who still had something in hand. */
export const departuresFor = (db: Db, reader: string): Promise<Map<string, Departure>> =>
  departures(
    db,
    sql`${isDeparture} and ${settings.value} -> 'givers' ? ${reader} and ${settings.value} -> 'open' <> '{}'`,
  )

const isDeparture = sql`starts_with(${settings.name}, ${DEPARTURE})`

async function departures(db: Db, which: ReturnType<typeof sql>): Promise<Map<string, Departure>> {
  const rows = await db.select({ name: settings.name, value: settings.value }).from(settings).where(which)
  return new Map(rows.map(({ name, value }) => [name.slice(DEPARTURE.length), value as Departure]))
}

/** The same of one, which nobody else changes until this transaction ends. */
export async function holdDeparture(db: Db, person: string): Promise<Departure | undefined> {
  const [row] = await db
    .select({ value: settings.value })
    .from(settings)
    .where(eq(settings.name, DEPARTURE + person))
    .for('update')
  return row?.value as Departure | undefined
}

export const keepDeparture = (db: Db, person: string, departure: Departure, at: Date): Promise<void> =>
  keepSetting(db, DEPARTURE + person, departure, at)

/** Drops what has not changed since then: by that time the cards themselves are forgotten. */
export async function dropDepartures(db: Db, before: Date): Promise<void> {
  await db.delete(settings).where(sql`${isDeparture} and ${lt(settings.at, before)}`)
}
