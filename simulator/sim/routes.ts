import { type Context, Hono } from 'hono'
import { noteOf } from '../walk-notes.ts'
import type { World } from '../world.ts'
import type { SimRoute, SimRoutes } from './ask.ts'
import { benchRoutes } from './bench.ts'
import { calendarSimRoutes } from './calendar.ts'
import { chatRoutes } from './chats.ts'
import { consoleRoutes } from './console.ts'
import { demoRoutes } from './demo.ts'
import { forwardingRoutes } from './forwarding.ts'
import { galleryRoutes } from './gallery.ts'
import { loginRoutes } from './login.ts'
import { messageRoutes } from './messages.ts'
import { officeRoutes } from './office.ts'
import { recorderRoutes } from './recorder.ts'
import { Refused } from './refused.ts'
import { trafficRoutes } from './traffic.ts'
import { transportRoutes } from './transport.ts'

const streamRoutes: SimRoutes = {
  'GET /stream': ({ world, query }) =>
    world.stream.open(query.get('as') ?? '', { kind: 'hello', version: world.state.version }),
}

const acts: SimRoutes = { ...chatRoutes, ...messageRoutes, ...benchRoutes }
const routes: SimRoutes = {
  ...acts,
  ...officeRoutes,
  ...consoleRoutes,
  ...forwardingRoutes,
  ...loginRoutes,
  ...calendarSimRoutes,
  ...transportRoutes,
  ...trafficRoutes,
  ...galleryRoutes,
  ...demoRoutes,
  ...recorderRoutes(acts),
  ...streamRoutes,
}

/** Everything below /sim. */
export function simApi(world: World): Hono {
  const app = new Hono()
  for (const [name, route] of Object.entries(routes)) {
    const [method = '', path = ''] = name.split(' ')
    app.on(method, path, c => serve(world, name, route, c))
  }
  app.all('*', c => c.json({ error: '没有这个接口' }, 404))
  return app
}

async function serve(world: World, name: string, route: SimRoute, c: Context): Promise<Response> {
  try {
    const ask = {
      world,
      params: c.req.param(),
      query: new URL(c.req.url).searchParams,
      body: await bodyOf(c),
    }
    const note = world.recorder.on ? noteOf(world, name, ask) : undefined
    const answer = await route(ask)
    if (note) world.recorder.keep(note)
    return answer instanceof Response ? answer : Response.json(answer)
  } catch (cause) {
    if (cause instanceof Refused) return c.json({ error: cause.message }, cause.status)
    console.error(cause)
    return c.json({ error: '模拟飞书内部出错' }, 500)
  }
}

async function bodyOf(c: Context): Promise<unknown> {
  if (c.req.method === 'GET') return {}
  const text = await c.req.text()
  try {
    return JSON.parse(text || '{}')
  } catch {
    throw new Refused(400, '请求内容不是 JSON')
  }
}
