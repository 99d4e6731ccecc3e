import { newCalendar, primaryOf } from '../../calendar/calendars.ts'
import type { Calendar } from '../../calendar/kept.ts'
import { chatsChanged } from '../../world.ts'
import type { Answer, Call } from '../call.ts'
import { calendarPages, pageOf } from '../paging.ts'
import { problem } from '../problem.ts'
import { idOf, idType, peopleOf } from '../user-ids.ts'
import { callerOf, ownCalendar, pathCalendar, wrongly } from './found.ts'

export function primaryCalendar(call: Call): Answer {
  const { world } = call
  const owner = callerOf(call)
  const user_id = owner === 'bot' ? world.settings.office.bot.open_id : idOf(world, owner, idType(call))
  return { data: { calendars: [{ calendar: calendarView(call, primaryOf(world, owner)), user_id }] } }
}

/** Of other people; those that do not exist are left out. */
export function primaryCalendars(call: Call): Answer {
  const { world } = call
  const found = peopleOf(call, 'user_ids', 10).flatMap(({ id, person }) => (person ? [{ id, person }] : []))
  const calendars = found.map(({ id, person }) => ({
    calendar: calendarView(call, primaryOf(world, person.open_id)),
    user_id: id,
  }))
  return { data: { calendars } }
}

export function createCalendar(call: Call): Answer {
  const calendar = newCalendar(call.world, { type: 'shared', owner: callerOf(call), summary: '', ...given(call) })
  return { data: { calendar: calendarView(call, calendar) } }
}

export const getCalendar = (call: Call): Answer => ({ data: calendarView(call, pathCalendar(call)) })

export function listCalendars(call: Call): Answer {
  const { world } = call
  primaryOf(world, callerOf(call))
  const mine = [...world.state.calendars.values()].filter(one => one.owner === callerOf(call) && !one.deleted)
  const { items, ...page } = pageOf(call, mine, calendarPages)
  const sync_token = String(world.state.version)
  return { data: { ...page, sync_token, calendar_list: items.map(one => calendarView(call, one)) } }
}

export function patchCalendar(call: Call): Answer {
  const calendar = Object.assign(ownCalendar(call), given(call))
  chatsChanged(call.world, [])
  return { data: { calendar: calendarView(call, calendar) } }
}

export function deleteCalendar(call: Call): Answer {
  const calendar = ownCalendar(call)
  if (calendar.type === 'primary') throw problem(191004)
  calendar.deleted = true
  chatsChanged(call.world, [])
  return { data: {} }
}

const PERMISSIONS = ['private', 'show_only_free_busy', 'public'] as const

function given({ body }: Call): Partial<Calendar> {
  const { summary, description, color } = body
  const permissions = PERMISSIONS.find(one => one === body.permissions)
  if (body.permissions !== undefined && !permissions) throw wrongly('invalid permissions')
  if (summary !== undefined && (typeof summary !== 'string' || summary.length > 255)) throw wrongly('invalid summary')
  if (description !== undefined && (typeof description !== 'string' || description.length > 255))
    throw wrongly('invalid description')
  return {
    ...(typeof summary === 'string' && { summary }),
    ...(typeof description === 'string' && { description }),
    ...(permissions && { permissions }),
    ...(Number.isInteger(color) && { color: Number(color) }),
  }
}

/** Others' calendars only tell when they are busy. */
function calendarView(call: Call, one: Calendar) {
  const { calendar_id, summary, description, permissions, color, type } = one
  const role = one.owner === callerOf(call) ? 'owner' : 'free_busy_reader'
  return {
    calendar_id,
    summary,
    description,
    permissions,
    color,
    type,
    summary_alias: '',
    is_deleted: false,
    is_third_party: false,
    role,
  }
}
