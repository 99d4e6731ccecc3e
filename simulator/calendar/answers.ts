import type { World } from '../world.ts'
import { touched } from './calendars.ts'
import type { CalendarEvent, Rsvp } from './kept.ts'

/** How somebody answered, invited by name or with a group; undefined when not invited at all. */
export function rsvpOf(world: World, event: CalendarEvent, open_id: string): Rsvp | undefined {
  const own = event.attendees.find(one => one.user_id === open_id)
  if (own) return own.rsvp_status
  const group = groupWith(world, event, open_id)
  return group && (group.members?.[open_id] ?? 'needs_action')
}

const groupWith = (world: World, { attendees }: CalendarEvent, open_id: string) =>
  attendees.find(one => one.chat_id && world.state.chats.get(one.chat_id)?.members.includes(open_id))

/** False when this person is not invited. */
export function answer(world: World, event: CalendarEvent, open_id: string, status: Rsvp): boolean {
  const own = event.attendees.find(one => one.user_id === open_id)
  const group = groupWith(world, event, open_id)
  if (own) own.rsvp_status = status
  else if (group) group.members = { ...group.members, [open_id]: status }
  else return false
  touched(world, event)
  return true
}
