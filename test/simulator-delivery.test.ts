import { createHash } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { app, type Bench, startBench, until } from '../simulator/bench/bench.ts'
import { echoChallenge, type Received } from '../simulator/bench/fake-bot.ts'
import type { ChallengeAnswer, Delivery } from '../simulator/protocol.ts'

let bench: Bench

const signatureOf = ({ headers }: Received, body: string) =>
  createHash('sha256')
    .update(String(headers['x-lark-request-timestamp']) + headers['x-lark-request-nonce'] + app.encryptKey + body)
    .digest('hex')

const anEvent = (event_type = 'im.chat.updated_v1') => ({ event_type, event: { chat_id: 'oc_1', name: '甲/乙 <丙>' } })

const sendEvent = async (event = anEvent()) => (await bench.ask<Delivery>('POST', '/events', event)).body

describe('delivery', () => {
  beforeEach(async () => {
    bench = await startBench({ speed: 2000 })
  })
  afterEach(() => bench.close())

  it('★ signs the exact bytes it sends, which are not what JSON.stringify writes', async () => {
    await sendEvent()
    const [push] = await bench.pushes('im.chat.updated_v1')
    if (!push) throw new Error('nothing came')
    expect(push.headers['x-lark-signature']).toBe(signatureOf(push, push.raw))
    const rewritten = JSON.stringify(JSON.parse(push.raw))
    expect(rewritten).not.toBe(push.raw)
    expect(signatureOf(push, rewritten)).not.toBe(push.headers['x-lark-signature'])
    expect(push.body.event).toEqual(anEvent().event)
  })

  it('writes as JSON.stringify does when the foreign style is switched off', async () => {
    await bench.faults({ foreign_json: false })
    await sendEvent()
    const [push] = await bench.pushes('im.chat.updated_v1')
    expect(JSON.stringify(JSON.parse(push?.raw ?? ''))).toBe(push?.raw)
  })

  it('encrypts each push with another IV and fills the header of schema 2.0', async () => {
    await sendEvent()
    await sendEvent()
    const [one, other] = await bench.pushes('im.chat.updated_v1', 2)
    expect(one?.raw).not.toBe(other?.raw)
    expect(one?.body).toMatchObject({ schema: '2.0', header: { token: app.verificationToken, app_id: app.appId } })
    expect(one?.body.header.create_time).toMatch(/^\d{13}$/)
    expect(one?.body.header.event_id).toMatch(/^[0-9a-f]{32}$/)
    expect(one?.path).toBe('/feishu/events')
  })

  it('sends url_verification without signature headers, encrypted, and wants the challenge within a second', async () => {
    const { body } = await bench.ask<ChallengeAnswer>('POST', '/challenge', {})
    expect(body.ok).toBe(true)
    const [push] = bench.bot.received
    expect(push?.body).toMatchObject({ type: 'url_verification', token: app.verificationToken })
    expect(JSON.parse(push?.raw ?? '')).toHaveProperty('encrypt')
    expect(push?.headers).not.toHaveProperty('x-lark-signature')
    bench.bot.answer = received => ({ ...echoChallenge(received), delay_ms: 1100 })
    expect((await bench.ask<ChallengeAnswer>('POST', '/challenge', {})).body).toMatchObject({
      ok: false,
      error: 'timeout',
    })
  })

  it('★ takes more than 3 s for a failure and tries again', async () => {
    let first = true
    bench.bot.answer = () => {
      const delay_ms = first ? 3200 : 0
      first = false
      return { delay_ms }
    }
    const delivery = await bench.delivery((await sendEvent()).id)
    expect(delivery.attempts[0]).toMatchObject({ status: null, error: 'timeout' })
    expect(delivery.attempts[0]?.ms).toBeGreaterThanOrEqual(2990)
    expect(delivery.attempts[0]?.ms).toBeLessThan(3150)
    expect(delivery.attempts[1]).toMatchObject({ status: 200 })
  })

  it('★ takes a redirect for a failure and does not follow it', async () => {
    bench.bot.answer = ({ path }) =>
      path === '/feishu/events' ? { status: 302, headers: { location: '/elsewhere' } } : {}
    const { id } = await sendEvent()
    await until(() => bench.bot.received.length >= 2, 'a second try')
    expect(bench.bot.received.every(one => one.path === '/feishu/events')).toBe(true)
    bench.bot.answer = () => ({})
    expect((await bench.delivery(id)).attempts[0]).toMatchObject({ status: 302 })
  })

  it('★ repeats a failed event four times at 15 s, 5 min, 1 h, 6 h (scaled) under the same event_id, then gives up', async () => {
    await bench.close()
    bench = await startBench({ speed: 60_000 })
    bench.bot.answer = () => ({ status: 500 })
    const delivery = await bench.delivery((await sendEvent()).id)
    expect(delivery.state).toBe('given-up')
    expect(delivery.attempts).toHaveLength(5)
    const gaps = delivery.attempts.slice(1).map((one, at) => one.at - (delivery.attempts[at]?.at ?? 0))
    const planned = [15_000, 300_000, 3_600_000, 21_600_000].map(ms => ms / 60_000)
    for (const [at, gap] of gaps.entries()) expect(gap).toBeGreaterThanOrEqual(Math.floor(planned[at] ?? 0))
    expect(gaps[3]).toBeLessThan(600)
    expect(new Set(bench.bot.received.map(one => one.body.header.event_id)).size).toBe(1)
  })

  it('signs a redelivery anew, or repeats its first bytes and headers by switch', async () => {
    bench.bot.answer = () => ({ status: 500 })
    await sendEvent()
    await until(() => bench.bot.received.length >= 2, 'a redelivery')
    const [one, other] = bench.bot.received
    expect(one?.headers['x-lark-request-nonce']).not.toBe(other?.headers['x-lark-request-nonce'])
    await bench.faults({ resign: false })
    bench.bot.received.length = 0
    await sendEvent(anEvent('again'))
    const [first, second] = await bench.pushes('again', 2)
    expect(second?.raw).toBe(first?.raw)
    expect(second?.headers['x-lark-signature']).toBe(first?.headers['x-lark-signature'])
  })

  it('sends duplicates after success, and the same message under a new event_id, by switch', async () => {
    await bench.faults({ duplicate: 2 })
    await sendEvent()
    const copies = await bench.pushes('im.chat.updated_v1', 3)
    expect(new Set(copies.map(one => one.body.header.event_id)).size).toBe(1)
    await bench.faults({ duplicate: 0, new_event_id: true })
    const { message_id } = await bench.say('刘芳', await bench.p2p('刘芳'), '你好')
    const twins = await bench.pushes('im.message.receive_v1', 2)
    expect(new Set(twins.map(one => one.body.header.event_id)).size).toBe(2)
    expect(twins.every(one => (one.body.event.message as { message_id: string }).message_id === message_id)).toBe(true)
  })

  it('lets an event overtake its predecessor by switch', async () => {
    await bench.faults({ out_of_order: true })
    const types = Array.from({ length: 4 }, (_, at) => `event-${at}`)
    await Promise.all(types.map(type => sendEvent(anEvent(type))))
    await until(() => bench.bot.received.length === 4, 'four events')
    expect(bench.bot.received.map(one => one.body.header.event_type)).not.toEqual(types)
  })

  it('delivers what the bot missed once it is back', async () => {
    bench.sim.setBotUrl('http://127.0.0.1:9')
    const { id } = await sendEvent()
    bench.sim.setBotUrl(bench.bot.url)
    const delivery = await bench.delivery(id)
    expect(delivery).toMatchObject({ state: 'done', url: `${bench.bot.url}/feishu/events` })
    expect(delivery.attempts[0]).toMatchObject({ status: null, error: 'unreachable' })
  })
})

describe('delivery in plaintext mode', () => {
  beforeEach(async () => {
    bench = await startBench({ encryptKey: '' })
  })
  afterEach(() => bench.close())

  it('sends plain bodies without any signature header, the challenge too', async () => {
    await sendEvent()
    const [push] = await bench.pushes('im.chat.updated_v1')
    expect(JSON.parse(push?.raw ?? '').schema).toBe('2.0')
    expect(Object.keys(push?.headers ?? {}).filter(name => name.startsWith('x-lark'))).toEqual([])
    expect((await bench.ask<ChallengeAnswer>('POST', '/challenge', { url: 'cards' })).body.ok).toBe(true)
    expect(JSON.parse(bench.bot.received.at(-1)?.raw ?? '')).toMatchObject({ type: 'url_verification' })
    expect(bench.bot.received.at(-1)?.path).toBe('/feishu/cards')
  })
})
