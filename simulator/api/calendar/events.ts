import { newEvent, touched } from '../../calendar/calendars.ts'
import { type CalendarEvent, endOf, startOf } from '../../calendar/kept.ts'
import { settleRooms } from '../../calendar/rooms.ts'
import { nameOf } from '../../people.ts'
import type { World } from '../../world.ts'
import type { Answer, Call } from '../call.ts'
import { calendarPages, pageOf } from '../paging.ts'
import { problem } from '../problem.ts'
import { attendeeView } from './attendee-view.ts'
import { eventFields } from './event-fields.ts'
import { callerOf, ownCalendar, ownEvent, wrongly } from './found.ts'

/** One idempotency_key makes one event in a calendar. */
export function createEvent(call: Call): Answer {
  const { world, query } = call
  const calendar = ownCalendar(call)
  const key = query.get('idempotency_key')
  if (key !== null && (key.length < 32 || key.length > 128))
    throw wrongly('idempotency_key must have 32 to 128 characters')
  const known = key
    ? world.state.events.get(world.state.event_keys.get(`${calendar.calendar_id} ${key}`) ?? '')
    : undefined
  const event = known ?? made(call, calendar.calendar_id)
  if (key) world.state.event_keys.set(`${calendar.calendar_id} ${key}`, event.event_id)
  return { data: { event: eventView(world, event) } }
}

function made({ world, body }: Call, calendar_id: string): CalendarEvent {
  const event = newEvent(world, calendar_id, eventFields(body))
  touched(world, event)
  return event
}

/** When the time changes, its rooms are asked anew. */
export function patchEvent(call: Call): Answer {
  const { world } = call
  const event = ownEvent(call)
  const before = [startOf(event), endOf(event)].join()
  Object.assign(event, eventFields(call.body, event))
  if (before !== [startOf(event), endOf(event)].join())
    for (const one of event.attendees)
      if (one.type === 'resource') Object.assign(one, { rsvp_status: 'needs_action', asked_at: Date.now() })
  touched(world, event)
  return { data: { event: eventView(world, event) } }
}

export function deleteEvent(call: Call): Answer {
  const event = ownEvent(call)
  const { query } = call
  if (query.has('need_notification') && !['true', 'false'].includes(query.get('need_notification') ?? ''))
    throw problem(190002)
  event.status = 'cancelled'
  touched(call.world, event)
  return { data: {} }
}

export function getEvent(call: Call): Answer {
  const { world, query } = call
  settleRooms(world)
  const event = ownEvent(call)
  const most = Number(query.get('max_attendee_num') ?? 10)
  const attendees = event.attendees.slice(0, most).map(one => attendeeView(call, one))
  const more =
    query.get('need_attendee') === 'true' ? { attendees, has_more_attendee: event.attendees.length > most } : {}
  return { data: { event: { ...eventView(world, event), ...more } } }
}

/** A span at once, everything after an anchor by pages, or what changed since a sync token (cancelled ones too). */
export function listEvents(call: Call): Answer {
  const { world, query } = call
  const calendar = ownCalendar(call)
  const from = query.get('start_time')
  const until = query.get('end_time')
  if ((from === null) !== (until === null)) throw wrongly('start_time and end_time go together')
  if (from !== null && (query.has('page_token') || query.has('sync_token') || query.has('anchor_time')))
    throw wrongly('start_time and end_time cannot be used with page_token, sync_token or anchor_time')
  const since = query.get('sync_token')
  const found = [...world.state.events.values()]
    .filter(one => one.calendar_id === calendar.calendar_id)
    .filter(one => (since === null ? one.status !== 'cancelled' : one.version > Number(since)))
    .filter(one => from === null || (startOf(one) < Number(until) && endOf(one) > Number(from)))
    .filter(one => endOf(one) >= Number(query.get('anchor_time') ?? 0))
    .sort((one, other) => startOf(one) - startOf(other))
  const page = pageOf(call, found, calendarPages)
  const sync_token = String(world.state.version)
  return {
    data: { ...page, ...(!page.has_more && { sync_token }), items: page.items.map(one => eventView(world, one)) },
  }
}

function eventView(world: World, event: CalendarEvent) {
  const { version, attendees, calendar_id, create_time, ...fields } = event
  const owner = world.state.calendars.get(calendar_id)?.owner ?? 'bot'
  return {
    ...fields,
    organizer_calendar_id: calendar_id,
    create_time: String(create_time),
    is_exception: false,
    event_organizer: {
      user_id: owner === 'bot' ? world.settings.office.bot.open_id : owner,
      display_name: nameOf(world, owner),
    },
    app_link: `https://applink.feishu.cn/client/calendar/event/detail?calendarId=${encodeURIComponent(calendar_id)}&key=${event.event_id.replace(/_\d+$/, '')}&startTime=${startOf(event)}`,
  }
}

/** With a person's own token only, for their own primary calendar; what they hear is that something changed. */
export const subscribe = (call: Call): Answer => withSubscriber(call, true)
export const unsubscribe = (call: Call): Answer => withSubscriber(call, false)

function withSubscriber(call: Call, on: boolean): Answer {
  const calendar = ownCalendar(call)
  const others = calendar.subscribers.filter(one => one !== callerOf(call))
  calendar.subscribers = on ? [...others, callerOf(call)] : others
  call.world.store.touch()
  return { data: {} }
}
