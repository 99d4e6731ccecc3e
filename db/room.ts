import type { Db } from './client.ts'

/** How much of a window is used: calls of one API in the last second and minute. */
export interface Use {
  api: string
  second: number
  minute: number
  /** When the first of the calls in the last second (minute) was over. */
  secondFromMs: number
  minuteFromMs: number
}
export interface Head {
  id: number
  lane: string
  api: string
  priority?: number
  /** The same for all that say the same and may go out together. */
  alike?: string | null
}
export interface Standing {
  used: Use[]
  /** Calls of the last second per lane. */
  lanes: Map<string, number>
  paused: Set<string>
  heads: Head[]
}

/**
 * What this process knows of the platform's windows between two looks at the outbox: never less than is used, as long as nobody else
 * has claimed since. That is for the database to say: see `seen`.
 */
interface Known {
  /** How many claims there had been. */
  seen: number
  standing: Pick<Standing, 'used' | 'lanes' | 'paused'>
  atMs: number
  /** Calls since then: those that a second's window may hold, and those that only a minute's does. */
  recent: Map<number, Call>
  older: Map<number, Call>
  /** How many of both there are, by API. */
  counts: Map<string, number>
  sweptMs: number
}

interface Call {
  id: number
  api: string
  lane: string
  atMs: number
  doneMs?: number
}

const known = new WeakMap<Db, Known>()

/** A call counts from its start until a second (minute) after its end; one whose end we do not know has ended by then. */
export const LONGEST_CALL_MS = 10_000
/** What is dated later than that was dated by a clock that has been put back since: no two processes' clocks are so far apart. */
export const AHEAD_MS = 5_000
const SECOND = 1_000
const MINUTE = 60_000

/** What a look at the outbox has shown. */
export function learnRoom(db: Db, { seen, used, lanes, paused }: Standing & { seen: number }, wireMs: number): void {
  const none = { recent: new Map(), older: new Map(), counts: new Map() }
  known.set(db, { seen, standing: { used, lanes, paused }, atMs: wireMs, ...none, sweptMs: wireMs })
}

export function forgetRoom(db: Db): void {
  known.delete(db)
}

/** A claim of these calls, made where so many were `seen` before; a look that came meanwhile has counted it. */
export function noteClaim(
  db: Db,
  seen: number,
  calls: Array<{ call: number; api: string; lane: string }>,
  wireMs: number,
): void {
  const now = known.get(db)
  if (!now) return
  if (now.seen === seen) now.seen++
  for (const { call, api, lane } of calls) {
    now.recent.set(call, { id: call, api, lane, atMs: wireMs })
    count(now, api, 1)
  }
}

export function noteEnded(db: Db, call: number, wireMs: number): void {
  const { recent, older } = known.get(db) ?? {}
  const one = recent?.get(call) ?? older?.get(call)
  if (!one) return
  one.doneMs = wireMs
  // one that took longer than any should is of the last second all the same
  if (older?.delete(call)) recent?.set(call, one)
}

/** The windows of one API and one lane as they stand at most; undefined when nothing is known. */
export function roomKnown(
  db: Db,
  { api, lane }: { api: string; lane: string },
  wireMs: number,
): (Omit<Standing, 'heads'> & { seen: number }) | undefined {
  const now = known.get(db)
  if (!now) return undefined
  sweep(now, wireMs)
  const { seen, standing, atMs, recent, counts } = now
  const isUsed = (window: number) => wireMs < atMs + LONGEST_CALL_MS + window
  const before = standing.used.find(one => one.api === api)
  let second = before && isUsed(SECOND) ? before.second : 0
  const minute = (before && isUsed(MINUTE) ? before.minute : 0) + (counts.get(api) ?? 0)
  let here = isUsed(SECOND) ? (standing.lanes.get(lane) ?? 0) : 0
  for (const call of recent.values()) {
    if (call.lane === lane) here++
    if (call.api === api) second++
  }
  const used = [{ api, second, minute, secondFromMs: wireMs, minuteFromMs: wireMs }]
  return { seen, used, lanes: new Map([[lane, here]]), paused: standing.paused }
}

const over = ({ atMs, doneMs }: Call): number => doneMs ?? atMs + LONGEST_CALL_MS

/** Parts what a second's window holds no longer, and forgets what no window does. */
function sweep(now: Known, wireMs: number): void {
  for (const call of now.recent.values())
    if (over(call) <= wireMs - SECOND) {
      now.recent.delete(call.id)
      now.older.set(call.id, call)
    }
  if (wireMs < now.sweptMs + SECOND) return
  now.sweptMs = wireMs
  for (const call of now.older.values())
    if (over(call) <= wireMs - MINUTE) {
      now.older.delete(call.id)
      count(now, call.api, -1)
    }
}

function count({ counts }: Known, api: string, more: number): void {
  counts.set(api, (counts.get(api) ?? 0) + more)
}
