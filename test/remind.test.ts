import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { dismiss, dropMembers } from '../db/people.ts'
import type { Office as SimOffice } from '../simulator/protocol.ts'
import { startSimulator } from '../simulator/server.ts'
import { tick } from '../src/bot/tick.ts'
import { createDatabase, dropDatabase, hasPostgres, kinds } from './harness/databases.ts'
import { KEYS, TestOffice, type TestPerson } from './harness/office.ts'
import { freePort, Program } from './harness/program.ts'
import { secondBot } from './harness/second.ts'
import { count, emptied, pause, rows, saidTimes, until } from './harness/traces.ts'
import { ways } from './harness/ways.ts'

const GROUP = '督查工作群'
/** How often a reminder's card was sent, however often it was drawn. */
const reminded = async (person: TestPerson, words: string, group?: string): Promise<number> =>
  (await person.messages(group)).filter(
    ({ card }) => card?.title.startsWith('提醒') && card.text.startsWith(words) && !card.text.includes('编号'),
  ).length

/** As after a standstill: the clock has gone on and nothing was done meanwhile. */
async function wake(office: TestOffice, now: string): Promise<void> {
  office.clock.set(new Date(`${now}:00+08:00`))
  await tick(office.bot.house.office)
  await office.settled()
}

describe.each(ways)('提醒 on %s', (_, way) => {
  let office: TestOffice
  let wang: TestPerson
  let li: TestPerson
  let zheng: TestPerson
  beforeAll(async () => {
    office = await TestOffice.open(way)
    wang = office.person('王强')
    li = office.person('李静')
    zheng = office.person('郑洁')
  })
  afterAll(() => office.close())

  const moveTo = async (now: string) => {
    await office.moveTo(`${now}:00+08:00`)
    await office.settled()
  }

  it('一次提醒:确认写明时间,到时发送,完成后按钮消失', async () => {
    await wang.says('/提醒 今天上午10点半 交材料')
    const made = (await wang.seesCard()).card
    expect(made).toMatchObject({ title: '提醒 · 已设置', colour: 'green' })
    expect(made.text).toContain('交材料')
    expect(made.text).toContain('时间 11月24日(周二)10:30')
    expect(made.text).toContain('编号 1')
    expect(made.buttons.map(one => one.label)).toEqual(['取消提醒', '修改', '暂停'])
    await moveTo('2026-11-24T10:29')
    expect(await reminded(wang, '交材料')).toBe(0)
    await moveTo('2026-11-24T10:30')
    const said = (await wang.seesCard()).card
    expect(said).toMatchObject({ title: '提醒', colour: 'yellow', tags: [] })
    expect(said.buttons.map(one => one.label)).toEqual(['完成', '不再提醒', '稍后'])
    expect((await wang.presses('完成')).toast?.content).toBe('已完成')
    const closed = await wang.seesCard()
    expect(closed.card).toMatchObject({ title: '提醒 · 已完成', colour: 'green', buttons: [] })
    await moveTo('2026-11-24T10:40')
    expect(await reminded(wang, '交材料')).toBe(1)
  })

  it.each([
    ['稍后', 'minutes', '11月24日(周二)11:', '2026-11-24T11:20'],
    ['稍后', 'hour', '11月24日(周二)12:', '2026-11-24T12:20'],
    ['稍后', 'tomorrow', '11月25日(周三)08:30', '2026-11-25T08:30'],
    ['稍后', 'workday', '11月26日(周四)08:30', '2026-11-26T08:30'],
  ])('%s %s:只推迟这一次', async (_label, until, when, at) => {
    const text = `看邮件${until}`
    const minute = new Date(office.clock.now().getTime() + 60_000).toISOString()
    await wang.says(`/提醒 1分钟后 ${text}`)
    await office.moveTo(minute)
    await office.settled()
    const answer = await wang.presses('稍后', { form: { until } })
    expect(answer.toast?.content).toMatch(/^将于.*再次提醒$/)
    expect((await wang.seesCard()).card.title).toBe('提醒 · 稍后')
    if (until === 'tomorrow' || until === 'workday') expect(answer.toast?.content).toContain(when)
    expect(await reminded(wang, text)).toBe(1)
    await moveTo(until === 'minutes' || until === 'hour' ? soon(office, until) : at)
    expect(await reminded(wang, text)).toBe(2)
    await wang.presses('完成')
  })

  it('每周提醒同事:收到时写明来自谁,列表按编号取消', async () => {
    await wang.says('/提醒 @李静 每周五16:00 报周报')
    const made = (await wang.seesCard()).card
    expect(made.text).toContain('接下来 11月27日(周五)16:00、12月4日(周五)16:00、12月11日(周五)16:00')
    const number = /编号 (\d+)/.exec(made.text)?.[1]
    await moveTo('2026-11-27T16:00')
    const told = await li.seesCard()
    expect(told.card.text).toContain('报周报')
    expect(told.card.text).toContain('来自 王强')
    expect(told.card.text).toContain('下次 12月4日(周五)16:00')
    expect((await zheng.forges('完成', told)).toast?.content).toBe('未找到该提醒')
    expect((await wang.forges('完成', told)).toast?.content).toBe('此按钮仅限被提醒人使用')
    await wang.says('/提醒 列表')
    expect((await wang.seesCard()).card.text).toContain(`${number}. 报周报 · 提醒李静 · 下次12月4日(周五)16:00`)
    await wang.says(`/提醒 暂停 ${number}`)
    expect((await wang.seesCard()).card.title).toBe('提醒 · 已暂停')
    await moveTo('2026-12-04T16:30')
    expect(await reminded(li, '报周报')).toBe(1)
    await wang.says(`/提醒 恢复 ${number}`)
    expect((await wang.seesCard()).card.text).toContain('接下来 12月11日(周五)16:00')
    await wang.says(`/提醒 取消 ${number}`)
    expect((await wang.seesCard()).card).toMatchObject({ title: '提醒 · 已取消', colour: 'grey', buttons: [] })
    await wang.says('/提醒 取消 99')
    expect((await wang.sees()).words).toContain('没有编号为“99”的提醒')
    await li.says(`/提醒 取消 ${number}`)
    expect((await li.sees()).words).toContain('没有编号为')
  })

  it('收到他人提醒:不再提醒,并可拒收、恢复接收', async () => {
    await wang.says('/提醒 @李静 每个工作日17:00 锁门')
    await moveTo('2026-12-04T17:00')
    expect((await li.presses('不再提醒')).toast?.content).toBe('不再提醒')
    expect((await wang.sees()).words).toMatch(/李静不再接收提醒\d+“锁门”/)
    await moveTo('2026-12-08T17:00')
    expect(await reminded(li, '锁门')).toBe(1)
    const mine = (await li.messages()).filter(one => one.card?.title === '提醒 · 不再提醒').at(-1)
    expect((await li.presses('拒收王强的提醒', { on: mine as NonNullable<typeof mine> })).toast?.content).toContain(
      '已拒收',
    )
    await wang.says('/提醒 李静 明天9点 开会')
    expect((await wang.sees()).words).toContain('李静已设置不接收您的提醒')
    await li.says('/提醒 接收 王强')
    expect((await li.sees()).words).toContain('已恢复接收王强')
    await wang.says('/提醒 李静 明天9点 开会')
    expect((await wang.seesCard()).card.title).toBe('提醒 · 已设置')
  })

  it('在群里即提醒本群;完成写明由谁,其余按钮仅限设置人', async () => {
    await wang.says('@回音 /提醒 明天上午10点 交值班表', { to: GROUP })
    expect((await zheng.seesCard(GROUP)).card.text).toContain('提醒对象 本群')
    await moveTo('2026-12-09T10:00')
    const said = await zheng.seesCard(GROUP)
    expect(said.card.text).toContain('交值班表')
    expect((await zheng.presses('不再提醒', { group: GROUP })).toast?.content).toBe('“不再提醒”仅限提醒设置人使用')
    expect((await office.person('何平').forges('完成', said)).toast?.content).toBe('未找到该提醒')
    await zheng.presses('完成', { group: GROUP })
    expect((await wang.seesCard(GROUP)).card.text).toContain('郑洁 已完成 · 12月9日(周三)10:0')
    expect((await wang.presses('完成', { on: said })).toast).toEqual({
      type: 'info',
      content: expect.stringContaining('郑洁 已完成'),
    })
    await wang.says('@回音 收到', { to: GROUP, replyTo: said })
    const again = await wang.sees()
    expect(again.words).toMatch(/^郑洁 已完成 · 12月9日\(周三\)10:0\d$/)
    expect(again.card).toBeUndefined()
  })

  it('回复一条消息设置的提醒,到时回在那条消息下', async () => {
    const message = await wang.says('今天的材料请看附件')
    const source = (await wang.messages()).find(one => one.message_id === message)
    await wang.says('/提醒 1小时后', { replyTo: source as NonNullable<typeof source> })
    expect((await wang.seesCard()).card.text).toContain('请处理所回复的消息')
    await moveTo('2026-12-09T12:00')
    const told = (await wang.messages()).filter(one => one.card?.title === '提醒').at(-1)
    expect(told?.card?.text).toContain('请处理所回复的消息')
    expect(told?.parent_id).toBe(message)
    await wang.says('好', { replyTo: told as NonNullable<typeof told> })
    expect((await wang.sees()).words).toBe('已完成')
    expect((await wang.messages()).find(one => one.message_id === told?.message_id)?.card?.title).toBe('提醒 · 已完成')
  })

  it('回复“已完成”后写明情况的:办结,设置人得知;自己的只办结;其余按钮的话后不带说明', async () => {
    const replies = async (person: TestPerson, words: string, group?: string) => {
      const on = (await person.messages(group)).findLast(({ card }) => card?.title.startsWith('提醒'))
      if (!on) throw new Error('nothing was said')
      await person.says(`${group ? '@回音 ' : ''}${words}`, { ...(group && { to: group }), replyTo: on })
      return (await person.sees()).words
    }
    await wang.says('/提醒 @李静 今天12:10 送文件')
    await wang.says('/提醒 @郑洁 今天12:20 取快递')
    await moveTo('2026-12-09T12:10')
    for (const words of ['稍后 正在开会', '不再提醒 已送', '收到 明天去办', '好 马上去'])
      expect(await replies(li, words), words).toContain('可回复“完成”“稍后”或“不再提醒”')
    expect(await replies(li, `完成 ${'长'.repeat(501)}`)).toContain('说明请控制在500字以内')
    const title = async () => (await li.messages()).findLast(({ card }) => card?.text.startsWith('送文件'))?.card?.title
    expect(await title()).toBe('提醒')
    expect(await replies(li, '已完成,已送到\n收发室')).toBe('已完成,说明已转提醒设置人')
    expect(await title()).toBe('提醒 · 已完成')
    expect((await wang.sees()).words).toMatch(/^李静已完成提醒\d+“送文件”,说明:已送到\n收发室。$/)
    const told = (await wang.messages()).length
    expect(await replies(li, '收到')).toMatch(/^李静 已完成 · 12月9日\(周三\)12:1\d$/)
    expect(await replies(li, '完成 又送了一份')).toBe('已完成,说明已转提醒设置人')
    expect((await wang.sees()).words).toMatch(/说明:又送了一份。$/)
    await moveTo('2026-12-09T12:20')
    expect(await replies(zheng, '收到')).toBe('已完成')
    await zheng.says('/提醒 今天12:30 浇花')
    await moveTo('2026-12-09T12:30')
    expect(await replies(zheng, '办好了 浇了两遍')).toBe('已完成')
    expect((await wang.messages()).length).toBe(told + 1)
  })

  it('缺内容、时间不清楚时给预填表单', async () => {
    await wang.says('/提醒 李静 交年终总结')
    const form = (await wang.seesCard()).card
    expect(form.title).toBe('提醒 · 填写')
    expect(form.text).toContain('请写明什么时候提醒')
    expect(form.inputs.find(input => input.name === 'text')?.value).toBe('交年终总结')
    expect(form.inputs.find(input => input.name === 'people')?.value).toEqual([li.id])
    expect(
      (await wang.presses('设置提醒', { form: { people: [li.id], names: '', text: '交年终总结', when: '下午交' } }))
        .toast?.content,
    ).toContain('未能识别时间')
    const answer = await wang.presses('设置提醒', {
      form: { people: [li.id], names: '', text: '交年终总结', when: '12月15日9点' },
    })
    expect(answer.toast?.content).toBe('已设置')
    expect((await wang.seesCard()).card.text).toContain('时间 12月15日(周二)09:00')
  })

  it.each([
    ['/提醒 明天9点', '请写明提醒内容'],
    ['/提醒 昨天9点 开会', '时间已经过去'],
    ['/提醒 2月30日 开会', '时间不存在'],
    ['/提醒 每5分钟 喝水', '提醒间隔最短10分钟'],
    ['/提醒 每天9点、10点、11点、12点、13点、14点、15点、16点、17点和17:05 喝水', '提醒间隔最短10分钟'],
    ['/提醒 @李小龙 明天9点 开会', '未找到“李小龙”'],
    ['/提醒', '请写明什么时候提醒'],
  ])('%s → %s', async (said, why) => {
    await wang.says(said)
    const { card } = await wang.seesCard()
    expect(card.title).toBe('提醒 · 填写')
    expect(card.text).toContain(why)
  })

  it('修改:一句话,或打开表单', async () => {
    await wang.says('/提醒 12月20日10点 年终考核')
    const number = /编号 (\d+)/.exec((await wang.seesCard()).card.text)?.[1]
    await wang.says(`/提醒 修改 ${number} 12月21日15:00`)
    expect((await wang.seesCard()).card.text).toContain('时间 12月21日(周一)15:00')
    await wang.presses('修改')
    const form = (await wang.seesCard()).card
    expect(form.inputs.map(input => input.value)).toEqual(['年终考核', '2026年12月21日(星期一)15:00'])
    await wang.presses('保存', { form: { text: '年终考核表', when: '每周一15:00' } })
    const changed = (await wang.seesCard()).card
    expect(changed.text).toContain('年终考核表')
    expect(changed.text).toContain('接下来 12月14日(周一)15:00')
    await wang.says(`/提醒 修改 ${number} 年终考核总结`)
    const worded = (await wang.seesCard()).card
    expect(worded.text).toContain('没有写时间,时间不变,请核对后保存')
    expect(worded.inputs.map(input => input.value)).toEqual(['年终考核总结', '每周一15:00'])
    await wang.presses('保存', { form: { text: '年终考核总结', when: '每周一15:00' } })
    const kept = (await wang.seesCard()).card.text
    expect(kept).toContain('年终考核总结')
    expect(kept).toContain('接下来 12月14日(周一)15:00')
    await wang.presses('取消提醒')
  })

  it('遇节假日顺延、农历、界限、一天多次', async () => {
    for (const [said, when] of [
      ['/提醒 每月3号10点 遇节假日顺延 交台账', '接下来 2027年1月4日(周一)10:00'],
      ['/提醒 腊月二十三 9点 送灶', '时间 2027年1月30日(周六)09:00'],
      [
        '/提醒 每天9点和15点 到12月31日为止 巡查',
        '接下来 12月9日(周三)15:00、12月10日(周四)09:00、12月10日(周四)15:00',
      ],
      ['/提醒 12月25日前 交总结', '时间 12月24日(周四)09:00'],
    ] as const) {
      await zheng.says(said)
      expect((await zheng.seesCard()).card.text).toContain(when)
    }
    await zheng.says('/提醒 列表')
    expect((await zheng.seesCard()).card.title).toBe('提醒 · 列表 · 4条')
  })

  it('/待办、/今日、/查 都看得到', async () => {
    await zheng.says('/提醒 今天14:00 核对名单')
    await zheng.says('/查 名单')
    expect((await zheng.seesCard()).card.text).toContain('核对名单')
    await office.person('冯军').says('/查 名单')
    expect((await office.person('冯军').seesCard()).card.text).not.toContain('核对名单')
    await moveTo('2026-12-09T14:00')
    await zheng.says('/待办')
    expect((await zheng.seesCard()).card.text).toContain('提醒 核对名单 · 12月9日(周三)14:00')
    await zheng.presses('完成')
    expect((await zheng.seesCard()).card.text).not.toContain('核对名单')
  })

  it('D42 停机后补发:每条提醒只补一条,写明原定时间', async () => {
    await zheng.says('/提醒 每小时 看值班电话')
    const before = await reminded(zheng, '看值班电话')
    office.clock.set(new Date('2026-12-10T10:20:00+08:00'))
    await tick(office.bot.house.office)
    await office.settled()
    expect(await reminded(zheng, '看值班电话')).toBe(before + 1)
    const late = (await zheng.messages()).findLast(
      ({ card }) => card?.title === '提醒' && card.text.startsWith('看值班电话'),
    )
    expect(late?.card?.tags).toEqual(['补发'])
    expect(late?.card?.text).toMatch(
      /原定12月9日\(周三\)15:\d\d,因系统中断未能按时发送,现予补发\(此后又错过\d+次,合并为本条\)/,
    )
    const number = (
      await rows<{ number: number }>(office.database.db, "select number from reminders where text = '看值班电话'")
    )[0]
    await zheng.says(`/提醒 取消 ${number?.number}`)
  })

  it('D43 时钟前后跳动:不重复,不遗漏', async () => {
    office.clock.set(new Date('2026-12-10T11:00:10+08:00'))
    await zheng.says('/提醒 每天11:30 订餐')
    for (const at of ['12:30', '11:20', '11:40', '12:40']) {
      office.clock.set(new Date(`2026-12-10T${at}:00+08:00`))
      await tick(office.bot.house.office)
    }
    await office.settled()
    expect(await reminded(zheng, '订餐')).toBe(1)
    office.clock.set(new Date('2026-12-11T11:30:00+08:00'))
    await tick(office.bot.house.office)
    await office.settled()
    expect(await reminded(zheng, '订餐')).toBe(2)
  })

  it('特急提醒再多,一个人的也只有一部分排在他人的答复之前', async () => {
    const all = [...office.sim.state.people.values()].filter(one => !one.is_frozen && !one.is_resigned)
    const some = all.slice(0, 20).map(({ open_id }) => open_id)
    for (const text of ['特急 一', '特急 二', '特急 三'])
      await rows(
        office.database.db,
        `insert into reminders (number, maker, owner, receivers, chat, text, said, said_at, calendar_id, recurring, urgent, next_at, state, source, source_chat)
         select coalesce(max(number), 0) + 1, '${zheng.id}', '${zheng.id}', '{${some}}', '', '${text}', '', now(), 'shipped', false, true,
           '2026-12-11T12:00:00+08:00', 'active', '', '' from reminders`,
      )
    const [last] = await rows<{ id: string }>(office.database.db, 'select coalesce(max(id), 0) as id from outbox')
    office.clock.set(new Date('2026-12-11T12:00:30+08:00'))
    await tick(office.bot.house.office)
    const sent = await rows<{ priority: number; n: string }>(
      office.database.db,
      `select priority, count(*) as n from outbox where id > ${last?.id} and api = 'create' group by 1 order by 1`,
    )
    expect(sent.map(({ priority, n }) => [Number(priority), Number(n)])).toEqual([
      [0, 50],
      [expect.any(Number), 10],
    ])
    await office.settled()
  })

  it('停机期间的旧提醒在下班后不打扰,特急除外', async () => {
    const feng = office.person('冯军')
    await feng.says('/提醒 今天14:00 普通事项')
    await feng.says('/提醒 今天14:00 【特急】报送情况')
    office.clock.set(new Date('2026-12-11T20:00:00+08:00'))
    await tick(office.bot.house.office)
    await office.settled()
    expect(await reminded(feng, '普通事项')).toBe(0)
    expect(await reminded(feng, '【特急】报送情况')).toBe(1)
    await feng.says('/待办')
    expect((await feng.seesCard()).card.text).toContain('普通事项')
  })

  it('飞书中断一小时:恢复后每条提醒恰好一条', async () => {
    await moveTo('2026-12-14T09:00')
    await zheng.says('/提醒 今天9点10分 报送简报')
    await office.faults({ api_5xx: 1 })
    await office.moveTo('2026-12-14T10:15:00+08:00')
    await office.faults({ api_5xx: 0 })
    await emptied(office, 90_000)
    expect(await reminded(zheng, '报送简报')).toBe(1)
  }, 120_000)

  it('同时设置的提醒各有编号', async () => {
    const feng = office.person('冯军')
    await Promise.all(Array.from({ length: 6 }, (_, i) => feng.says(`/提醒 12月30日9点 同时${i}`)))
    const numbers = await rows<{ number: number }>(
      office.database.db,
      `select number from reminders where owner = '${feng.id}' and text like '同时%'`,
    )
    expect(new Set(numbers.map(({ number }) => number)).size).toBe(6)
  })

  it('设置人离开后不由系统管理员、安全审计员接管,无上级的由办公室主任接管,无人接管的告知系统管理员', async () => {
    const { db } = office.database
    const [liu, cao, you] = [office.person('刘芳'), office.person('曹颖'), office.person('尤佳')]
    const xu = office.person('许诺')
    await xu.says('@回音 /提醒 每周三9点 保密学习', { to: GROUP })
    await rows(db, `update people set leader = null, departments = '{}' where id = '${xu.id}'`)
    await dismiss(db, xu.id)
    await wake(office, '2026-12-14T09:50')
    expect(await rows(db, `select state from reminders where text = '保密学习'`)).toEqual([{ state: 'cancelled' }])
    const told = (await liu.sees()).words
    expect(told).toContain('许诺设置的提醒(编号1)无人接管,已结束')
    expect(told).not.toContain('保密学习')
    expect((await wang.sees(GROUP)).words).toContain(
      '许诺设置的提醒“保密学习”无人接管,已结束;如仍需提醒,请在本群重新设置',
    )
    for (const role of ['@曹颖 安全审计员', '@李静 办公室主任']) await liu.says(`/角色 ${role}`)
    await you.says('@回音 /提醒 每周二9点 内部学习', { to: GROUP })
    await rows(db, `update people set leader = '${cao.id}', departments = '{}' where id = '${you.id}'`)
    await rows(db, `update people set leader = '${liu.id}' where id = '${cao.id}'`)
    await rows(db, `update people set leader = null where id = '${liu.id}'`)
    await dismiss(db, you.id)
    await wake(office, '2026-12-14T10:00')
    const [kept] = await rows<{ owner: string; state: string }>(
      db,
      `select owner, state from reminders where text = '内部学习'`,
    )
    expect(kept).toEqual({ owner: li.id, state: 'active' })
    // a superior who does not sit in the group does not take over what is said there
    const [zhu, feng] = [office.person('朱琳'), office.person('冯军')]
    await zhu.says('@回音 /提醒 每周四9点 值班学习', { to: GROUP })
    await rows(db, `update people set leader = '${feng.id}', departments = '{}' where id = '${zhu.id}'`)
    await rows(db, `update people set leader = null where id = '${feng.id}'`)
    await rows(db, `delete from members where person = '${feng.id}'`)
    await dismiss(db, zhu.id)
    await wake(office, '2026-12-14T10:10')
    expect(await rows(db, `select owner, state from reminders where text = '值班学习'`)).toEqual([
      { owner: li.id, state: 'active' },
    ])
  })

  it('设置人离开后由上级接管;本人的提醒随之结束', async () => {
    const yang = office.person('杨帆')
    await yang.says('/提醒 明天9点 取快递')
    await yang.says('@回音 /提醒 每周三9点 群例会', { to: GROUP })
    await moveTo('2026-12-14T20:00')
    await dismiss(office.database.db, yang.id)
    await moveTo('2026-12-14T20:05')
    const owners = await rows<{ text: string; owner: string; state: string }>(
      office.database.db,
      `select text, owner, state from reminders where maker = '${yang.id}' order by id`,
    )
    expect(owners[0]).toMatchObject({ text: '取快递', state: 'cancelled' })
    expect(owners[1]).toMatchObject({ text: '群例会', state: 'active' })
    const heir = owners[1]?.owner ?? ''
    expect(heir).not.toBe(yang.id)
    const [known] = await rows<{ name: string }>(office.database.db, `select name from people where id = '${heir}'`)
    const heard = async (words: string) =>
      (await office.person(known?.name ?? '').messages()).filter(one => one.words.includes(words)).length
    expect(await heard('群例会')).toBe(0)
    await moveTo('2026-12-15T08:30')
    expect(await heard('杨帆设置的提醒“群例会”由您接管,编号')).toBe(1)
    await moveTo('2026-12-16T09:00')
    expect(await reminded(wang, '群例会', GROUP)).toBe(1)
  })

  it('回音离开群后,该群的提醒暂停并告知设置人', async () => {
    await moveTo('2026-12-16T09:30')
    await wang.says('@回音 /提醒 今天10点 报名单', { to: GROUP })
    await office.seat(GROUP, wang, false)
    await moveTo('2026-12-16T10:00')
    expect((await wang.seesCard()).card.title).toBe('提醒已暂停')
    await office.seat(GROUP, wang, true)
  })

  it('每人提醒有上限,可在设置中调整', async () => {
    const admin = office.person('刘芳')
    await admin.says('/设置')
    await admin.presses('保存限额', { form: { most: '1', daily: '20', morning: 'on', empty: 'off' } })
    await li.says('/提醒 明天9点 甲')
    await li.says('/提醒 明天9点 乙')
    expect((await li.sees()).words).toContain('您已有1条提醒')
    await admin.says('/设置')
    await admin.presses('保存限额', { form: { most: '100', daily: '20', morning: 'on', empty: 'off' } })
  })

  it('春节前的补班日、国庆后的补班日都算工作日', async () => {
    office.clock.set(new Date('2026-02-13T18:00:00+08:00'))
    const shi = office.person('许诺')
    await shi.says('/提醒 每个工作日8:45 签到表')
    expect((await shi.seesCard()).card.text).toContain(
      '接下来 2月14日(周六)08:45(补班日)、2月24日(周二)08:45、2月25日(周三)08:45',
    )
    office.clock.set(new Date('2026-10-09T18:00:00+08:00'))
    await shi.says('/提醒 下个工作日上午10点 盘点')
    expect((await shi.seesCard()).card.text).toContain('时间 10月10日(周六)10:00(补班日)')
  })
})

describe.each(kinds)('改与不改 on %s', kind => {
  let office: TestOffice
  let wang: TestPerson
  beforeAll(async () => {
    office = await TestOffice.open({ kind })
    wang = office.person('王强')
    await wang.says('/提醒 明天10点 交台账')
  })
  afterAll(() => office.close())

  it.each([
    ['改到明天下午4点', '交台账', '时间 11月25日(周三)16:00'],
    ['改为后天上午9点', '交台账', '时间 11月26日(周四)09:00'],
    ['推迟到11月27日15点', '交台账', '时间 11月27日(周五)15:00'],
    ['延后到 11月30日15点', '交台账', '时间 11月30日(周一)15:00'],
    ['提前到明天8点半', '交台账', '时间 11月25日(周三)08:30'],
    ['时间改成每周五16:00', '交台账', '接下来 11月27日(周五)16:00'],
    ['调整到12月1日10点', '交台账', '时间 12月1日(周二)10:00'],
    ['改 明天11点', '交台账', '时间 11月25日(周三)11:00'],
    ['改到12月2日9点交新台账', '交新台账', '时间 12月2日(周三)09:00'],
    ['提前到场签到 12月3日9点', '提前到场签到', '时间 12月3日(周四)09:00'],
  ])('修改 1 %s:%s', async (said, text, when) => {
    await wang.says(`/提醒 修改 1 ${said}`)
    const lines = (await wang.seesCard()).card.text
    expect(lines.split('\n')[0]).toBe(text)
    expect(lines).toContain(when)
    await wang.says('/提醒 修改 1 12月4日9点 交台账')
  })

  it('修改时不能改提醒对象', async () => {
    await wang.says('/提醒 修改 1 @郑洁 后天上午11点')
    expect((await wang.sees()).words).toContain('提醒对象不能修改,请取消后重新设置')
    await wang.says('/提醒 列表')
    expect((await wang.seesCard()).card.text).toContain('1. 交台账 · 12月4日(周五)09:00')
  })
})

describe.each(kinds)('提醒过后 on %s', kind => {
  let office: TestOffice
  let wang: TestPerson
  let li: TestPerson
  beforeAll(async () => {
    office = await TestOffice.open({ kind })
    wang = office.person('王强')
    li = office.person('李静')
  })
  afterAll(() => office.close())

  const wakeAt = (now: string) => wake(office, now)
  const labels = ({ card }: Awaited<ReturnType<TestPerson['seesCard']>>) => card.buttons.map(({ label }) => label)
  /** 王强 has 李静 reminded; answers the number. */
  const made = async (words: string) => {
    await wang.says(`/提醒 @李静 ${words}`)
    return /编号 (\d+)/.exec((await wang.seesCard()).card.text)?.[1] ?? ''
  }

  it('已暂停、已取消的提醒不再答应稍后', async () => {
    const number = await made('每天10点 巡查')
    await wakeAt('2026-11-24T10:00')
    const before = await li.seesCard()
    expect(labels(before)).toEqual(['完成', '不再提醒', '稍后'])
    const drawn = async () => {
      const found = (await li.messages()).find(({ message_id }) => message_id === before.message_id)
      return found?.card?.buttons.map(({ label }) => label)
    }
    for (const [act, why] of [
      ['暂停', '该提醒已暂停'],
      ['取消', '该提醒已取消'],
    ]) {
      await wang.says(`/提醒 ${act} ${number}`)
      expect(await drawn()).toEqual(['完成', '不再提醒'])
      expect((await li.forges('稍后', before, { until: 'hour' })).toast).toEqual({ type: 'error', content: why })
    }
  })

  it('周期提醒只有最近一次待办,办了或不再提醒的,以前各次不再回来,取消的也是', async () => {
    const waits = async () => {
      await li.says('/待办')
      return (await li.seesCard()).card.text
    }
    await made('每天10点 报数')
    const number = await made('每天10点 浇花')
    for (const day of ['25', '26', '27']) await wakeAt(`2026-11-${day}T10:00`)
    const cards = (await li.messages()).filter(({ card }) => card?.title === '提醒')
    const first = cards.find(({ card }) => card?.text.startsWith('报数'))
    expect(await waits()).toContain('提醒 报数 · 11月27日(周五)10:00')
    await li.presses('完成')
    expect(await waits()).not.toContain('报数')
    await wakeAt('2026-11-28T10:00')
    expect(await waits()).toContain('报数')
    await li.presses('不再提醒', { on: first as NonNullable<typeof first> })
    expect(await waits()).not.toContain('报数')
    expect(await waits()).toContain('浇花')
    await wang.says(`/提醒 取消 ${number}`)
    expect(await waits()).not.toContain('浇花')
    const mornings = async () => (await li.messages()).filter(({ card }) => card?.text.includes('提醒未完成')).length
    const before = await mornings()
    await wakeAt('2026-11-30T08:30')
    expect(await mornings()).toBe(before)
  })
})

describe.each(kinds)('稍后之后 on %s', kind => {
  let office: TestOffice
  let wang: TestPerson
  let li: TestPerson
  beforeAll(async () => {
    office = await TestOffice.open({ kind })
    wang = office.person('王强')
    li = office.person('李静')
  })
  afterAll(() => office.close())

  const wakeAt = (now: string) => wake(office, now)
  /** 王强 has 李静 reminded of something every day, and it is put off from ten to eleven; answers its number. */
  const putOff = async (day: string, words: string, who = li) => {
    await wakeAt(`${day}T09:00`)
    await wang.says(`/提醒 @${who.name} 每天10点 ${words}`)
    const number = /编号 (\d+)/.exec((await wang.seesCard()).card.text)?.[1]
    await wakeAt(`${day}T10:00`)
    await who.presses('稍后', { form: { until: 'hour' } })
    return number
  }

  it.each<[how: string, day: string, act: (number: string | undefined) => Promise<unknown>]>([
    ['设置人取消', '2026-11-24', number => wang.says(`/提醒 取消 ${number}`)],
    ['设置人暂停', '2026-11-25', number => wang.says(`/提醒 暂停 ${number}`)],
    ['自己静音', '2026-11-26', () => li.says('/静音 今天下班前')],
    ['自己拒收', '2026-11-27', () => li.says('/提醒 拒收 @王强')],
  ])('%s:到时不再发送', async (how, day, act) => {
    const number = await putOff(day, how)
    await act(number)
    await wakeAt(`${day}T11:00`)
    expect(await reminded(li, how)).toBe(1)
    await li.says('/待办')
    const waiting = (await li.seesCard()).card.text
    if (how === '设置人取消' || how === '自己拒收') expect(waiting).not.toContain(how)
    else expect(waiting).toContain(how)
    await wang.says(`/提醒 取消 ${number}`)
  })

  it('离岗的人不再收到', async () => {
    const zheng = office.person('郑洁')
    await putOff('2026-11-30', '核对名册', zheng)
    await dismiss(office.database.db, zheng.id)
    await wakeAt('2026-11-30T11:00')
    expect(await reminded(zheng, '核对名册')).toBe(1)
  })

  it('回音已离开群:不再发送,告知设置人', async () => {
    await wakeAt('2026-12-01T09:00')
    await wang.says('@回音 /提醒 今天10点 报名单', { to: GROUP })
    await wakeAt('2026-12-01T10:00')
    await wang.presses('稍后', { group: GROUP, form: { until: 'hour' } })
    await office.seat(GROUP, wang, false)
    await wakeAt('2026-12-01T11:00')
    expect(await reminded(wang, '报名单', GROUP)).toBe(1)
    expect((await wang.seesCard()).card.title).toBe('提醒已暂停')
    await wakeAt('2026-12-01T11:01')
    expect((await wang.messages()).filter(({ card }) => card?.title === '提醒已暂停')).toHaveLength(1)
  })

  it('停机错过了稍后的时间:补发并写明原定何时', async () => {
    const feng = office.person('冯军')
    await feng.says('/提醒 今天14:00 核对账目')
    await wakeAt('2026-12-01T14:00')
    await feng.presses('稍后', { form: { until: 'minutes' } })
    await wakeAt('2026-12-01T15:30')
    const late = (await feng.seesCard()).card
    expect(late.tags).toEqual(['补发'])
    expect(late.text).toContain('原定12月1日(周二)14:20,因系统中断未能按时发送')
    await feng.presses('完成')
    expect((await feng.seesCard()).card).toMatchObject({ title: '提醒 · 已完成', tags: [] })
  })

  it('停机到下班后才恢复:稍后的提醒不打扰,仍在待办中', async () => {
    const feng = office.person('冯军')
    await feng.says('/提醒 今天16:00 归还钥匙')
    await wakeAt('2026-12-01T16:00')
    await feng.presses('稍后', { form: { until: 'minutes' } })
    await wakeAt('2026-12-01T20:00')
    expect(await reminded(feng, '归还钥匙')).toBe(1)
    await feng.says('/待办')
    expect((await feng.seesCard()).card.text).toContain('归还钥匙')
  })

  it('补班日写明', async () => {
    const feng = office.person('冯军')
    office.clock.set(new Date('2026-10-09T17:00:00+08:00'))
    await feng.says('/提醒 1分钟后 盘点')
    await wakeAt('2026-10-09T17:01')
    const answer = await feng.presses('稍后', { form: { until: 'workday' } })
    expect(answer.toast?.content).toBe('将于10月10日(周六)08:30(补班日)再次提醒')
    await feng.says('/静音 到明天上班')
    expect((await feng.seesCard()).card.text).toContain('静音至10月10日(周六)08:30(补班日)')
  })
})

describe.each(kinds)('按编号管理,有人离开 on %s', kind => {
  let office: TestOffice
  let wang: TestPerson
  let li: TestPerson
  beforeAll(async () => {
    office = await TestOffice.open({ kind })
    wang = office.person('王强')
    li = office.person('李静')
  })
  afterAll(() => office.close())

  const wakeAt = (now: string) => wake(office, now)
  const made = async (words: string, to?: string) => {
    await wang.says(`${to ? '@回音 ' : ''}/提醒 ${words}`, to ? { to } : {})
    return /编号 (\d+)/.exec((await wang.seesCard(to)).card.text)?.[1] ?? ''
  }

  it('写错编号或多写:说明怎样写,不动任何提醒', async () => {
    const number = await made('每天16:00 巡查')
    for (const [said, why] of [
      ['取消', '请写明提醒的编号'],
      ['取消 abc', '没有编号为“abc”的提醒,请用 /提醒 列表 查看编号'],
      ['取消 99', '没有编号为“99”的提醒'],
      ['暂停99', '没有编号为“99”的提醒'],
      [`暂停 ${number} 99`, '一次只能暂停一条提醒,请只写一个编号'],
      [`取消 ${number}、99`, '没有编号为'],
      [`恢复 ${number}`, '该提醒没有暂停,无需恢复'],
    ] as const) {
      await wang.says(`/提醒 ${said}`)
      expect((await wang.sees()).words, said).toContain(why)
    }
    await wang.says('/提醒 列表')
    expect((await wang.seesCard()).card.text).toContain(`${number}. 巡查`)
  })

  it('列表分页:十条一页,页数之外即最后一页', async () => {
    const shi = office.person('许诺')
    for (let nth = 1; nth <= 12; nth++) await shi.says(`/提醒 12月${nth + 10}日10:00 事项${nth}号`)
    await shi.says('/提醒 列表')
    const first = await shi.seesCard()
    expect(first.card.title).toBe('提醒 · 列表 · 12条')
    expect(first.card.text).toContain('10. 事项10号')
    expect(first.card.text).not.toContain('事项11号')
    expect(first.words).toContain('第1页,共2页')
    await shi.presses('下一页')
    const second = await shi.seesCard()
    expect(second.card.text).toContain('12. 事项12号')
    expect(second.card.text).not.toContain('10. 事项10号')
    expect(second.card.buttons.map(({ label }) => label)).toEqual(['查看11', '查看12', '上一页'])
    await shi.says('/提醒 取消 11')
    await shi.says('/提醒 取消 12')
    await shi.presses('上一页', { on: second })
    await shi.presses('下一页', { on: first })
    const now = (await shi.messages()).find(({ message_id }) => message_id === first.message_id)
    expect(now?.card?.title).toBe('提醒 · 列表 · 10条')
    expect(now?.words).not.toContain('页,共')
  })

  it.each([
    ['暂停', (number: string) => `暂停${number}`, '已暂停', '该提醒已经暂停'],
    ['恢复', (number: string) => `恢复 编号${number}`, '已设置', '该提醒没有暂停'],
    ['取消', (number: string) => `取消 第${number}条`, '已取消', '该提醒已取消'],
  ])('%s:编号怎样写都认,重复时说明已是如此', async (_, said, state, again) => {
    const number = '1'
    await wang.says(`/提醒 ${said(number)}`)
    expect((await wang.seesCard()).card.title).toBe(`提醒 · ${state}`)
    await wang.says(`/提醒 ${said(number)}`)
    expect((await wang.sees()).words).toContain(again)
  })

  it('“取消”后面是事项的,仍是设置提醒', async () => {
    await wang.says('/提醒 取消3号会议室预订 明天9点')
    const { card } = await wang.seesCard()
    expect(card.title).toBe('提醒 · 已设置')
    expect(card.text).toContain('取消3号会议室预订')
    await wang.presses('取消提醒')
  })

  it.each(['周二和下周四 交材料', '周一、周三 下午3点 交材料', '明天或后天 交材料'])(
    '%s:不取其一,请分别设置',
    async words => {
      await wang.says(`/提醒 ${words}`)
      const { card } = await wang.seesCard()
      expect(card.title).toBe('提醒 · 填写')
      expect(card.text).toContain('多个时间请分别设置')
    },
  )

  it('被提醒的人离岗:告知设置人;无人可提醒的结束', async () => {
    await wakeAt('2026-11-24T14:00')
    const zheng = office.person('郑洁')
    const both = await made('@李静 @郑洁 每天15:00 交日报')
    const alone = await made('@郑洁 每天15:00 交钥匙')
    await dismiss(office.database.db, zheng.id)
    await wakeAt('2026-11-24T15:00')
    const told = (await wang.messages()).filter(({ card }) => card?.title === '提醒对象已离岗')
    expect(told).toHaveLength(1)
    expect(told[0]?.card?.text).toContain(`郑洁的账号已停用,不再收到提醒${both}“交日报”`)
    expect(told[0]?.card?.text).toContain(`郑洁的账号已停用,不再收到提醒${alone}“交钥匙”,提醒已结束`)
    expect(await reminded(li, '交日报')).toBe(1)
    expect(await reminded(zheng, '交日报')).toBe(0)
    await wakeAt('2026-11-25T15:00')
    expect(await reminded(li, '交日报')).toBe(2)
    expect((await wang.messages()).filter(({ card }) => card?.title === '提醒对象已离岗')).toHaveLength(1)
    await wang.says('/提醒 列表')
    const { text } = (await wang.seesCard()).card
    expect(text).toContain(`${both}. 交日报 · 提醒李静`)
    expect(text).not.toContain('交钥匙')
  })

  it('回音不在群里时不能恢复群提醒,卡片写明哪个群', async () => {
    await wakeAt('2026-11-26T09:00')
    const number = await made('每天10:00 报名单', GROUP)
    await office.seat(GROUP, wang, false)
    await wakeAt('2026-11-26T10:00')
    await wang.says(`/提醒 恢复 ${number}`)
    expect((await wang.sees()).words).toContain('回音已不在所提醒的群中,请先将回音加入该群')
    await office.seat(GROUP, wang, true)
    await wang.says(`/提醒 恢复 ${number}`)
    expect((await wang.seesCard()).card.text).toContain(`提醒对象 群“${GROUP}”`)
    await wang.says('/提醒 列表')
    expect((await wang.seesCard()).card.text).toContain(`${number}. 报名单 · 提醒群“${GROUP}”`)
  })

  it('设置人已退群的群提醒,群成员可停止,设置人得知', async () => {
    const feng = office.person('冯军')
    await wakeAt('2026-11-27T10:00')
    expect((await feng.presses('不再提醒', { group: GROUP })).toast?.content).toBe('“不再提醒”仅限提醒设置人使用')
    await dropMembers(office.database.db, await office.chatNamed(GROUP, wang.id), [wang.id])
    expect((await feng.presses('不再提醒', { group: GROUP })).toast?.content).toBe('不再提醒')
    expect((await wang.sees()).words).toMatch(/冯军已停止群提醒\d+“报名单”/)
    await wakeAt('2026-11-30T10:00')
    expect(await reminded(feng, '报名单', GROUP)).toBe(1)
  })
})

describe.each(kinds)('长假与月末 on %s', kind => {
  let office: TestOffice
  beforeAll(async () => {
    office = await TestOffice.open({ kind, now: '2026-09-29T18:00:00+08:00' })
  })
  afterAll(() => office.close())

  const wakeAt = (now: string) => wake(office, now)
  const late = async (person: TestPerson, words: string) =>
    (await person.messages()).filter(({ card }) => card?.title === '提醒' && card.text.startsWith(words))

  it('国庆停机,节后开机:每天的合并补一条,工作日的照常,不补节日', async () => {
    const zheng = office.person('郑洁')
    await zheng.says('/提醒 每天8:00 巡查机房')
    await zheng.says('/提醒 每个工作日8:20 开窗')
    await zheng.says('/提醒 每月5号10点 遇节假日顺延 报考勤')
    expect((await zheng.seesCard()).card.text).toContain('接下来 10月8日(周四)10:00')
    await wakeAt('2026-10-08T08:31')
    const patrol = await late(zheng, '巡查机房')
    expect(patrol.map(({ card }) => card?.tags)).toEqual([['补发']])
    expect(patrol[0]?.card?.text).toContain('原定9月30日(周三)08:00')
    expect(patrol[0]?.card?.text).toContain('又错过8次')
    expect((await late(zheng, '开窗')).map(({ card }) => card?.text)).toEqual([
      expect.stringMatching(/原定9月30日\(周三\)08:20.*又错过1次/s),
    ])
    await wakeAt('2026-10-08T10:00')
    expect((await late(zheng, '报考勤')).map(({ card }) => card?.tags)).toEqual([[]])
    await wakeAt('2026-10-09T08:20')
    await wakeAt('2026-10-10T08:20')
    expect((await late(zheng, '开窗')).at(-1)?.card?.text).toContain('时间 10月10日(周六)08:20(补班日)')
  })

  it('月末:三十一号的月份才有,最后一天各月都有,跨年不断', async () => {
    const feng = office.person('冯军')
    await feng.says('/提醒 每月31号9点 结账')
    expect((await feng.seesCard()).card.text).toContain(
      '接下来 10月31日(周六)09:00、12月31日(周四)09:00、2027年1月31日(周日)09:00(待节假日安排公布后校准)',
    )
    await feng.says('/提醒 每月最后一天9点 盘库')
    for (const at of ['2026-10-31', '2026-11-30', '2026-12-31', '2027-01-31', '2027-02-28']) await wakeAt(`${at}T09:00`)
    expect((await late(feng, '结账')).length).toBe(3)
    expect((await late(feng, '盘库')).length).toBe(5)
  })
})

function soon(office: TestOffice, until: string): string {
  const ms = office.clock.now().getTime() + (until === 'minutes' ? 20 : 60) * 60_000 + 8 * 3_600_000
  return new Date(ms + 61_000).toISOString().slice(0, 16)
}

describe.runIf(hasPostgres)('两个进程同过一分钟', () => {
  it('每条提醒恰好一条', async () => {
    const office = await TestOffice.open({ kind: 'Postgres' })
    const second = await secondBot(office)
    try {
      const wang = office.person('王强')
      for (let n = 1; n <= 20; n++) await wang.says(`/提醒 今天10点 事项${n}号`)
      await wang.says('/提醒 每10分钟 巡查')
      office.clock.set(new Date('2026-11-24T10:00:00+08:00'))
      const both = [office.bot.house.office, second.bot.house.office]
      await Promise.all([...both, ...both].map(one => tick(one)))
      await office.settled()
      await second.bot.drainer.settle()
      // what the one has taken the other does not wait for
      await emptied(office)
      for (let n = 1; n <= 20; n++) expect(await reminded(wang, `事项${n}号`), `事项${n}号`).toBe(1)
      expect(await reminded(wang, '巡查')).toBe(1)
      expect(await count(office.database.db, 'occurrences')).toBe(21)
      expect(saidTimes(office, '事项1号')).toBe(2)
    } finally {
      await second.close()
      await office.close()
    }
  })
})

describe.runIf(hasPostgres)('同时设置多条', () => {
  it('不超过上限', async () => {
    const office = await TestOffice.open({ kind: 'Postgres' })
    try {
      const [admin, wang] = [office.person('刘芳'), office.person('王强')]
      await admin.says('/设置')
      await admin.presses('保存限额', { form: { most: '1', daily: '20', morning: 'on', empty: 'off' } })
      await Promise.all(
        ['甲', '乙', '丙', '丁'].flatMap(n => [
          wang.says(`/提醒 明天9点 ${n}`),
          wang.says(`@回音 /提醒 明天9点 ${n}`, { to: GROUP }),
        ]),
      )
      await office.settled()
      expect(await count(office.database.db, 'reminders')).toBe(1)
    } finally {
      await office.close()
    }
  })
})

describe.runIf(hasPostgres)('进程在发送途中被强行终止', () => {
  it('重启后每条提醒恰好一条', async () => {
    const url = await createDatabase()
    const sim = await startSimulator({ port: 0, host: '127.0.0.1', botUrl: 'http://127.0.0.1:1', ...KEYS, speed: 150 })
    const program = new Program(sim, await freePort(), { DATABASE_URL: url, CLOCK: 'manual' })
    sim.setBotUrl(program.url)
    const post = (to: string, body: unknown) =>
      fetch(to, { method: 'POST', headers: JSON_TYPE, body: JSON.stringify(body) })
    const clock = (now: string) => post(`${program.url}/clock`, { now: `2026-11-24T${now}:00+08:00` })
    try {
      await program.start()
      await clock('09:00')
      const { people } = (await (await fetch(`${sim.url}/sim/office`)).json()) as SimOffice
      const as = people.filter(person => !person.is_frozen && !person.is_resigned).slice(0, 10)
      const words: string[] = []
      for (const { open_id } of as) {
        const { chat_id } = (await (await post(`${sim.url}/sim/p2p`, { as: open_id })).json()) as { chat_id: string }
        for (let n = 0; n < 4; n++) {
          const word = Array.from(String(1_000 + words.length), digit => 'qrstuvwxyz'[Number(digit)]).join('')
          words.push(word)
          await post(`${sim.url}/sim/messages`, { as: open_id, chat_id, text: `/提醒 今天10点 ${word}` })
        }
      }
      await until(() => words.every(word => saidTimes({ sim }, word) === 1), 60_000)
      await fetch(`${sim.url}/sim/faults`, { method: 'PATCH', body: JSON.stringify({ api_latency_after_ms: 100 }) })
      for (const ms of [15, 60, 150, 400]) {
        clock('10:00').catch(() => {})
        await pause(ms)
        program.kill('SIGKILL')
        await program.ended()
        await program.start()
      }
      await clock('10:00')
      await until(() => words.every(word => saidTimes({ sim }, word) >= 2), 90_000)
      await clock('10:30')
      expect(words.filter(word => saidTimes({ sim }, word) !== 2)).toEqual([])
    } finally {
      program.kill('SIGKILL')
      await program.ended()
      await sim.close()
      await dropDatabase(url)
    }
  }, 240_000)
})

const JSON_TYPE = { 'content-type': 'application/json' }
