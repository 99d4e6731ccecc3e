import { z } from 'zod'
import { copyOf } from '../api/forward.ts'
import { forbidsForwarding } from '../card/forwarding.ts'
import { pushMessage } from '../events.ts'
import { addMessage, chatOf, tellMessage } from '../messages.ts'
import type { SayAnswer } from '../protocol.ts'
import { nowOf } from '../world.ts'
import { type Ask, actor, asSomebody, bodyAs, chatFor, messageFor, type SimRoutes } from './ask.ts'
import { Refused } from './refused.ts'

export const forwardingRoutes: SimRoutes = {
  'POST /messages/:message_id/forward': forward,
  'POST /messages/:message_id/confirm': confirm,
}

/** A copy that is the forwarder's own; the bot hears of it like of anything said. */
function forward(ask: Ask): SayAnswer {
  const { world, params } = ask
  const { as, chat_id } = bodyAs(ask, z.object({ as: z.string(), chat_id: z.string() }))
  actor(world, as)
  const message = messageFor(world, params.message_id ?? '', as)
  const chat = chatFor(world, chat_id, as)
  if (message.recalled) throw new Refused(409, '消息已撤回')
  if (message.msg_type === 'system' || message.ephemeral_for) throw new Refused(403, '这条消息不能转发')
  if (forbidsForwarding(message)) throw new Refused(403, '这张卡片不允许转发')
  const copy = addMessage(world, chat, { ...copyOf(message), sender: as })
  const delivery = pushMessage(world, chat, copy)
  return { message_id: copy.message_id, ...(delivery && { delivery_id: delivery.id }) }
}

/** 收到 on an urgent message. */
function confirm(ask: Ask) {
  const { world, params } = ask
  const { as } = bodyAs(ask, asSomebody)
  actor(world, as)
  const message = messageFor(world, params.message_id ?? '', as)
  const mine = (message.urgent ?? []).filter(one => one.open_id === as && !one.confirmed_at)
  if (mine.length === 0) throw new Refused(409, '没有待确认的加急')
  for (const one of mine) one.confirmed_at = nowOf(world)
  tellMessage(world, chatOf(world, message), message)
  return {}
}
