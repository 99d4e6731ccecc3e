import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import postgres from 'postgres'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { grantsFor, powersOverHistory } from '../db/grants.ts'
import { seal } from '../src/bot/seal.ts'
import { type Database, openDatabase } from '../src/node/database.ts'
import { MIGRATIONS } from '../src/node/migrations.ts'
import { type Cast, openCast } from './harness/cast.ts'
import { createDatabase, dropDatabase, hasPostgres } from './harness/databases.ts'
import { databaseAt } from './harness/earlier.ts'
import { live, mishaps } from './harness/life.ts'
import { operate } from './harness/operator.ts'
import { removal } from './harness/removal.ts'
import { count, rows } from './harness/traces.ts'

const ROLE = `huiyin_app_${process.pid}`
const as = (url: string, role: string) => url.replace(/\/\/[^@]*@/, `//${role}@`)

describe.runIf(hasPostgres)('a role of the database for the program alone', () => {
  let owners = ''
  let own = ''
  let restricted: Database
  const file = join(mkdtempSync(join(tmpdir(), 'huiyin-role-')), 'one.backup')
  beforeAll(async () => {
    owners = await createDatabase()
    own = as(owners, ROLE)
    await (await openDatabase({ databaseUrl: owners, dataDir: '' })).close()
    await onServer(`create role ${ROLE} login`)
  })
  afterAll(async () => {
    await restricted?.close()
    await dropDatabase(owners)
    await onServer(`drop role ${ROLE}`)
    rmSync(dirname(file), { recursive: true })
  })

  const onServer = async (statement: string): Promise<void> => {
    const sql = postgres(inject('postgresUrl'), { max: 1, onnotice: () => {} })
    await sql.unsafe(statement)
    await sql.end()
  }
  const word = (...words: string[]) => operate(words, { DATABASE_URL: owners })

  it('is told which statements make it, or has them run', async () => {
    const shown = await word('role', ROLE)
    expect(shown.code).toBe(0)
    expect(shown.said).toContain(`revoke update, delete on public.events from "${ROLE}";`)
    expect(await word('role', 'nobody_here')).toMatchObject({
      code: 1,
      said: expect.stringContaining('There is no role'),
    })
    expect(await word('role', 'huiyin')).toMatchObject({ code: 1, said: expect.stringContaining('owns the tables') })
    expect(await word('role', ROLE, '--apply')).toMatchObject({ code: 0 })
    restricted = await openDatabase({ databaseUrl: own, dataDir: '' })
    expect(await powersOverHistory(restricted.db)).toEqual([])
  })

  it('lets the whole program work', async () => {
    const cast = await openCast({ database: { ...restricted, close: async () => {} } })
    await live(cast)
    expect(mishaps(cast.office)).toEqual([])
    for (const table of [
      'assignments',
      'tasks',
      'meetings',
      'trips',
      'runs',
      'reminders',
      'broadcasts',
      'deputies',
      'secrecy_alerts',
    ])
      expect(await count(restricted.db, table), table).toBeGreaterThan(0)
    await cast.office.close()
  }, 120_000)

  it.each([
    `update events set who = 'x'`,
    `update events set who = 'x' where false`,
    'delete from events',
    'truncate events',
    'truncate events cascade',
    `insert into events overriding system value select * from events limit 1 on conflict (id) do update set who = 'x'`,
    'select * from events for update',
    'do $$ begin lock table events in access exclusive mode; end $$',
    'alter table events disable trigger all',
    'alter table events disable trigger events_append_only',
    'drop trigger events_append_only on events',
    'create trigger other before insert on events for each row execute function refuse_change()',
    'create rule other as on insert to events do instead nothing',
    'create or replace function refuse_change() returns trigger language plpgsql as $$ begin return new; end $$',
    'drop function refuse_change() cascade',
    'drop table events',
    'alter table events rename to old_events',
    'alter table events add column more text',
    'alter table events owner to current_user',
    'alter table events enable row level security',
    `set session_replication_role = 'replica'`,
    `copy events from program 'true'`,
    `copy (select 1) to '/tmp/huiyin-copied'`,
    'create table copied as select * from events',
    'create table public.another (id integer)',
    'create temporary table events (id integer)',
    'create schema another',
    'drop schema public cascade',
    `select setval('events_id_seq', 1)`,
    `alter sequence events_id_seq restart`,
    'set role huiyin',
    'set session authorization huiyin',
    `alter role ${ROLE} superuser`,
    `delete from pg_trigger`,
    'delete from drizzle.__drizzle_migrations',
  ])('is refused: %s', async statement => {
    const before = await count(restricted.db, 'events')
    const code = await rows(restricted.db, statement).then(
      () => 'done',
      (error: unknown) => (error as { cause?: { code?: string } }).cause?.code,
    )
    expect(code).toBe('42501')
    expect(await count(restricted.db, 'events')).toBe(before)
  })

  it('can hand nothing on that it does not have', async () => {
    // Postgres only warns of it
    await rows(restricted.db, 'grant update, delete on events to public')
    expect(await powersOverHistory(restricted.db)).toEqual([])
  })

  it('is not who takes away audit records that are over, and verifies what the owner has left', async () => {
    const statement = removal(new Date('2030-11-26T09:00:00+08:00'))
    const cast = await openCast({
      database: { ...restricted, close: async () => {} },
      now: '2030-11-26T09:00:00+08:00',
    })
    await expect(rows(restricted.db, statement)).rejects.toMatchObject({ cause: { code: '42501' } })
    const before = await count(restricted.db, `events where at < '2029-11-01'`)
    while (await seal(cast.office.bot.house.office));
    const owner = postgres(owners, { max: 1, onnotice: () => {} })
    await owner.unsafe(statement)
    await owner.end()
    expect(before).toBeGreaterThan(1)
    expect(await count(restricted.db, `events where at < '2029-11-01'`)).toBe(1)
    await verified(cast)
    await cast.office.close()
  }, 120_000)

  const verified = async ({ office }: Cast) => {
    const auditor = office.person('郑洁')
    await office.person('刘芳').says('/角色 @郑洁 安全审计员')
    while (await seal(office.bot.house.office));
    await auditor.says('/审计 校验')
    const { title, text } = (await auditor.seesCard()).card
    expect(`${title}\n${text}`).toMatch(/完整\n[\s\S]*自第\d+条\(2026年11月\d+日\)起,此前记录已按保存期限清除/)
  }

  it('backs up and examines; only the owner restores, and nothing of the role is lost thereby', async () => {
    const found = await operate(['doctor'], { DATABASE_URL: own })
    expect(found.said).toContain('✓ Role           cannot change the history')
    expect((await operate(['doctor'], { DATABASE_URL: owners })).said).toContain(
      '· Role           could change the history',
    )
    expect(await operate(['migrate'], { DATABASE_URL: own })).toMatchObject({ code: 0 })
    await restricted.close()
    expect(await operate(['backup', file], { DATABASE_URL: own })).toMatchObject({ code: 0 })
    expect(await operate(['restore', file, '--replace'], { DATABASE_URL: own })).toMatchObject({
      code: 1,
      said: expect.stringContaining('Restore with that of the owner'),
    })
    expect(await operate(['restore', file, '--replace'], { DATABASE_URL: owners })).toMatchObject({ code: 0 })
    restricted = await openDatabase({ databaseUrl: own, dataDir: '' })
    expect(await powersOverHistory(restricted.db)).toEqual([])
    expect(
      await rows(restricted.db, `select act from events where feature = 'setup' and act in ('backup', 'restore')`),
    ).toEqual([{ act: 'restore' }])
    const cast = await openCast({
      database: { ...restricted, close: async () => {} },
      now: '2030-11-27T09:00:00+08:00',
    })
    await verified(cast)
    await cast.office.close()
  }, 120_000)

  it('cannot start the program where tables have to be changed, until the owner has changed them', async () => {
    const [first] = MIGRATIONS.list
    const old = await databaseAt('Postgres', first?.tag ?? '')
    for (const one of await grantsFor(old.db, ROLE)) await rows(old.db, one)
    const refused = await operate(['migrate'], { DATABASE_URL: as(old.url, ROLE) })
    expect(refused).toMatchObject({
      code: 1,
      said: expect.stringContaining('Run `node dist/node.js migrate` with the DATABASE_URL'),
    })
    expect(await operate(['migrate'], { DATABASE_URL: old.url })).toMatchObject({ code: 0 })
    // what new tables want is granted along with them, and evidence stays what it is
    const started = await openDatabase({ databaseUrl: as(old.url, ROLE), dataDir: '' })
    expect(await powersOverHistory(started.db)).toEqual([])
    expect(
      await rows(
        started.db,
        `select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r'
           and not (has_table_privilege(oid, 'select') and has_table_privilege(oid, 'insert'))`,
      ),
    ).toEqual([])
    await started.close()
    await old.close()
  })
})
