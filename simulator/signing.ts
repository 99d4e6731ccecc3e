import { createCipheriv, createHash, randomBytes } from 'node:crypto'

/** AES-256-CBC under the SHA-256 of the Encrypt Key; base64 of the random IV and the ciphertext. */
export function encrypt(plain: string, encryptKey: string): string {
  const key = createHash('sha256').update(encryptKey).digest()
  const iv = randomBytes(16)
  const cipher = createCipheriv('aes-256-cbc', key, iv)
  return Buffer.concat([iv, cipher.update(plain, 'utf8'), cipher.final()]).toString('base64')
}

/** The three headers over the exact bytes that are sent. Timestamps are real time, whatever the simulator's clock says. */
export function signatureHeaders(body: string, encryptKey: string, at = Date.now()): Record<string, string> {
  const timestamp = String(Math.floor(at / 1000))
  const nonce = randomBytes(8).toString('hex')
  const signature = createHash('sha256')
    .update(timestamp + nonce + encryptKey + body, 'utf8')
    .digest('hex')
  return {
    'x-lark-request-timestamp': timestamp,
    'x-lark-request-nonce': nonce,
    'x-lark-signature': signature,
  }
}

/** JSON as no JSON.stringify writes it: a space after the colon, escaped slashes and angle brackets. */
export function foreignJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(foreignJson).join(',')}]`
  if (typeof value === 'object' && value !== null) {
    const fields = Object.entries(value).filter(([, field]) => field !== undefined)
    return `{${fields.map(([name, field]) => `${foreignJson(name)}: ${foreignJson(field)}`).join(',')}}`
  }
  return JSON.stringify(value ?? null).replace(/[/<>&]/g, sign => foreignSigns[sign] ?? sign)
}

const foreignSigns: Record<string, string> = { '/': '\\/', '<': '\\u003c', '>': '\\u003e', '&': '\\u0026' }
