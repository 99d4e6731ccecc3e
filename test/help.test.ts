import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { stencilCard } from '../db/stencils.ts'
import { printCard } from '../src/feishu/card.ts'
import type { Card } from '../src/kit/card.ts'
import { TestOffice, type TestPerson } from './harness/office.ts'
import { readCard } from './harness/shown.ts'
import { count, rows } from './harness/traces.ts'
import { ways } from './harness/ways.ts'

const GROUP = '督查工作群'

describe.each(ways)('帮助 on %s', (_, way) => {
  let office: TestOffice
  let wang: TestPerson
  beforeAll(async () => {
    office = await TestOffice.open(way)
    wang = office.person('王强')
  })
  afterAll(() => office.close())

  const told = (): Promise<number[]> =>
    Promise.all(
      ['ok', 'refused'].map(outcome =>
        count(office.database.db, `events where act = 'command' and outcome = '${outcome}' and who = '${wang.id}'`),
      ),
    )

  it.each(['/帮助', '帮助', '?', '?', '/help', '／帮助', '、帮助', '\\帮助', '/幫助', '/HELP', '  /帮助  ', '/help'])(
    '“%s”得到帮助',
    async said => {
      await wang.says(said)
      expect((await wang.seesCard()).card.title).toBe('回音 · 帮助')
    },
  )

  it('只列本人可用的命令', async () => {
    await wang.says('/帮助')
    expect((await wang.seesCard()).card.text).not.toContain('/初始化')
    await office.person('刘芳').says('/帮助')
    expect((await office.person('刘芳').seesCard()).card.text).toContain('/初始化')
  })

  it('单项帮助列出子命令和例子', async () => {
    await wang.says('/帮助 交办')
    expect((await wang.seesCard()).card.text).toContain('/交办 列表')
    await wang.says('/帮助 飞天')
    expect((await wang.sees()).words).toContain('没有“飞天”这个命令')
  })

  it('问过和未能办理的都留有记录', async () => {
    await wang.says('/帮助')
    await office.settled()
    const [before] = await told()
    await wang.says('/帮助')
    await wang.says('/帮助 飞天')
    await office.settled()
    const [ok, refused] = await told()
    expect([Number(ok) - Number(before), Number(refused)]).toEqual([1, 2])
  })

  it('同样的卡片只存一份,另一个进程也能送达', async () => {
    const { db } = office.database
    const seen: string[] = []
    for (let i = 0; i < 4; i++) {
      await wang.says('/帮助')
      seen.push((await wang.seesCard()).card.text)
    }
    await office.settled()
    expect(new Set(seen).size).toBe(1)
    const parcels = await rows<{ stencil: string | null; card: boolean }>(
      db,
      `select parcel ->> 'stencil' as stencil, parcel ? 'card' as card from outbox where sender = '${wang.id}' order by id desc limit 2`,
    )
    const [{ stencil } = { stencil: null }] = parcels
    expect(parcels).toEqual([
      { stencil, card: false },
      { stencil, card: false },
    ])
    // whoever has not read it before, as after a restart
    const card = await stencilCard(Object.create(db) as typeof db, String(stencil))
    expect(readCard(JSON.stringify(printCard(card as Card))).text).toBe(seen[0])
  })

  it('群里@后可省略符号,帮助只发给本人', async () => {
    await wang.says('@回音 帮助', { to: GROUP })
    expect((await wang.seesCard()).card.title).toBe('回音 · 帮助')
    expect((await wang.messages(GROUP)).filter(message => message.sender === 'bot')).toEqual([])
  })

  it.each([
    ['/交班 李静 明天交总结', '/交办 李静 明天交总结'],
    ['/待半', '/待办'],
    ['/asign 李静 写总结', '/交办 李静 写总结'],
  ])('打错的“%s”建议“%s”,点按即办', async (said, proposed) => {
    await wang.says(said)
    const proposal = await wang.seesCard()
    expect(proposal.card.title).toBe('未能识别')
    expect(proposal.card.buttons[0]?.label).toBe(proposed)
    await wang.presses(proposed)
    expect((await wang.seesCard()).card.title).toMatch(/^(交办 · 待签收|待办)/)
  })

  it.each([
    ['提醒明天下午3点半 交材料', '/提醒 明天下午3点半 交材料'],
    ['交办@郑洁 明天下班前把灯修好', '/交办 @郑洁 明天下班前把灯修好'],
    ['交班\uff1a@郑洁 明天下班前把灯修好', '/交办 @郑洁 明天下班前把灯修好'],
  ])('粘着写的“%s”建议“%s”,一字不丢', async (said, proposed) => {
    await wang.says(said)
    expect((await wang.seesCard()).card.buttons[0]?.label).toBe(proposed)
  })

  it('私聊和@后,命令词之后写冒号的也是命令', async () => {
    for (const [said, to] of [
      ['交办\uff1a郑洁 明天下班前把一楼的灯修好', undefined],
      ['@回音 交办:郑洁 明天下班前把二楼的灯修好', GROUP],
    ] as const) {
      await wang.says(said, to && { to })
      expect((await wang.seesCard(to)).words).toMatch(/交办 · 待签收\n把.楼的灯修好/)
    }
  })

  it('按钮代说的命令未能办理的,也记作所说的命令', async () => {
    const noted = () =>
      rows<{ feature: string; act: string }>(
        office.database.db,
        `select feature, act from events where who = '${wang.id}' and outcome = 'refused' order by id desc limit 1`,
      )
    for (const [typed, button, why, act] of [
      ['/初始话', '/初始化', '仅限系统管理员', { feature: 'setup', act: 'command' }],
      ['/审什 导出', '/审计 导出', '仅限', { feature: 'audit', act: '导出' }],
    ] as const) {
      await wang.says(typed)
      expect((await wang.presses(button)).toast?.content).toContain(why)
      await office.settled()
      expect(await noted()).toEqual([act])
    }
  })

  it('私聊中的任何话都有回应', async () => {
    for (const said of ['你好', '今天天气不错', '/', '//', '/飞天遁地', '@回音']) {
      const before = (await wang.messages()).filter(message => message.sender === 'bot').length
      await wang.says(said)
      expect((await wang.messages()).filter(message => message.sender === 'bot').length, said).toBe(before + 1)
    }
  })

  it('写成命令而没有的,指明是哪一个', async () => {
    await wang.says('/飞天遁地')
    expect((await wang.seesCard()).card.text).toContain('没有“飞天遁地”这个命令')
    await wang.says('今天天气不错')
    expect((await wang.seesCard()).card.text).toContain('没有识别到命令')
  })

  it('没有对应事项的文件得到指引', async () => {
    await wang.sendsFile('材料.docx')
    expect((await wang.seesCard()).card.text).toContain('请回复该事项的卡片')
  })

  it('首次打开私聊得到说明,只有一次', async () => {
    const new_ = office.person('陈晨')
    await new_.privateChat()
    expect((await new_.seesCard()).card.title).toBe('回音 · 使用说明')
    await new_.privateChat()
    expect((await new_.messages()).filter(message => message.sender === 'bot')).toHaveLength(1)
    await new_.presses('/待办')
    expect((await new_.seesCard()).card.title).toBe('待办')
  })

  it('入群得到说明,每群一次', async () => {
    const { chat_id } = await office.send<{ chat_id: string }>('POST', '/sim/groups', {
      as: wang.id,
      name: '专班群',
      members: [wang.id, office.idOf('郑洁')],
      bot: true,
    })
    await office.settled()
    expect((await wang.seesCard('专班群')).card.title).toBe('回音已加入本群')
    await office.send('POST', '/sim/events', {
      event_type: 'im.chat.member.bot.added_v1',
      event: { chat_id, operator_id: { open_id: wang.id }, name: '专班群', external: false },
    })
    await office.settled()
    expect((await wang.messages('专班群')).filter(message => message.sender === 'bot')).toHaveLength(1)
  })
})
