import { type Context, Hono } from 'hono'
import { newLogId } from '../ids.ts'
import { userOfToken } from '../passes.ts'
import type { Person } from '../protocol.ts'
import { hasScope } from '../scopes.ts'
import type { World } from '../world.ts'
import type { Call, Route } from './call.ts'
import { type Done, refusal, success } from './done.ts'
import { noScope, Problem, tooManyCalls } from './problem.ts'
import { chargeQuota } from './quota.ts'
import { routes } from './routes.ts'
import { type Env, earlyFault, lateFault, pause } from './spoil.ts'

/** The Open Platform: every route below /open-apis with its token, scopes, limits and the faults that are switched on. */
export function openPlatform(world: World): Hono<Env> {
  const app = new Hono<Env>()
  for (const route of routes) app.on(route.method, route.path, c => serve(world, route, c))
  app.all('*', c => {
    world.gaps.add(c.req.method, c.req.path, Date.now())
    return serve(world, unknown, c)
  })
  return app
}

const unknown: Route = {
  method: 'GET',
  path: '(unknown)',
  msg: 'success',
  open: true,
  handle: () => {
    throw new Problem(99991201, 'api not found', { status: 404 })
  },
}

async function serve(world: World, route: Route, c: Context<Env>): Promise<Response> {
  const log_id = newLogId()
  const { faults } = world
  const call = await readCall(world, c)
  await pause(faults.api_latency_ms)
  const done =
    (await earlyFault(world, route, c, log_id)) ??
    (await lateFault(world, c, await work(world, route, call, log_id, c)))
  done.response.headers.set('x-tt-logid', log_id)
  done.response.headers.set('date', new Date(world.settings.wire?.() ?? Date.now()).toUTCString())
  record(world, c, call, done, log_id)
  return done.response
}

async function readCall(world: World, c: Context<Env>): Promise<Call> {
  const query = new URL(c.req.url).searchParams
  const base = { world, params: c.req.param() as Record<string, string>, query }
  const type = c.req.header('content-type') ?? ''
  if (type.startsWith('multipart/form-data')) return { ...base, ...(await formOf(c)) }
  return { ...base, body: parsed(await c.req.text()) }
}

/** A form that cannot be read has no fields either. */
async function formOf(c: Context<Env>): Promise<Pick<Call, 'body' | 'form'>> {
  try {
    return { body: {}, form: await c.req.formData() }
  } catch {
    return { body: {} }
  }
}

/** A body that is no JSON object has no fields, which the field checks then report. */
function parsed(text: string): Record<string, unknown> {
  try {
    const body: unknown = JSON.parse(text || '{}')
    return typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {}
  } catch {
    return {}
  }
}

async function work(world: World, route: Route, call: Call, log_id: string, c: Context<Env>): Promise<Done> {
  try {
    const user = admit(world, route, c)
    return success(await route.handle({ ...call, ...(user && { user }) }), route)
  } catch (cause) {
    if (cause instanceof Problem) return refusal(cause, log_id)
    console.error(cause)
    return refusal(new Problem(2200, 'internal error', { status: 500 }), log_id)
  }
}

/** Answers whose user token it is, if it is one. */
function admit(world: World, route: Route, c: Context<Env>): Person | undefined {
  if (route.open) return undefined
  const user = bearer(world, route, c.req.header('authorization'))
  if (route.scopes && !route.scopes.some(scope => hasScope(world, scope))) throw noScope(route.scopes)
  const rules = route.perSecond ? [{ ms: 1000, max: route.perSecond }] : undefined
  const refused = world.limits.api(`${route.method} ${route.path}`, world.faults.limits, rules)
  if (refused) throw tooManyCalls(refused.rule.max, Math.max(1, Math.ceil(refused.wait_ms / 1000)))
  chargeQuota(world, route)
  return user
}

/** The app's token where the app is asked for, a person's where a person is. */
function bearer(world: World, { identity = 'app' }: Route, authorization: string | undefined): Person | undefined {
  const token = /^Bearer\s+(u-\S+)$/i.exec(authorization ?? '')?.[1]
  const found = token ? userOfToken(world, token) : undefined
  const code = token ? (typeof found === 'number' ? found : undefined) : world.tokens.refuse(authorization)
  const misplaced = token ? identity === 'app' && 99991668 : identity === 'user' && 99991663
  const refused = code ?? (misplaced || undefined)
  if (refused) throw new Problem(refused, tokenWords[refused] ?? 'invalid access token')
  return typeof found === 'object' ? found : undefined
}

const tokenWords: Record<number, string> = {
  99991661: 'Missing access token for authorization. Please make a request with token attached.',
  99991671: 'Invalid access token for authorization. Token must start with t- or u-.',
  99991663: 'Invalid access token for authorization. Please make a request with token attached.',
  99991668: 'Invalid access token for authorization. The user access token is not valid here.',
  99991677: 'Authentication token expired, please refresh the user access token.',
}

function record(world: World, c: Context<Env>, { query, body, form }: Call, { response, code }: Done, log_id: string) {
  world.calls.add({
    at: Date.now(),
    method: c.req.method,
    path: c.req.path,
    query: Object.fromEntries(query),
    body: form ? formFields(form) : body,
    status: c.env.incoming.socket.destroyed ? 0 : response.status,
    code,
    log_id,
  })
}

const formFields = (form: FormData) =>
  Object.fromEntries(
    [...form].map(([name, value]) => [name, typeof value === 'string' ? value : `${value.name} (${value.size})`]),
  )
