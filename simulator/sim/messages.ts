import { z } from 'zod'
import { click } from '../clicks.ts'
import { subscribed } from '../console.ts'
import { pushReaction, pushRecall } from '../events.ts'
import { fileBytes } from '../files.ts'
import { chatOf, recall, tellMessage } from '../messages.ts'
import { postBody } from '../post-content.ts'
import type { ClickAnswer, SayAnswer } from '../protocol.ts'
import { say } from '../say.ts'
import type { StoredMessage } from '../state.ts'
import type { World } from '../world.ts'
import { type Ask, actor, asSomebody, bodyAs, chatFor, messageFor, type SimRoutes } from './ask.ts'
import { Refused } from './refused.ts'

export const messageRoutes: SimRoutes = {
  'POST /messages': sayIt,
  'POST /messages/:message_id/recall': recallIt,
  'POST /messages/:message_id/delete': deleteIt,
  'POST /messages/:message_id/reactions': react,
  'POST /click': clickIt,
  'POST /raw-click': rawClick,
  'GET /files/:key': download,
}

const saying = z.object({
  as: z.string(),
  chat_id: z.string(),
  text: z.string().max(150_000).optional(),
  parent_id: z.string().optional(),
  file: z
    .object({
      name: z.string().min(1).max(255),
      size: z.number().int().min(1),
      image: z.boolean().optional(),
      /** Its bytes in base64. */
      data: z.base64().max(40_000_000).optional(),
    })
    .optional(),
  post: postBody.optional(),
})

function sayIt(ask: Ask): SayAnswer {
  const { world } = ask
  const given = bodyAs(ask, saying)
  actor(world, given.as)
  const chat = chatFor(world, given.chat_id, given.as)
  if (chat.chat_type === 'p2p' && !subscribed(world, 'im.message.receive_v1'))
    throw new Refused(403, '机器人未订阅接收消息事件，单聊中没有输入框')
  if (!given.text?.trim() && !given.file && !given.post) throw new Refused(400, '不能发送空消息')
  const parent = given.parent_id ? messageFor(world, given.parent_id, given.as) : undefined
  return say(world, chat, { ...given, parent })
}

function recallIt(ask: Ask) {
  const { world } = ask
  const message = ownMessage(ask)
  recall(world, message)
  pushRecall(world, message)
  return {}
}

function ownMessage(ask: Ask): StoredMessage {
  const { as } = bodyAs(ask, asSomebody)
  actor(ask.world, as)
  const message = messageFor(ask.world, ask.params.message_id ?? '', as)
  if (message.sender !== as) throw new Refused(403, '只能撤回自己发出的消息')
  if (message.recalled) throw new Refused(409, '消息已撤回')
  return message
}

function deleteIt({ world, params }: Ask) {
  const message = known(world, params.message_id ?? '')
  message.deleted = true
  tellMessage(world, chatOf(world, message), message)
  return {}
}

function react(ask: Ask) {
  const { world, params } = ask
  const { as, emoji_type, on } = bodyAs(
    ask,
    z.object({ as: z.string(), emoji_type: z.string().regex(/^[A-Za-z]\w{0,39}$/), on: z.boolean() }),
  )
  actor(world, as)
  const message = messageFor(world, params.message_id ?? '', as)
  const others = (message.reactions[emoji_type] ?? []).filter(id => id !== as)
  message.reactions[emoji_type] = on ? [...others, as] : others
  if (message.reactions[emoji_type].length === 0) delete message.reactions[emoji_type]
  tellMessage(world, chatOf(world, message), message)
  pushReaction(world, message, as, emoji_type, on)
  return {}
}

const clicking = z.object({ as: z.string(), message_id: z.string(), action: z.looseObject({ tag: z.string() }) })

function clickIt(ask: Ask): Promise<ClickAnswer> {
  const { world } = ask
  const { as, message_id, action } = bodyAs(ask, clicking)
  actor(world, as)
  const message = messageFor(world, message_id, as)
  if (!isCardOfBot(message)) throw new Refused(400, '这条消息不是机器人的卡片')
  if (message.recalled) throw new Refused(409, '卡片已撤回')
  if (message.inert) return Promise.resolve({})
  return click(world, message, { as, action })
}

/** Forwarded by whomever: it stays the bot's card. */
const isCardOfBot = ({ msg_type, sender, forwarded_from }: StoredMessage) =>
  msg_type === 'interactive' && (sender === 'bot' || forwarded_from !== undefined)

/** For attack tests: anybody, any action, any chat; nothing is asked but that the card exists. */
function rawClick(ask: Ask): Promise<ClickAnswer> {
  const schema = clicking.extend({
    action: z.looseObject({}),
    chat_id: z.string().optional(),
    operator: z.looseObject({}).optional(),
  })
  const { message_id, ...rest } = bodyAs(ask, schema)
  const message = known(ask.world, message_id)
  if (message.msg_type !== 'interactive') throw new Refused(400, '这条消息不是卡片')
  return click(ask.world, message, rest)
}

function known(world: World, message_id: string): StoredMessage {
  const message = world.state.messages.get(message_id)
  if (!message) throw new Refused(404, '消息不存在')
  return message
}

function download({ world, params }: Ask): Response {
  const file = world.state.files.get(params.key ?? '')
  if (!file) throw new Refused(404, '文件不存在')
  return fileBytes(world, file)
}
