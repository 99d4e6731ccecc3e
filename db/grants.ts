import { sql } from 'drizzle-orm'
import { type Db, rowsOf } from './client.ts'

/**
 * A role of the database for the program itself, which owns nothing: it reads and writes, but changes no table, and what is evidence
 * it can only add to. Triggers refuse the rest to everybody; this role cannot switch them off.
 */

/** Tables that are evidence: rows are added and never changed or taken away. */
const APPEND_ONLY = ['events', 'audit_chain']
const names = sql.join(
  APPEND_ONLY.map(name => sql`${name}`),
  sql`, `,
)

/** What lets the program work under `role`, as statements to be run by the owner of the tables. */
export async function grantsFor(db: Db, role: string): Promise<string[]> {
  const kept = await evidence(db)
  const [row] = await rowsOf<{ database: string }>(db.execute(sql`select quote_ident(current_database()) as database`))
  const to = quoted(role)
  return [
    'revoke create on schema public from public',
    `revoke create, temporary on database ${row?.database} from public`,
    `grant connect on database ${row?.database} to ${to}`,
    `grant usage on schema public, drizzle to ${to}`,
    `revoke all on all tables in schema public from ${to}`,
    `grant select, insert, update, delete on all tables in schema public to ${to}`,
    ...kept.map(name => `revoke update, delete on ${name} from ${to}`),
    `grant usage, select on all sequences in schema public to ${to}`,
    `grant select on all tables in schema drizzle to ${to}`,
    `grant usage, select on all sequences in schema drizzle to ${to}`,
    `alter default privileges in schema public grant select, insert, update, delete on tables to ${to}`,
    `alter default privileges in schema public grant usage, select on sequences to ${to}`,
  ]
}

/** Those that this database has. */
async function evidence(db: Db): Promise<string[]> {
  const rows = await rowsOf<{ name: string }>(
    db.execute(sql`
      select quote_ident(relname) as name from pg_class
      where relnamespace = 'public'::regnamespace and relkind = 'r' and relname in (${names}) order by relname`),
  )
  return rows.map(({ name }) => `public.${name}`)
}

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`

/** All of them or none. */
export async function grant(db: Db, statements: string[]): Promise<void> {
  await db.transaction(async tx => {
    for (const one of statements) await tx.execute(sql.raw(one))
  })
}

/** What new tables want is granted to each role that got all of this before: the owner's default privileges tell which. */
export async function renewGrants(db: Db): Promise<void> {
  const rows = await rowsOf<{ role: string }>(
    db.execute(sql`
      select rolname as role from pg_default_acl, aclexplode(defaclacl) given join pg_roles on pg_roles.oid = given.grantee
      where defaclnamespace = 'public'::regnamespace and defaclobjtype = 'r'
        and defaclrole = (select oid from pg_roles where rolname = current_user) and given.grantee <> defaclrole
      group by rolname
      having array_agg(given.privilege_type) @> array['SELECT', 'INSERT', 'UPDATE', 'DELETE']`),
  )
  for (const { role } of rows) await grant(db, await grantsFor(db, role))
}

/** Why a role cannot be made to hold less than everything; undefined = it can. */
export async function roleFault(db: Db, role: string): Promise<string | undefined> {
  const [row] = await rowsOf<{ mighty: boolean; owns: boolean; own: boolean }>(
    db.execute(sql`
      select rolsuper or rolcreaterole or rolreplication or rolbypassrls as mighty, rolname = current_user as own,
        exists (select from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r'
          and pg_has_role(pg_roles.oid, relowner, 'MEMBER')) as owns
      from pg_roles where rolname = ${role}`),
  )
  if (!row)
    return `There is no role ${role} in this database server. Make it first: create role ${quoted(role)} login password '…'`
  if (row.own) return `${role} is the role that owns the tables. Name another one, made for the program alone.`
  if (row.mighty || row.owns)
    return `${role} is a superuser, may make roles, or belongs to the owner of the tables: nothing can be kept from it. Name another one.`
  return undefined
}

/** What the role of this connection could do to evidence, or to the tables, all the same; nothing = it is restricted. */
export async function powersOverHistory(db: Db): Promise<string[]> {
  const rows = await rowsOf<{ power: string }>(
    db.execute(sql`
      select 'superuser' as power from pg_roles where rolname = current_user and rolsuper
      union all select 'create in schema public' where has_schema_privilege('public', 'create')
      union all select lower(kind) || ' ' || relname
        from pg_class, unnest(array['UPDATE', 'DELETE', 'TRUNCATE', 'TRIGGER']) kind
        where relnamespace = 'public'::regnamespace and relkind = 'r' and has_table_privilege(pg_class.oid, kind)
          and relname in (${names})
      union all select 'own ' || relname from pg_class
        where relnamespace = 'public'::regnamespace and relkind = 'r' and pg_has_role(relowner, 'USAGE')
          and relname in (${names})`),
  )
  return rows.map(({ power }) => power)
}
