import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sameText } from '../src/feishu/verify.ts'
import { kinds } from './harness/databases.ts'
import { KEYS, TestOffice, type TestPerson } from './harness/office.ts'
import { botOn } from './harness/second.ts'
import {
  encrypted,
  type envelopeOf,
  foreignJson,
  handIn,
  hexId,
  pressed,
  type Reply,
  type Sealing,
  seal,
  signed,
  spoken,
} from './harness/signed.ts'
import { traces } from './harness/traces.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE

describe.each(kinds)('trust A: who is speaking, on %s', kind => {
  let office: TestOffice
  let wang: TestPerson
  let chat: string
  beforeAll(async () => {
    office = await TestOffice.open({ kind })
    wang = office.person('王强')
    chat = await wang.privateChat()
  })
  afterAll(() => office.close())

  const send = (body: Parameters<typeof handIn>[1], path?: string) => handIn(office.botUrl, body, path)
  const words = () => spoken({ who: wang.id, chat, text: '/交办 @郑洁 明天下班前把投影仪修好' })

  /** What is handed in is refused and leaves nothing behind; a valid one is taken up afterwards. */
  async function withoutEffect(act: () => Promise<Reply[]>): Promise<Reply[]> {
    const before = await traces(office)
    const replies = await act()
    for (const { status } of replies) expect(status).toSatisfy((one: number) => one >= 400 && one < 500)
    expect(await traces(office)).toEqual(before)
    await wang.says('/帮助')
    expect((await wang.sees()).words).toContain('交办')
    return replies
  }

  it('a signed and encrypted delivery is taken up, in whatever style its JSON is written', async () => {
    expect((await send(seal(words()))).status).toBe(200)
    expect((await send(seal(JSON.stringify(words())), '/feishu/cards')).status).toBe(200)
    await office.settled()
    expect((await wang.seesCard()).card.title).toBe('交办 · 待签收')
  })

  it('A1 a signature made with another key is refused, whatever else is right', async () => {
    await withoutEffect(() =>
      Promise.all([
        ...Array.from({ length: 20 }, (_, i) => send(seal(words(), { signKey: `another key ${i}` }))),
        send(seal(words(), { encryptKey: 'another key altogether' })),
        send(seal(pressed({ who: wang.id, chat, message: 'om_1' }), { signKey: 'another' }), '/feishu/cards'),
      ]),
    )
  })

  it('A2 signature headers left out, one by one or all, are refused', async () => {
    const names = ['x-lark-request-timestamp', 'x-lark-request-nonce', 'x-lark-signature']
    await withoutEffect(() =>
      Promise.all(
        [...names.map(name => [name]), names].map(left => {
          const parcel = seal(words())
          for (const name of left) delete parcel.headers[name]
          return send(parcel)
        }),
      ),
    )
  })

  it('A2 an empty or half signature is refused', async () => {
    await withoutEffect(() =>
      Promise.all(
        [(one: string) => one.slice(0, 32), () => '', () => '0'.repeat(64), (one: string) => `${one}00`].map(change => {
          const parcel = seal(words())
          parcel.headers['x-lark-signature'] = change(parcel.headers['x-lark-signature'] ?? '')
          return send(parcel)
        }),
      ),
    )
  })

  it('A3 plain JSON is refused although the token is right, signed or not', async () => {
    const plain = foreignJson(words())
    await withoutEffect(() =>
      Promise.all([send({ ...signed(plain), headers: { 'content-type': 'application/json' } }), send(signed(plain))]),
    )
  })

  it('A4 ciphertext changed after signing is answered like a forged signature, whichever byte it is', async () => {
    const [forged] = await withoutEffect(async () => [await send(seal(words(), { signKey: 'another' }))])
    const replies = await withoutEffect(() =>
      Promise.all(
        Array.from({ length: 24 }, (_, i) => {
          const parcel = seal(words())
          const { encrypt } = JSON.parse(parcel.body) as { encrypt: string }
          const bytes = Buffer.from(encrypt, 'base64')
          const at = i < 12 ? bytes.length - 1 - i * 3 : (i - 12) * 3
          bytes[at] = (bytes[at] ?? 0) ^ 0x41
          return send({ ...parcel, body: foreignJson({ encrypt: bytes.toString('base64') }) })
        }),
      ),
    )
    for (const { status, text } of replies)
      expect({ status, text }).toEqual({ status: forged?.status, text: forged?.text })
  })

  it.each<[string, () => ReturnType<typeof envelopeOf>, number]>([
    [
      'a card callback signed 6 minutes ago',
      () => pressed({ who: 'ou_x', chat: 'oc_x', message: 'om_x' }),
      -6 * MINUTE,
    ],
    [
      'a card callback signed 6 minutes ahead',
      () => pressed({ who: 'ou_x', chat: 'oc_x', message: 'om_x' }),
      6 * MINUTE,
    ],
    ['an event signed 9 hours ago', () => spoken({ who: 'ou_x', chat: 'oc_x', text: '/帮助' }), -9 * HOUR],
    ['an event signed 6 minutes ahead', () => spoken({ who: 'ou_x', chat: 'oc_x', text: '/帮助' }), 6 * MINUTE],
  ])('A5 %s is refused', async (_, content, offset) => {
    await withoutEffect(async () => {
      const now = Date.now()
      // the office's own clock stands months ahead: what is fresh by neither clock is stale
      return [await send(seal(content(), { at: now + offset }))]
    })
  })

  it('A5 timestamps that are no decimal seconds are refused', async () => {
    await withoutEffect(() =>
      Promise.all(
        ['', 'now', '-1', '1e9', ' 1790000000', '99999999999999999999'].map(timestamp => {
          const parcel = seal(words())
          parcel.headers['x-lark-request-timestamp'] = timestamp
          return send(parcel)
        }),
      ),
    )
  })

  it('A5 the last redelivery of an event, 7 hours old with its first signature, is accepted and absorbed', async () => {
    const event = words()
    const first = seal(event, { at: Date.now() - 7 * HOUR - 6 * MINUTE })
    const before = await traces(office)
    expect((await send(first)).status).toBe(200)
    expect((await send(first)).status).toBe(200)
    expect((await send(seal(event))).status).toBe(200)
    expect((await traces(office)).assignments).toBe((before.assignments ?? 0) + 1)
  })

  it('A6 identical bytes replayed have their effect once and are never answered 5xx', async () => {
    const before = await traces(office)
    const parcel = seal(words())
    const replies = await Promise.all(Array.from({ length: 10 }, () => send(parcel)))
    replies.push(await send(parcel))
    for (const { status } of replies) expect(status).toBeLessThan(500)
    expect((await traces(office)).assignments).toBe((before.assignments ?? 0) + 1)
  })

  it('A7 the right key with a wrong token, app or tenant has no effect', async () => {
    const event = words()
    const changed = [
      { token: 'another token' },
      { token: '' },
      { token: KEYS.verificationToken.slice(0, -1) },
      { app_id: 'cli_ffffffffffffffff' },
      { tenant_key: 'ffffffffffffffff' },
    ]
    await withoutEffect(() =>
      Promise.all(changed.map(header => send(seal({ ...event, header: { ...event.header, ...header } })))),
    )
  })

  it('A7 an event of schema 1.0 is held to the same token, app and tenant', async () => {
    const older = {
      uuid: hexId(),
      token: KEYS.verificationToken,
      ts: '1790000000.1',
      type: 'event_callback',
      event: { type: 'approval_instance', app_id: KEYS.appId, tenant_key: 'ffffffffffffffff' },
    }
    await withoutEffect(async () => [
      await send(seal(older)),
      await send(seal({ ...older, event: { ...older.event, app_id: 'cli_ffffffffffffffff' } })),
      await send(seal({ ...older, token: 'another' })),
    ])
  })

  it('A8 the unsigned, encrypted challenge with our token is answered within a second; another token is not', async () => {
    for (const url of ['events', 'cards']) {
      const answer = await office.send<{ ok: boolean; ms: number }>('POST', '/sim/challenge', { url })
      expect(answer).toMatchObject({ ok: true, status: 200 })
      const wrong = await office.send<{ ok: boolean; status: number }>('POST', '/sim/challenge', {
        url,
        token: 'wrong',
      })
      expect(wrong).toMatchObject({ ok: false, status: 401 })
    }
  })

  it('A9 an event inside an unsigned challenge has no effect', async () => {
    const before = await traces(office)
    const challenge = { type: 'url_verification', challenge: 'c', token: KEYS.verificationToken }
    const unsigned = (content: unknown): Parameters<typeof handIn>[1] => ({
      body: foreignJson({ encrypt: encrypted(foreignJson(content)) }),
      headers: { 'content-type': 'application/json' },
    })
    const event = words()
    const replies = [
      await send(unsigned({ ...event, ...challenge })),
      await send(unsigned({ ...challenge, ...event, type: 'url_verification' })),
      await send({ body: foreignJson({ ...event, ...challenge }), headers: { 'content-type': 'application/json' } }),
      await send({
        body: foreignJson({ encrypt: encrypted(foreignJson(event)), ...challenge }),
        headers: { 'content-type': 'application/json' },
      }),
    ]
    for (const { status, text } of replies) if (status < 300) expect(JSON.parse(text)).toEqual({ challenge: 'c' })
    expect(await traces(office)).toEqual(before)
  })
})

describe('trust A: keys', () => {
  it('A7 after the keys were changed the old ones are refused', async () => {
    const office = await TestOffice.open()
    const chat = await office.person('王强').privateChat()
    const said = (keys?: Sealing) => seal(spoken({ who: office.idOf('王强'), chat, text: '/帮助' }), keys)
    const taken = said()
    expect((await handIn(office.botUrl, taken)).status).toBe(200)
    await office.settled()
    const keys = { encryptKey: 'the key after the rotation' }
    const bot = await botOn(office, office.database, office.clock, 'webhook', keys)
    const url = `http://127.0.0.1:${bot.port}`
    const before = await traces(office)
    for (const old of [taken, said()]) expect((await handIn(url, old)).status).toBe(401)
    expect(await traces(office)).toEqual(before)
    expect((await handIn(url, said(keys))).status).toBe(200)
    await bot.stop()
    await office.close()
  })

  it('A10 tokens and signatures are compared by a function that looks at every byte', () => {
    const source = readFileSync(new URL('../src/feishu/verify.ts', import.meta.url), 'utf8')
    const compare = source.slice(source.indexOf('export function sameText'))
    expect(compare).toContain('differs |=')
    expect(compare.slice(0, compare.indexOf('\n}'))).not.toMatch(/\b(break|every|some|includes)\b|return false/)
    expect(source).not.toMatch(/(signature|token|Token)\w*\s*[!=]==?\s*(?!undefined)\w/)
    expect(source.match(/sameText\(/g)?.length).toBeGreaterThanOrEqual(4)
    for (const [a, b, same] of [
      ['abc', 'abc', true],
      ['abc', 'abd', false],
      ['abc', 'ab', false],
      ['', 'a', false],
      ['a', '', false],
      ['', '', true],
    ] as const)
      expect(sameText(a, b)).toBe(same)
  })

  it('A10 an early and a late difference take the same time (Welch, |t| < 4.5)', () => {
    const right = hexId() + hexId()
    const early = `${right.startsWith('0') ? '1' : '0'}${right.slice(1)}`
    const late = `${right.slice(0, -1)}${right.endsWith('0') ? '1' : '0'}`
    // what leaks does so in every round; a busy machine only in some
    const rounds = Array.from({ length: 4 }, () =>
      Math.abs(
        welch(
          () => sameText(early, right),
          () => sameText(late, right),
        ),
      ),
    )
    expect(Math.min(...rounds)).toBeLessThan(4.5)
  })
})

/** Welch's t over interleaved samples, the slowest tenth of each left out. */
function welch(a: () => unknown, b: () => unknown): number {
  const times: [number[], number[]] = [[], []]
  for (let i = 0; i < 6_000; i++) {
    const which = Math.random() < 0.5 ? 0 : 1
    const started = performance.now()
    for (let j = 0; j < 20; j++) (which ? b : a)()
    times[which].push(performance.now() - started)
  }
  const [left, right] = times.map(some => {
    const kept = some
      .slice(500)
      .sort((x, y) => x - y)
      .slice(0, Math.floor((some.length - 500) * 0.9))
    const mean = kept.reduce((sum, one) => sum + one, 0) / kept.length
    return { mean, variance: kept.reduce((sum, one) => sum + (one - mean) ** 2, 0) / (kept.length - 1), n: kept.length }
  })
  if (!left || !right) return 0
  return (left.mean - right.mean) / Math.sqrt(left.variance / left.n + right.variance / right.n)
}
