import { type AlertId, alertOf, type Facts } from './alerts.ts'

/** A condition that holds at a heartbeat. */
export interface Found {
  id: AlertId
  facts: Facts
  /** What stays the same as long as it is the same condition. */
  mark?: string
  /** Since when, where that is known; else since it was first found. */
  since?: Date
  /** Where it is over already. */
  until?: Date
}

/** A condition that has held for long enough. Instants are the office's, as they were reckoned when it was noted. */
export interface Incident {
  id: AlertId
  mark: string
  facts: Facts
  since: string
  until?: string
  toldAt?: string
  /** On which cards it stands. */
  cards: number[]
}

/** What the heartbeats have found, kept from one to the next. */
export interface Watched {
  /** How many cards there have been. */
  cards: number
  /** What was found, and since when (wire time), standstills left out; `firstMs` where there were some. */
  pending: Partial<Record<AlertId, { mark: string; ms: number; firstMs?: number }>>
  incidents: Incident[]
  /** Who wants to hear no more that day of what stands on a card. */
  hushed: Array<{ card: number; person: string; day: string }>
}

export const NOTHING_WATCHED: Watched = { cards: 0, pending: {}, incidents: [], hushed: [] }

/** A heartbeat: by the office's clock, in wire time, and for how long others before it are missing, in which nothing was seen to last; infinite where there was none. */
export interface At {
  now: Date
  wireMs: number
  missedMs: number
}

export interface Observed {
  watched: Watched
  opened: Incident[]
  ended: Incident[]
  /** Cards that tell something else now. */
  moved: number[]
}

export const lasting = ({ incidents }: Watched): Incident[] => incidents.filter(({ until }) => !until)

const MOST_KEPT = 40
/** Of one kind no two are told within this, however often it comes and goes. */
const REST_MS = 3_600_000
const DAY_MS = 86_400_000

export function observe(before: Watched, found: readonly Found[], at: At): Observed {
  const pending = pendingOf(before, found, at)
  const changed = before.incidents.map(one => (one.until ? one : continued(one, found, at)))
  const opened = found
    .filter(one => isRipe(one, pending, at) && !isKnown(one, changed))
    .map(one => incidentOf(one, pending, at))
  const moved = changed.filter((one, i) => one !== before.incidents[i])
  return {
    watched: { ...before, pending, incidents: [...changed, ...opened] },
    opened,
    ended: moved.filter(({ until }) => until),
    moved: [...new Set(moved.flatMap(({ cards }) => cards))],
  }
}

const markOf = ({ mark = '' }: Found): string => mark

function pendingOf(before: Watched, found: readonly Found[], { wireMs, missedMs }: At): Watched['pending'] {
  const known = missedMs ? outlasting(before.pending, missedMs) : before.pending
  return Object.fromEntries(
    found
      .filter(({ until }) => !until)
      .map(one => {
        const kept = known[one.id]
        return [one.id, kept?.mark === markOf(one) ? kept : { mark: markOf(one), ms: wireMs }]
      }),
  )
}

type Pending = NonNullable<Watched['pending'][AlertId]>

/** What counts by days goes on after a standstill, which does not count: an office may shut its machine down every night. */
function outlasting(pending: Watched['pending'], missedMs: number): Watched['pending'] {
  const kept = (Object.entries(pending) as Array<[AlertId, Pending]>).filter(
    ([id]) => Number.isFinite(missedMs) && alertOf(id).persistsMs >= DAY_MS,
  )
  return Object.fromEntries(
    kept.map(([id, one]) => [id, { ...one, ms: one.ms + missedMs, firstMs: one.firstMs ?? one.ms }]),
  )
}

const pendingMs = ({ id }: Found, pending: Watched['pending'], { wireMs }: At): number =>
  wireMs - (pending[id]?.ms ?? wireMs)

const foundMs = (one: Found, pending: Watched['pending'], at: At): number =>
  at.wireMs - (pending[one.id]?.firstMs ?? at.wireMs - pendingMs(one, pending, at))

const isRipe = (one: Found, pending: Watched['pending'], at: At): boolean =>
  one.until !== undefined || pendingMs(one, pending, at) >= alertOf(one.id).persistsMs

const isKnown = (one: Found, incidents: readonly Incident[]): boolean =>
  incidents.some(({ id, mark, until }) => id === one.id && mark === markOf(one) && (!until || one.until !== undefined))

function incidentOf(one: Found, pending: Watched['pending'], at: At): Incident {
  const { id, facts, until, since = new Date(at.now.getTime() - foundMs(one, pending, at)) } = one
  const kept = { id, mark: markOf(one), facts, since: since.toISOString(), cards: [] }
  return until ? { ...kept, until: until.toISOString() } : kept
}

/** As it is found now: the same object where nothing has changed. */
function continued(one: Incident, found: readonly Found[], { now }: At): Incident {
  const still = found.find(({ id, until, ...rest }) => id === one.id && !until && (rest.mark ?? '') === one.mark)
  if (!still) return { ...one, until: now.toISOString() }
  return JSON.stringify(still.facts) === JSON.stringify(one.facts) ? one : { ...one, facts: still.facts }
}

/** What is to be told now stands together on one new card; undefined when there is nothing. */
export function telling(before: Watched, now: Date, isOpen: boolean): { watched: Watched; card: number | undefined } {
  const isDue = (one: Incident) => (one.toldAt ? isDueAgain(one, now, isOpen) : isDueFirst(one, before, now, isOpen))
  const due = before.incidents.filter(isDue)
  if (!due.length) return { watched: pruned(before), card: undefined }
  const card = before.cards + 1
  const told = (one: Incident) => ({ ...one, toldAt: now.toISOString(), cards: [...one.cards, card] })
  const incidents = before.incidents.map(one => (due.includes(one) ? told(one) : one))
  return { watched: pruned({ ...before, cards: card, incidents }), card }
}

function isDueFirst(one: Incident, { incidents }: Watched, now: Date, isOpen: boolean): boolean {
  const { grave, afterwards } = alertOf(one.id)
  if (one.until && !afterwards) return false
  if (!grave && !isOpen) return false
  return !incidents.some(({ id, toldAt }) => id === one.id && toldAt && isWithin(toldAt, now, REST_MS))
}

const isDueAgain = ({ id, until, toldAt = '' }: Incident, now: Date, isOpen: boolean): boolean =>
  !until && isOpen && !isWithin(toldAt, now, alertOf(id).againDays * DAY_MS)

const isWithin = (then: string, now: Date, ms: number): boolean => now.getTime() - Date.parse(then) < ms

/** What is over is kept as long as somebody may still look at its card. */
function pruned(watched: Watched): Watched {
  const over = watched.incidents.filter(({ until }) => until)
  const dropped = new Set(over.slice(0, Math.max(over.length - MOST_KEPT, 0)))
  if (!dropped.size) return watched
  const incidents = watched.incidents.filter(one => !dropped.has(one))
  const hushed = watched.hushed.filter(({ card }) => incidents.some(({ cards }) => cards.includes(card)))
  return { ...watched, incidents, hushed }
}

export const onCard = ({ incidents }: Watched, card: number): Incident[] =>
  incidents.filter(({ cards }) => cards.includes(card))

/** Whether somebody wants to hear no more on that day of anything that stands on a card. */
export function isHushed(watched: Watched, card: number, person: string, day: string): boolean {
  const quiet = watched.hushed.filter(one => one.person === person && one.day === day)
  const ids = new Set(quiet.flatMap(one => onCard(watched, one.card)).map(({ id }) => id))
  return onCard(watched, card).every(({ id }) => ids.has(id))
}

export const hush = (watched: Watched, card: number, person: string, day: string): Watched =>
  isHushed(watched, card, person, day) ? watched : { ...watched, hushed: [...watched.hushed, { card, person, day }] }
