import { rsvpOf } from '../../calendar/answers.ts'
import { type CalendarEvent, endOf, startOf } from '../../calendar/kept.ts'
import { findRoom, settleRooms } from '../../calendar/rooms.ts'
import { findPerson } from '../../people.ts'
import { beijingIso } from '../../workdays.ts'
import type { World } from '../../world.ts'
import type { Answer, Call } from '../call.ts'
import { problem } from '../problem.ts'
import { idType, peopleOf } from '../user-ids.ts'
import { wrongly } from './found.ts'

const LONGEST_S = 90 * 24 * 3600

interface Span {
  from: number
  until: number
}

/** Of one person or one room. */
export function freeBusy(call: Call): Answer {
  const { world, body } = call
  const { user_id, room_id } = body
  const span = spanOf(body)
  if ((user_id === undefined) === (room_id === undefined)) throw wrongly('either user_id or room_id is required')
  settleRooms(world)
  const busy = room_id === undefined ? busyPerson(call, span, String(user_id)) : busyRoom(world, span, String(room_id))
  const freebusy_list = busy.map(({ event, rsvp_status }) => ({
    ...times(event),
    ...(body.need_rsvp_status === true && { rsvp_status }),
  }))
  return { data: { freebusy_list } }
}

/** Of up to ten people at once. */
export function freeBusyOfMany(call: Call): Answer {
  const { world, body } = call
  const span = spanOf(body)
  const freebusy_lists = peopleOf(call, 'user_ids', 10).map(({ id, person }) => {
    if (!person) throw problem(195100)
    return { user_id: id, freebusy_items: busyWith(world, span, person.open_id, body).map(({ event }) => times(event)) }
  })
  return { data: { freebusy_lists } }
}

/** RFC 3339 with its offset; at most 90 days. */
function spanOf({ time_min, time_max }: Record<string, unknown>): Span {
  const [from, until] = [time_min, time_max].map(secondsOf)
  if (from === undefined || until === undefined) throw wrongly('time_min and time_max must be RFC 3339 date_time')
  if (from >= until) throw wrongly('time_max must be later than time_min')
  if (until - from > LONGEST_S) throw wrongly('time_min and time_max must not be more than 90 days apart')
  return { from, until }
}

function secondsOf(value: unknown): number | undefined {
  if (typeof value !== 'string' || !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(value))
    return undefined
  const ms = Date.parse(value)
  return Number.isNaN(ms) ? undefined : ms / 1000
}

function busyPerson(call: Call, span: Span, id: string) {
  const person = findPerson(call.world, id, idType(call))
  if (!person) throw problem(195100)
  return busyWith(call.world, span, person.open_id, call.body)
}

/** What a person has not declined, and what stands in their own calendar. */
function busyWith(world: World, span: Span, open_id: string, { only_busy }: Record<string, unknown>) {
  const free = only_busy === false
  return within(world, span).flatMap(event => {
    if (event.free_busy_status === 'free' && !free) return []
    const own = world.state.calendars.get(event.calendar_id)?.owner === open_id
    const rsvp_status = own ? 'accept' : rsvpOf(world, event, open_id)
    return rsvp_status && rsvp_status !== 'decline' ? [{ event, rsvp_status }] : []
  })
}

function busyRoom(world: World, span: Span, room_id: string) {
  if (!findRoom(world, room_id)) throw problem(190002)
  return within(world, span).flatMap(event => {
    const room = event.attendees.find(one => one.room_id === room_id)
    return room?.rsvp_status === 'accept' ? [{ event, rsvp_status: room.rsvp_status }] : []
  })
}

const within = (world: World, { from, until }: Span): CalendarEvent[] =>
  [...world.state.events.values()]
    .filter(one => one.status === 'confirmed' && startOf(one) < until && endOf(one) > from)
    .sort((one, other) => startOf(one) - startOf(other))

const times = (event: CalendarEvent) => ({ start_time: rfc(startOf(event)), end_time: rfc(endOf(event)) })
const rfc = (seconds: number) => beijingIso(seconds * 1000).replace(/\.\d{3}/, '')
