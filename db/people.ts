import { and, asc, eq, inArray, notInArray, sql } from 'drizzle-orm'
import { boolean, index, pgTable, primaryKey, text, timestamp } from 'drizzle-orm/pg-core'
import type { Person } from '../src/kit/person.ts'
import { type Db, oneOf, rowsOf, statement, textArray } from './client.ts'
import { forget, recallEach } from './memory.ts'
import { GROUPS_UNREAD } from './settings.ts'

/** The directory as far as the app may read it; `name` is '' for someone met but not yet read. */
export const people = pgTable(
  'people',
  {
    id: text().primaryKey(),
    name: text().notNull(),
    /** The primary department first. */
    departments: text().array().notNull(),
    leader: text(),
    title: text(),
    active: boolean().notNull(),
    /** Since when it is known that they are gone, and when their personal data was taken away. */
    leftAt: timestamp('left_at', { withTimezone: true, mode: 'date' }),
    erasedAt: timestamp('erased_at', { withTimezone: true, mode: 'date' }),
  },
  // people are named in commands
  table => [index('people_name').on(table.name)],
)

export const departments = pgTable('departments', {
  id: text().primaryKey(),
  name: text().notNull(),
  parent: text().notNull(),
  leader: text(),
})

/** Chats the bot is or was in; `person` is the other side of a private one. */
export const chats = pgTable('chats', {
  id: text().primaryKey(),
  kind: text({ enum: ['group', 'private'] }).notNull(),
  name: text().notNull(),
  present: boolean().notNull(),
  /** People of another house sit in it: nothing of the office's business goes there (SEC-23). */
  external: boolean().notNull().default(false),
})

export const members = pgTable('members', { chat: text().notNull(), person: text().notNull() }, table => [
  primaryKey({ columns: [table.chat, table.person] }),
])

export type DirectoryPerson = Person & { title: string | undefined }
export type Department = { id: string; name: string; parent: string; leader: string | undefined }
export type Chat = { id: string; kind: 'group' | 'private'; name: string; present: boolean; external: boolean }

/**
 * Keeps what the directory said of people. `away`: who was gone before it was asked; whoever has been dismissed since then stays
 * so, for the answer may be older. Who left is still listed while their account is frozen: what was erased of them stays erased
 * until they are back.
 */
export async function keepPeople(db: Db, some: DirectoryPerson[], away: string[]): Promise<void> {
  const wasAway = oneOf(people.id, away)
  const isActive = sql`(excluded.active and (${people.active} or ${wasAway}))`
  const staysErased = sql`(${people.erasedAt} is not null and not ${isActive})`
  for (let i = 0; i < some.length; i += 200) {
    await db
      .insert(people)
      .values(
        some
          .slice(i, i + 200)
          .map(person => ({ ...person, leader: person.leader ?? null, title: person.title ?? null })),
      )
      .onConflictDoUpdate({
        target: people.id,
        set: {
          name: sql`excluded.name`,
          departments: sql`case when ${staysErased} then '{}' else excluded.departments end`,
          leader: sql`case when ${staysErased} then null else excluded.leader end`,
          title: sql`case when ${staysErased} then null else excluded.title end`,
          active: isActive,
          leftAt: sql`case when ${isActive} then null else ${people.leftAt} end`,
          erasedAt: sql`case when ${isActive} then null else ${people.erasedAt} end`,
        },
      })
  }
  forget(db)
}

/** Notes someone met in a chat or a mention whom the directory does not show us; never overwrites what it knows. */
export async function meetPeople(db: Db, met: Array<{ id: string; name: string }>): Promise<void> {
  if (!met.length) return
  await db
    .insert(people)
    .values(met.map(({ id, name }) => ({ id, name, departments: [], active: true })))
    .onConflictDoUpdate({
      target: people.id,
      set: { name: sql`excluded.name` },
      setWhere: sql`${people.name} = '' and excluded.name <> ''`,
    })
  forget(db)
}

/** Marks somebody as gone at once: refused from the next turn on, and nothing more is sent. */
export async function dismiss(db: Db, person: string): Promise<void> {
  await db.update(people).set({ active: false }).where(eq(people.id, person))
  forget(db)
}

/** The same of some who were met in groups alone: who stands in the directory is dismissed by what that says. */
export async function dismissMet(db: Db, ids: readonly string[]): Promise<void> {
  if (!ids.length) return
  await db
    .update(people)
    .set({ active: false })
    .where(and(inArray(people.id, [...ids]), people.active, sql`cardinality(${people.departments}) = 0`))
  forget(db)
}

/** Whoever is there, or is gone. */
export async function peopleWho(db: Db, are: 'active' | 'away'): Promise<string[]> {
  const rows = await db
    .select({ id: people.id })
    .from(people)
    .where(eq(people.active, are === 'active'))
  return rows.map(row => row.id)
}

/** Those of `known` who are there and have a department, but were not in the directory that was just read. */
export async function missingAmong(db: Db, known: string[], seen: string[]): Promise<string[]> {
  const there = new Set(seen)
  const missing = known.filter(id => !there.has(id))
  if (!missing.length) return []
  const rows = await db
    .select({ id: people.id })
    .from(people)
    .where(and(inArray(people.id, missing), people.active, sql`cardinality(${people.departments}) > 0`))
  return rows.map(row => row.id)
}

export async function keepDepartments(db: Db, some: Department[]): Promise<void> {
  if (!some.length) return
  await db
    .insert(departments)
    .values(some.map(({ id, name, parent, leader }) => ({ id, name, parent, leader: leader ?? null })))
    .onConflictDoUpdate({
      target: departments.id,
      set: { name: sql`excluded.name`, parent: sql`excluded.parent`, leader: sql`excluded.leader` },
    })
  forget(db)
}

export async function dropDepartments(db: Db, kept: string[]): Promise<void> {
  await db.delete(departments).where(notInArray(departments.id, kept.length ? kept : ['']))
  forget(db)
}

/**
 * `present` or `external` absent: what was known of it stays. That outsiders have left counts only where they were known to be in it
 * before that was asked (`wasExternal`): whoever has come meanwhile is told of by an event, which may have been heard already.
 */
export async function keepChat(
  db: Db,
  {
    present,
    external,
    wasExternal = false,
    ...chat
  }: Pick<Chat, 'id' | 'kind' | 'name'> & Partial<Pick<Chat, 'present' | 'external'>> & { wasExternal?: boolean },
): Promise<void> {
  await db
    .insert(chats)
    .values({ ...chat, present: present ?? true, external: external ?? false })
    .onConflictDoUpdate({
      target: chats.id,
      set: {
        present: present === undefined ? sql`${chats.present}` : sql`excluded.present`,
        external:
          external === undefined
            ? sql`${chats.external}`
            : sql`excluded.external or (${chats.external} and not ${wasExternal}::boolean)`,
        name: sql`case when excluded.name = '' then ${chats.name} else excluded.name end`,
      },
    })
}

/** People of another house have come into a group, also into one that is not known yet. */
export async function noteOutsiders(db: Db, chat: string): Promise<void> {
  await db
    .insert(chats)
    .values({ id: chat, kind: 'group', name: '', present: true, external: true })
    .onConflictDoUpdate({ target: chats.id, set: { external: true } })
}

export async function keepMembers(db: Db, chat: string, ids: string[]): Promise<void> {
  await leaveMembers(db, chat)
  await addMembers(db, chat, ids)
}

/**
 * Whose data was erased is passed over: a frozen account still sits in its groups. So is who joined a group that we have left, and
 * of which we hear no more.
 */
export async function addMembers(db: Db, chat: string, ids: string[]): Promise<void> {
  if (ids.length)
    await db.execute(sql`
      insert into ${members} (chat, person)
      select ${chat}::text, joined.id from unnest(${textArray(ids)}::text[]) as joined (id)
      where not exists (select from ${people} where ${people.id} = joined.id and ${people.erasedAt} is not null and not ${people.active})
        and not exists (select from ${chats} where ${chats.id} = ${chat} and not ${chats.present})
      on conflict do nothing`)
}

export async function dropMembers(db: Db, chat: string, ids: string[]): Promise<void> {
  await db.delete(members).where(and(eq(members.chat, chat), inArray(members.person, ids.length ? ids : [''])))
}

/** Nobody is known to sit any more in a group that we have left. */
export async function leaveMembers(db: Db, chat: string): Promise<void> {
  await db.delete(members).where(eq(members.chat, chat))
}

const readPeople = statement(db =>
  db
    .select()
    .from(people)
    .where(sql`${people.id} = any(${sql.placeholder('ids')}::text[])`)
    .prepare('people'),
)

export function peopleById(db: Db, ids: string[]): Promise<Person[]> {
  return recallEach(db, 'person', ids, async some => {
    const rows = await readPeople(db, { ids: textArray(some) })
    return new Map(rows.map(row => [row.id, asPerson(row)]))
  })
}

export async function chatById(db: Db, id: string): Promise<Chat | undefined> {
  const [row] = await db.select().from(chats).where(eq(chats.id, id))
  return row
}

/** Who would read what is sent to a group now: ours alone, people of another house too, or that is yet to be asked about. */
export async function readersIn(db: Db, chat: string): Promise<'ours' | 'outsiders' | 'unread'> {
  const [row] = await rowsOf<{ external: boolean | null; unread: boolean }>(
    db.execute(sql`
      select (select external from chats where id = ${chat}) as external,
        exists (select from settings where name = ${GROUPS_UNREAD}) as unread`),
  )
  if (row?.external) return 'outsiders'
  return row?.unread ? 'unread' : 'ours'
}

/** The groups in which people of another house are known to sit. */
export async function groupsWithOutsiders(db: Db): Promise<Set<string>> {
  const some = await db.select({ id: chats.id }).from(chats).where(eq(chats.external, true))
  return new Set(some.map(({ id }) => id))
}

export async function chatsById(db: Db, ids: string[]): Promise<Chat[]> {
  return ids.length ? db.select().from(chats).where(inArray(chats.id, ids)) : []
}

/** Who sits in a chat, for use within another query. */
export const membersOf = (db: Db, chat: string) =>
  db.select({ person: members.person }).from(members).where(eq(members.chat, chat))

const readMember = statement(db =>
  db
    .select()
    .from(members)
    .where(and(eq(members.chat, sql.placeholder('chat')), eq(members.person, sql.placeholder('person'))))
    .prepare('member'),
)

export async function isMember(db: Db, chat: string, person: string): Promise<boolean> {
  return (await readMember(db, { chat, person })).length > 0
}

export async function directorySize(db: Db): Promise<{ people: number; departments: number; groups: number }> {
  const count = (of: typeof people | typeof departments | typeof chats, where = sql`true`) =>
    db
      .select({ n: sql`count(*)`.mapWith(Number) })
      .from(of)
      .where(where)
  const [[p], [d], [g]] = [
    await count(people, sql`${people.active} and ${people.name} <> ''`),
    await count(departments),
    await count(chats, sql`${chats.kind} = 'group' and ${chats.present}`),
  ]
  return { people: p?.n ?? 0, departments: d?.n ?? 0, groups: g?.n ?? 0 }
}

export function asPerson(row: typeof people.$inferSelect): Person {
  return {
    id: row.id,
    name: row.name,
    departments: row.departments,
    leader: row.leader ?? undefined,
    active: row.active,
  }
}

/** Gives the person's row a new version, so that nobody goes on believing what they remember of the person. */
export async function touchPerson(db: Db, id: string): Promise<void> {
  await db.update(people).set({ id }).where(eq(people.id, id))
  forget(db)
}

/** Groups that we and a person sit in, by name. */
export async function groupsOf(db: Db, person: string, limit: number): Promise<Array<{ id: string; name: string }>> {
  return db
    .select({ id: chats.id, name: chats.name })
    .from(chats)
    .innerJoin(members, eq(members.chat, chats.id))
    .where(and(eq(members.person, person), eq(chats.kind, 'group'), eq(chats.present, true)))
    .orderBy(asc(chats.name))
    .limit(limit)
}

/** Who hears what is said in a group; undefined when we are not (any more) in it. */
export async function audienceOf(db: Db, chat: string): Promise<{ name: string; members: number } | undefined> {
  const [row] = await db
    .select({ name: chats.name, members: sql`count(${members.person})`.mapWith(Number) })
    .from(chats)
    .leftJoin(members, eq(members.chat, chats.id))
    .where(and(eq(chats.id, chat), eq(chats.kind, 'group'), eq(chats.present, true)))
    .groupBy(chats.id)
  return row
}

export async function chatsNamed(db: Db, names: readonly string[]): Promise<Chat[]> {
  if (!names.length) return []
  return db
    .select()
    .from(chats)
    .where(and(inArray(chats.name, [...names]), eq(chats.kind, 'group'), chats.present))
    .limit(200)
}
