import { type Context, Hono, type MiddlewareHandler } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { outboxDepth } from '../db/outbox.ts'
import { redrawMessage } from './bot/desk.ts'
import { dispatch, type Outcome } from './bot/dispatch.ts'
import { describe } from './bot/log.ts'
import type { Office } from './bot/office.ts'
import type { FeishuConfig } from './config.ts'
import { printCard } from './feishu/card.ts'
import type { Incoming } from './feishu/incoming.ts'
import { readIncoming } from './feishu/read.ts'
import { type Ciphers, createVerifier, type Opened } from './feishu/verify.ts'

const LARGEST_BODY = 1_048_576
/** The platform waits 3 s; what has not ended by then is answered while it goes on. */
const LONGEST_TURN_MS = 2_600

export interface AppOptions {
  feishu: Pick<FeishuConfig, 'appId' | 'encryptKey' | 'verificationToken'>
  ciphers?: Ciphers
  /** Runs after the answer has left, so that no update overtakes it; ends when a turn that took too long to wait for has ended. */
  afterAnswer(env: unknown, run: () => Promise<void>): void
  /** Checks and remembers which tenant is ours; false for another. */
  isOurTenant(tenant: string): Promise<boolean>
  /** Whether the database answers and is migrated; else why not. */
  readiness(): Promise<string | undefined>
  /** Moves the clock and ends when all that fell due has been attempted. Absent unless CLOCK=manual. */
  moveClock?: (to: Date) => Promise<void>
}

/** The web side of an office. Both Feishu addresses accept events and card callbacks alike. */
export function createApp(office: Office, options: AppOptions): Hono {
  const app = new Hono()
  const open = createVerifier(options.feishu, options.ciphers)
  for (const path of ['/feishu/events', '/feishu/cards']) {
    app.post(path, limit, async c => {
      const raw = new Uint8Array(await c.req.arrayBuffer())
      const seal = {
        timestamp: c.req.header('x-lark-request-timestamp'),
        nonce: c.req.header('x-lark-request-nonce'),
        signature: c.req.header('x-lark-signature'),
      }
      const opened = await open(raw, seal, [office.clock.wire(), office.clock.now().getTime()])
      if (opened.kind === 'challenge') return c.json({ challenge: opened.challenge })
      const incoming = await taken(opened, options, office)
      if (typeof incoming === 'string') return c.json({ error: incoming }, incoming === 'malformed' ? 400 : 401)
      const turn = dispatch(office, incoming)
      const outcome = await inTime(turn)
      options.afterAnswer(c.env, () => turn.then(() => afterwards(office, incoming, outcome)))
      return answer(incoming, outcome)
    })
  }

  app.get('/healthz', c => c.json({ alive: true }))
  app.get('/readyz', async c => {
    const fault = await options.readiness()
    return fault ? c.json({ ready: false, reason: fault }, 503) : c.json({ ready: true })
  })
  app.get('/metrics', async c => {
    const { waiting, oldestMs, failed } = await outboxDepth(office.db)
    return c.text(
      office.metrics.print([
        { name: 'huiyin_outbox_waiting', help: 'Parcels waiting to leave', value: waiting },
        {
          name: 'huiyin_outbox_oldest_seconds',
          help: 'Age of the oldest waiting parcel',
          value: oldestMs ? (office.clock.wire() - oldestMs) / 1_000 : 0,
        },
        { name: 'huiyin_outbox_failed', help: 'Parcels given up', value: failed },
      ]),
      200,
      { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' },
    )
  })

  const { moveClock } = options
  if (moveClock) {
    app.post('/clock', limit, async c => {
      const body: unknown = await c.req.json().catch(() => undefined)
      const now =
        typeof body === 'object' && body && 'now' in body && typeof body.now === 'string'
          ? new Date(body.now)
          : undefined
      if (!now || Number.isNaN(now.getTime())) return c.json({ error: 'send {"now":"2026-11-24T08:30:00+08:00"}' }, 400)
      await moveClock(now)
      return c.json({ now: office.clock.now().toISOString() })
    })
  }

  app.onError((error, c) => {
    office.log('error', 'request failed', describe(error))
    return c.json({ error: 'internal' }, 500)
  })
  return app
}

const tooLarge = (c: Context) => c.json({ error: 'too large' }, 413)
const measure = bodyLimit({ maxSize: LARGEST_BODY, onError: tooLarge })

/** A body that tells its length need not be read as a stream to be measured, which would cost as much as reading it. */
const limit: MiddlewareHandler = (c, next) => {
  const length = c.req.header('content-length')
  if (length === undefined || c.req.header('transfer-encoding') !== undefined) return measure(c, next)
  return Number(length) <= LARGEST_BODY ? next() : Promise.resolve(tooLarge(c))
}

/** A delivery that we take up; else what to answer: everything that is not authentic reads the same. */
async function taken(
  opened: Opened,
  options: AppOptions,
  office: Office,
): Promise<Incoming | 'unauthorised' | 'malformed'> {
  if (opened.kind !== 'delivery') {
    office.metrics.count('huiyin_turns_total', { what: 'delivery', outcome: 'refused' })
    office.log('warn', 'delivery refused', { why: opened.kind === 'refused' ? opened.why : opened.kind })
    return 'unauthorised'
  }
  if (!(await options.isOurTenant(opened.envelope.tenant))) return 'unauthorised'
  return readIncoming(opened.envelope) ?? 'malformed'
}

/** A press whose answer came too late to carry the new card has it drawn like every other copy. */
async function afterwards(office: Office, incoming: Incoming, outcome: Timed): Promise<void> {
  if (outcome.kind === 'late' && incoming.kind === 'pressed') await redrawMessage(office, incoming.message)
  office.wake()
}

type Timed = Outcome | { kind: 'late' }

async function inTime(turn: Promise<Outcome>): Promise<Timed> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<Timed>(done => {
    timer = setTimeout(() => done({ kind: 'late' }), LONGEST_TURN_MS)
  })
  const outcome = await Promise.race([turn, late])
  clearTimeout(timer)
  return outcome
}

/** An event is acknowledged only once it is kept; a press always gets words, because the platform never sends it again. */
function answer(incoming: Incoming, outcome: Timed): Response {
  if (incoming.kind !== 'pressed') {
    const kept = outcome.kind !== 'failed' && outcome.kind !== 'late'
    return kept ? Response.json({}) : Response.json({ error: 'try again' }, { status: 503 })
  }
  if (outcome.kind === 'failed') return Response.json(toast('error', `系统处理出错,请稍后再试(编号 ${outcome.id})`))
  if (outcome.kind === 'late') return Response.json(toast('warning', '处理时间较长,请稍后查看结果'))
  if (outcome.kind !== 'done' && outcome.kind !== 'refused') return Response.json({})
  return Response.json({
    ...(outcome.toast ? toast(outcome.toast.kind, outcome.toast.words) : {}),
    ...(outcome.card ? { card: { type: 'raw', data: printCard(outcome.card) } } : {}),
  })
}

const toast = (type: 'success' | 'info' | 'warning' | 'error', content: string) => ({ toast: { type, content } })
