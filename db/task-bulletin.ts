import { and, desc, eq } from 'drizzle-orm'
import { bigint, index, integer, jsonb, pgTable, smallint, text, timestamp } from 'drizzle-orm/pg-core'
import { Refusal } from '../src/kit/refusal.ts'
import { type Bulletin, type BulletinMove, type BulletinState, bulletinFlow } from '../src/office/task/bulletin.ts'
import { noteChanged } from './changes.ts'
import type { Db } from './client.ts'

const states = Object.keys(bulletinFlow.states) as [BulletinState, ...BulletinState[]]
const instant = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' })

/** 督办通报: its words, and the figures as they were when it was composed. */
export const bulletins = pgTable(
  'task_bulletins',
  {
    id: bigint({ mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    rev: integer().notNull(),
    state: text({ enum: states }).notNull(),
    unit: text().notNull(),
    maker: text().notNull(),
    makerFor: text('maker_for'),
    createdAt: instant('created_at').notNull(),
    period: text().notNull(),
    until: instant('until_at').notNull(),
    figures: jsonb().$type<Bulletin['figures']>().notNull(),
    title: text().notNull(),
    issuer: text().notNull(),
    overall: text().notNull(),
    good: text().notNull(),
    lagging: text().notNull(),
    problems: text().notNull(),
    demands: text().notNull(),
    chat: text().notNull(),
    numberWord: text('number_word'),
    numberYear: smallint('number_year'),
    numberSeq: integer('number_seq'),
    issuedAt: instant('issued_at'),
    lastMove: text('last_move').$type<BulletinMove | ''>().notNull(),
    word: text().notNull(),
    movedBy: text('moved_by').notNull(),
    movedAt: instant('moved_at').notNull(),
    movedFor: text('moved_for'),
  },
  // what waits for approval
  table => [index('task_bulletins_state').on(table.state, table.id)],
)

export async function openBulletin(db: Db, bulletin: Omit<Bulletin, 'id'>): Promise<Bulletin> {
  const [row] = await db.insert(bulletins).values(rowOf(bulletin)).returning({ id: bulletins.id })
  if (!row) throw new Error('a bulletin was not kept')
  const opened = { ...bulletin, id: row.id }
  noteChanged(db, matterOf(row.id), { before: undefined, after: opened })
  return opened
}

/** @throws Refusal when there is none: an id that never was and one that may not be seen read the same. */
export async function getBulletin(db: Db, id: number): Promise<Bulletin> {
  const [row] = await db.select().from(bulletins).where(eq(bulletins.id, id))
  if (!row) throw new Refusal(NO_BULLETIN)
  return asBulletin(row)
}

export const NO_BULLETIN = '未找到该督办通报'

const matterOf = (id: number) => ({ feature: 'task', matter: `bulletin/${id}` })

/** Saves over the revision that was read. */
export async function saveBulletin(db: Db, before: Bulletin, after: Bulletin): Promise<void> {
  const saved = await db
    .update(bulletins)
    .set(rowOf(after))
    .where(and(eq(bulletins.id, before.id), eq(bulletins.rev, before.rev)))
    .returning({ id: bulletins.id })
  if (!saved.length) throw new Refusal('卡片已过期,请以最新卡片为准')
  noteChanged(db, matterOf(before.id), { before, after })
}

/** The latest first. */
export async function latestBulletins(db: Db, limit: number, state?: BulletinState): Promise<Bulletin[]> {
  const rows = await db
    .select()
    .from(bulletins)
    .where(state ? eq(bulletins.state, state) : undefined)
    .orderBy(desc(bulletins.id))
    .limit(limit)
  return rows.map(asBulletin)
}

function rowOf({
  number,
  issuedAt,
  makerFor,
  movedFor,
  ...rest
}: Omit<Bulletin, 'id'> & { id?: number }): Omit<typeof bulletins.$inferInsert, 'id'> {
  const { id: _, ...kept } = rest
  return {
    ...kept,
    issuedAt: issuedAt ?? null,
    makerFor: makerFor ?? null,
    movedFor: movedFor ?? null,
    numberWord: number?.word ?? null,
    numberYear: number?.year ?? null,
    numberSeq: number?.seq ?? null,
  }
}

function asBulletin(kept: typeof bulletins.$inferSelect): Bulletin {
  const { numberWord, numberYear, numberSeq, issuedAt, makerFor, movedFor, ...row } = kept
  const number =
    numberWord && numberYear && numberSeq ? { word: numberWord, year: numberYear, seq: numberSeq } : undefined
  return {
    ...row,
    number,
    issuedAt: issuedAt ?? undefined,
    makerFor: makerFor ?? undefined,
    movedFor: movedFor ?? undefined,
  }
}
