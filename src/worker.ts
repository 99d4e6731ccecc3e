import { openPostgres } from '../db/client.ts'
import { DIRECTORY_FIRST, DIRECTORY_WANTED, keepFirstOnce, keepSetting } from '../db/settings.ts'
import { createApp } from './app.ts'
import { flushArrivals } from './bot/arrivals.ts'
import { drain } from './bot/drain.ts'
import { describe } from './bot/log.ts'
import type { Office } from './bot/office.ts'
import { seal } from './bot/seal.ts'
import { tick } from './bot/tick.ts'
import { systemClock } from './clock.ts'
import { ConfigFault, readConfig } from './config.ts'
import { type House, type HouseParts, prepareHouse } from './house.ts'

/** What Cloudflare hands in: our settings as strings, and the way to the database. */
interface Env {
  HYPERDRIVE?: { connectionString: string }
  [setting: string]: unknown
}
interface Context {
  waitUntil(promise: Promise<unknown>): void
}
interface Minute {
  scheduledTime: number
}

/** A turn is one transaction, and marks are sent one behind the other; of the six that an invocation may hold five are left for Feishu. */
const CONNECTIONS = 1
/** An invocation lives for 30 s after its answer; the calls that are under way by then need the rest. */
const AFTER_ANSWER_MS = 20_000
/** How long a minute's invocation stays up for what falls due within it; then the next one takes over. */
const WATCH_MS = 55_000
/** What the tick made due leaves even when the tick took all of the minute. */
const LEAST_MS = 2_000
const LOOK_MS = 5_000
const SHORTEST_REST_MS = 20
/** The heartbeat may be in another isolate, which knows nothing of what came to this one. */
const ARRIVALS_MS = 60_000

export default {
  async fetch(request: Request, env: Env, ctx: Context): Promise<Response> {
    const visit = enter(env)
    if (visit instanceof ConfigFault) return Response.json({ ready: false, reason: visit.message }, { status: 503 })
    const { office, gate, close } = visit
    let afterwards = async (_isSent: boolean) => {}
    const app = createApp(office, {
      ...gate,
      afterAnswer: (_, run) => {
        afterwards = isSent => run(isSent).then(() => deliverDue(office))
      },
    })
    const { answer, left } = watched(await app.fetch(request))
    ctx.waitUntil(
      left
        .then(isSent => afterwards(isSent))
        .finally(() => tellArrivals(office))
        .finally(close),
    )
    return answer
  },

  async scheduled({ scheduledTime }: Minute, env: Env): Promise<void> {
    const visit = enter(env)
    if (visit instanceof ConfigFault) return console.error(visit.message)
    const { office, introduce, close } = visit
    try {
      await introduce()
      await wantDirectoryAtFirst(office)
      await tick(office)
      await watch(office, Math.max(scheduledTime + WATCH_MS, office.clock.wire() + LEAST_MS))
    } catch (error) {
      office.log('error', 'minute failed', describe(error))
    } finally {
      await close()
    }
  },
}

type Visit = House & { close(): Promise<void> }

/** Kept for the isolate: it holds the token and the counters, and no connection. */
let prepared: ReturnType<typeof prepareHouse> | undefined

/** The house on a connection of this invocation's own: another's may not be used. */
function enter(env: Env): Visit | ConfigFault {
  try {
    prepared ??= prepareHouse(partsOf(env))
  } catch (error) {
    if (error instanceof ConfigFault) return error
    throw error
  }
  const { db, close } = openPostgres(env.HYPERDRIVE?.connectionString ?? '', { max: CONNECTIONS, perInvocation: true })
  // each invocation delivers what it finds
  return { ...prepared(db), close }
}

/** @throws ConfigFault */
function partsOf(env: Env): HouseParts {
  const config = readConfig(
    Object.fromEntries(Object.entries(env).filter((one): one is [string, string] => typeof one[1] === 'string')),
  )
  const { feishu, clock } = config
  const faults = [
    ...(feishu ? [] : ['FEISHU_APP_ID: missing; the demo runs on Node only']),
    ...(feishu?.transport === 'websocket' ? ['FEISHU_TRANSPORT: must be webhook on Workers'] : []),
    ...(clock === 'manual' ? ['CLOCK: must be system on Workers'] : []),
    ...(env.HYPERDRIVE?.connectionString ? [] : ['HYPERDRIVE: missing; bind the database in wrangler.toml']),
  ]
  if (!feishu || faults.length) throw new ConfigFault(faults)
  return { config, feishu, clock: systemClock, write: line => console.log(line) }
}

/** An answer, and whether it has left: the runtime has then read the last of it, unless its reader has hung up. */
function watched(answer: Response): { answer: Response; left: Promise<boolean> } {
  if (!answer.body) return { answer, left: Promise.resolve(true) }
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>()
  const left = answer.body.pipeTo(writable).then(
    () => true,
    () => false,
  )
  return { answer: new Response(readable, answer), left }
}

/** Sends what may leave now, and seals what has happened; what has to be tried again later is left to the minute's invocation. */
async function deliverDue(office: Office): Promise<void> {
  await drain(office, office.clock.wire() + AFTER_ANSWER_MS).catch((error: unknown) =>
    office.log('error', 'drain failed', describe(error)),
  )
  await sealCalmly(office)
}

/** What is not sealed now is soon after. */
async function sealCalmly(office: Office): Promise<void> {
  await seal(office).catch((error: unknown) => office.log('error', 'sealing failed', describe(error)))
}

async function tellArrivals(office: Office): Promise<void> {
  await flushArrivals(office, ARRIVALS_MS).catch((error: unknown) =>
    office.log('warn', 'arrivals not kept', describe(error)),
  )
}

/** Empties the outbox until `untilMs`, sleeping from one due parcel to the next. */
async function watch(office: Office, untilMs: number): Promise<void> {
  for (;;) {
    const next = await drain(office, untilMs)
    await sealCalmly(office)
    const now = office.clock.wire()
    const at = Math.max(Math.min(next ?? untilMs, now + LOOK_MS), now + SHORTEST_REST_MS)
    if (at >= untilMs) return
    await new Promise(rested => setTimeout(rested, at - now))
  }
}

/** No start of a process tells that the office is new; once is enough, the nights repeat it. */
async function wantDirectoryAtFirst({ db, clock }: Office): Promise<void> {
  if (await keepFirstOnce(db, DIRECTORY_FIRST, clock.now())) await keepSetting(db, DIRECTORY_WANTED, true, clock.now())
}
