import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { TrafficAnswer } from '../simulator/dev-protocol.ts'
import { CONTROL, DATA, writeFrame } from '../simulator/line/frame.ts'
import type { Delivery, Faults, TransportAnswer } from '../simulator/protocol.ts'
import { startSimulator } from '../simulator/server.ts'
import { restMs } from '../src/feishu/line.ts'
import { type Bot, openBot } from '../src/node/bot.ts'
import { createDatabase, dropDatabase, hasPostgres } from './harness/databases.ts'
import { Demo } from './harness/demo.ts'
import { holding, isWaited } from './harness/locks.ts'
import { connected, feishuOf, KEYS, shortRest, TestOffice, type TestPerson } from './harness/office.ts'
import { freePort, Program } from './harness/program.ts'
import { botOn, secondBot } from './harness/second.ts'
import { envelopeOf, foreignJson, hexId, spoken } from './harness/signed.ts'
import { count, emptied, saidTimes, traces, until } from './harness/traces.ts'

/** A title that occurs nowhere else, and in which nothing reads like a time. */
let nth = 0
const unique = (what: string): string =>
  what + Array.from(String(100 + nth++), digit => 'qrstuvwxyz'[Number(digit)]).join('')

const given = (office: TestOffice, title: string) => count(office.database.db, `assignments where title = '${title}'`)
const connections = async (office: TestOffice) => (await office.get<TransportAnswer>('/sim/transport')).connections
const statuses = ({ attempts }: Delivery) => attempts.map(({ status }) => status)

async function metric(office: TestOffice, name: string): Promise<number> {
  const text = await (await fetch(`${office.botUrl}/metrics`)).text()
  const line = text.split('\n').find(one => one.startsWith(`${name} `))
  return Number(line?.slice(name.length + 1) ?? 0)
}

const readiness = async (port: number) => {
  const answer = await fetch(`http://127.0.0.1:${port}/readyz`)
  return { status: answer.status, ...((await answer.json()) as { ready: boolean; reason?: string }) }
}

describe('the long connection', () => {
  let office: TestOffice
  let wang: TestPerson
  let zheng: TestPerson
  let chat_id: string
  beforeAll(async () => {
    office = await TestOffice.open({ transport: 'websocket', speed: 5_000 })
    wang = office.person('王强')
    zheng = office.person('郑洁')
    chat_id = await wang.privateChat()
    await zheng.privateChat()
  })
  afterEach(async () => {
    await office.send('DELETE', '/sim/faults', {})
    await connected(office.sim, 1)
  })
  afterAll(() => office.close())

  /** Without opening the chat first, which would be an event of its own. */
  const say = async (text: string): Promise<void> => {
    await office.send('POST', '/sim/messages', { as: wang.id, chat_id, text })
    await office.settled()
  }
  /** One by itself: all of them together are as long as the longest, of which there are 8 MB. */
  const delivered = (id: string) => office.get<Delivery>(`/sim/deliveries/${id}`)
  const latest = async (type: string): Promise<Delivery> => {
    const { deliveries } = await office.get<TrafficAnswer>('/sim/traffic')
    const found = deliveries.find(one => one.event_type === type)
    if (!found) throw new Error(`nothing of the type ${type} was delivered`)
    return delivered(found.id)
  }
  /** Delivers something that nobody of the office did; ends when it was answered or given up. */
  const deliver = async ({ header, event }: ReturnType<typeof spoken>): Promise<Delivery> => {
    const { event_type, ...rest } = header
    const { id } = await office.send<Delivery>('POST', '/sim/events', { event_type, event, header: rest })
    await office.settled()
    return delivered(id)
  }

  it('takes what is said, acknowledges it and answers; no address of the bot is used', async () => {
    const title = unique('浇花')
    await say(`/交办 @郑洁 ${title}`)
    expect(await latest('im.message.receive_v1')).toMatchObject({
      url: 'websocket',
      state: 'done',
      attempts: [{ status: 200 }],
    })
    expect((await zheng.seesCard()).card).toMatchObject({ title: '交办 · 待签收' })
    expect((await zheng.seesCard()).card.text).toContain(title)
  })

  it('has no address to hand anything in at', async () => {
    for (const path of ['/feishu/events', '/feishu/cards'])
      expect((await fetch(office.botUrl + path, { method: 'POST', body: '{}' })).status).toBe(404)
  })

  it('answers a press with its toast and the new card, in the acknowledgement', async () => {
    await say(`/交办 @郑洁 ${unique('擦窗')}`)
    const card = await zheng.seesCard()
    const before = (await office.calls()).at(-1)?.n ?? 0
    expect(await zheng.presses('签收', { on: card })).toEqual({ toast: { type: 'success', content: '已签收' } })
    expect((await zheng.seesCard()).card.title).toBe('交办 · 办理中')
    expect(await latest('card.action.trigger')).toMatchObject({ url: 'websocket', attempts: [{ status: 200 }] })
    const patches = (await office.calls()).filter(({ n, method }) => n > before && method === 'PATCH')
    expect(patches.filter(({ path }) => path.endsWith(card.message_id))).toEqual([])
  })

  it('a press that is refused is told so', async () => {
    await say(`/交办 @郑洁 ${unique('修灯')}`)
    const answer = await wang.forges('签收', await zheng.seesCard())
    expect(answer.toast).toMatchObject({ type: 'error' })
  })

  it('what is redelivered because its acknowledgement was lost has its effect once', async () => {
    await office.faults({ line_lost_acks: { next: 1 } })
    const title = unique('取报')
    await say(`/交办 @郑洁 ${title}`)
    expect(statuses(await latest('im.message.receive_v1'))).toEqual([null, 200])
    await emptied(office)
    expect(await given(office, title)).toBe(1)
    expect(saidTimes(office, title)).toBe(2)
  })

  it('what was under way when the connection was cut off comes again over the next one, and has its effect once', async () => {
    await office.faults({ line_drops: { next: 1 } })
    const title = unique('送报')
    await say(`/交办 @郑洁 ${title}`)
    const delivery = await latest('im.message.receive_v1')
    expect(delivery.attempts[0]).toMatchObject({ status: null, error: 'broken off' })
    expect(delivery.state).toBe('done')
    await emptied(office)
    expect(await given(office, title)).toBe(1)
    expect(saidTimes(office, title)).toBe(2)
  })

  it('comes back by itself when Feishu closes it, as often as that happens, and tells of it', async () => {
    const opened = await metric(office, 'huiyin_connections_total{what="opened"}')
    for (const again of [1, 2]) {
      const [old] = await connections(office)
      await office.send('POST', '/sim/transport/drop', {})
      await until(async () => (await connections(office)).some(({ id }) => id !== old?.id))
      await until(async () => (await metric(office, 'huiyin_connections_total{what="opened"}')) === opened + again)
    }
    expect(await metric(office, 'huiyin_connection_up')).toBe(1)
    expect(await readiness(office.bot.port)).toEqual({ status: 200, ready: true })
    await say('/帮助')
    expect((await wang.seesCard()).card.title).toBe('回音 · 帮助')
  })

  it.each<[string, Partial<Faults>]>([
    ['refuses with a code of which the SDK gives up', { line_endpoint: 514 }],
    ['is busy', { line_endpoint: 1 }],
    ['has an internal error', { line_endpoint: 1000040343 }],
    ['answers with a page', { line_endpoint: 502 }],
    ['has too many connections', { line_limit: 0 }],
    ['hands out addresses that do not work', { line_handshakes: { next: 1_000 } }],
  ])('keeps trying while the endpoint %s', async (_, fault) => {
    const refused = await metric(office, 'huiyin_connections_total{what="refused"}')
    await office.faults(fault)
    await office.send('POST', '/sim/transport/drop', {})
    await until(async () => (await metric(office, 'huiyin_connections_total{what="refused"}')) >= refused + 2)
    expect(await metric(office, 'huiyin_connection_up')).toBe(0)
    await office.send('DELETE', '/sim/faults', {})
    await connected(office.sim, 1)
    await say('/帮助')
    expect((await latest('im.message.receive_v1')).state).toBe('done')
  })

  it('notices that a connection still stands but carries nothing', async () => {
    await office.faults({ line_ping_s: 6 })
    const [old] = await connections(office)
    await office.send('POST', '/sim/transport/drop', {})
    await until(async () => (await connections(office)).some(({ id, pings }) => id !== old?.id && pings > 0))
    const [deaf] = await connections(office)
    await office.faults({ line_deaf: true })
    await until(async () => (await connections(office)).every(({ id }) => id !== deaf?.id), 25_000)
    await office.faults({ line_deaf: false })
    await say('/帮助')
    expect((await latest('im.message.receive_v1')).state).toBe('done')
    expect(office.log.some(line => line.includes('no pong came'))).toBe(true)
  })

  it('puts together what comes in pieces, in whatever order', async () => {
    await office.faults({ line_chunk_bytes: 100 })
    const [one, two] = [unique('整理会议室的桌椅和音响设备'), unique('核对全年的车辆使用登记簿')]
    await say(`/交办 @郑洁 ${one}`)
    await office.faults({ out_of_order: true })
    await say(`/交办 @郑洁 ${two}`)
    expect([await given(office, one), await given(office, two)]).toEqual([1, 1])
  })

  it('survives what is no frame', async () => {
    await office.faults({ line_garbage: { next: 3 } })
    for (let i = 0; i < 3; i++) await say('/帮助')
    expect(await connections(office)).toHaveLength(1)
    expect(office.log.some(line => line.includes('a frame was not readable'))).toBe(true)
  })

  /** What a frame may be that nobody should send: `Frame` with a payload as text. */
  const frameOf = (payload: string, headers: Record<string, string> = {}, method = DATA): Buffer =>
    writeFrame({
      ...{ seq_id: 1n, log_id: 1n, service: 1, method, payload: Buffer.from(payload) },
      headers: { type: 'event', message_id: hexId(''), sum: '1', seq: '0', ...headers },
    })
  const bare = { seq_id: 1n, log_id: 1n, service: 1, payload: Buffer.from('{}') }
  const whole = frameOf('{}')
  const words = () =>
    foreignJson(spoken({ who: wang.id, chat: chat_id, text: '/交办 @郑洁 搬家' }, { app_id: 'cli_ffffffffffffffff' }))

  it.each<[string, () => Buffer[]]>([
    ['nothing', () => [Buffer.alloc(0)]],
    ['noise', () => [Buffer.alloc(64, 0xff), Buffer.alloc(64, 0x00), Buffer.from('GET / HTTP/1.1')]],
    ['frames cut off anywhere', () => Array.from({ length: whole.length }, (_, i) => whole.subarray(0, i))],
    ['a length beyond the frame', () => [Buffer.from([0x42, 0xff, 0xff, 0xff, 0xff, 0x7f])]],
    ['groups, which are out of use', () => [Buffer.from([0x0b, 0x0b, 0x0b, 0x0c])]],
    ['groups in groups without end', () => [Buffer.alloc(200_000, 0x0b)]],
    ['no headers', () => [0, 1, 2, -1].map(method => writeFrame({ ...bare, method, headers: {} }))],
    ['kinds that nobody knows', () => [2, 99, -1].map(method => frameOf('{}', {}, method))],
    ['types that nobody knows', () => ['card', 'ping', 'x', '__proto__', ''].map(type => frameOf('{}', { type }))],
    ['headers that are words of the language', () => [frameOf('{}', { ['__proto__']: 'x', constructor: 'y' })]],
    [
      'parts of an impossible number',
      () => ['0', '-1', '1.5', 'NaN', '', '1e99', '4294967296', 'x'].map(sum => frameOf('{}', { sum })),
    ],
    ['parts out of place', () => ['-1', '1', '7', 'x', ''].map(seq => frameOf('{}', { seq }))],
    ['parts that disagree', () => ['3', '2', '9'].map(sum => frameOf('{}', { sum, message_id: 'same' }))],
    [
      'parts that are never completed',
      () => Array.from({ length: 500 }, () => frameOf('x'.repeat(2_000), { sum: '9' })),
    ],
    ['what is no JSON', () => ['', '{"a":', 'x', '\ufffd', '{"schema":"2.0"'].map(one => frameOf(one))],
    [
      'JSON of no shape',
      () => ['null', '5', '[]', '"x"', '{}', '{"schema":"2.0","header":null}'].map(one => frameOf(one)),
    ],
    ['brackets in brackets', () => [frameOf('['.repeat(20_000) + ']'.repeat(20_000)), frameOf('{"a":'.repeat(20_000))]],
    ['very much of nothing', () => [frameOf(' '.repeat(8_000_000)), frameOf(`{"x":"${'x'.repeat(8_000_000)}"}`)]],
    ["another app's", () => [frameOf(words())]],
    ['pongs of no shape', () => ['', 'x', 'null', '[]', '{'].map(one => frameOf(one, { type: 'pong' }, CONTROL))],
  ])('B11 lives through %s, and answers what comes next', async (_, frames) => {
    const [stands] = await connections(office)
    const before = await traces(office)
    for (const frame of frames()) await office.send('POST', '/sim/transport/hurl', { data: frame.toString('base64') })
    expect(await traces(office)).toEqual(before)
    await say('/帮助')
    expect(await latest('im.message.receive_v1')).toMatchObject({ state: 'done', attempts: [{ status: 200 }] })
    expect((await connections(office)).map(({ id }) => id)).toEqual([stands?.id])
    const failed = office.log.filter(line => line.includes('"level":"error"'))
    expect(failed).toEqual([])
  })

  it('B12 a message of 8 MB, which no platform sends, is taken by nobody', async () => {
    const before = await traces(office)
    const event = spoken({ who: wang.id, chat: chat_id, text: `/意见 ${'长'.repeat(2_700_000)}` })
    expect(new Set(statuses(await deliver(event)))).toEqual(new Set([500]))
    expect(await traces(office)).toEqual(before)
    await say('/帮助')
    expect((await latest('im.message.receive_v1')).state).toBe('done')
  }, 120_000)

  it('refuses what is not meant for us and what is of no shape, without effect, and lives', async () => {
    const words = { who: wang.id, chat: chat_id, text: '/交办 @郑洁 搬家' }
    const before = await traces(office)
    const deliveries = await Promise.all([
      deliver(spoken(words, { tenant_key: 'another0tenant00' })),
      deliver(spoken(words, { app_id: 'cli_ffffffffffffffff' })),
      deliver(envelopeOf('im.message.receive_v1', { message: { message_id: hexId('om_') } })),
      deliver(envelopeOf('im.message.receive_v1', 'im')),
    ])
    for (const delivery of deliveries) expect(new Set(statuses(delivery))).toEqual(new Set([500]))
    expect(await traces(office)).toEqual(before)
    await say('/帮助')
    expect((await latest('im.message.receive_v1')).state).toBe('done')
  })

  it('moves with the clock', async () => {
    await office.moveTo('2026-11-25T09:00:00+08:00')
    const title = unique('备茶')
    await say(`/交办 @郑洁 今天下班前${title}`)
    expect((await zheng.seesCard()).card.text).toContain('11月25日')
    await zheng.presses('签收')
    expect((await zheng.seesCard()).card.title).toBe('交办 · 办理中')
  })

  it('has put neither the secret nor a ticket into its log, nor what people said', () => {
    const log = office.log.join('\n')
    expect(log).toContain('long connection stands')
    expect(log).toContain('POST /callback/ws/endpoint'.split(' ')[1])
    expect(log).not.toContain(KEYS.appSecret)
    expect(log).not.toMatch(/ticket|wss?:|浇花|\/帮助/)
  })
})

describe('a long connection that is not to be had', () => {
  let office: TestOffice
  let bot: Bot
  const log: string[] = []
  beforeAll(async () => {
    office = await TestOffice.open({ transport: 'websocket' })
    bot = await openBot({
      config: { admins: [], officeHours: '08:30-12:00,14:30-17:30', logLevel: 'debug', host: '127.0.0.1', port: 0 },
      feishu: { ...feishuOf(office.sim, 'websocket'), appSecret: 'not-the-secret-of-the-app' },
      database: office.database,
      clock: office.clock,
      write: line => log.push(line),
      rest: shortRest,
    })
  })
  afterAll(async () => {
    await bot.stop()
    await office.close()
  })

  it('the bot is alive, says why it is not ready, and keeps trying', async () => {
    expect(await readiness(bot.port)).toMatchObject({ status: 503, reason: expect.stringContaining('being opened') })
    bot.connect()
    await until(() => log.filter(line => line.includes('long connection not to be had')).length >= 3)
    expect(await readiness(bot.port)).toEqual({
      status: 503,
      ready: false,
      reason: 'the long connection has not stood yet: the app id or the secret is wrong (code 514)',
    })
    expect((await fetch(`http://127.0.0.1:${bot.port}/healthz`)).status).toBe(200)
    expect(log.join('\n')).not.toContain('not-the-secret-of-the-app')
  })
})

describe('a long connection that is gone', () => {
  let office: TestOffice
  let bot: Bot
  let ahead = 0
  beforeAll(async () => {
    office = await TestOffice.open()
    const clock = { now: office.clock.now, wire: () => Date.now() + ahead }
    bot = await botOn(office, office.database, clock, 'websocket')
    await connected(office.sim, 1)
  })
  afterAll(async () => {
    await bot.stop()
    await office.close()
  })

  it('leaves the bot ready for a minute, in which it should be back; then /readyz says since when and why', async () => {
    await office.faults({ line_endpoint: 1 })
    await office.send('POST', '/sim/transport/drop', {})
    await until(() => office.log.some(line => line.includes('the platform is busy')))
    expect((await readiness(bot.port)).status).toBe(200)
    ahead = 61_000
    expect(await readiness(bot.port)).toEqual({
      status: 503,
      ready: false,
      reason: expect.stringMatching(/^the long connection is down for 6\d s: the platform is busy \(code 1\)$/),
    })
    await office.faults({ line_endpoint: 0 })
    await connected(office.sim, 1)
    await until(async () => (await readiness(bot.port)).status === 200)
  })
})

describe('the pauses between attempts', () => {
  it('begin at half a second, double up to a minute or two, and differ by chance', () => {
    expect(restMs(0, 1)).toBe(0)
    const [least, most] = [0, 1].map(chance => Array.from({ length: 12 }, (_, i) => restMs(i + 1, chance)))
    expect(least?.slice(0, 4)).toEqual([500, 1_000, 2_000, 4_000])
    expect(least?.at(-1)).toBe(60_000)
    expect(most).toEqual(least?.map(ms => 2 * ms))
  })
})

describe.runIf(hasPostgres)('the long connection, with turns that take long', () => {
  let office: TestOffice
  let wang: TestPerson
  beforeAll(async () => {
    office = await TestOffice.open({ kind: 'Postgres', transport: 'websocket', speed: 2_000 })
    wang = office.person('王强')
    await office.person('郑洁').privateChat()
  })
  afterAll(() => office.close())

  /** Holds up whoever gives or moves a matter. */
  const held = (meanwhile: (letGo: () => void) => Promise<void>) =>
    holding(office.database, 'lock table assignments in access exclusive mode', meanwhile)
  const lastSaid = async () =>
    (await office.deliveries()).filter(one => one.event_type === 'im.message.receive_v1').at(-1)

  it('an event that is not kept in time is not acknowledged, comes again and has its effect once', async () => {
    const title = unique('慢活')
    const chat_id = await wang.privateChat()
    await held(async () => {
      await office.send('POST', '/sim/messages', { as: wang.id, chat_id, text: `/交办 @郑洁 ${title}` })
      await isWaited(office.database)
      await until(async () => (await lastSaid())?.attempts[0]?.status === 500)
    })
    await office.settled()
    await emptied(office)
    const delivery = await lastSaid()
    expect(delivery && statuses(delivery)).toEqual([500, 200])
    expect(await given(office, title)).toBe(1)
    expect(saidTimes(office, title)).toBe(2)
  })

  it('a press that takes too long is told so, and the card is drawn afterwards', async () => {
    const zheng = office.person('郑洁')
    await wang.says(`/交办 @郑洁 ${unique('慢按')}`)
    const { message_id, card } = await zheng.seesCard()
    const button = card.buttons.find(one => one.label === '签收')
    if (!button) throw new Error('no button')
    await held(async () => {
      expect((await zheng.clicks(message_id, button)).toast).toEqual({
        type: 'warning',
        content: '处理时间较长,请稍后查看结果',
      })
    })
    await until(async () => (await zheng.seesCard()).card.title === '交办 · 办理中')
  })

  it('a bot that is stopped finishes the turns in hand, acknowledges them, and only then closes', async () => {
    const title = unique('收尾')
    const chat_id = await wang.privateChat()
    await held(async letGo => {
      await office.send('POST', '/sim/messages', { as: wang.id, chat_id, text: `/交办 @郑洁 ${title}` })
      await isWaited(office.database)
      setTimeout(letGo, 1_000)
      await office.bot.stop()
    })
    await until(async () => (await connections(office)).length === 0)
    const delivery = await lastSaid()
    expect(delivery && statuses(delivery)).toEqual([200])
    expect(await given(office, title)).toBe(1)
    const next = await botOn(office, office.database, office.clock, 'websocket')
    await connected(office.sim, 1)
    next.drainer.wake()
    await emptied(office)
    expect(saidTimes(office, title)).toBe(2)
    await next.stop()
  })
})

describe.runIf(hasPostgres)('the long connection, with two bots on one Postgres', () => {
  let office: TestOffice
  let second: Awaited<ReturnType<typeof secondBot>>
  beforeAll(async () => {
    office = await TestOffice.open({ kind: 'Postgres', transport: 'websocket', speed: 2_000 })
    second = await secondBot(office, 'websocket')
    await connected(office.sim, 2)
  })
  afterAll(async () => {
    await second.close()
    await office.close()
  })

  it('each event is taken by one of them, a copy by either, and has its effect once', async () => {
    const wang = office.person('王强')
    const chat_id = await wang.privateChat()
    await office.person('郑洁').privateChat()
    await office.faults({ duplicate: 2 })
    const titles = Array.from({ length: 12 }, () => unique('双份'))
    await Promise.all(
      titles.map(title => office.send('POST', '/sim/messages', { as: wang.id, chat_id, text: `/交办 @郑洁 ${title}` })),
    )
    await office.settled()
    await emptied(office, 25_000)
    expect(titles.map(title => saidTimes(office, title))).toEqual(titles.map(() => 2))
    expect(await Promise.all(titles.map(title => given(office, title)))).toEqual(titles.map(() => 1))
    for (const { sent } of await connections(office)) expect(sent).toBeGreaterThan(0)
  })

  it('when one is stopped the other takes everything', async () => {
    await office.faults({ duplicate: 0 })
    await second.bot.stop()
    await connected(office.sim, 1)
    const wang = office.person('王强')
    for (let i = 0; i < 5; i++) await wang.says('/帮助')
    const said = (await office.deliveries()).filter(one => one.event_type === 'im.message.receive_v1').slice(-5)
    expect(said.map(statuses)).toEqual(said.map(() => [200]))
  })
})

describe.runIf(hasPostgres)('the program, over the long connection', () => {
  it('starts with nothing but the app, is ready once it is connected, and ends with code 0', async () => {
    const sim = await startSimulator({
      ...{ port: 0, host: '127.0.0.1', botUrl: 'http://127.0.0.1:1', ...KEYS },
      transport: 'websocket',
    })
    const url = await createDatabase()
    const program = new Program(sim, await freePort(), {
      ...{ FEISHU_TRANSPORT: 'websocket', FEISHU_ENCRYPT_KEY: '', FEISHU_VERIFICATION_TOKEN: '' },
      DATABASE_URL: url,
    })
    await program.start()
    await connected(sim, 1)
    program.kill('SIGTERM')
    expect(await program.ended(), program.err).toBe(0)
    await connected(sim, 0)
    expect(program.out).not.toContain(KEYS.appSecret)
    await sim.close()
    await dropDatabase(url)
  })
})

describe('the demo, over the long connection', () => {
  let demo: Demo
  beforeAll(async () => {
    demo = await Demo.open({ FEISHU_TRANSPORT: 'websocket' })
  }, 240_000)
  afterAll(() => demo.close())

  it('needs no other setting than the transport, and its administrator sets it up', async () => {
    const seen = async (path: string) => (await fetch(demo.url + path)).json()
    const deliveries = async () => (await seen('/sim/deliveries')) as Delivery[]
    await until(async () => (await deliveries()).filter(({ state }) => state === 'done').length >= 3)
    expect(new Set((await deliveries()).map(({ url }) => url))).toEqual(new Set(['websocket']))
    expect(((await seen('/sim/transport')) as TransportAnswer).connections).toHaveLength(1)
  })
})
