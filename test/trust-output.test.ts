import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { pauseApi } from '../db/claims.ts'
import { features } from '../handlers/index.ts'
import type { ClickAnswer, Message } from '../simulator/protocol.ts'
import { syncDirectory } from '../src/bot/directory.ts'
import { createThrottle } from '../src/bot/throttle.ts'
import { kinds } from './harness/databases.ts'
import { KEYS, TestOffice, type TestPerson } from './harness/office.ts'
import { envelopeOf, handIn, pressed, seal, spoken } from './harness/signed.ts'
import { botMessages, count, emptied, pause, rows, saidTimes, until } from './harness/traces.ts'
import { textDocument } from './harness/workbook.ts'

const GROUP = '督查工作群'

/** Who asks beside a flood, in how many turns, for so long. */
const OTHERS = ['孙丽', '周涛', '吴刚', '冯军', '陈晨']
const TURNS = ['甲', '乙', '丙']
const FLOOD_S = 3
/** Under these a busy machine tells more than the bot: of the one in the middle, and of the slowest. */
const UNNOTICED_MS = { middle: 100, slowest: 500 }

const middle = (took: readonly number[]): number => took.toSorted((a, b) => a - b)[took.length >> 1] ?? Number.NaN

/** What makes markup, mentions or structure of itself wherever a text is not shown literally. */
const INJECTIONS = [
  '<at user_id="all"></at>',
  '<at user_id="all">所有人</at>',
  '<at id=all></at>',
  '<at ids=ou_a,ou_b></at>',
  '[点我](http://evil.example)',
  '![图](img_v2_x)',
  '"},{"tag":"at","user_id":"all"},{"x":"',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: it is what is typed
  '{{7*7}} ${7*7} %s %n',
  '<font color="red">红</font>',
  '<a href="http://evil.example">甲</a>',
  '**粗** ~~删~~ `码` _斜_',
  '# 标题\n- 列表\n1. 编号\n---',
  'http://evil.example/x',
  '&lt;at id=all&gt;&#60;',
  '<number_tag>1</number_tag><text_tag>甲</text_tag>',
  ':OK: @所有人 @_all @_user_1',
  '\\<at id=all\\>',
]

describe.each(kinds)('trust F: what comes out, on %s', kind => {
  let office: TestOffice
  let wang: TestPerson
  let zheng: TestPerson
  beforeAll(async () => {
    office = await TestOffice.open({ kind, speed: 50, wire: 'hasty' })
    wang = office.person('王强')
    zheng = office.person('郑洁')
    for (const person of [wang, zheng]) await person.privateChat()
  })
  afterEach(() => office.send('DELETE', '/sim/faults', {}))
  afterAll(() => office.close())

  const people = () => new Set(office.sim.state.people.keys())

  /** Every message of the bot holds only what its templates put there. */
  function expectLiteral(messages: Message[]): void {
    for (const message of messages) {
      const content = JSON.parse(message.content) as unknown
      expect(message.mentions.filter(one => !one.open_id || !people().has(one.open_id))).toEqual([])
      if (message.msg_type === 'text') {
        expect((content as { text: string }).text).not.toMatch(/<\s*\/?\s*[a-z]|\]\(/i)
        continue
      }
      for (const { tag, text } of parts(content)) {
        expect(['at', 'a', 'img', 'link', 'person', 'person_list', 'table', 'chart']).not.toContain(tag)
        if (tag === 'markdown') expectNoMarkup(text)
      }
    }
  }

  /** Says exactly these characters; the simulated client would make mentions of some. */
  async function tells(person: TestPerson, text: string, parent?: string): Promise<void> {
    const event = spoken({ who: person.id, chat: await chatOf(office, person), text, ...(parent ? { parent } : {}) })
    expect((await handIn(office.botUrl, seal(event))).status).toBe(200)
    await emptied(office)
  }

  function expectNoMarkup(markdown: string): void {
    const bare = markdown
      .replace(/<at id=(ou_\w+)><\/at>/g, (whole, id: string) => (people().has(id) ? '' : whole))
      .replace(/<font color='(?:grey|red|orange|green|blue)'>|<\/font>/g, '')
    expect(bare).not.toMatch(/<[^>]*>|!?\[[^\]]*\]\(|`|https?:\/\//)
    expect(bare).not.toMatch(/^\s*(#|- |\d+\. |---)/m)
    // what is bold is bold by the template: pairs of stars around a whole piece, no underscores or tildes
    expect(bare.replace(/\*\*[^*]*\*\*/g, '')).not.toMatch(/[*_~]/)
  }

  it.each(INJECTIONS)('F55 %j as a title is shown literally', async text => {
    await office.send('POST', '/sim/messages', {
      as: wang.id,
      chat_id: await office.chatNamed(GROUP, wang.id),
      text: `<at id="bot"></at> /交办 <at id="${zheng.id}">郑洁</at> 看看`,
    })
    await office.settled()
    const chat = await wang.privateChat()
    const mention = { key: '@_user_7', id: { open_id: zheng.id }, name: '郑洁', mentioned_type: 'user' }
    const event = spoken({ who: wang.id, chat, text: `/交办 @_user_7 ${text}`, mentions: [mention] })
    expect((await handIn(office.botUrl, seal(event))).status).toBe(200)
    await emptied(office)
    const { card } = await zheng.seesCard()
    const [line = ''] = text.split('\n')
    if (!line.includes('@')) expect(card.text).toContain(line)
    expectLiteral(botMessages(office))
  })

  it('F55 reasons, notes, file names and names of groups and people are shown literally', async () => {
    const hostile = `${INJECTIONS[0]}${INJECTIONS[4]}`
    await office.send('PATCH', `/sim/people/${zheng.id}`, { name: `郑${hostile}` })
    await office.settled()
    await emptied(office)
    const created = await office.send<{ chat_id: string }>('POST', '/sim/groups', {
      as: wang.id,
      name: `群${hostile}`,
      members: [wang.id, zheng.id],
      bot: true,
    })
    await office.settled()
    await office.send('POST', '/sim/messages', {
      as: wang.id,
      chat_id: created.chat_id,
      text: `<at id="bot"></at> /交办 <at id="${zheng.id}">x</at> 看看名字`,
    })
    await office.settled()
    const li = office.person('李静')
    await tells(wang, `/交办 @李静 ${INJECTIONS[2]}修灯`)
    const card = await wang.seesCard()
    await li.presses('退回', { form: { word: hostile } })
    await tells(wang, hostile, card.message_id)
    const bytes = textDocument(['修灯'])
    await wang.sendsFile(`${hostile.replaceAll('/', '_')}.docx`, { replyTo: card, bytes })
    for (const command of ['/意见 ', '/查 ', '/帮助 ', '/', '', '/角色 ', '/交办 '])
      await tells(wang, command + hostile)
    const admin = office.person('刘芳')
    for (const command of ['/角色 ', '/角色 @李静 ', '/角色 撤销 ']) await tells(admin, command + hostile)
    expect((await wang.messages()).find(one => one.message_id === card.message_id)?.words).toContain(hostile)
    await emptied(office)
    expectLiteral(botMessages(office))
  })

  it('F55 what could not be delivered is told without making a mention of a name', async () => {
    const chat = await zheng.privateChat()
    await office.faults({ muted: [chat] })
    await office.send('POST', '/sim/messages', {
      as: wang.id,
      chat_id: await wang.privateChat(),
      text: `/交办 <at id="${zheng.id}">x</at> 送水`,
    })
    const event = spoken({
      who: wang.id,
      chat: await wang.privateChat(),
      text: '/交办 @_user_1 送水',
      mentions: [{ key: '@_user_1', id: { open_id: zheng.id }, name: '郑洁', mentioned_type: 'user' }],
    })
    await handIn(office.botUrl, seal(event))
    await emptied(office)
    await until(() => saidTimes(office, '未能送达') > 0)
    expectLiteral(botMessages(office))
  })

  it('F57 twenty people, the longest title and many long notes stay within what a card may hold', async () => {
    await office.send('PATCH', `/sim/people/${zheng.id}`, { name: '郑洁' })
    await emptied(office)
    const names = [
      '李静',
      '赵敏',
      '孙丽',
      '周涛',
      '吴刚',
      '冯军',
      '陈晨',
      '褚燕',
      '曹颖',
      '蒋勇',
      '陈刚',
      '沈亮',
      '朱琳',
      '秦岚',
      '许诺',
      '尤佳',
      '何平',
      '周正',
      '张明',
      '刘芳',
    ]
    const chat = await wang.privateChat()
    const mentions = names.map((name, i) => ({
      key: `@_user_${i + 1}`,
      id: { open_id: office.idOf(name) },
      name,
      mentioned_type: 'user',
    }))
    const text = `/交办 ${mentions.map(one => one.key).join(' ')} ${'<字*'.repeat(100)}`
    const from = office.log.length
    await handIn(office.botUrl, seal(spoken({ who: wang.id, chat, text, mentions })))
    await office.settled()
    await emptied(office)
    const card = await wang.seesCard()
    for (const name of names.slice(0, 8)) {
      const person = office.person(name)
      const mine = await person.seesCard()
      const button = mine.card.buttons.find(one => one.label === '完成')
      if (!button) throw new Error('no button')
      await person.clicks(mine.message_id, button, { word: '<长>'.repeat(160) })
    }
    for (let i = 0; i < 4; i++)
      await handIn(
        office.botUrl,
        seal(spoken({ who: wang.id, chat, text: '<注>'.repeat(160), parent: card.message_id })),
      )
    await office.settled()
    await emptied(office, 25_000)
    expect(office.log.slice(from).filter(line => line.includes('"malformed"'))).toEqual([])
    for (const message of botMessages(office)) expect(Buffer.byteLength(message.content)).toBeLessThanOrEqual(30_000)
    expectLiteral(botMessages(office))
  })

  it('F57 names and fields of 100 kB, of people, units, groups, files, titles and reasons, are taken and can be shown', async () => {
    const long = '长'.repeat(33_400)
    const { departments } = office.sim.state
    const [unit] = [...departments.values()].filter(one => one.name === '综治科')
    if (!unit) throw new Error('no such unit')
    const from = office.log.length
    Object.assign(unit, { name: long })
    await office.send('PATCH', `/sim/people/${zheng.id}`, { name: long, job_title: long })
    await syncDirectory(office.bot.house.office)
    const { chat_id } = await office.send<{ chat_id: string }>('POST', '/sim/groups', {
      ...{ as: wang.id, name: '长名群', members: [wang.id, zheng.id], bot: true },
    })
    Object.assign(office.sim.state.chats.get(chat_id) ?? {}, { name: long })
    const joined = envelopeOf('im.chat.member.bot.added_v1', { chat_id, name: long, operator_id: { open_id: wang.id } })
    expect((await handIn(office.botUrl, seal(joined))).status).toBe(200)
    await office.settled()
    for (const text of ['/交办 <at id="ID">x</at> 看看', '/督办 <at id="ID">x</at> 报送总结 12月8日前', '/帮助'])
      await office.send('POST', '/sim/messages', {
        ...{ as: wang.id, chat_id, text: `<at id="bot"></at> ${text.replace('ID', zheng.id)}` },
      })
    await office.settled()
    const li = office.person('李静')
    await tells(wang, '/交办 @李静 写总结')
    const card = await li.seesCard()
    for (const label of ['签收', '退回'])
      expect((await li.forges(label, card, { word: long, title: long })).toast?.content).toBeTruthy()
    const content = JSON.stringify({ file_key: 'file_v3_x', file_name: `${long}.txt` })
    const file = spoken({
      who: wang.id,
      chat: await wang.privateChat(),
      type: 'file',
      content,
      parent: card.message_id,
    })
    expect((await handIn(office.botUrl, seal(file))).status).toBe(200)
    for (const { words } of features) await tells(wang, `/${words[0]} ${long}`)
    for (const command of ['/交办 郑洁 写总结', '/待办', '/交办 列表', '/查 看看', '/今日', `@${long}`, `/${long}`])
      await tells(wang, command)
    await tells(office.person('刘芳'), '/角色')
    expect(office.log.slice(from).filter(line => /"(malformed|oversize|failed)"|turn failed/.test(line))).toEqual([])
    for (const { msg_type, content } of botMessages(office))
      expect(Buffer.byteLength(content)).toBeLessThanOrEqual(msg_type === 'text' ? 150_000 : 30_000)
    expectLiteral(botMessages(office))
  }, 120_000)

  it('F57 lists of very many matters stay within what a card may hold', async () => {
    const li = office.idOf('李静')
    const mentions = [{ key: '@_user_1', id: { open_id: li }, name: '李静', mentioned_type: 'user' }]
    for (let i = 0; i < 40; i++)
      await handIn(
        office.botUrl,
        seal(spoken({ who: li, chat: 'oc_unknown', text: `/交办 @_user_1 ${'<长*'.repeat(90)}`, mentions })),
      )
    const from = office.log.length
    const person = office.person('李静')
    await emptied(office, 28_000)
    for (const command of ['/待办', '/交办 列表', '/查 <长', '/今日']) await person.says(command)
    await emptied(office)
    expect(office.log.slice(from).filter(line => line.includes('"malformed"'))).toEqual([])
  })

  it('F59 no text, name or secret stands in a log line, and what people write starts no line', async () => {
    const words = '无人知晓词语甲乙丙'
    await wang.says(`/交办 @郑洁 ${words}\n{"level":"error","what":"forged"}\u001b[31m\r\nroot`)
    await wang.says(`/${words}`)
    await wang.says(`@回音 /查 ${words}`, { to: GROUP })
    const card = await zheng.seesCard()
    await office.send<ClickAnswer>('POST', '/sim/raw-click', {
      as: zheng.id,
      message_id: card.message_id,
      action: { tag: 'button', value: { action: words, id: words }, form_value: { word: words } },
    })
    await handIn(office.botUrl, { body: words, headers: {} })
    await handIn(office.botUrl, seal(spoken({ who: wang.id, chat: 'x', text: words }), { signKey: words }))
    await zheng.sendsFile(`${words}.docx`)
    await emptied(office)
    const secrets = [KEYS.appSecret, KEYS.encryptKey, KEYS.verificationToken]
    const names = [...office.sim.state.people.values()].map(one => one.name)
    const groups = [...office.sim.state.chats.values()].map(one => one.name).filter(name => name.length > 1)
    for (const line of office.log) {
      expect(JSON.parse(line)).toMatchObject({ level: expect.any(String), what: expect.any(String) })
      // biome-ignore lint/suspicious/noControlCharactersInRegex: their absence is the point
      expect(line).not.toMatch(/[\n\r\u001b]|forged|Bearer|\bt-[\w-]{8,}/)
      for (const word of [words, '投影仪', ...secrets, ...names, ...groups, '无人知晓'])
        if (line.includes(word)) throw new Error(`${word} stands in ${line}`)
    }
    expect(office.log.length).toBeGreaterThan(100)
    const metrics = await (await fetch(`${office.botUrl}/metrics`)).text()
    expect(metrics).not.toMatch(/无人知晓|ou_|oc_|om_/)
  })
})

/** What one person may send is measured in real time. */
describe.each(kinds)('trust F: what comes out, on %s', kind => {
  let office: TestOffice
  let wang: TestPerson
  beforeAll(async () => {
    office = await TestOffice.open({ kind, speed: 50 })
    wang = office.person('王强')
    await wang.privateChat()
  })
  afterAll(() => office.close())

  it('F60 what one person sends far too fast is said to be so once, and a moment later all is well', async () => {
    const cao = office.person('曹颖')
    const chat = await cao.privateChat()
    // so many as hands could never send have come already
    for (let i = 0; i < 40; i++) office.bot.house.office.throttle.weigh(cao.id, Date.now(), 'said')
    const sent = await Promise.all(
      Array.from({ length: 5 }, () => handIn(office.botUrl, seal(spoken({ who: cao.id, chat, text: '/今日' })))),
    )
    expect(sent.map(one => one.status)).toEqual(sent.map(() => 200))
    await office.settled()
    const answers = (await cao.messages()).filter(message => message.sender === 'bot')
    expect(answers.filter(message => message.words.includes('操作过于频繁'))).toHaveLength(1)
    expect(answers.filter(message => message.words.includes('今天没有到期'))).toEqual([])
    await pause(4_500)
    await cao.says('/待办')
    expect((await cao.sees()).words).toMatch(/待办 · \d+项|目前没有待办事项/)
  })

  it('F60 what one person presses far too fast is said to be so each time, and does nothing', async () => {
    const cao = office.person('曹颖')
    const chat = await cao.privateChat()
    const press = () =>
      handIn(
        office.botUrl,
        seal(pressed({ who: cao.id, chat, message: 'om_none', value: { action: 'help.nothing' } })),
        '/feishu/cards',
      )
    expect((await press()).text).toContain('卡片已过期')
    for (let i = 0; i < 119; i++) office.bot.house.office.throttle.weigh(cao.id, Date.now(), 'pressed')
    const [first, second] = [await press(), await press()]
    for (const { text } of [first, second]) expect(text).toContain('操作过于频繁')
    // whoever runs it sees that, and by whom
    const metrics = await (await fetch(`${office.botUrl}/metrics`)).text()
    expect(metrics).toContain('huiyin_turns_total{what="throttled",outcome="refused"} ')
    const noted = office.log.filter(line => line.includes('"act":"throttled","outcome":"refused"'))
    expect(noted.filter(line => line.includes(cao.id)).length).toBeGreaterThanOrEqual(2)
    await cao.says('/待办')
    expect((await cao.sees()).words).toMatch(/待办 · \d+项|目前没有待办事项/)
  })

  /** How long others wait for their answers, in ms, asking one after another. */
  const othersWait = async (asking: string): Promise<number[]> => {
    const took: number[] = []
    for (const [name, turn] of TURNS.flatMap(turn => OTHERS.map(name => [name, turn] as const))) {
      const person = office.person(name)
      const word = `${asking}急${name[0]}事${turn}qqq`
      const started = performance.now()
      await office.send('POST', '/sim/messages', {
        as: person.id,
        chat_id: await chatOf(office, person),
        text: `/帮助 ${word}`,
      })
      await until(() => saidTimes(office, word) > 0, 5_000)
      took.push(performance.now() - started)
    }
    return took
  }

  /** Others wait at most twice as long beside a flood as before it, mostly and at worst. */
  it('F60 what one person presses, however evenly, is no more than 900 in a minute', () => {
    const throttle = createThrottle()
    const weighed = Array.from({ length: 1_150 }, (_, i) => throttle.weigh('ou_x', 1_000 + i * 50, 'pressed'))
    expect(weighed.filter(one => one === 'fine')).toHaveLength(900)
    expect(throttle.weigh('ou_y', 1_000 + 1_150 * 50, 'pressed')).toBe('fine')
    expect(throttle.weigh('ou_x', 1_000 + 61_000, 'pressed')).toBe('fine')
  })

  const holdsUpNobody = async (perSecond: number, send: (i: number) => Promise<unknown>): Promise<void> => {
    await emptied(office, 20_000)
    const calm = await othersWait(`平时${perSecond === 20 ? '群' : '人'}`)
    const flood = Promise.all(
      Array.from({ length: perSecond * FLOOD_S }, async (_, i) => {
        await pause((i * 1_000) / perSecond)
        return send(i)
      }),
    )
    await pause(FLOOD_S * 100)
    const beside = await othersWait(`涌来${perSecond === 20 ? '群' : '人'}`)
    await flood
    expect(middle(beside)).toBeLessThan(2 * Math.max(middle(calm), UNNOTICED_MS.middle))
    expect(Math.max(...beside)).toBeLessThan(2 * Math.max(...calm, UNNOTICED_MS.slowest))
    const { targets } = await office.get<{ targets: Array<{ peak_1s: number; refused: number }> }>('/sim/limits')
    expect(Math.max(...targets.map(one => one.peak_1s))).toBeLessThanOrEqual(5)
    expect(targets.filter(one => one.refused)).toEqual([])
  }

  it('F60 a flood in one group, 20 commands a second of its members, does not slow what others get', async () => {
    const chat_id = await office.chatNamed(GROUP, wang.id)
    const others = new Set(OTHERS.map(name => office.idOf(name)))
    const members = (office.sim.state.chats.get(chat_id)?.members ?? []).filter(id => !others.has(id))
    await holdsUpNobody(20, i =>
      office.send('POST', '/sim/messages', {
        as: members[i % members.length],
        chat_id,
        text: '<at id="bot"></at> /角色',
      }),
    )
    expect(members.length).toBeGreaterThan(2)
  })

  it('F60 a flood of one person, 50 commands a second, does not slow what others get', async () => {
    const chat = await wang.privateChat()
    await holdsUpNobody(50, async () => {
      const { status } = await handIn(office.botUrl, seal(spoken({ who: wang.id, chat, text: '/待办' })))
      expect(status).toBe(200)
    })
  })
})

/** Who sends to very many, and who to one of them. */
describe.each(kinds)('trust F: what one sends to many, on %s', kind => {
  let office: TestOffice
  beforeAll(async () => {
    office = await TestOffice.open({ kind, speed: 50, wire: 'real' })
  })
  afterAll(() => office.close())

  it('F60 while hundreds of letters of one account wait, a letter of another passes them', async () => {
    const { db } = office.database
    const [wang, zhou, li] = [office.person('王强'), office.person('周涛'), office.person('李静')]
    const receivers = [li, ...['赵敏', '孙丽', '吴刚', '冯军', '陈晨', '褚燕', '曹颖', '蒋勇', '陈刚', '沈亮', '朱琳']]
      .concat(['秦岚', '许诺', '尤佳', '何平', '周正', '张明', '刘芳', '郑洁'])
      .map(one => (typeof one === 'string' ? office.person(one) : one))
    const gives = async (who: TestPerson, people: TestPerson[], title: string) => {
      const mentions = people.map(({ id, name }, i) => ({
        ...{ key: `@_user_${i + 1}`, id: { open_id: id }, name },
        mentioned_type: 'user',
      }))
      const text = `/交办 ${mentions.map(({ key }) => key).join(' ')} ${title}`
      const event = spoken({ who: who.id, chat: await chatOf(office, who), text, mentions })
      expect((await handIn(office.botUrl, seal(event))).status).toBe(200)
    }
    await emptied(office)
    await pauseApi(db, 'create', Date.now() + 600_000)
    for (let i = 0; i < 40; i++) await gives(wang, receivers, '核对台账')
    expect(await count(db, `outbox where state = 'waiting' and api = 'create'`)).toBeGreaterThanOrEqual(800)
    await gives(zhou, [li], '急件会签')
    await rows(db, `delete from pauses where api = 'create'`)
    const started = Date.now()
    const arrived = async () => (await li.messages()).some(({ words }) => words.includes('急件会签'))
    await until(arrived, 15_000)
    expect(Date.now() - started).toBeLessThan(kind === 'PGlite' ? 4_000 : 2_500)
    expect(await count(db, `outbox where state = 'waiting' and api = 'create'`)).toBeGreaterThan(500)
    await rows(db, `delete from outbox where state = 'waiting' and claimed_until_ms < 2`)
  })
})

/** What is expensive has a measure of its own. */
describe.each(kinds)('trust F: what costs much, on %s', kind => {
  let office: TestOffice
  let liu: TestPerson
  let li: TestPerson
  beforeAll(async () => {
    office = await TestOffice.open({ kind, speed: 50 })
    ;[liu, li] = [office.person('刘芳'), office.person('李静')]
    await liu.says('/角色 @李静 办公室主任')
    await liu.says('/角色 @曹颖 安全审计员')
  })
  afterAll(() => office.close())

  const take = (person: TestPerson, work: 'asked' | 'sent') =>
    office.bot.house.office.throttle.take(person.id, Date.now(), work)
  const end = (taken: ReturnType<typeof take>) => typeof taken === 'function' && taken()
  /** As many as one may ask for within a minute. */
  const exhaust = (person: TestPerson, work: 'asked' | 'sent') => {
    for (let i = 0; i < 30; i++) end(take(person, work))
  }
  const wordsOf = async (person: TestPerson, text: string) => {
    await person.says(text)
    return (await person.sees()).words
  }

  it.each(['/督办 统计 本年', '/审计 校验', '/查 投影仪', '/督办 导出'])(
    'F60 %s waits for the one before it; what others ask is answered, and what costs little too',
    async line => {
      const [one, other] = line.startsWith('/审计') ? [office.person('曹颖'), li] : [li, office.person('曹颖')]
      const taken = take(one, 'asked')
      expect(await wordsOf(one, line)).toContain('上一项查询、统计或导出尚未完成')
      expect(await wordsOf(one, '/帮助')).toContain('交办')
      expect(await wordsOf(other, '/查 投影仪')).toContain('没有找到您能查看的相关事项')
      end(taken)
      expect(await wordsOf(one, line)).not.toContain('尚未完成,请稍候')
    },
  )

  it('F60 one account that asks for exports without end is told so each time, politely; no other account notices', async () => {
    exhaust(li, 'asked')
    const flood = Promise.all(
      Array.from({ length: 20 }, async () =>
        handIn(office.botUrl, seal(spoken({ who: li.id, chat: await chatOf(office, li), text: '/会议 导出 本年' }))),
      ),
    )
    const wang = office.person('王强')
    const started = Date.now()
    await office.send('POST', '/sim/messages', { as: wang.id, chat_id: await chatOf(office, wang), text: '/查 急事' })
    await until(() => saidTimes(office, '急事') > 0, 5_000)
    expect(Date.now() - started).toBeLessThan(3_000)
    for (const { status } of await flood) expect(status).toBe(200)
    await emptied(office, 25_000)
    const refusals = (await li.messages()).filter(({ words }) => words.includes('一分钟内的查询、统计和导出过多'))
    expect(refusals.length).toBeGreaterThanOrEqual(20)
    expect((await li.messages()).filter(({ msg_type }) => msg_type === 'file')).toEqual([])
  })

  it('F60 a press is told so in a toast, and a button of the help does not lead around it', async () => {
    const kept = await li.seesCard()
    for (const value of [{ action: 'find.search' }, { action: 'help.run', word: '督办', rest: '统计 本年' }]) {
      const { text } = await handIn(
        office.botUrl,
        seal(
          pressed({
            who: li.id,
            chat: await chatOf(office, li),
            message: kept.message_id,
            value,
            form: { words: '投影仪' },
          }),
        ),
        '/feishu/cards',
      )
      expect(text).toContain('一分钟内的查询、统计和导出过多')
    }
  })

  it('F60 thirty files are taken in a minute, also at once; of the next its sender is told that it was not', async () => {
    const zhou = office.person('周涛')
    exhaust(zhou, 'sent')
    await zhou.sendsFile('总结.docx')
    expect((await zhou.sees()).words).toContain('一分钟内发送的文件过多,这份文件未处理')
    await office.person('吴刚').sendsFile('总结.docx')
    expect((await office.person('吴刚').sees()).words).toContain('请回复该事项的卡片发送文件')
  })
})

describe('F60 the measure of what costs much', () => {
  it('is one at a time and thirty a minute, for each by themselves', () => {
    const { take } = createThrottle()
    const done = (who: string, at: number) => {
      const taken = take(who, at, 'asked')
      if (typeof taken === 'function') taken()
      return typeof taken === 'function' ? 'taken' : taken
    }
    const end = take('ou_a', 0, 'asked')
    expect(take('ou_a', 1, 'asked')).toBe('busy')
    expect(take('ou_a', 1, 'sent')).toBeTypeOf('function')
    expect(done('ou_b', 1)).toBe('taken')
    if (typeof end === 'function') end()
    const times = Array.from({ length: 29 }, (_, i) => done('ou_a', i + 2))
    expect(new Set(times)).toEqual(new Set(['taken']))
    expect([done('ou_a', 59_999), done('ou_a', 60_000), done('ou_a', 60_001)]).toEqual(['often', 'taken', 'often'])
    expect(done('ou_b', 59_999)).toBe('taken')
  })

  it('what was taken while the clock was an hour ahead is not counted once it is put right', () => {
    const throttle = createThrottle()
    const take = (ms: number) => {
      const end = throttle.take('ou_a', ms, 'asked')
      if (typeof end === 'function') end()
      return typeof end === 'function' ? 'taken' : end
    }
    for (let i = 0; i < 30; i++) take(3_600_000)
    expect([take(3_600_000), take(0)]).toEqual(['often', 'taken'])
  })
})

describe('F60 the letters of one person', () => {
  it('go before others up to fifty; the rest lets others pass until two minutes without any', () => {
    const { ahead } = createThrottle()
    expect([ahead('ou_a', 0, 20), ahead('ou_a', 1, 2_000), ahead('ou_a', 2, 1)]).toEqual([20, 30, 0])
    expect(ahead('ou_b', 2, 20)).toBe(20)
    expect([ahead('ou_a', 100_000, 1), ahead('ou_a', 219_999, 1), ahead('ou_a', 339_999, 1)]).toEqual([0, 0, 1])
    expect([ahead('ou_c', 0, 40), ahead('ou_c', 120_000, 40)]).toEqual([40, 40])
  })
})

describe('F60 the measure of one person', () => {
  const weighed = (at: number[], kind: 'said' | 'pressed' = 'said') => {
    const throttle = createThrottle()
    return at.map(ms => throttle.weigh('ou_a', ms, kind)).filter(one => one !== 'fine')
  }
  const times = (count: number, everyMs: number) => Array.from({ length: count }, (_, i) => i * everyMs)

  it.each([
    ['twenty a second for half a minute', times(600, 51), []],
    ['ten a second for five minutes', times(3_000, 100), []],
    ['twenty a second for a minute', times(1_176, 51), ['told', ...Array<string>(575).fill('silent')]],
    ['fifty a second for a second', times(50, 20), ['told', ...Array<string>(9).fill('silent')]],
    [
      'two floods, an hour apart',
      [...times(42, 20), ...times(42, 20).map(ms => ms + 3_600_000)],
      ['told', 'silent', 'told', 'silent'],
    ],
  ])('%s', (_, at, expected) => {
    expect(weighed(at)).toEqual(expected)
  })

  it('a flood that goes on is told once', () => {
    expect(weighed(times(1_000, 20)).filter(one => one === 'told')).toHaveLength(1)
  })

  it("one flood is nobody else's", () => {
    const throttle = createThrottle()
    for (let i = 0; i < 100; i++) throttle.weigh('ou_a', i, 'said')
    expect(throttle.weigh('ou_b', 100, 'said')).toBe('fine')
    expect(throttle.weigh('ou_a', 100, 'pressed')).toBe('fine')
  })

  it('presses come faster than words, and have a measure too', () => {
    expect(weighed(times(120, 10), 'pressed')).toEqual([])
    expect(weighed(times(130, 10), 'pressed')).toEqual(['told', ...Array<string>(9).fill('silent')])
  })
})

async function chatOf(office: TestOffice, person: TestPerson): Promise<string> {
  const { chat_id } = await office.send<{ chat_id: string }>('POST', '/sim/p2p', { as: person.id })
  return chat_id
}

/** Every element of a card with its own text. */
function parts(value: unknown): Array<{ tag: string; text: string }> {
  if (Array.isArray(value)) return value.flatMap(parts)
  if (typeof value !== 'object' || !value) return []
  const own = value as { tag?: unknown; content?: unknown }
  const self = typeof own.tag === 'string' ? [{ tag: own.tag, text: String(own.content ?? '') }] : []
  return [...self, ...Object.values(value).flatMap(parts)]
}
