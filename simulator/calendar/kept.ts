/** A meeting room of the office. */
export interface Room {
  room_id: string
  name: string
  capacity: number
  description: string
  device: string[]
  /** Bookings by an app are declined. */
  needs_approval?: boolean
}

/** An instant as the calendar API has it: seconds in a string, or a whole day. */
export interface When {
  timestamp?: string
  date?: string
  timezone?: string
}

export interface Calendar {
  calendar_id: string
  type: 'primary' | 'shared'
  summary: string
  description: string
  permissions: 'private' | 'show_only_free_busy' | 'public'
  color: number
  /** A person's open_id, or 'bot' for the app. */
  owner: string
  deleted?: boolean
  /** People who asked with their own token to hear of changes. */
  subscribers: string[]
}

export type Rsvp = 'needs_action' | 'accept' | 'tentative' | 'decline' | 'removed'

export interface Attendee {
  attendee_id: string
  type: 'user' | 'chat' | 'resource' | 'third_party'
  rsvp_status: Rsvp
  is_optional: boolean
  is_organizer: boolean
  user_id?: string
  chat_id?: string
  room_id?: string
  third_party_email?: string
  operate_id?: string
  /** Of a room: when it was asked for, in real time; its answer comes a little later. */
  asked_at?: number
  /** Of a chat: how each member answered. */
  members?: Record<string, Rsvp>
}

export interface CalendarEvent {
  event_id: string
  calendar_id: string
  summary: string
  description: string
  start_time: When
  end_time: When
  visibility: string
  attendee_ability: string
  free_busy_status: 'busy' | 'free'
  location?: Record<string, unknown>
  vchat?: Record<string, unknown>
  reminders?: unknown[]
  recurrence?: string
  color: number
  status: 'confirmed' | 'cancelled'
  create_time: number
  /** Version of the state at its last change, for sync tokens. */
  version: number
  attendees: Attendee[]
}

/** Seconds since the epoch; a whole day begins at midnight in Beijing and ends with its end day. */
export const startOf = ({ start_time }: CalendarEvent): number => secondsOf(start_time)
export const endOf = ({ end_time }: CalendarEvent): number => secondsOf(end_time) + (end_time.date ? 86_400 : 0)

const secondsOf = ({ timestamp, date }: When): number =>
  timestamp ? Number(timestamp) : Date.parse(`${date}T00:00:00+08:00`) / 1000
