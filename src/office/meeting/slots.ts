import { type Customs, hoursOn } from '../../kit/customs.ts'
import { addDays, dayIn, isWorkday, toInstant } from '../../kit/time.ts'
import { overlaps, type Slot, type Span } from './clash.ts'

const MINUTE_MS = 60_000
const STEP_MS = 30 * MINUTE_MS
const MOST_SLOTS = 3
/** How many days are looked at. */
export const DAYS_AHEAD = 21

/** A room, and when it is taken. */
export interface RoomBusy {
  id: number
  name: string
  seats: number
  busy: readonly Span[]
}

/** What a time is looked for. */
export interface SlotWish {
  /** Not before. */
  from: Date
  /** How long it lasts, in ms. */
  lastsMs: number
  /** When any of those who are needed is taken, the way there and back included. */
  busy: readonly Span[]
  /** Undefined: no room is wanted. */
  rooms: readonly RoomBusy[] | undefined
  /** The room that is preferred. */
  room: number | undefined
  /** How many it has to seat. */
  heads: number
  customs: Customs
}

/**
 * The first times, on the half hour and within office hours, at which all who are needed are free and so is a room that seats
 * them, none overlapping another; none for what lasts longer than a day. What does not fit into the morning or the afternoon may
 * go on over noon.
 */
export function slotsFor(wish: SlotWish): Slot[] {
  const taken = merged(wish.busy)
  const slots: Slot[] = []
  const first = dayIn(wish.from)
  for (let ahead = 0; ahead < DAYS_AHEAD && slots.length < MOST_SLOTS; ahead++) {
    const day = addDays(first, ahead)
    if (!isWorkday(day, wish.customs.calendar)) continue
    for (const session of sessionsOn(day, wish)) {
      for (const span of startsIn(session, wish)) {
        const last = slots.at(-1)
        if (slots.length === MOST_SLOTS || (last && span.startsAt < last.endsAt)) continue
        if (taken.some(one => overlaps(one, span))) continue
        const room = roomAt(span, wish)
        if (room) slots.push({ ...span, room: room === 'none' ? undefined : { id: room.id, name: room.name } })
      }
    }
  }
  return slots
}

/** The parts of a day in which it may lie: morning and afternoon, or the whole day where it fits in neither. */
function sessionsOn(day: string, { lastsMs, customs }: SlotWish): Span[] {
  const { opens, lunch, resumes, closes } = hoursOn(day, customs)
  const span = (from: string, until: string): Span => ({
    startsAt: new Date(toInstant(day, from)),
    endsAt: new Date(toInstant(day, until)),
  })
  const halves = [span(opens, lunch), span(resumes, closes)]
  const fits = (one: Span) => one.endsAt.getTime() - one.startsAt.getTime() >= lastsMs
  return halves.some(fits) ? halves.filter(fits) : [span(opens, closes)].filter(fits)
}

function startsIn({ startsAt, endsAt }: Span, { from, lastsMs }: SlotWish): Span[] {
  const spans: Span[] = []
  for (let at = startsAt.getTime(); at + lastsMs <= endsAt.getTime(); at += STEP_MS)
    if (at >= from.getTime()) spans.push({ startsAt: new Date(at), endsAt: new Date(at + lastsMs) })
  return spans
}

/** The preferred room where it seats all and is free, else the smallest that does. */
function roomAt(span: Span, { rooms, room, heads }: SlotWish): RoomBusy | 'none' | undefined {
  if (!rooms) return 'none'
  const free = rooms
    .filter(one => one.seats >= heads && !one.busy.some(busy => overlaps(busy, span)))
    .sort((a, b) => a.seats - b.seats || a.id - b.id)
  return free.find(({ id }) => id === room) ?? free[0]
}

/** Spans that touch or overlap as one, by time. */
function merged(spans: readonly Span[]): Span[] {
  const sorted = spans.toSorted((a, b) => a.startsAt.getTime() - b.startsAt.getTime())
  const kept: Span[] = []
  for (const { startsAt, endsAt } of sorted) {
    const last = kept.at(-1)
    if (!last || startsAt > last.endsAt) kept.push({ startsAt, endsAt })
    else if (endsAt > last.endsAt) kept[kept.length - 1] = { startsAt: last.startsAt, endsAt }
  }
  return kept
}
