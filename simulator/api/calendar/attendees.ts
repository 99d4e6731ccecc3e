import { randomUUID } from 'node:crypto'
import { answer } from '../../calendar/answers.ts'
import { invitedTo, touched } from '../../calendar/calendars.ts'
import type { Attendee, Rsvp } from '../../calendar/kept.ts'
import { findRoom, settleRooms } from '../../calendar/rooms.ts'
import { isObject } from '../../card/kinds.ts'
import { findPerson } from '../../people.ts'
import type { Answer, Call } from '../call.ts'
import { attendeePages, pageOf } from '../paging.ts'
import { problem } from '../problem.ts'
import { idType } from '../user-ids.ts'
import { attendeeView, chatMembers } from './attendee-view.ts'
import { callerOf, ownEvent, pathCalendar, wrongly } from './found.ts'

const MOST_AT_ONCE = 1000
const MOST = 3000
const MOST_ROOMS = 100

/** Who is invited already stays as they are; a room is asked and answers later. */
export function addAttendees(call: Call): Answer {
  const { world, body } = call
  const event = ownEvent(call)
  const asked = body.attendees
  if (!Array.isArray(asked) || asked.length < 1 || asked.length > MOST_AT_ONCE)
    throw wrongly(`attendees must be a list of 1 to ${MOST_AT_ONCE}`)
  const named = asked.map(one => readAttendee(call, isObject(one) ? one : {}))
  const fresh = named.filter(one => !event.attendees.some(known => sameOne(known, one)))
  const all = [...event.attendees, ...fresh]
  if (all.length > MOST || all.filter(one => one.type === 'resource').length > MOST_ROOMS) throw problem(190002)
  event.attendees = all
  touched(world, event)
  return {
    data: {
      attendees: all.filter(one => named.some(other => sameOne(one, other))).map(one => attendeeView(call, one)),
    },
  }
}

const sameOne = (one: Attendee, other: Attendee) => keyOf(one) === keyOf(other)
const keyOf = ({ type, user_id, chat_id, room_id, third_party_email }: Attendee) =>
  [type, user_id ?? chat_id ?? room_id ?? third_party_email].join(' ')

type Given = Record<string, unknown>

const readers: Record<Attendee['type'], (call: Call, given: Given) => Partial<Attendee>> = {
  user: (call, { user_id }) => ({ user_id: personId(call, user_id) }),
  chat: ({ world }, { chat_id }) => {
    const chat = world.state.chats.get(String(chat_id))
    if (chat?.chat_type !== 'group' || chat.disbanded) throw problem(190002)
    if (!chat.bot) throw problem(194002)
    return { chat_id: chat.chat_id }
  },
  resource: (call, { room_id, operate_id }) => {
    const room = findRoom(call.world, String(room_id))
    if (!room) throw problem(190002)
    // An app books on somebody's behalf.
    if (callerOf(call) === 'bot' && !operate_id) throw wrongly('operate_id is required to book a room as an app')
    return {
      room_id: room.room_id,
      asked_at: Date.now(),
      ...(operate_id !== undefined && { operate_id: personId(call, operate_id) }),
    }
  },
  third_party: (_, { third_party_email }) => {
    if (typeof third_party_email !== 'string' || !/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(third_party_email))
      throw problem(190002)
    return { third_party_email }
  },
}

function readAttendee(call: Call, given: Given): Attendee {
  const type = String(given.type)
  if (!Object.hasOwn(readers, type)) throw problem(194004)
  return {
    attendee_id: `${type}_${randomUUID()}`,
    type: type as Attendee['type'],
    rsvp_status: 'needs_action',
    is_optional: given.is_optional === true,
    is_organizer: false,
    ...readers[type as Attendee['type']](call, given),
  }
}

function personId(call: Call, id: unknown): string {
  const person = findPerson(call.world, String(id), idType(call))
  if (!person || person.is_resigned) throw problem(195100)
  return person.open_id
}

export function listAttendees(call: Call): Answer {
  settleRooms(call.world)
  const page = pageOf(call, ownEvent(call).attendees, attendeePages)
  return { data: { ...page, items: page.items.map(one => attendeeView(call, one)) } }
}

export function listChatMembers(call: Call): Answer {
  const group = ownEvent(call).attendees.find(one => one.attendee_id === call.params.attendee_id)
  if (!group?.chat_id) throw problem(194000)
  return { data: pageOf(call, chatMembers(call, group), attendeePages) }
}

/** By their attendee ids, or by whom they are. */
export function removeAttendees(call: Call): Answer {
  const { world, body } = call
  const event = ownEvent(call)
  const ids = Array.isArray(body.attendee_ids) ? body.attendee_ids.map(String) : []
  const named = Array.isArray(body.delete_ids) ? body.delete_ids.map(one => namedBy(call, one)) : []
  const gone = event.attendees.filter(one => ids.includes(one.attendee_id) || named.includes(keyOf(one)))
  if (gone.length === 0) throw problem(194000)
  const before = invitedTo(world, event)
  event.attendees = event.attendees.filter(one => !gone.includes(one))
  touched(world, event, before)
  return { data: {} }
}

function namedBy(call: Call, given: Given): string {
  const { type, user_id, chat_id, room_id, third_party_email } = given
  const open_id = findPerson(call.world, String(user_id), idType(call))?.open_id
  return [type, type === 'user' ? open_id : (chat_id ?? room_id ?? third_party_email)].join(' ')
}

const ANSWERS: readonly Rsvp[] = ['accept', 'decline', 'tentative']

/** A person's own answer, with their own token. */
export function replyToEvent(call: Call): Answer {
  const { world, body, user } = call
  const calendar = pathCalendar(call)
  const event = world.state.events.get(call.params.event_id ?? '')
  if (!event || !calendar || event.status === 'cancelled') throw problem(193001)
  const status = ANSWERS.find(one => one === body.rsvp_status)
  if (!status) throw wrongly(`rsvp_status must be one of ${ANSWERS.join(', ')}`)
  if (!answer(world, event, user?.open_id ?? '', status)) throw problem(193002)
  return { data: {} }
}
