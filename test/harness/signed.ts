import { createCipheriv, createHash, randomBytes } from 'node:crypto'
import { KEYS } from './office.ts'

/** The tenant of the demo office. */
export const TENANT = '12f0c4623086b6e9'

/** An envelope of schema 2.0 as the platform fills it in. */
export interface Envelope {
  schema: '2.0'
  header: {
    event_id: string
    event_type: string
    create_time: string
    token: string
    app_id: string
    tenant_key: string
  }
  event: unknown
}

export const hexId = (prefix = ''): string => prefix + randomBytes(16).toString('hex')

export function envelopeOf(event_type: string, event: unknown, header: Partial<Envelope['header']> = {}): Envelope {
  return {
    schema: '2.0',
    header: {
      event_id: hexId(),
      event_type,
      create_time: String(Date.now()),
      token: KEYS.verificationToken,
      app_id: KEYS.appId,
      tenant_key: TENANT,
      ...header,
    },
    event,
  }
}

export interface Spoken {
  who: string
  chat: string
  /** The text; or, with `content`, any content at all. */
  text?: string
  content?: string
  type?: string
  group?: boolean
  message?: string
  sender?: string
  mentions?: unknown[]
  parent?: string
}

/** im.message.receive_v1 */
export function spoken(
  { who, chat, text = '', content, type = 'text', group, message, sender = 'user', mentions, parent }: Spoken,
  header: Partial<Envelope['header']> = {},
): Envelope {
  return envelopeOf(
    'im.message.receive_v1',
    {
      sender: { sender_id: { union_id: 'on_x', open_id: who }, sender_type: sender, tenant_key: TENANT },
      message: {
        message_id: message ?? hexId('om_'),
        ...(parent ? { parent_id: parent, root_id: parent } : {}),
        create_time: String(Date.now()),
        chat_id: chat,
        chat_type: group ? 'group' : 'p2p',
        message_type: type,
        content: content ?? JSON.stringify({ text }),
        ...(mentions ? { mentions } : {}),
      },
    },
    header,
  )
}

export interface Pressed {
  who: string
  chat: string
  message: string
  value?: unknown
  form?: unknown
}

/** card.action.trigger */
export function pressed({ who, chat, message, value, form }: Pressed, header: Partial<Envelope['header']> = {}) {
  return envelopeOf(
    'card.action.trigger',
    {
      operator: { tenant_key: TENANT, open_id: who, union_id: 'on_x' },
      token: hexId('c-'),
      action: { tag: 'button', value, ...(form === undefined ? {} : { form_value: form, name: 'x' }) },
      host: 'im_message',
      context: { open_message_id: message, open_chat_id: chat },
    },
    { create_time: `${Date.now()}000`, ...header },
  )
}

/** The bytes of one delivery and what vouches for them. */
export interface Parcel {
  body: string
  headers: Record<string, string>
}

export interface Sealing {
  encryptKey?: string
  /** Signed with another key than it is encrypted with. */
  signKey?: string
  /** When it was signed, in ms. */
  at?: number
}

/** Encrypts and signs; a string is taken as the clear bytes themselves. */
export function seal(content: unknown, { encryptKey = KEYS.encryptKey, signKey, at }: Sealing = {}): Parcel {
  const clear = typeof content === 'string' ? content : foreignJson(content)
  return signed(foreignJson({ encrypt: encrypted(clear, encryptKey) }), { signKey: signKey ?? encryptKey, at })
}

/** Any bytes under a signature. */
export function signed(
  body: string,
  { signKey = KEYS.encryptKey, at = Date.now() }: { signKey?: string; at?: number | undefined } = {},
): Parcel {
  const timestamp = String(Math.floor(at / 1_000))
  const nonce = randomBytes(6).toString('hex')
  const signature = createHash('sha256')
    .update(timestamp + nonce + signKey)
    .update(body)
    .digest('hex')
  return {
    body,
    headers: {
      'content-type': 'application/json; charset=utf-8',
      'x-lark-request-timestamp': timestamp,
      'x-lark-request-nonce': nonce,
      'x-lark-signature': signature,
    },
  }
}

export function encrypted(clear: string, encryptKey: string = KEYS.encryptKey): string {
  const iv = randomBytes(16)
  const cipher = createCipheriv('aes-256-cbc', createHash('sha256').update(encryptKey).digest(), iv)
  return Buffer.concat([iv, cipher.update(clear, 'utf8'), cipher.final()]).toString('base64')
}

/** JSON as no JSON.stringify writes it: spaces after colons and commas, slashes escaped, a line break at the end. */
export function foreignJson(value: unknown): string {
  const write = (one: unknown): string => {
    if (Array.isArray(one)) return `[${one.map(write).join(', ')}]`
    if (typeof one === 'object' && one !== null)
      return `{${Object.entries(one)
        .filter(([, field]) => field !== undefined)
        .map(([name, field]) => `${JSON.stringify(name)} : ${write(field)}`)
        .join(', ')}}`
    return JSON.stringify(one ?? null).replaceAll('/', '\\/')
  }
  return `${write(value)}\n`
}

export interface Reply {
  status: number
  text: string
  ms: number
}

/** Hands a delivery in at the front door. */
export async function handIn(botUrl: string, { body, headers }: Parcel, path = '/feishu/events'): Promise<Reply> {
  const started = performance.now()
  const answer = await fetch(botUrl + path, { method: 'POST', headers, body })
  const text = await answer.text()
  return { status: answer.status, text, ms: performance.now() - started }
}
