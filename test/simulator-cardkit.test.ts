import type * as lark from '@larksuiteoapi/node-sdk'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Bench, button, cardOf, startBench } from '../simulator/bench/bench.ts'
import { codeOf, sdkOf } from './harness/sdk.ts'

let bench: Bench
let sdk: lark.Client

const line = (content: string, element_id = 'line') => ({ tag: 'markdown', content, element_id })
const data = (card: object) => ({ type: 'card_json', data: JSON.stringify(card) })
const entity = async (card: object = cardOf(line('一'))) =>
  (await sdk.cardkit.v1.card.create({ data: data(card) })).data?.card_id ?? ''
const sendEntity = (card_id: string, name = '李静') =>
  bench.api('POST', '/im/v1/messages?receive_id_type=open_id', {
    receive_id: bench.id(name),
    msg_type: 'interactive',
    content: JSON.stringify({ type: 'card', data: { card_id } }),
  })
const elements = (message_id: unknown) =>
  JSON.parse(bench.sim.state.messages.get(String(message_id))?.content ?? '{}').body.elements
const update = (card_id: string, sequence: number, card: object, uuid?: string) =>
  sdk.cardkit.v1.card.update({
    path: { card_id },
    data: { card: data(card) as never, sequence, ...(uuid && { uuid }) },
  })

beforeAll(async () => {
  bench = await startBench()
  sdk = sdkOf(bench)
})
afterAll(() => bench.close())
beforeEach(() => bench.ask('POST', '/reset', {}))

describe('card entities', () => {
  it('are made, sent once, and replaced for all who see them', async () => {
    const card_id = await entity()
    expect(card_id).toMatch(/^\d{19}$/)
    const sent = await sendEntity(card_id)
    expect(elements(sent.data.message_id)).toMatchObject([{ content: '一' }])
    const again = await sendEntity(card_id)
    expect(again.code).toBe(230099)
    expect(again.msg).toContain('11310')
    expect((await sendEntity('7000000000000000000')).msg).toContain('cardid is invalid')
    expect((await update(card_id, 1, cardOf(line('二')))).code).toBe(0)
    expect(elements(sent.data.message_id)).toMatchObject([{ content: '二' }])
  })

  it('take operations in sequence, each uuid once', async () => {
    const card_id = await entity()
    expect(await codeOf(update(card_id, 5, cardOf(line('一')), 'u-1'))).toBe(0)
    expect(await codeOf(update(card_id, 5, cardOf(line('二'))))).toBe(300317)
    expect(await codeOf(update(card_id, 6, cardOf(line('二')), 'u-1'))).toBe(200770)
    expect(await codeOf(update(card_id, 2 ** 31, cardOf(line('二'))))).toBe(10002)
    expect(await codeOf(update('7000000000000000000', 1, cardOf(line('一'))))).toBe(200740)
    expect(await codeOf(update(card_id, 6, cardOf(line('二')), 'u-2'))).toBe(0)
  })

  it.each([
    ['schema 1.0', { elements: [] }, 300303],
    ['no update_multi', { schema: '2.0', body: { elements: [] } }, 300302],
    ['an unknown tag', cardOf({ tag: 'note' }), 200220],
    ['an id twice', cardOf(line('一'), line('二')), 300301],
    ['201 elements', cardOf(...Array.from({ length: 201 }, (_, at) => line('一', `e${at}`))), 300305],
    ['nothing', {}, 300307],
    ['more than 30 KB', cardOf(line('重'.repeat(10_240))), 200860],
  ])('are refused with %s', async (_, card, code) => {
    expect(await codeOf(sdk.cardkit.v1.card.create({ data: data(card) }))).toBe(code)
  })

  it('are refused for what is no JSON, no type, and without the scope', async () => {
    const make = (type: string, given: string) => codeOf(sdk.cardkit.v1.card.create({ data: { type, data: given } }))
    expect(await make('card_json', 'card')).toBe(200220)
    expect(await make('card_json', '')).toBe(300307)
    expect(await make('card', '{}')).toBe(10002)
    await bench.faults({ missing_scopes: ['cardkit:card:write'] })
    expect(await make('card_json', JSON.stringify(cardOf(line('一'))))).toBe(99991672)
  })

  it('expire after 14 days', async () => {
    const card_id = await entity()
    await bench.ask('POST', '/clock', { by_ms: 15 * 24 * 3_600_000 })
    expect(await codeOf(update(card_id, 1, cardOf(line('二'))))).toBe(200750)
  })

  it('wait while somebody presses: 200810', async () => {
    const card_id = await entity(cardOf(line('一'), button('签收')))
    const { message_id } = (await sendEntity(card_id)).data
    bench.bot.answer = () => ({ delay_ms: 300 })
    const pressing = bench.ask('POST', '/click', {
      as: bench.id('李静'),
      message_id,
      action: { tag: 'button', value: {} },
    })
    await bench.pushes('card.action.trigger')
    expect(await codeOf(update(card_id, 1, cardOf(line('二'))))).toBe(200810)
    await pressing
    expect(await codeOf(update(card_id, 1, cardOf(line('二'))))).toBe(0)
    bench.bot.answer = () => ({})
  })

  it('stand behind cards that were sent as JSON too', async () => {
    const { message_id } = (await bench.sendCard('李静', cardOf(line('一')))).data
    const card_id =
      (await sdk.cardkit.v1.card.idConvert({ data: { message_id: String(message_id) } })).data?.card_id ?? ''
    await update(card_id, 1, cardOf(line('二')))
    expect(elements(message_id)).toMatchObject([{ content: '二' }])
  })
})

describe('pieces of a card entity', () => {
  const path = (card_id: string, element_id = 'line') => ({ card_id, element_id })

  it('are added before, after and at the end, replaced, changed in part, removed', async () => {
    const card_id = await entity()
    const { message_id } = (await sendEntity(card_id)).data
    const add = (
      type: 'append' | 'insert_after' | 'insert_before',
      id: string,
      sequence: number,
      target_element_id?: string,
    ) =>
      sdk.cardkit.v1.cardElement.create({
        path: { card_id },
        data: {
          type,
          sequence,
          elements: JSON.stringify([line(id, id)]),
          ...(target_element_id && { target_element_id }),
        },
      })
    await add('append', 'last', 1)
    await add('insert_before', 'first', 2, 'line')
    await add('insert_after', 'middle', 3, 'line')
    expect(elements(message_id).map((one: { element_id: string }) => one.element_id)).toEqual([
      'first',
      'line',
      'middle',
      'last',
    ])
    expect(await codeOf(add('insert_after', 'x', 4, 'none'))).toBe(300315)
    const part = (value: object) => ({ partial_element: JSON.stringify(value) })
    await sdk.cardkit.v1.cardElement.patch({ path: path(card_id), data: { ...part({ content: '改' }), sequence: 5 } })
    const other = sdk.cardkit.v1.cardElement.patch({
      path: path(card_id),
      data: { ...part({ tag: 'hr' }), sequence: 6 },
    })
    expect(await codeOf(other)).toBe(300312)
    await sdk.cardkit.v1.cardElement.update({
      path: path(card_id, 'first'),
      data: { element: JSON.stringify({ tag: 'hr', element_id: 'first' }), sequence: 7 },
    })
    await sdk.cardkit.v1.cardElement.delete({ path: path(card_id, 'last'), data: { sequence: 8 } })
    expect(elements(message_id)).toMatchObject([{ tag: 'hr' }, { content: '改' }, { element_id: 'middle' }])
    expect(
      await codeOf(sdk.cardkit.v1.cardElement.delete({ path: path(card_id, 'last'), data: { sequence: 9 } })),
    ).toBe(300314)
  })

  it('change together or not at all', async () => {
    const card_id = await entity()
    const { message_id } = (await sendEntity(card_id)).data
    const batch = (sequence: number, actions: object[]) =>
      sdk.cardkit.v1.card.batchUpdate({ path: { card_id }, data: { sequence, actions: JSON.stringify(actions) } })
    const settings = {
      action: 'partial_update_setting',
      params: { settings: { config: { summary: { content: '督办' } } } },
    }
    const more = { action: 'add_elements', params: { type: 'append', elements: [line('二', 'two')] } }
    const bad = { action: 'delete_elements', params: { element_ids: ['none'] } }
    expect(await codeOf(batch(1, [settings, more, bad]))).toBe(300314)
    expect(elements(message_id)).toHaveLength(1)
    expect(await codeOf(batch(1, [settings, more]))).toBe(0)
    expect(elements(message_id)).toHaveLength(2)
    expect(JSON.parse(bench.sim.state.messages.get(String(message_id))?.content ?? '{}').config).toEqual({
      update_multi: true,
      summary: { content: '督办' },
    })
    expect(await codeOf(batch(2, [{ action: 'explode', params: {} }]))).toBe(10002)
  })

  it('stream words while streaming is on, for ten minutes, into texts only', async () => {
    const card_id = await entity(cardOf(line('…'), { tag: 'hr', element_id: 'rule' }))
    const { message_id } = (await sendEntity(card_id)).data
    const write = (sequence: number, content: string, element_id = 'line') =>
      sdk.cardkit.v1.cardElement.content({ path: path(card_id, element_id), data: { content, sequence } })
    const stream = (sequence: number, streaming_mode: boolean) =>
      sdk.cardkit.v1.card.settings({
        path: { card_id },
        data: { sequence, settings: JSON.stringify({ config: { streaming_mode } }) },
      })
    expect(await codeOf(write(1, '一'))).toBe(300309)
    expect(await codeOf(stream(1, true))).toBe(0)
    expect(await codeOf(write(2, '一二三'))).toBe(0)
    expect(elements(message_id)[0].content).toBe('一二三')
    expect(await codeOf(write(3, '一', 'rule'))).toBe(300310)
    await bench.ask('POST', '/clock', { by_ms: 11 * 60_000 })
    expect(await codeOf(write(3, '一二三四'))).toBe(200850)
    expect(await codeOf(stream(3, false))).toBe(0)
    const unknown = sdk.cardkit.v1.card.settings({
      path: { card_id },
      data: { sequence: 4, settings: '{"colour":"red"}' },
    })
    expect(await codeOf(unknown)).toBe(300122)
  })
})

it('sends published templates with their variables, and refuses others', async () => {
  await bench.ask('POST', '/templates', { template_id: 'AAq1', card: cardOf(line(`\${who} 请阅`)) })
  const send = (template_id: string) =>
    bench.api('POST', '/im/v1/messages?receive_id_type=open_id', {
      receive_id: bench.id('李静'),
      msg_type: 'interactive',
      content: JSON.stringify({ type: 'template', data: { template_id, template_variable: { who: '李静' } } }),
    })
  expect(elements((await send('AAq1')).data.message_id)).toMatchObject([{ content: '李静 请阅' }])
  expect((await send('none')).msg).toContain('200380')
})
