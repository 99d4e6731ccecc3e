import { type Route, route } from '../call.ts'
import { addAttendees, listAttendees, listChatMembers, removeAttendees, replyToEvent } from './attendees.ts'
import {
  createCalendar,
  deleteCalendar,
  getCalendar,
  listCalendars,
  patchCalendar,
  primaryCalendar,
  primaryCalendars,
} from './calendars.ts'
import { createEvent, deleteEvent, getEvent, listEvents, patchEvent, subscribe, unsubscribe } from './events.ts'
import { freeBusy, freeBusyOfMany } from './freebusy.ts'
import { getRoom, listRooms, searchRooms } from './rooms.ts'

const all = 'calendar:calendar'
const read = [all, 'calendar:calendar:readonly', 'calendar:calendar:read']
const readEvent = [all, 'calendar:calendar:readonly', 'calendar:calendar.event:read']
const updateEvent = [all, 'calendar:calendar.event:update']
const rooms = ['vc:room:readonly', 'vc:room']
const either = { identity: 'either' } as const
const user = { identity: 'user' } as const

const CALENDAR = '/calendar/v4/calendars/:calendar_id'
const EVENT = `${CALENDAR}/events/:event_id` as const

export const calendarRoutes: Route[] = [
  route('POST /calendar/v4/calendars/primary', read, primaryCalendar, either),
  route('POST /calendar/v4/calendars/primarys', read, primaryCalendars, either),
  route('POST /calendar/v4/calendars', [all, 'calendar:calendar:create'], createCalendar, either),
  route('GET /calendar/v4/calendars', read, listCalendars, either),
  route(`GET ${CALENDAR}`, read, getCalendar, either),
  route(`PATCH ${CALENDAR}`, [all, 'calendar:calendar:update'], patchCalendar, either),
  route(`DELETE ${CALENDAR}`, [all, 'calendar:calendar:delete'], deleteCalendar, either),
  route(`POST ${CALENDAR}/events`, [all, 'calendar:calendar.event:create'], createEvent, either),
  route(`GET ${CALENDAR}/events`, readEvent, listEvents, either),
  route(`POST ${CALENDAR}/events/subscription`, readEvent, subscribe, user),
  route(`POST ${CALENDAR}/events/unsubscription`, readEvent, unsubscribe, user),
  route(`GET ${EVENT}`, readEvent, getEvent, either),
  route(`PATCH ${EVENT}`, updateEvent, patchEvent, either),
  route(`DELETE ${EVENT}`, [all, 'calendar:calendar.event:delete'], deleteEvent, either),
  route(`POST ${EVENT}/reply`, [all, 'calendar:calendar.event:reply'], replyToEvent, user),
  route(`POST ${EVENT}/attendees`, updateEvent, addAttendees, either),
  route(`GET ${EVENT}/attendees`, readEvent, listAttendees, either),
  route(`POST ${EVENT}/attendees/batch_delete`, updateEvent, removeAttendees, either),
  route(`GET ${EVENT}/attendees/:attendee_id/chat_members`, readEvent, listChatMembers, either),
  route('POST /calendar/v4/freebusy/list', [...read, 'calendar:calendar.free_busy:read'], freeBusy, either),
  route('POST /calendar/v4/freebusy/batch', [...read, 'calendar:calendar.free_busy:read'], freeBusyOfMany, either),
  route('GET /vc/v1/rooms', rooms, listRooms, either),
  route('POST /vc/v1/rooms/search', rooms, searchRooms, user),
  route('GET /vc/v1/rooms/:room_id', rooms, getRoom, either),
]
