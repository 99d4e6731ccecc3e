/** A secret as it may be kept: its SHA-256 in hex. */
export async function digest(secret: string): Promise<string> {
  const bytes = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(secret))
  return Array.from(new Uint8Array(bytes), byte => byte.toString(16).padStart(2, '0')).join('')
}

/** Without letters and digits that are mistaken for each other. */
const ALPHABET = 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789'

/** A one-time code that can be read out and typed: 12 signs, 60 bits. */
export function oneTimeCode(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(12)), byte => ALPHABET.charAt(byte % ALPHABET.length)).join(
    '',
  )
}
