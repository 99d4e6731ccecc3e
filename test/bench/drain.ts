import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type postgres from 'postgres'
import demo from '../../simulator/office.json' with { type: 'json' }
import type { ApiCall, LimitsAnswer } from '../../simulator/protocol.ts'
import { startSimulator } from '../../simulator/server.ts'
import { note } from './bars.ts'
import { crowd, KEYS, requests } from './events.ts'
import { closedLoop } from './load.ts'
import { type Bench, type Measured, nothingWaits, pause, until } from './part.ts'
import { cpuOfAll, cpuUs } from './servers.ts'

/** So many messages with the windows lifted, and so many in place, to so many people. */
const MANY = 10_000
const MESSAGES = 300
const RECEIVERS = 100
const LONGEST_MS = 180_000
const BAR_PER_SECOND = 2_000
const BAR_POSTGRES_US = 300

/** P9: how fast a full outbox empties, and what each message of it costs the bot and Postgres. */
export async function drain(bench: Bench): Promise<void> {
  const lifted = await drained(await bench.start('lifted', 'drain_lifted'), MANY)
  const simulator = await startSimulator({ ...KEYS, port: 0, host: '127.0.0.1', botUrl: 'http://127.0.0.1:1', office })
  const { port } = new URL(simulator.url)
  const windowed = await drained(await bench.start('bot', 'drain', Number(port)), MESSAGES)
  const calls = await read<ApiCall[]>(simulator.url, '/sim/calls')
  const at = calls.filter(call => call.path.endsWith('/im/v1/messages')).map(call => call.at)
  const seconds = (Math.max(...at) - Math.min(...at)) / 1_000
  const { apis } = await read<LimitsAnswer>(simulator.url, '/sim/limits')
  await simulator.close()
  bench.print(
    'outbox',
    ['', 'messages', 'sent', 's', '/s', 'CPU µs each', 'of Postgres', 'most in 1 s', 'refused'],
    [
      ['windows lifted, trivial API', String(MANY), ...figures(MANY, lifted), '–', '–'],
      [
        `windows in place, ${RECEIVERS} people, simulator`,
        ...[String(MESSAGES), ...figures(MESSAGES, { ...windowed, seconds })],
        String(Math.max(...apis.map(api => api.peak_1s))),
        String(apis.reduce((sum, api) => sum + api.refused, 0)),
      ],
    ],
  )
  const [perSecond, each] = [MANY / lifted.seconds, lifted.postgresUs / MANY]
  const says = `${perSecond.toFixed(0)}/s, ${each.toFixed(0)} µs of Postgres each, ${lifted.sent} of ${MANY} sent`
  note('P9', says, perSecond >= BAR_PER_SECOND && each <= BAR_POSTGRES_US && lifted.sent === MANY)
}

interface Drained {
  seconds: number
  cpuUs: number
  postgresUs: number
  /** How many of the messages were sent. */
  sent: number
}

/** Fills an outbox with notices and waits until all have left. */
async function drained({ server, sql, stop }: Measured, count: number): Promise<Drained> {
  // the wake of the start is over; the next look follows the first message
  await pause(500)
  const now = Date.now()
  await sql`
    insert into outbox (uuid, lane, api, priority, parcel, sender, queued_ms, due_ms)
    select 'drain' || i, person, 'create', 1, jsonb_build_object('person', person, 'text', '第' || i || '条'), '', ${now}, ${now}
    from generate_series(1, ${count}) i, lateral (select 'ou_' || lpad(to_hex(i % ${RECEIVERS}), 32, '0') as person) p`
  await sql`analyze outbox`
  const postgres = await postmaster(sql)
  const [before, postgresBefore] = [cpuUs(server), cpuOfAll(postgres)]
  const from = performance.now()
  await closedLoop(server.port, requests(2, server.port), { connections: 1, ms: 1 })
  await until(() => nothingWaits(sql), LONGEST_MS, 'emptying the outbox')
  const seconds = (performance.now() - from) / 1_000
  const used = { cpuUs: cpuUs(server) - before, postgresUs: cpuOfAll(postgres) - postgresBefore }
  const [row] = await sql`select count(*)::int as sent from outbox where uuid like 'drain%' and state = 'sent'`
  await stop()
  return { seconds, ...used, sent: Number(row?.sent) }
}

/** The process of the server that has all the others. */
async function postmaster(sql: postgres.Sql): Promise<number> {
  const [row] = await sql`select current_setting('data_directory') as data`
  return Number(readFileSync(join(row?.data, 'postmaster.pid'), 'utf8').split('\n')[0])
}

const figures = (count: number, { sent, seconds, cpuUs, postgresUs }: Drained): string[] => [
  ...[String(sent), seconds.toFixed(1)],
  ...[count / seconds, cpuUs / count, postgresUs / count].map(one => one.toFixed(0)),
]

/** The demonstration office, and the receivers in it. */
const office = {
  ...demo,
  people: [
    ...demo.people,
    ...crowd.slice(0, RECEIVERS).map(({ id, name }, i) => ({
      ...(demo.people[0] as (typeof demo.people)[number]),
      open_id: id,
      union_id: id.replace('ou', 'on'),
      name,
      employee_no: String(i),
    })),
  ],
} as never

const read = async <T>(url: string, path: string): Promise<T> => (await (await fetch(url + path)).json()) as T
