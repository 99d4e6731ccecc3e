import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { app, type Bench, startBench, TOKEN } from '../simulator/bench/bench.ts'
import { makeLimits } from '../simulator/limits.ts'
import type { ApiCall, LimitsAnswer } from '../simulator/protocol.ts'

let bench: Bench

const text = (words: string) => ({ msg_type: 'text', content: JSON.stringify({ text: words }) })
const create = (receive_id: string, more: object = text('你好'), type = 'open_id', token?: string | null) =>
  bench.api('POST', `/im/v1/messages?receive_id_type=${type}`, { receive_id, ...more }, token)

describe('api out', () => {
  beforeAll(async () => {
    bench = await startBench()
  })
  afterAll(() => bench.close())
  beforeEach(() => bench.ask('POST', '/reset', {}))

  it('★ refuses with HTTP 400 and { code, msg, error.log_id }, the token API with HTTP 200 and a code', async () => {
    const refused = await create('oc_wrong')
    expect(refused).toMatchObject({ status: 400, code: 230034, msg: 'The receive_id is invalid.' })
    expect(refused.error.log_id).toMatch(/^\d{14}[0-9A-F]{18}$/)
    const secret = await bench.api('POST', TOKEN, { app_id: app.appId, app_secret: 'wrong' }, null)
    expect(secret.status).toBe(200)
    expect(secret.body).toEqual({ code: 10014, msg: 'app secret invalid' })
    expect(await bench.api('GET', '/im/v9/nothing')).toMatchObject({ status: 404, code: 99991201 })
  })

  it('says success here and ok there', async () => {
    const sent = await create(bench.id('李静'))
    const info = await bench.api('GET', '/bot/v3/info')
    expect([sent.code, sent.msg, info.code, info.msg]).toEqual([0, 'success', 0, 'ok'])
    expect(info.body.bot).toMatchObject({ app_name: '回音', open_id: expect.stringMatching(/^ou_[0-9a-f]{32}$/) })
  })

  it('answers a create with the whole message', async () => {
    const { data } = await create(bench.id('李静'), text(`<at user_id="${bench.id('王强')}">王强</at> 请阅`))
    expect(data).toMatchObject({
      message_id: expect.stringMatching(/^om_[0-9a-f]{32}$/),
      chat_id: expect.stringMatching(/^oc_[0-9a-f]{32}$/),
      msg_type: 'text',
      deleted: false,
      updated: false,
      sender: { id: app.appId, id_type: 'app_id', sender_type: 'app' },
      body: { content: JSON.stringify({ text: '@_user_1 请阅' }) },
      mentions: [{ key: '@_user_1', id: bench.id('王强'), name: '王强' }],
    })
    expect(data.create_time).toMatch(/^\d{13}$/)
  })

  it('★ wants a token, knows a malformed one, and refuses one that was revoked', async () => {
    expect(await create(bench.id('李静'), text('一'), 'open_id', null)).toMatchObject({ status: 400, code: 99991661 })
    expect(await create(bench.id('李静'), text('一'), 'open_id', 'nonsense')).toMatchObject({ code: 99991671 })
    const { body } = await bench.api('POST', TOKEN, { app_id: app.appId, app_secret: app.appSecret }, null)
    const token = String(body.tenant_access_token)
    expect(body).toMatchObject({
      code: 0,
      msg: 'ok',
      tenant_access_token: expect.stringMatching(/^t-/),
      expire: expect.any(Number),
    })
    expect((await create(bench.id('李静'), text('一'), 'open_id', token)).code).toBe(0)
    await bench.ask('POST', '/tokens/revoke', {})
    expect(await create(bench.id('李静'), text('一'), 'open_id', token)).toMatchObject({ status: 400, code: 99991663 })
  })

  it('★ hands out the same token while 30 minutes remain, then a new one while the old stays valid', async () => {
    // the two hours of a token are four seconds, and the last 30 minutes of them one
    const fast = await startBench({ speed: 1800 })
    const take = async () =>
      (await fast.api('POST', TOKEN, { app_id: app.appId, app_secret: app.appSecret }, null)).body
    const [first, second] = [await take(), await take()]
    expect(second.tenant_access_token).toBe(first.tenant_access_token)
    await new Promise(done => setTimeout(done, 3_200))
    const third = await take()
    expect(third.tenant_access_token).not.toBe(first.tenant_access_token)
    const info = (token: unknown) => fast.api('GET', '/bot/v3/info', undefined, String(token))
    expect([(await info(first.tenant_access_token)).code, (await info(third.tenant_access_token)).code]).toEqual([0, 0])
    await new Promise(done => setTimeout(done, 1_200))
    expect((await info(first.tenant_access_token)).code).toBe(99991663)
    await fast.close()
  })

  it('names the scopes that would do when one is missing', async () => {
    await bench.faults({ missing_scopes: ['im:message', 'im:message:send_as_bot', 'im:message:send'] })
    const refused = await create(bench.id('李静'))
    expect(refused).toMatchObject({ status: 400, code: 99991672 })
    expect(refused.error.permission_violations).toMatchObject([{ subject: 'im:message' }, {}, {}])
  })

  it('★ refuses calls above the frequency of their API with HTTP 429, 99991400 and the two headers; others have their own budget', async () => {
    const names = () => bench.api('POST', '/contact/v3/users/basic_batch', { user_ids: [bench.id('李静')] })
    const [answers, info] = [
      await Promise.all(Array.from({ length: 8 }, names)),
      await bench.api('GET', '/bot/v3/info'),
    ]
    const refused = answers.filter(one => one.code === 99991400)
    expect(refused).toHaveLength(3)
    expect(refused[0]?.status).toBe(429)
    expect(refused[0]?.headers.get('x-ogw-ratelimit-limit')).toBe('5')
    expect(refused[0]?.headers.get('x-ogw-ratelimit-reset')).toBe('1')
    expect(info.code).toBe(0)
    const { body } = await bench.ask<LimitsAnswer>('GET', '/limits')
    const batch = { api: 'POST /contact/v3/users/basic_batch', peak_1s: 5, peak_60s: 5, refused: 3 }
    expect(body.apis).toContainEqual(batch)
  })

  it('★ counts strictly: never more than 50 in any second nor 1000 in any minute, the burst included', () => {
    let now = 0
    const limits = makeLimits(() => now)
    const accepted: number[] = []
    for (now = 0; now < 100_000; now += 7) if (!limits.api('x', true)) accepted.push(now)
    const within = (ms: number) =>
      Math.max(...accepted.map(from => accepted.filter(at => at >= from && at < from + ms).length))
    expect([within(1000), within(60_000)]).toEqual([50, 1000])
    expect(limits.seen().apis).toMatchObject([{ api: 'x', peak_1s: 50, peak_60s: 1000 }])
    expect(limits.api('x', true)?.rule.max).toBe(1000)
    expect(limits.api('x', false)).toBeUndefined()
  })

  it('★ allows 5 messages a second to one person and to one group: HTTP 400, 230020', async () => {
    for (const [receive_id, type] of [
      [bench.id('李静'), 'open_id'],
      [bench.group('办公室工作群'), 'chat_id'],
    ] as const) {
      const sends = await Promise.all(Array.from({ length: 7 }, () => create(receive_id, text('一'), type)))
      expect(sends.filter(one => one.code === 0)).toHaveLength(5)
      const refused = sends.find(one => one.code === 230020)
      expect(refused?.status).toBe(400)
      expect(refused?.headers.get('x-ogw-ratelimit-limit')).toBeNull()
    }
    const others = await Promise.all(['王强', '吴刚', '冯军'].map(name => create(bench.id(name))))
    expect(others.map(one => one.code)).toEqual([0, 0, 0])
  })

  it('makes one message of one uuid within the hour and answers the second call with the first', async () => {
    const one = await create(bench.id('李静'), { ...text('一'), uuid: 'u-1' })
    const two = await create(bench.id('李静'), { ...text('二'), uuid: 'u-1' })
    expect(two.data.message_id).toBe(one.data.message_id)
    expect((await create(bench.id('李静'), { ...text('三'), uuid: 'u'.repeat(51) })).code).toBe(99992402)
    expect(await bench.messages('李静', String(one.data.chat_id))).toHaveLength(1)
  })

  it('forgets a uuid after the hour', async () => {
    const fast = await startBench({ speed: 36_000 })
    const send = () =>
      fast.api('POST', '/im/v1/messages?receive_id_type=open_id', {
        receive_id: fast.id('李静'),
        ...text('一'),
        uuid: 'u',
      })
    const one = await send()
    await new Promise(done => setTimeout(done, 120))
    expect((await send()).data.message_id).not.toBe(one.data.message_id)
    await fast.close()
  })

  it('reports missing and wrong fields one by one', async () => {
    const refused = await bench.api('POST', '/im/v1/messages?receive_id_type=open_id', {
      receive_id: bench.id('李静'),
      content: { text: '一' },
    })
    expect(refused).toMatchObject({ status: 400, code: 99992402 })
    expect(refused.error.field_violations).toMatchObject([{ field: 'msg_type' }, { field: 'content' }])
    expect((await create(bench.id('李静'), text('一'), 'thread_id')).error.field_violations).toMatchObject([
      { field: 'receive_id_type' },
    ])
    expect((await create(bench.id('李静'), { msg_type: 'text', content: '你好' })).code).toBe(230001)
    expect((await create(bench.id('李静'), { msg_type: 'post', content: '{"title":"","content":[]}' })).code).toBe(
      230001,
    )
  })

  it.each([
    ['text of 150 KB', 'text', { text: 'x'.repeat(150 * 1024) }],
    ['post of 30 KB', 'post', { zh_cn: { title: '', content: [[{ tag: 'md', text: 'x'.repeat(30 * 1024) }]] } }],
    [
      'card of 30 KB',
      'interactive',
      { schema: '2.0', body: { elements: [{ tag: 'markdown', content: '重'.repeat(10_240) }] } },
    ],
  ])('refuses a %s with 230025', async (_, msg_type, content) => {
    expect((await create(bench.id('李静'), { msg_type, content: JSON.stringify(content) })).code).toBe(230025)
  })

  it('knows whom it can reach', async () => {
    const frozen = await create(bench.id('吕洋'))
    const resigned = await create(bench.id('施文'))
    const stranger = await create(`ou_${'0'.repeat(32)}`)
    const chat = await create(`oc_${'0'.repeat(32)}`, text('一'), 'chat_id')
    expect([frozen.code, resigned.code, stranger.code, chat.code]).toEqual([230013, 230013, 99992361, 99992356])
    const group = bench.group('办公室工作群')
    await bench.ask('POST', `/groups/${group}/bot`, { as: bench.id('李静'), in: false })
    expect(await create(group, text('一'), 'chat_id')).toMatchObject({ status: 400, code: 230002 })
    await bench.ask('POST', `/groups/${bench.group('督查工作群')}/disband`, { as: bench.id('吴刚') })
    expect((await create(bench.group('督查工作群'), text('一'), 'chat_id')).code).toBe(232009)
  })

  it('edits words but not cards by PUT, recalls its own, and tells recalled from deleted', async () => {
    const { message_id } = (await create(bench.id('李静'))).data
    const path = `/im/v1/messages/${message_id}`
    expect((await bench.api('PUT', path, text('改'))).code).toBe(0)
    expect((await bench.api('PUT', path, { msg_type: 'interactive', content: '{}' })).code).toBe(230001)
    expect((await bench.api('DELETE', path)).code).toBe(0)
    expect((await bench.api('PUT', path, text('再'))).code).toBe(230011)
    const other = (await create(bench.id('李静'))).data.message_id
    await bench.ask('POST', `/messages/${other}/delete`, {})
    expect((await bench.api('POST', `/im/v1/messages/${other}/reply`, text('回'))).code).toBe(230110)
    const theirs = (await bench.say('李静', await bench.p2p('李静'), '我的')).message_id
    expect((await bench.api('DELETE', `/im/v1/messages/${theirs}`)).code).toBe(230026)
    expect((await bench.api('PUT', `/im/v1/messages/${theirs}`, text('改'))).code).toBe(230071)
    expect(
      (await bench.api('POST', `/im/v1/messages/${theirs}/reactions`, { reaction_type: { emoji_type: 'OK' } })).code,
    ).toBe(0)
    expect((await bench.api('POST', `/im/v1/messages/${theirs}/reactions`, { reaction_type: {} })).code).toBe(231001)
  })

  it('reads messages back, cards as a shadow unless the original is asked for', async () => {
    const card = { schema: '2.0', header: { title: { tag: 'plain_text', content: '督办' } }, body: { elements: [] } }
    const { message_id, chat_id } = (await bench.sendCard('李静', card)).data
    await create(bench.id('李静'))
    const shadow = (await bench.api('GET', `/im/v1/messages/${message_id}`)).data.items as Array<{
      body: { content: string }
    }>
    expect(shadow[0]?.body.content).toContain('请升级至最新版本客户端')
    const original = await bench.api('GET', `/im/v1/messages/${message_id}?card_msg_content_type=user_card_content`)
    expect(original.data.items).toMatchObject([{ body: { content: JSON.stringify(card) } }])
    const list = await bench.api('GET', `/im/v1/messages?container_id_type=chat&container_id=${chat_id}&page_size=1`)
    expect(list.data).toMatchObject({ has_more: true, page_token: expect.any(String), items: [{ message_id }] })
  })

  it('pages the directory by at most 50 and tells has_more', async () => {
    const children = await bench.api('GET', '/contact/v3/departments/0/children?fetch_child=true&page_size=4')
    expect(children.data).toMatchObject({
      has_more: true,
      items: [{ name: '办公室', parent_department_id: '0' }, {}, {}, {}],
    })
    const rest = await bench.api(
      'GET',
      `/contact/v3/departments/0/children?page_size=4&page_token=${children.data.page_token}`,
    )
    expect(rest.data.items).toHaveLength(2)
    expect(rest.data).toMatchObject({ has_more: false })
    expect((await bench.api('GET', '/contact/v3/departments/0/children?page_size=51')).code).toBe(40011)
    const [office] = children.data.items as Array<{ open_department_id: string; leader_user_id: string }>
    expect(office?.leader_user_id).toBe(bench.id('李静'))
    const people = await bench.api(
      'GET',
      `/contact/v3/users/find_by_department?department_id=${office?.open_department_id}&page_size=50`,
    )
    const names = (people.data.items as Array<{ name: string }>).map(one => one.name)
    expect(names).toContain('刘芳')
    expect(names).not.toContain('施文')
    expect(people.data.items).toContainEqual(expect.not.objectContaining({ user_id: expect.anything() }))
  })

  it('limits the directory to the contact range: 40004 as HTTP 403, people outside left out', async () => {
    const [office] = [...bench.sim.state.departments.values()]
    await bench.faults({ contact_scope: [office?.open_department_id ?? ''] })
    expect(await bench.api('GET', '/contact/v3/departments/0')).toMatchObject({ status: 403, code: 40004 })
    expect((await bench.api('GET', '/contact/v3/scopes')).data).toMatchObject({
      department_ids: [office?.open_department_id],
      user_ids: [],
    })
    expect((await bench.api('GET', `/contact/v3/users/${bench.id('王强')}`)).code).toBe(41050)
    const ids = ['李静', '王强'].map(name => `user_ids=${bench.id(name)}`).join('&')
    expect((await bench.api('GET', `/contact/v3/users/batch?${ids}`)).data.items).toMatchObject([{ name: '李静' }])
    const names = await bench.api('POST', '/contact/v3/users/basic_batch', { user_ids: [bench.id('王强')] })
    expect(names.data.users).toMatchObject([{ name: '王强' }])
  })

  it('lists the groups of the bot and their people, pages of members being short', async () => {
    const chats = await bench.api('GET', '/im/v1/chats')
    expect((chats.data.items as Array<{ name: string }>).map(one => one.name)).toEqual(['办公室工作群', '督查工作群'])
    const group = bench.group('办公室工作群')
    expect((await bench.api('GET', `/im/v1/chats/${group}`)).data).toMatchObject({
      chat_mode: 'group',
      name: '办公室工作群',
    })
    const page = await bench.api('GET', `/im/v1/chats/${group}/members?page_size=5`)
    expect(page.data).toMatchObject({ has_more: true, member_total: 10 })
    expect(page.data.items).toHaveLength(4)
    expect((await bench.api('GET', '/im/v1/chats/oc_none/members')).code).toBe(232006)
    expect((await bench.api('GET', '/tenant/v2/tenant/query')).data.tenant).toMatchObject({ name: '江州市委政法委' })
  })

  it('spoils its answers as the faults say, and keeps a record of the calls', async () => {
    await bench.faults({ api_429: { next: 1, reset_s: 7 }, api_230020: { next: 1 } })
    const limited = await create(bench.id('李静'))
    expect([limited.status, limited.headers.get('x-ogw-ratelimit-reset')]).toEqual([429, '7'])
    expect((await create(bench.id('李静'))).code).toBe(230020)
    await bench.faults({ api_429: { next: 1, reset_s: 7, status: 400 } })
    expect(await create(bench.id('李静'))).toMatchObject({ status: 400, code: 99991400 })
    await bench.faults({ api_broken_json: { next: 1 } })
    await expect(create(bench.id('李静'), { ...text('一'), uuid: 'lost' })).rejects.toThrow()
    await bench.faults({ api_reset_after: 1 })
    await expect(create(bench.id('李静'), { ...text('一'), uuid: 'lost' })).rejects.toThrow()
    await bench.ask('DELETE', '/faults')
    const { chat_id } = (await create(bench.id('李静'), { ...text('一'), uuid: 'lost' })).data
    expect(await bench.messages('李静', String(chat_id))).toHaveLength(1)
    await bench.faults({ token_down: true })
    expect((await bench.api('POST', TOKEN, { app_id: app.appId, app_secret: app.appSecret }, null)).status).toBe(500)
    const calls = (await bench.ask<ApiCall[]>('GET', '/calls')).body
    expect(calls.at(-1)).toMatchObject({ path: `/open-apis${TOKEN}`, status: 500, body: { app_id: app.appId } })
    expect(JSON.stringify(calls)).not.toContain(app.appSecret)
  })

  it('refuses muted groups and, by switch, mobile numbers in plain text', async () => {
    await bench.faults({ muted: [bench.group('督查工作群')], dlp: true })
    expect((await create(bench.group('督查工作群'), text('一'), 'chat_id')).code).toBe(230035)
    expect((await create(bench.id('李静'), text('请拨 13800000000'))).code).toBe(230028)
    expect((await create(bench.id('李静'), text('编号 1380000000012'))).code).toBe(0)
  })

  it('refuses, by switch, people who stopped the bot and words that may not be said', async () => {
    await bench.faults({ stopped: [bench.id('王强')], sensitive_words: ['绝密'] })
    expect(await create(bench.id('王强'))).toMatchObject({ status: 400, code: 230053 })
    expect((await create(bench.group('督查工作群'), text('一'), 'chat_id')).code).toBe(0)
    expect((await create(bench.id('李静'), text('绝密文件'))).code).toBe(230022)
  })

  it('keeps uploads of the bot and gives them back', async () => {
    const form = new FormData()
    form.set('file_type', 'stream')
    form.set('file_name', '通报.csv')
    form.set('file', new Blob(['一,二']), '通报.csv')
    const { body } = await bench.api('POST', TOKEN, { app_id: app.appId, app_secret: app.appSecret }, null)
    const headers = { authorization: `Bearer ${body.tenant_access_token}` }
    const uploaded = await (
      await fetch(`${bench.sim.url}/open-apis/im/v1/files`, { method: 'POST', headers, body: form })
    ).json()
    const file_key: string = uploaded.data.file_key
    expect(file_key).toMatch(/^file_v3_/)
    const sent = await create(bench.id('李静'), { msg_type: 'file', content: JSON.stringify({ file_key }) })
    expect(sent.data.body).toEqual({ content: JSON.stringify({ file_key, file_name: '通报.csv' }) })
    const bytes = await fetch(
      `${bench.sim.url}/open-apis/im/v1/messages/${sent.data.message_id}/resources/${file_key}?type=file`,
      { headers },
    )
    expect(await bytes.text()).toBe('一,二')
    const empty = new FormData()
    empty.set('image_type', 'message')
    empty.set('image', new Blob(['not an image']), 'a.png')
    const refused = await fetch(`${bench.sim.url}/open-apis/im/v1/images`, { method: 'POST', headers, body: empty })
    expect(await refused.json()).toMatchObject({ code: 234011 })
    expect((await create(bench.id('李静'), { msg_type: 'image', content: '{"image_key":"img_v3_none"}' })).code).toBe(
      230001,
    )
  })
})
