import { and, asc, eq, isNotNull, isNull, ne, sql } from 'drizzle-orm'
import { bigint, index, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core'
import type { Viewer } from '../src/kit/person.ts'
import { insertRows } from './bulk.ts'
import { type Db, rowsOf } from './client.ts'

/**
 * Every card we sent, so that it can be drawn anew when its matter moves. `matter` is the id inside the feature,
 * `viewer` the person it was drawn for ('' = everyone in the group), `lane` the chat or person it was sent to.
 */
export const copies = pgTable(
  'copies',
  {
    id: bigint({ mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    feature: text().notNull(),
    matter: text().notNull(),
    viewer: text().notNull(),
    lane: text().notNull(),
    message: text(),
    /** The message it answered: whoever replies further down that thread speaks about this card too. */
    origin: text().notNull().default(''),
    sentMs: bigint('sent_ms', { mode: 'number' }),
  },
  table => [
    // a press or a reply finds its card
    uniqueIndex('copies_message').on(table.message),
    index('copies_origin').on(table.origin).where(sql`origin <> ''`),
    // whether somebody has been sent a card yet
    index('copies_lane').on(table.lane),
    // a moved matter finds its copies, and where it is shown very often its older ones
    index('copies_shown').on(table.feature, table.matter, table.lane, table.id),
  ],
)

export type Copy = typeof copies.$inferSelect

export const viewerOf = (copy: Copy): Viewer =>
  copy.viewer ? { kind: 'person', id: copy.viewer } : { kind: 'everyone' }

/** The feature of a card for which later ones stand; `matter` is the feature it was of. */
export const REPLACED = 'replaced'
/** So many cards of one matter are kept up to date for one viewer in one place: each is one more to draw whenever it moves. */
export const MOST_ALIVE = 20

/** Has the older of very many cards alike give way to the later ones; answers which. */
export async function replaceOlder(
  db: Db,
  shown: ReadonlyArray<Pick<Copy, 'feature' | 'matter' | 'viewer' | 'lane'>>,
): Promise<number[]> {
  if (!shown.length) return []
  const rows = await rowsOf<{ id: string | number }>(
    db.execute(sql`
      update copies set feature = ${REPLACED}, matter = copies.feature
      from (select distinct * from json_to_recordset(${JSON.stringify(shown)}::json) as shown (feature text, matter text, viewer text, lane text)) shown,
        lateral (
          select id from copies alive
          where alive.feature = shown.feature and alive.matter = shown.matter and alive.lane = shown.lane and alive.viewer = shown.viewer
          order by id desc offset ${MOST_ALIVE}::integer
        ) older
      where copies.id = older.id and copies.message is not null returning copies.id`),
  )
  return rows.map(({ id }) => Number(id))
}

export async function addCopy(
  db: Db,
  copy: { feature: string; matter: string; viewer: string; lane: string; origin?: string },
): Promise<number> {
  const [row] = await db.insert(copies).values(copy).returning({ id: copies.id })
  if (!row) throw new Error('a copy was not kept')
  return row.id
}

/** Several at once; their ids stand in the same order. */
export async function addCopies(
  db: Db,
  some: Array<{ feature: string; matter: string; viewer: string; lane: string; origin?: string }>,
): Promise<number[]> {
  return insertRows(
    db,
    copies,
    some.map(one => ({ origin: '', ...one })),
  )
}

/** The copies of a matter that people have before them, except the one they pressed, which its answer redraws. */
export async function copiesOf(db: Db, feature: string, matter: string, pressed: string): Promise<Copy[]> {
  return db
    .select()
    .from(copies)
    .where(
      and(
        eq(copies.feature, feature),
        eq(copies.matter, matter),
        isNotNull(copies.message),
        ne(copies.message, pressed),
      ),
    )
    .orderBy(asc(copies.id))
}

/** Whether a card of a matter has yet to leave: it may have been drawn already, and cannot be drawn anew before people have it. */
export async function isLeaving(db: Db, feature: string, matter: string): Promise<boolean> {
  const [one] = await db
    .select({ id: copies.id })
    .from(copies)
    .where(and(eq(copies.feature, feature), eq(copies.matter, matter), isNull(copies.message)))
    .limit(1)
  return one !== undefined
}

/** Makes a message that people already have before them show another matter, e.g. a form that became what it asked for; answers its copy. */
export async function rebindCopy(
  db: Db,
  copy: { feature: string; matter: string; viewer: string; lane: string; message: string; sentMs: number },
): Promise<number> {
  const [row] = await db
    .insert(copies)
    .values(copy)
    .onConflictDoUpdate({
      target: copies.message,
      set: { feature: copy.feature, matter: copy.matter, viewer: copy.viewer },
    })
    .returning({ id: copies.id })
  if (!row) throw new Error('a copy was not kept')
  return row.id
}

/** Whether a chat or person has been sent any card yet, or is about to be. */
export async function hasCopies(db: Db, lane: string): Promise<boolean> {
  const [row] = await db.select({ id: copies.id }).from(copies).where(eq(copies.lane, lane)).limit(1)
  return row !== undefined
}

export async function getCopy(db: Db, id: number): Promise<Copy | undefined> {
  const [row] = await db.select().from(copies).where(eq(copies.id, id))
  return row
}

/** Forgets a card that cannot be changed any more; answers what it was. */
export async function retireCopy(db: Db, id: number): Promise<Copy | undefined> {
  const [row] = await db.delete(copies).where(eq(copies.id, id)).returning()
  return row
}

export async function copyOfMessage(db: Db, message: string): Promise<Copy | undefined> {
  const [row] = await db.select().from(copies).where(eq(copies.message, message))
  return row
}
