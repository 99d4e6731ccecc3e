import { createHash } from 'node:crypto'
import * as lark from '@larksuiteoapi/node-sdk'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { app, type Bench, cardOf, markdown, startBench } from '../simulator/bench/bench.ts'

let bench: Bench
let client: lark.Client

const silence = () => {}
const quiet = { error: silence, warn: silence, info: silence, debug: silence, trace: silence }

describe('the official SDK against the simulator', () => {
  beforeAll(async () => {
    bench = await startBench()
    client = new lark.Client({
      appId: app.appId,
      appSecret: app.appSecret,
      domain: bench.sim.url,
      logger: quiet,
    })
  })
  afterAll(() => bench.close())

  it('creates, replies, patches and reads the directory', async () => {
    const content = JSON.stringify(cardOf(markdown('一')))
    const sent = await client.im.v1.message.create({
      params: { receive_id_type: 'open_id' },
      data: { receive_id: bench.id('李静'), msg_type: 'interactive', content, uuid: 'sdk-1' },
    })
    const message_id = sent.data?.message_id ?? ''
    expect(message_id).toMatch(/^om_/)
    const reply = await client.im.v1.message.reply({
      path: { message_id },
      data: { msg_type: 'text', content: '{"text":"收到"}' },
    })
    expect(reply.data).toMatchObject({ parent_id: message_id, root_id: message_id })
    const patched = await client.im.v1.message.patch({
      path: { message_id },
      data: { content: JSON.stringify(cardOf(markdown('二'))) },
    })
    expect(patched.code).toBe(0)
    const [office] = [...bench.sim.state.departments.values()]
    const people = await client.contact.v3.user.findByDepartment({
      params: { department_id: office?.open_department_id ?? '' },
    })
    expect(people.data?.items?.map(one => one.name)).toContain('刘芳')
  })

  it('throws what Feishu makes it throw: HTTP 400 with the code in the body', async () => {
    const create = client.im.v1.message.create({
      params: { receive_id_type: 'open_id' },
      data: { receive_id: bench.id('吕洋'), msg_type: 'text', content: '{"text":"一"}' },
    })
    await expect(create).rejects.toMatchObject({ response: { status: 400, data: { code: 230013 } } })
  })

  it('★ its EventDispatcher refuses the genuine body that a check over the raw bytes accepts', async () => {
    await bench.say('李静', await bench.p2p('李静'), '你好/再见')
    const [push] = await bench.pushes('im.message.receive_v1')
    let heard = 0
    const dispatcher = new lark.EventDispatcher({
      encryptKey: app.encryptKey,
      logger: quiet,
    }).register({
      'im.message.receive_v1': async () => {
        heard += 1
      },
    })
    const deliver = () =>
      dispatcher.invoke(Object.assign(Object.create({ headers: push?.headers }), JSON.parse(push?.raw ?? '')))
    expect(await deliver()).toBeUndefined()
    expect(heard).toBe(0)
    const {
      'x-lark-request-timestamp': at,
      'x-lark-request-nonce': nonce,
      'x-lark-signature': signature,
    } = push?.headers ?? {}
    expect(createHash('sha256').update(`${at}${nonce}${app.encryptKey}${push?.raw}`).digest('hex')).toBe(signature)
  })
})
