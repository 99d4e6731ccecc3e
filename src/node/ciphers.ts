import { createDecipheriv, createHash } from 'node:crypto'
import type { Ciphers } from '../feishu/verify.ts'

/** At once and in place: Web Crypto on Node hands each kilobyte to another thread, which costs more than the work itself. */
export const nodeCiphers: Ciphers = {
  sha256: bytes => new Uint8Array(createHash('sha256').update(bytes).digest()),
  opener: key => (iv, sealed) => {
    const decipher = createDecipheriv('aes-256-cbc', key, iv)
    return new Uint8Array(Buffer.concat([decipher.update(sealed), decipher.final()]))
  },
}
