/** What is derived from the app's secret: none of it lies in the database, and none can be had from there. */
export interface Keys {
  /** The HMAC-SHA-256 of a text in hex: tells the same text again without keeping it. */
  fingerprint(text: string): Promise<string>
  /** An Ed25519 signature, base64url. */
  sign(bytes: Uint8Array<ArrayBuffer>): Promise<string>
  /** Whether a signature is ours. */
  verify(bytes: Uint8Array<ArrayBuffer>, signature: string): Promise<boolean>
  /** With which anybody can verify what was signed: 32 bytes, base64url. */
  publicKey(): Promise<string>
}

/** Another secret makes other keys: what was told or signed with the old ones is recognised no longer. */
export function createKeys(secret: string): Keys {
  // derived when first needed, then kept
  let told: Promise<CryptoKey> | undefined
  let signing: Promise<Pair> | undefined
  const pair = () => (signing ??= signingPair(secret))
  return {
    async fingerprint(text) {
      told ??= fingerprintKey(secret)
      const mac = await crypto.subtle.sign('HMAC', await told, encoder.encode(text))
      return Array.from(new Uint8Array(mac), byte => byte.toString(16).padStart(2, '0')).join('')
    },
    async sign(bytes) {
      return base64url(new Uint8Array(await crypto.subtle.sign('Ed25519', (await pair()).secret, bytes)))
    },
    async verify(bytes, signature) {
      const given = bytesOf(signature)
      return given !== undefined && crypto.subtle.verify('Ed25519', (await pair()).open, given, bytes)
    },
    async publicKey() {
      return (await pair()).shown
    },
  }
}

/** Whether a signature is that of a public key, both base64url: for whoever has no secret. */
export async function verifyWith(key: string, bytes: Uint8Array<ArrayBuffer>, signature: string): Promise<boolean> {
  const given = bytesOf(signature)
  if (bytesOf(key)?.length !== 32 || given === undefined) return false
  return crypto.subtle.verify('Ed25519', await openKey(key), given, bytes)
}

const openKey = (x: string): Promise<CryptoKey> =>
  crypto.subtle.importKey('jwk', { kty: 'OKP', crv: 'Ed25519', x }, 'Ed25519', false, ['verify'])

const encoder = new TextEncoder()

async function derive(secret: string, purpose: string): Promise<Uint8Array<ArrayBuffer>> {
  const base = await crypto.subtle.importKey('raw', encoder.encode(secret), 'HKDF', false, ['deriveBits'])
  const salted = { name: 'HKDF', hash: 'SHA-256', salt: encoder.encode('huiyin'), info: encoder.encode(purpose) }
  return new Uint8Array(await crypto.subtle.deriveBits(salted, base, 256))
}

async function fingerprintKey(secret: string): Promise<CryptoKey> {
  return crypto.subtle.importKey('raw', await derive(secret, 'fingerprint'), { name: 'HMAC', hash: 'SHA-256' }, false, [
    'sign',
  ])
}

interface Pair {
  secret: CryptoKey
  open: CryptoKey
  shown: string
}

/** What stands before the 32 bytes of an Ed25519 key in PKCS #8 (RFC 8410). */
const PKCS8 = [0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20]

async function signingPair(secret: string): Promise<Pair> {
  const packed = Uint8Array.from([...PKCS8, ...(await derive(secret, 'sign'))])
  const key = await crypto.subtle.importKey('pkcs8', packed, 'Ed25519', true, ['sign'])
  const { x = '' } = (await crypto.subtle.exportKey('jwk', key)) as { x?: string }
  return { secret: key, open: await openKey(x), shown: x }
}

const base64url = (bytes: Uint8Array): string =>
  btoa(String.fromCharCode(...bytes))
    .replace(/\+/g, '-')
    .replace(/\//g, '_')
    .replace(/=+$/, '')

function bytesOf(text: string): Uint8Array<ArrayBuffer> | undefined {
  if (!/^[\w-]+$/.test(text) || text.length % 4 === 1) return undefined
  return Uint8Array.from(atob(text.replace(/-/g, '+').replace(/_/g, '/')), sign => sign.charCodeAt(0))
}
