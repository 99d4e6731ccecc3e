import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Bench, startBench, until } from '../simulator/bench/bench.ts'

let bench: Bench

interface ReceiveEvent {
  sender: { sender_id: Record<string, string>; sender_type: string }
  message: Record<string, string> & { mentions?: Array<Record<string, unknown>> }
}

const heard = async (count = 1) =>
  (await bench.pushes('im.message.receive_v1', count)).map(one => one.body.event as unknown as ReceiveEvent)

const types = () => bench.bot.received.map(one => one.body.header.event_type)

describe('messages in', () => {
  beforeAll(async () => {
    bench = await startBench()
  })
  afterAll(() => bench.close())
  beforeEach(async () => {
    await bench.ask('POST', '/reset', {})
    await bench.ask('POST', '/scopes', { revoke: ['im:message.group_msg', 'contact:user.employee_id:readonly'] })
    bench.bot.received.length = 0
  })

  it('★ carries content as a JSON string, placeholders in order of appearance, and mentions with their type', async () => {
    const text = `<at id="bot"></at> /督办 <at id="${bench.id('王强')}">王强</at> 周五前交材料`
    await bench.say('李静', bench.group('办公室工作群'), text)
    const [event] = await heard()
    expect(event?.message).toMatchObject({
      chat_type: 'group',
      message_type: 'text',
      chat_id: bench.group('办公室工作群'),
    })
    expect(JSON.parse(event?.message.content ?? '')).toEqual({ text: '@_user_1 /督办 @_user_2 周五前交材料' })
    expect(event?.message.mentions).toMatchObject([
      { key: '@_user_1', mentioned_type: 'bot', name: '回音' },
      { key: '@_user_2', mentioned_type: 'user', name: '王强', id: { open_id: bench.id('王强') } },
    ])
    expect(event?.message.create_time).toMatch(/^\d{13}$/)
    expect(event?.message).not.toHaveProperty('root_id')
    expect(event?.message).not.toHaveProperty('thread_id')
  })

  it('★ writes @所有人 as @_all with an empty mentions array', async () => {
    await bench.ask('POST', '/scopes', { grant: ['im:message.group_msg'] })
    await bench.say('李静', bench.group('办公室工作群'), '<at id="all"></at> 开会')
    const [event] = await heard()
    expect(JSON.parse(event?.message.content ?? '')).toEqual({ text: '@_all 开会' })
    expect(event?.message.mentions).toEqual([])
  })

  it('★ delivers group messages only when the bot is mentioned, unless im:message.group_msg is granted', async () => {
    const group = bench.group('办公室工作群')
    expect(await bench.say('李静', group, '大家好')).not.toHaveProperty('delivery_id')
    expect(await bench.say('李静', group, '<at id="all"></at> 大家好')).not.toHaveProperty('delivery_id')
    expect(await bench.say('李静', group, '<at id="bot"></at> 你好')).toHaveProperty('delivery_id')
    await bench.ask('POST', '/scopes', { grant: ['im:message.group_msg'] })
    expect(await bench.say('李静', group, '还有人吗')).toHaveProperty('delivery_id')
    expect((await heard(2)).map(one => JSON.parse(one.message.content ?? '').text)).toEqual([
      '@_user_1 你好',
      '还有人吗',
    ])
  })

  it("★ never delivers the bot's own messages", async () => {
    const chat_id = await bench.p2p('李静')
    await bench.ask('POST', '/scopes', { grant: ['im:message.group_msg'] })
    const send = (id: string) => ({ receive_id: id, msg_type: 'text', content: JSON.stringify({ text: '通知' }) })
    await bench.api('POST', '/im/v1/messages?receive_id_type=chat_id', send(chat_id))
    await bench.api('POST', '/im/v1/messages?receive_id_type=chat_id', send(bench.group('督查工作群')))
    await bench.say('李静', chat_id, '收到')
    expect((await heard()).map(one => one.sender.sender_type)).toEqual(['user'])
    expect(types()).toEqual(['im.chat.access_event.bot_p2p_chat_entered_v1', 'im.message.receive_v1'])
  })

  it('leaves user_id out unless its scope is granted', async () => {
    const chat_id = await bench.p2p('李静')
    await bench.say('李静', chat_id, '一')
    await bench.ask('POST', '/scopes', { grant: ['contact:user.employee_id:readonly'] })
    await bench.say('李静', chat_id, '二')
    const [one, two] = await heard(2)
    expect(Object.keys(one?.sender.sender_id ?? {}).sort()).toEqual(['open_id', 'union_id'])
    expect(two?.sender.sender_id.user_id).toMatch(/^[0-9a-f]{8}$/)
  })

  it('gives replies parent_id and root_id, and thread_id only inside a topic', async () => {
    const chat_id = await bench.p2p('李静')
    const { message_id } = await bench.say('李静', chat_id, '一')
    const second = await bench.say('李静', chat_id, '二', { parent_id: message_id })
    await bench.say('李静', chat_id, '三', { parent_id: second.message_id })
    const body = { msg_type: 'text', content: '{"text":"话题"}', reply_in_thread: true }
    const topic = await bench.api('POST', `/im/v1/messages/${message_id}/reply`, body)
    expect(topic.data.thread_id).toMatch(/^omt_/)
    await bench.say('李静', chat_id, '四', { parent_id: topic.data.message_id })
    const [, two, three, four] = (await heard(4)).map(one => one.message)
    expect(two).toMatchObject({ parent_id: message_id, root_id: message_id })
    expect(two).not.toHaveProperty('thread_id')
    expect(three).toMatchObject({ parent_id: second.message_id, root_id: message_id })
    expect(four).toMatchObject({
      parent_id: topic.data.message_id,
      root_id: message_id,
      thread_id: topic.data.thread_id,
    })
  })

  it('delivers 富文本 without a language wrapper, its mentions as placeholders', async () => {
    const post = {
      title: '通知',
      content: [
        [
          { tag: 'at', user_id: 'bot' },
          { tag: 'text', text: ' 请看' },
        ],
      ],
    }
    await bench.say('李静', bench.group('办公室工作群'), '', { text: undefined, post })
    const [event] = await heard()
    expect(event?.message.message_type).toBe('post')
    expect(JSON.parse(event?.message.content ?? '')).toEqual({
      title: '通知',
      content: [
        [
          { tag: 'at', user_id: '@_user_1', user_name: '回音' },
          { tag: 'text', text: ' 请看' },
        ],
      ],
    })
  })

  it('delivers files and images by key; their bytes are fetched with the message', async () => {
    const chat_id = await bench.p2p('李静')
    const { message_id } = await bench.say('李静', chat_id, '', { file: { name: '名单.xlsx', size: 1234 } })
    await bench.say('李静', chat_id, '', { file: { name: '照片.png', size: 99, image: true } })
    const [file, image] = await heard(2)
    const { file_key, file_name } = JSON.parse(file?.message.content ?? '')
    expect(file?.message.message_type).toBe('file')
    expect(file_name).toBe('名单.xlsx')
    expect(JSON.parse(image?.message.content ?? '').image_key).toMatch(/^img_v3_/)
    const { body } = await bench.ask('GET', `/chats/${chat_id}/messages?as=${bench.id('李静')}`)
    expect(body.messages).toMatchObject([
      { file: { key: file_key, name: '名单.xlsx', size: 1234 } },
      { msg_type: 'image' },
    ])
    const wrong = await bench.api('GET', `/im/v1/messages/${message_id}/resources/file_v3_none?type=file`)
    expect(wrong).toMatchObject({ status: 400, code: 234003 })
  })

  it('tells of a recall, and empties what is redelivered of the message', async () => {
    await bench.ask('POST', '/reset', {})
    const chat_id = await bench.p2p('李静')
    const fast = await startBench({ speed: 15 })
    const chat = await fast.p2p('李静')
    fast.bot.answer = ({ body }) => ({ status: body.header.event_type === 'im.message.receive_v1' ? 500 : 200 })
    const { message_id } = await fast.say('李静', chat, '说错了')
    await fast.pushes('im.message.receive_v1')
    await fast.ask('POST', `/messages/${message_id}/recall`, { as: fast.id('李静') })
    fast.bot.answer = () => ({})
    const recalled = await fast.pushes('im.message.recalled_v1')
    expect(recalled[0]?.body.event).toMatchObject({ message_id, chat_id: chat, recall_type: 'message_owner' })
    const [, again] = await fast.pushes('im.message.receive_v1', 2)
    expect(again?.body.event.message).toMatchObject({ message_id, content: '' })
    const reply = await fast.api('POST', `/im/v1/messages/${message_id}/reply`, {
      msg_type: 'text',
      content: '{"text":"？"}',
    })
    expect(reply.code).toBe(230011)
    await fast.close()
    expect(chat_id).toMatch(/^oc_/)
  })

  it('tells when the bot or people join and leave groups, and when a private chat is entered', async () => {
    const boss = bench.id('李静')
    const made = await bench.ask<{ chat_id: string }>('POST', '/groups', {
      as: boss,
      name: '临时群',
      members: [bench.id('王强')],
      bot: true,
    })
    const { chat_id } = made.body
    await bench.ask('POST', `/groups/${chat_id}/members`, {
      as: boss,
      add: [bench.id('陈刚')],
      remove: [bench.id('王强')],
    })
    await bench.ask('POST', `/groups/${chat_id}/bot`, { as: boss, in: false })
    await bench.p2p('陈刚')
    const joined = await bench.pushes('im.chat.member.user.added_v1')
    expect(joined[0]?.body.event).toMatchObject({
      chat_id,
      name: '临时群',
      users: [{ name: '陈刚', user_id: { open_id: bench.id('陈刚') } }],
    })
    const entered = await bench.pushes('im.chat.access_event.bot_p2p_chat_entered_v1')
    expect(entered[0]?.body.event).toMatchObject({ operator_id: { open_id: bench.id('陈刚') } })
    await until(() => types().length === 5, 'all five')
    expect(types().sort()).toEqual([
      'im.chat.access_event.bot_p2p_chat_entered_v1',
      'im.chat.member.bot.added_v1',
      'im.chat.member.bot.deleted_v1',
      'im.chat.member.user.added_v1',
      'im.chat.member.user.deleted_v1',
    ])
    expect((await bench.ask('POST', '/groups', { as: boss, name: '临时群', members: [], bot: false })).status).toBe(409)
  })

  it('reports reading only of private messages, and reactions of people', async () => {
    const chat_id = await bench.p2p('李静')
    const text = { msg_type: 'text', content: '{"text":"请阅"}' }
    const own = await bench.api('POST', '/im/v1/messages?receive_id_type=chat_id', { receive_id: chat_id, ...text })
    const group = bench.group('办公室工作群')
    await bench.api('POST', '/im/v1/messages?receive_id_type=chat_id', { receive_id: group, ...text })
    for (const id of [chat_id, group]) await bench.ask('POST', `/chats/${id}/read`, { as: bench.id('李静') })
    const [read, ...more] = await bench.pushes('im.message.message_read_v1')
    expect(read?.body.event).toMatchObject({ message_id_list: [own.data.message_id] })
    expect(more).toEqual([])
    const reaction = { as: bench.id('李静'), emoji_type: 'OK', on: true }
    await bench.ask('POST', `/messages/${own.data.message_id}/reactions`, reaction)
    const [created] = await bench.pushes('im.message.reaction.created_v1')
    expect(created?.body.event).toMatchObject({ message_id: own.data.message_id, reaction_type: { emoji_type: 'OK' } })
  })

  it('tells of changes in the directory when a person is frozen or leaves, who then may not act', async () => {
    const person = bench.id('沈亮')
    await bench.ask('PATCH', `/people/${person}`, { is_frozen: true })
    const [updated] = await bench.pushes('contact.user.updated_v3')
    expect(updated?.body.event).toMatchObject({ object: { open_id: person, status: { is_frozen: true } } })
    expect((await bench.ask('POST', '/p2p', { as: person })).status).toBe(403)
    await bench.ask('PATCH', `/people/${person}`, { is_resigned: true })
    const [deleted] = await bench.pushes('contact.user.deleted_v3')
    expect(deleted?.body.event).toMatchObject({
      object: { open_id: person },
      old_object: { department_ids: [expect.stringMatching(/^od-/)] },
    })
  })
})
