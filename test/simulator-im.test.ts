import type * as lark from '@larksuiteoapi/node-sdk'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Bench, button, cardOf, markdown, startBench, until } from '../simulator/bench/bench.ts'
import type { ClickAnswer, Message } from '../simulator/protocol.ts'
import { codeOf, sdkOf } from './harness/sdk.ts'

let bench: Bench
let sdk: lark.Client

const text = (words: string) => ({ msg_type: 'text', content: JSON.stringify({ text: words }) })
const sent = async (to: string, content: object = text('请阅')) => {
  const receive_id_type = to.startsWith('oc_') ? 'chat_id' : 'open_id'
  const answer = await bench.api('POST', `/im/v1/messages?receive_id_type=${receive_id_type}`, {
    receive_id: to,
    ...content,
  })
  return { message_id: String(answer.data.message_id), chat_id: String(answer.data.chat_id) }
}
const card = (more: object = {}) => ({
  msg_type: 'interactive',
  content: JSON.stringify({ ...cardOf(markdown('督办'), button('签收')), ...more }),
})
const press = async (name: string, message_id: string) =>
  (
    await bench.ask<ClickAnswer>('POST', '/click', {
      as: bench.id(name),
      message_id,
      action: { tag: 'button', value: { op: '签收' } },
    })
  ).body
const seen = async (name: string, chat: string, message_id: string): Promise<Message | undefined> =>
  (await bench.messages(name, chat)).find(one => one.message_id === message_id)
const callbacks = () => bench.bot.received.filter(one => one.path === '/feishu/cards')

/** A page that somebody has open. */
async function opened(name: string): Promise<{ close(): void }> {
  const leave = new AbortController()
  const page = await fetch(`${bench.sim.url}/sim/stream?as=${bench.id(name)}`, { signal: leave.signal })
  await page.body?.getReader().read()
  return { close: () => leave.abort() }
}

beforeAll(async () => {
  bench = await startBench()
  sdk = sdkOf(bench)
})
afterAll(() => bench.close())
beforeEach(async () => {
  await bench.ask('POST', '/reset', {})
  bench.bot.received.length = 0
})

describe('who has read it', () => {
  it('lists readers only, with the time, by pages of at most 100', async () => {
    const group = bench.group('办公室工作群')
    const { message_id } = await sent(group)
    for (const name of ['李静', '刘芳', '赵敏']) await bench.ask('POST', `/chats/${group}/read`, { as: bench.id(name) })
    const first = await sdk.im.v1.message.readUsers({
      path: { message_id },
      params: { user_id_type: 'open_id', page_size: 2 },
    })
    expect(first.data?.items?.map(one => one.user_id)).toEqual([bench.id('李静'), bench.id('刘芳')])
    expect(first.data?.items?.[0]).toMatchObject({
      user_id_type: 'open_id',
      timestamp: expect.stringMatching(/^\d{13}$/),
    })
    const rest = await sdk.im.v1.message.readUsers({
      path: { message_id },
      params: { user_id_type: 'open_id', page_token: first.data?.page_token ?? '' },
    })
    expect(rest.data).toMatchObject({ has_more: false, items: [{ user_id: bench.id('赵敏') }] })
    const read = `/im/v1/messages/${message_id}/read_users`
    expect((await bench.api('GET', `${read}?user_id_type=open_id&page_size=101`)).code).toBe(230001)
    expect((await bench.api('GET', read)).error.field_violations).toMatchObject([{ field: 'user_id_type' }])
  })

  it('only of own messages, and for seven days', async () => {
    const said = await bench.say('李静', bench.group('办公室工作群'), '我的')
    const readers = (id: string) => bench.api('GET', `/im/v1/messages/${id}/read_users?user_id_type=open_id`)
    expect((await readers(said.message_id)).code).toBe(230012)
    const { message_id } = await sent(bench.id('李静'))
    await bench.ask('POST', '/clock', { by_ms: 8 * 24 * 3_600_000 })
    expect(await readers(message_id)).toMatchObject({ status: 400, code: 230033 })
  })
})

describe('urgent', () => {
  const urge = (by: string, message_id: string, user_id_list: unknown) =>
    bench.api('PATCH', `/im/v1/messages/${message_id}/urgent_${by}?user_id_type=open_id`, { user_id_list })

  it('calls people of the chat and names those it could not; they confirm', async () => {
    const group = bench.group('办公室工作群')
    const { message_id } = await sent(group)
    const answer = await sdk.im.v1.message.urgentApp({
      path: { message_id },
      params: { user_id_type: 'open_id' },
      data: { user_id_list: [bench.id('李静'), bench.id('陈刚'), 'ou_nobody'] },
    })
    expect(answer.data).toEqual({ invalid_user_id_list: [bench.id('陈刚'), 'ou_nobody'] })
    expect((await seen('李静', group, message_id))?.urgent).toMatchObject([{ by: 'app', open_id: bench.id('李静') }])
    await bench.ask('POST', `/messages/${message_id}/confirm`, { as: bench.id('李静') })
    expect((await seen('李静', group, message_id))?.urgent?.[0]?.confirmed_at).toEqual(expect.any(Number))
    expect((await bench.ask('POST', `/messages/${message_id}/confirm`, { as: bench.id('李静') })).status).toBe(409)
  })

  it('refuses the messages of others, nobody valid, a missing scope, an empty quota', async () => {
    const group = bench.group('办公室工作群')
    const said = await bench.say('李静', group, '我的')
    const { message_id } = await sent(group)
    const me = [bench.id('李静')]
    expect((await urge('app', said.message_id, me)).code).toBe(230012)
    expect((await urge('app', message_id, ['ou_nobody'])).code).toBe(230001)
    expect((await urge('app', message_id, [])).code).toBe(99992402)
    await bench.faults({ missing_scopes: ['im:message.urgent:sms'], urgent_quota: 1 })
    expect((await urge('sms', message_id, me)).code).toBe(99991672)
    expect((await urge('phone', message_id, me)).code).toBe(0)
    expect((await urge('phone', message_id, me)).code).toBe(230024)
  })

  it('stops at 200 unconfirmed for one person: 230023', async () => {
    const group = bench.group('办公室工作群')
    await bench.faults({ limits: false })
    const { message_id } = await sent(group)
    const many = await Promise.all(Array.from({ length: 200 }, () => urge('app', message_id, [bench.id('李静')])))
    expect(many.every(one => one.code === 0)).toBe(true)
    expect((await urge('app', message_id, [bench.id('李静')])).code).toBe(230023)
    expect((await urge('app', message_id, [bench.id('刘芳')])).code).toBe(0)
  })
})

describe('pins and reactions', () => {
  it('pins, lists newest first, unpins, five times a second for one message', async () => {
    const group = bench.group('办公室工作群')
    const { message_id } = await sent(group)
    const pinned = await sdk.im.v1.pin.create({ data: { message_id } })
    expect(pinned.data?.pin).toMatchObject({ message_id, chat_id: group, operator_id_type: 'app_id' })
    expect((await seen('李静', group, message_id))?.pinned).toBe(true)
    const listed = await sdk.im.v1.pin.list({ params: { chat_id: group } })
    expect(listed.data?.items).toMatchObject([{ message_id }])
    expect((await sdk.im.v1.pin.delete({ path: { message_id } })).code).toBe(0)
    expect((await sdk.im.v1.pin.list({ params: { chat_id: group } })).data?.items).toEqual([])
    const many = await Promise.all(Array.from({ length: 6 }, () => bench.api('POST', '/im/v1/pins', { message_id })))
    expect(many.filter(one => one.code === 230047).length).toBeGreaterThanOrEqual(1)
    expect((await bench.api('GET', '/im/v1/pins?chat_id=oc_none')).code).toBe(99992356)
    expect((await bench.api('POST', '/im/v1/pins', {})).error.field_violations).toMatchObject([{ field: 'message_id' }])
  })

  it("lists reactions of people and app, and takes back the app's own", async () => {
    const { message_id } = await sent(bench.group('办公室工作群'))
    await bench.ask('POST', `/messages/${message_id}/reactions`, { as: bench.id('李静'), emoji_type: 'OK', on: true })
    const own = await sdk.im.v1.messageReaction.create({
      path: { message_id },
      data: { reaction_type: { emoji_type: 'OK' } },
    })
    const { data } = await sdk.im.v1.messageReaction.list({ path: { message_id }, params: { reaction_type: 'OK' } })
    expect(data?.items?.map(one => one.operator?.operator_type)).toEqual(['user', 'app'])
    const [theirs, mine] = data?.items ?? []
    expect(mine?.reaction_id).toBe(own.data?.reaction_id)
    const remove = (reaction_id = '') => sdk.im.v1.messageReaction.delete({ path: { message_id, reaction_id } })
    expect(await codeOf(remove(theirs?.reaction_id))).toBe(231007)
    expect(await codeOf(remove(mine?.reaction_id))).toBe(0)
    expect(await codeOf(remove(mine?.reaction_id))).toBe(231001)
  })
})

describe('forwarding', () => {
  it('sends a copy under an id of its own, once an hour for one uuid and receiver', async () => {
    const group = bench.group('督查工作群')
    const { message_id } = await sent(bench.id('李静'))
    const forward = () =>
      sdk.im.v1.message.forward({
        path: { message_id },
        params: { receive_id_type: 'chat_id', uuid: 'f-1' },
        data: { receive_id: group },
      })
    const [one, two] = [await forward(), await forward()]
    expect(one.data).toMatchObject({ chat_id: group, msg_type: 'text', body: { content: '{"text":"请阅"}' } })
    expect(one.data?.message_id).not.toBe(message_id)
    expect(two.data?.message_id).toBe(one.data?.message_id)
  })

  it('leaves copies of cards inert, by app and by person, unless the card allows pressing them', async () => {
    const { message_id, chat_id } = await sent(bench.id('李静'), card())
    const copy = await bench.api('POST', `/im/v1/messages/${message_id}/forward?receive_id_type=chat_id`, {
      receive_id: bench.group('办公室工作群'),
    })
    const byHand = await bench.ask('POST', `/messages/${message_id}/forward`, { as: bench.id('李静'), chat_id })
    for (const id of [copy.data.message_id, byHand.body.message_id]) expect(await press('李静', String(id))).toEqual({})
    expect(callbacks()).toEqual([])
    expect(await seen('李静', chat_id, String(byHand.body.message_id))).toMatchObject({
      inert: 'forwarded',
      forwarded_from: message_id,
    })
    const live = await sent(
      bench.id('李静'),
      card({ config: { update_multi: true, enable_forward_interaction: true } }),
    )
    const pressable = await bench.ask('POST', `/messages/${live.message_id}/forward`, { as: bench.id('李静'), chat_id })
    await press('李静', String(pressable.body.message_id))
    expect(callbacks()[0]?.body.event.context).toMatchObject({ open_message_id: pressable.body.message_id })
  })

  it('keeps cards where they forbid it, and tells the bot of what people forward to it', async () => {
    const shut = await sent(bench.id('李静'), card({ config: { update_multi: true, enable_forward: false } }))
    const on = `/im/v1/messages/${shut.message_id}/forward?receive_id_type=open_id`
    expect((await bench.api('POST', on, { receive_id: bench.id('王强') })).code).toBe(230061)
    const chat_id = shut.chat_id
    const byHand = (id: string) => bench.ask('POST', `/messages/${id}/forward`, { as: bench.id('李静'), chat_id })
    expect((await byHand(shut.message_id)).status).toBe(403)
    await byHand((await sent(bench.id('李静'), card())).message_id)
    const [heard] = await bench.pushes('im.message.receive_v1')
    expect(heard?.body.event.message).toMatchObject({
      message_type: 'interactive',
      content: expect.stringContaining('请升级至最新版本客户端'),
    })
  })

  it('merges several messages of one chat, names those that cannot go, and gives them back together', async () => {
    const first = await sent(bench.id('李静'), text('一'))
    const second = await sent(bench.id('李静'), text('二'))
    const other = await sent(bench.id('王强'))
    const merge = (message_id_list: string[]) =>
      sdk.im.v1.message.mergeForward({
        params: { receive_id_type: 'chat_id' },
        data: { receive_id: bench.group('督查工作群'), message_id_list },
      })
    const { data } = await merge([first.message_id, second.message_id, 'om_none'])
    expect(data).toMatchObject({
      message: { msg_type: 'merge_forward', body: { content: 'Merged and Forwarded Message' } },
      invalid_message_id_list: ['om_none'],
    })
    const whole = await bench.api('GET', `/im/v1/messages/${data?.message?.message_id}`)
    expect(whole.data.items).toMatchObject([
      { msg_type: 'merge_forward' },
      { message_id: first.message_id, upper_message_id: data?.message?.message_id },
      { message_id: second.message_id },
    ])
    expect(await codeOf(merge([first.message_id, other.message_id]))).toBe(230069)
    expect(await codeOf(merge(['om_none']))).toBe(230064)
    const topic = await bench.api('POST', `/im/v1/messages/${first.message_id}/reply`, {
      ...text('三'),
      reply_in_thread: true,
    })
    const thread = await sdk.im.v1.thread.forward({
      path: { thread_id: String(topic.data.thread_id) },
      params: { receive_id_type: 'chat_id' },
      data: { receive_id: bench.group('督查工作群') },
    })
    expect(thread.data?.msg_type).toBe('merge_forward')
  })

  it('refuses what is recalled, deleted or out of reach', async () => {
    const { message_id } = await sent(bench.id('李静'))
    const on = (id: string) =>
      bench.api('POST', `/im/v1/messages/${id}/forward?receive_id_type=open_id`, { receive_id: bench.id('王强') })
    await bench.api('DELETE', `/im/v1/messages/${message_id}`)
    expect((await on(message_id)).code).toBe(230065)
    expect((await on('om_none')).code).toBe(99992354)
    const frozen = await sent(bench.id('李静'))
    const refused = await bench.api('POST', `/im/v1/messages/${frozen.message_id}/forward?receive_id_type=open_id`, {
      receive_id: bench.id('吕洋'),
    })
    expect(refused.code).toBe(230013)
  })
})

describe('batch messages', () => {
  const batch = (body: object) => sdk.request({ method: 'POST', url: '/open-apis/message/v4/batch_send/', data: body })
  const progress = async (batch_message_id: string) =>
    (await sdk.im.v1.batchMessage.getProgress({ path: { batch_message_id } })).data

  it('go out later, one by one, to people and departments; buttons of their cards call nobody', async () => {
    const [office] = [...bench.sim.state.departments.values()]
    const answer = await batch({
      department_ids: [office?.open_department_id],
      open_ids: [bench.id('王强'), 'ou_nobody'],
      msg_type: 'interactive',
      card: cardOf(markdown('通知'), button('签收')),
    })
    expect(answer).toMatchObject({
      code: 0,
      msg: 'ok',
      data: {
        message_id: expect.stringMatching(/^bm-[0-9a-f]{32}$/),
        invalid_open_ids: ['ou_nobody'],
        invalid_department_ids: [],
      },
    })
    const id = String(answer.data.message_id)
    const valid = (await progress(id))?.batch_message_send_progress?.valid_user_ids_count ?? 0
    expect(valid).toBeGreaterThan(5)
    expect((await progress(id))?.batch_message_send_progress?.success_user_ids_count).toBeLessThan(valid)
    await until(async () => (await progress(id))?.batch_message_send_progress?.success_user_ids_count === valid, 'all')
    const chat = await bench.p2p('王强')
    const [message] = await bench.messages('王强', chat)
    expect(message).toMatchObject({ inert: 'batch' })
    expect(await press('王强', message?.message_id ?? '')).toEqual({})
    expect(callbacks()).toEqual([])
    const patched = await bench.api('PATCH', `/im/v1/messages/${message?.message_id}`, card())
    expect(patched.code).toBe(230054)
  })

  it('tell how many read them, and can be taken back', async () => {
    const answer = await batch({
      open_ids: [bench.id('王强'), bench.id('李静')],
      msg_type: 'text',
      content: { text: '一' },
    })
    const batch_message_id = String(answer.data.message_id)
    await until(
      async () => (await progress(batch_message_id))?.batch_message_send_progress?.success_user_ids_count === 2,
      'both',
    )
    const chat = await bench.p2p('王强')
    await bench.ask('POST', `/chats/${chat}/read`, { as: bench.id('王强') })
    const read = await sdk.im.v1.batchMessage.readUser({ path: { batch_message_id } })
    expect(read.data).toEqual({ read_user: { read_count: '1', total_count: '2' } })
    expect((await sdk.im.v1.batchMessage.delete({ path: { batch_message_id } })).code).toBe(0)
    expect((await progress(batch_message_id))?.batch_message_recall_progress).toEqual({ recall: true, recall_count: 2 })
    expect((await bench.messages('王强', chat))[0]?.recalled).toBe(true)
    expect(await codeOf(sdk.im.v1.batchMessage.getProgress({ path: { batch_message_id: 'bm-none' } }))).toBe(230030)
  })

  it('are refused with HTTP 200 and a code, like all old APIs', async () => {
    const wrong = [
      {},
      { open_ids: Array.from({ length: 201 }, () => 'ou_1'), msg_type: 'text', content: { text: '一' } },
      { department_ids: ['0'], msg_type: 'text', content: { text: '一' } },
      { open_ids: [bench.id('王强')], msg_type: 'text', content: '{"text":"一"}' },
    ]
    for (const body of wrong)
      expect(await bench.api('POST', '/message/v4/batch_send/', body)).toMatchObject({ status: 200, code: 10003 })
    const bad = { open_ids: [bench.id('王强')], msg_type: 'interactive', card: cardOf({ tag: 'note' }) }
    expect(await bench.api('POST', '/message/v4/batch_send/', bad)).toMatchObject({ status: 200, code: 11246 })
    await bench.faults({ missing_scopes: ['im:message:send_multi_users'] })
    const users = { open_ids: [bench.id('王强')], msg_type: 'text', content: { text: '一' } }
    expect(await bench.api('POST', '/message/v4/batch_send/', users)).toMatchObject({ status: 200, code: 11203 })
    expect((await bench.api('POST', '/message/v4/batch_send', users)).status).toBe(404)
  })
})

describe('ephemeral cards', () => {
  const send = (more: object = {}) =>
    sdk.request({
      method: 'POST',
      url: '/open-apis/ephemeral/v1/send',
      data: {
        chat_id: bench.group('办公室工作群'),
        open_id: bench.id('李静'),
        msg_type: 'interactive',
        card: cardOf(markdown('只给您看'), button('签收')),
        ...more,
      },
    })

  it('are seen by one person whose page is open, and gone when it is loaded anew', async () => {
    const group = bench.group('办公室工作群')
    const page = await opened('李静')
    const { message_id } = (await send()).data
    expect(await seen('李静', group, message_id)).toMatchObject({ ephemeral_for: bench.id('李静') })
    expect(await seen('刘芳', group, message_id)).toBeUndefined()
    expect(
      (await bench.ask('POST', '/click', { as: bench.id('刘芳'), message_id, action: { tag: 'button' } })).status,
    ).toBe(404)
    page.close()
    await until(async () => (await seen('李静', group, message_id)) === undefined, 'its end')
    const again = await opened('李静')
    expect(await seen('李静', group, message_id)).toBeUndefined()
    again.close()
  })

  it('reach nobody who is not there', async () => {
    const { message_id } = (await send({ open_id: bench.id('赵敏') })).data
    expect(message_id).toMatch(/^om_/)
    expect(await seen('赵敏', bench.group('办公室工作群'), message_id)).toBeUndefined()
  })

  it('change by a press and can be deleted once, but not patched', async () => {
    const group = bench.group('办公室工作群')
    const page = await opened('李静')
    const { message_id } = (await send()).data
    bench.bot.answer = ({ path }) =>
      path === '/feishu/cards' ? { body: { card: { type: 'raw', data: cardOf(markdown('已签收')) } } } : {}
    expect(await press('李静', message_id)).toEqual({})
    expect((await seen('李静', group, message_id))?.content).toContain('已签收')
    const patched = await bench.api('PATCH', `/im/v1/messages/${message_id}`, card())
    expect(patched).toMatchObject({ status: 400, code: 230054 })
    const remove = () => bench.api('POST', '/ephemeral/v1/delete', { message_id })
    expect(await remove()).toMatchObject({ status: 200, code: 0, msg: 'ok' })
    expect(await remove()).toMatchObject({ status: 200, code: 18051 })
    page.close()
  })

  it('go to people of ordinary groups only', async () => {
    const p2p = await bench.p2p('李静')
    const topics = bench.group('督查工作群')
    await bench.faults({ topic_groups: [topics] })
    const refused = [
      send({ open_id: bench.id('陈刚') }),
      send({ chat_id: p2p }),
      send({ chat_id: topics, open_id: bench.id('王强') }),
      send({ card: 'text' }),
      send({ msg_type: 'text' }),
    ]
    const codes = await Promise.all(refused.map(async answer => (await answer).code))
    expect(codes.every(code => code !== 0)).toBe(true)
    expect(codes[3]).toBe(11246)
  })
})

describe('the rest', () => {
  it('writes to people by e-mail address', async () => {
    await bench.ask('PATCH', `/people/${bench.id('李静')}`, { email: 'lijing@example.cn' })
    const send = (receive_id: string) =>
      bench.api('POST', '/im/v1/messages?receive_id_type=email', { receive_id, ...text('一') })
    expect((await send('lijing@example.cn')).data.chat_id).toBe(await bench.p2p('李静'))
    expect((await send('nobody@example.cn')).code).toBe(230034)
  })

  it("puts the bot's chat on top of people's lists", async () => {
    const press = (time_sensitive: boolean) =>
      sdk.im.v2.feedCard.botTimeSentive({
        params: { user_id_type: 'open_id' },
        data: { time_sensitive, user_ids: [bench.id('李静'), 'ou_nobody'] },
      })
    expect((await press(true)).data?.failed_user_reasons).toMatchObject([{ user_id: 'ou_nobody' }])
    expect([...bench.sim.state.pressing]).toEqual([bench.id('李静')])
    await press(false)
    expect([...bench.sim.state.pressing]).toEqual([])
  })
})
