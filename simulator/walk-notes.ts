import { partIn } from './card/parts.ts'
import type { WalkAct } from './dev-protocol.ts'
import type { WalkNote } from './recorder.ts'
import { chatRef, messageRef } from './walk-refs.ts'
import type { World } from './world.ts'

/** What a person can do at the page, and the request that does it. */
export const requestOf: Record<WalkAct, string> = {
  say: 'POST /messages',
  press: 'POST /click',
  recall: 'POST /messages/:message_id/recall',
  react: 'POST /messages/:message_id/reactions',
  enter: 'POST /p2p',
  group: 'POST /groups',
  seat: 'POST /groups/:chat_id/bot',
  members: 'POST /groups/:chat_id/members',
  disband: 'POST /groups/:chat_id/disband',
  clock: 'POST /clock',
}

const actOf = new Map(Object.entries(requestOf).map(([act, request]) => [request, act as WalkAct]))

/** The note of a request that is about to be served; undefined when it is nothing that people do. */
export function noteOf(
  world: World,
  request: string,
  asked: { params: Record<string, string>; body: unknown },
): WalkNote | undefined {
  const act = actOf.get(request)
  if (!act) return undefined
  const given = { ...(asked.body as object), ...asked.params } as Record<string, unknown>
  const { chat_id, message_id, parent_id, ...body } = given
  const chat = chatRef(world, String(chat_id ?? ''))
  const message = messageRef(world, String(message_id ?? parent_id ?? ''))
  return {
    at: Date.now(),
    do: act,
    ...(chat && { chat }),
    ...(message && { message }),
    ...(act === 'press' ? pressed(world, String(message_id), body) : { body }),
  }
}

/** The value of a component is the bot's and differs next time: the component is noted instead. */
function pressed(world: World, message_id: string, body: Record<string, unknown>): Pick<WalkNote, 'part' | 'body'> {
  const { value, ...rest } = (body.action ?? {}) as Record<string, unknown>
  const content = world.state.messages.get(message_id)?.content
  const part = content === undefined ? undefined : partIn(JSON.parse(content), { ...rest, value })
  return { ...(part && { part }), body: { ...body, action: rest } }
}
