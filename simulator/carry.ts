import { strikes } from './faults.ts'
import type { Outcome } from './post.ts'
import type { Delivery } from './protocol.ts'
import { attempt, type Parcel } from './wire.ts'
import type { World } from './world.ts'

/** One attempt of an event on a line that may be slow, and may lose what goes there or what comes back. */
export async function carry(world: World, delivery: Delivery, parcel: Parcel): Promise<Outcome> {
  const { event_delay_ms, event_lost, event_answer_lost } = world.faults
  const { chance } = world.settings
  if (event_delay_ms > 0) await new Promise(done => setTimeout(done, event_delay_ms).unref())
  if (strikes(event_lost, chance)) return lost(delivery, parcel)
  const outcome = await attempt(world, delivery, parcel)
  return strikes(event_answer_lost, chance) ? unheard(delivery, outcome) : outcome
}

function lost(delivery: Delivery, { body, plain, headers }: Parcel): Outcome {
  delivery.attempts.push({ at: Date.now(), ms: 0, status: null, error: 'lost on the way', body, plain, headers })
  return { status: null, text: '', ms: 0, error: 'unreachable' }
}

/** The bot did its work and answered; whoever sent hears nothing of it. */
function unheard(delivery: Delivery, outcome: Outcome): Outcome {
  Object.assign(delivery.attempts.at(-1) ?? {}, { status: null, error: 'answer lost' })
  return { ...outcome, status: null, error: 'timeout' }
}
