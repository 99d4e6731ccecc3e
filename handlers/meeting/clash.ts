import { busyMeetings, busyTrips, spanOfMeeting } from '../../db/meeting-clash.ts'
import { bookingsIn, getRoom, roomsOf } from '../../db/meeting-room.ts'
import type { Look } from '../../src/bot/feature.ts'
import type { Customs } from '../../src/kit/customs.ts'
import {
  type Busy,
  besides,
  type Clash,
  clashesOf,
  type Slot,
  type Span,
  type Wanted,
  widened,
} from '../../src/office/meeting/clash.ts'
import type { MeetingWish } from '../../src/office/meeting/meeting.ts'
import { DAYS_AHEAD, type RoomBusy, slotsFor } from '../../src/office/meeting/slots.ts'
import { calendarBusy } from './calendars.ts'

type Reading = Pick<Look, 'db' | 'now'>

/** More than these are never all free: then only those count who are named one by one, convene or preside. */
const MOST_NEEDED = 300
const MOST_ROOMS = 200
const MOST_BOOKINGS = 5_000
const DAY_MS = 86_400_000

/** What takes some people within a span; `own`: the meeting that asks. */
async function busyWithin(
  look: Reading,
  people: readonly string[],
  span: Span,
  own: number | undefined,
): Promise<Busy[]> {
  const { db } = look
  const [inMeetings, onTrips, calendar, standing] = await Promise.all([
    busyMeetings(db, people, span, own),
    busyTrips(db, people, span),
    calendarBusy(look, people, span),
    own === undefined ? undefined : spanOfMeeting(db, own),
  ])
  const known = [...inMeetings, ...onTrips]
  return [...known, ...besides(calendar, known, standing)]
}

/** Who of those wanted is taken at that time, and whether the room is. */
export async function clashesAt(
  look: Reading,
  wish: Pick<MeetingWish, 'startsAt' | 'endsAt' | 'place' | 'room'>,
  wanted: readonly Wanted[],
  way: number,
  own: number | undefined,
): Promise<Clash[]> {
  const people = wanted.map(({ person }) => person)
  const [busy, room] = await Promise.all([
    busyWithin(look, people, widened(wish, way), own),
    roomClashes(look, wish, own),
  ])
  return [...room, ...clashesOf(wish, wanted, busy, way)]
}

async function roomClashes(
  { db }: Reading,
  { room, startsAt, endsAt }: Pick<MeetingWish, 'startsAt' | 'endsAt' | 'room'>,
  own: number | undefined,
): Promise<Clash[]> {
  if (room === undefined) return []
  const [booking] = await bookingsIn(db, [room], { startsAt, endsAt }, 1, own)
  if (!booking) return []
  const { name } = await getRoom(db, room)
  return [
    {
      ...{ startsAt: booking.startsAt, endsAt: booking.endsAt, by: 'room', name, number: '', tight: false },
      ...{ person: undefined, as: undefined, kind: undefined },
    },
  ]
}

/** The next times that would suit all who are needed, with a room. */
export async function slotsAfter(
  look: Reading,
  wish: Pick<MeetingWish, 'startsAt' | 'endsAt' | 'place' | 'room' | 'guests'>,
  wanted: readonly Wanted[],
  of: { way: number; heads: number; customs: Customs; own: number | undefined },
): Promise<Slot[]> {
  const from = new Date(Math.max(wish.startsAt.getTime(), look.now.getTime()))
  const span = { startsAt: from, endsAt: new Date(from.getTime() + DAYS_AHEAD * DAY_MS) }
  const needed = neededAmong(wanted, wish.guests.people).map(({ person }) => person)
  const [busy, rooms] = await Promise.all([
    busyWithin(look, needed, widened(span, of.way), of.own),
    wish.room === undefined && wish.place !== '' ? undefined : roomsWithin(look, span, of.own),
  ])
  return slotsFor({
    ...{ from, lastsMs: wish.endsAt.getTime() - wish.startsAt.getTime(), rooms, room: wish.room },
    ...{ busy: busy.map(one => widened(one, of.way)), heads: of.heads, customs: of.customs },
  })
}

function neededAmong(wanted: readonly Wanted[], named: readonly string[]): Wanted[] {
  const needed = wanted.filter(({ as }) => as !== 'listen')
  if (needed.length <= MOST_NEEDED) return needed
  return needed.filter(({ as, person }) => as !== 'attend' || named.includes(person))
}

/** The rooms that can be chosen, and when each is taken. */
async function roomsWithin({ db }: Reading, span: Span, own: number | undefined): Promise<RoomBusy[]> {
  const rooms = await roomsOf(db, 'available', MOST_ROOMS)
  const taken = await bookingsIn(
    db,
    rooms.map(({ id }) => id),
    span,
    MOST_BOOKINGS,
    own,
  )
  return rooms.map(({ id, name, seats }) => ({ id, name, seats, busy: taken.filter(({ room }) => room === id) }))
}
