import { z } from 'zod'
import { findMessage } from '../ephemerals.ts'
import { isActive } from '../people.ts'
import type { Person } from '../protocol.ts'
import type { StoredChat, StoredMessage } from '../state.ts'
import type { World } from '../world.ts'
import { Refused } from './refused.ts'

/** One request to /sim, parsed. */
export interface Ask {
  world: World
  params: Record<string, string>
  query: URLSearchParams
  body: unknown
}

/** What it answers: JSON, or a response as it is. */
export type SimRoute = (ask: Ask) => unknown
export type SimRoutes = Record<string, SimRoute>

export function bodyAs<Schema extends z.ZodType>({ body }: Ask, schema: Schema): z.infer<Schema> {
  const parsed = schema.safeParse(body)
  if (parsed.success) return parsed.data
  throw new Refused(400, `请求内容有误：${z.prettifyError(parsed.error)}`)
}

/** A person who may act: known, neither frozen nor resigned. */
export function actor(world: World, open_id: string): Person {
  const person = world.state.people.get(open_id)
  if (!person) throw new Refused(403, '没有这个人')
  if (isActive(person)) return person
  throw new Refused(403, person.is_resigned ? `${person.name}已离职，不能操作` : `${person.name}的账号已停用，不能操作`)
}

export function chatFor(world: World, chat_id: string, as: string): StoredChat {
  const chat = world.state.chats.get(chat_id)
  if (!chat || chat.disbanded) throw new Refused(404, '会话不存在或已解散')
  if (!chat.members.includes(as)) throw new Refused(403, '您不在这个会话中')
  return chat
}

/** A message this person can see. */
export function messageFor(world: World, message_id: string, as: string): StoredMessage {
  const message = findMessage(world, message_id)
  if (!message || message.deleted || (message.ephemeral_for ?? as) !== as) throw new Refused(404, '消息不存在')
  chatFor(world, message.chat_id, as)
  return message
}

export const asSomebody = z.object({ as: z.string() })
