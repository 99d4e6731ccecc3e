import type { World } from '../world.ts'
import { type Attendee, type CalendarEvent, endOf, type Room, startOf } from './kept.ts'

/** A room answers this long after it was asked for. */
const ANSWERS_AFTER_MS = 500

export const roomsOf = (world: World): Room[] => world.settings.office.rooms ?? []

export const findRoom = (world: World, room_id: string | undefined): Room | undefined =>
  roomsOf(world).find(one => one.room_id === room_id)

/** Lets every room answer that was asked long enough ago, first come, first served. */
export function settleRooms(world: World) {
  const waiting = [...world.state.events.values()]
    .filter(event => event.status === 'confirmed')
    .flatMap(event => event.attendees.filter(isWaiting).map(room => ({ event, room })))
    .sort((one, other) => (one.room.asked_at ?? 0) - (other.room.asked_at ?? 0))
  for (const { event, room } of waiting) {
    if ((room.asked_at ?? 0) + ANSWERS_AFTER_MS > Date.now()) continue
    room.rsvp_status = accepts(world, event, room) ? 'accept' : 'decline'
    world.store.touch()
  }
}

const isWaiting = ({ type, rsvp_status }: Attendee) => type === 'resource' && rsvp_status === 'needs_action'

function accepts(world: World, event: CalendarEvent, { room_id }: Attendee): boolean {
  if (findRoom(world, room_id)?.needs_approval) return false
  return ![...world.state.events.values()].some(
    other => other !== event && holds(other, room_id) && overlap(event, other),
  )
}

const holds = ({ status, attendees }: CalendarEvent, room_id: string | undefined) =>
  status === 'confirmed' && attendees.some(one => one.room_id === room_id && one.rsvp_status === 'accept')

const overlap = (one: CalendarEvent, other: CalendarEvent) => startOf(one) < endOf(other) && startOf(other) < endOf(one)
