import type { Kind } from './terms.ts'

/** From when to when something lasts; the end is no part of it. */
export interface Span {
  startsAt: Date
  endsAt: Date
}

/** What takes somebody, or a room, at the time that is wished for (MT-09). */
export interface Clash extends Span {
  by: 'meeting' | 'trip' | 'calendar' | 'room'
  /** Who cannot be at both places; undefined: it is the room. */
  person: string | undefined
  /** Their name, or the room's. */
  name: string
  /** How they are wanted here. */
  as: 'presider' | 'convener' | 'attend' | 'listen' | undefined
  /** The meeting or trip as it is called outside, 会〔2026〕31号; '' = not numbered, or a calendar that tells only 忙. */
  number: string
  /** The other meeting's kind, by which it is seen which goes first. */
  kind: Kind | undefined
  /** They do not overlap, but leave too little time for the way. */
  tight: boolean
}

/** A time at which all who are needed are free, and a room that is. */
export interface Slot extends Span {
  /** Undefined: no room is wanted, for the meeting is somewhere else. */
  room: { id: number; name: string } | undefined
}
