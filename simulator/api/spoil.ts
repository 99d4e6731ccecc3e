import type { HttpBindings } from '@hono/node-server'
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response'
import type { Context } from 'hono'
import { spend, strikes } from '../faults.ts'
import type { World } from '../world.ts'
import type { Route } from './call.ts'
import { codeless, type Done, refusal } from './done.ts'
import { problem, tooManyCalls } from './problem.ts'

export type Env = { Bindings: HttpBindings }

const SLOW_MS = 2_000

/** Instead of the work. */
export async function earlyFault(
  { faults, settings: { chance } }: World,
  route: Route,
  c: Context<Env>,
  log_id: string,
): Promise<Done | undefined> {
  if (strikes(faults.api_slow, chance)) await pause(SLOW_MS)
  if (strikes(faults.api_timeout, chance)) return silence(c)
  if (strikes(faults.api_reset, chance)) return cut(c)
  if (strikes(faults.api_5xx, chance)) return codeless(c.text('upstream connect error', 503))
  if (route.open) return undefined
  if (spend(faults.api_429)) return refusal(tooManyCalls(50, faults.api_429.reset_s, faults.api_429.status), log_id)
  if (isSend(route) && spend(faults.api_230020)) return refusal(problem(230020, 'chat rate limit'), log_id)
  return undefined
}

const isSend = ({ method, path }: Route) =>
  method === 'POST' && /^\/im\/v1\/messages(\/:message_id\/reply)?$/.test(path)

/** The work is done; only its answer goes wrong. */
export async function lateFault({ faults, settings: { chance } }: World, c: Context<Env>, done: Done): Promise<Done> {
  await pause(faults.api_latency_after_ms)
  if (strikes(faults.api_timeout_after, chance)) return silence(c)
  if (strikes(faults.api_reset_after, chance)) return cut(c)
  if (strikes(faults.api_5xx_after, chance)) return codeless(c.text('upstream request timeout', 504))
  if (spend(faults.api_broken_json)) return codeless(unfinished((await done.response.text()).slice(0, 40)))
  if (spend(faults.api_html_502))
    return codeless(await c.html('<html><head><title>502 Bad Gateway</title></head></html>', 502))
  return done
}

const unfinished = (text: string) =>
  new Response(text, { headers: { 'content-type': 'application/json; charset=utf-8' } })

function cut(c: Context<Env>): Done {
  c.env.incoming.socket.destroy()
  return codeless(new Response(null, { headers: RESPONSE_ALREADY_SENT.headers }))
}

/** Until whoever asks has lost patience. */
async function silence(c: Context<Env>): Promise<Done> {
  await new Promise(done => c.env.incoming.socket.once('close', done))
  return cut(c)
}

export const pause = (ms: number) => (ms > 0 ? new Promise(done => setTimeout(done, ms)) : undefined)
