import { createDecipheriv, createHash } from 'node:crypto'
import type { Context } from 'hono'
import { KEYS } from './events.ts'

/** As much of a delivery as the baselines look at. */
export interface Bare {
  header: { event_id: string; event_type: string }
  event: { message?: { message_id: string } }
}

const key = createHash('sha256').update(KEYS.encryptKey).digest()

/** The least that has to be done with a delivery: verify, decrypt, parse. Undefined: not signed. */
export async function opened(c: Context): Promise<Bare | undefined> {
  const raw = await c.req.text()
  const [timestamp, nonce] = [c.req.header('x-lark-request-timestamp'), c.req.header('x-lark-request-nonce')]
  const signature = createHash('sha256').update(`${timestamp}${nonce}${KEYS.encryptKey}${raw}`).digest('hex')
  if (signature !== c.req.header('x-lark-signature')) return undefined
  const bytes = Buffer.from((JSON.parse(raw) as { encrypt: string }).encrypt, 'base64')
  const decipher = createDecipheriv('aes-256-cbc', key, bytes.subarray(0, 16))
  return JSON.parse(decipher.update(bytes.subarray(16), undefined, 'utf8') + decipher.final('utf8'))
}
