import { BUSY_DENIED, calendarBusyOf, calendarsRead, isReadingCalendars } from '../../db/calendar-busy.ts'
import { setting } from '../../db/settings.ts'
import type { Look, Turn } from '../../src/bot/feature.ts'
import type { Busy, Span, Wanted } from '../../src/office/meeting/clash.ts'
import type { Meeting, MeetingWish } from '../../src/office/meeting/meeting.ts'
import type { Plan } from '../../src/office/meeting/rule-facts.ts'
import { DAYS_AHEAD } from '../../src/office/meeting/slots.ts'
import { guestsOf } from './invite.ts'
import { FEATURE } from './setting.ts'
import { wantedAt } from './wanted.ts'

type Reading = Pick<Look, 'db' | 'now'>

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
/** What was read longer ago is read again; what was read still longer ago does not count. */
const FRESH_MS = HOUR_MS / 2
const VALID_MS = 12 * HOUR_MS
/** Where the app was not let read calendars, it does not ask again so soon. */
const DENIED_MS = 6 * HOUR_MS
/** Of a crowd only those who are named, convene or preside, and as many others. */
const MOST_ASKED = 100

/**
 * Has the calendars read of those whom a draft needs, where it was not done a short while ago; its cards are drawn anew once that is
 * there. A turn does not wait for it.
 */
export async function askCalendars(turn: Turn, meeting: Meeting): Promise<void> {
  if (await isDenied(turn)) return
  const wanted = await wantedAt(turn, meeting, await guestsOf(turn, meeting))
  const people = askedAmong(wanted, meeting)
  const span = spanOf(turn, meeting)
  const fresh = new Set(await calendarsRead(turn.db, people, span, new Date(turn.now.getTime() - FRESH_MS)))
  const left = people.filter(person => !fresh.has(person))
  const matter = { feature: FEATURE, matter: String(meeting.id) }
  if (left.length) turn.readCalendars(left, { from: span.startsAt, until: span.endsAt }, matter)
}

/** When people are taken by their calendars, as far as it has been read of late. */
export async function calendarBusy({ db, now }: Reading, people: readonly string[], span: Span): Promise<Busy[]> {
  const known = await calendarBusyOf(db, people, span, new Date(now.getTime() - VALID_MS))
  return known.map(one => ({ ...one, by: 'calendar', number: '', kind: undefined, place: '' }))
}

/** Whether the calendars of those whom a draft needs are known. */
export async function calendarsOf(
  look: Reading,
  wish: Pick<MeetingWish, 'startsAt' | 'guests'>,
  wanted: readonly Wanted[],
  id: number | undefined,
): Promise<Plan['calendars']> {
  if (await isDenied(look)) return 'ungranted'
  const people = askedAmong(wanted, wish)
  // the days that were read begin with the draft's own, which passes meanwhile
  const span = { startsAt: wish.startsAt, endsAt: new Date(wish.startsAt.getTime() + DAY_MS) }
  const read = await calendarsRead(look.db, people, span, new Date(look.now.getTime() - VALID_MS))
  if (read.length === people.length) return 'known'
  return id !== undefined && (await isReadingCalendars(look.db, String(id))) ? 'reading' : 'unread'
}

async function isDenied({ db, now }: Reading): Promise<boolean> {
  const since = await setting<string>(db, BUSY_DENIED)
  return since !== undefined && now.getTime() - new Date(since).getTime() < DENIED_MS
}

function askedAmong(wanted: readonly Wanted[], { guests }: Pick<MeetingWish, 'guests'>): string[] {
  const isFirst = ({ as, person }: Wanted) => as !== 'attend' || guests.people.includes(person)
  const needed = wanted.filter(({ as }) => as !== 'listen')
  return [...needed.filter(isFirst), ...needed.filter(one => !isFirst(one))]
    .slice(0, MOST_ASKED)
    .map(({ person }) => person)
}

/** From the draft's own day, a day more than is looked at for other times. */
const spanOf = ({ now }: Reading, { startsAt }: Pick<MeetingWish, 'startsAt'>): Span => {
  const from = Math.max(startsAt.getTime(), now.getTime())
  return { startsAt: new Date(from - DAY_MS), endsAt: new Date(from + (DAYS_AHEAD + 1) * DAY_MS) }
}
