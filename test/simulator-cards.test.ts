import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Bench, button, cardOf, markdown, startBench } from '../simulator/bench/bench.ts'
import { CardFault } from '../simulator/card/fault.ts'
import { readCard } from '../simulator/card/read.ts'
import { cardSummary } from '../simulator/card/summary.ts'

let bench: Bench

const plain = (content: string) => ({ tag: 'plain_text', content })
const submit = button('提交', { op: 'save' }, { name: 'save', form_action_type: 'submit' })
const form = (...elements: unknown[]) => ({ tag: 'form', name: 'form', elements })
const columns = (...elements: unknown[]) => ({ tag: 'column_set', columns: [{ tag: 'column', elements }] })
const nested = (depth: number): object => (depth === 0 ? markdown('底') : columns(nested(depth - 1)))
const table = { tag: 'table', columns: [{ name: 'a', data_type: 'text' }], rows: [{ a: '一' }] }
const many = (count: number) => Array.from({ length: count }, () => markdown('一'))

const people = [
  '李静',
  '王强',
  '吴刚',
  '冯军',
  '赵敏',
  '蒋勇',
  '陈刚',
  '朱琳',
  '许诺',
  '周正',
  '张明',
  '孙丽',
  '周涛',
  '褚燕',
  '曹颖',
]
let turn = 0
/** Each card to the next person, so that the limit per person stays out of it. */
const send = async (card: unknown) => {
  turn += 1
  return bench.sendCard(people[turn % people.length] ?? '', card)
}

const refusal = async (card: unknown) => {
  const { status, code, msg } = await send(card)
  expect({ status, code }).toEqual({ status: 400, code: 230099 })
  expect(msg).toMatch(/^Failed to create card content, ext=ErrCode: \d+;/)
  return msg
}

describe('cards', () => {
  beforeAll(async () => {
    bench = await startBench()
    await bench.faults({ limits: false })
  })
  afterAll(() => bench.close())

  it('★ refuses an unknown property with 200621 and its path', async () => {
    const msg = await refusal(cardOf({ ...columns(markdown('一')), corner_radius: '4px' }))
    expect(msg).toContain('ErrCode: 200621; ErrPath: ROOT -> body -> elements -> [0](tag: column_set);')
    expect(msg).toContain('unknown property, property: corner_radius')
    expect(await refusal({ ...cardOf(), elements: [] })).toContain('unknown property, property: elements, path: ROOT')
    expect(await refusal(cardOf({ tag: 'constructor' }))).toContain('type of element is not supported tag: constructor')
    expect(await refusal(cardOf({ tag: 'hr', toString: 'x' }))).toContain('unknown property, property: toString')
  })

  it('★ refuses removed tags with 200861', async () => {
    const msg = await refusal(cardOf(markdown('一'), markdown('二'), { tag: 'note', elements: [] }))
    expect(msg).toBe(
      'Failed to create card content, ext=ErrCode: 200861; ErrPath: ROOT -> body -> elements -> [2](tag: note); ErrMsg: cards of schema V2 no longer support this capability; ErrorValue: unsupported tag note; ',
    )
    expect(await refusal(cardOf({ tag: 'action', actions: [] }))).toContain('ErrCode: 200861')
  })

  it.each([
    ['a table in a column', cardOf(columns(table)), 'tag: table'],
    ['a form in a column', cardOf(columns(form(submit))), 'tag: form'],
    ['a form in a form', cardOf(form(submit, form(submit))), 'tag: form'],
    ['a table in a form', cardOf(form(submit, table)), 'tag: table'],
    [
      'a multi select outside of a form',
      cardOf({ tag: 'multi_select_static', name: 'm', options: [] }),
      'tag: multi_select_static',
    ],
    ['several people outside of a form', cardOf({ tag: 'multi_select_person', name: 'm' }), 'tag: multi_select_person'],
    ['a column by itself', cardOf({ tag: 'column', elements: [] }), 'tag: column'],
  ])('★ refuses %s', async (_, card, words) => expect(await refusal(card)).toContain(words))

  it.each([
    ['201 elements', cardOf(...many(201)), 'element exceeds the limit'],
    ['6 tables', cardOf(...Array.from({ length: 6 }, () => table)), 'card table number over limit'],
    [
      '6 tables, some in markdown',
      cardOf(table, table, table, markdown('|a|b|\n|---|---|\n|1|2|\n\n|a|\n|:---|\n|1|'), table),
      'card table number over limit',
    ],
    ['6 levels of containers', cardOf(nested(6)), 'container nesting exceeds the limit'],
  ])('★ refuses %s with 11310', async (_, card, words) => {
    const msg = await refusal(card)
    expect(msg).toContain('ErrCode: 11310')
    expect(msg).toContain(words)
  })

  it.each([
    ['200 elements', cardOf(...many(200))],
    ['5 tables', cardOf(...Array.from({ length: 5 }, () => table))],
    ['5 levels of containers', cardOf(nested(5))],
    ['no update_multi', { schema: '2.0', body: { elements: [] } }],
    ['an empty card, which is 1.0', {}],
    ['an old card with anything in it', { elements: [{ tag: 'whatever' }], odd: 1 }],
  ])('accepts %s', async (_, card) => expect((await send(card)).code).toBe(0))

  it.each([
    [
      'the same element_id twice',
      cardOf({ ...markdown('一'), element_id: 'a' }, { ...markdown('二'), element_id: 'a' }),
      '300301',
    ],
    ['an element_id that begins with a digit', cardOf({ ...markdown('一'), element_id: '1a' }), 'a letter followed by'],
    ['the same name twice', cardOf(button('一', {}, { name: 'x' }), button('二', {}, { name: 'x' })), 'duplicate name'],
    ['a form without a name', cardOf({ tag: 'form', elements: [submit] }), 'missing property, property: name'],
    ['a form without a submit button', cardOf(form({ tag: 'input', name: 'a' })), 'form_action_type submit'],
    ['a nameless field in a form', cardOf(form(submit, { tag: 'input' })), 'ErrCode: 200530'],
    ['a nameless field deep in a form', cardOf(form(submit, columns({ tag: 'date_picker' }))), 'ErrCode: 200530'],
    [
      'a submit button outside of a form',
      cardOf(button('一', {}, { form_action_type: 'submit' })),
      'outside of a form',
    ],
    ['a form named like one of its fields', cardOf(form(submit, { tag: 'input', name: 'form' })), 'duplicate name'],
    [
      'a behavior of unknown type',
      cardOf({ ...button('一'), behaviors: [{ type: 'call' }] }),
      'unsupported behavior: call',
    ],
    ['a callback without a value', cardOf({ ...button('一'), behaviors: [{ type: 'callback' }] }), 'property: value'],
    [
      'a link without an address',
      cardOf({ ...button('一'), behaviors: [{ type: 'open_url' }] }),
      'property: default_url',
    ],
    ['a bare value on a button', cardOf({ ...button('一'), value: {} }), 'unknown property, property: value'],
    ['a button text of 101 characters', cardOf(button('长'.repeat(101))), 'at most 100 characters'],
    [
      'a button with markdown as text',
      cardOf({ ...button('一'), text: { tag: 'lark_md', content: '一' } }),
      'unsupported text tag',
    ],
    [
      'an interactive_container without behaviors',
      cardOf({ tag: 'interactive_container', elements: [], behaviors: [] }),
      'property: behaviors',
    ],
    [
      'two options of one value',
      cardOf({
        tag: 'select_static',
        options: [
          { text: plain('一'), value: 'a' },
          { text: plain('二'), value: 'a' },
        ],
      }),
      'duplicate option value',
    ],
    ['a hex colour', cardOf({ tag: 'div', text: { ...plain('一'), text_color: '#999999' } }), 'invalid color: #999999'],
    [
      'a header with a tag',
      { ...cardOf(), header: { tag: 'header', title: plain('一') } },
      'unknown property, property: tag, path: ROOT -> header',
    ],
    [
      'a header in pink',
      { ...cardOf(), header: { title: plain('一'), template: 'pink' } },
      'ROOT -> header -> template',
    ],
    ['update_multi false', { ...cardOf(), config: { update_multi: false } }, 'ErrCode: 300302'],
    ['a date that is none', cardOf({ tag: 'date_picker', initial_date: '2026/1/1' }), 'yyyy-MM-dd'],
    ['a row with an undeclared column', cardOf({ ...table, rows: [{ b: '一' }] }), 'ErrCode: 200915'],
    ['a cell of the wrong type', cardOf({ ...table, rows: [{ a: 1 }] }), 'ErrCode: 200914'],
    ['a chart without a type', cardOf({ tag: 'chart', chart_spec: {} }), 'ErrCode: 200550'],
    [
      'a button area of four buttons',
      cardOf({ tag: 'checker', button_area: { buttons: [1, 2, 3, 4].map(at => button(`${at}`)) } }),
      'at most 3 entries',
    ],
    ['a template nobody published', { type: 'template', data: { template_id: 'AAq' } }, 'ErrCode: 200380'],
    ['a card that is no JSON object', [], 'ErrCode: 200621'],
  ])('refuses %s', async (_, card, words) => expect(await refusal(card)).toContain(words))

  it('★ wants people and images that exist: 100290 and 200570', async () => {
    const nobody = `ou_${'9'.repeat(32)}`
    expect(await refusal(cardOf({ tag: 'person', user_id: nobody }))).toContain('ErrCode: 100290')
    expect(await refusal(cardOf(markdown(`请 <at id=${nobody}></at> 阅`)))).toContain('ErrCode: 100290')
    expect(
      await refusal(
        cardOf({ tag: 'div', text: { tag: 'lark_md', content: `<at ids="${bench.id('李静')},${nobody}"></at>` } }),
      ),
    ).toContain(nobody)
    expect(await refusal(cardOf({ tag: 'person_list', persons: [{ id: nobody }] }))).toContain('ErrCode: 100290')
    expect(await refusal(cardOf({ tag: 'img', img_key: 'img_v3_none', alt: plain('') }))).toContain('ErrCode: 200570')
    const kind = cardOf(markdown(`<at id=${bench.id('李静')}></at> <at id=all></at> \`<at id=x></at>\``), {
      tag: 'person_list',
      persons: [{ id: nobody }],
      drop_invalid_user_id: true,
    })
    expect((await send(kind)).code).toBe(0)
  })

  it('accepts every component of the reference with its properties', async () => {
    const id = bench.id('李静')
    const options = [
      { text: plain('一'), value: 'a', icon: { tag: 'standard_icon', token: 'chat_outlined', color: 'orange' } },
      { text: plain('二'), value: 'b' },
    ]
    const confirm = { title: plain('确认'), text: plain('一旦提交不能撤回') }
    const fields = [
      {
        tag: 'input',
        name: 'i',
        label: plain('理由'),
        label_position: 'left',
        input_type: 'multiline_text',
        rows: 3,
        max_rows: 6,
        auto_resize: true,
        required: true,
        max_length: 500,
        placeholder: plain('请填写'),
      },
      { tag: 'select_static', name: 's', options, initial_option: 'a', width: 'fill', required: true },
      { tag: 'multi_select_static', name: 'ms', options, selected_values: ['a'] },
      { tag: 'select_person', name: 'p', options: [{ value: id }], initial_option: id },
      { tag: 'multi_select_person', name: 'mp', options: [], selected_values: [id] },
      { tag: 'date_picker', name: 'd', initial_date: '2026-11-24' },
      { tag: 'picker_time', name: 't', initial_time: '08:30' },
      { tag: 'picker_datetime', name: 'dt', initial_datetime: '2026-11-24 08:30', placeholder: plain('请选择') },
      {
        tag: 'checker',
        name: 'c',
        text: { tag: 'lark_md', content: '**同意**' },
        checked: false,
        overall_checkable: true,
        checked_style: { show_strikethrough: true, opacity: 0.5 },
      },
    ]
    const card = {
      schema: '2.0',
      config: {
        update_multi: true,
        width_mode: 'fill',
        enable_forward: false,
        summary: { content: '督办' },
        style: {
          text_size: { cus: { default: 'normal', pc: 'normal', mobile: 'heading' } },
          color: { mine: { light_mode: 'rgba(20,86,240,1)', dark_mode: 'rgba(117,164,255,0.5)' } },
        },
      },
      card_link: { url: 'https://example.com' },
      header: {
        title: plain('督办'),
        subtitle: plain('待确认'),
        template: 'orange',
        text_tag_list: [{ tag: 'text_tag', text: plain('紧急'), color: 'red' }],
        icon: { tag: 'standard_icon', token: 'bell_outlined' },
        padding: '12px 8px',
      },
      body: {
        direction: 'vertical',
        padding: '12px',
        vertical_spacing: 'medium',
        elements: [
          {
            tag: 'div',
            text: { ...plain('一'), text_size: 'cus', text_color: 'mine', text_align: 'center', lines: 2 },
            width: 'auto',
          },
          { tag: 'hr', margin: '4px 0px -4px 0px', element_id: 'line' },
          { tag: 'person', user_id: id, size: 'small', style: 'capsule', show_name: true, show_avatar: true },
          {
            tag: 'table',
            page_size: 10,
            row_height: 'low',
            freeze_first_column: true,
            header_style: { bold: true, background_style: 'grey', lines: 1, text_size: 'normal' },
            columns: [
              {
                name: 'no',
                display_name: '编号',
                data_type: 'number',
                width: '80px',
                horizontal_align: 'right',
                format: { precision: 0 },
              },
              { name: 'who', data_type: 'persons', width: '20%' },
              { name: 'lamp', data_type: 'options' },
              { name: 'on', data_type: 'date', date_format: 'YYYY/MM/DD' },
            ],
            rows: [{ no: 1, who: [id], lamp: [{ text: '红', color: 'red' }], on: 1_700_000_000_000 }],
          },
          { tag: 'chart', chart_spec: { type: 'pie', data: [] }, aspect_ratio: '16:9', color_theme: 'brand' },
          {
            tag: 'collapsible_panel',
            expanded: false,
            header: {
              title: { tag: 'markdown', content: '**详情**' },
              width: 'fill',
              icon: { tag: 'standard_icon', token: 'down-small-ccm_outlined', size: '16px 16px' },
              icon_position: 'right',
              icon_expanded_angle: -180,
            },
            border: { color: 'grey', corner_radius: '5px' },
            elements: [markdown('一')],
          },
          {
            tag: 'interactive_container',
            width: 'fill',
            height: 'auto',
            has_border: true,
            border_color: 'grey',
            corner_radius: '8px',
            background_style: 'default',
            behaviors: [{ type: 'open_url', default_url: 'https://example.com' }],
            elements: [markdown('一')],
          },
          {
            tag: 'overflow',
            width: 'default',
            options: [
              { text: plain('打开'), multi_url: { url: 'https://example.com' } },
              { text: plain('取消'), value: 'cancel' },
            ],
            behaviors: [{ type: 'callback', value: { op: 'more' } }],
          },
          {
            tag: 'column_set',
            flex_mode: 'bisect',
            horizontal_spacing: 'small',
            columns: [
              {
                tag: 'column',
                width: 'weighted',
                weight: 2,
                vertical_align: 'center',
                elements: [
                  button(
                    '同意',
                    { id: 1 },
                    {
                      type: 'primary',
                      size: 'small',
                      width: 'fill',
                      confirm,
                      hover_tips: plain('提示'),
                      disabled: false,
                      disabled_tips: plain('不可用'),
                      icon: { tag: 'standard_icon', token: 'yes_outlined' },
                    },
                  ),
                ],
              },
            ],
          },
          {
            tag: 'form',
            name: 'f',
            direction: 'vertical',
            padding: '4px',
            elements: [
              ...fields,
              button('重置', {}, { name: 'reset', form_action_type: 'reset' }),
              { ...submit, confirm },
            ],
          },
        ],
      },
    }
    expect(await send(card)).toMatchObject({ code: 0 })
  })

  it('PATCH changes own shared cards of at most 14 days, and never back to 1.0', async () => {
    const { message_id, chat_id } = (await send(cardOf(markdown('一')))).data
    const path = `/im/v1/messages/${message_id}`
    const patch = (card: unknown) => bench.api('PATCH', path, { content: JSON.stringify(card) })
    const done = await patch(cardOf(markdown('二')))
    expect([done.code, done.data]).toEqual([0, {}])
    expect((await patch({ schema: '2.0', body: { elements: [] } })).msg).toContain('300302')
    expect((await patch({ elements: [] })).msg).toContain('200830')
    expect((await bench.api('PATCH', path, { content: cardOf() })).code).toBe(99992402)
    const text = { receive_id: chat_id, msg_type: 'text', content: '{"text":"一"}' }
    const words = await bench.api('POST', '/im/v1/messages?receive_id_type=chat_id', text)
    expect(
      (await bench.api('PATCH', `/im/v1/messages/${words.data.message_id}`, { content: JSON.stringify(cardOf()) }))
        .code,
    ).toBe(230001)
    const days = (count: number) => bench.ask('POST', '/clock', { by_ms: count * 24 * 3_600_000 })
    await days(13.9)
    expect((await patch(cardOf(markdown('三')))).code).toBe(0)
    await days(0.2)
    expect((await patch(cardOf(markdown('四')))).code).toBe(230031)
  })

  it('★ PATCH takes 5 updates of one message a second', async () => {
    const { message_id } = (await send(cardOf(markdown('一')))).data
    await bench.faults({ limits: true })
    const patches = Array.from({ length: 6 }, (_, at) =>
      bench.api('PATCH', `/im/v1/messages/${message_id}`, { content: JSON.stringify(cardOf(markdown(`${at}`))) }),
    )
    const codes = (await Promise.all(patches)).map(one => one.code)
    await bench.faults({ limits: false })
    expect(codes.filter(code => code === 0)).toHaveLength(5)
    expect(codes).toContain(230020)
  })

  it('finds a fault or accepts, whatever it is given, and can always sum it up', () => {
    const known = { person: () => true, image: () => true, audio: () => true }
    const tags = fc.constantFrom(
      'form',
      'button',
      'input',
      'table',
      'select_static',
      'column_set',
      'checker',
      'div',
      'person_list',
      'chart',
    )
    const value = fc.jsonValue({ maxDepth: 3 })
    const element = fc.dictionary(
      fc.constantFrom(
        'elements',
        'columns',
        'options',
        'rows',
        'text',
        'behaviors',
        'name',
        'persons',
        'chart_spec',
        'button_area',
      ),
      value,
    )
    const elements = fc.array(
      fc.tuple(tags, element).map(([tag, rest]) => ({ tag, ...rest })),
      { maxLength: 3 },
    )
    const anything = fc.oneof(
      value,
      elements.map(list => ({ schema: '2.0', body: { elements: list } })),
    )
    fc.assert(
      fc.property(anything, card => {
        const content = JSON.stringify(card)
        try {
          readCard(content, known)
        } catch (cause) {
          return cause instanceof CardFault
        }
        return typeof cardSummary(content) === 'string'
      }),
      { numRuns: 150 },
    )
    expect(() => readCard(`{"elements":${'['.repeat(9000)}${']'.repeat(9000)}}`, known)).toThrow('too deep')
  })
})
