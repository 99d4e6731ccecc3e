import { describe, expect, it } from 'vitest'
import { LATER, SHARED_LATER } from '../db/outbox.ts'
import type { Head, Standing, Use } from '../db/room.ts'
import { allowed, roomAt } from '../src/bot/limits.ts'

const NOW = 1_000_000
const [ANSWER, NOTICE] = [0, 1]
const MANY = 40

const head = (id: number, some: Partial<Head> = {}): Head => ({
  ...{ id, lane: `card:${id}`, api: 'patch', priority: ANSWER },
  ...some,
})
const heads = (many: number, some: Partial<Head> = {}): Head[] =>
  Array.from({ length: many }, (_, i) => head(i + 1, some))
const use = (second: number, minute: number, api = 'patch'): Use => ({
  ...{ api, second, minute },
  ...{ secondFromMs: NOW - 900, minuteFromMs: NOW - 50_000 },
})
const later = (second: number, minute: number): Use => use(second, minute, SHARED_LATER)
const standing = (waiting: Head[], some: Partial<Standing> = {}): Standing => ({
  ...{ used: [], lanes: new Map(), paused: new Set<string>(), heads: waiting },
  ...some,
})

/** What many move, behind all others. */
const CALM = head(900, { lane: 'card:900', priority: LATER })

describe('what may leave', () => {
  it.each<[string, Use, Use, number, boolean]>([
    ['nothing is used yet', use(0, 0), later(0, 0), MANY, true],
    ['only the kept places of the second are left', use(45, 45), later(0, 0), 0, true],
    ['one of those is used', use(46, 46), later(1, 1), 0, true],
    ['both are used', use(45, 45), later(2, 2), 2, false],
    ['the second is full', use(47, 47), later(1, 1), 0, false],
    ['the minute has room for three more', use(0, 877), later(0, 0), 3, true],
    ['only the kept places of the minute are left', use(0, 880), later(0, 0), 0, true],
    ['all but one place of the minute are taken', use(0, 999), later(0, 100), 0, true],
    ['what is kept of the minute is used', use(0, 960), later(0, 120), MANY, false],
    ['the minute is full', use(0, 1_000), later(0, 100), 0, false],
  ])('of many urgent redraws and one that comes later, where %s', (_, all, kept, urgent, isCalmToo) => {
    const chosen = allowed(standing([...heads(MANY + 1), CALM], { used: [all, kept] }), MANY)
    expect(chosen.filter(id => id !== CALM.id).length).toBe(urgent)
    expect(chosen.includes(CALM.id)).toBe(isCalmToo)
  })

  it('lets what comes later have all that nobody more urgent waits for', () => {
    const calm = heads(60, { priority: LATER })
    expect(allowed(standing(calm, { used: [use(0, 500), later(0, 500)] }), 100).length).toBe(47)
    expect(allowed(standing([head(901), ...calm], { used: [use(0, 900), later(0, 500)] }), 100).length).toBe(47)
  })

  it('leaves what comes later a place where many are under way, and only one', () => {
    const calm = [CALM, head(901, { priority: LATER })]
    expect(allowed(standing([...heads(MANY), ...calm]), 3)).toEqual([1, 2, 3, CALM.id])
  })

  it('lets a card rest for a second that comes later, and another four times a second', () => {
    const lanes = new Map([
      ['card:900', 1],
      ['card:1', 3],
      ['card:2', 4],
    ])
    expect(allowed(standing([head(1), head(2), CALM], { lanes }), MANY)).toEqual([1])
  })

  it('takes nothing from the windows of an API that nothing shares', () => {
    for (const api of ['create', 'reply', 'readers']) {
      const waiting = [...heads(60, { api }), head(900, { api, priority: LATER })]
      expect(allowed(standing(waiting), 100).length).toBe(47)
      expect(allowed(standing(waiting, { used: [use(0, 990, api)] }), 100).length).toBe(10)
    }
  })

  it('leaves an API alone that is paused', () => {
    expect(allowed(standing([head(1), CALM], { paused: new Set(['patch']) }), MANY)).toEqual([])
  })

  it.each<[string, Head[], Use, Use, number]>([
    ['only urgent ones wait and the rest of the minute is kept', heads(3), use(0, 950), later(0, 0), NOW + 10_000],
    ['one waits for which it is kept', [...heads(3), CALM], use(0, 950), later(0, 0), 0],
    ['only urgent ones wait and the rest of the second is kept', heads(3), use(46, 46), later(0, 0), NOW + 100],
    ['the minute is full for all', [...heads(3), CALM], use(0, 1_000), later(0, 0), NOW + 10_000],
  ])('tells when to look again, where %s', (_, waiting, all, kept, at) => {
    expect(roomAt(standing(waiting, { used: [all, kept] }))).toBe(at)
  })

  it.each([
    ['one card', 1],
    ['two cards', 2],
    ['more cards than there are places for', 200],
  ])(
    'over minutes of a crowd of urgent redraws beside %s that many move, each has its part and every window is kept',
    (_, calm) => {
      const { calls, order, gaps } = pour(1_000, calm)
      expect(Math.max(...windows(calls, 1_000))).toBeLessThanOrEqual(47)
      expect(Math.max(...windows(calls, 60_000))).toBeLessThanOrEqual(1_000)
      expect(order).toEqual([...order].sort((a, b) => a - b))
      // two minutes of what is not kept
      expect(order.length).toBeGreaterThanOrEqual(2 * 880)
      expect(Math.max(...gaps)).toBeLessThanOrEqual(Math.max(calm / 2, 1) * 1_000 + 400)
    },
  )
})

/** Lets urgent redraws arrive for two minutes beside cards that always want to be drawn anew, and looks again every 100 ms. */
function pour(urgent: number, calm: number) {
  const calls: Array<{ atMs: number; lane: string }> = []
  const calmly = () => calls.filter(({ lane }) => lane)
  const waiting = heads(urgent, { priority: NOTICE })
  const [last, gaps, order] = [new Map<string, number>(), [] as number[], [] as number[]]
  let next = urgent + 1
  for (let atMs = NOW; atMs < NOW + 120_000; atMs += 100) {
    while (waiting.length < urgent) waiting.push(head(next++, { priority: NOTICE }))
    const cards = Array.from({ length: calm }, (_, i) => head(100_000 + i, { lane: `calm:${i}`, priority: LATER }))
    // who has waited longest comes first
    cards.sort((a, b) => (last.get(a.lane) ?? 0) - (last.get(b.lane) ?? 0))
    const used = [
      use(since(calls, atMs, 1_000), since(calls, atMs, 60_000)),
      later(since(calmly(), atMs, 1_000), since(calmly(), atMs, 60_000)),
    ]
    const lanes = new Map(cards.map(({ lane }) => [lane, atMs - (last.get(lane) ?? 0) < 1_000 ? 1 : 0]))
    for (const id of allowed(standing([...waiting, ...cards], { used, lanes }), 20)) {
      const lane = cards.find(one => one.id === id)?.lane
      calls.push({ atMs, lane: lane ?? '' })
      if (lane) {
        gaps.push(atMs - (last.get(lane) ?? atMs))
        last.set(lane, atMs)
      } else {
        order.push(id)
        waiting.splice(
          waiting.findIndex(one => one.id === id),
          1,
        )
      }
    }
  }
  return { gaps, calls, order }
}

const since = (calls: Array<{ atMs: number }>, nowMs: number, window: number): number =>
  calls.filter(({ atMs }) => atMs > nowMs - window).length

const windows = (calls: Array<{ atMs: number }>, window: number): number[] =>
  calls.map(({ atMs }) => calls.filter(other => other.atMs <= atMs && other.atMs > atMs - window).length)
