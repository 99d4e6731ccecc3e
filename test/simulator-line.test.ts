import * as lark from '@larksuiteoapi/node-sdk'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { app, type Bench, button, cardOf, startBench, until } from '../simulator/bench/bench.ts'
import { readFrame, writeFrame } from '../simulator/line/frame.ts'
import type { ClickAnswer, Delivery, TransportAnswer } from '../simulator/protocol.ts'

const silence = () => {}
const quiet = { error: silence, warn: silence, info: silence, debug: silence, trace: silence }

let bench: Bench
let clients: lark.WSClient[]

interface Heard {
  event_id: string
  event_type: string
  [field: string]: unknown
}

/** The official client, which remembers what it heard and answers as the test wants. */
async function connect(answer: (heard: Heard) => unknown = silence, appSecret = app.appSecret) {
  const heard: Heard[] = []
  const events = ['im.message.receive_v1', 'im.chat.updated_v1', 'card.action.trigger']
  const take = async (data: Heard) => {
    heard.push(data)
    return answer(data)
  }
  const dispatcher = new lark.EventDispatcher({ logger: quiet }).register(
    Object.fromEntries(events.map(name => [name, take])),
  )
  let [ready, failed] = [false, '']
  const client = new lark.WSClient({
    appId: app.appId,
    appSecret,
    domain: bench.sim.url,
    logger: quiet,
    onReady: () => {
      ready = true
    },
    onError: error => {
      failed = error.message
    },
  })
  clients.push(client)
  await client.start({ eventDispatcher: dispatcher })
  await until(() => ready || failed !== '', 'an end of the handshake')
  return { heard, failed, client }
}

const transport = async () => (await bench.ask<TransportAnswer>('GET', '/transport')).body
const choose = (way: string) => bench.ask<TransportAnswer>('POST', '/transport', { transport: way })
const sendEvent = async (name = '甲') =>
  (await bench.ask<Delivery>('POST', '/events', { event_type: 'im.chat.updated_v1', event: { chat_id: 'oc_1', name } }))
    .body

describe('the long connection, with the official client', () => {
  beforeEach(async () => {
    clients = []
    bench = await startBench({ speed: 2_000 })
  })
  afterEach(async () => {
    for (const client of clients) client.close({ force: true })
    await bench.close()
  })

  it('can be chosen in the console only while a connection stands; from then on the URL is left alone', async () => {
    expect((await choose('websocket')).status).toBe(409)
    const { heard } = await connect()
    expect((await choose('websocket')).body).toMatchObject({ transport: 'websocket', connections: [{ sent: 0 }] })
    const delivery = await bench.delivery((await sendEvent()).id)
    expect(delivery).toMatchObject({ url: 'websocket', state: 'done', attempts: [{ status: 200 }] })
    expect(heard).toMatchObject([{ event_type: 'im.chat.updated_v1', name: '甲' }])
    expect(bench.bot.received).toEqual([])
    await choose('webhook')
    await sendEvent()
    expect(bench.bot.received).toHaveLength(1)
    expect(heard).toHaveLength(1)
  })

  it('carries events in the clear, whatever Encrypt Key is set, with the header of schema 2.0', async () => {
    const { heard } = await connect()
    await choose('websocket')
    const delivery = await bench.delivery((await sendEvent()).id)
    expect(JSON.parse(delivery.attempts[0]?.body ?? '')).toMatchObject({ schema: '2.0', event: { name: '甲' } })
    expect(heard[0]).toMatchObject({ app_id: app.appId, token: app.verificationToken })
  })

  it('brings a press and takes its answer out of the acknowledgement', async () => {
    const card = cardOf({ tag: 'markdown', content: '办好了' })
    await connect(({ event_type }) =>
      event_type === 'card.action.trigger'
        ? { toast: { type: 'success', content: '已签收' }, card: { type: 'raw', data: card } }
        : undefined,
    )
    await choose('websocket')
    const sent = await bench.sendCard('李静', cardOf(button('签收')))
    const message_id = String(sent.data.message_id)
    const action = { tag: 'button', value: { op: '签收' } }
    const { body } = await bench.ask<ClickAnswer>('POST', '/click', { as: bench.id('李静'), message_id, action })
    expect(body).toEqual({ toast: { type: 'success', content: '已签收' } })
    const [shown] = await bench.messages('李静', await bench.p2p('李静'))
    expect(JSON.parse(shown?.content ?? '')).toEqual(card)
  })

  it('a handler that throws is a failed delivery: an event comes again, a press is told', async () => {
    let failures = 1
    const { heard } = await connect(() => {
      if (failures-- > 0) throw new Error('not now')
    })
    await choose('websocket')
    const { id } = await sendEvent()
    const delivery = await bench.delivery(id)
    expect(delivery.attempts.map(one => one.status)).toEqual([500, 200])
    expect(new Set(heard.map(one => one.event_id)).size).toBe(1)
    failures = 1
    const sent = await bench.sendCard('李静', cardOf(button('签收')))
    const click = { as: bench.id('李静'), message_id: sent.data.message_id, action: { tag: 'button', value: {} } }
    expect((await bench.ask<ClickAnswer>('POST', '/click', click)).body.error?.code).toBe(200671)
  })

  it('★ a large event comes in frames that are cut in the middle of characters, by switch the last one first', async () => {
    const { heard } = await connect()
    await choose('websocket')
    const name = '办'.repeat(500)
    await bench.faults({ line_chunk_bytes: 100 })
    await sendEvent(name)
    await bench.faults({ out_of_order: true })
    await bench.delivery((await sendEvent(name)).id)
    expect(heard.map(one => one.name)).toEqual([name, name])
  })

  it('★ each event goes to one of several connections by chance, never to all', async () => {
    const some = [await connect(), await connect(), await connect()]
    await choose('websocket')
    await bench.ask('POST', '/events', { event_type: 'im.chat.updated_v1', event: { name: '乙' }, count: 60 })
    await until(() => some.flatMap(one => one.heard).length >= 60, '60 events')
    expect(some.flatMap(one => one.heard)).toHaveLength(60)
    for (const { heard } of some) expect(heard.length).toBeGreaterThan(0)
  })

  it('★ an acknowledgement that is lost, or a connection cut off meanwhile, makes the event come again', async () => {
    const [one, other] = [await connect(), await connect()]
    await choose('websocket')
    await bench.faults({ line_drops: { next: 1 } })
    const cut = await bench.delivery((await sendEvent()).id)
    expect(cut.attempts).toMatchObject([{ status: null, error: 'broken off' }, { status: 200 }])
    await bench.faults({ line_lost_acks: { next: 1 } })
    const lost = await bench.delivery((await sendEvent()).id)
    expect(lost.attempts).toMatchObject([{ status: null, error: 'timeout' }, { status: 200 }])
    const ids = [...one.heard, ...other.heard].map(({ event_id }) => event_id)
    expect(ids.filter(id => id === lost.event_id)).toHaveLength(2)
  })

  it('without any connection events wait for one, and a press fails', async () => {
    const { heard, client } = await connect()
    await choose('websocket')
    client.close({ force: true })
    await until(async () => (await transport()).connections.length === 0, 'the end of the connection')
    const { id } = await sendEvent()
    const sent = await bench.sendCard('李静', cardOf(button('签收')))
    const click = { as: bench.id('李静'), message_id: sent.data.message_id, action: { tag: 'button', value: {} } }
    expect((await bench.ask<ClickAnswer>('POST', '/click', click)).body.error?.code).toBe(200342)
    const back = await connect()
    expect((await bench.delivery(id)).attempts[0]).toMatchObject({ status: null, error: 'unreachable' })
    expect([...heard, ...back.heard]).toHaveLength(1)
  })

  it('the endpoint refuses a wrong secret (514), more connections than may be (1000040350), and by switch any other code', async () => {
    expect((await connect(silence, 'another secret')).failed).toContain('code=514')
    await bench.faults({ line_limit: 1 })
    expect((await connect()).failed).toBe('')
    expect((await connect()).failed).toContain('code=1000040350')
    await bench.faults({ line_limit: 50, line_endpoint: 403 })
    expect((await connect()).failed).toContain('code=403')
    const calls = await (await fetch(`${bench.sim.url}/sim/calls`)).text()
    expect(calls).toContain('/callback/ws/endpoint')
    expect(calls).not.toContain(app.appSecret)
  })

  it('an address lets in once', async () => {
    const asked = await fetch(`${bench.sim.url}/callback/ws/endpoint`, {
      method: 'POST',
      body: JSON.stringify({ AppID: app.appId, AppSecret: app.appSecret }),
    })
    const { data } = (await asked.json()) as { data: { URL: string; ClientConfig: Record<string, number> } }
    expect(data.ClientConfig).toEqual({
      PingInterval: 120,
      ReconnectCount: -1,
      ReconnectInterval: 120,
      ReconnectNonce: 30,
    })
    const first = new WebSocket(data.URL)
    await new Promise(opened => first.addEventListener('open', opened))
    const second = new WebSocket(data.URL)
    await new Promise(refused => second.addEventListener('error', refused))
    expect((await transport()).connections).toHaveLength(1)
    first.close()
  })

  it('is pinged as often as the endpoint told; who does not ping is cut off, and anybody by the desk', async () => {
    await bench.faults({ line_ping_s: 0.1 })
    await connect()
    const mute = new WebSocket(await address())
    await new Promise(opened => mute.addEventListener('open', opened))
    await until(async () => (await transport()).connections.some(one => one.pings >= 5), 'five pings')
    expect((await transport()).connections).toHaveLength(1)
    expect((await bench.ask('POST', '/transport/drop', {})).body).toEqual({ dropped: 1 })
    expect((await transport()).connections).toEqual([])
  })
})

async function address(): Promise<string> {
  const asked = await fetch(`${bench.sim.url}/callback/ws/endpoint`, {
    method: 'POST',
    body: JSON.stringify({ AppID: app.appId, AppSecret: app.appSecret }),
  })
  return ((await asked.json()) as { data: { URL: string } }).data.URL
}

describe('a frame', () => {
  const frame = {
    seq_id: 7n,
    log_id: 2n ** 64n - 1n,
    service: 33_554_678,
    method: 1,
    headers: { type: 'event', message_id: '甲' },
    payload: Buffer.from('{"a":"乙"}'),
  }

  it('is read as it was written', () => expect(readFrame(writeFrame(frame))).toEqual(frame))

  it.each([
    ['cut off', writeFrame(frame).subarray(0, 30)],
    ['a number without an end', Buffer.alloc(12, 0xff)],
    ['another kind of field', Buffer.from([0x0d, 1, 2, 3, 4])],
  ])('%s is none', (_, bytes) => expect(() => readFrame(bytes)).toThrow(RangeError))
})
