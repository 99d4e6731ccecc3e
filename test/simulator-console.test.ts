import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Bench, button, cardOf, markdown, startBench } from '../simulator/bench/bench.ts'
import type { ClickAnswer, Console, ConsoleConfig, GapsAnswer } from '../simulator/protocol.ts'

let bench: Bench

const draft = (config: Partial<ConsoleConfig>) => bench.ask<Console>('PATCH', '/console', config)
const publish = (version?: string) => bench.ask<Console>('POST', '/console/publish', version ? { version } : {})
const write = (name: string) =>
  bench.api('POST', '/im/v1/messages?receive_id_type=open_id', {
    receive_id: bench.id(name),
    msg_type: 'text',
    content: '{"text":"一"}',
  })
const types = () => bench.bot.received.map(one => one.body.header.event_type)

describe('the developer console', () => {
  beforeAll(async () => {
    bench = await startBench()
  })
  afterAll(() => bench.close())
  beforeEach(async () => {
    await bench.ask('POST', '/reset', {})
    bench.bot.received.length = 0
  })

  it('sends only what was subscribed to, and only once the version is published', async () => {
    const chat = await bench.p2p('李静')
    await draft({ events: ['im.chat.member.user.added_v1'] })
    expect(await bench.say('李静', chat, '一')).toHaveProperty('delivery_id')
    const { body } = await publish()
    expect(body).toMatchObject({ version: '1.0.1', live: { events: ['im.chat.member.user.added_v1'] } })
    const group = bench.group('办公室工作群')
    await bench.say('李静', group, '<at id="bot"></at> 二')
    await bench.ask('POST', `/groups/${group}/members`, { as: bench.id('李静'), add: [bench.id('陈刚')] })
    await bench.pushes('im.chat.member.user.added_v1')
    expect(types().filter(type => type === 'im.message.receive_v1')).toHaveLength(1)
  })

  it('shows no input box in private where messages are not subscribed to', async () => {
    const chat = await bench.p2p('李静')
    await draft({ events: [] })
    await publish()
    const said = await bench.ask('POST', '/messages', { as: bench.id('李静'), chat_id: chat, text: '有人吗' })
    expect(said.status).toBe(403)
  })

  it('wants a version number that rises', async () => {
    expect((await publish('1.0.0')).status).toBe(400)
    expect((await publish('two')).status).toBe(400)
    expect((await publish('1.2')).body.version).toBe('1.2')
    expect((await publish()).body.version).toBe('1.2.1')
    expect((await bench.ask('PATCH', '/console', { colour: 'red' })).status).toBe(400)
  })

  it('shows 200340 for a press while card.action.trigger is not subscribed to', async () => {
    const { message_id } = (await bench.sendCard('李静', cardOf(markdown('一'), button('同意')))).data
    await draft({ callbacks: [] })
    await publish()
    const action = { tag: 'button', value: { op: '同意' } }
    const pressed = await bench.ask<ClickAnswer>('POST', '/click', { as: bench.id('李静'), message_id, action })
    expect(pressed.body.error?.code).toBe(200340)
    expect(bench.bot.received).toEqual([])
  })

  it('refuses to write to people outside the availability range: 230013', async () => {
    const [office] = [...bench.sim.state.departments.values()]
    await draft({ availability: [office?.open_department_id ?? '', bench.id('冯军')] })
    await publish()
    expect((await write('李静')).code).toBe(0)
    expect((await write('冯军')).code).toBe(0)
    expect(await write('王强')).toMatchObject({ status: 400, code: 230013 })
  })

  it('pushes a press in the menu with its key and a number of seconds, the name only with its scope', async () => {
    await bench.ask('POST', '/menu', { as: bench.id('李静'), event_key: 'todo' })
    const [push] = await bench.pushes('application.bot.menu_v6')
    expect(push?.body.event).toEqual({
      operator: { operator_name: '李静', operator_id: { open_id: bench.id('李静'), union_id: expect.any(String) } },
      event_key: 'todo',
      timestamp: expect.any(Number),
    })
    await bench.faults({ missing_scopes: ['application:application.bot.operator_name:readonly'] })
    await bench.ask('POST', '/menu', { as: bench.id('李静'), event_key: 'todo' })
    const [, nameless] = await bench.pushes('application.bot.menu_v6', 2)
    expect(nameless?.body.event.operator).not.toHaveProperty('operator_name')
  })
})

describe('what is not there', () => {
  beforeAll(async () => {
    bench = await startBench()
  })
  afterAll(() => bench.close())

  it('is answered with 404 and 99991201, counted and listed with its ids left out', async () => {
    for (const id of ['om_1f', 'om_2f'])
      expect(await bench.api('POST', `/im/v1/messages/${id}/translate`, {})).toMatchObject({
        status: 404,
        code: 99991201,
      })
    expect((await bench.api('GET', '/task/v2/tasks/e297ddff-06ca-4166-b917-4ce57cd3a7a0')).code).toBe(99991201)
    expect((await bench.api('PATCH', '/bot/v3/info', {})).code).toBe(99991201)
    const { gaps } = (await bench.ask<GapsAnswer>('GET', '/gaps')).body
    expect(gaps[0]).toMatchObject({
      method: 'POST',
      path: '/open-apis/im/v1/messages/:id/translate',
      count: 2,
      first_at: expect.any(Number),
    })
    expect(gaps.map(one => one.path)).toEqual(
      expect.arrayContaining(['/open-apis/task/v2/tasks/:id', '/open-apis/bot/v3/info']),
    )
  })
})

describe('the monthly quota of the free tier', () => {
  beforeAll(async () => {
    bench = await startBench()
  })
  afterAll(() => bench.close())

  it('is off at first; switched on, calls above it get 99991403, tokens and the directory none', async () => {
    await write('李静')
    await bench.faults({ monthly_quota: bench.sim.state.quota.used + 1 })
    expect((await write('李静')).code).toBe(0)
    expect(await write('李静')).toMatchObject({ status: 400, code: 99991403 })
    expect((await bench.api('GET', `/contact/v3/users/${bench.id('李静')}`)).code).toBe(0)
    await bench.ask('POST', '/clock', { by_ms: 32 * 24 * 3_600_000 })
    expect((await write('李静')).code).toBe(0)
    await bench.faults({ monthly_quota: null })
    expect((await write('李静')).code).toBe(0)
  })
})
