import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { holdLines } from '../db/calm.ts'
import { tick } from '../src/bot/tick.ts'
import { hasPostgres, kinds } from './harness/databases.ts'
import { TestOffice, type TestPerson } from './harness/office.ts'
import { secondBot } from './harness/second.ts'
import { rows } from './harness/traces.ts'

const GROUP = '督查工作群'

describe.each(kinds)('播报 on %s', kind => {
  let office: TestOffice
  let wang: TestPerson
  let li: TestPerson
  let zheng: TestPerson
  beforeAll(async () => {
    office = await TestOffice.open({ kind })
    wang = office.person('王强')
    li = office.person('李静')
    zheng = office.person('郑洁')
    await tick(office.bot.house.office)
  })
  afterAll(() => office.close())

  const moveTo = async (now: string) => {
    await office.moveTo(`${now}:00+08:00`)
    await office.settled()
  }
  const mornings = async (person: TestPerson, day = '') =>
    (await person.messages()).filter(({ card }) => card?.title.startsWith(`工作早报 · ${day}`))
  const broadcasts = async () => (await wang.messages(GROUP)).filter(({ card }) => card?.title.startsWith('今日播报'))

  it('工作日上班时收到早报,可直接办理;没有事项的人不收', async () => {
    await wang.says('/交办 李静 明天下班前报送台账')
    await wang.says('/交办 李静 今天上午10点前送文件')
    await li.says('/提醒 明天15:00 开会')
    await moveTo('2026-11-25T08:29')
    expect(await mornings(li)).toHaveLength(0)
    await moveTo('2026-11-25T08:30')
    const [card] = await mornings(li)
    expect(card?.card).toMatchObject({ title: '工作早报 · 11月25日(周三)', colour: 'blue' })
    for (const words of ['交办逾期 1项', '送文件', '交办今日到期 1项', '报送台账', '今日提醒 1项', '15:00 开会'])
      expect(card?.card?.text).toContain(words)
    expect(await mornings(office.person('许诺'))).toHaveLength(0)
    await li.presses('完成', { on: card as NonNullable<typeof card> })
    expect((await mornings(li))[0]?.card?.text).not.toContain('交办逾期')
    await moveTo('2026-11-25T09:30')
    expect(await mornings(li)).toHaveLength(1)
    expect(await mornings(wang)).toHaveLength(0)
  })

  it('周末和节假日不发早报', async () => {
    await moveTo('2026-11-30T08:29')
    expect((await mornings(li)).map(one => one.card?.title)).toEqual([
      '工作早报 · 11月25日(周三)',
      '工作早报 · 11月26日(周四)',
      '工作早报 · 11月27日(周五)',
    ])
  })

  it('停机错过上班时间,当天恢复后补发一次;过了当天不补', async () => {
    office.clock.set(new Date('2026-11-30T10:00:00+08:00'))
    await tick(office.bot.house.office)
    await tick(office.bot.house.office)
    await office.settled()
    expect(await mornings(li, '11月30日')).toHaveLength(1)
    office.clock.set(new Date('2026-12-01T19:00:00+08:00'))
    await tick(office.bot.house.office)
    await office.settled()
    expect(await mornings(li, '12月1日')).toHaveLength(0)
  })

  it('群播报:设置、到时发送、逾期不点名、关闭', async () => {
    await wang.says('@回音 /播报', { to: GROUP })
    const form = (await wang.seesCard(GROUP)).card
    expect(form.inputs[0]?.value).toBe('每个工作日 8:30')
    await wang.says('@回音 /播报 明天8:30', { to: GROUP })
    expect((await wang.sees()).words).toContain('请写明播报的周期和时间')
    await wang.says('@回音 /播报 每天25点', { to: GROUP })
    expect((await wang.sees()).words).toContain('所写的播报时间不存在')
    await wang.says('@回音 /播报 8:15', { to: GROUP })
    expect((await wang.seesCard(GROUP)).card.inputs[0]?.value).toBe('每个工作日 8:15')
    await wang.says('@回音 /播报 每天8点、10点和10点半', { to: GROUP })
    expect((await wang.sees()).words).toContain('播报间隔最短1小时')
    await wang.says('@回音 /播报 每个工作日 8:30', { to: GROUP })
    expect((await wang.seesCard(GROUP)).card.text).toContain('下一次播报:12月2日(周三)08:30')
    await moveTo('2026-12-02T08:30')
    expect(await broadcasts()).toHaveLength(0)
    await wang.says('@回音 /交办 @郑洁 明天下班前报送名册', { to: GROUP })
    await wang.says('@回音 /交办 @郑洁 今天10点前修投影仪', { to: GROUP })
    await wang.says('@回音 /提醒 明天16:00 群里对账', { to: GROUP })
    await wang.says('/交办 郑洁 明天下班前办私事')
    await moveTo('2026-12-03T08:30')
    const [told] = await broadcasts()
    for (const words of ['交办今日到期 1项', '报送名册', '交办逾期 1项', '修投影仪', '今日提醒 1项', '16:00 群里对账'])
      expect(told?.card?.text).toContain(words)
    expect(told?.card?.text).not.toMatch(/郑洁|私事|@/)
    await zheng.says('@回音 /播报 关闭', { to: GROUP })
    expect((await wang.seesCard(GROUP)).card.title).toBe('播报 · 已关闭')
    await moveTo('2026-12-04T08:30')
    expect(await broadcasts()).toHaveLength(1)
    await zheng.says('@回音 /播报 关闭', { to: GROUP })
    expect((await zheng.sees()).words).toContain('本群没有设置播报')
  })

  it('私聊中发送 /播报 即看本人的早报', async () => {
    await li.says('/播报')
    expect((await li.seesCard()).card.title).toBe('工作早报 · 12月4日(周五)')
    await li.says('/播报 每天8点')
    expect((await li.sees()).words).toContain('播报请在群里设置')
  })

  it('下班后的校准通知不打扰,写入次日早报', async () => {
    const admin = office.person('刘芳')
    await wang.says('/交办 李静 20个工作日内完成建档')
    await moveTo('2026-12-04T20:00')
    await admin.says('/假期 调整 12月31日 休息')
    await moveTo('2026-12-04T20:05')
    expect((await li.messages()).filter(({ card }) => card?.title === '时限校准')).toHaveLength(0)
    await moveTo('2026-12-07T08:30')
    const card = (await mornings(li, '12月7日'))[0]
    expect(card?.card?.text).toContain('下班后的通知 1项')
    expect(card?.card?.text).toContain('交办“完成建档”的完成时限由')
    await moveTo('2026-12-08T08:30')
    expect((await mornings(li, '12月8日'))[0]?.card?.text).not.toContain('下班后的通知')
  })

  it('一天的主动提醒超过上限,其余写入次日早报', async () => {
    const admin = office.person('刘芳')
    await admin.says('/设置')
    await admin.presses('保存限额', { form: { most: '100', daily: '2', morning: 'on', empty: 'off' } })
    for (const n of ['一', '二', '三', '四']) await wang.says(`/提醒 @郑洁 今天10点 第${n}件`)
    await zheng.says('/提醒 今天10点 自己的事')
    await moveTo('2026-12-08T10:00')
    const said = (await zheng.messages()).filter(({ card }) => card?.title === '提醒').map(one => one.card?.text ?? '')
    expect(said.filter(text => text.includes('件'))).toHaveLength(2)
    expect(said.filter(text => text.includes('自己的事'))).toHaveLength(1)
    await moveTo('2026-12-09T08:30')
    const [settled] = await rows(
      office.database.db,
      `select data -> 'most' as most, data -> 'daily' as daily, data -> 'morning' as morning, data -> 'empty' as empty from events where act = 'limits'`,
    )
    expect(settled).toEqual({ most: 100, daily: 2, morning: true, empty: false })
    const text = (await mornings(zheng, '12月9日'))[0]?.card?.text ?? ''
    for (const n of ['一', '二', '三', '四']) expect(text).toContain(`第${n}件`)
  })

  it('关闭早报后不再发送;无事项也可设为发送', async () => {
    const admin = office.person('刘芳')
    await admin.says('/设置')
    await admin.presses('保存限额', { form: { most: '100', daily: '20', morning: 'off', empty: 'off' } })
    await moveTo('2026-12-10T08:30')
    expect(await mornings(zheng, '12月10日')).toHaveLength(0)
    await admin.says('/设置')
    await admin.presses('保存限额', { form: { most: '100', daily: '20', morning: 'on', empty: 'on' } })
    const { chat_id } = await office.send<{ chat_id: string }>('POST', '/sim/groups', {
      as: wang.id,
      name: '专班群',
      members: [wang.id, zheng.id],
      bot: true,
    })
    expect(chat_id).not.toBe('')
    await office.settled()
    await wang.says('@回音 /播报 每个工作日 9:00', { to: '专班群' })
    await moveTo('2026-12-11T09:00')
    expect((await wang.seesCard('专班群')).card.text).toContain('目前没有需要提示的事项')
  })

  it('跨年、节后、补班日:早报只在工作日', async () => {
    await zheng.says('/提醒 每天20:00 关窗')
    office.clock.set(new Date('2026-12-30T09:00:00+08:00'))
    await tick(office.bot.house.office)
    await moveTo('2027-01-05T09:00')
    const days = (await mornings(zheng)).map(one => one.card?.title.replace('工作早报 · ', ''))
    // 12月31日 was settled as a day off above
    expect(days.slice(-3)).toEqual(['12月30日(周三)', '1月4日(周一)', '1月5日(周二)'])
  })

  it('下班后的通知很多的,每天列出五十条,一条不丢', async () => {
    const lines = Array.from({ length: 123 }, (_, i) => ({
      person: li.id,
      line: `通知第${i + 1}条。`,
      at: office.clock.now(),
    }))
    await holdLines(office.database.db, lines)
    const heard = async (day: string): Promise<string[]> => {
      const text = (await mornings(li, day))[0]?.card?.text ?? ''
      return lines.map(one => one.line).filter(line => text.includes(line))
    }
    const days = [
      ['2027-01-06', '1月6日'],
      ['2027-01-07', '1月7日'],
      ['2027-01-08', '1月8日'],
    ] as const
    const all: string[] = []
    for (const [at, day] of days) {
      await moveTo(`${at}T08:30`)
      const some = await heard(day)
      all.push(...some)
      const text = (await mornings(li, day))[0]?.card?.text ?? ''
      if (all.length < lines.length) expect(text).toContain(`另有${lines.length - all.length}项,下个工作日继续列出`)
      else expect(text).not.toContain('下个工作日继续列出')
    }
    expect(all).toEqual(lines.map(one => one.line))
  })

  it('拒收了的人设置的提醒不进早报,也不因它发早报;群里和他人照旧', async () => {
    const xu = office.person('许诺')
    await wang.says('/提醒 @许诺 @李静 1月11日15:00 对稿')
    await moveTo('2027-01-08T09:00')
    await xu.says('/提醒 拒收 @王强')
    await moveTo('2027-01-11T08:30')
    expect(await mornings(xu, '1月11日')).toHaveLength(0)
    expect((await mornings(li, '1月11日'))[0]?.card?.text).toContain('15:00 对稿')
    await xu.says('/提醒 今天16:00 取件')
    await xu.says('/播报')
    const { text } = (await xu.seesCard()).card
    expect(text).toContain('今日提醒 1项')
    expect(text).not.toContain('对稿')
    await xu.says('/今日')
    expect((await xu.seesCard()).card.text).not.toContain('对稿')
    await xu.says('/提醒 接收 @王强')
    await xu.says('/播报')
    expect((await xu.seesCard()).card.text).toContain('15:00 对稿')
  })
})

describe.each(kinds)('启用的第一天 on %s', kind => {
  it('上班前启用的,当天上班时即有早报', async () => {
    const office = await TestOffice.open({ kind, now: '2026-11-24T01:00:00+08:00' })
    const li = office.person('李静')
    await tick(office.bot.house.office)
    await office.person('王强').says('/交办 李静 今天下班前送文件')
    const mornings = async () => (await li.messages()).filter(({ card }) => card?.title.startsWith('工作早报'))
    await office.moveTo('2026-11-24T08:29:00+08:00')
    expect(await mornings()).toHaveLength(0)
    await office.moveTo('2026-11-24T08:30:00+08:00')
    await office.settled()
    expect((await mornings()).map(({ card }) => card?.title)).toEqual(['工作早报 · 11月24日(周二)'])
    expect((await mornings())[0]?.card?.text).toContain('送文件')
    await office.close()
  })
})

describe.each(kinds)('没有早报的单位 on %s', kind => {
  let office: TestOffice
  beforeAll(async () => {
    office = await TestOffice.open({ kind })
    await tick(office.bot.house.office)
  })
  afterAll(() => office.close())

  const moveTo = async (now: string) => {
    await office.moveTo(`${now}:00+08:00`)
    await office.settled()
  }
  const opened = async (person: TestPerson) =>
    (await person.messages()).filter(({ card }) => card && /^(工作早报|暂缓发送的提醒)/.test(card.title))

  it('暂缓的提醒和通知在上班时合为一张发送,只发一次;静音的人等到静音结束', async () => {
    const [admin, wang, li, zheng] = ['刘芳', '王强', '李静', '郑洁'].map(name => office.person(name))
    if (!admin || !wang || !li || !zheng) throw new Error('somebody is missing')
    await admin.says('/设置')
    await admin.presses('保存限额', { form: { most: '100', daily: '1', morning: 'off', empty: 'on' } })
    await li.says('/静音 今天下班前')
    await zheng.says('/静音 11月26日12:00')
    for (const person of [li, zheng]) await person.says('/提醒 今天10点 看简报')
    for (const n of ['一', '二']) await wang.says(`/提醒 @冯军 今天10点 第${n}件`)
    await wang.says('/交办 李静 20个工作日内完成建档')
    await moveTo('2026-11-24T20:00')
    await admin.says('/假期 调整 12月4日 休息')
    await moveTo('2026-11-25T08:29')
    expect(await opened(li)).toEqual([])
    await moveTo('2026-11-25T08:30')
    const [card, ...more] = (await opened(li)).map(one => one.card)
    expect(more).toEqual([])
    expect(card?.title).toBe('暂缓发送的提醒 · 11月25日(周三)')
    for (const words of [
      '提醒未完成 1项',
      '看简报 · 11月24日(周二)10:00',
      '下班后的通知 1项',
      '“完成建档”的完成时限由',
    ])
      expect(card?.text).toContain(words)
    expect((await opened(office.person('冯军')))[0]?.card?.text).toContain('提醒未完成 2项')
    expect(await opened(zheng)).toEqual([])
    expect(await opened(office.person('许诺'))).toEqual([])
    await moveTo('2026-11-26T08:30')
    expect(await opened(li)).toHaveLength(1)
    expect(await opened(zheng)).toEqual([])
    await moveTo('2026-11-27T08:30')
    expect((await opened(zheng)).map(one => one.card?.text)).toEqual([expect.stringContaining('看简报')])
    await moveTo('2026-11-30T08:30')
    expect(await opened(zheng)).toHaveLength(1)
  })
})

describe.runIf(hasPostgres)('两个进程', () => {
  it('早报和播报各一张', async () => {
    const office = await TestOffice.open({ kind: 'Postgres' })
    const second = await secondBot(office)
    try {
      await tick(office.bot.house.office)
      const [wang, zheng] = [office.person('王强'), office.person('郑洁')]
      await wang.says('@回音 /播报 每个工作日 8:30', { to: GROUP })
      await wang.says('@回音 /交办 @郑洁 明天下班前报送名册', { to: GROUP })
      office.clock.set(new Date('2026-11-25T08:30:00+08:00'))
      const both = [office.bot.house.office, second.bot.house.office]
      await Promise.all([...both, ...both].map(one => tick(one)))
      await office.settled()
      await second.bot.drainer.settle()
      const titled = (seen: { card: { title: string } | undefined }[], title: string) =>
        seen.filter(({ card }) => card?.title.startsWith(title)).length
      expect(titled(await zheng.messages(), '工作早报')).toBe(1)
      expect(titled(await wang.messages(GROUP), '今日播报')).toBe(1)
    } finally {
      await second.close()
      await office.close()
    }
  })
})
