import { isAvailable } from '../console.ts'
import { chatOf, tellMessage } from '../messages.ts'
import type { Message } from '../protocol.ts'
import type { StoredChat } from '../state.ts'
import { nowOf, type World } from '../world.ts'
import type { Answer, Call } from './call.ts'
import { choice } from './fields.ts'
import { liveMessage } from './own-message.ts'
import { problem } from './problem.ts'
import { peopleOf } from './user-ids.ts'

const MOST = 200
type By = NonNullable<Message['urgent']>[number]['by']

/** 加急 of an own message: only people of its chat, while they have fewer than 200 unconfirmed and the tenant has some left. */
export const urgent =
  (by: By) =>
  (call: Call): Answer => {
    const { world } = call
    choice(call, 'user_id_type', ['open_id', 'union_id', 'user_id'])
    const asked = peopleOf(call, 'user_id_list', MOST)
    const message = liveMessage(call)
    if (message.sender !== 'bot') throw problem(230012)
    const chat = chatOf(world, message)
    const valid = asked.flatMap(({ person }) =>
      person && canBeCalled(world, chat, person.open_id) ? [person.open_id] : [],
    )
    if (valid.length === 0) throw problem(230001, 'all user ids are invalid')
    if (valid.some(open_id => unconfirmed(world, open_id) >= MOST)) throw problem(230023)
    spendQuota(world, valid.length)
    message.urgent = [...(message.urgent ?? []), ...valid.map(open_id => ({ by, open_id, at: nowOf(world) }))]
    tellMessage(world, chat, message)
    const invalid_user_id_list = asked.filter(one => !valid.includes(one.person?.open_id ?? '')).map(one => one.id)
    return { data: { invalid_user_id_list } }
  }

const canBeCalled = (world: World, chat: StoredChat, open_id: string) =>
  chat.members.includes(open_id) && isAvailable(world, world.state.people.get(open_id))

function unconfirmed(world: World, open_id: string): number {
  let count = 0
  for (const { urgent: calls = [] } of world.state.messages.values())
    count += calls.filter(one => one.open_id === open_id && !one.confirmed_at).length
  return count
}

function spendQuota({ faults }: World, count: number) {
  if (faults.urgent_quota === null) return
  if (faults.urgent_quota < count) throw problem(230024)
  faults.urgent_quota -= count
}
