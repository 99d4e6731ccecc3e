import fc from 'fast-check'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { keepSetting } from '../db/settings.ts'
import type { ClickAnswer, Person } from '../simulator/protocol.ts'
import { digest } from '../src/kit/secret.ts'
import { byPress } from './authority-table.ts'
import { kinds } from './harness/databases.ts'
import { leaveOpen, openLife } from './harness/life.ts'
import { type Seen, TestOffice, type TestPerson } from './harness/office.ts'
import { fillingOf } from './harness/releases.ts'
import { handIn, pressed, seal, spoken } from './harness/signed.ts'
import { botMessages, count, emptied, rows, saidTimes } from './harness/traces.ts'

const GROUP = '督查工作群'

describe.each(kinds)('trust E: who may do what, on %s', kind => {
  let office: TestOffice
  let wang: TestPerson
  let zheng: TestPerson
  /** Sits in no chat with the two. */
  let zhao: TestPerson
  beforeAll(async () => {
    office = await TestOffice.open({ kind, speed: 50, wire: 'hasty' })
    wang = office.person('王强')
    zheng = office.person('郑洁')
    zhao = office.person('赵敏')
    for (const person of [wang, zheng, zhao]) await person.privateChat()
  })
  afterEach(() => office.send('DELETE', '/sim/faults', {}))
  afterAll(() => office.close())

  /** A callback as anybody can have it sent who captured a card's value. */
  const forged = (as: TestPerson, card: Seen, value: unknown, more: { form_value?: unknown; chat_id?: string } = {}) =>
    office.send<ClickAnswer>('POST', '/sim/raw-click', {
      as: as.id,
      message_id: card.message_id,
      ...(more.chat_id ? { chat_id: more.chat_id } : {}),
      action: { tag: 'button', value, ...(more.form_value ? { form_value: more.form_value } : {}) },
    })
  /** What the bot answers to a press, the card in it included, as nobody's client would show it. */
  const answerTo = async (as: TestPerson, card: Seen, value: unknown, chat = card.chat_id): Promise<string> =>
    (await handIn(office.botUrl, seal(pressed({ who: as.id, chat, message: card.message_id, value })), '/feishu/cards'))
      .text
  const valueUnder = (card: Seen, label: string) => card.card?.buttons.find(one => one.label === label)?.value ?? {}
  const stateOf = () => rows(office.database.db, 'select * from shares order by assignment, assignee')
  const matters = () => rows(office.database.db, 'select * from assignments order by id')

  /** An assignment of 王强 to 郑洁 as 郑洁 has it before her. */
  async function assigned(title: string, to: { to?: string } = {}): Promise<Seen> {
    await wang.says(`${to.to ? '@回音 ' : ''}/交办 @郑洁 ${title}`, to)
    return to.to ? zheng.seesCard(to.to) : zheng.seesCard()
  }

  it("E47 a stranger who presses with somebody else's value is refused, changes nothing and leaves a trace", async () => {
    const card = await assigned('核对名册')
    const before = await stateOf()
    for (const label of ['签收', '完成', '退回']) {
      const { toast } = await forged(zhao, card, valueUnder(card, label), { form_value: { word: '好' } })
      expect(toast).toEqual({ type: 'error', content: '未找到该交办事项' })
    }
    expect(await stateOf()).toEqual(before)
    const refused = await count(
      office.database.db,
      `events where who = '${zhao.id}' and outcome = 'refused' and feature = 'assign'`,
    )
    expect(refused).toBe(3)
  })

  it('E47 whoever is refused over a card of somebody else is not shown how it stands', async () => {
    const card = await assigned('核对底册')
    await zheng.presses('签收', { on: card })
    const group = await office.chatNamed(GROUP, wang.id)
    for (const chat of [card.chat_id, group])
      expect(JSON.parse(await answerTo(zhao, card, valueUnder(card, '签收'), chat))).toEqual({
        toast: { type: 'error', content: '未找到该交办事项' },
      })
    // their own card they are shown
    expect(await answerTo(zheng, card, valueUnder(card, '签收'))).toContain('"card"')
  })

  it('E47 a card whose matter may not be seen any more says so, and nothing breaks', async () => {
    const card = await assigned('核对附册')
    const from = office.log.length
    await rows(office.database.db, `update copies set matter = '999999' where message = '${card.message_id}'`)
    const answer = await answerTo(zheng, card, { ...valueUnder(card, '签收'), id: 999_999 })
    expect(JSON.parse(answer)).toMatchObject({
      toast: { type: 'error', content: '未找到该交办事项' },
      card: { data: { body: { elements: [{ text: { content: '未找到该交办事项。' } }] } } },
    })
    expect(answer).not.toContain('核对附册')
    await office.settled()
    expect(office.log.slice(from).filter(line => line.includes('"level":"error"'))).toEqual([])
  })

  it('E47 in a group whoever is not meant is told whom the button is for', async () => {
    const card = await assigned('打扫会议室', { to: GROUP })
    const before = await stateOf()
    const feng = office.person('冯军')
    expect((await feng.clicks(card.message_id, buttonOf(card, '签收'))).toast).toEqual({
      type: 'error',
      content: '此按钮仅限承办人使用',
    })
    expect((await zheng.clicks(card.message_id, buttonOf(card, '取消'))).toast?.type).toBe('error')
    expect(await stateOf()).toEqual(before)
  })

  it('E48 of 300 edited values none is accepted', async () => {
    const card = await assigned('清点设备')
    await zheng.presses('完成', { on: card, form: { word: '清点完毕' } })
    const mine = await wang.seesCard()
    const captured = { ...valueUnder(mine, '确认完成') }
    const before = {
      shares: await stateOf(),
      matters: await matters(),
      roles: await count(office.database.db, 'held_roles'),
    }
    const giverOnly = fc.constantFrom('confirm', 'redo', 'cancel')
    const anyMove = fc.constantFrom(
      'accept',
      'finish',
      'return',
      'confirm',
      'redo',
      'cancel',
      'show',
      'approve',
      '__proto__',
    )
    const id = fc.oneof(
      fc.constant(captured.id),
      fc.integer({ min: -2, max: 50 }),
      fc.string(),
      fc.constant(`${captured.id}`),
      fc.constant(null),
    )
    const extra = fc.dictionary(
      fc.constantFrom(
        'giver',
        'assignee',
        'share',
        'by',
        'who',
        'state',
        'to',
        'rev',
        'amount',
        'approver',
        'status',
        'admin',
        'next',
      ),
      fc.oneof(
        fc.constantFrom(zhao.id, wang.id, zheng.id, 'confirmed', 'finished', 'SY', true, 0, 1, 2, 99, -1),
        fc.string(),
        fc.double(),
      ),
    )
    const presser = fc.oneof(
      fc.record({ who: fc.constant(zhao.id), move: anyMove }),
      fc.record({ who: fc.constant(zheng.id), move: giverOnly }),
    )
    const form = fc.option(fc.dictionary(fc.constantFrom('word', 'word0', 'state', 'giver'), fc.string()), {
      nil: undefined,
    })
    let tried = 0
    await fc.assert(
      fc.asyncProperty(presser, id, extra, form, async ({ who, move }, ofMatter, more, written) => {
        // not so fast that it is the measure that refuses them
        if (++tried % 50 === 0) await office.clock.rest?.(3_000)
        const value = { ...captured, ...more, id: ofMatter, action: `assign.${move}` }
        const press = pressed({ who, chat: mine.chat_id, message: mine.message_id, value, form: written })
        const { status, text } = await handIn(office.botUrl, seal(press), '/feishu/cards')
        const { toast } = JSON.parse(text) as ClickAnswer
        return status === 200 && toast !== undefined && toast.type !== 'success' && !/系统|频繁/.test(toast.content)
      }),
      { numRuns: 300, seed: 20_261_124 },
    )
    expect({
      shares: await stateOf(),
      matters: await matters(),
      roles: await count(office.database.db, 'held_roles'),
    }).toEqual(before)
    expect((await wang.presses('确认完成', { on: mine })).toast?.content).toBe('已确认完成')
  })

  it('E49 an old card is answered as outdated, and shows the present state', async () => {
    const card = await assigned('贴通知')
    await zheng.presses('完成', { on: card })
    const old = await wang.seesCard()
    await wang.presses('退回重做', { on: old, form: { word0: '字太小' } })
    await zheng.presses('完成')
    const before = await stateOf()
    const { toast } = await forged(wang, old, valueUnder(old, '确认完成'))
    expect(toast?.content).toBe('卡片已过期,请以最新卡片为准')
    expect(await stateOf()).toEqual(before)
    const shown = (await wang.messages()).find(one => one.message_id === old.message_id)
    expect(shown?.card?.title).toBe('交办 · 待确认')
    expect((await wang.presses('确认完成', { on: shown as Seen })).toast?.type).toBe('success')
  })

  it('E49 confirmed and sent back at once ends in exactly one state, ten times', async () => {
    for (let round = 0; round < 10; round++) {
      const card = await assigned(`同时按${'甲乙丙丁戊己庚辛壬癸'[round]}`)
      await zheng.presses('完成', { on: card })
      const mine = await wang.seesCard()
      const both = await Promise.all([
        forged(wang, mine, valueUnder(mine, '确认完成')),
        forged(wang, mine, valueUnder(mine, '退回重做'), { form_value: { word0: '再看看' } }),
      ])
      expect(both.filter(({ toast }) => toast?.type === 'success').length).toBe(1)
      expect(both.filter(({ toast }) => toast && toast.type !== 'success').length).toBe(1)
    }
    await office.settled()
  })

  it('E49 returned by one and cancelled by the other at once ends in exactly one state', async () => {
    const card = await assigned('量尺寸')
    const mine = await wang.seesCard()
    const both = await Promise.all([
      forged(zheng, card, valueUnder(card, '退回'), { form_value: { word: '没有尺子' } }),
      forged(wang, mine, valueUnder(mine, '取消')),
    ])
    expect(both.filter(({ toast }) => toast?.type === 'success').length).toBe(1)
    const [last] = await rows<{ state: string; rev: number }>(
      office.database.db,
      'select state, rev from shares order by assignment desc limit 1',
    )
    expect(['returned', 'cancelled']).toContain(last?.state)
    expect(last?.rev).toBe(2)
  })

  it('E50 no card can be used once it was forwarded', () => {
    const cards = botMessages(office).filter(one => one.msg_type === 'interactive')
    expect(cards.length).toBeGreaterThan(10)
    expect(cards.filter(one => one.content.includes('forward'))).toEqual([])
  })

  it("E50 an administrator's card pressed in a group, or by somebody else, sets no role", async () => {
    const admin = office.person('刘芳')
    await admin.says('/角色 @吴刚 督办员')
    const card = await admin.seesCard()
    const value = card.card.buttons[0]?.value
    expect(value).toMatchObject({ action: 'role.withdraw' })
    const before = await rows(office.database.db, 'select * from held_roles order by id')
    const group = await office.chatNamed(GROUP, wang.id)
    expect((await forged(admin, card, value, { chat_id: group })).toast).toMatchObject({ type: 'error' })
    for (const person of [zhao, wang, office.person('吴刚')])
      expect((await forged(person, card, value)).toast).toEqual({ type: 'error', content: '设置角色仅限系统管理员' })
    const picked = { action: 'role.pick', person: zhao.id, rest: ' 系统管理员', act: 'grant' }
    expect((await forged(zhao, card, picked)).toast?.type).toBe('error')
    expect(
      (await forged(zhao, card, { action: 'settings.hours' }, { form_value: { hours: '00:00-23:59' } })).toast,
    ).toEqual({
      type: 'error',
      content: '修改设置仅限系统管理员',
    })
    expect((await forged(zhao, card, { action: 'setup.check' })).toast?.type).toBe('error')
    expect((await forged(zhao, card, { action: 'setup.directory' })).toast?.type).toBe('error')
    expect((await forged(zhao, card, { action: 'help.run', word: '角色', rest: '@赵敏 系统管理员' })).toast?.type).toBe(
      'error',
    )
    expect(await rows(office.database.db, 'select * from held_roles order by id')).toEqual(before)
  })

  it.each([
    ['/角色 @赵敏 系统管理员'],
    ['/角色 撤销 @吴刚 督办员'],
    ['/初始化'],
    ['/初始化 AAAAAAAAAAAA'],
    ['／角色 赵敏 系统管理员'],
    ['/role @赵敏 系统管理员'],
  ])('E51 %s of somebody who is no administrator is refused once, with no effect', async command => {
    const before = await rows(office.database.db, 'select * from held_roles order by id')
    const seen = (await zhao.messages()).length
    await zhao.says(command)
    await emptied(office)
    const answers = (await zhao.messages()).slice(seen).filter(one => one.sender === 'bot')
    expect(answers.length).toBe(1)
    expect(answers[0]?.words).toMatch(/仅限系统管理员|无效/)
    expect(await rows(office.database.db, 'select * from held_roles order by id')).toEqual(before)
  })

  it('E51 an administrator is refused in a group too, and gets the words alone', async () => {
    const admin = office.person('刘芳')
    const group = '办公室工作群'
    const before = await rows(office.database.db, 'select * from held_roles order by id')
    const seen = (await admin.messages(group)).length
    for (const command of ['/角色 @赵敏 督办员', '/初始化', '/初始化 AAAAAAAAAAAA']) {
      await admin.says(`@回音 ${command}`, { to: group })
      expect((await admin.sees()).words).toContain('私聊')
    }
    const public_ = (await admin.messages(group)).slice(seen).filter(one => one.sender === 'bot')
    expect(public_).toEqual([])
    expect(await rows(office.database.db, 'select * from held_roles order by id')).toEqual(before)
  })

  it('E51 what an app says is not taken up', async () => {
    const chat = await wang.privateChat()
    const before = await count(office.database.db, 'events')
    for (const sender of ['app', 'anonymous', 'unknown', ''])
      expect(
        (await handIn(office.botUrl, seal(spoken({ who: wang.id, chat, text: '/交办 @郑洁 转发', sender })))).status,
      ).toBe(200)
    expect(await count(office.database.db, 'events')).toBe(before)
  })

  it('E51 fifty claims of the first administrator with one code, all at once: exactly one gets it', async () => {
    const open = await TestOffice.open({ kind, speed: 50, wire: 'hasty', admins: [] })
    await keepSetting(open.database.db, 'setup.code', digest('ABCDEFGHJKLM'), open.clock.now())
    const { people } = await open.get<{ people: Person[] }>('/sim/office')
    const replies = await Promise.all(
      Array.from({ length: 50 }, (_, i) => {
        const who = people[i % 20]?.open_id ?? ''
        return handIn(open.botUrl, seal(spoken({ who, chat: `oc_claim${i}`, text: '/初始化 abcdefghjklm' })))
      }),
    )
    for (const { status } of replies) expect(status).toBe(200)
    expect(await count(open.database.db, `held_roles where role = 'SY'`)).toBe(1)
    expect(await count(open.database.db, `events where feature = 'setup' and act = 'claim' and outcome = 'ok'`)).toBe(1)
    await emptied(open, 25_000)
    await open.close()
  })

  it('E52 a role withdrawn counts from the next event on', async () => {
    const admin = office.person('刘芳')
    const chen = office.person('陈晨')
    await admin.says('/角色 @陈晨 系统管理员')
    await chen.says('/初始化')
    expect((await chen.sees()).words).not.toContain('仅限')
    await admin.says('/角色 撤销 @陈晨 系统管理员')
    await chen.says('/初始化')
    expect((await chen.sees()).words).toContain('仅限系统管理员')
  })

  it.each([
    ['frozen', { is_frozen: true }],
    ['resigned', { is_resigned: true }],
  ])(
    'E52 somebody who was %s is refused from the next event on, though the directory cannot be read',
    async (_, patch) => {
      const name = 'is_frozen' in patch ? '朱琳' : '杨帆'
      const person = office.person(name)
      await person.privateChat()
      await wang.says(`/交办 @${name} 写稿子`)
      const card = await person.seesCard()
      const chat = card.chat_id
      await office.faults({ api_5xx: 1 })
      await office.send('PATCH', `/sim/people/${person.id}`, patch)
      await untilDone(office)
      const before = await stateOf()
      expect(JSON.parse(await answerTo(person, card, valueUnder(card, '签收')))).toEqual({
        toast: { type: 'error', content: '账号已停用' },
      })
      const events = await count(office.database.db, 'assignments')
      expect(
        (await handIn(office.botUrl, seal(spoken({ who: person.id, chat, text: '/交办 @郑洁 代办' })))).status,
      ).toBe(200)
      expect(await count(office.database.db, 'assignments')).toBe(events)
      expect(
        await count(
          office.database.db,
          `events where who = '${person.id}' and act = 'command' and outcome = 'refused'`,
        ),
      ).toBe(1)
      expect(await stateOf()).toEqual(before)
      await office.send('DELETE', '/sim/faults', {})
      await emptied(office)
      const mentions = [{ key: '@_user_1', id: { open_id: person.id }, name, mentioned_type: 'user' }]
      const given = spoken({ who: wang.id, chat: await wang.privateChat(), text: '/交办 @_user_1 再写稿子', mentions })
      expect((await handIn(office.botUrl, seal(given))).status).toBe(200)
      await emptied(office)
      expect((await wang.sees()).words).toContain('账号已停用')
      const seen = botMessages(office).filter(one => one.chat_id === chat).length
      await wang.presses('取消', {
        on: (await wang.messages()).filter(one => one.words.includes('写稿子') && one.card).at(-1) as Seen,
      })
      // whoever has been told a short while ago of what was not delivered hears of it twenty seconds later
      await emptied(office, 40_000)
      expect(botMessages(office).filter(one => one.chat_id === chat).length).toBe(seen)
    },
    60_000,
  )

  it('E52 somebody removed from a group sees its matters no more', async () => {
    const you = office.person('尤佳')
    const card = await assigned('群里的事', { to: GROUP })
    const group = card.chat_id
    const show = { action: 'assign.show', id: valueUnder(card, '签收').id }
    expect((await forged(you, card, show)).toast?.type).toBe('success')
    await office.send('POST', `/sim/groups/${group}/members`, { as: wang.id, remove: [you.id] })
    await office.settled()
    expect((await forged(you, card, show)).toast).toEqual({ type: 'error', content: '未找到该交办事项' })
    // nor does the card that they were sent go on telling
    await zheng.presses('签收', { on: card })
    await emptied(office)
    const theirs = (await you.seesCard()).words
    expect(theirs).toContain('未找到该交办事项')
    expect(theirs).not.toContain('群里的事')
  })

  it('E53 an id that never was and one that may not be seen read the same, whatever is pressed', async () => {
    const card = await assigned('保密的事')
    const known = Number(valueUnder(card, '签收').id)
    for (const move of ['accept', 'finish', 'return', 'confirm', 'redo', 'cancel', 'show']) {
      const answers = await Promise.all(
        [known, known - 1, known + 10_000, 0, -1, '1 or 1=1', `${known}`].map(id =>
          forged(zhao, card, { action: `assign.${move}`, id, rev: 1 }, { form_value: { word: '好' } }),
        ),
      )
      expect(new Set(answers.map(answer => JSON.stringify(answer.toast)))).toEqual(
        new Set([JSON.stringify({ type: 'error', content: '未找到该交办事项' })]),
      )
    }
    await zhao.says('/查 保密的事')
    const found = await zhao.sees()
    await zhao.says('/查 从未有过的事')
    expect(found.words.replace('保密的事', '')).toBe((await zhao.sees()).words.replace('从未有过的事', ''))
  })

  it('E53 nobody confirms what they reported themselves', async () => {
    const card = await assigned('自己的事')
    await zheng.presses('完成', { on: card })
    const before = await stateOf()
    const { toast } = await forged(zheng, card, { ...valueUnder(await wang.seesCard(), '确认完成'), share: zheng.id })
    expect(toast).toEqual({ type: 'error', content: '此按钮仅限交办人使用' })
    expect(await stateOf()).toEqual(before)
  })

  it('E54 nothing of one group is said in another, nor to an outsider', async () => {
    const secret = '甲群独有之事'
    await assigned(secret, { to: GROUP })
    const other = '办公室工作群'
    const chat = await office.chatNamed(other, wang.id)
    const before = saidTimes(office, secret)
    // a member of both asks in the other group: the answer goes to them alone
    for (const command of ['/交办 列表', `/查 ${secret}`, '/待办']) await wang.says(`@回音 ${command}`, { to: other })
    for (const command of ['/交办 列表', `/查 ${secret}`, '/待办', '/今日']) {
      await zhao.says(command)
      await zhao.says(`@回音 ${command}`, { to: other })
    }
    await emptied(office)
    const elsewhere = botMessages(office).filter(one => one.content.includes(secret))
    expect(elsewhere.filter(one => one.chat_id === chat)).toEqual([])
    const zhaos = await zhao.privateChat()
    // what she searched for is said back to her at most; no state, no people
    for (const one of elsewhere.filter(one => one.chat_id === zhaos))
      expect(one.content).not.toMatch(/待签收|郑洁|王强/)
    expect(before).toBeGreaterThan(0)
  })
})

function buttonOf(card: Seen, label: string) {
  const button = card.card?.buttons.find(one => one.label === label)
  if (!button) throw new Error(`no button ${label}`)
  return button
}

/** Until the deliveries are done, without waiting for what the outbox cannot send. */
async function untilDone(office: TestOffice): Promise<void> {
  for (let i = 0; i < 500; i++) {
    if ((await office.deliveries()).every(one => one.state !== 'pending')) return
    await new Promise(done => setTimeout(done, 10))
  }
}

describe.each(kinds)('trust E: values of every subject, on %s', kind => {
  let office: TestOffice
  beforeAll(async () => {
    const cast = await openLife({ kind, wire: 'hasty' })
    await leaveOpen(cast)
    office = cast.office
  }, 120_000)
  afterAll(() => office.close())

  /** What says of the office how it stands, beside what each press leaves behind. */
  const TRACES = /^(inbox|outbox|calls|pauses|events|audit_.*|copies|stencils|members)$/
  /** What is noted of the platform itself. */
  const NOTED = /"name":"(deliveries|directory\.)/
  const stands = async () =>
    [...(await fillingOf(office.database.db))]
      .filter(([table]) => !TRACES.test(table))
      .map(([table, all]) => [table, all.filter(row => !NOTED.test(row)).sort()])

  it('E48 of 600 made-up values of all buttons none lets somebody who has no part in anything do anything', async () => {
    const outsider = office.person('许诺')
    await outsider.says('/待办')
    const { message_id, chat_id } = await outsider.seesCard()
    const before = await stands()
    const isForAll = byPress(who => /^(|all)$|\bnobody\b/.test(who))
    const actions = [...isForAll].filter(([, forAll]) => !forAll).map(([action]) => action)
    const people = (await rows<{ id: string }>(office.database.db, 'select id from people order by id')).map(
      one => one.id,
    )
    const id = fc.oneof(
      fc.integer({ min: 1, max: 4 }),
      fc.integer({ min: 1, max: 4 }).map(String),
      fc.tuple(fc.constantFrom('r', 'o', 'i', '1/i'), fc.integer({ min: 1, max: 4 })).map(parts => parts.join('')),
    )
    const rest = fc.dictionary(
      fc.constantFrom(
        ...[
          'share',
          'occurrence',
          'rev',
          'invitation',
          'person',
          'who',
          'to',
          'state',
          'run',
          'vehicle',
          'role',
          'unit',
          'page',
        ],
      ),
      fc.oneof(id, fc.constantFrom(...people), fc.constantFrom('SY', 'BZ', 'confirmed', '')),
    )
    const form = fc.dictionary(
      fc.constantFrom(
        ...['word', 'word0', 'word_own', 'reason', 'text', 'when', 'names', 'people', 'percent', 'until', 'odometer'],
      ),
      fc.oneof(fc.constantFrom('同意', '12月9日', '明天10点', '60', '33000', ...people), fc.string({ maxLength: 20 })),
    )
    let tried = 0
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...actions), id, rest, form, async (action, matter, more, written) => {
        // not so fast that it is the measure that refuses them
        if (++tried % 50 === 0) await office.clock.rest?.(3_000)
        const value = { rev: 1, ...more, id: matter, action }
        const press = pressed({ who: outsider.id, chat: chat_id, message: message_id, value, form: written })
        const { status, text } = await handIn(office.botUrl, seal(press), '/feishu/cards')
        const { toast } = JSON.parse(text) as ClickAnswer
        return (
          status === 200 &&
          toast !== undefined &&
          toast.type !== 'success' &&
          !/系统繁忙|系统处理出错|频繁/.test(toast.content)
        )
      }),
      { numRuns: 600, seed: 20_261_201 },
    )
    await office.settled()
    expect(await stands()).toEqual(before)
  }, 120_000)
})
