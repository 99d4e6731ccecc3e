import { type SQL, sql } from 'drizzle-orm'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Db } from '../db/client.ts'
import type { Database } from '../src/node/database.ts'
import type { Way } from './chaos/way.ts'
import { hasPostgres } from './harness/databases.ts'
import { TestOffice, type TestPerson } from './harness/office.ts'
import { handIn, seal, spoken } from './harness/signed.ts'
import { count, rows, until } from './harness/traces.ts'
import { openTwoWays, type TwoWays } from './harness/two-ways.ts'

describe.runIf(hasPostgres)('trust D32: a connection that ends, or whose other end has vanished', () => {
  let ways: TwoWays
  let way: Way
  /** By a way that can fall silent, and by the straight one. */
  let database: Database
  let straight: Database
  beforeAll(async () => {
    ways = await openTwoWays('id integer primary key, times integer')
    ;({ way, database, straight } = ways)
  })
  afterAll(() => ways.close())

  const KEEP = sql`insert into kept values (1, 1) on conflict (id) do update set times = kept.times + 1`
  const twelve = (db: Db, what: SQL) => Promise.all(Array.from({ length: 12 }, () => db.execute(what)))
  const pids = async (db: Db): Promise<string[]> =>
    (
      await rows<{ pid: number }>(
        db,
        'select pid from pg_stat_activity where datname = current_database() order by pid',
      )
    ).map(({ pid }) => String(pid))
  /** Of the connections that a pool has. */
  const ownPids = async (db: Db): Promise<string[]> => {
    const told = await Promise.all(
      Array.from({ length: 12 }, () => rows<{ pid: number }>(db, 'select pg_backend_pid() as pid, pg_sleep(0.05)')),
    )
    return [...new Set(told.flat().map(({ pid }) => String(pid)))]
  }
  const timed = async (run: () => PromiseLike<unknown>): Promise<{ failed: boolean; ms: number }> => {
    const started = performance.now()
    const failed = await Promise.resolve(run()).then(
      () => false,
      () => true,
    )
    return { failed, ms: performance.now() - started }
  }

  it('is given up within 5 s, whatever was asked over it; others take its place, and what it held is free', async () => {
    // those that were made last are asked first
    await Promise.all(
      Array.from({ length: 12 }, (_, nth) => database.db.execute(sql`select pg_sleep(${0.3 - nth * 0.02})`)),
    )
    await twelve(straight.db, sql`select pg_sleep(0.05)`)
    const own = await ownPids(straight.db)
    const asked = await Promise.all([
      timed(() =>
        database.db.transaction(async tx => {
          await tx.execute(KEEP)
          way.silence()
          await tx.execute(sql`select 1`)
        }),
      ),
      ...[
        () => database.db.execute(sql`select 1`),
        () => database.db.execute(sql`select ${'a value'}::text`),
        () => database.db.transaction(tx => Promise.all([tx.execute(sql`select 1`), tx.execute(sql`select 2`)])),
      ].map(run => until(() => way.isSilent).then(() => timed(run))),
    ])
    for (const { failed, ms } of asked) {
      expect(failed).toBe(true)
      expect(ms).toBeLessThan(5_000)
    }
    expect(await timed(() => database.db.execute(sql`select 1`))).toMatchObject({ failed: false })
    const ends = performance.now() + 10_000
    while ((await timed(() => database.db.execute(KEEP))).failed) expect(performance.now()).toBeLessThan(ends)
    // one that only rests is left alone
    const still = await pids(straight.db)
    expect(own.filter(pid => !still.includes(pid))).toEqual([])
  })

  it('has the system of the server ask whether anybody is there', async () => {
    const told = await rows<{ name: string; setting: string }>(
      straight.db,
      `select name, setting from pg_settings where name like 'tcp_%' or name = 'idle_in_transaction_session_timeout' order by name`,
    )
    expect(Object.fromEntries(told.map(({ name, setting }) => [name, Number(setting)]))).toEqual({
      idle_in_transaction_session_timeout: 9_000,
      tcp_keepalives_count: 2,
      tcp_keepalives_idle: 5,
      tcp_keepalives_interval: 2,
      tcp_user_timeout: 9_000,
    })
  })

  const ends: Array<[string, (tx: Db) => Promise<unknown>]> = [
    ['asks on', tx => tx.execute(sql`select 1`)],
    ['asks several things at once', tx => Promise.all([tx.execute(sql`select 1`), tx.execute(sql`select 2`)])],
    ['is done', async () => {}],
    [
      'fails of itself',
      async () => {
        throw new Error('of itself')
      },
    ],
  ]
  it.each(ends)(
    'a transaction whose connection ends while it reckons, and that then %s, fails alone',
    async (_, then) => {
      const before = await count(straight.db, 'kept where id = 2')
      const turn = database.db.transaction(async tx => {
        const [own] = await rows<{ pid: number }>(tx as never, 'select pg_backend_pid() as pid')
        await tx.execute(sql`insert into kept values (2, 1)`)
        await rows(straight.db, `select pg_terminate_backend(${own?.pid})`)
        await until(async () => !(await pids(straight.db)).includes(String(own?.pid)))
        await rows(straight.db, 'select pg_sleep(0.1)')
        await then(tx)
      })
      await expect(turn).rejects.toThrow()
      await database.db.execute(sql`select 1`)
      expect(await count(straight.db, 'kept where id = 2')).toBe(before)
    },
  )

  it('does not keep the program from ending', async () => {
    await twelve(database.db, sql`select pg_sleep(0.05)`)
    way.silence()
    const asked = timed(() => database.db.execute(sql`select 1`))
    expect((await timed(() => database.close())).ms).toBeLessThan(5_000)
    expect((await asked).failed).toBe(true)
  })
})

describe.runIf(hasPostgres)('trust D33: what a database may object to', () => {
  let office: TestOffice
  let wang: TestPerson
  let chat: string
  beforeAll(async () => {
    office = await TestOffice.open({ kind: 'Postgres' })
    wang = office.person('王强')
    chat = await wang.privateChat()
    await rows(office.database.db, 'create sequence objections')
    await rows(
      office.database.db,
      `create function object() returns trigger language plpgsql as $$ begin
         if nextval('objections') <= tg_argv[1]::int then raise exception 'objection' using errcode = tg_argv[0]; end if;
         return new;
       end $$`,
    )
  })
  beforeEach(() => rows(office.database.db, `select setval('objections', 1, false)`))
  afterEach(() => rows(office.database.db, 'drop trigger if exists objecting on assignments'))
  afterAll(() => office.close())

  /** The first so many attempts to keep an assignment fail. */
  const objects = (code: string, times: number) =>
    rows(
      office.database.db,
      `create trigger objecting before insert on assignments for each row execute function object('${code}', ${times})`,
    )
  const given = (title: string) => count(office.database.db, `assignments where title = '${title}'`)
  const ask = (title: string) => seal(spoken({ who: wang.id, chat, text: `/交办 @郑洁 ${title}` }))

  it.each(['40001', '40P01'])('%s: whoever got in the way has gone; it is done at once', async code => {
    await objects(code, 2)
    const title = `整理档案甲${code === '40001' ? '乙' : '丙'}`
    expect((await handIn(office.botUrl, ask(title))).status).toBe(200)
    await office.settled()
    expect(await given(title)).toBe(1)
  })

  it.each([
    ['40P01', '丁', 5],
    ['53300', '戊', 1],
    ['25006', '己', 1],
  ])(
    '%s again and again: nothing is acknowledged that is not kept, and the redelivery does it',
    async (code, word, times) => {
      await objects(code, times)
      const title = `整理档案${word}`
      const delivery = ask(title)
      const first = await handIn(office.botUrl, delivery)
      expect(first.status).toBe(503)
      expect(await given(title)).toBe(0)
      let last = first
      for (let i = 0; i < 4 && last.status !== 200; i++) last = await handIn(office.botUrl, delivery)
      expect(last.status).toBe(200)
      await office.settled()
      expect(await given(title)).toBe(1)
      await wang.says('/帮助')
      expect((await wang.seesCard()).card.title).toBe('回音 · 帮助')
    },
  )

  it('57P01 as it is noted that a message has arrived: it is not called failed, however often it was tried', async () => {
    const { db } = office.database
    await rows(
      db,
      `create function tried() returns trigger language plpgsql as $$ begin new.attempts := 9; return new; end $$`,
    )
    await rows(db, 'create trigger tried before insert on outbox for each row execute function tried()')
    await rows(
      db,
      `create trigger unnoted before update on outbox for each row when (new.state = 'sent') execute function object('57P01', 1)`,
    )
    await handIn(office.botUrl, seal(spoken({ who: wang.id, chat, text: '/待办' })))
    await until(async () => office.log.some(line => line.includes('delivery broke')))
    for (const name of ['tried', 'unnoted']) await rows(db, `drop trigger ${name} on outbox`)
    await until(async () => (await count(db, `outbox where state <> 'sent'`)) === 0, 20_000)
    expect(await count(db, `outbox where state = 'failed'`)).toBe(0)
  })
})
