import type { Gauge as Reading, TrafficAnswer } from './dev-protocol.ts'
import type { LimitsAnswer } from './protocol.ts'

/** One rule: at most `max` accepted calls within any `ms` (a strict sliding window). */
export interface Rule {
  ms: number
  max: number
}

const API_RULES: Rule[] = [
  { ms: 1000, max: 50 },
  { ms: 60_000, max: 1000 },
]
const FIVE_PER_SECOND: Rule[] = [{ ms: 1000, max: 5 }]

/** Undefined when accepted, else the rule that refused and how long until it would not. */
export interface Refusal {
  rule: Rule
  wait_ms: number
}

export interface Limits {
  api(name: string, enforced: boolean, rules?: Rule[]): Refusal | undefined
  /** A chat (people and groups are counted by their chat) or a message. */
  target(name: string, enforced: boolean): Refusal | undefined
  /** Any other thing, so many a second. */
  rate(name: string, per_second: number, enforced: boolean): Refusal | undefined
  seen(): LimitsAnswer
  /** As they stand now. */
  live(): TrafficAnswer['limits']
}

export function makeLimits(now: () => number = () => performance.now()): Limits {
  const apis = new Map<string, Gauge>()
  const targets = new Map<string, Gauge>()
  return {
    api: (name, enforced, rules = API_RULES) => take(gaugeOf(apis, name, rules), rules, enforced, now()),
    target: (name, enforced) => take(gaugeOf(targets, name, FIVE_PER_SECOND), FIVE_PER_SECOND, enforced, now()),
    rate: (name, max, enforced) => {
      const rules = [{ ms: 1000, max }]
      return take(gaugeOf(targets, name, rules), rules, enforced, now())
    },
    seen: () => ({
      apis: [...apis].map(([api, { peak_1s, peak_60s, refused }]) => ({ api, peak_1s, peak_60s, refused })),
      targets: [...targets].map(([target, { peak_1s, refused }]) => ({ target, peak_1s, refused })),
    }),
    live: () => ({ apis: readings(apis, now()), targets: readings(targets, now()) }),
  }
}

const readings = (gauges: Map<string, Gauge>, now: number): Reading[] =>
  [...gauges].map(([of, gauge]) => {
    const { stamps: _, head: __, max_60s, ...rest } = gauge
    const now_1s = within(gauge, now - 1000)
    const now_60s = within(gauge, now - 60_000)
    return { of, now_1s, now_60s, ...rest, ...(max_60s && { max_60s }) }
  })

interface Gauge {
  /** Times of accepted calls in the last minute, oldest first, from `head` on. */
  stamps: number[]
  head: number
  peak_1s: number
  peak_60s: number
  refused: number
  max_1s: number
  max_60s: number | undefined
}

function gaugeOf(gauges: Map<string, Gauge>, name: string, rules: Rule[]): Gauge {
  const known = gauges.get(name)
  if (known) return known
  const max = (ms: number) => rules.find(rule => rule.ms === ms)?.max
  const of_rules = { max_1s: max(1000) ?? 0, max_60s: max(60_000) }
  const fresh: Gauge = { stamps: [], head: 0, peak_1s: 0, peak_60s: 0, refused: 0, ...of_rules }
  gauges.set(name, fresh)
  return fresh
}

function take(gauge: Gauge, rules: Rule[], enforced: boolean, now: number): Refusal | undefined {
  forget(gauge, now - 60_000)
  if (enforced) {
    for (const rule of rules) {
      if (within(gauge, now - rule.ms) < rule.max) continue
      gauge.refused += 1
      return { rule, wait_ms: freeAt(gauge, rule) - now }
    }
  }
  gauge.stamps.push(now)
  gauge.peak_1s = Math.max(gauge.peak_1s, within(gauge, now - 1000))
  gauge.peak_60s = Math.max(gauge.peak_60s, within(gauge, now - 60_000))
  return undefined
}

function forget(gauge: Gauge, until: number) {
  while ((gauge.stamps[gauge.head] ?? Number.POSITIVE_INFINITY) <= until) gauge.head += 1
  if (gauge.head < 4096) return
  gauge.stamps.splice(0, gauge.head)
  gauge.head = 0
}

/** How many accepted calls are younger than `since`, by binary search. */
function within(gauge: Gauge, since: number): number {
  let low = gauge.head
  let high = gauge.stamps.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((gauge.stamps[middle] ?? 0) <= since) low = middle + 1
    else high = middle
  }
  return gauge.stamps.length - low
}

const freeAt = (gauge: Gauge, rule: Rule) => (gauge.stamps[gauge.stamps.length - rule.max] ?? 0) + rule.ms
