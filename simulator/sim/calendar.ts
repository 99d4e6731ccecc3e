import { z } from 'zod'
import { answer, rsvpOf } from '../calendar/answers.ts'
import { newEvent, primaryOf, touched } from '../calendar/calendars.ts'
import { type CalendarEvent, endOf, startOf } from '../calendar/kept.ts'
import { nameOf } from '../people.ts'
import type { Appointment, CalendarAnswer } from '../protocol.ts'
import type { World } from '../world.ts'
import { type Ask, actor, bodyAs, type SimRoutes } from './ask.ts'
import { Refused } from './refused.ts'

export const calendarSimRoutes: SimRoutes = {
  'GET /calendar': ({ world, query }): CalendarAnswer => ({ appointments: appointments(world, query.get('as') ?? '') }),
  'POST /calendar': makeOwn,
  'POST /calendar/rsvp': reply,
}

/** What somebody was invited to or wrote down themselves, soonest first. */
function appointments(world: World, as: string): Appointment[] {
  return [...world.state.events.values()]
    .flatMap(event => seenBy(world, event, as) ?? [])
    .sort((one, other) => one.starts_at - other.starts_at)
}

function seenBy(world: World, event: CalendarEvent, as: string): Appointment | undefined {
  const owner = world.state.calendars.get(event.calendar_id)?.owner ?? 'bot'
  const status = owner === as ? 'accept' : rsvpOf(world, event, as)
  if (!status || status === 'removed') return undefined
  return {
    event_id: event.event_id,
    summary: event.summary,
    description: event.description,
    starts_at: startOf(event) * 1000,
    ends_at: endOf(event) * 1000,
    whole_day: event.start_time.date !== undefined,
    location: String(event.location?.name ?? ''),
    organizer: nameOf(world, owner),
    status,
    cancelled: event.status === 'cancelled',
  }
}

const own = z.object({
  as: z.string(),
  summary: z.string().max(1000),
  starts_at: z.number().int(),
  ends_at: z.number().int(),
})

/** Somebody is busy with something of their own. */
function makeOwn(ask: Ask) {
  const { world } = ask
  const { as, summary, starts_at, ends_at } = bodyAs(ask, own)
  actor(world, as)
  if (starts_at >= ends_at) throw new Refused(400, '结束时间应晚于开始时间')
  const when = (ms: number) => ({ timestamp: String(Math.floor(ms / 1000)), timezone: 'Asia/Shanghai' })
  const event = newEvent(world, primaryOf(world, as).calendar_id, {
    summary,
    start_time: when(starts_at),
    end_time: when(ends_at),
  })
  touched(world, event, [as])
  return { event_id: event.event_id }
}

const replying = z.object({ as: z.string(), event_id: z.string(), status: z.enum(['accept', 'tentative', 'decline']) })

function reply(ask: Ask) {
  const { world } = ask
  const { as, event_id, status } = bodyAs(ask, replying)
  actor(world, as)
  const event = world.state.events.get(event_id)
  if (!event || event.status === 'cancelled') throw new Refused(404, '日程不存在或已取消')
  if (!answer(world, event, as, status)) throw new Refused(403, '您不在这个日程的参与人中')
  return {}
}
