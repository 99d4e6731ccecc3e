import { Hono, type MiddlewareHandler } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import type { Db } from '../db/client.ts'
import { outboxDepth } from '../db/outbox.ts'
import { watchedNow } from '../db/watch.ts'
import { describe } from './bot/log.ts'
import type { Gauge } from './bot/metrics.ts'
import type { Office } from './bot/office.ts'
import { allWaiting } from './bot/turns.ts'
import type { FeishuConfig } from './config.ts'
import { type Ciphers, createVerifier } from './feishu/verify.ts'
import { receive, type TenantCheck, turnAwayUnread } from './intake.ts'
import { ALERT_IDS } from './office/setup/alerts.ts'
import { lasting } from './office/setup/watch.ts'

const LARGEST_BODY = 1_048_576
/** An event is sent again after 15 s (feishu-platform 3). */
const RETRY_AFTER_S = '15'

/** Both accept either kind. */
const ADDRESSES = [
  ['/feishu/events', 'event'],
  ['/feishu/cards', 'press'],
] as const

/** Nothing here is a page: no browser is to guess, keep, show or run any of it. */
const HEADERS = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
}
const JSON_HEADERS = { ...HEADERS, 'content-type': 'application/json' }
const METRICS_HEADERS = { ...HEADERS, 'content-type': 'text/plain; version=0.0.4; charset=utf-8' }

/** With all its headers at once, for to put one after another onto an answer costs more than the answer. */
const answer = (body: object, status = 200, more?: Record<string, string>): Response =>
  new Response(JSON.stringify(body), { status, headers: more ? { ...JSON_HEADERS, ...more } : JSON_HEADERS })

const busy = (): Response => answer({ error: 'busy' }, 503, { 'retry-after': RETRY_AFTER_S })

export interface AppOptions {
  feishu: Pick<FeishuConfig, 'appId' | 'encryptKey' | 'verificationToken' | 'transport'>
  ciphers?: Ciphers
  /** Runs after the answer has left, or could not, so that no update overtakes it; ends when a turn that took too long to wait for has ended. */
  afterAnswer(env: unknown, run: (isSent: boolean) => Promise<void>): void
  isOurTenant: TenantCheck
  /** Whether the database answers and is migrated, and whatever else must stand; else why not. */
  readiness(): Promise<string | undefined>
  /** What the door has to tell beside the outbox. */
  gauges?: () => Gauge[]
  /** Moves the clock and ends when all that fell due has been attempted. Absent unless CLOCK=manual. */
  moveClock?: (to: Date) => Promise<void>
}

/** The web side of an office. Both Feishu addresses accept events and card callbacks alike; over the long connection there are none. */
export function createApp(office: Office, options: AppOptions): Hono {
  const app = new Hono()
  const open = createVerifier(options.feishu, options.ciphers)
  for (const [path, expected] of options.feishu.transport === 'webhook' ? ADDRESSES : []) {
    app.post(path, limit, async c => {
      if (turnAwayUnread(office, expected)) return busy()
      const raw = new Uint8Array(await c.req.arrayBuffer())
      const seal = {
        timestamp: c.req.header('x-lark-request-timestamp'),
        nonce: c.req.header('x-lark-request-nonce'),
        signature: c.req.header('x-lark-signature'),
      }
      const opened = await open(raw, seal, [office.clock.wire(), office.clock.now().getTime()])
      if (opened.kind === 'challenge') return answer({ challenge: opened.challenge })
      const received = await receive(office, opened, options.isOurTenant, expected)
      if (typeof received === 'string') return answer({ error: received }, received === 'malformed' ? 400 : 401)
      options.afterAnswer(c.env, received.afterwards)
      if (received.answer) return answer(received.answer)
      return received.isBusy ? busy() : answer({ error: 'try again' }, 503)
    })
  }

  app.get('/healthz', () => answer({ alive: true }))
  app.get('/readyz', async () => {
    const fault = await options.readiness()
    return fault ? answer({ ready: false, reason: fault }, 503) : answer({ ready: true })
  })
  let measured: ReturnType<typeof measures> | undefined
  app.get('/metrics', async () => {
    // however many ask at once, the database is asked once
    measured ??= measures(office.db).finally(() => {
      measured = undefined
    })
    const { waiting, oldestMs, failed, alerts } = await measured
    const printed = office.metrics.print([
      { name: 'huiyin_outbox_waiting', help: 'Parcels waiting to leave', value: waiting },
      {
        name: 'huiyin_outbox_oldest_seconds',
        help: 'Age of the oldest parcel that people wait for',
        value: oldestMs ? (office.clock.wire() - oldestMs) / 1_000 : 0,
      },
      { name: 'huiyin_outbox_failed', help: 'Parcels given up', value: failed },
      {
        name: 'huiyin_alert',
        help: 'Whether the last heartbeat found this wrong',
        value: { label: 'alert', values: Object.fromEntries(ALERT_IDS.map(id => [id, alerts.has(id) ? 1 : 0])) },
      },
      {
        name: 'huiyin_turns_waiting',
        help: 'Events and presses that wait for their turn',
        value: allWaiting(office.turns),
      },
      ...(options.gauges?.() ?? []),
    ])
    return new Response(printed, { headers: METRICS_HEADERS })
  })

  const { moveClock } = options
  if (moveClock) {
    app.post('/clock', limit, async c => {
      const body: unknown = await c.req.json().catch(() => undefined)
      const now = typeof body === 'object' && body && 'now' in body ? instantIn(body.now) : undefined
      if (!now) return answer({ error: 'send {"now":"2026-11-24T08:30:00+08:00"}' }, 400)
      await moveClock(now)
      return answer({ now: office.clock.now().toISOString() })
    })
  }

  app.notFound(() => answer({ error: 'not found' }, 404))
  app.onError(error => {
    office.log('error', 'request failed', describe(error))
    return answer({ error: 'internal' }, 500)
  })
  return app
}

async function measures(db: Db) {
  const [depth, watched] = await Promise.all([outboxDepth(db), watchedNow(db)])
  return { ...depth, alerts: new Set(lasting(watched).map(({ id }) => id)) }
}

/** With its offset: without one it would mean another instant on another machine. */
function instantIn(said: unknown): Date | undefined {
  if (typeof said !== 'string' || !/^\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:\d\d)$/.test(said)) return undefined
  const now = new Date(said)
  return Number.isNaN(now.getTime()) ? undefined : now
}

const tooLarge = () => answer({ error: 'too large' }, 413)
const measure = bodyLimit({ maxSize: LARGEST_BODY, onError: tooLarge })

/** A body that tells its length need not be read as a stream to be measured, which would cost as much as reading it. */
const limit: MiddlewareHandler = (c, next) => {
  const length = c.req.header('content-length')
  if (length === undefined || c.req.header('transfer-encoding') !== undefined) return measure(c, next)
  return Number(length) <= LARGEST_BODY ? next() : Promise.resolve(tooLarge())
}
