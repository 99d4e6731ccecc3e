import { z } from 'zod'
import { readSentCard } from '../api/content.ts'
import { Problem } from '../api/problem.ts'
import { callback } from '../clicks.ts'
import { samplesIn } from '../gallery/samples.ts'
import { newCardToken, newChatId, newMessageId } from '../ids.ts'
import type { CardCheck, GalleryPressAnswer, GallerySamples } from '../protocol.ts'
import type { World } from '../world.ts'
import { type Ask, actor, bodyAs, type SimRoutes } from './ask.ts'
import { Refused } from './refused.ts'

export const galleryRoutes: SimRoutes = {
  'GET /gallery': ({ world }): GallerySamples => samplesIn(world),
  'POST /gallery/check': checkCard,
  'POST /gallery/press': pressCard,
}

/** More than any card may be; the platform's own limit is told by its own code. */
const card = z.string().max(200_000)

/** What the platform would answer to a bot that sends this card. */
function checkCard(ask: Ask): CardCheck {
  samplesIn(ask.world)
  const { card: content } = bodyAs(ask, z.object({ card }))
  return { ...verdict(ask.world, content), bytes: Buffer.byteLength(content) }
}

function verdict(world: World, content: string): { code: number; msg: string } {
  try {
    readSentCard(world, content)
    return { code: 0, msg: 'success' }
  } catch (cause) {
    if (cause instanceof Problem) return { code: cause.code, msg: cause.message }
    throw cause
  }
}

/** The callback that a bot would receive for this press; none is sent. */
function pressCard(ask: Ask): GalleryPressAnswer {
  const { world } = ask
  const press = bodyAs(ask, z.object({ as: z.string(), card, action: z.looseObject({ tag: z.string() }) }))
  actor(world, press.as)
  const { code, msg } = verdict(world, press.card)
  if (code !== 0) throw new Refused(400, `卡片不能发送：${msg}`)
  const at = { message_id: newMessageId(), chat_id: newChatId(), content: press.card }
  return { callback: callback(world, at, { as: press.as, action: press.action }, newCardToken()) }
}
