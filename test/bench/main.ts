import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import postgres from 'postgres'
import { parse } from '../../src/kit/time.ts'
import { openDatabase } from '../../src/node/database.ts'
import { startServer } from '../harness/postgres.ts'
import { acks } from './acks.ts'
import { audit } from './audit.ts'
import { barRows, missedBars, note, noteAnswered, unansweredOf } from './bars.ts'
import { buildPrograms } from './build.ts'
import { cars } from './cars.ts'
import { assembly } from './crowd.ts'
import { drain } from './drain.ts'
import { everybody, KEYS, requests } from './events.ts'
import { exports } from './export.ts'
import { closedLoop, type Load, median } from './load.ts'
import { meetings } from './meetings.ts'
import { overload } from './overload.ts'
import type { Bench, Measured as OnItsOwn, Program } from './part.ts'
import { presses } from './presses.ts'
import { recovery } from './recovery.ts'
import { reminders } from './reminders.ts'
import { type Drawn, replies } from './replies.ts'
import { secrecy } from './secrecy.ts'
import { cpuUs, type Running, rssMb, run } from './servers.ts'
import { million, soak } from './soak.ts'
import { tasks } from './tasks.ts'
import { whole } from './whole.ts'

/**
 * `npm run bench [part]`, the parts as they stand below: what a turn costs beside the least that a durable webhook can cost («d»), how
 * soon messages and presses are acknowledged, the whole way of a command beside a reference bot, what overload and a kill do, how soon the
 * bot is ready and how big it is, how fast the outbox empties, what ten years of supervised tasks and five of cars and of meetings cost,
 * what it costs to seal events, how soon people are answered while the ledger is exported, how replies to a meeting are taken as they pour
 * in, how its notice reaches 2,000 within the platform's limits, how fast times are read, how well and how fast the rules of secrecy read,
 * and how late reminders are of which many fall due in one minute. It prints ratios, for machines are shared, and at the end every bar of
 * speed with what was measured; it ends with 1 when one of them was missed or a promise of a part is broken. Reminders take a quarter of an
 * hour, for the platform does; `npm run bench reminders 1000` leaves out what is more, `reminders alike` all but those of one text.
 * `npm run bench replies 100` and `crowd 100` have as many replies a second, for a machine that others use as well. `soak [minutes]`
 * and `million [turns]` run only when named.
 */
const ROUNDS = 7
const CONNECTIONS = 16
const ROUND_MS = 3_000
/** Code is quick only once it has run often: the warm-up ends by count, or after so long. */
const WARM_UP = 8_000
const LONGEST_WARM_UP_MS = 10_000
const SHUT = { BENCH_WINDOW: '0' }
const LIFTED = { BENCH_WINDOW: '1000000000' }
/** How many more requests are made ready than the last round used. */
const SPARE = 2
const READING_MS = 2_000

const started = performance.now()
const programs = await buildPrograms()
const server = await startServer()
if (!server) throw new Error('the benchmark needs PostgreSQL on this machine (initdb and postgres)')
const sql = postgres(server.url, { max: 2, onnotice: () => {} })
const sink = await run(programs.sink, {})
console.log(`Node ${process.version}, PostgreSQL ${await serverVersion()}, ${cpus().length} cores, 1 client process`)

const faults: string[] = []
const parts = {
  turns,
  start: starts,
  drain: () => drain(bench),
  tasks: async () => {
    faults.push(...(await tasks(database, print)))
  },
  cars: async () => {
    faults.push(...(await cars(database, print)))
  },
  meetings: async () => {
    faults.push(...(await meetings(database, print)))
  },
  audit: async () => {
    faults.push(...(await audit(database, print)))
  },
  export: async () => {
    const start = (url: string) => run(programs.windows, { ...settings(sink.port), ...LIFTED, DATABASE_URL: url })
    faults.push(...(await exports(await database('export'), start, print)))
  },
  replies: async () => {
    const start = (url: string) => run(programs.windows, { ...settings(sink.port), ...LIFTED, DATABASE_URL: url })
    const drawn = () => read<Drawn>(`http://127.0.0.1:${sink.port}`, '/drawn')
    faults.push(...(await replies(await database('replies'), start, drawn, print, given ? Number(given) : undefined)))
  },
  crowd: async () => {
    faults.push(...(await assembly(bench, given ? Number(given) : undefined)))
  },
  acks: () => acks(bench),
  presses: () => presses(bench),
  whole: () => whole(bench),
  overload: () => overload(bench),
  recovery: () => recovery(bench),
  time: readings,
  secrecy: async () => {
    faults.push(...secrecy(print))
  },
  reminders: () => reminders(bench, mostReminders, isAlikeAlone),
}
/** Only when asked for by name. */
const LONG: Record<string, () => Promise<void>> = {
  soak: () => soak(bench, Number(given ?? 30)),
  million: () => million(bench, Number(given ?? 1_000_000)),
}
const bench: Bench = { start: startOn, sink, print }
const [wanted, given] = process.argv.slice(2)
const isAlikeAlone = given === 'alike'
const mostReminders = isAlikeAlone ? 10_000 : Number(given ?? 10_000)
const chosen = wanted ? [{ ...parts, ...LONG }[wanted]] : Object.values(parts)
if (chosen.includes(undefined))
  console.log(`no part is called ${wanted}; there are ${Object.keys({ ...parts, ...LONG }).join(', ')}`)
for (const measure of chosen) await measure?.()
print('the bars of speed; R5 and R7 to R9 are tests', ['', 'target', 'measured', ''], barRows())

await sink.stop()
await sql.end()
await server.stop()
console.log(`\n${((performance.now() - started) / 1_000).toFixed(0)} s in all`)
faults.push(...missedBars().map(bar => `${bar} was missed`))
for (const fault of faults) console.log(`BROKEN: ${fault}`)
process.exit(faults.length ? 1 : 0)

async function startOn(program: Program, name: string, apiPort = sink.port): Promise<OnItsOwn> {
  const url = await database(name)
  await furnish(url)
  const env = { ...settings(apiPort), ...(program === 'lifted' ? LIFTED : {}), DATABASE_URL: url }
  const args = { ...programs, lifted: programs.windows }[program]
  const db = postgres(url, { max: 1, onnotice: () => {} })
  let running = await run(args, env)
  return {
    server: running,
    sql: db,
    again: async () => {
      running = await run(args, env)
      return running
    },
    stop: async () => {
      await running.stop()
      await db.end()
    },
  }
}

type Measured = Load & { cpuUs: number }

async function turns(): Promise<void> {
  const contenders: Record<string, Contender> = {
    '«d» verify, decrypt, one INSERT': await contender('d', programs.baseline),
    'bot, nothing leaves: turns alone': await contender('turns', programs.windows, SHUT),
    'bot, windows as the platform sets them': await contender('bot', programs.bot),
    'bot, windows lifted: whole commands': await contender('lifted', programs.windows, LIFTED),
  }
  const measured = new Map<string, Measured[]>()
  for (let round = 0; round <= ROUNDS; round++) {
    for (const [name, contender] of Object.entries(contenders)) {
      const one = await roundOf(contender, round)
      if (round) measured.set(name, [...(measured.get(name) ?? []), one])
    }
  }
  print(
    '`/帮助` turns, signed and encrypted, committed before the answer; 16 connections, closed loop',
    ['', '/s', 'x d', 'CPU µs each', 'x d', 'p50 ms', 'p99 ms', 'RSS MB', 'refused', 'unanswered'],
    turnRows(measured, contenders),
  )
  const [d = '', alone = ''] = measured.keys()
  const ratio = (what: 'perSecond' | 'cpuUs') =>
    median((measured.get(alone) ?? []).map(one => one[what])) / median((measured.get(d) ?? []).map(one => one[what]))
  const unanswered = unansweredOf([d, alone].flatMap(name => measured.get(name) ?? []))
  noteAnswered('P1', `${ratio('perSecond').toFixed(2)} × d`, ratio('perSecond') >= 0.4, unanswered)
  noteAnswered('P2', `${ratio('cpuUs').toFixed(2)} × d`, ratio('cpuUs') <= 2.5, unanswered)
  for (const { server } of Object.values(contenders)) await server.stop()
}

/** A server on a database of its own. */
interface Contender {
  server: Running
  url: string
  perSecond: number
}

async function contender(name: string, program: string[], windows: Record<string, string> = {}): Promise<Contender> {
  const url = await database(name)
  await furnish(url)
  return {
    server: await run(program, { ...settings(sink.port), ...windows, DATABASE_URL: url }),
    url,
    perSecond: 1_500,
  }
}

async function roundOf(one: Contender, round: number): Promise<Measured> {
  const { server, url, perSecond } = one
  const count = round ? Math.ceil((perSecond * SPARE * ROUND_MS) / 1_000) : WARM_UP
  const all = requests(count, server.port)
  const before = cpuUs(server)
  const load = await closedLoop(server.port, all, {
    connections: CONNECTIONS,
    ms: round ? ROUND_MS : LONGEST_WARM_UP_MS,
  })
  const used = cpuUs(server) - before
  one.perSecond = load.perSecond
  await emptyOutbox(url)
  return { ...load, cpuUs: used / (load.done - load.refused - load.cut) }
}

function turnRows(measured: Map<string, Measured[]>, contenders: Record<string, Contender>): string[][] {
  const of = (name: string, what: keyof Measured) => median((measured.get(name) ?? []).map(one => one[what]))
  const [d = ''] = measured.keys()
  return [...measured.keys()].map(name => [
    name,
    of(name, 'perSecond').toFixed(0),
    (of(name, 'perSecond') / of(d, 'perSecond')).toFixed(2),
    of(name, 'cpuUs').toFixed(0),
    (of(name, 'cpuUs') / of(d, 'cpuUs')).toFixed(2),
    of(name, 'p50').toFixed(1),
    of(name, 'p99').toFixed(1),
    rssMb((contenders[name] as Contender).server).now.toFixed(0),
    ...Object.values(unansweredOf(measured.get(name) ?? [])).map(String),
  ])
}

async function starts(): Promise<void> {
  const dir = mkdtempSync(join(tmpdir(), 'huiyin-bench-'))
  const rows = []
  for (const [name, where] of [
    ['Postgres', { DATABASE_URL: await database('start') }],
    ['PGlite', { DATA_DIR: dir }],
  ] as const) {
    const times = []
    const sizes = []
    for (let i = 0; i < 4; i++) {
      const bot = await run(programs.bot, { ...settings(sink.port), ...where })
      times.push(bot.readyMs)
      sizes.push(rssMb(bot).now)
      await bot.stop()
    }
    const [first = 0, ...later] = times
    note('P11', `${name} ${(Math.max(...times) / 1_000).toFixed(1)} s at most`, Math.max(...times) <= 2_000)
    rows.push([name, ...[first, median(later)].map(ms => (ms / 1_000).toFixed(2)), median(sizes.slice(1)).toFixed(0)])
  }
  rmSync(dir, { recursive: true })
  print('from the start of the process to /readyz', ['', 'empty, s', 'existing, s', 'RSS MB'], rows)
}

/** How fast times are read: the sample phrases, and a page of text with one at its end. */
async function readings(): Promise<void> {
  const samples = readFileSync(new URL('../zh-dates-sample.jsonl', import.meta.url), 'utf8')
    .trim()
    .split('\n')
  const phrases = samples.map(line => JSON.parse(line) as { text: string; now: string })
  const page = { text: `${'请各科室按分工抓好落实,'.repeat(400)}明天下午3点前反馈`, now: '2026-11-24T09:00:00+08:00' }
  const rows = [
    [`${phrases.length} sample phrases`, perSecond(phrases)],
    [`a page of ${page.text.length} characters`, perSecond([page])],
  ].map(([name, rate]) => [String(name), Number(rate).toFixed(0), (1e6 / Number(rate)).toFixed(0)])
  print('reading times', ['', '/s', 'µs each'], rows)
}

function perSecond(phrases: Array<{ text: string; now: string }>): number {
  let read = 0
  const run = (ms: number): number => {
    const from = performance.now()
    for (read = 0; performance.now() - from < ms; read += phrases.length)
      for (const { text, now } of phrases) parse(text, now)
    return (read / (performance.now() - from)) * 1_000
  }
  run(READING_MS / 4)
  return run(READING_MS)
}

async function serverVersion(): Promise<string> {
  return String((await sql`show server_version`)[0]?.server_version)
}

/** A migrated database of its own. */
async function database(name: string): Promise<string> {
  await sql.unsafe(`create database bench_${name}`)
  const url = (server?.url ?? '').replace(/\/[^/]*$/, `/bench_${name}`)
  await (await openDatabase({ databaseUrl: url, dataDir: '' })).close()
  return url
}

/** Makes everybody known, so that no turn has to ask who writes. */
async function furnish(url: string): Promise<void> {
  const db = postgres(url, { max: 1, onnotice: () => {} })
  const people = everybody.map(({ id, name }) => ({ id, name, departments: '{}', active: true }))
  await db`insert into people ${db(people, 'id', 'name', 'departments', 'active')}`
  await db`insert into settings (name, value, at) values ('directory.read', '{}', now())`
  await db.end()
}

async function emptyOutbox(url: string): Promise<void> {
  const db = postgres(url, { max: 1, onnotice: () => {} })
  await db`delete from outbox`
  await db`delete from calls`
  await db.unsafe('vacuum analyze')
  await db.end()
}

function settings(apiPort: number): Record<string, string> {
  return {
    FEISHU_APP_ID: KEYS.appId,
    FEISHU_APP_SECRET: KEYS.appSecret,
    FEISHU_ENCRYPT_KEY: KEYS.encryptKey,
    FEISHU_VERIFICATION_TOKEN: KEYS.verificationToken,
    FEISHU_DOMAIN: `http://127.0.0.1:${apiPort}`,
  }
}

async function read<T>(url: string, path: string): Promise<T> {
  return (await (await fetch(url + path)).json()) as T
}

function print(title: string, head: string[], rows: string[][]): void {
  const widths = head.map((_, i) => Math.max(...[head, ...rows].map(row => wide(row[i] ?? ''))))
  const line = (row: string[]) =>
    row
      .map((cell, i) =>
        i ? ' '.repeat((widths[i] ?? 0) - wide(cell)) + cell : cell + ' '.repeat((widths[i] ?? 0) - wide(cell)),
      )
      .join('  ')
  console.log(`\n${title}\n${[head, ...rows].map(row => `  ${line(row)}`).join('\n')}`)
}

/** Columns that a text takes in a terminal: Chinese takes two each. */
function wide(text: string): number {
  return [...text].reduce((sum, char) => sum + (/[⺀-鿿＀-￯]/.test(char) ? 2 : 1), 0)
}
