import { z } from 'zod'
import type { TransportAnswer } from '../protocol.ts'
import type { World } from '../world.ts'
import { type Ask, bodyAs, type SimRoutes } from './ask.ts'
import { Refused } from './refused.ts'

/** Which way events and callbacks take, and the long connections that stand. */
export const transportRoutes: SimRoutes = {
  'GET /transport': ({ world }) => seen(world),
  'POST /transport': choose,
  'POST /transport/hurl': ask => ({
    hurled: ask.world.lines.hurl(Buffer.from(bodyAs(ask, z.object({ data: z.string() })).data, 'base64')),
  }),
  'POST /transport/drop': ask => ({
    dropped: ask.world.lines.drop(bodyAs(ask, z.object({ id: z.string().optional() })).id),
  }),
}

const seen = ({ settings, lines }: World): TransportAnswer => ({
  transport: settings.transport,
  connections: lines.standing(),
})

function choose(ask: Ask): TransportAnswer {
  const { world } = ask
  const { transport } = bodyAs(ask, z.object({ transport: z.enum(['webhook', 'websocket']) }))
  if (transport === 'websocket' && world.lines.standing().length === 0)
    throw new Refused(409, '没有检测到长连接。请先启动使用长连接的机器人，再保存')
  world.settings.transport = transport
  return seen(world)
}
