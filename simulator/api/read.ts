import type { StoredMessage } from '../state.ts'
import type { World } from '../world.ts'
import type { Answer, Call } from './call.ts'
import { choice } from './fields.ts'
import { messageView, messageViews } from './message-view.ts'
import { pathMessage } from './own-message.ts'
import { messagePages, pageOf } from './paging.ts'
import { invalidFields, noSuchId, problem } from './problem.ts'

export function getMessage(call: Call): Answer {
  const message = pathMessage(call)
  if (message.deleted) throw problem(230110)
  if (!call.world.state.chats.get(message.chat_id)?.bot) throw problem(230002)
  return { data: { items: messageViews(call.world, message, wantsOriginal(call)) } }
}

export function listMessages(call: Call): Answer {
  const { world, query } = call
  const kind = choice(call, 'container_id_type', ['chat', 'thread'])
  const id = query.get('container_id')
  if (!id) throw invalidFields({ field: 'container_id', value: '', description: 'container_id is required' })
  const order = choice(call, 'sort_type', ['ByCreateTimeAsc', 'ByCreateTimeDesc'], 'ByCreateTimeAsc')
  const found = containers[kind](world, id).filter(one => inPeriod(one, query))
  const page = pageOf(call, order === 'ByCreateTimeAsc' ? found : found.reverse(), messagePages)
  return { data: { ...page, items: page.items.map(one => messageView(world, one, wantsOriginal(call))) } }
}

const wantsOriginal = ({ query }: Call) => query.get('card_msg_content_type') === 'user_card_content'

const containers: Record<'chat' | 'thread', (world: World, id: string) => StoredMessage[]> = {
  chat: (world, id) => {
    const chat = world.state.chats.get(id)
    if (!chat) throw noSuchId(99992356, 'chat_id', id)
    if (!chat.bot) throw problem(230002)
    return shown(chat.message_ids.flatMap(one => world.state.messages.get(one) ?? []))
  },
  thread: (world, id) => shown([...world.state.messages.values()].filter(one => one.thread_id === id)),
}

const shown = (messages: StoredMessage[]) => messages.filter(one => !one.deleted && one.msg_type !== 'system')

/** start_time and end_time are whole seconds. */
function inPeriod({ create_time }: StoredMessage, query: URLSearchParams): boolean {
  const from = Number(query.get('start_time') ?? 0) * 1000
  const until = Number(query.get('end_time') ?? Number.POSITIVE_INFINITY) * 1000
  return create_time >= from && create_time <= until
}
