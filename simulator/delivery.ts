import { carry } from './carry.ts'
import { newDeliveryId, newEventId } from './ids.ts'
import type { Delivery } from './protocol.ts'
import type { PendingPush } from './state.ts'
import { type Parcel, parcel, wayTo } from './wire.ts'
import { nowOf, type World } from './world.ts'

const RETRY_AFTER_MS = [15_000, 5 * 60_000, 3_600_000, 6 * 3_600_000]
const OUT_OF_ORDER_MS = 300

/** How long it is from the first attempt to the last, so fast, apart from what the attempts themselves take. */
export const attemptsMs = (retrySpeed: number): number => RETRY_AFTER_MS.reduce((sum, ms) => sum + ms, 0) / retrySpeed

/** Sends an event now and again until it is answered with 200, at most 4 times more. Answers the delivery at once. */
export function push(world: World, event_type: string, event: unknown, header: Record<string, unknown> = {}): Delivery {
  const event_id = typeof header.event_id === 'string' ? header.event_id : newEventId()
  const create_time = String(nowOf(world))
  const waiting: PendingPush = { event_id, event_type, create_time, event, header, tried: 0, next_at: 0 }
  const delivery = send(world, waiting)
  if (world.faults.new_event_id) setTimeout(send, 50, world, { ...waiting, event_id: newEventId() }).unref()
  return delivery
}

/** After a restart: go on with what was not acknowledged. */
export function resumePending(world: World) {
  const left = [...world.state.pending.values()]
  world.state.pending.clear()
  for (const waiting of left) send(world, waiting, Math.max(0, waiting.next_at - Date.now()))
}

/** What is redelivered of a message recalled meanwhile has no content any more. */
export function blankPending(world: World, message_id: string) {
  for (const { event } of world.state.pending.values()) {
    const message = (event as { message?: { message_id?: string; content?: string } }).message
    if (message?.message_id === message_id) message.content = ''
  }
}

function send(world: World, waiting: PendingPush, wait_ms = disorder(world)): Delivery {
  const delivery = world.deliveries.add({
    id: newDeliveryId(),
    event_id: waiting.event_id,
    event_type: waiting.event_type,
    url: wayTo(world, '/feishu/events'),
    attempts: [],
    state: 'pending',
  })
  world.state.pending.set(delivery.id, waiting)
  world.store.touch()
  void keepTrying(world, waiting, delivery, wait_ms)
  return delivery
}

/** With the fault on, every second event comes late, after its successor. */
function disorder(world: World): number {
  return world.faults.out_of_order && world.deliveries.added() % 2 === 0 ? OUT_OF_ORDER_MS : 0
}

async function keepTrying(world: World, waiting: PendingPush, delivery: Delivery, wait_ms: number) {
  let first: Parcel | undefined
  await pause(wait_ms)
  while (!world.closed && delivery.state === 'pending') {
    delivery.url = wayTo(world, '/feishu/events')
    const same = first?.way === delivery.url && !world.faults.resign
    const again = first && same ? first : parcel(world, bodyOf(world, waiting), delivery.url)
    first ??= again
    const accepted = await accepts(world, delivery, again)
    if (accepted) delivery.state = 'done'
    if (accepted || waiting.tried >= RETRY_AFTER_MS.length) break
    await waitForRetry(world, waiting, delivery)
  }
  if (!world.closed) settle(world, delivery)
}

async function waitForRetry(world: World, waiting: PendingPush, delivery: Delivery) {
  const wait = (RETRY_AFTER_MS[waiting.tried] ?? 0) / world.settings.retrySpeed
  waiting.tried += 1
  waiting.next_at = Date.now() + wait
  delivery.next_at = waiting.next_at
  world.store.touch()
  await pause(wait)
  delete delivery.next_at
}

function settle(world: World, delivery: Delivery) {
  if (delivery.state === 'pending') delivery.state = 'given-up'
  world.state.pending.delete(delivery.id)
  world.store.touch()
}

/** The first answer counts; the copies that the fault asks for go out at the same time. */
async function accepts(world: World, delivery: Delivery, content: Parcel): Promise<boolean> {
  const copies = delivery.attempts.length === 0 ? world.faults.duplicate : 0
  const [outcome] = await Promise.all(Array.from({ length: copies + 1 }, () => carry(world, delivery, content)))
  return outcome?.status === 200
}

/** Legacy events, which still come in the envelope of schema 1.0. */
const OLD_EVENTS = new Set(['p2p_chat_create', 'approval_instance'])

const bodyOf = (world: World, waiting: PendingPush) =>
  OLD_EVENTS.has(waiting.event_type) ? oldEnvelope(world, waiting) : envelope(world, waiting)

const oldEnvelope = ({ settings }: World, { event_id, event_type, create_time, event }: PendingPush) => ({
  ts: (Number(create_time) / 1000).toFixed(6),
  uuid: event_id,
  token: settings.verificationToken,
  type: 'event_callback',
  event: { ...(event as object), type: event_type, app_id: settings.appId, tenant_key: settings.office.tenant.key },
})

/** The header is made at each attempt: token and keys may have changed with a restart. */
const envelope = ({ settings }: World, { event_id, event_type, create_time, header, event }: PendingPush) => ({
  schema: '2.0',
  header: {
    event_id,
    event_type,
    create_time,
    token: settings.verificationToken,
    app_id: settings.appId,
    tenant_key: settings.office.tenant.key,
    ...header,
    ...(header.event_id !== undefined && { event_id }),
  },
  event,
})

/** Does not keep the program alive: a redelivery in six hours is no reason to stay. */
const pause = (ms: number) => new Promise<void>(done => (ms > 0 ? setTimeout(done, ms).unref() : done()))
