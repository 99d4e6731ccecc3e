import { eq, sql } from 'drizzle-orm'
import { jsonb, pgTable, text, timestamp } from 'drizzle-orm/pg-core'
import { noteChanged } from './changes.ts'
import { type Db, statement } from './client.ts'
import { forget, recall } from './memory.ts'

/** What the office has settled or learned about itself, by name. */
export const settings = pgTable('settings', {
  name: text().primaryKey(),
  value: jsonb().$type<unknown>().notNull(),
  at: timestamp({ withTimezone: true, mode: 'date' }).notNull(),
})

/** Ids of all departments as the directory lists them. */
export const UNIT_ORDER = 'directory.order'

/** When the directory was first asked for; until it was read, for so long nothing has been. */
export const DIRECTORY_FIRST = 'directory.first'

/** Whether the directory is to be read at the next heartbeat. */
export const DIRECTORY_WANTED = 'directory.wanted'

/** That the house stood still for so long that outsiders may have come to any group: nothing leaves for one until they are listed. */
export const GROUPS_UNREAD = 'groups.unread'

/** When the house last did what falls due, in wire time. */
export const HEARTBEAT = 'heartbeat'

/** That the data was put back from a backup, until 系统管理员 are told. */
export const PUT_BACK = 'restored'

/** Wire times: when the backup was taken, and when it was put back. */
export interface PutBack {
  takenMs: number
  atMs: number
}

const readSetting = statement(db =>
  db
    .select({ value: settings.value })
    .from(settings)
    .where(eq(settings.name, sql.placeholder('name')))
    .prepare('setting'),
)

/** `undefined` when it was never set. The caller knows the shape that it stored. */
export async function setting<T>(db: Db, name: string): Promise<T | undefined> {
  const [row] = await recall(db, `setting ${name}`, () => readSetting(db, { name }))
  return row?.value as T | undefined
}

/** When a setting was last kept. */
export async function settingAt(db: Db, name: string): Promise<Date | undefined> {
  const [row] = await db.select({ at: settings.at }).from(settings).where(eq(settings.name, name))
  return row?.at
}

export async function keepSetting(db: Db, name: string, value: unknown, at: Date): Promise<void> {
  await db
    .insert(settings)
    .values({ name, value, at })
    .onConflictDoUpdate({ target: settings.name, set: { value: sql`excluded.value`, at: sql`excluded.at` } })
  forget(db)
}

/** Keeps what somebody settled, for a feature or a matter of it: the record of it bears the hashes of what held before and holds now. */
export async function keepSettled(
  db: Db,
  { feature, matter = '' }: { feature: string; matter?: string },
  name: string,
  after: unknown,
  at: Date,
): Promise<void> {
  const before = await setting<unknown>(db, name)
  await keepSetting(db, name, after, at)
  noteChanged(db, { feature, matter, part: name }, { before, after })
}

/** Notes that something was done for the first time; false when it had been done before. */
export async function keepFirstOnce(db: Db, name: string, at: Date): Promise<boolean> {
  const kept = await db
    .insert(settings)
    .values({ name, value: true, at })
    .onConflictDoNothing()
    .returning({ name: settings.name })
  forget(db)
  return kept.length > 0
}

/** A setting, which nobody else changes until this transaction ends; `usual` where it was never set. */
export async function takeTurn<T>(db: Db, name: string, usual: T, at: Date): Promise<T> {
  const [row] = await db
    .insert(settings)
    .values({ name, value: usual, at })
    .onConflictDoUpdate({ target: settings.name, set: { at: sql`${settings.at}` } })
    .returning({ value: settings.value })
  forget(db)
  return row?.value as T
}

export async function dropSetting(db: Db, name: string): Promise<void> {
  await db.delete(settings).where(eq(settings.name, name))
  forget(db)
}

/** Takes a setting away if it still has this value; of several who try at once one gets true. */
export async function takeSetting(db: Db, name: string, value: unknown): Promise<boolean> {
  const taken = await db
    .delete(settings)
    .where(sql`${settings.name} = ${name} and ${settings.value} = ${JSON.stringify(value)}::jsonb`)
    .returning({ name: settings.name })
  forget(db)
  return taken.length > 0
}
