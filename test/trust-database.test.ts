import { connect, createServer, type Socket } from 'node:net'
import { sql } from 'drizzle-orm'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Database, openDatabase } from '../src/node/database.ts'
import { createDatabase, dropDatabase, hasPostgres } from './harness/databases.ts'
import { TestOffice, type TestPerson } from './harness/office.ts'
import { handIn, seal, spoken } from './harness/signed.ts'
import { count, pause, rows } from './harness/traces.ts'

/** A way to the database that can fall silent without closing, as when a cable is pulled. */
async function wayTo(url: string) {
  const { hostname, port } = new URL(url)
  const pairs: Array<[Socket, Socket]> = []
  const server = createServer(near => {
    const far = connect(Number(port), hostname)
    pairs.push([near, far])
    near.pipe(far)
    far.pipe(near)
    for (const one of [near, far]) one.on('error', () => {})
  })
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done))
  const address = server.address()
  const through = new URL(url)
  through.port = String(typeof address === 'object' && address ? address.port : 0)
  return {
    url: through.href,
    /** What is connected now hears nothing any more; who connects anew is served. */
    silence() {
      for (const [near, far] of pairs.splice(0)) {
        near.unpipe(far)
        far.unpipe(near)
        near.pause()
        far.pause()
      }
    },
    close: () => server.close(),
  }
}

describe.runIf(hasPostgres)('trust D32: a connection whose other end has vanished', () => {
  let url: string
  let way: Awaited<ReturnType<typeof wayTo>>
  let database: Database
  beforeAll(async () => {
    url = await createDatabase()
    way = await wayTo(url)
    database = await openDatabase({ databaseUrl: way.url, dataDir: '' })
  })
  afterAll(async () => {
    way.close()
    await dropDatabase(url)
  })

  const timed = async (run: () => PromiseLike<unknown>): Promise<{ failed: boolean; ms: number }> => {
    const started = performance.now()
    const failed = await Promise.resolve(run()).then(
      () => false,
      () => true,
    )
    return { failed, ms: performance.now() - started }
  }

  it('is given up within seconds, whatever was asked over it, and others take its place', async () => {
    await Promise.all(Array.from({ length: 12 }, () => database.db.execute(sql`select pg_sleep(0.05)`)))
    way.silence()
    const asked = await Promise.all([
      timed(() => database.db.execute(sql`select 1`)),
      timed(() => database.db.transaction(tx => tx.execute(sql`select 1`))),
    ])
    for (const { failed, ms } of asked) {
      expect(failed).toBe(true)
      expect(ms).toBeLessThan(7_000)
    }
    const ends = Date.now() + 10_000
    while ((await timed(() => database.db.execute(sql`select 1`))).failed) expect(Date.now()).toBeLessThan(ends)
  })

  it('is left alone while nothing is asked over it', async () => {
    const connections = () =>
      rows<{ pid: number }>(
        database.db,
        `select pid from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid() order by pid`,
      )
    await Promise.all(Array.from({ length: 12 }, () => database.db.execute(sql`select pg_sleep(0.05)`)))
    const before = (await connections()).length
    await pause(6_000)
    expect((await connections()).length).toBe(before)
  })

  it('does not keep the program from ending', async () => {
    await Promise.all(Array.from({ length: 12 }, () => database.db.execute(sql`select pg_sleep(0.05)`)))
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
  afterEach(() => rows(office.database.db, 'drop trigger objecting on assignments'))
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
})
