import { createHash } from 'node:crypto'

/**
 * A secret as it may be kept: its SHA-256 in hex. At once and in place, and on Workers too: Web Crypto hands each to another thread,
 * which costs several times the work itself.
 */
export const digest = (secret: string): string => createHash('sha256').update(secret).digest('hex')

/** Without letters and digits that are mistaken for each other. */
const ALPHABET = 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789'

/** A one-time code that can be read out and typed: 12 signs, 60 bits. */
export function oneTimeCode(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(12)), byte => ALPHABET.charAt(byte % ALPHABET.length)).join(
    '',
  )
}
