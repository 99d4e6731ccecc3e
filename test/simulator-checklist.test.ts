import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { app, type Bench, button, cardOf, markdown, startBench, TOKEN, until } from '../simulator/bench/bench.ts'
import { eventPatience, post } from '../simulator/post.ts'
import type { ApiCall, ClickAnswer, Delivery } from '../simulator/protocol.ts'

/**
 * What a stand-in for Feishu has to reproduce, line by line. A line is tested here, or it is held elsewhere: then its entry names the
 * tests, and fails when they are gone. The long connection has tests of its own; what is left out stands in simulator/README.md.
 */

let bench: Bench

/** The line is promised by these tests, or rows of their tables, of the simulator's file of that name. */
const heldBy = (file: string, ...titles: string[]) => promised(`simulator${file}`, titles)
/** The line is about what people see: these tests of the gallery promise it, in a browser. */
const drawnAs = (...titles: string[]) => promised('gallery', titles)

function promised(file: string, titles: string[]) {
  const text = readFileSync(new URL(`${file}.test.ts`, import.meta.url), 'utf8').replace(/^\s*\/\/.*$/gm, '')
  expect(leftOut(text), file).toBeUndefined()
  for (const title of titles)
    expect(
      STARTS.some(start => text.includes(start + title)),
      title,
    ).toBe(true)
}
/** How a test begins, or a row of a table of tests. */
const STARTS = ["('", '("', "['", '["']

/** What keeps a test of a file from being run; in CI there is a browser, so that what only wants one is run there. */
const leftOut = (text: string): string | undefined =>
  /\.(?:skip|todo|only|fails)\b|\.(?:skipIf|runIf)\((?!!found && !process\.env\.CI\))|\bx(?:it|describe)\b|\bskip\(/.exec(
    text,
  )?.[0]

it.each([
  ["it('a', () => {})", undefined],
  ["describe.skipIf(!found && !process.env.CI)('a', () => {})", undefined],
  ["it.skip('a', () => {})", '.skip'],
  ["it.skip.each([1])('a', () => {})", '.skip'],
  ["describe.skip('a', () => {})", '.skip'],
  ["describe.only('a', () => {})", '.only'],
  ["it.todo('a')", '.todo'],
  ["it.skipIf(true)('a', () => {})", '.skipIf('],
  ["it('a', context => context.skip())", '.skip'],
])('takes %s for a file of tests that are run, or not', (text, found) => expect(leftOut(text)).toBe(found))

interface Heard {
  sender: Record<string, unknown>
  message: Record<string, string> & { mentions?: Array<Record<string, unknown>> }
}
const heard = async (count = 1) =>
  (await bench.pushes('im.message.receive_v1', count)).map(one => one.body.event as unknown as Heard)
const textOf = ({ message }: Heard) => JSON.parse(message.content ?? '{}').text

const send = (receive_id: string, content: object = { text: '一' }, msg_type = 'text') =>
  bench.api('POST', `/im/v1/messages?receive_id_type=${receive_id.startsWith('oc_') ? 'chat_id' : 'open_id'}`, {
    receive_id,
    msg_type,
    content: JSON.stringify(content),
  })

async function upload(kind: 'image' | 'file', bytes: Uint8Array, more: Record<string, string> = {}) {
  const form = new FormData()
  for (const [name, value] of Object.entries(more)) form.set(name, value)
  form.set(kind, new Blob([new Uint8Array(bytes)]), 'a.bin')
  const { body } = await bench.api('POST', TOKEN, { app_id: app.appId, app_secret: app.appSecret }, null)
  const headers = { authorization: `Bearer ${body.tenant_access_token}` }
  const answer = await fetch(`${bench.sim.url}/open-apis/im/v1/${kind}s`, { method: 'POST', headers, body: form })
  return (await answer.json()) as { code: number; data: Record<string, string> }
}

beforeAll(async () => {
  bench = await startBench()
})
afterAll(() => bench.close())
beforeEach(async () => {
  await bench.ask('POST', '/reset', {})
  bench.bot.answer = () => ({})
  bench.bot.received.length = 0
})

describe('delivery', () => {
  it('★ signs over the exact bytes sent, written in another style than JSON.stringify', () =>
    heldBy('-delivery', '★ signs the exact bytes it sends, which are not what JSON.stringify writes'))

  it('encrypts with a random IV, can be plain without signature headers, and url_verification has none, within 1 s', () =>
    heldBy(
      '-delivery',
      'encrypts each push with another IV and fills the header of schema 2.0',
      'sends url_verification without signature headers, encrypted, and wants the challenge within a second',
      'sends plain bodies without any signature header, the challenge too',
    ))

  it('★ gives 3 s for an answer, and takes redirects for failures', () =>
    heldBy(
      '-delivery',
      '★ takes more than 3 s for a failure and tries again',
      '★ takes a redirect for a failure and does not follow it',
    ))

  it('★ gives less for a TCP connection than for an answer: who cannot be reached is not who is slow', async () => {
    expect(eventPatience).toEqual({ connect_ms: 2000, total_ms: 3000 })
    const outcome = await post('http://192.0.2.1:9/', '{}', {}, { connect_ms: 200, total_ms: 3000 })
    expect(outcome).toMatchObject({ status: null, error: 'unreachable' })
  })

  it('★ retries after 15 s, 5 min, 1 h, 6 h under the same event_id; signed anew or not, duplicated, out of order by toggle', () =>
    heldBy(
      '-delivery',
      '★ repeats a failed event four times at 15 s, 5 min, 1 h, 6 h (scaled) under the same event_id, then gives up',
      'signs a redelivery anew, or repeats its first bytes and headers by switch',
      'sends duplicates after success, and the same message under a new event_id, by switch',
      'lets an event overtake its predecessor by switch',
    ))

  it('★ redelivers the same message under a new event_id and, rarer, a new message_id that can be replied to', async () => {
    await bench.faults({ new_message_id: true })
    const { message_id } = await bench.say('李静', await bench.p2p('李静'), '你好')
    const [one, two] = await bench.pushes('im.message.receive_v1', 2)
    expect(two?.body.header.event_id).not.toBe(one?.body.header.event_id)
    const [first, second] = await heard(2)
    expect(first?.message.message_id).toBe(message_id)
    expect(second?.message.message_id).not.toBe(message_id)
    expect(second?.message).toMatchObject({ content: first?.message.content, create_time: first?.message.create_time })
    const reply = { msg_type: 'text', content: '{"text":"收到"}' }
    expect((await bench.api('POST', `/im/v1/messages/${second?.message.message_id}/reply`, reply)).code).toBe(0)
  })

  it('has separate addresses for events and callbacks, sends nothing unsubscribed, and publishes before anything takes effect', async () => {
    const { message_id } = (await bench.sendCard('李静', cardOf(button('签收')))).data
    await bench.say('李静', await bench.p2p('李静'), '你好')
    await bench.ask('POST', '/click', { as: bench.id('李静'), message_id, action: { tag: 'button', value: {} } })
    await bench.pushes('card.action.trigger')
    const paths = bench.bot.received.map(one => [one.body.header.event_type, one.path])
    expect(paths).toContainEqual(['im.message.receive_v1', '/feishu/events'])
    expect(paths).toContainEqual(['card.action.trigger', '/feishu/cards'])
    heldBy('-console', 'sends only what was subscribed to, and only once the version is published')
  })

  it('counts create_time in µs in callbacks and in ms in events', async () => {
    const { message_id } = (await bench.sendCard('李静', cardOf(button('签收')))).data
    await bench.p2p('李静')
    await bench.ask('POST', '/click', { as: bench.id('李静'), message_id, action: { tag: 'button', value: {} } })
    const [callback] = await bench.pushes('card.action.trigger')
    const [event] = await bench.pushes('im.chat.access_event.bot_p2p_chat_entered_v1')
    expect([callback?.body.header.create_time.length, event?.body.header.create_time.length]).toEqual([16, 13])
  })
})

describe('messages in', () => {
  it('★ content is a JSON string with @_user_N, mentions have mentioned_type', () =>
    heldBy(
      '-messages',
      '★ carries content as a JSON string, placeholders in order of appearance, and mentions with their type',
    ))

  it('★ @所有人 is @_all in the text with an empty mentions array, or by toggle an entry of nobody', async () => {
    heldBy('-messages', '★ writes @所有人 as @_all with an empty mentions array')
    await bench.faults({ at_all: 'entry' })
    await bench.say('李静', bench.group('办公室工作群'), '<at id="bot"></at> <at id="all"></at> 开会')
    const [event] = await heard()
    expect(event && textOf(event)).toBe('@_user_1 @_all 开会')
    expect(event?.message.mentions).toMatchObject([
      { key: '@_user_1', mentioned_type: 'bot' },
      { key: '@_all', id: { open_id: '', union_id: '', user_id: '' }, name: '所有人' },
    ])
  })

  it('@所有人 alone is not heard with the mention scope only, or by toggle is', async () => {
    const group = bench.group('办公室工作群')
    expect(await bench.say('李静', group, '<at id="all"></at> 一')).not.toHaveProperty('delivery_id')
    await bench.faults({ at_all_heard: true })
    expect(await bench.say('李静', group, '<at id="all"></at> 二')).toHaveProperty('delivery_id')
  })

  it("★ group messages only where the bot is mentioned, unless the all-messages scope is on; never the bot's own", () =>
    heldBy(
      '-messages',
      '★ delivers group messages only when the bot is mentioned, unless im:message.group_msg is granted',
      "★ never delivers the bot's own messages",
    ))

  it('user_id is missing without its scope; root_id, parent_id, thread_id only where they apply; post without a language', () =>
    heldBy(
      '-messages',
      'leaves user_id out unless its scope is granted',
      'gives replies parent_id and root_id, and thread_id only inside a topic',
      'delivers 富文本 without a language wrapper, its mentions as placeholders',
    ))

  it('chat_type is p2p, group and, in topic groups, topic_group with a topic for each message', async () => {
    const group = bench.group('办公室工作群')
    await bench.faults({ topic_groups: [group] })
    await bench.say('李静', await bench.p2p('李静'), '一')
    await bench.say('李静', group, '<at id="bot"></at> 二')
    await bench.say('王强', bench.group('督查工作群'), '<at id="bot"></at> 三')
    expect((await heard(3)).map(one => one.message.chat_type).sort()).toEqual(['group', 'p2p', 'topic_group'])
    const [topic] = (await heard(3)).filter(one => one.message.chat_type === 'topic_group')
    expect(topic?.message.thread_id).toMatch(/^omt_/)
    expect((await bench.api('GET', `/im/v1/chats/${group}`)).data.chat_mode).toBe('topic')
    const sent = await send(group)
    expect(sent.data.thread_id).toMatch(/^omt_/)
  })

  it('user_agent comes only with its scope', async () => {
    const chat = await bench.p2p('李静')
    await bench.say('李静', chat, '一')
    await bench.ask('POST', '/scopes', { grant: ['im:user_agent:read'] })
    await bench.say('李静', chat, '二')
    const events = await heard(2)
    expect(events.map(one => 'user_agent' in one.message).sort()).toEqual([false, true])
    await bench.ask('POST', '/scopes', { revoke: ['im:user_agent:read'] })
  })

  it('commands arrive as typed: /x, @bot /x, full-width ／, trailing mentions, line breaks', async () => {
    const chat = await bench.p2p('李静')
    const group = bench.group('办公室工作群')
    const said = [
      [chat, '/待办', '/待办'],
      [chat, '／待办\n第二行', '／待办\n第二行'],
      [group, '<at id="bot"></at> /待办', '@_user_1 /待办'],
      [group, '/交办 修投影 <at id="bot"></at>', '/交办 修投影 @_user_1'],
    ] as const
    for (const [to, text] of said) await bench.say('李静', to, text)
    expect((await heard(said.length)).map(textOf).sort()).toEqual(said.map(([, , text]) => text).sort())
  })

  it('registered slash commands appear in the panel and produce ordinary text messages', async () => {
    const command = { command: '待办', description: { default_value: '等我办的事' } }
    await bench.api('POST', '/application/v7/app_slash_commands', command)
    const { body } = await bench.ask<{ commands: Array<{ command: string }> }>('GET', '/commands')
    await bench.say('李静', await bench.p2p('李静'), `/${body.commands[0]?.command} `)
    const [event] = await heard()
    expect(event?.message.message_type).toBe('text')
    expect(event && textOf(event)).toBe('/待办 ')
  })

  it('read events only for 1:1, bot.added to the bot, a recall before processing empties the content', () =>
    heldBy(
      '-messages',
      'reports reading only of private messages, and reactions of people',
      'tells when the bot or people join and leave groups, and when a private chat is entered',
      'tells of a recall, and empties what is redelivered of the message',
    ))

  it('entering the private chat fires the access event each time', async () => {
    for (let time = 0; time < 3; time += 1) await bench.p2p('李静')
    await bench.pushes('im.chat.access_event.bot_p2p_chat_entered_v1', 3)
  })
})

describe('API out', () => {
  it('★ HTTP 400 with code, msg and log_id for business failures; HTTP 200 with a code for old APIs; msg varies', async () => {
    heldBy('-api', '★ refuses with HTTP 400 and { code, msg, error.log_id }, the token API with HTTP 200 and a code')
    heldBy('-api', 'says success here and ok there')
    heldBy('-im', 'are refused with HTTP 200 and a code, like all old APIs')
    const old = await bench.api('POST', '/ephemeral/v1/delete', { message_id: 'om_none' })
    expect(old).toMatchObject({ status: 200, code: 18051 })
  })

  it('★ tokens: the same while 30 min remain, both valid, revoked 99991663, missing 99991661, scope 99991672', () => {
    heldBy(
      '-api',
      '★ hands out the same token while 30 minutes remain, then a new one while the old stays valid',
      '★ wants a token, knows a malformed one, and refuses one that was revoked',
      'names the scopes that would do when one is missing',
    )
    heldBy('-login', "tells people's tokens from the app's")
  })

  it('★ limits: 50/s and 1000/min 429 with two headers; 5 QPS per person and group 230020; 5 QPS per message for PATCH', () => {
    heldBy(
      '-api',
      '★ refuses calls above the frequency of their API with HTTP 429, 99991400 and the two headers',
      '★ counts strictly: never more than 50 in any second nor 1000 in any minute, the burst included',
      '★ allows 5 messages a second to one person and to one group: HTTP 400, 230020',
    )
    heldBy('-cards', '★ PATCH takes 5 updates of one message a second')
  })

  it('uuid dedupe 1 h for messages and 10 h for groups', () => {
    heldBy('-api', 'makes one message of one uuid within the hour and answers the second call with the first')
    heldBy('-api', 'forgets a uuid after the hour')
    heldBy('-groups', 'are made once in ten hours for one uuid and owner')
  })

  it('who cannot be reached and what is too long: 230025, 230034, 99992361, 230002, 230013, resigned, 230035, 230028', () => {
    heldBy('-api', 'knows whom it can reach', 'refuses a %s with 230025')
    heldBy('-api', 'refuses muted groups and, by switch, mobile numbers in plain text')
    heldBy('-console', 'refuses to write to people outside the availability range: 230013')
  })

  it('PATCH of own messages of 14 days with update_multi; PUT refuses cards', () => {
    heldBy('-cards', 'PATCH changes own shared cards of at most 14 days, and never back to 1.0')
    heldBy('-api', 'edits words but not cards by PUT, recalls its own, and tells recalled from deleted')
  })

  it('read_users for 7 days with readers only; 200 urgent', () => {
    heldBy(
      '-im',
      'lists readers only, with the time, by pages of at most 100',
      'only of own messages, and for seven days',
    )
    heldBy('-im', 'stops at 200 unconfirmed for one person: 230023')
  })

  it('a message can be taken back and edited for as long as the administrators allow', async () => {
    const [one, two] = [(await send(bench.id('李静'))).data.message_id, (await send(bench.id('李静'))).data.message_id]
    await bench.ask('POST', '/clock', { by_ms: 25 * 3_600_000 })
    expect(await bench.api('DELETE', `/im/v1/messages/${one}`)).toMatchObject({ status: 400, code: 230009 })
    const edit = { msg_type: 'text', content: '{"text":"改"}' }
    expect(await bench.api('PUT', `/im/v1/messages/${two}`, edit)).toMatchObject({ status: 400, code: 230075 })
    await bench.faults({ recall_within_ms: null, edit_within_ms: null })
    expect((await bench.api('PUT', `/im/v1/messages/${two}`, edit)).code).toBe(0)
    expect((await bench.api('DELETE', `/im/v1/messages/${one}`)).code).toBe(0)
  })

  it('files of at most 30 MB, images of at most 10 MB, none empty; keys belong to who uploaded', async () => {
    const MB = 1024 * 1024
    const file = { file_type: 'stream', file_name: 'a.bin' }
    expect((await upload('file', new Uint8Array(30 * MB + 1), file)).code).toBe(234006)
    expect((await upload('file', new Uint8Array(0), file)).code).toBe(234010)
    expect((await upload('image', new Uint8Array(10 * MB + 1), { image_type: 'message' })).code).toBe(234006)
    const png = Buffer.from('89504e470d0a1a0a', 'hex')
    const { image_key = '' } = (await upload('image', png, { image_type: 'message' })).data
    expect((await send(bench.id('李静'), { image_key }, 'image')).code).toBe(0)
    const chat = await bench.p2p('李静')
    await bench.say('李静', chat, '', { text: undefined, file: { name: '照片.png', size: 9, image: true } })
    const [theirs] = await heard()
    const key = JSON.parse(theirs?.message.content ?? '{}').image_key
    expect((await send(bench.id('李静'), { image_key: key }, 'image')).code).toBe(230017)
  })

  it('directory by pages of at most 50, members by short pages, range-limited, 40004 as HTTP 403', () => {
    heldBy('-api', 'pages the directory by at most 50 and tells has_more')
    heldBy('-api', 'lists the groups of the bot and their people, pages of members being short')
    heldBy('-api', 'limits the directory to the contact range: 40004 as HTTP 403, people outside left out')
  })

  it('ephemeral: online people only, gone on reload, no PATCH; batch: bm- ids, asynchronous, buttons inert', () => {
    heldBy('-im', 'are seen by one person whose page is open, and gone when it is loaded anew')
    heldBy('-im', 'reach nobody who is not there', 'change by a press and can be deleted once, but not patched')
    heldBy('-im', 'go out later, one by one, to people and departments; buttons of their cards call nobody')
  })
})

describe('cards', () => {
  it('★ strict validation: 230099 with ErrCode and ErrPath, 200861, places, counts, doubles, 100290, 200570, update_multi', () =>
    heldBy(
      '-cards',
      '★ refuses an unknown property with 200621 and its path',
      '★ refuses removed tags with 200861',
      '★ refuses %s',
      'a table in a column',
      'several people outside of a form',
      'a column by itself',
      '★ refuses %s with 11310',
      '201 elements',
      '6 tables',
      '6 levels of containers',
      'refuses %s',
      'the same name twice',
      'a form named like one of its fields',
      'update_multi false',
      '★ wants people and images that exist: 100290 and 200570',
      'accepts every component of the reference with its properties',
    ))

  it('★ click: required fields and confirmation at the client, spinner and lock, 3 s, and the codes of the client', () => {
    drawnAs('必填项由客户端当场检查', '二次确认', '一次点击在途时转圈', '机器人答错时')
    heldBy('-clicks', '★ shows 200671 for another status, 200672 for no JSON, 200342 and 200340 for no connection')
    heldBy('-clicks', '★ waits 3 s, then 200341, and never repeats a callback; meanwhile other updates meet the lock')
  })

  it('★ callback answers: nothing, toast, raw or template card; wrong shape 200672, invalid card 200673, 1.0 for 2.0 200830', () =>
    heldBy(
      '-clicks',
      '★ applies a raw card of the answer for all viewers and shows its toast in Chinese',
      'applies a published template with its variables',
      '★ answers %s with an error and leaves the card alone',
    ))

  it('★ token: 30 min, 2 uses, refused before the answer went out; 11310 "card action is lock" while a press is under way', async () => {
    heldBy('-clicks', '★ lets the token update the card twice within 30 minutes, after the answer only')
    const { message_id } = (await bench.sendCard('李静', cardOf(markdown('一'), button('签收')))).data
    bench.bot.answer = () => ({ delay_ms: 300 })
    const as = bench.id('李静')
    const pressing = bench.ask<ClickAnswer>('POST', '/click', { as, message_id, action: { tag: 'button', value: {} } })
    await bench.pushes('card.action.trigger')
    const patch = () =>
      bench.api('PATCH', `/im/v1/messages/${message_id}`, { content: JSON.stringify(cardOf(markdown('二'))) })
    const locked = await patch()
    expect([locked.code, locked.msg]).toEqual([230099, expect.stringContaining('11310')])
    await pressing
    expect((await patch()).code).toBe(0)
  })

  it('form values: dates with their offset, empties as sent, absent or "" by toggle', () =>
    heldBy('-clicks', 'gives forms their values with the zone, optional empties as the switch says'))

  it('form values keep arrays of multi selects and open_ids of persons', async () => {
    const submit = button('提交', { id: '1' }, { name: 'save', form_action_type: 'submit' })
    const fields = [
      {
        tag: 'multi_select_static',
        name: 'kinds',
        options: [{ text: { tag: 'plain_text', content: '甲' }, value: 'a' }],
      },
      { tag: 'multi_select_person', name: 'who' },
    ]
    const sent = await bench.sendCard('李静', cardOf({ tag: 'form', name: 'f', elements: [...fields, submit] }))
    const form_value = { kinds: ['a'], who: [bench.id('王强')] }
    const action = { tag: 'button', name: 'save', value: { id: '1' }, form_value }
    await bench.ask('POST', '/click', { as: bench.id('李静'), message_id: sent.data.message_id, action })
    const [push] = await bench.pushes('card.action.trigger')
    expect(push?.body.event.action).toMatchObject({ form_value })
  })

  it('updates are seen by all viewers, with the summary line of the chat list', async () => {
    const group = bench.group('办公室工作群')
    const summed = (content: string) => ({
      ...cardOf(markdown(content)),
      config: { update_multi: true, summary: { content } },
    })
    const { message_id } = (await send(group, summed('待签收'), 'interactive')).data
    await bench.api('PATCH', `/im/v1/messages/${message_id}`, { content: JSON.stringify(summed('已签收')) })
    for (const name of ['李静', '刘芳']) {
      expect((await bench.messages(name, group)).at(-1)?.content).toContain('已签收')
      expect((await bench.chats(name)).find(one => one.chat_id === group)?.summary).toBe('已签收')
    }
  })

  it('forwarded copies are inert', () => {
    heldBy('-im', 'leaves copies of cards inert, by app and by person, unless the card allows pressing them')
    drawnAs('转发的副本不能操作')
  })

  it('the widths 600, 400 and fill; clients below 7.20; light and dark; languages; what streams', () =>
    drawnAs('三种宽度', '低于 7.20 的客户端', '浅色与深色', '客户端用什么语言', '流式卡片'))

  it("markdown with the platform's tags, tables and escaping; text from people that is not escaped visibly breaks", () =>
    drawnAs('富文本的标签各得其所', '表格', '像标记的文字只是文字'))
})

describe('operations', () => {
  it('moves the clock', () => heldBy('', 'moves the bot first-hand, and with it what messages and events bear'))

  it('injects faults: latency, 5xx, reset, 429 storms', () =>
    heldBy('-api', 'spoils its answers as the faults say, and keeps a record of the calls'))

  it('logs events with their retries, and calls with their log_id', async () => {
    const fast = await startBench({ speed: 60_000 })
    fast.bot.answer = () => ({ status: 500 })
    const { body } = await fast.ask<Delivery>('POST', '/events', { event_type: 'im.chat.updated_v1', event: {} })
    expect((await fast.delivery(body.id)).attempts.map(one => one.status)).toEqual([500, 500, 500, 500, 500])
    await fast.api('GET', '/bot/v3/info')
    const calls = (await fast.ask<ApiCall[]>('GET', '/calls')).body
    expect(calls.at(-1)).toMatchObject({
      path: '/open-apis/bot/v3/info',
      code: 0,
      log_id: expect.stringMatching(/^\d{14}/),
    })
    await fast.close()
  })

  it('knows the monthly quota of free tenants: 99991403', () =>
    heldBy('-console', 'is off at first; switched on, calls above it get 99991403, tokens and the directory none'))

  it('finds everything of the API again after a restart, and goes on with a batch', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'simulator-'))
    const dataFile = join(folder, 'state.json')
    const first = await startBench({ dataFile })
    const text = { msg_type: 'text', content: { text: '一' } }
    const people = ['李静', '王强', '吴刚', '冯军'].map(name => first.id(name))
    const batch = await first.api('POST', '/message/v4/batch_send/', { open_ids: people, ...text })
    const { data } = await first.api('POST', '/calendar/v4/calendars/primary', {})
    await first.api('POST', '/application/v7/app_slash_commands', {
      command: '待办',
      description: { default_value: '待办' },
    })
    await first.ask('PATCH', '/console', { events: ['im.message.receive_v1'] })
    await first.ask('POST', '/console/publish', {})
    await first.close()
    const second = await startBench({ dataFile })
    const id = String(batch.data.message_id)
    await until(() => Object.keys(second.sim.state.batches.get(id)?.sent ?? {}).length === 4, 'the rest of the batch')
    expect(second.sim.state.console.live.events).toEqual(['im.message.receive_v1'])
    expect([...second.sim.state.commands.values()].map(one => one.command)).toEqual(['待办'])
    expect((await second.api('POST', '/calendar/v4/calendars/primary', {})).data).toEqual(data)
    await second.close()
    rmSync(folder, { recursive: true, force: true })
  })
})
