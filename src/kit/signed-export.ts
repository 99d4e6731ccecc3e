/** The files of a signed export of audit records. */
export const FILES = {
  records: 'records.jsonl',
  manifest: 'manifest.json',
  signature: 'signature.txt',
  key: 'public-key.pem',
} as const

/** One record of an export: its place in the chain, what was hashed, and the same in words. */
export interface ExportedRecord {
  seq: number
  /** The hash of the entry before, in hex. */
  previous: string
  hash: string
  /** The event's fields as a JSON array, see `canonical`. */
  text: string
  /** Time, person, act, object and result in words, for a reader. */
  words: Record<string, string>
}

/** What is signed: who had what made when, how many records, and the digest of their lines. */
export interface Manifest {
  made: string
  by: string
  asked: string
  records: number
  /** Up to which entry of the chain: the head when it was ordered. */
  upTo: number
  /** How many such records had waited for their entry for over a minute by then: they are not in it. */
  unsealed: number
  /** SHA-256 over each line after the other: of the digest so far, a line break and the line. */
  digest: string
  /** The chain's head when it was made. */
  head: { seq: number; hash: string; signature: string }
  app: string
}

/** Where the digest of lines begins. */
export const NO_LINES = '0'.repeat(64)

/** What stands before the 32 bytes of an Ed25519 key in SubjectPublicKeyInfo (RFC 8410). */
const SPKI = [0x30, 0x2a, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 3, 0x21, 0]
const SPKI_BASE64 = btoa(String.fromCharCode(...SPKI))

const standard = (base64url: string): string => {
  const text = base64url.replace(/-/g, '+').replace(/_/g, '/')
  return text.padEnd(Math.ceil(text.length / 4) * 4, '=')
}

/** A key of 32 bytes, base64url, as other programs read it. The head has 12 bytes, so that the two follow without a break. */
export const pemOf = (key: string): string =>
  `-----BEGIN PUBLIC KEY-----\n${SPKI_BASE64}${standard(key)}\n-----END PUBLIC KEY-----\n`

/** The key of a PEM file, base64url; undefined when it is none of Ed25519. */
export function keyIn(pem: string): string | undefined {
  const body = /-----BEGIN PUBLIC KEY-----([A-Za-z0-9+/=\s]+)-----END PUBLIC KEY-----/.exec(pem)?.[1]
  const text = body?.replace(/\s/g, '')
  return text?.startsWith(SPKI_BASE64) ? urlSafe(text.slice(SPKI_BASE64.length)) : undefined
}

const urlSafe = (base64: string): string => base64.replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '')

/** A signature, base64url, as `base64 -d` reads it; and back. */
export const signatureText = (signature: string): string => `${standard(signature)}\n`
export const signatureIn = (text: string): string => urlSafe(text.trim())
