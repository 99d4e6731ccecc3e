import type { HttpBindings } from '@hono/node-server'
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response'
import { type Context, Hono } from 'hono'
import { spend, strikes } from '../faults.ts'
import { newLogId } from '../ids.ts'
import { hasScope, type World } from '../world.ts'
import type { Answer, Call, Route } from './call.ts'
import { noScope, Problem, problem, tooManyCalls } from './problem.ts'
import { routes } from './routes.ts'

type Env = { Bindings: HttpBindings }

/** The Open Platform: every route below /open-apis with its token, scopes, limits and the faults that are switched on. */
export function openPlatform(world: World): Hono<Env> {
  const app = new Hono<Env>()
  for (const route of routes) app.on(route.method, route.path, c => serve(world, route, c))
  app.all('*', c => serve(world, unknown, c))
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

/** An answer and the code it holds; -1 for a file, a broken answer or none. */
interface Done {
  response: Response
  code: number
}

async function serve(world: World, route: Route, c: Context<Env>): Promise<Response> {
  const log_id = newLogId()
  const { faults } = world
  const call = await readCall(world, c)
  await pause(faults.api_latency_ms)
  const done =
    earlyFault(world, route, c, log_id) ?? (await lateFault(world, c, await work(world, route, call, log_id, c)))
  done.response.headers.set('x-tt-logid', log_id)
  record(world, c, call, done, log_id)
  return done.response
}

async function readCall(world: World, c: Context<Env>): Promise<Call> {
  const query = new URL(c.req.url).searchParams
  const base = { world, params: c.req.param() as Record<string, string>, query }
  const type = c.req.header('content-type') ?? ''
  if (type.startsWith('multipart/form-data')) return { ...base, body: {}, form: await c.req.formData() }
  return { ...base, body: parsed(await c.req.text()) }
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

function earlyFault({ faults }: World, route: Route, c: Context<Env>, log_id: string): Done | undefined {
  if (strikes(faults.api_reset)) return cut(c)
  if (strikes(faults.api_5xx)) return codeless(c.text('upstream connect error', 503))
  if (route.open) return undefined
  if (spend(faults.api_429)) return refusal(tooManyCalls(50, faults.api_429.reset_s), log_id)
  if (isSend(route) && spend(faults.api_230020)) return refusal(problem(230020, 'chat rate limit'), log_id)
  return undefined
}

const isSend = ({ method, path }: Route) =>
  method === 'POST' && /^\/im\/v1\/messages(\/:message_id\/reply)?$/.test(path)

/** The work is done; only its answer goes wrong. */
async function lateFault({ faults }: World, c: Context<Env>, done: Done): Promise<Done> {
  await pause(faults.api_latency_after_ms)
  if (strikes(faults.api_reset_after)) return cut(c)
  if (strikes(faults.api_5xx_after)) return codeless(c.text('upstream request timeout', 504))
  if (spend(faults.api_broken_json)) return codeless(unfinished((await done.response.text()).slice(0, 40)))
  if (spend(faults.api_html_502))
    return codeless(await c.html('<html><head><title>502 Bad Gateway</title></head></html>', 502))
  return done
}

const codeless = (response: Response): Done => ({ response, code: -1 })
const unfinished = (text: string) =>
  new Response(text, { headers: { 'content-type': 'application/json; charset=utf-8' } })

function cut(c: Context<Env>): Done {
  c.env.incoming.socket.destroy()
  return codeless(new Response(null, { headers: RESPONSE_ALREADY_SENT.headers }))
}

async function work(world: World, route: Route, call: Call, log_id: string, c: Context<Env>): Promise<Done> {
  try {
    admit(world, route, c)
    return success(await route.handle(call), route)
  } catch (cause) {
    if (cause instanceof Problem) return refusal(cause, log_id)
    console.error(cause)
    return refusal(new Problem(2200, 'internal error', { status: 500 }), log_id)
  }
}

function admit(world: World, route: Route, c: Context<Env>) {
  if (route.open) return
  const code = world.tokens.refuse(c.req.header('authorization'))
  if (code) throw new Problem(code, tokenWords[code] ?? 'invalid access token')
  if (route.scopes && !route.scopes.some(scope => hasScope(world, scope))) throw noScope(route.scopes)
  const rules = route.perSecond ? [{ ms: 1000, max: route.perSecond }] : undefined
  const refused = world.limits.api(`${route.method} ${route.path}`, world.faults.limits, rules)
  if (refused) throw tooManyCalls(refused.rule.max, Math.max(1, Math.ceil(refused.wait_ms / 1000)))
}

const tokenWords: Record<number, string> = {
  99991661: 'Missing access token for authorization. Please make a request with token attached.',
  99991671: 'Invalid access token for authorization. Token must start with t- or u-.',
  99991663: 'Invalid access token for authorization. Please make a request with token attached.',
}

function success(answer: Answer, { msg }: Route): Done {
  if (answer instanceof Response) return codeless(answer)
  const { code = 0, ...top } = 'top' in answer ? answer.top : { data: answer.data }
  return { response: Response.json({ code, msg, ...top }), code: Number(code) }
}

function refusal({ code, message, status, detail, headers }: Problem, log_id: string): Done {
  const error = { log_id, troubleshooter: '模拟平台没有排查页面，请凭 log_id 查看 /sim/calls', ...detail }
  return { response: Response.json({ code, msg: message, error }, { status, headers }), code }
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

const pause = (ms: number) => (ms > 0 ? new Promise(done => setTimeout(done, ms)) : undefined)
