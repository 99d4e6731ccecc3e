import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import postgres from 'postgres'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { attemptsMs } from '../simulator/delivery.ts'
import type { Delivery, Office as SimOffice } from '../simulator/protocol.ts'
import { type Simulator, startSimulator } from '../simulator/server.ts'
import { createDatabase, dropDatabase, hasPostgres, kinds } from './harness/databases.ts'
import { KEYS } from './harness/office.ts'
import { type Server, startServer } from './harness/postgres.ts'
import { freePort, Program } from './harness/program.ts'
import { botMessages, pause, until } from './harness/traces.ts'

interface Bench {
  sim: Simulator
  program: Program
}

async function bench(env: Record<string, string>, speed = 150, retrySpeed = speed): Promise<Bench> {
  const own = { port: 0, host: '127.0.0.1', botUrl: 'http://127.0.0.1:1', speed, retrySpeed }
  const sim = await startSimulator({ ...KEYS, ...own })
  const program = new Program(sim, await freePort(), env)
  sim.setBotUrl(program.url)
  return { sim, program }
}

async function post<T>(sim: Simulator, path: string, body: unknown): Promise<T> {
  const answer = await fetch(sim.url + path, { method: 'POST', body: JSON.stringify(body) })
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`)
  return (await answer.json()) as T
}

const deliveries = async (sim: Simulator) => (await (await fetch(`${sim.url}/sim/deliveries`)).json()) as Delivery[]

const wordOf = (number: number): string =>
  Array.from(String(number).padStart(4, '0'), digit => 'qrstuvwxyz'[Number(digit)]).join('')
/** The words that name what was said, as they stand in what the bot says of it. */
const WORD = /(?<![a-z])[q-z]{4}(?![a-z])/g

/**
 * What people say in a stream, each message with a word of its own: questions, answered by words that name it, and every third a matter
 * handed to somebody, which two are told of by a card each.
 */
class Stream {
  readonly #sim: Simulator
  readonly #asked: Array<{ word: string; told: number }> = []
  readonly #read = new Set<string>()
  readonly #told = new Map<string, number>()
  #people: Array<{ as: string; chat_id: string; name: string }> = []
  #going = true
  #run: Promise<void> | undefined

  private constructor(sim: Simulator) {
    this.#sim = sim
  }

  /** Everybody has a chat with the bot, which knows who they are. */
  static async open({ sim }: Pick<Bench, 'sim'>): Promise<Stream> {
    const stream = new Stream(sim)
    const { people } = (await (await fetch(`${sim.url}/sim/office`)).json()) as SimOffice
    const isAlone = (name: string) => people.filter(one => one.name === name).length === 1
    const some = people.filter(one => !one.is_frozen && !one.is_resigned && isAlone(one.name)).slice(0, 20)
    stream.#people = await Promise.all(
      some.map(async ({ open_id, name }) => ({
        name,
        as: open_id,
        ...(await post<{ chat_id: string }>(sim, '/sim/p2p', { as: open_id })),
      })),
    )
    // whom it has not read of yet nothing can be handed to
    const probes: string[] = []
    for (let isKnown = false; !isKnown; ) {
      if (probes.length > 30) throw new Error('the directory was never read')
      const word = wordOf(probes.length)
      probes.push(word)
      const others = stream.#people.slice(1).map(({ name }) => `@${name}`)
      await stream.#say(0, `/交办 ${others.join(' ')} 核对 ${word}`)
      const isTold = () => {
        stream.#listen()
        return probes.some(one => stream.#told.get(one) === stream.#people.length)
      }
      isKnown = await until(isTold, 1_000).then(
        () => true,
        () => false,
      )
    }
    return stream
  }

  start(perSecond: number): void {
    this.#run = (async () => {
      while (this.#going) {
        await this.ask()
        await pause(1_000 / perSecond)
      }
    })()
    this.#run.catch(() => {})
  }

  async ask(): Promise<void> {
    const nth = this.#asked.length
    const word = wordOf(1_000 + nth)
    const isHandedOver = nth % 3 === 2
    this.#asked.push({ word, told: isHandedOver ? 2 : 1 })
    const other = this.#people[(nth + 7) % this.#people.length]
    await this.#say(nth, isHandedOver ? `/交办 @${other?.name} 核对 ${word}` : `/帮助 ${word}`)
  }

  /** Each in turn. */
  async #say(nth: number, text: string): Promise<void> {
    const one = this.#people[nth % this.#people.length]
    await post(this.#sim, '/sim/messages', { as: one?.as, chat_id: one?.chat_id, text })
  }

  async stop(): Promise<void> {
    this.#going = false
    await this.#run
  }

  /** How often each was told of, and how often it should be, in the order of asking. */
  told(): Array<{ word: string; told: number; due: number }> {
    this.#listen()
    return this.#asked.map(({ word, told: due }) => ({ word, told: this.#told.get(word) ?? 0, due }))
  }

  /** Reads what the bot has said since. */
  #listen(): void {
    for (const { message_id, content } of botMessages({ sim: this.#sim })) {
      if (this.#read.has(message_id)) continue
      this.#read.add(message_id)
      for (const word of new Set(content.match(WORD))) this.#told.set(word, (this.#told.get(word) ?? 0) + 1)
    }
  }

  /** Until every delivery has been acknowledged, and everything told within so long of that; then some time more for what comes twice. */
  async settled(withinMs: number, acknowledgedWithinMs = withinMs): Promise<void> {
    const sim = this.#sim
    await until(async () => (await deliveries(sim)).every(one => one.state !== 'pending'), acknowledgedWithinMs)
    const missing = () => this.told().filter(({ told, due }) => told < due)
    await until(() => !missing().length, withinMs).catch((error: unknown) => {
      throw new Error(`never told: ${JSON.stringify(missing())}`, { cause: error })
    })
    await pause(300)
  }
}

/** The memory that a process has, and the most that it has had. */
function memoryMb(pid: number): { now: number; peak: number } {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  const mb = (name: string) => Number(new RegExp(`${name}:\\s+(\\d+) kB`).exec(status)?.[1]) / 1_024
  return { now: mb('VmRSS'), peak: mb('VmHWM') }
}

async function expectAllOnce({ sim, stream }: { sim: Simulator; stream: Stream }): Promise<void> {
  expect((await deliveries(sim)).filter(one => one.state === 'given-up')).toEqual([])
  expect(stream.told().filter(({ told, due }) => told !== due)).toEqual([])
}

/**
 * The platform's last two attempts come 39 and 255 s after the first: after all kills, however slow the starts (8 s), and when all come at
 * once a slow machine may still refuse some of them the first time. Whatever is acknowledged before then is not waited for.
 */
const RETRY_SPEED = 100

describe.each(kinds)('trust D: crashes, on %s', kind => {
  let sim: Simulator
  let program: Program
  let dir = ''
  let url = ''
  // the embedded database is one thread with everything else: on a busy machine a few turns a second are all it does
  const perSecond = kind === 'PGlite' ? 5 : 15
  beforeEach(async () => {
    dir = mkdtempSync(join(tmpdir(), 'huiyin-trust-'))
    url = kind === 'Postgres' ? await createDatabase() : ''
    ;({ sim, program } = await bench({ DATA_DIR: dir, ...(url ? { DATABASE_URL: url } : {}) }, 150, RETRY_SPEED))
  })
  afterEach(async () => {
    program.kill('SIGKILL')
    await program.ended()
    await sim.close()
    if (url) await dropDatabase(url)
    rmSync(dir, { recursive: true, force: true })
  })

  it('D27 kill -9 in mid-turn, five times: nothing acknowledged is lost, nothing answered twice, nothing never answered', async () => {
    const starts = [await program.start()]
    const stream = await Stream.open({ sim })
    await fetch(`${sim.url}/sim/faults`, { method: 'PATCH', body: JSON.stringify({ api_latency_after_ms: 120 }) })
    stream.start(perSecond)
    for (let round = 0; round < 5; round++) {
      await pause(900 + 137 * round)
      program.kill('SIGKILL')
      expect(await program.ended()).toBeNull()
      starts.push(await program.start())
    }
    await pause(500)
    await stream.stop()
    await stream.settled(45_000, attemptsMs(RETRY_SPEED) + 45_000)
    await expectAllOnce({ sim, stream })
    // the embedded database has no place among what is measured (trust.md 2); the first start makes every table
    expect(Math.max(...starts.slice(1))).toBeLessThan(kind === 'PGlite' ? 8_000 : 3_000)
  }, 420_000)

  it('D28 SIGTERM under load ends with code 0 in less than 10 s, and nothing is lost or said twice', async () => {
    await program.start()
    const stream = await Stream.open({ sim })
    await fetch(`${sim.url}/sim/faults`, { method: 'PATCH', body: JSON.stringify({ api_latency_after_ms: 120 }) })
    stream.start(perSecond)
    for (let round = 0; round < 2; round++) {
      await pause(800)
      const asked = Date.now()
      program.kill('SIGTERM')
      expect(await program.ended()).toBe(0)
      expect(Date.now() - asked).toBeLessThan(10_000)
      await program.start()
    }
    await stream.stop()
    await stream.settled(45_000, attemptsMs(RETRY_SPEED) + 45_000)
    await expectAllOnce({ sim, stream })
  }, 420_000)
})

/** `dir`: its data, which is then taken away. */
async function answersAndEnds({ sim, program }: { sim: Simulator; program: Program }, dir?: string): Promise<void> {
  const stream = await Stream.open({ sim })
  await stream.ask()
  await stream.settled(10_000)
  program.kill('SIGTERM')
  expect(await program.ended()).toBe(0)
  await sim.close()
  if (dir) rmSync(dir, { recursive: true, force: true })
}

describe('trust D: one process to a data directory', () => {
  it('a second process on the same DATA_DIR is refused with a clear message, and the first is unharmed', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'huiyin-trust-'))
    const { sim, program } = await bench({ DATA_DIR: dir })
    await program.start()
    const second = new Program(sim, await freePort(), { DATA_DIR: dir })
    second.launch()
    expect(await second.ended()).toBe(1)
    expect(second.err).toContain(`in use by process ${program.pid}`)
    expect(second.err).toContain('DATA_DIR')
    expect(await program.asks('/readyz')).toBe(200)
    await answersAndEnds({ sim, program }, dir)
  }, 120_000)
})

describe('trust D: a first start on an embedded database', () => {
  const BUILT = 'dist/empty-database'
  const databases = (dir: string) => readdirSync(dir).filter(name => name.startsWith('pglite'))
  const modeOf = (path: string) => (statSync(path).mode & 0o777).toString(8)

  it('that is cut off at any time leaves nothing half made: the next one is ready, and answers', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'huiyin-first-'))
    const { sim, program } = await bench({ DATA_DIR: dir })
    for (let round = 0; round < 12; round++) {
      for (const name of readdirSync(dir)) rmSync(join(dir, name), { recursive: true, force: true })
      program.launch()
      // from before its files are there to its first words
      if (round % 2) await until(() => databases(dir).length > 0)
      await pause((round >> 1) * 60)
      program.kill('SIGKILL')
      await program.ended()
      await program.start()
      expect(databases(dir)).toEqual(['pglite'])
      program.kill('SIGKILL')
      await program.ended()
    }
    rmSync(join(dir, 'pglite'), { recursive: true })
    mkdirSync(join(dir, 'pglite.new'))
    writeFileSync(join(dir, 'pglite.new', 'PG_VERSION'), '18\n')
    await program.start()
    // whoever runs it may read what somebody else has built, and nobody else what came of it
    const modes = ['', ...readdirSync(BUILT, { recursive: true }).map(String)].map(path => modeOf(join(BUILT, path)))
    expect([...new Set(modes)].sort()).toEqual(['644', '755'])
    expect(modeOf(join(dir, 'pglite'))).toBe('700')
    await answersAndEnds({ sim, program }, dir)
  }, 180_000)
})

/** trust.md R7: for 3 to 30 s. */
const OUTAGE_MS = 30_000

describe.runIf(hasPostgres)('trust D: Postgres comes and goes', () => {
  let server: Server
  beforeAll(async () => {
    const started = await startServer()
    if (!started) throw new Error('no Postgres')
    server = started
  })
  afterAll(() => server?.stop())

  it('D29 killed under load: never a 2xx without a row; acknowledged again within 5 s of its return; no restart', async () => {
    const { sim, program } = await bench({ DATABASE_URL: server.url }, 100)
    await program.start()
    const stream = await Stream.open({ sim })
    await stream.settled(10_000)
    stream.start(15)
    await pause(1_000)
    const pid = program.pid
    const down = Date.now()
    server.kill()
    await pause(OUTAGE_MS)
    expect({ code: program.code, err: program.err }).toMatchObject({ code: undefined })
    expect(await program.asks('/healthz')).toBe(200)
    expect(await program.asks('/readyz')).toBe(503)
    await server.restart()
    const back = Date.now()
    await until(
      async () => (await deliveries(sim)).some(one => one.attempts.some(ack => ack.status === 200 && ack.at > back)),
      5_000,
    )
    await pause(1_000)
    await stream.stop()
    await stream.settled(90_000)
    expect({ pid: program.pid, code: program.code }).toEqual({ pid, code: undefined })
    const all = await deliveries(sim)
    const during = all.flatMap(one => one.attempts.filter(ack => ack.at > down + 500 && ack.at < back - 1_500))
    expect(during.length).toBeGreaterThan(200)
    for (const { status, ms } of during) {
      expect(status).toBeGreaterThanOrEqual(500)
      expect(ms).toBeLessThan(1_000)
    }
    const sql = postgres(server.url, { max: 1 })
    const kept = new Set((await sql<Array<{ key: string }>>`select key from inbox`).map(row => row.key))
    await sql.end()
    const said = [...sim.state.messages.values()].filter(one => one.sender.startsWith('ou_'))
    expect(said.filter(one => !kept.has(`message:${one.message_id}`))).toEqual([])
    await expectAllOnce({ sim, stream })
    program.kill('SIGTERM')
    expect(await program.ended()).toBe(0)
    await sim.close()
  }, 240_000)

  it('D30 absent at the start: the program waits, says so, and is ready within 5 s of its appearance', async () => {
    server.kill()
    await pause(300)
    const { sim, program } = await bench({ DATABASE_URL: server.url })
    program.launch()
    await until(async () => (await program.asks('/readyz')) === 503, 15_000)
    expect(await program.asks('/healthz')).toBe(200)
    expect(await program.asks('/feishu/events')).toBeGreaterThanOrEqual(400)
    await pause(2_500)
    expect(program.code).toBeUndefined()
    const told = program.out.split('\n').filter(line => line.includes('the database does not answer'))
    expect(told.length).toBeGreaterThan(0)
    expect(told.length).toBeLessThan(12)
    await server.restart()
    const back = Date.now()
    await program.ready(15_000)
    expect(Date.now() - back).toBeLessThan(5_000)
    await answersAndEnds({ sim, program })
  })

  it('D30 while it waits for the database it can be stopped', async () => {
    server.kill()
    const { sim, program } = await bench({ DATABASE_URL: server.url })
    program.launch()
    await until(async () => (await program.asks('/readyz')) === 503, 15_000)
    program.kill('SIGTERM')
    expect(await program.ended(3_000)).toBe(0)
    await server.restart()
    await sim.close()
  })

  it('D30 a start at which the database is silent can be stopped', async () => {
    let tried = false
    const silent = createServer(() => {
      tried = true
    })
    await new Promise<void>(done => silent.listen(0, '127.0.0.1', done))
    const { port } = silent.address() as AddressInfo
    const { sim, program } = await bench({ DATABASE_URL: `postgres://huiyin@127.0.0.1:${port}/huiyin` })
    program.launch()
    await until(() => tried, 30_000)
    program.kill('SIGTERM')
    expect(await program.ended()).toBe(0)
    silent.close()
    await sim.close()
  })

  it('D30 a database that refuses us is no reason to wait: the start ends with code 1 and says why', async () => {
    const { sim, program } = await bench({ DATABASE_URL: `${server.url}_that_is_not_there` })
    program.launch()
    expect(await program.ended()).toBe(1)
    expect(program.err).toContain('does not exist')
    await sim.close()
  })

  it('D31 the inbox locked for 10 s: every delivery is answered within 3 s, the memory is bounded, and what was refused comes again', async () => {
    // the fourth attempt comes 39 s after the first, when the lock and the rush behind it are over
    const { sim, program } = await bench({ DATABASE_URL: server.url }, 30, RETRY_SPEED)
    await program.start()
    const stream = await Stream.open({ sim })
    await stream.settled(10_000)
    const sql = postgres(server.url, { max: 1 })
    const held = sql.begin(async tx => {
      await tx`lock table inbox in access exclusive mode`
      await pause(10_000)
    })
    await pause(100)
    const before = memoryMb(program.pid).now
    stream.start(10)
    await held
    const grown = memoryMb(program.pid).peak - before
    await sql.end()
    await stream.stop()
    await stream.settled(60_000)
    const attempts = (await deliveries(sim)).flatMap(one => one.attempts)
    expect(attempts.filter(one => one.status === null)).toEqual([])
    expect(Math.max(...attempts.map(one => one.ms))).toBeLessThan(3_000)
    expect(attempts.filter(one => one.status === 503).length).toBeGreaterThan(20)
    expect(grown).toBeLessThan(64)
    await expectAllOnce({ sim, stream })
    program.kill('SIGTERM')
    expect(await program.ended()).toBe(0)
    await sim.close()
  }, 180_000)
})

describe.runIf(hasPostgres)('trust D: Postgres has no connection left', () => {
  it('D33 others hold them all: refused quickly, nothing acknowledged without a row, no restart; made up for afterwards', async () => {
    const server = await startServer(() => ['max_connections=20'])
    if (!server) throw new Error('no Postgres')
    const { sim, program } = await bench({ DATABASE_URL: server.url }, 30)
    await program.start()
    const stream = await Stream.open({ sim })
    await stream.settled(10_000)
    const pid = program.pid
    const others: postgres.Sql[] = []
    const isRefused = async () => {
      const sql = postgres(server.url, { max: 1, idle_timeout: 0, onnotice: () => {} })
      const code = await sql`select 1`.then(
        () => undefined,
        (error: { code?: string }) => error.code,
      )
      if (code === undefined) others.push(sql)
      return code === '53300'
    }
    await isRefused()
    const [first] = others
    if (!first) throw new Error('there was no room for others')
    // whatever the bot has is taken away from it, until others were quicker with all of it
    await until(async () => {
      const ended =
        await first`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'huiyin'`
      while (!(await isRefused()));
      return ended.length === 0
    })
    const from = Date.now()
    stream.start(10)
    await pause(4_000)
    expect(await program.asks('/healthz')).toBe(200)
    expect(await program.asks('/readyz')).toBe(503)
    const back = Date.now()
    await Promise.all(others.map(sql => sql.end()))
    await until(
      async () => (await deliveries(sim)).some(one => one.attempts.some(ack => ack.status === 200 && ack.at > back)),
      5_000,
    )
    await stream.stop()
    await stream.settled(60_000)
    expect({ pid: program.pid, code: program.code }).toEqual({ pid, code: undefined })
    const during = (await deliveries(sim)).flatMap(one =>
      one.attempts.filter(ack => ack.at > from && ack.at < back - 1_500),
    )
    expect(during.length).toBeGreaterThan(15)
    for (const { status, ms } of during) {
      expect(status).toBeGreaterThanOrEqual(500)
      expect(ms).toBeLessThan(1_000)
    }
    await expectAllOnce({ sim, stream })
    program.kill('SIGTERM')
    expect(await program.ended()).toBe(0)
    await sim.close()
    await server.stop()
  }, 120_000)
})
