import postgres from 'postgres'
import type { Delivery, Faults } from '../../simulator/protocol.ts'
import { type Simulator, startSimulator } from '../../simulator/server.ts'
import { KEYS, MORNING } from '../harness/keys.ts'
import type { Server } from '../harness/postgres.ts'
import { freePort, Program } from '../harness/program.ts'
import { pause, until } from '../harness/traces.ts'
import type { Move, Step } from './evidence.ts'
import type { Fault } from './plan.ts'
import { randomOf } from './random.ts'
import { openWay, type Way } from './way.ts'

/** Feishu's retries come after 15 s, 5 min, 1 h and 6 h; here after 75 ms, 1.5, 18 and 108 s. */
const RETRY_SPEED = 200
const FLAGS = ['--max-old-space-size=256', '--v8-pool-size=1', '--import', './test/chaos/stepped.mjs']
const QUIET_WITHIN_MS = 150_000
const HEALED_WITHIN_MS = 30_000
/** Moving a clock ends when all that fell due on the way has been attempted. */
const CLOCK_MS = 20_000

/** Two bots on one Postgres, each with a way of its own to it, and the simulated Feishu. */
export class House {
  readonly sim: Simulator
  readonly url: string
  readonly #server: Server
  readonly #bots: Bot[]
  /** What the clocks of the bots were ever ahead of this machine's, in ms. */
  readonly offsets: number[]
  readonly moves: Move[] = []
  /** Of the clock of the bots' machine; the last is where it stands. */
  readonly steps: Step[] = [{ at: 0, aheadMs: 0 }]
  /** One thing after another where they would get in each other's way. */
  #postgres = Promise.resolve()
  readonly #disturbances: Array<Partial<Faults>> = []

  readonly #seed: number

  private constructor(of: {
    sim: Simulator
    url: string
    server: Server
    bots: Bot[]
    offsetMs: number
    seed: number
  }) {
    this.sim = of.sim
    this.url = of.url
    this.#server = of.server
    this.#bots = of.bots
    this.offsets = [of.offsetMs]
    this.#seed = of.seed
  }

  /** On a copy of the database `furnished`, at nine in the morning; what chance decides, `seed` does. */
  static async open(server: Server, furnished: string, name: string, seed: number): Promise<House> {
    const url = databaseAt(server.url, name)
    await onServer(server.url, `create database ${name} template ${furnished}`)
    const offsetMs = Date.parse(MORNING) - Date.now()
    await onServer(
      url,
      // Postgres copies a sequence without what it has logged ahead of it: after a crash the copy would give out the same again
      'checkpoint',
      `insert into settings (name, value, at) values ('clock.offset', '${offsetMs}', now())
      on conflict (name) do update set value = excluded.value`,
    )
    const sim = await startSimulator({
      port: 0,
      host: '127.0.0.1',
      botUrl: 'http://127.0.0.1:1',
      ...KEYS,
      retrySpeed: RETRY_SPEED,
      chance: randomOf(~seed).next,
    })
    const bots = await Promise.all([0, 1].map(nth => Bot.beside(sim, url, `${seed}/${nth}`)))
    const house = new House({ sim, url, server, bots, offsetMs, seed })
    await Promise.all(bots.map(bot => bot.program.start()))
    house.choose(0)
    return house
  }

  /** Which process hears what happens next; what is sent again goes there too. */
  choose(process: 0 | 1): void {
    this.sim.setBotUrl(this.#bot(process).program.url)
  }

  /** Lets something go wrong, and ends when that is over. */
  async suffer(fault: Fault): Promise<void> {
    await pause(fault.at)
    if (fault.kind === 'kill' || fault.kind === 'term') return this.#bot(fault.process).fall(fault.kind, fault.downMs)
    if (fault.kind === 'cut') return this.#bot(fault.process).way.cut()
    if (fault.kind === 'silence') return this.#bot(fault.process).way.silence()
    if (fault.kind === 'platform') return this.#disturb(fault.faults, fault.forMs)
    if (fault.kind === 'clock') return this.moveClock(fault.minutes)
    if (fault.kind === 'step') {
      await this.#step(fault.minutes, fault.how)
      await pause(fault.forMs)
      return this.#step(-fault.minutes, fault.how)
    }
    this.#postgres = this.#postgres.then(() => this.#shake(fault))
    return this.#postgres
  }

  async #shake(fault: Extract<Fault, { kind: 'postgres' | 'terminate' }>): Promise<void> {
    if (fault.kind === 'terminate')
      return onServer(
        this.#server.url,
        `select pg_terminate_backend(pid)
         from (select pid, row_number() over (order by backend_start) as nth from pg_stat_activity where application_name = 'huiyin') of
         where abs(hashint8(nth + ${this.#seed})) % 100 < ${fault.share * 100}`,
      )
    await this.#server.down(fault.how)
    await pause(fault.downMs)
    await this.#server.restart()
  }

  /** Several may hold at once. */
  async #disturb(faults: Partial<Faults>, forMs: number): Promise<void> {
    this.#disturbances.push(faults)
    await this.#setFaults(faults)
    await pause(forMs)
    this.#disturbances.splice(this.#disturbances.indexOf(faults), 1)
    await fetch(`${this.sim.url}/sim/faults`, { method: 'DELETE' })
    await this.#setFaults(Object.assign({}, ...this.#disturbances))
  }

  async #setFaults(faults: Partial<Faults>): Promise<void> {
    await fetch(`${this.sim.url}/sim/faults`, { method: 'PATCH', body: JSON.stringify(faults) })
  }

  /** Moves the clock of every bot that hears it, by so much from where the office's time stands. */
  async moveClock(minutes: number): Promise<void> {
    const before = this.offsets.at(-1) ?? 0
    const after = before + minutes * 60_000
    this.offsets.push(after)
    await this.#moving(before, () => Promise.all(this.#bots.map(bot => bot.setClock(after))))
  }

  /** Sets the clock of the machine under both bots, and with it the office's; those that fall see it only when they rise. */
  async #step(minutes: number, how: 'running' | 'kill'): Promise<void> {
    const before = this.offsets.at(-1) ?? 0
    const aheadMs = (this.steps.at(-1)?.aheadMs ?? 0) + minutes * 60_000
    this.steps.push({ at: Date.now(), aheadMs })
    this.offsets.push(before + minutes * 60_000)
    await this.#moving(before, () =>
      Promise.all(
        this.#bots.map(bot => {
          const fallen = how === 'kill' ? bot.fall('kill', 100) : undefined
          bot.program.step(aheadMs)
          return fallen
        }),
      ),
    )
  }

  async #moving(before: number, move: () => Promise<unknown>): Promise<void> {
    const from = Date.now()
    await move()
    this.moves.push({ from, until: Date.now(), before, after: this.offsets.at(-1) ?? 0 })
  }

  /** Ends all faults, and begins anew with whatever has ended. */
  async heal(): Promise<void> {
    await fetch(`${this.sim.url}/sim/faults`, { method: 'DELETE' })
    await this.#postgres
    for (const bot of this.#bots) await bot.rise()
    const offset = this.offsets.at(-1) ?? 0
    const before = Math.min(...this.offsets)
    await this.#moving(before, async () => {
      for (const bot of this.#bots) await until(() => bot.setClock(offset), HEALED_WITHIN_MS)
    })
  }

  /** Until every delivery was answered or given up, nothing waits in the outbox, and every event has its entry in the audit chain. */
  async quiet(): Promise<void> {
    const sql = postgres(this.url, { max: 1, onnotice: () => {} })
    const isQuiet = async (): Promise<boolean> => {
      if (this.sim.state.pending.size) return false
      const [row] = await sql<Array<{ n: number }>>`
        select (select count(*) from outbox where state = 'waiting')::int + (select count(*) from audit_unsealed)::int as n`
      return row?.n === 0
    }
    const ends = Date.now() + QUIET_WITHIN_MS
    // what nothing waits for any more may still be about to be said
    for (let calm = 0; calm < 3 && Date.now() < ends; calm = (await isQuiet()) ? calm + 1 : 0) await pause(200)
    await sql.end()
  }

  async deliveries(): Promise<Delivery[]> {
    return (await (await fetch(`${this.sim.url}/sim/deliveries`)).json()) as Delivery[]
  }

  /** What the database is about, where it keeps the house from its rest. */
  async activity(): Promise<unknown[]> {
    const sql = postgres(this.url, { max: 1, onnotice: () => {} })
    const found = await sql`
      select pid, state, wait_event_type, wait_event, pg_blocking_pids(pid) as blocked_by, now() - xact_start as since,
        now() - state_change as standing, query
      from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`
    await sql.end()
    return [...found]
  }

  logs(): string {
    return this.#bots.map(({ program }) => program.out + program.err).join('\n')
  }

  async close(): Promise<void> {
    for (const bot of this.#bots) await bot.close()
    await this.sim.close()
  }

  #bot(process: 0 | 1): Bot {
    return this.#bots[process] as Bot
  }
}

/** One process of the bot, and its way to the database. */
class Bot {
  readonly program: Program
  readonly way: Way
  /** Its falls, one after another. */
  #falls = Promise.resolve()
  #isDown = false

  private constructor(program: Program, way: Way) {
    this.program = program
    this.way = way
  }

  static async beside(sim: Simulator, url: string, seed: string): Promise<Bot> {
    const way = await openWay(Number(new URL(url).port))
    const address = new URL(url)
    address.port = String(way.port)
    const env = { DATABASE_URL: address.href, CLOCK: 'manual', CHANCE_SEED: seed }
    const program = new Program(sim, await freePort(), env, FLAGS)
    program.step(0)
    return new Bot(program, way)
  }

  /** One that is down already falls no deeper. */
  fall(how: 'kill' | 'term', downMs: number): Promise<void> {
    if (this.#isDown) return this.#falls
    this.#isDown = true
    this.#falls = this.#fall(how, downMs).finally(() => {
      this.#isDown = false
    })
    return this.#falls
  }

  async #fall(how: 'kill' | 'term', downMs: number): Promise<void> {
    // one that fell a moment ago may not have come to its first line yet, and cannot heed a signal
    const heeds = how === 'term' && (await this.program.asks('/healthz')) === 200
    this.program.kill(how === 'kill' ? 'SIGKILL' : 'SIGTERM')
    const code = await this.program.ended()
    if (heeds && code !== 0) throw new Error(`SIGTERM ended it with code ${code}`)
    await pause(downMs)
    this.program.launch()
  }

  /** One that has ended by itself has failed: only what fell was to rise. */
  async rise(): Promise<void> {
    await this.#falls
    await this.program.ready(HEALED_WITHIN_MS)
  }

  /** Whether it heard. */
  async setClock(offsetMs: number): Promise<boolean> {
    const answer = await fetch(`${this.program.url}/clock`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ now: new Date(Date.now() + offsetMs).toISOString() }),
      signal: AbortSignal.timeout(CLOCK_MS),
    }).catch(() => undefined)
    return answer?.ok === true
  }

  async close(): Promise<void> {
    this.program.kill('SIGKILL')
    await this.program.ended()
    await this.way.close()
  }
}

export const databaseAt = (server: string, name: string): string => server.replace(/\/[^/]*$/, `/${name}`)

export async function onServer(url: string, ...statements: string[]): Promise<void> {
  const sql = postgres(url, { max: 1, onnotice: () => {} })
  try {
    for (const statement of statements) await sql.unsafe(statement)
  } finally {
    await sql.end()
  }
}
