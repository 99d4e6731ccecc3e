import type { Kind } from './terms.ts'

const MINUTE_MS = 60_000

/** From when to when something lasts; the end is no part of it. */
export interface Span {
  startsAt: Date
  endsAt: Date
}

/** What takes somebody's time. */
export interface Busy extends Span {
  person: string
  by: 'meeting' | 'trip' | 'calendar'
  /** As it is called outside, 会〔2026〕31号; '' = not numbered, or a calendar that tells only 忙. */
  number: string
  /** Of a meeting: by its kind it is seen which goes first. */
  kind: Kind | undefined
  /** Where, in words; '' = unknown. */
  place: string
}

/** How somebody is wanted at a meeting. */
export type Part = 'presider' | 'convener' | 'attend' | 'listen'

/** Somebody who is wanted. */
export interface Wanted {
  person: string
  name: string
  as: Part
}

/** What takes somebody, or a room, at the time that is wished for (MT-09). */
export interface Clash extends Span {
  by: Busy['by'] | 'room'
  /** Who cannot be at both places; undefined: it is the room. */
  person: string | undefined
  /** Their name, or the room's. */
  name: string
  /** Undefined: it is the room. */
  as: Part | undefined
  number: string
  kind: Kind | undefined
  /** They do not overlap, but leave too little time for the way. */
  tight: boolean
}

/** A time at which all who are needed are free, and a room that is. */
export interface Slot extends Span {
  /** Undefined: no room is wanted, for the meeting is somewhere else. */
  room: { id: number; name: string } | undefined
}

export const overlaps = (one: Span, other: Span): boolean =>
  one.startsAt.getTime() < other.endsAt.getTime() && other.startsAt.getTime() < one.endsAt.getTime()

/** A span with some minutes before and after it. */
export const widened = ({ startsAt, endsAt }: Span, minutes: number): Span => ({
  startsAt: new Date(startsAt.getTime() - minutes * MINUTE_MS),
  endsAt: new Date(endsAt.getTime() + minutes * MINUTE_MS),
})

const PARTS: readonly Part[] = ['presider', 'convener', 'attend', 'listen']

/**
 * Who of those wanted is taken at that time: whoever presides first, the others in the order in which they are wanted. `way`: minutes
 * between two places.
 */
export function clashesOf(
  wish: Span & { place: string },
  wanted: readonly Wanted[],
  busy: readonly Busy[],
  way: number,
): Clash[] {
  const found = new Map(wanted.map(one => [one.person, one]))
  const clashes = busy.flatMap((one): Clash[] => {
    const who = found.get(one.person)
    const isSamePlace = one.place !== '' && one.place === wish.place
    if (!who || !overlaps(widened(wish, isSamePlace ? 0 : way), one)) return []
    const { place: _, ...span } = one
    return [{ ...span, name: who.name, as: who.as, tight: !overlaps(wish, one) }]
  })
  const order = new Map(
    PARTS.flatMap(part => wanted.filter(({ as }) => as === part)).map(({ person }, at) => [person, at]),
  )
  const rank = ({ person = '' }: Clash): number => order.get(person) ?? 0
  return clashes.sort((a, b) => rank(a) - rank(b) || a.startsAt.getTime() - b.startsAt.getTime())
}

/** How many people are taken. */
export const peopleAmong = (clashes: readonly Clash[]): number =>
  new Set(clashes.flatMap(({ person }) => person ?? [])).size

/**
 * What a calendar tells beside what is known: its copies of our own meetings and trips are left out, and those of the meeting that
 * is looked at.
 */
export const besides = (calendar: readonly Busy[], known: readonly Busy[], own: Span | undefined): Busy[] =>
  calendar.filter(
    one => !(own && isSame(one, own)) && !known.some(other => other.person === one.person && isSame(one, other)),
  )

const isSame = (one: Span, other: Span): boolean =>
  one.startsAt.getTime() === other.startsAt.getTime() && one.endsAt.getTime() === other.endsAt.getTime()
