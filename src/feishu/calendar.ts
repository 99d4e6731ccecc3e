import { z } from 'zod'
import { FeishuFault } from './fault.ts'

/** An event as it is to stand in the app's own calendar; what people wrote is plain here. */
export interface CalendarEvent {
  title: string
  description: string
  startsAt: Date
  endsAt: Date
  place: string
}

/** Somebody, or a room of Feishu's, which an app books on somebody's behalf. */
export type CalendarGuest = { person: string } | { room: string; by: string }

export type Send = (
  method: 'POST' | 'PATCH' | 'DELETE',
  url: string,
  data: object | undefined,
  params?: object,
) => Promise<unknown>

const CALENDARS = '/open-apis/calendar/v4/calendars'
const IDS = { user_id_type: 'open_id' }
const LONGEST = { title: 1_000, description: 40_000, place: 500 }

/** The app's own calendar (feishu-platform 7.1). Nobody is notified by it: our own messages tell what they need to know. */
export function calendarOf(send: Send) {
  let known: string | undefined
  const own = async (): Promise<string> => {
    if (known) return known
    const read = primarySchema.safeParse(await send('POST', `${CALENDARS}/primary`, {}, IDS))
    const id = read.data?.data.calendars[0]?.calendar.calendar_id
    if (!id) throw new FeishuFault('unreachable', { why: 'no calendar of our own' })
    known = id
    return id
  }
  const eventsUrl = async (event?: string): Promise<string> =>
    `${CALENDARS}/${encodeURIComponent(await own())}/events${event === undefined ? '' : `/${encodeURIComponent(event)}`}`

  return {
    /** Answers the event's id; the same `key` makes no second one. */
    async makeEvent(event: CalendarEvent, key: string): Promise<string> {
      const data = {
        ...printed(event),
        need_notification: false,
        attendee_ability: 'none',
        vchat: { vc_type: 'no_meeting' },
      }
      const body = await send('POST', await eventsUrl(), data, { idempotency_key: key, ...IDS })
      const read = z.object({ data: z.object({ event: z.object({ event_id: z.string().min(1) }) }) }).safeParse(body)
      if (!read.success) throw new FeishuFault('unreachable', { uncertain: true, why: 'no event id' })
      return read.data.data.event.event_id
    },

    async changeEvent(id: string, event: CalendarEvent): Promise<void> {
      await send('PATCH', await eventsUrl(id), { ...printed(event), need_notification: false }, IDS)
    },

    async deleteEvent(id: string): Promise<void> {
      await send('DELETE', await eventsUrl(id), undefined, { need_notification: false })
    },

    /** At most 1,000 at once, 3,000 in all. */
    async addGuests(id: string, guests: readonly CalendarGuest[]): Promise<void> {
      const attendees = guests.map(guest =>
        'person' in guest
          ? { type: 'user', user_id: guest.person }
          : { type: 'resource', room_id: guest.room, operate_id: guest.by },
      )
      await send('POST', `${await eventsUrl(id)}/attendees`, { attendees, need_notification: false }, IDS)
    },

    async removeGuests(id: string, guests: readonly CalendarGuest[]): Promise<void> {
      const delete_ids = guests.map(guest =>
        'person' in guest ? { type: 'user', user_id: guest.person } : { type: 'resource', room_id: guest.room },
      )
      await send('POST', `${await eventsUrl(id)}/attendees/batch_delete`, { delete_ids, need_notification: false }, IDS)
    },
  }
}

const primarySchema = z.object({
  data: z.object({ calendars: z.array(z.object({ calendar: z.object({ calendar_id: z.string().min(1) }) })) }),
})

const seconds = (at: Date) => ({ timestamp: String(Math.floor(at.getTime() / 1_000)), timezone: 'Asia/Shanghai' })

/** A description may hold tags, so nothing that people wrote may look like one. */
const untagged = (words: string): string => words.replaceAll('<', '＜').replaceAll('&', '＆')

const printed = ({ title, description, startsAt, endsAt, place }: CalendarEvent) => ({
  summary: title.slice(0, LONGEST.title),
  description: untagged(description).slice(0, LONGEST.description),
  start_time: seconds(startsAt),
  end_time: seconds(endsAt),
  location: { name: place.slice(0, LONGEST.place) },
  visibility: 'default',
  free_busy_status: 'busy',
})
