import type { HttpBindings } from '@hono/node-server'
import { type Context, Hono } from 'hono'
import { z } from 'zod'
import { newLogId } from '../ids.ts'
import type { World } from '../world.ts'
import { clientConfig } from './line.ts'
import { LINE_PATH } from './lines.ts'

type Env = { Bindings: HttpBindings }

const words: Record<number, string> = {
  1: 'system busy',
  403: 'forbidden',
  514: 'app_id or app_secret is invalid',
  1000040343: 'internal error',
  1000040350: 'the number of connections exceeded the limit',
}

const request = z.object({ AppID: z.string(), AppSecret: z.string() })

/** Where a bot asks for the address of its long connection. Refusals come as HTTP 200 with a code. */
export function lineEndpoint(world: World): Hono<Env> {
  const app = new Hono<Env>()
  app.post('/ws/endpoint', async c => {
    if (world.faults.line_endpoint === 502)
      return c.html('<html><head><title>502 Bad Gateway</title></head></html>', 502)
    const asked = request.safeParse(await c.req.json().catch(() => undefined))
    const code = asked.success ? refusal(world, asked.data) : 514
    const query = code === 0 ? world.lines.ticket() : undefined
    const done = query
      ? address(world, c, query)
      : { code: code || 1000040350, msg: words[code || 1000040350] ?? '', data: {} }
    record(world, asked.success ? asked.data.AppID : '', done.code)
    return c.json(done)
  })
  return app
}

function refusal({ settings, faults }: World, { AppID, AppSecret }: z.infer<typeof request>): number {
  if (faults.line_endpoint) return faults.line_endpoint
  return AppID === settings.appId && AppSecret === settings.appSecret ? 0 : 514
}

function address({ faults }: World, c: Context<Env>, query: URLSearchParams) {
  const host = c.req.header('host') ?? '127.0.0.1'
  return { code: 0, msg: '', data: { URL: `ws://${host}${LINE_PATH}?${query}`, ClientConfig: clientConfig(faults) } }
}

function record(world: World, app_id: string, code: number) {
  const call = { method: 'POST', path: '/callback/ws/endpoint', query: {}, body: { AppID: app_id } }
  world.calls.add({ ...call, at: Date.now(), status: 200, code, log_id: newLogId() })
}
