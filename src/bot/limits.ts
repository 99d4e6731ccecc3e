import { LATER } from '../../db/outbox.ts'
import type { Standing } from '../../db/room.ts'

/**
 * The platform's windows (feishu-platform 4.9): 50 a second and 1,000 a minute for each API, 5 a second for each chat, person and
 * card. A card's lane is the card itself. The short ones are kept a little below what is allowed, because the network bunches calls;
 * in the minute nothing is given away, for a call counts until a minute after its end (`claimParcels`), and the last few of a
 * thousand would wait out that minute.
 */
export const WINDOWS = { apiSecond: 47, apiMinute: 1_000, laneSecond: 4 } as const
export type Windows = { apiSecond: number; apiMinute: number; laneSecond: number }

/** Which of the waiting heads may leave now, the most urgent first, at most `most`. */
export function allowed({ heads, used, lanes, paused }: Standing, most: number, windows: Windows = WINDOWS): number[] {
  const left = new Map(
    used.map(({ api, second, minute }) => [api, Math.min(windows.apiSecond - second, windows.apiMinute - minute)]),
  )
  const chosen: number[] = []
  for (const { id, lane, api, priority } of heads) {
    const room = left.get(api) ?? Math.min(windows.apiSecond, windows.apiMinute)
    if (chosen.length >= most) break
    // a card that many move at once has a second's rest between two redraws
    const mostHere = priority === LATER ? 1 : windows.laneSecond
    if (room <= 0 || paused.has(api) || (lanes.get(lane) ?? 0) >= mostHere) continue
    left.set(api, room - 1)
    chosen.push(id)
  }
  return chosen
}

/** When there may be room again for one of the waiting heads, never later than that it is; undefined: all are to be left alone. */
export function roomAt({ heads, used, paused }: Standing, windows: Windows = WINDOWS): number | undefined {
  const asked = new Set(heads.map(head => head.api).filter(api => !paused.has(api)))
  if (!asked.size) return undefined
  const times = [...asked].map(api => {
    const use = used.find(one => one.api === api)
    if (!use) return 0
    if (use.minute >= windows.apiMinute) return use.minuteFromMs + 60_000
    return use.second >= windows.apiSecond ? use.secondFromMs + 1_000 : 0
  })
  return Math.min(...times)
}

const FIRST_MS = 1_000
const LONGEST_MS = 60_000

/** How long to wait before the next attempt: doubling, spread over its upper half so that a crowd does not come back as one. */
export function backoffMs(attempts: number, chance: number): number {
  const step = Math.min(FIRST_MS * 2 ** Math.max(attempts - 1, 0), LONGEST_MS)
  return Math.round(step / 2 + (step / 2) * chance)
}
