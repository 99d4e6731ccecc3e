import { primaryOf } from '../../calendar/calendars.ts'
import type { Calendar, CalendarEvent } from '../../calendar/kept.ts'
import type { Call } from '../call.ts'
import { Problem, problem } from '../problem.ts'

/** Who calls: the app, or a person with their own token. */
export const callerOf = ({ user }: Call): string => user?.open_id ?? 'bot'

/** The calendar of the path; `primary` stands for the caller's own. */
export function pathCalendar(call: Call): Calendar {
  const { world, params } = call
  const id = params.calendar_id ?? ''
  if (id === 'primary') return primaryOf(world, callerOf(call))
  if (!id.includes('@')) throw problem(191001)
  const calendar = world.state.calendars.get(id)
  if (!calendar) throw problem(191000)
  if (calendar.deleted) throw problem(191003)
  return calendar
}

/** A calendar in which the caller may write. */
export function ownCalendar(call: Call): Calendar {
  const calendar = pathCalendar(call)
  if (calendar.owner !== callerOf(call)) throw problem(191002)
  return calendar
}

/** The event of the path, in that calendar and not cancelled. */
export function pathEvent(call: Call, calendar: Calendar): CalendarEvent {
  const id = call.params.event_id ?? ''
  if (!/^[0-9a-f-]{36}_\d+$/.test(id)) throw problem(193000)
  const event = call.world.state.events.get(id)
  if (!event || event.calendar_id !== calendar.calendar_id) throw problem(193001)
  if (event.status === 'cancelled') throw problem(193003)
  return event
}

export const ownEvent = (call: Call): CalendarEvent => pathEvent(call, ownCalendar(call))

/** 190014 with what is wrong in words. */
export const wrongly = (description: string) =>
  new Problem(190014, 'invalid request parameters. check details for more info.', {
    detail: { details: [{ key: 'reason', value: description }] },
  })
