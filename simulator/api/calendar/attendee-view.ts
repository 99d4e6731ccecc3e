import type { Attendee } from '../../calendar/kept.ts'
import { findRoom } from '../../calendar/rooms.ts'
import { nameOf } from '../../people.ts'
import type { Call } from '../call.ts'
import { idOf, idType } from '../user-ids.ts'

export function attendeeView(call: Call, one: Attendee) {
  const { world } = call
  const { attendee_id, type, rsvp_status, is_optional, is_organizer, user_id, chat_id, room_id, third_party_email } =
    one
  const id = idType(call)
  return {
    type,
    attendee_id,
    rsvp_status,
    is_optional,
    is_organizer,
    is_external: type === 'third_party',
    display_name: displayName(call, one),
    ...(user_id && { user_id: idOf(world, user_id, id) }),
    ...(chat_id && { chat_id, chat_members: chatMembers(call, one).slice(0, 10) }),
    ...(room_id && { room_id }),
    ...(third_party_email && { third_party_email }),
    ...(one.operate_id && { operate_id: idOf(world, one.operate_id, id) }),
  }
}

function displayName({ world }: Call, { user_id, chat_id, room_id, third_party_email }: Attendee): string {
  if (user_id) return nameOf(world, user_id)
  if (chat_id) return world.state.chats.get(chat_id)?.name ?? ''
  return room_id ? (findRoom(world, room_id)?.name ?? '') : (third_party_email ?? '')
}

export const chatMembers = ({ world }: Call, { chat_id, members = {}, is_optional }: Attendee) =>
  (world.state.chats.get(chat_id ?? '')?.members ?? []).map(open_id => ({
    rsvp_status: members[open_id] ?? 'needs_action',
    is_optional,
    display_name: nameOf(world, open_id),
    open_id,
    is_organizer: false,
    is_external: false,
  }))
