import { tell } from '../console.ts'
import { newCalendarEventId, newCalendarId } from '../ids.ts'
import { nameOf, userId } from '../people.ts'
import { changed, nowOf, type World } from '../world.ts'
import type { Calendar, CalendarEvent } from './kept.ts'

/** Everybody, the app included, has one; it is made when somebody first asks. */
export function primaryOf(world: World, owner: string): Calendar {
  for (const one of world.state.calendars.values()) if (one.type === 'primary' && one.owner === owner) return one
  return newCalendar(world, { type: 'primary', owner, summary: nameOf(world, owner) })
}

export function newCalendar(
  world: World,
  given: Pick<Calendar, 'type' | 'owner' | 'summary'> & Partial<Calendar>,
): Calendar {
  const calendar: Calendar = {
    calendar_id: newCalendarId(),
    description: '',
    permissions: 'show_only_free_busy',
    color: -1,
    subscribers: [],
    ...given,
  }
  world.state.calendars.set(calendar.calendar_id, calendar)
  world.store.touch()
  return calendar
}

/** Whose calendar an event stands in, beside the organiser's: people invited themselves or with a group. */
export const invitedTo = (world: World, event: CalendarEvent): string[] => [
  ...new Set(event.attendees.flatMap(one => (one.user_id ? [one.user_id] : membersOf(world, one.chat_id)))),
]

const membersOf = (world: World, chat_id: string | undefined) => world.state.chats.get(chat_id ?? '')?.members ?? []

/** An event came, changed or went: those who subscribed hear that something is other, not what. */
export function touched(world: World, event: CalendarEvent, also: readonly string[] = []) {
  const people = [...new Set([...invitedTo(world, event), ...also])]
  changed(world, version => ({ kind: 'chats', version }), people)
  event.version = world.state.version
  const own = world.state.calendars.get(event.calendar_id)
  const calendars = [own, ...people.map(open_id => primaryIfAny(world, open_id))]
  for (const calendar of calendars) if (calendar && calendar.subscribers.length > 0) tellSubscribers(world, calendar)
}

const primaryIfAny = (world: World, open_id: string): Calendar | undefined =>
  [...world.state.calendars.values()].find(one => one.type === 'primary' && one.owner === open_id)

const tellSubscribers = (world: World, { calendar_id, subscribers }: Calendar) =>
  tell(world, 'calendar.calendar.event.changed_v4', {
    calendar_id,
    user_id_list: subscribers.map(open_id => userId(world, open_id)),
  })

/** An event as it is where nothing else is said, kept. */
export function newEvent(world: World, calendar_id: string, fields: Partial<CalendarEvent>): CalendarEvent {
  const event: CalendarEvent = {
    event_id: newCalendarEventId(),
    calendar_id,
    summary: '',
    description: '',
    start_time: {},
    end_time: {},
    visibility: 'default',
    attendee_ability: 'none',
    free_busy_status: 'busy',
    color: -1,
    status: 'confirmed',
    create_time: Math.floor(nowOf(world) / 1000),
    version: 0,
    attendees: [],
    ...fields,
  }
  world.state.events.set(event.event_id, event)
  return event
}
