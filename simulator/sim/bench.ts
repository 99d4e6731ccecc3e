import { z } from 'zod'
import { moveClock } from '../clock.ts'
import { push } from '../delivery.ts'
import { faultsOn, faultsPatch, noFaults } from '../faults.ts'
import { challengePatience } from '../post.ts'
import type { ChallengeAnswer, ClockAnswer, Delivery, Faults } from '../protocol.ts'
import { runScript } from '../script.ts'
import { ask as askBot } from '../wire.ts'
import { nextOpening } from '../workdays.ts'
import { nowOf, reset, type World } from '../world.ts'
import { type Ask, bodyAs, type SimRoutes } from './ask.ts'
import { Refused } from './refused.ts'

/** What only tests and the demo's desk use. */
export const benchRoutes: SimRoutes = {
  'POST /clock': setClock,
  'POST /script': playScript,
  'GET /faults': ({ world }) => world.faults,
  'PATCH /faults': ask => setFaults(ask.world, { ...ask.world.faults, ...bodyAs(ask, faultsPatch) }),
  'DELETE /faults': ({ world }) => setFaults(world, noFaults()),
  'POST /scopes': changeScopes,
  'GET /deliveries': ({ world, query }) => world.deliveries.since(query.get('since') ?? ''),
  'GET /calls': ({ world, query }) => world.calls.since(Number(query.get('since') ?? 0)),
  'GET /limits': ({ world }) => world.limits.seen(),
  'POST /tokens/revoke': ({ world }) => {
    world.tokens.revoke()
    return {}
  },
  'POST /events': sendEvent,
  'POST /challenge': challenge,
  'POST /templates': publishTemplate,
  'POST /reset': ({ world }) => {
    reset(world)
    return {}
  },
}

/** Every page shows that a fault is on, whoever switched it. */
function setFaults(world: World, faults: Faults): Faults {
  world.faults = faults
  world.stream.tell({ kind: 'faults', on: faultsOn(faults) })
  return faults
}

const clockRequest = z.union([
  z.object({ now: z.iso.datetime({ offset: true }) }),
  z.object({ by_ms: z.number() }),
  z.object({ to: z.literal('next-workday-0830') }),
])

async function setClock(ask: Ask): Promise<ClockAnswer> {
  const { world } = ask
  const request = bodyAs(ask, clockRequest)
  const now = nowOf(world)
  const to = 'now' in request ? Date.parse(request.now) : 'by_ms' in request ? now + request.by_ms : nextOpening(now)
  try {
    return await moveClock(world, to)
  } catch (cause) {
    throw new Refused(502, `机器人的时钟不能调整（${(cause as Error).message}）。请确认机器人以 CLOCK=manual 启动`)
  }
}

/** Answers at once; lines already said are not said again. */
function playScript(ask: Ask) {
  const { first } = bodyAs(ask, z.object({ first: z.string().optional() }))
  const { state, settings } = ask.world
  const left = state.script_line === null ? 0 : settings.office.script.lines.length - state.script_line
  void runScript(ask.world, first)
  return { left }
}

function changeScopes(ask: Ask) {
  const { state, faults, store } = ask.world
  const list = z.array(z.string()).default([])
  const { grant, revoke } = bodyAs(ask, z.object({ grant: list, revoke: list }))
  for (const scope of grant) state.granted.add(scope)
  for (const scope of revoke) state.granted.delete(scope)
  const missing_scopes = [...new Set([...faults.missing_scopes, ...revoke])].filter(scope => !grant.includes(scope))
  setFaults(ask.world, { ...faults, missing_scopes })
  store.touch()
  return { granted: [...state.granted], missing: missing_scopes }
}

const FIRST_ATTEMPT_MS = 4000

/** Answers when the first attempt is over. */
async function sendEvent(ask: Ask): Promise<Delivery> {
  const schema = z.object({
    event_type: z.string().min(1),
    event: z.unknown(),
    header: z.record(z.string(), z.unknown()).default({}),
    count: z.number().int().min(1).max(2000).default(1),
  })
  const { event_type, event, header, count } = bodyAs(ask, schema)
  const deliveries = Array.from({ length: count }, () => push(ask.world, event_type, event, header))
  const last = deliveries.at(-1)
  if (!last) throw new Refused(400, 'count 应不小于 1')
  const until = Date.now() + FIRST_ATTEMPT_MS
  while (deliveries.some(isUntried) && Date.now() < until) await new Promise(done => setTimeout(done, 10))
  return last
}

const isUntried = ({ attempts, state }: Delivery) =>
  state === 'pending' && !attempts.some(one => one.ms > 0 || one.status !== null || one.error)

/** As the console does when the request URL is saved: unsigned, one second. */
async function challenge(ask: Ask): Promise<ChallengeAnswer> {
  const { world } = ask
  const schema = z.object({
    url: z.enum(['events', 'cards']).default('events'),
    token: z.string().default(world.settings.verificationToken),
  })
  const { url, token } = bodyAs(ask, schema)
  const challenge = crypto.randomUUID()
  const envelope = { challenge, token, type: 'url_verification' }
  const outcome = await askBot(world, `/feishu/${url}`, 'url_verification', envelope, challengePatience)
  const { status, ms, text, error } = outcome
  return { ok: status === 200 && echoes(text, challenge), challenge, status, ms, body: text, ...(error && { error }) }
}

function echoes(text: string, challenge: string): boolean {
  try {
    return JSON.parse(text).challenge === challenge
  } catch {
    return false
  }
}

function publishTemplate(ask: Ask) {
  const { template_id, card } = bodyAs(
    ask,
    z.object({ template_id: z.string().min(1), card: z.record(z.string(), z.unknown()) }),
  )
  ask.world.state.templates.set(template_id, card)
  ask.world.store.touch()
  return {}
}
