import { LATER, SHARED, SHARED_LATER } from '../../db/outbox.ts'
import type { Head, Standing, Use } from '../../db/room.ts'

/**
 * The platform's windows (feishu-platform 4.9): 50 a second and 1,000 a minute for each API, 5 a second for each chat, person and
 * card. A card's lane is the card itself. The short ones are kept a little below what is allowed, because the network bunches calls;
 * in the minute nothing is given away, for a call counts until a minute after its end (`claimParcels`), and the last few of a
 * thousand would wait out that minute. `later…`: so much of the windows of the `SHARED` API is kept for what comes `LATER`, as often
 * as two cards may be drawn anew, however many others wait; while others wait, it has no more than that.
 */
export const WINDOWS = { apiSecond: 47, apiMinute: 1_000, laneSecond: 4, laterSecond: 2, laterMinute: 120 } as const
export type Windows = { [name in keyof typeof WINDOWS]: number }

/**
 * Which of the waiting heads, the most urgent first, may leave now, at most `most`; beside them one for which a part of the windows
 * is kept, for many calls under way would leave it no place.
 */
export function allowed({ heads, used, lanes, paused }: Standing, most: number, windows: Windows = WINDOWS): number[] {
  const uses = new Map(used.map(use => [use.api, { ...use }]))
  const chosen: number[] = []
  // somebody more urgent waits for the windows of the shared API
  let isSought = false
  for (const head of heads) {
    const { id, lane, api, priority } = head
    // a card that many move at once has a second's rest between two redraws
    const mostHere = priority === LATER ? 1 : windows.laneSecond
    if (paused.has(api) || (lanes.get(lane) ?? 0) >= mostHere) continue
    const places = comesLater(head) ? most + 1 : most
    if (chosen.length < places && !fullFor(head, uses, windows, isSought)) {
      for (const name of countedUnder(head)) count(uses, name)
      chosen.push(id)
    } else if (api === SHARED && !comesLater(head)) isSought = true
  }
  return chosen
}

/** When there may be room again for one of the waiting heads, never later than that it is; undefined: all are to be left alone. */
export function roomAt({ heads, used, paused }: Standing, windows: Windows = WINDOWS): number | undefined {
  const asked = heads.filter(({ api }) => !paused.has(api))
  if (!asked.length) return undefined
  const uses = new Map(used.map(use => [use.api, use]))
  const isSought = asked.some(head => head.api === SHARED && !comesLater(head) && fullFor(head, uses, windows, false))
  const times = asked.map(head => {
    const window = fullFor(head, uses, windows, isSought)
    const froms = countedUnder(head).flatMap(name => uses.get(name) ?? [])
    if (!window) return 0
    return window === 'minute'
      ? Math.min(...froms.map(use => use.minuteFromMs)) + 60_000
      : Math.min(...froms.map(use => use.secondFromMs)) + 1_000
  })
  return Math.min(...times)
}

const comesLater = ({ api, priority }: Head): boolean => api === SHARED && priority === LATER

const countedUnder = (head: Head): string[] => (comesLater(head) ? [SHARED, SHARED_LATER] : [head.api])

/** Which window has no room for one like this. `isSought`: others wait for what is not kept for it. */
function fullFor(
  head: Head,
  uses: ReadonlyMap<string, Use>,
  windows: Windows,
  isSought: boolean,
): 'minute' | 'second' | undefined {
  const later = uses.get(SHARED_LATER) ?? UNUSED
  const all = uses.get(head.api) ?? UNUSED
  const isFull = (window: 'minute' | 'second', most: number, kept: number): boolean => {
    if (comesLater(head)) return all[window] >= most || (isSought && later[window] >= kept)
    const unused = head.api === SHARED ? Math.max(kept - later[window], 0) : 0
    return all[window] + unused >= most
  }
  if (isFull('minute', windows.apiMinute, windows.laterMinute)) return 'minute'
  return isFull('second', windows.apiSecond, windows.laterSecond) ? 'second' : undefined
}

const UNUSED = { second: 0, minute: 0 }

function count(uses: Map<string, Use>, api: string): void {
  const use = uses.get(api) ?? { api, secondFromMs: 0, minuteFromMs: 0, ...UNUSED }
  uses.set(api, { ...use, second: use.second + 1, minute: use.minute + 1 })
}

const FIRST_MS = 1_000
const LONGEST_MS = 60_000

/** How long to wait before the next attempt: doubling, spread over its upper half so that a crowd does not come back as one. */
export function backoffMs(attempts: number, chance: number): number {
  const step = Math.min(FIRST_MS * 2 ** Math.max(attempts - 1, 0), LONGEST_MS)
  return Math.round(step / 2 + (step / 2) * chance)
}
