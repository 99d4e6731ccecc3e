import { eq, lt, sql } from 'drizzle-orm'
import { pgTable, text, timestamp } from 'drizzle-orm/pg-core'
import type { HeldRole, Person, Principal } from '../src/kit/person.ts'
import { type Db, statement } from './client.ts'
import { type Copy, copies } from './copies.ts'
import { knowPrincipals, principals, standing } from './deputy.ts'
import { chats, people } from './people.ts'
import { heldRoles, knowHeld } from './role.ts'

/** What was delivered and taken up. Kept at least 24 h: Feishu's last redelivery comes about 7 h after the first. */
export const inbox = pgTable('inbox', {
  key: text().primaryKey(),
  at: timestamp({ withTimezone: true, mode: 'date' }).notNull(),
})

export interface Claim {
  person: Person | undefined
  /** Of the person's row: another after every change of it, or of a role they hold (`touchPerson`). */
  version: string | undefined
  roles: HeldRole[]
  /** For whom they stand in today. */
  standsFor: Principal[]
  /** The card that was pressed or replied to, when it is one of ours. */
  copy: Copy | undefined
  /** People of another house hear what is said there; undefined: not known, as of a group that we were taken out of, and of most private chats. */
  external: boolean | undefined
}

/**
 * The card that is pressed or replied to, or the first that answered what began its thread. Each by a look of its own into an index: joined
 * by either condition, all cards of a year would be read at each turn.
 */
const meant = sql`coalesce(
  (select id from ${copies} where message = ${sql.placeholder('message')}::text),
  (select min(id) from (select id from ${copies} where origin <> '' and origin = ${sql.placeholder('origin')}::text offset 0) thread))`

const claimStatement = statement(db => {
  const claimed = db.$with('claimed').as(
    db
      .insert(inbox)
      .values({ key: sql.placeholder('key'), at: sql.placeholder('at') })
      .onConflictDoNothing()
      .returning({ key: inbox.key }),
  )
  return db
    .with(claimed)
    .select({
      person: {
        id: people.id,
        name: people.name,
        departments: people.departments,
        leader: people.leader,
        active: people.active,
      },
      version: sql<string | null>`${people}.xmin::text`,
      roles: sql<
        HeldRole[]
      >`(select coalesce(json_agg(json_build_object('code', ${heldRoles.role}, 'unit', ${heldRoles.unit})), '[]')
        from ${heldRoles} where ${heldRoles.person} = ${sql.placeholder('who')} and ${heldRoles.withdrawnAt} is null
        and ${heldRoles.from} <= ${sql.placeholder('today')} and (${heldRoles.until} is null or ${heldRoles.until} >= ${sql.placeholder('today')}))`,
      stands: standing(sql.placeholder('who'), sql.placeholder('today')),
      external: sql<
        boolean | null
      >`(select case when external then true when present then false end from ${chats} where id = ${sql.placeholder('chat')})`,
      copy: copies,
    })
    .from(claimed)
    .leftJoin(people, eq(people.id, sql.placeholder('who')))
    .leftJoin(copies, eq(copies.id, meant))
    .prepare('claim')
})

/**
 * Claims a delivery for this transaction and reads, in the same round trip, whom it comes from (which this transaction then knows) and
 * the card it is about. A second claim of the same key waits for the first to end and gets nothing, unless the first was undone.
 */
export async function claim(
  db: Db,
  wanted: { key: string; at: Date; who: string; today: string; chat: string; message: string; origin: string },
): Promise<Claim | undefined> {
  const [row] = await claimStatement(db, wanted)
  if (!row) return undefined
  const person = row.person ? { ...row.person, leader: row.person.leader ?? undefined } : undefined
  const roles = row.roles.map(({ code, unit }) => ({ code, unit: unit ?? undefined }))
  const standsFor = principals(row.stands)
  knowHeld(db, wanted.who, wanted.today, roles)
  knowPrincipals(db, wanted.who, wanted.today, standsFor)
  return {
    person,
    version: row.version ?? undefined,
    roles,
    standsFor,
    copy: row.copy ?? undefined,
    external: row.external ?? undefined,
  }
}

/**
 * Whether a form is submitted by somebody for the first time. A second submission waits for the first to end, and counts as the first
 * where that was undone.
 */
export async function claimForm(
  db: Db,
  { message, who, at }: { message: string; who: string; at: Date },
): Promise<boolean> {
  const claimed = await db
    .insert(inbox)
    .values({ key: `form:${message}:${who}`, at })
    .onConflictDoNothing()
    .returning({ key: inbox.key })
  return claimed.length > 0
}

export async function isClaimed(db: Db, key: string): Promise<boolean> {
  const [row] = await db.select({ key: inbox.key }).from(inbox).where(eq(inbox.key, key))
  return row !== undefined
}

export async function forgetDeliveries(db: Db, before: Date): Promise<void> {
  await db.delete(inbox).where(lt(inbox.at, before))
}
