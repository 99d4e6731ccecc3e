import type { StoredMessage } from './state.ts'
import { changed, type World } from './world.ts'

/** 仅对你可见: kept for one person's open pages only, and gone with the last of them. */
export function showOnly(world: World, open_id: string, message: StoredMessage) {
  world.ephemerals.set(message.message_id, message)
  tellOnly(world, open_id, message)
}

export function hide(world: World, { message_id, ephemeral_for = '' }: StoredMessage) {
  const message = world.ephemerals.get(message_id)
  world.ephemerals.delete(message_id)
  if (message) tellOnly(world, ephemeral_for, message)
}

const tellOnly = (world: World, open_id: string, { chat_id, message_id }: StoredMessage) =>
  changed(world, version => ({ kind: 'message', chat_id, message_id, version }), [open_id])

/** What this person has of a chat beside its messages. */
export const ephemeralsIn = (world: World, chat_id: string, open_id: string): StoredMessage[] =>
  [...world.ephemerals.values()].filter(one => one.chat_id === chat_id && one.ephemeral_for === open_id)

/** A message of either kind. */
export const findMessage = (world: World, message_id: string): StoredMessage | undefined =>
  world.state.messages.get(message_id) ?? world.ephemerals.get(message_id)
