import { ensureP2p } from './chats.ts'
import { isAvailable } from './console.ts'
import { addMessage } from './messages.ts'
import type { Batch } from './state.ts'
import type { World } from './world.ts'

const BETWEEN_MS = 20

/** Sends a batch one person after the other, some time after the call was answered. */
export function startBatch(world: World, batch: Batch) {
  world.state.batches.set(batch.batch_id, batch)
  world.store.touch()
  setTimeout(sendNext, BETWEEN_MS, world, batch).unref()
}

/** After a restart: go on where the last run stopped. */
export function resumeBatches(world: World) {
  for (const batch of world.state.batches.values()) if (batch.left.length > 0) startBatch(world, batch)
}

function sendNext(world: World, batch: Batch) {
  const [open_id, ...left] = batch.left
  if (world.closed || open_id === undefined || world.state.batches.get(batch.batch_id) !== batch) return
  batch.left = left
  if (isAvailable(world, world.state.people.get(open_id))) batch.sent[open_id] = sendTo(world, batch, open_id)
  world.store.touch()
  setTimeout(sendNext, BETWEEN_MS, world, batch).unref()
}

/** Buttons of such a card call nobody back. */
function sendTo(world: World, { batch_id, msg_type, content, mentions }: Batch, open_id: string): string {
  const inert = msg_type === 'interactive' ? ({ inert: 'batch' } as const) : {}
  const draft = { sender: 'bot', msg_type, content, mentions, batch_id, ...inert }
  return addMessage(world, ensureP2p(world, open_id), draft).message_id
}
