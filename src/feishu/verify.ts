import { z } from 'zod'
import type { FeishuConfig } from '../config.ts'
import type { Cause, Kind } from '../kit/arrivals.ts'
import { joinBytes } from '../kit/bytes.ts'
import { isObject, parseJson } from './json.ts'

/** The three headers that vouch for the bytes of a delivery. */
export interface Seal {
  timestamp: string | undefined
  nonce: string | undefined
  signature: string | undefined
}

export type Opened =
  | { kind: 'challenge'; challenge: string }
  | { kind: 'delivery'; envelope: Envelope }
  /** Answered alike whatever was wrong, so that nobody learns from the difference. */
  | { kind: 'refused'; why: string; genuine?: Genuine | undefined }

/** What makes a refusal worth telling of: it looks like Feishu's. `kind` undefined: it could not be read. */
interface Genuine {
  cause: Cause
  kind: Kind | undefined
}

/** Feishu's envelope of schema 2.0, or what the older one holds brought into the same shape. */
export interface Envelope {
  id: string
  type: string
  appId: string
  tenant: string
  event: unknown
}

const MINUTE = 60_000
const TIMESTAMP = /^\d{9,14}$/
/** Callbacks are never redelivered; an event's last redelivery comes 7 h 5 min after the first, perhaps with its first signature. */
export const WINDOWS = { callback: 5 * MINUTE, event: 8 * 60 * MINUTE, ahead: 5 * MINUTE }
const PRESS = 'card.action.trigger'
const CALLBACKS = new Set([PRESS, 'url.preview.get'])

const challengeSchema = z.object({
  type: z.literal('url_verification'),
  challenge: z.string().max(1_000),
  token: z.string(),
})
/** An id is kept as a key: NUL could not be. */
const printable = z.string().regex(/^[\x21-\x7e]{1,200}$/)
const envelopeSchema = z.object({
  schema: z.literal('2.0'),
  header: z.object({
    event_id: printable,
    event_type: printable,
    token: z.string(),
    app_id: z.string(),
    tenant_key: z.string(),
  }),
  event: z.unknown(),
})
const olderSchema = z.object({
  uuid: printable,
  token: z.string(),
  event: z.looseObject({ type: z.string().max(200), app_id: z.string(), tenant_key: z.string() }),
})

type Bytes = Uint8Array<ArrayBuffer>

const utf8 = new TextDecoder()
const bytesOf = new TextEncoder()

/** What opens a delivery. A door may bring its runtime's own, where that is quicker than Web Crypto, which is everywhere. */
export interface Ciphers {
  /** Undefined for what is no Base64. */
  base64(text: string): Bytes | undefined
  /** Of all parts, one after another. */
  sha256(...parts: Bytes[]): Promise<Bytes> | Bytes
  /** Undoes AES-256-CBC under one key; fails when it cannot be. */
  opener(key: Bytes): (iv: Bytes, sealed: Bytes) => Promise<Bytes> | Bytes
}

export const webCiphers: Ciphers = {
  base64: base64Bytes,
  sha256: async (...parts) => new Uint8Array(await crypto.subtle.digest('SHA-256', joinBytes(parts))),
  opener(bytes) {
    const key = crypto.subtle.importKey('raw', bytes, 'AES-CBC', false, ['decrypt'])
    return async (iv, sealed) => new Uint8Array(await crypto.subtle.decrypt({ name: 'AES-CBC', iv }, await key, sealed))
  },
}

/** Instants, in real milliseconds, by any of which a delivery may be fresh. */
export type Nows = readonly number[]

/** Opens deliveries for one app. The key is derived once. */
export function createVerifier(
  config: Pick<FeishuConfig, 'appId' | 'encryptKey' | 'verificationToken'>,
  ciphers: Ciphers = webCiphers,
) {
  const opener = config.encryptKey ? openerOf(config.encryptKey, ciphers) : undefined

  return async function open(raw: Bytes, seal: Seal, nows: Nows): Promise<Opened> {
    const outer = parseJson(utf8.decode(raw))
    if (!isObject(outer)) return refused('not a JSON object')
    const encrypted = typeof outer.encrypt === 'string' ? outer.encrypt : undefined
    if (!encrypted) return plainDelivery(outer, config, Boolean(opener))
    if (!opener) return refused('encrypted without a key of ours')
    const signed = await isSigned(raw, seal, config.encryptKey, ciphers)
    const sealed = ciphers.base64(encrypted)
    const inner = parseJson((await decrypt(sealed, await opener)) ?? '')
    if (!isObject(inner))
      return refused(
        'not readable',
        isSealed(sealed) && bearsSeal(seal) ? { cause: 'key', kind: undefined } : undefined,
      )
    if (!signed) return challengeOf(inner, config)
    return deliveryOf(inner, config, age(seal.timestamp, nows))
  }
}

/** Without an Encrypt Key only the token vouches; with one, nothing in the clear is believed but a challenge, which does nothing. */
function plainDelivery(
  outer: Record<string, unknown>,
  config: Pick<FeishuConfig, 'appId' | 'verificationToken'>,
  sealed: boolean,
): Opened {
  if (outer.type === 'url_verification' || sealed) return challengeOf(outer, config)
  return deliveryOf(outer, config, { least: 0, most: 0 })
}

function challengeOf(body: unknown, { verificationToken }: Pick<FeishuConfig, 'verificationToken'>): Opened {
  const read = challengeSchema.safeParse(body)
  if (!read.success || !sameText(read.data.token, verificationToken))
    return refused('not signed, and no challenge of ours', unsealed(body, verificationToken))
  return { kind: 'challenge', challenge: read.data.challenge }
}

/** It bears our token, which few know. */
function unsealed(body: unknown, verificationToken: string): Genuine | undefined {
  const read = readEnvelope(body)
  return read && sameText(read.token, verificationToken) ? { cause: 'seal', kind: arrivalOf(read.envelope) } : undefined
}

/** What came over a connection that we opened ourselves, with our secret: there is neither seal nor age to check. */
export function openUnsealed(body: unknown, appId: string): Exclude<Opened, { kind: 'challenge' }> {
  const read = readEnvelope(body)
  if (!read) return { kind: 'refused', why: 'no envelope' }
  if (read.envelope.appId !== appId)
    return { kind: 'refused', why: 'app', genuine: { cause: 'app', kind: arrivalOf(read.envelope) } }
  return { kind: 'delivery', envelope: read.envelope }
}

/** Callbacks are waited for by whoever caused them, and never sent again. */
export const isCallback = ({ type }: Envelope): boolean => CALLBACKS.has(type)

export const isPress = ({ type }: Envelope): boolean => type === PRESS

export const arrivalOf = (envelope: Envelope): Kind => (isPress(envelope) ? 'press' : 'event')

type Age = { least: number; most: number } | undefined

function deliveryOf(body: unknown, config: Pick<FeishuConfig, 'appId' | 'verificationToken'>, age: Age): Opened {
  const read = readEnvelope(body)
  if (!read) return refused('no envelope')
  const because = (cause: Cause): Genuine => ({ cause, kind: arrivalOf(read.envelope) })
  if (!config.verificationToken || !sameText(read.token, config.verificationToken))
    return refused('token', because('token'))
  if (read.envelope.appId !== config.appId) return refused('app', because('app'))
  const window = isCallback(read.envelope) ? WINDOWS.callback : WINDOWS.event
  if (!age || age.least > window || age.most < -WINDOWS.ahead) return refused('not fresh', because('clock'))
  return { kind: 'delivery', envelope: read.envelope }
}

function readEnvelope(body: unknown): { envelope: Envelope; token: string } | undefined {
  const current = envelopeSchema.safeParse(body)
  if (current.success) {
    const { header, event } = current.data
    return {
      token: header.token,
      envelope: {
        id: header.event_id,
        type: header.event_type,
        appId: header.app_id,
        tenant: header.tenant_key,
        event,
      },
    }
  }
  const older = olderSchema.safeParse(body)
  if (!older.success) return undefined
  const { uuid, token, event } = older.data
  return { token, envelope: { id: uuid, type: event.type, appId: event.app_id, tenant: event.tenant_key, event } }
}

/** How old a timestamp is by the clock that likes it best; seconds, or milliseconds by magnitude. */
function age(timestamp: string | undefined, nows: Nows): Age {
  if (!timestamp || !TIMESTAMP.test(timestamp)) return undefined
  const at = Number(timestamp) * (timestamp.length > 11 ? 1 : 1_000)
  const ages = nows.map(now => now - at)
  const best = ages.reduce((a, b) => (Math.abs(b) < Math.abs(a) ? b : a))
  return { least: best, most: best }
}

async function isSigned(
  raw: Bytes,
  { timestamp, nonce, signature }: Seal,
  key: string,
  ciphers: Ciphers,
): Promise<boolean> {
  if (!timestamp || !nonce || !signature) return false
  const digest = await ciphers.sha256(bytesOf.encode(timestamp + nonce + key), raw)
  return sameText(hex(digest), signature.toLowerCase())
}

/** Whether it has what Feishu puts into its headers, and the body, whatever key they were made with: few who try addresses do so. */
const bearsSeal = ({ timestamp = '', nonce, signature = '' }: Seal): boolean =>
  TIMESTAMP.test(timestamp) && Boolean(nonce) && /^[\da-f]{64}$/i.test(signature)

const isSealed = (bytes: Bytes | undefined): bytes is Bytes =>
  bytes !== undefined && bytes.length >= 32 && bytes.length % 16 === 0

async function openerOf(encryptKey: string, ciphers: Ciphers): Promise<ReturnType<Ciphers['opener']>> {
  return ciphers.opener(await ciphers.sha256(bytesOf.encode(encryptKey)))
}

async function decrypt(bytes: Bytes | undefined, opener: ReturnType<Ciphers['opener']>): Promise<string | undefined> {
  if (!isSealed(bytes)) return undefined
  const open = async () => opener(bytes.subarray(0, 16), bytes.subarray(16))
  return open().then(
    clear => utf8.decode(clear),
    () => undefined,
  )
}

/** By hand: `Uint8Array.from` with a mapping takes ten times as long, and this runs in every turn. */
function base64Bytes(text: string): Bytes | undefined {
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(text) || text.length % 4) return undefined
  const chars = atob(text)
  const bytes = new Uint8Array(chars.length)
  for (let i = 0; i < chars.length; i++) bytes[i] = chars.charCodeAt(i)
  return bytes
}

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))

function hex(bytes: Bytes): string {
  let text = ''
  for (const byte of bytes) text += HEX[byte]
  return text
}

/** Compares without telling by its time where two texts part. */
export function sameText(a: string, b: string): boolean {
  const [left, right] = [bytesOf.encode(a), bytesOf.encode(b)]
  let differs = left.length ^ right.length
  for (let i = 0; i < right.length; i++) differs |= (left[i] ?? 0) ^ (right[i] ?? 0)
  return differs === 0
}

const refused = (why: string, genuine?: Genuine): Opened => ({ kind: 'refused', why, genuine })
