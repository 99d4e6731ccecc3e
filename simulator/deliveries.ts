import type { Delivery } from './protocol.ts'

/** The last pushes of the simulator to the bot, for GET /sim/deliveries. */
export interface DeliveryBook {
  add(delivery: Delivery): Delivery
  get(id: string): Delivery | undefined
  all(): Delivery[]
  /** How many were ever added. */
  added(): number
  /** Those added or attempted after this one; unknown or empty id: all kept. */
  since(id: string): Delivery[]
  giveUp(id: string): void
}

const KEPT = 5000

export function makeDeliveryBook(): DeliveryBook {
  const kept = new Map<string, Delivery>()
  let added = 0
  return {
    add(delivery) {
      added += 1
      kept.set(delivery.id, delivery)
      const oldest = kept.keys().next().value
      if (kept.size > KEPT && oldest !== undefined) kept.delete(oldest)
      return delivery
    },
    get: id => kept.get(id),
    all: () => [...kept.values()],
    added: () => added,
    since(id) {
      const all = [...kept.values()]
      return all.slice(all.findIndex(one => one.id === id) + 1)
    },
    giveUp(id) {
      const known = kept.get(id)
      if (known?.state === 'pending') known.state = 'given-up'
    },
  }
}
