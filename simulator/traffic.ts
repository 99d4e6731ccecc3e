import type { CallLine, DeliveryLine, TrafficAnswer } from './dev-protocol.ts'
import type { ApiCall, Delivery } from './protocol.ts'
import type { World } from './world.ts'

const SHOWN = 200

/** The latest that went in and out, newest first, as far as it holds the words anywhere. */
export function trafficOf({ deliveries, calls, limits }: World, words: string): TrafficAnswer {
  return {
    deliveries: latest(deliveries.all(), words, deliveryText).map(deliveryLine),
    calls: latest(calls.since(0), words, callText).map(callLine),
    limits: limits.live(),
  }
}

function latest<Item>(items: Item[], words: string, text: (item: Item) => string): Item[] {
  const sought = words.trim().toLowerCase()
  const found: Item[] = []
  for (let at = items.length - 1; at >= 0 && found.length < SHOWN; at -= 1) {
    const item = items[at]
    if (item && (!sought || text(item).toLowerCase().includes(sought))) found.push(item)
  }
  return found
}

const deliveryText = ({ event_type, event_id, state, attempts }: Delivery) =>
  [event_type, event_id, state, ...attempts.flatMap(one => [one.status, one.error, one.plain, one.answer])].join('\n')

const callText = ({ method, path, status, code, log_id, body, answer }: ApiCall) =>
  [`${method} ${path}`, status, code, log_id, JSON.stringify(body), answer].join('\n')

function deliveryLine({ id, event_id, event_type, state, next_at, attempts }: Delivery): DeliveryLine {
  const last = attempts.at(-1)
  return {
    ...{ id, event_id, event_type, state, tries: attempts.length },
    ...(next_at && { next_at }),
    ...(last && { at: last.at, ms: last.ms, status: last.status, ...(last.error && { error: last.error }) }),
  }
}

const callLine = ({ n, at, method, path, status, code, log_id, ms }: ApiCall): CallLine => ({
  ...{ n, at, method, path, status, code, log_id },
  ...(ms !== undefined && { ms }),
})
