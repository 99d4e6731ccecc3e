import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { sql } from 'drizzle-orm'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import {
  type Db,
  drawingOn,
  isPassing,
  isUnreachable,
  type OpenDb,
  openPostgres,
  rawStatement,
  sqlFault,
} from '../db/client.ts'
import { migrateServer } from '../db/migrate.ts'
import { CONNECTIONS, type Database, DRAWING } from '../src/node/database.ts'
import { withoutLastWord } from '../src/node/last-word.ts'
import { MIGRATIONS } from '../src/node/migrations.ts'
import { watchfulSockets } from '../src/node/sockets.ts'
import type { Way } from './chaos/way.ts'
import { hasPostgres } from './harness/databases.ts'
import { startTlsServer, type TlsServer } from './harness/tls.ts'
import { count, pause, rows, until } from './harness/traces.ts'
import { openTwoWays, type TwoWays } from './harness/two-ways.ts'

/** What nobody waited for and broke, meanwhile. */
const uncaught: unknown[] = []
const note = (error: unknown) => uncaught.push(error)
beforeAll(() => {
  process.on('unhandledRejection', note)
})
afterAll(() => {
  process.off('unhandledRejection', note)
})
afterEach(() => {
  expect(uncaught.splice(0)).toEqual([])
})

describe.runIf(hasPostgres).each(['plain', 'encrypted'])(
  '%s connections to the database that end all at once',
  kind => {
    const OTHERS = CONNECTIONS - DRAWING
    const ROUNDS = 8
    let server: TlsServer | undefined
    let ways: TwoWays
    let way: Way
    let database: Database
    let straight: Database
    beforeAll(async () => {
      if (kind === 'encrypted') server = await startTlsServer()
      ways = await openTwoWays('id text primary key', server?.at('sslmode=require'))
      ;({ way, database, straight } = ways)
    })
    afterAll(async () => {
      await ways.close()
      await server?.stop()
    })

    const keep = rawStatement(sql`insert into kept values (${sql.placeholder('id')}) returning id`)
    const each = <T>(ask: (nth: number) => T): T[] => Array.from({ length: OTHERS }, (_, nth) => ask(nth))
    /** By the word of the driver: kept, not kept, or no word at all. */
    const outcome = (asked: Promise<unknown[]>): Promise<'kept' | 'empty' | 'failed' | 'silent'> =>
      Promise.race([
        asked.then(
          ({ length }) => (length ? ('kept' as const) : ('empty' as const)),
          () => 'failed' as const,
        ),
        pause(20_000).then(() => 'silent' as const),
      ])
    const everyConnection = () => Promise.all(each(() => database.db.execute(sql`select pg_sleep(0.05)`)))

    it('whatever is asked as they end is answered, and nothing is called done that is not', async () => {
      for (let round = 0; round < ROUNDS; round++) {
        await everyConnection()
        const working = each(nth => database.db.execute(sql`select pg_sleep(${nth % 2 ? 5 : 0})`))
        await Promise.all(working.filter((_, nth) => nth % 2 === 0))
        const again = working.map((one, nth) =>
          Promise.resolve(one).then(
            () => 'over' as const,
            () => outcome(keep(database.db, { id: `${round}.${nth}` })),
          ),
        )
        way.cut()
        const ended = await Promise.all(again)
        expect(ended).not.toContain('silent')
        expect(ended).not.toContain('empty')
        const done = ended.flatMap((one, nth) => (one === 'kept' ? [`${round}.${nth}`] : []))
        expect(await count(straight.db, `kept where id like '${round}.%'`)).toBe(done.length)
      }
    }, 120_000)

    it('the next ones are there at once, and nothing of before is said over them', async () => {
      for (let round = 0; round < ROUNDS; round++) {
        await everyConnection()
        const working = each(() => database.db.execute(sql`select pg_sleep(5)`).then(undefined, () => undefined))
        // while one after another ends, what is asked anew comes to those whose end is not known yet
        const asked = working.map(one => one.then(() => outcome(keep(database.db, { id: crypto.randomUUID() }))))
        way.cut()
        await Promise.all(asked)
        const outcomes = await Promise.all(each(() => outcome(keep(database.db, { id: crypto.randomUUID() }))))
        expect(outcomes).toEqual(each(() => 'kept'))
      }
    }, 120_000)

    it.each([
      ['as something is asked in it', (db: Db) => db.execute(sql`select pg_sleep(5)`)],
      ['before anything is', async (db: Db, cut: Promise<void>) => cut.then(() => db.execute(sql`select 1`))],
      [
        'and it fails for another reason',
        async (_: Db, cut: Promise<void>) => cut.then(() => Promise.reject(new Error('other'))),
      ],
    ])(
      'a transaction within one fails with its connection, and nothing else does: %s',
      async (_, ask) => {
        for (const depth of ['begun', 'to begin'] as const) {
          let lose = () => {}
          const lost = new Promise<void>(done => {
            lose = done
          }).then(() => pause(50))
          const within = (tx: Db) => tx.transaction(async inner => void (await ask(inner, lost)))
          const turns = each(() =>
            database.db.transaction(async tx => {
              await tx.execute(sql`select 1`)
              if (depth === 'to begin') await lost
              await within(tx)
            }),
          )
          await pause(200)
          way.cut()
          lose()
          const ended = await Promise.allSettled(turns)
          expect(ended.map(({ status }) => status)).toEqual(each(() => 'rejected'))
          const outcomes = await Promise.all(each(() => outcome(keep(database.db, { id: crypto.randomUUID() }))))
          expect(outcomes).toEqual(each(() => 'kept'))
        }
      },
      60_000,
    )

    it('what Postgres says as it ends them is told to whoever asked then, and to nobody who asks after', async () => {
      await everyConnection()
      const working = each(() => outcome(database.db.execute(sql`select pg_sleep(5)`) as unknown as Promise<unknown[]>))
      const theirs = `from pg_stat_activity where query like '%pg_sleep(5)%' and pid <> pg_backend_pid()`
      await until(async () => (await rows(straight.db, `select pid ${theirs}`)).length === OTHERS)
      await rows(straight.db, `select pg_terminate_backend(pid) ${theirs}`)
      expect(await Promise.all(working)).toEqual(each(() => 'failed'))
      const outcomes = await Promise.all(each(nth => outcome(keep(database.db, { id: `after.${nth}` }))))
      expect(outcomes).toEqual(each(() => 'kept'))
      expect(await count(straight.db, `kept where id like 'after.%'`)).toBe(OTHERS)
    }, 120_000)

    it('those that cards are drawn on end with the others, and are made anew', async () => {
      const drawing = drawingOn(database.db)
      expect(drawing).not.toBe(database.db)
      const asks = (db: Db) => outcome(db.execute(sql`select pg_sleep(5)`) as unknown as Promise<unknown[]>)
      const working = [...each(() => asks(database.db)), asks(drawing), asks(drawing)]
      await pause(200)
      way.cut()
      expect(new Set(await Promise.all(working))).toEqual(new Set(['failed']))
      const after = each(nth => outcome(keep(drawing, { id: `drawn.${nth}` })))
      expect(new Set(await Promise.all(after))).toEqual(new Set(['kept']))
      way.silence()
      expect(await outcome(keep(drawing, { id: 'drawn.into silence' }))).toBe('failed')
      expect(await outcome(keep(drawing, { id: 'drawn.at last' }))).toBe('kept')
    }, 120_000)
  },
)

describe('what a failed statement tells of the next', () => {
  it.each([
    ['ECONNREFUSED', 'nothing may', 'later'],
    ['CONNECT_TIMEOUT', 'nothing may', 'later'],
    ['EAI_AGAIN', 'nothing may', 'later'],
    ['57P03', 'nothing may', 'later'],
    ['53300', 'another may', 'later'],
    ['CONNECTION_CLOSED', 'another may', 'later'],
    ['57P01', 'another may', 'later'],
    ['40001', 'another may', 'later'],
    ['55P03', 'another may', 'later'],
    ['23505', 'another may', 'never'],
    ['42P01', 'another may', 'never'],
  ])('%s: %s be written now, the same %s', (code, others, itself) => {
    const error = Object.assign(new Error('failed'), { cause: Object.assign(new Error(code), { code }) })
    expect([isUnreachable(error), isPassing(error)]).toEqual([others === 'nothing may', itself === 'later'])
  })
})

describe('what Postgres says', () => {
  const said = (type: string, words: string): Buffer => {
    const length = Buffer.alloc(4)
    length.writeUInt32BE(4 + Buffer.byteLength(words))
    return Buffer.concat([Buffer.from(type), length, Buffer.from(words)])
  }
  const error = (severity: string) => said('E', `S严重\0V${severity}\0C57P01\0Mterminating connection\0\0`)
  const before = Buffer.concat([
    ...[said('R', '\0\0\0\0'), error('FATAL'), said('Z', 'I'), said('D', 'E\0VFATAL\0'), error('ERROR')],
    ...[said('Z', 'I'), said('D', 'x'.repeat(300))],
  ])

  it.each(['FATAL', 'PANIC'])('passes whole, in whatever pieces it comes, up to the %s that ends a connection', end => {
    const whole = Buffer.concat([before, error(end), said('Z', 'I')])
    for (let size = 1; size <= whole.length; size++) {
      const passing = withoutLastWord()
      const pieces = Array.from({ length: Math.ceil(whole.length / size) }, (_, nth) =>
        passing(whole.subarray(nth * size, (nth + 1) * size)),
      )
      expect(Buffer.concat(pieces).subarray(0, before.length).equals(before)).toBe(true)
      expect(Buffer.concat(pieces).includes(`V${end}\0C`, before.length)).toBe(false)
    }
  })
})

describe('another end that is no database', () => {
  let server: Server
  let answered = 0
  let opened: OpenDb | undefined
  afterEach(async () => {
    await opened?.close()
    opened = undefined
    answered = 0
    await new Promise(done => server.close(done))
  })
  /** The address of one that does so to whoever calls. */
  const serve = async (answer: (socket: Socket) => void): Promise<string> => {
    server = createServer(socket => {
      answered++
      socket.on('error', () => {}).resume()
      answer(socket)
    })
    await new Promise<void>(done => server.listen(0, '127.0.0.1', done))
    return `postgres://nobody@127.0.0.1:${(server.address() as AddressInfo).port}/nothing`
  }

  it('hangs up on everybody: whoever asks is told so, and it is not called again and again', async () => {
    const url = await serve(socket => socket.end())
    opened = openPostgres(url, { max: 1, socket: watchfulSockets() })
    const error = await opened.db.execute(sql`select 1`).then(
      () => undefined,
      (error: unknown) => error,
    )
    expect(sqlFault(error)?.code).toBe('CONNECTION_CLOSED')
    expect(answered).toBe(1)
  })

  it('greets and ends in one breath, as one does that is being stopped: it alone fails that wanted to migrate', async () => {
    const isOk = Buffer.from([...Buffer.from('R'), 0, 0, 0, 8, 0, 0, 0, 0])
    const isReady = Buffer.from([...Buffer.from('Z'), 0, 0, 0, 5, ...Buffer.from('I')])
    const fields = Buffer.from('SFATAL\0VFATAL\0C57P01\0Mterminating connection due to administrator command\0\0')
    const isOver = Buffer.concat([Buffer.from([...Buffer.from('E'), 0, 0, 0, fields.length + 4]), fields])
    const url = await serve(socket =>
      socket.once('data', () => {
        socket.write(Buffer.concat([isOk, isReady, isOver]))
        setTimeout(() => socket.end(), 20)
      }),
    )
    await expect(migrateServer(url, MIGRATIONS)).rejects.toThrow()
    await until(() => answered === 1)
    await pause(200)
  })
})
