import { eq, lt, sql } from 'drizzle-orm'
import { type Db, textArray } from './client.ts'
import { keepSetting, setting, settings } from './settings.ts'

/** One whom a card tells of, and who was told. */
export interface Telling {
  person: string
  readers: string[]
}

/** What is known of somebody who left and of whom others were told. */
export interface Left {
  /** The cards that tell of them. */
  cards: string[]
  /** How much of each subject is open in their name, as it was last looked at. */
  open: Record<string, number>
  /** Who last handed over what of a subject, and to whom. */
  handed: Record<string, Handed>
  /** Who of those told may hand over what, as it was last looked at. */
  givers: Record<string, string[]>
  /** They are there again. */
  isBack: boolean
}
export interface Handed {
  by: string
  to: string
}

const CARD = 'role.'
/** The matter of a card: `leavers/`, its day, and the first whom it tells of. */
export const LEAVERS = 'leavers/'
const LEFT = 'role.left/'

/** Empty when it is over. */
export const tellingsOf = async (db: Db, card: string): Promise<Telling[]> =>
  (await setting<Telling[]>(db, CARD + card)) ?? []

export const keepTellings = (db: Db, card: string, some: readonly Telling[], at: Date): Promise<void> =>
  keepSetting(db, CARD + card, some, at)

/** Of those of whom somebody was told. */
export async function leftOf(db: Db, people: readonly string[]): Promise<Map<string, Left>> {
  const rows = await db
    .select({ name: settings.name, value: settings.value })
    .from(settings)
    .where(sql`${settings.name} = any(${textArray(people.map(id => LEFT + id))}::text[])`)
  return new Map(rows.map(({ name, value }) => [name.slice(LEFT.length), value as Left]))
}

/** The same of one, which nobody else changes until this transaction ends. */
export async function holdLeft(db: Db, person: string): Promise<Left | undefined> {
  const [row] = await db
    .select({ value: settings.value })
    .from(settings)
    .where(eq(settings.name, LEFT + person))
    .for('update')
  return row?.value as Left | undefined
}

export const keepLeft = (db: Db, person: string, left: Left, at: Date): Promise<void> =>
  keepSetting(db, LEFT + person, left, at)

/** Drops what has not changed since then: by that time the cards themselves are forgotten. */
export async function dropLeft(db: Db, before: Date): Promise<void> {
  const isOne = sql`(starts_with(${settings.name}, ${CARD + LEAVERS}) or starts_with(${settings.name}, ${LEFT}))`
  await db.delete(settings).where(sql`${isOne} and ${lt(settings.at, before)}`)
}
