import { describe, expect, it } from 'vitest'
import { createKeys } from '../src/bot/keys.ts'

const bytes = (text: string) => new TextEncoder().encode(text)

describe('what is derived from the secret of the app', () => {
  const keys = createKeys('a secret')
  const others = createKeys('another secret')

  it('a text has one fingerprint, another under another secret', async () => {
    expect(await keys.fingerprint('一')).toBe(await createKeys('a secret').fingerprint('一'))
    expect(await keys.fingerprint('一')).toMatch(/^[0-9a-f]{64}$/)
    expect(await keys.fingerprint('一')).not.toBe(await keys.fingerprint('二'))
    expect(await keys.fingerprint('一')).not.toBe(await others.fingerprint('一'))
  })

  it('what was signed is recognised, and nothing else', async () => {
    const signature = await keys.sign(bytes('一'))
    expect(await keys.verify(bytes('一'), signature)).toBe(true)
    expect(await keys.verify(bytes('二'), signature)).toBe(false)
    expect(await others.verify(bytes('一'), signature)).toBe(false)
    expect(await keys.verify(bytes('一'), 'no signature!')).toBe(false)
    for (const broken of ['', 'a', 'abc']) expect(await keys.verify(bytes('一'), broken)).toBe(false)
  })

  it('anybody can verify with the public key', async () => {
    const x = await keys.publicKey()
    const open = await crypto.subtle.importKey('jwk', { kty: 'OKP', crv: 'Ed25519', x }, 'Ed25519', false, ['verify'])
    const signature = Buffer.from(await keys.sign(bytes('一')), 'base64url')
    expect(await crypto.subtle.verify('Ed25519', open, signature, bytes('一'))).toBe(true)
  })
})
