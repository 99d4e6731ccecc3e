import { newDeliveryId } from './ids.ts'
import { eventPatience, type Outcome, type Patience, post } from './post.ts'
import type { Delivery } from './protocol.ts'
import { encrypt, foreignJson, signatureHeaders } from './signing.ts'
import type { World } from './world.ts'

/** The bytes of one attempt and their headers, made for one way: a URL, or 'websocket'. */
export interface Parcel {
  way: string
  body: string
  headers: Record<string, string>
  /** What the body says before it is encrypted. */
  plain: string
}

/** Without an encrypt key, and over a long connection, the body is plain and there is nothing to sign with. */
export function parcel(world: World, content: object, way: string): Parcel {
  const write = world.faults.foreign_json ? foreignJson : JSON.stringify
  const key = way === 'websocket' ? '' : world.settings.encryptKey
  const plain = write(content)
  const body = key ? write({ encrypt: encrypt(plain, key) }) : plain
  return { way, body, headers: key ? signatureHeaders(body, key, world.settings.wire?.()) : {}, plain }
}

/** As the console is set: the URL of that path, or whatever long connection there is. */
export const wayTo = (world: World, path: string): string =>
  world.settings.transport === 'websocket' ? 'websocket' : urlOf(world, path)

const urlOf = ({ settings }: World, path: string) => settings.botUrl && settings.botUrl + path

const ANSWER_KEPT = 20_000

/** Sends a parcel and writes the attempt down. */
export async function attempt(
  world: World,
  delivery: Delivery,
  { way, body, headers, plain }: Parcel,
  patience = eventPatience,
): Promise<Outcome> {
  const entry: Delivery['attempts'][number] = { at: Date.now(), ms: 0, status: null, body, plain, headers }
  delivery.attempts.push(entry)
  const outcome = await (way === 'websocket' ? world.lines.send(body, patience) : post(way, body, headers, patience))
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
  const challenge = event_type === 'url_verification'
  const url = challenge ? urlOf(world, path) : wayTo(world, path)
  const delivery = world.deliveries.add({
    id: newDeliveryId(),
    event_id: header?.event_id ?? '',
    event_type,
    url,
    attempts: [],
    state: 'pending',
  })
  const content = parcel(world, envelope, url)
  const outcome = await attempt(world, delivery, challenge ? { ...content, headers: {} } : content, patience)
  delivery.state = outcome.status === 200 ? 'done' : 'given-up'
  return outcome
}
