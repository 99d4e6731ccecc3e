import { newDeliveryId } from './ids.ts'
import { eventPatience, type Outcome, type Patience, post } from './post.ts'
import type { Delivery } from './protocol.ts'
import { encrypt, foreignJson, signatureHeaders } from './signing.ts'
import type { World } from './world.ts'

/** The bytes of one attempt and their headers. */
export interface Parcel {
  body: string
  headers: Record<string, string>
  /** What the body says before it is encrypted. */
  plain: string
}

/** Without an encrypt key the body is plain and there is nothing to sign with. */
export function parcel(world: World, content: object): Parcel {
  const write = world.faults.foreign_json ? foreignJson : JSON.stringify
  const key = world.settings.encryptKey
  const plain = write(content)
  const body = key ? write({ encrypt: encrypt(plain, key) }) : plain
  return { body, headers: key ? signatureHeaders(body, key) : {}, plain }
}

const ANSWER_KEPT = 20_000

/** Sends a parcel and writes the attempt down. */
export async function attempt(
  delivery: Delivery,
  { body, headers, plain }: Parcel,
  patience = eventPatience,
): Promise<Outcome> {
  const entry: Delivery['attempts'][number] = { at: Date.now(), ms: 0, status: null, body, plain, headers }
  delivery.attempts.push(entry)
  const outcome = await post(delivery.url, body, headers, patience)
  const { ms, status, error, text } = outcome
  Object.assign(entry, { ms, status, answer: text.slice(0, ANSWER_KEPT), ...(error && { error }) })
  return outcome
}

/** One synchronous push, as card callbacks and challenges are: never repeated. */
export async function ask(
  world: World,
  path: string,
  event_type: string,
  envelope: object,
  patience: Patience = eventPatience,
) {
  const header = (envelope as { header?: { event_id?: string } }).header
  const url = world.settings.botUrl && world.settings.botUrl + path
  const delivery = world.deliveries.add({
    id: newDeliveryId(),
    event_id: header?.event_id ?? '',
    event_type,
    url,
    attempts: [],
    state: 'pending',
  })
  const { headers, ...content } = parcel(world, envelope)
  const signed = event_type === 'url_verification' ? {} : headers
  const outcome = await attempt(delivery, { ...content, headers: signed }, patience)
  delivery.state = outcome.status === 200 ? 'done' : 'given-up'
  return outcome
}
