import type { CalendarEvent, When } from '../../calendar/kept.ts'
import { endOf, startOf } from '../../calendar/kept.ts'
import { isObject } from '../../card/kinds.ts'
import { problem } from '../problem.ts'
import { wrongly } from './found.ts'

type Fields = Partial<CalendarEvent>

const words = {
  visibility: ['default', 'public', 'private'],
  attendee_ability: ['none', 'can_see_others', 'can_invite_others', 'can_modify_event'],
  free_busy_status: ['busy', 'free'],
} as const

/** What the body says of an event, each field checked; times must not end before they begin. */
export function eventFields(body: Record<string, unknown>, before?: CalendarEvent): Fields {
  const fields: Fields = {
    ...text(body, 'summary', 1000),
    ...text(body, 'description', 40_960),
    ...text(body, 'recurrence', 2000),
    ...time(body, 'start_time'),
    ...time(body, 'end_time'),
    ...oneOf(body, 'visibility'),
    ...oneOf(body, 'attendee_ability'),
    ...oneOf(body, 'free_busy_status'),
    ...location(body.location),
    ...meeting(body.vchat),
    ...reminders(body.reminders),
    ...(Number.isInteger(body.color) && { color: Number(body.color) }),
  }
  const { start_time = before?.start_time, end_time = before?.end_time } = fields
  if (!start_time || !end_time) throw wrongly('start_time and end_time are required')
  checkOrder({ start_time, end_time } as CalendarEvent)
  return fields
}

function checkOrder(event: CalendarEvent) {
  if (Boolean(event.start_time.date) !== Boolean(event.end_time.date))
    throw wrongly('start_time and end_time must both be dates or both be timestamps')
  if (startOf(event) >= endOf(event)) throw wrongly('end_time must be later than start_time')
}

function text(body: Record<string, unknown>, name: 'summary' | 'description' | 'recurrence', most: number): Fields {
  const value = body[name]
  if (value === undefined) return {}
  if (typeof value !== 'string' || value.length > most) throw wrongly(`${name} must be a string of at most ${most}`)
  return { [name]: value }
}

function oneOf(body: Record<string, unknown>, name: keyof typeof words): Fields {
  const value = body[name]
  if (value === undefined) return {}
  if (!words[name].some(one => one === value)) throw wrongly(`${name} must be one of ${words[name].join(', ')}`)
  return { [name]: value }
}

/** Seconds in a string, not milliseconds; a whole day is a date, never both. */
function time(body: Record<string, unknown>, name: 'start_time' | 'end_time'): Fields {
  const value = body[name]
  if (value === undefined) return {}
  if (!isObject(value)) throw wrongly(`${name} must be an object`)
  const { timestamp, date, timezone = 'Asia/Shanghai' } = value
  if ((timestamp === undefined) === (date === undefined)) throw wrongly(`${name} must have either timestamp or date`)
  if (timestamp !== undefined && !/^\d{1,10}$/.test(String(timestamp)))
    throw wrongly(`${name}.timestamp must be seconds`)
  if (timestamp !== undefined && typeof timestamp !== 'string') throw wrongly(`${name}.timestamp must be a string`)
  if (date !== undefined && !isDay(date)) throw wrongly(`${name}.date must be yyyy-MM-dd`)
  if (typeof timezone !== 'string') throw wrongly(`${name}.timezone must be a string`)
  const when: When =
    date === undefined ? { timestamp: String(timestamp), timezone } : { date: String(date), timezone: 'UTC' }
  return { [name]: when }
}

const isDay = (date: unknown) =>
  typeof date === 'string' && /^\d{4}-\d\d-\d\d$/.test(date) && !Number.isNaN(Date.parse(date))

function location(value: unknown): Fields {
  if (value === undefined) return {}
  if (!isObject(value) || (value.name !== undefined && (typeof value.name !== 'string' || value.name.length > 512)))
    throw wrongly('location.name must be a string of at most 512')
  return { location: value }
}

/** The app cannot name hosts of a meeting that it organises itself. */
function meeting(value: unknown): Fields {
  if (value === undefined) return {}
  if (!isObject(value)) throw wrongly('vchat must be an object')
  const { vc_type = 'vc', meeting_settings } = value
  if (!['vc', 'third_party', 'no_meeting', 'lark_live'].includes(String(vc_type)))
    throw wrongly('invalid vchat.vc_type')
  if (isObject(meeting_settings) && Array.isArray(meeting_settings.assign_hosts)) throw problem(193101)
  const number = String(Math.floor(Math.random() * 1e9)).padStart(9, '0')
  const own = vc_type === 'vc' ? { meeting_url: `https://vc.feishu.cn/j/${number}` } : {}
  return { vchat: { ...value, vc_type, ...own } }
}

function reminders(value: unknown): Fields {
  if (value === undefined) return {}
  const good = (one: unknown) =>
    isObject(one) && Number.isInteger(one.minutes) && Math.abs(Number(one.minutes)) <= 20_160
  if (!Array.isArray(value) || !value.every(good))
    throw wrongly('reminders must be a list of { minutes } within 14 days')
  return { reminders: value }
}
