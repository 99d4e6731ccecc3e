import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Bench, button, cardOf, markdown, startBench, until } from '../simulator/bench/bench.ts'
import type { Answering } from '../simulator/bench/fake-bot.ts'
import type { ClickAnswer } from '../simulator/protocol.ts'

let bench: Bench
let message_id: string

const card = cardOf(markdown('请批示'), button('同意', { op: 'agree', id: '42' }))
const raw = (data: unknown) => ({ card: { type: 'raw', data } })
const answering =
  (body: unknown): Answering =>
  ({ path }) =>
    path === '/feishu/cards' ? { body } : {}

const press = async (name = '李静', action: object = { tag: 'button', value: { op: 'agree', id: '42' } }) =>
  (await bench.ask<ClickAnswer>('POST', '/click', { as: bench.id(name), message_id, action })).body

const update = (token: unknown, data: unknown = cardOf(markdown('已更新'))) =>
  bench.api('POST', '/interactive/v1/card/update', { token, card: data })

const shown = () => JSON.parse(bench.sim.state.messages.get(message_id)?.content ?? '{}').body?.elements[0]?.content

describe('clicks', () => {
  beforeEach(async () => {
    bench = await startBench()
    const content = { receive_id: bench.group('办公室工作群'), msg_type: 'interactive', content: JSON.stringify(card) }
    message_id = String((await bench.api('POST', '/im/v1/messages?receive_id_type=chat_id', content)).data.message_id)
  })
  afterEach(() => bench.close())

  it('★ sends card.action.trigger as Feishu does, its create_time in microseconds', async () => {
    expect(await press()).toEqual({})
    const [push] = await bench.pushes('card.action.trigger')
    expect(push?.path).toBe('/feishu/cards')
    expect(push?.headers).toHaveProperty('x-lark-signature')
    expect(push?.body.header.create_time).toMatch(/^\d{16}$/)
    expect(push?.body.event).toEqual({
      operator: { tenant_key: expect.any(String), union_id: expect.stringMatching(/^on_/), open_id: bench.id('李静') },
      token: expect.stringMatching(/^c-[0-9a-f]{32}$/),
      action: { tag: 'button', value: { op: 'agree', id: '42' } },
      host: 'im_message',
      context: { open_message_id: message_id, open_chat_id: bench.group('办公室工作群') },
    })
  })

  it('★ applies a raw card of the answer for all viewers and shows its toast in Chinese', async () => {
    const toast = { type: 'success', content: 'Done', i18n: { zh_cn: '已同意', en_us: 'Done' } }
    bench.bot.answer = answering({ toast, ...raw(cardOf(markdown('张明 已同意'))) })
    expect(await press()).toEqual({ toast: { type: 'success', content: '已同意' } })
    expect(shown()).toBe('张明 已同意')
  })

  it('applies a published template with its variables', async () => {
    await bench.ask('POST', '/templates', { template_id: 'AAq1', card: cardOf(markdown(`\${who} 已办结`)) })
    bench.bot.answer = answering({
      card: { type: 'template', data: { template_id: 'AAq1', template_variable: { who: '王强' } } },
    })
    expect(await press()).toEqual({})
    expect(shown()).toBe('王强 已办结')
  })

  it.each([
    ['a toast of unknown type', { toast: { type: 'good', content: '一' } }, 200672],
    ['a card that is a string', { card: { type: 'raw', data: JSON.stringify(card) } }, 200672],
    ['a card without its wrapper', card, 200672],
    ['a card of unknown type', { card: { type: 'json', data: card } }, 200672],
    ['an invalid card', raw(cardOf({ tag: 'note' })), 200673],
    ['a template nobody published', { card: { type: 'template', data: { template_id: 'x' } } }, 200673],
    ['a 1.0 card', raw({ elements: [] }), 200830],
  ])('★ answers %s with an error and leaves the card alone', async (_, body, code) => {
    bench.bot.answer = answering(body)
    const { error, toast } = await press()
    expect([error?.code, toast]).toEqual([code, undefined])
    expect(error?.message).toContain(`code: ${code}`)
    expect(shown()).toBe('请批示')
  })

  it('★ shows 200671 for another status, 200672 for no JSON, 200342 and 200340 for no connection', async () => {
    bench.bot.answer = () => ({ status: 500 })
    expect((await press()).error?.code).toBe(200671)
    bench.bot.answer = () => ({ status: 302, headers: { location: '/' } })
    expect((await press()).error?.code).toBe(200671)
    bench.bot.answer = () => ({ text: 'ok' })
    expect((await press()).error?.code).toBe(200672)
    bench.sim.setBotUrl('http://127.0.0.1:9')
    expect((await press()).error).toEqual({ code: 200342, message: '目标回调服务连接失败 code: 200342' })
    bench.sim.setBotUrl('')
    expect((await press()).error?.code).toBe(200340)
  })

  it('★ waits 3 s, then 200341, and never repeats a callback; meanwhile other updates meet the lock', async () => {
    bench.bot.answer = () => ({ delay_ms: 3200, body: raw(cardOf(markdown('太晚'))) })
    const pressing = press()
    const [push] = await bench.pushes('card.action.trigger')
    const patched = await bench.api('PATCH', `/im/v1/messages/${message_id}`, { content: JSON.stringify(cardOf()) })
    expect(patched.code).toBe(230099)
    expect(patched.msg).toContain('ErrCode: 11310; ErrMsg: card action is lock')
    expect((await update(push?.body.event.token)).code).toBe(11310)
    expect((await pressing).error).toEqual({ code: 200341, message: '目标回调服务超时未响应 code: 200341' })
    await new Promise(done => setTimeout(done, 300))
    expect(bench.bot.received.filter(one => one.path === '/feishu/cards')).toHaveLength(1)
    expect(shown()).toBe('请批示')
    expect(
      (await bench.api('PATCH', `/im/v1/messages/${message_id}`, { content: JSON.stringify(cardOf()) })).code,
    ).toBe(0)
  })

  it('★ lets the token update the card twice within 30 minutes, after the answer only', async () => {
    await press()
    const [push] = await bench.pushes('card.action.trigger')
    const token = push?.body.event.token
    expect(await update(token)).toMatchObject({ status: 200, code: 0, msg: 'ok' })
    expect(shown()).toBe('已更新')
    expect((await update(token, { elements: [] })).code).toBe(200830)
    expect((await update(token, cardOf({ tag: 'note' }))).code).toBe(11311)
    expect((await update(token, JSON.stringify(card))).code).toBe(10002)
    expect((await update(token)).code).toBe(0)
    expect(await update(token)).toMatchObject({ status: 200, code: 300040 })
    expect((await update('nonsense')).code).toBe(300020)
  })

  it('ends the token after 30 minutes and the card after 14 days, on the clock that the demo moves', async () => {
    await press()
    const [push] = await bench.pushes('card.action.trigger')
    await bench.ask('POST', '/clock', { by_ms: 31 * 60_000 })
    expect((await update(push?.body.event.token)).code).toBe(300030)
    await bench.ask('POST', '/clock', { by_ms: 14 * 24 * 3_600_000 })
    expect((await press()).error?.code).toBe(200750)
    expect(bench.bot.received.filter(one => one.path === '/feishu/cards')).toHaveLength(1)
  })

  it('gives forms their values with the zone, optional empties as the switch says', async () => {
    const fields = [
      { tag: 'input', name: 'note' },
      { tag: 'date_picker', name: 'due' },
      { tag: 'input', name: 'more' },
    ]
    const submit = button('提交', { id: '1' }, { name: 'save', form_action_type: 'submit' })
    const sent = await bench.sendCard('李静', cardOf({ tag: 'form', name: 'f', elements: [...fields, submit] }))
    const form_value = { note: '好', due: '2026-11-24 +0800', more: '' }
    const action = { tag: 'button', name: 'save', value: { id: '1' }, form_value }
    for (const form_empties of ['as-sent', 'absent', 'blank']) {
      await bench.ask('PATCH', '/faults', { form_empties })
      await bench.ask('POST', '/click', { as: bench.id('李静'), message_id: sent.data.message_id, action })
    }
    const pushes = await bench.pushes('card.action.trigger', 3)
    const actions = pushes.map(one => one.body.event.action as { timezone: string; form_value: object })
    expect(actions.map(one => one.form_value)).toEqual([
      form_value,
      { note: '好', due: '2026-11-24 +0800' },
      form_value,
    ])
    expect(actions[0]?.timezone).toBe('Asia/Shanghai')
  })

  it('does not let people press who are not in the chat, frozen, or whose card is gone', async () => {
    const action = { tag: 'button', value: {} }
    const status = async (name: string) =>
      (await bench.ask('POST', '/click', { as: bench.id(name), message_id, action })).status
    expect([await status('陈刚'), await status('吕洋')]).toEqual([403, 403])
    await bench.api('DELETE', `/im/v1/messages/${message_id}`)
    expect(await status('李静')).toBe(409)
    expect(bench.bot.received).toEqual([])
  })

  it('sends anything at all for attack tests', async () => {
    const operator = { tenant_key: 'ffffffffffffffff' }
    const attack = {
      as: bench.id('陈刚'),
      message_id,
      action: { tag: 'button', value: 'x' },
      chat_id: 'oc_other',
      operator,
    }
    await bench.ask('POST', '/raw-click', attack)
    const [push] = await bench.pushes('card.action.trigger')
    expect(push?.body.event).toMatchObject({
      operator: { open_id: bench.id('陈刚'), ...operator },
      context: { open_chat_id: 'oc_other' },
    })
  })

  it('tells the page when a click is in flight and when it is over', async () => {
    const answer = await fetch(`${bench.sim.url}/sim/stream?as=${bench.id('王强')}`)
    const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader()
    let heard = ''
    void (async () => {
      for (let chunk = await reader?.read(); chunk && !chunk.done; chunk = await reader?.read()) heard += chunk.value
    })()
    bench.bot.answer = answering(raw(cardOf(markdown('新'))))
    await press()
    await until(() => heard.includes('"busy":false'), 'the end of the click')
    const kinds = [...heard.matchAll(/data: (.*)\n/g)].map(([, line]) => JSON.parse(line ?? ''))
    expect(kinds.map(one => one.kind)).toEqual(['hello', 'busy', 'message', 'busy'])
    expect(kinds.at(-1)).toEqual({ kind: 'busy', message_id, busy: false })
    await reader?.cancel()
  })
})
