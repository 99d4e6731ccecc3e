import { memberEvent } from './chats.ts'
import { tell } from './console.ts'
import { userId } from './people.ts'
import type { StoredChat } from './state.ts'
import { chatsChanged, nowOf, type World } from './world.ts'

export type GroupChange = Partial<Pick<StoredChat, 'name' | 'description' | 'owner'>>

/** Changes a group and tells the bot what is other, as it was and as it is. */
export function changeGroup(world: World, group: StoredChat, wanted: GroupChange) {
  const before: GroupChange = { name: group.name, description: group.description ?? '', owner: group.owner }
  const names = (Object.keys(wanted) as Array<keyof GroupChange>).filter(name => wanted[name] !== before[name])
  if (names.length === 0) return
  const { chat_id, operator_id, external, operator_tenant_key } = memberEvent(world, group, 'bot')
  Object.assign(group, wanted)
  tell(world, 'im.chat.updated_v1', {
    chat_id,
    operator_id,
    external,
    operator_tenant_key,
    before_change: seen(world, names, before),
    after_change: seen(world, names, wanted),
  })
  chatsChanged(world, group.members)
}

const seen = (world: World, names: Array<keyof GroupChange>, values: GroupChange) =>
  Object.fromEntries(
    names.map(name => (name === 'owner' ? ['owner_id', userId(world, values.owner ?? '')] : [name, values[name]])),
  )

export function announce(world: World, group: StoredChat, content: string) {
  const now = Math.floor(nowOf(world) / 1000)
  const { revision = 0, create_time = now } = group.announcement ?? {}
  group.announcement = { content, revision: revision + 1, create_time, update_time: now }
  chatsChanged(world, group.members)
}
