/** What arrives at our doors. A press is never sent again, and has an address of its own. */
export type Kind = 'event' | 'press'

/** Why something genuine was refused: key, token or app are not ours, the clock is off, or no seal fits. */
export type Cause = 'key' | 'token' | 'app' | 'clock' | 'seal'

/** What was refused since something was accepted last, in wire time, and why the last of it. */
export interface Refused {
  cause: Cause
  sinceMs: number
  lastMs: number
}

export interface Arrived {
  acceptedMs?: number | undefined
  refused?: Refused | undefined
}

export type Arrivals = Record<Kind, Arrived>

/** So much may be refused beside what is accepted. */
const BESIDE_MS = 60_000

/** What is refused, where nothing is accepted any more. */
export const refusedNow = ({ acceptedMs = 0, refused }: Arrived): Refused | undefined =>
  refused && refused.lastMs > acceptedMs + BESIDE_MS ? refused : undefined

/** What two processes know together, at an instant; what is dated ahead of it was dated by a clock that has been put right since. */
export const joined = (a: Arrivals | undefined, b: Arrivals, nowMs: number): Arrivals => ({
  event: join(a?.event ?? {}, b.event, nowMs),
  press: join(a?.press ?? {}, b.press, nowMs),
})

function join(a: Arrived, b: Arrived, nowMs: number): Arrived {
  const isPast = (ms: number) => ms <= nowMs + BESIDE_MS
  const acceptedMs = Math.max(...[0, a.acceptedMs ?? 0, b.acceptedMs ?? 0].filter(isPast)) || undefined
  const [first, second] = [a.refused, b.refused]
    .filter(one => one !== undefined)
    .filter(({ lastMs }) => isPast(lastMs) && lastMs > (acceptedMs ?? 0))
    .sort((one, other) => one.lastMs - other.lastMs)
  const firstMs = Math.min(first?.sinceMs ?? 0, second?.sinceMs ?? Number.POSITIVE_INFINITY)
  const last = second ?? first
  return { acceptedMs, refused: last && { ...last, sinceMs: Math.max(firstMs, acceptedMs ?? 0) } }
}
