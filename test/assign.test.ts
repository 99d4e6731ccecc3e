import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { MOST_ALIVE } from '../db/copies.ts'
import { history } from '../db/events.ts'
import { MORNING, TestOffice, type TestPerson } from './harness/office.ts'
import { count, emptied, rows, until } from './harness/traces.ts'
import { ways } from './harness/ways.ts'
import { textDocument } from './harness/workbook.ts'

const GROUP = '督查工作群'

describe.each(ways)('交办 on %s', (_, way) => {
  let office: TestOffice
  let wang: TestPerson
  let zheng: TestPerson
  let li: TestPerson
  beforeAll(async () => {
    office = await TestOffice.open(way)
    await office.inStep()
    wang = office.person('王强')
    zheng = office.person('郑洁')
    li = office.person('李静')
  })
  afterAll(() => office.close())

  it('从群里交办、签收、完成、确认,交办人得到回音', async () => {
    await wang.says('@回音 /交办 @郑洁 明天下班前把投影仪修好', { to: GROUP })
    const given = await zheng.seesCard(GROUP)
    expect(given.card).toMatchObject({ title: '交办 · 待签收', colour: 'yellow' })
    expect(given.card.text).toContain('把投影仪修好')
    expect(given.card.text).toContain('11月25日(周三)17:30 · 剩1个工作日')

    expect(await zheng.presses('签收', { group: GROUP })).toEqual({ toast: { type: 'success', content: '已签收' } })
    expect((await wang.seesCard(GROUP)).card.title).toBe('交办 · 办理中')

    await zheng.presses('完成', { group: GROUP, form: { word: '已更换灯泡' } })
    const answer = await wang.seesCard()
    expect(answer.card.title).toBe('交办 · 待确认')
    expect(answer.card.text).toContain('郑洁 已完成 · 11月24日(周二)09:0')
    expect(answer.card.text).toContain('说明:已更换灯泡')

    expect((await wang.presses('确认完成')).toast?.content).toBe('已确认完成')
    const closed = await zheng.seesCard(GROUP)
    expect(closed.card).toMatchObject({ title: '交办 · 已完成', colour: 'green', buttons: [] })
    expect(closed.card.text).toMatch(/王强 已确认完成 · .*\n说明:已更换灯泡/)
  })

  it('每一步都记入历史,写明何人何时在何处', async () => {
    await wang.says('/交办 李静 写总结')
    const id = String((await wang.seesCard()).card.buttons[0]?.value.id)
    await li.presses('签收')
    const acts = await history(office.database.db, 'assign', id)
    expect(acts.map(({ act, who }) => [act, who])).toEqual([
      ['assign', wang.id],
      ['accept', li.id],
    ])
    expect(acts.every(({ chat, at }) => chat.startsWith('oc_') && at >= new Date(MORNING))).toBe(true)
    await expect(office.database.db.delete((await import('../db/events.ts')).events)).rejects.toThrow()
  })

  it('私聊交办:承办人收到卡片,退回须写理由,交办人得知理由', async () => {
    await wang.says('/交办 @李静 周五下午3点前交材料')
    expect((await wang.seesCard()).card.text).toContain('11月27日(周五)15:00')
    expect((await li.presses('退回')).toast).toEqual({ type: 'error', content: '请填写退回的理由' })
    expect((await li.presses('退回', { form: { word: '不属本科室职责' } })).toast?.content).toBe('已退回')
    expect((await wang.sees()).words).toMatch(
      /^交办 交材料:李静 已退回 · 11月24日\(周二\)09:\d\d · 理由:不属本科室职责$/,
    )
    const told = await wang.seesCard()
    expect((await wang.sees()).parent_id).toBe(told.message_id)
    expect((await wang.messages()).filter(one => one.words.includes('交材料') && one.card)).toHaveLength(1)
    expect(told.card).toMatchObject({ title: '交办 · 已退回', colour: 'red' })
    expect(told.card.text).toContain('李静 已退回')
    expect(told.card.text).toContain('理由:不属本科室职责')
    expect(told.card.buttons).toEqual([])
  })

  it('退回重做后重新办理,再次完成须再次确认', async () => {
    await wang.says('/交办 李静 打印材料')
    await li.presses('完成')
    expect((await wang.presses('退回重做')).toast?.content).toBe('请填写退回重做的理由')
    await wang.presses('退回重做', { form: { word0: '页码有误' } })
    const again = await li.seesCard()
    expect(again.card.title).toBe('交办 · 办理中')
    expect(again.card.text).toContain('王强 已退回重做')
    expect(again.card.text).toContain('理由:页码有误')
    await li.presses('完成', { form: { word: '已改' } })
    await wang.presses('确认完成')
    expect((await li.seesCard()).card.title).toBe('交办 · 已完成')
  })

  it('交给多人:各自签收,各自确认,一张卡片', async () => {
    await wang.says('@回音 /交办 @郑洁 @李静 周四前报送材料', { to: GROUP })
    await zheng.presses('签收', { group: GROUP })
    expect((await li.presses('完成', { group: GROUP })).toast?.content).toBe('已完成')
    const shared = (await wang.seesCard(GROUP)).card
    expect(shared.text).toContain('郑洁 办理中')
    expect(shared.text).toContain('李静 待确认')
    await wang.presses('确认完成', { group: GROUP })
    const after = (await wang.seesCard(GROUP)).card
    expect(after.title).toBe('交办 · 办理中')
    expect(after.text).toContain('李静 已完成')
    await zheng.presses('完成', { group: GROUP })
    await wang.presses('确认完成', { group: GROUP })
    expect((await wang.seesCard(GROUP)).card.title).toBe('交办 · 已完成')
  })

  it('取消后承办人得知,不能再办', async () => {
    await wang.says('/交办 李静 订会议室')
    const card = await li.seesCard()
    expect((await wang.seesCard()).card.buttons.find(button => button.label === '取消')?.confirm).toBe(true)
    await wang.presses('取消')
    expect((await li.seesCard()).card).toMatchObject({ title: '交办 · 已取消', colour: 'grey', buttons: [] })
    expect((await li.presses('签收', { on: card })).toast).toEqual({
      type: 'info',
      content: expect.stringContaining('王强 已取消'),
    })
  })

  it('按钮只对当事人有效,无权者得到说明', async () => {
    await wang.says('@回音 /交办 @郑洁 明天交周报', { to: GROUP })
    const card = await zheng.seesCard(GROUP)
    expect((await office.person('冯军').presses('签收', { on: card })).toast).toEqual({
      type: 'error',
      content: '此按钮仅限承办人使用',
    })
    expect((await zheng.presses('取消', { on: card })).toast?.content).toBe('此按钮仅限交办人使用')
    expect((await wang.seesCard(GROUP)).card.title).toBe('交办 · 待签收')
  })

  it('重复点击:第二次得知已由谁何时办理', async () => {
    await wang.says('/交办 李静 整理档案')
    const card = await li.seesCard()
    await li.presses('签收', { on: card })
    expect((await li.presses('签收', { on: card })).toast).toEqual({
      type: 'info',
      content: expect.stringMatching(/^李静 已签收 · 11月24日\(周二\)09:0/),
    })
  })

  it('过期卡片上的决定不算数', async () => {
    await wang.says('/交办 李静 校对讲稿')
    await li.presses('完成', { form: { word: '第一稿' } })
    const stale = await wang.seesCard()
    await wang.presses('退回重做', { on: stale, form: { word0: '漏了一页' } })
    await li.presses('完成', { form: { word: '第二稿' } })
    expect((await wang.presses('确认完成', { on: stale })).toast?.content).toBe('卡片已过期,请以最新卡片为准')
    expect((await wang.seesCard()).card.title).toBe('交办 · 待确认')
  })

  it('回复卡片即留言,文件图片留引用;按钮的话等于按钮', async () => {
    await wang.says('@回音 /交办 @郑洁 准备会议材料', { to: GROUP })
    const card = await zheng.seesCard(GROUP)
    await zheng.says('@回音 收到', { replyTo: card })
    expect((await zheng.seesCard(GROUP)).card.title).toBe('交办 · 办理中')
    await zheng.says('@回音 初稿已发,请看', { replyTo: card })
    expect((await wang.messages(GROUP)).find(one => one.message_id === card.message_id)?.words).toContain(
      '郑洁 11月24日(周二)09:0',
    )
    expect((await wang.seesCard(GROUP)).card.text).toContain('初稿已发,请看')
    await zheng.says('@回音 已完成 三份均已印好', { replyTo: card })
    expect((await wang.seesCard()).card.text).toContain('说明:三份均已印好')
    const inPrivate = await wang.seesCard()
    await wang.sendsFile('会议材料.docx', { replyTo: inPrivate, bytes: textDocument(['会议材料']) })
    expect((await wang.sees()).words).toContain('《会议材料.docx》已记入该事项')
    expect((await wang.seesCard(GROUP)).card.text).toContain('[文件]会议材料.docx')
  })

  it('缺内容给预填表单,提交后就地变成事项', async () => {
    await wang.says('/交办 李静 明天下班前')
    const form = (await wang.seesCard()).card
    expect(form.title).toBe('交办 · 填写')
    expect(form.text).toContain('请写明交办事项')
    expect(form.inputs.find(input => input.name === 'due')?.value).toBe('2026年11月25日(星期三)17:30')
    expect(form.inputs.find(input => input.name === 'people')?.value).toEqual([li.id])
    const answer = await wang.presses('交办', {
      form: { people: [li.id], names: '', title: '交台账', due: '2026年11月25日(星期三)17:30' },
    })
    expect(answer.toast?.content).toBe('已交办')
    expect((await wang.seesCard()).card.title).toBe('交办 · 待签收')
    expect((await li.seesCard()).card.text).toContain('交台账')
  })

  it.each([
    ['/交办 李静 昨天交材料', '时间已经过去'],
    ['/交办 李静 2月30日交材料', '时间不存在'],
    ['/交办 @李小龙 交材料', '未找到“李小龙”'],
    ['/交办 张伟 交材料', '“张伟”有同名人员'],
    ['/交办', '请选择交给谁办理'],
    ['/交办 李静 每周五交周报', '只能有一个完成时限'],
  ])('%s → 表单并说明:%s', async (said, why) => {
    await wang.says(said)
    const { card } = await wang.seesCard()
    expect(card.title).toBe('交办 · 填写')
    expect(card.text).toContain(why)
  })

  it('同名人员在表单中按部门区分', async () => {
    await wang.says('/交办 张伟 交材料')
    const { card } = await wang.seesCard()
    const options = card.inputs.find(input => input.name === 'people')?.options ?? []
    expect(
      options
        .filter(option => option.label.startsWith('张伟'))
        .map(option => option.label)
        .sort(),
    ).toEqual(['张伟(办公室)', '张伟(督查科)'])
  })

  it('停用的账号不能交办', async () => {
    await wang.says('/交办 @吕洋 交材料')
    expect((await wang.sees()).words).toContain('未找到“吕洋”')
  })

  it('到期后卡片变红,写明逾期', async () => {
    await wang.says('@回音 /交办 @郑洁 今天下午5点前送文件', { to: GROUP })
    await office.moveTo('2026-11-24T17:00:30+08:00')
    await office.settled()
    const { card } = await zheng.seesCard(GROUP)
    expect(card).toMatchObject({ colour: 'red', tags: ['逾期'] })
    expect(card.text).toContain('已逾期')
    await zheng.presses('完成', { group: GROUP })
    expect((await wang.seesCard()).card.text).toContain('逾期完成')
  })

  it('列表只列本人交办和收到的', async () => {
    await office.person('冯军').says('/交办 列表')
    const { card } = await office.person('冯军').seesCard()
    expect(card.title).toBe('交办 · 列表')
    expect(card.text).not.toContain('投影仪')
    await wang.says('/交办 列表')
    expect((await wang.seesCard()).card.text).toContain('送文件')
  })

  it('卡片超过十四天不能再改,事项变动时重新发送', async () => {
    const yang = office.person('杨帆')
    await wang.says('@回音 /交办 @杨帆 整理全年档案', { to: GROUP })
    const before = (await wang.messages(GROUP)).length
    const old = await wang.seesCard(GROUP)
    await yang.says('/待办')
    await yang.presses('查看')
    const [now] = [office.clock.now().getTime()]
    await office.send('POST', '/sim/clock', { now: new Date(now + 15 * 86_400_000).toISOString() })
    await yang.says('/待办')
    await yang.presses('签收')
    const cards = (await wang.messages(GROUP)).slice(before).filter(message => message.words.includes('整理全年档案'))
    expect(cards).toHaveLength(1)
    expect(cards[0]?.card?.title).toBe('交办 · 办理中')
    expect((await wang.messages(GROUP)).find(one => one.message_id === old.message_id)?.card?.title).toBe(
      '交办 · 待签收',
    )
  })

  it('卡片超过十四天,重新发送时中断的,恢复后仍重新发送', async () => {
    const { db } = office.database
    const xu = office.person('许诺')
    await wang.says('@回音 /交办 @许诺 核对档案目录', { to: GROUP })
    await wang.seesCard(GROUP)
    await xu.says('/待办')
    const now = office.clock.now().getTime()
    await office.send('POST', '/sim/clock', { now: new Date(now + 15 * 86_400_000).toISOString() })
    await xu.says('/待办')
    await xu.presses('查看')
    // as where the process or the database ends just as the new card is written
    const chat = await office.chatNamed(GROUP, wang.id)
    const fails = `begin raise exception 'held'; end`
    await rows(db, `create function held() returns trigger language plpgsql as $$ ${fails} $$`)
    await rows(
      db,
      `create trigger held before insert on copies for each row when (new.lane = '${chat}') execute function held()`,
    )
    await xu.presses('签收')
    await until(() => office.log.some(line => line.includes('"drain failed"')))
    expect(await count(db, `copies where lane = '${chat}' and feature = 'assign'`)).toBeGreaterThan(0)
    await rows(db, 'drop trigger held on copies')
    await rows(db, 'drop function held')
    const shown = async () =>
      (await wang.messages(GROUP)).some(
        one => one.words.includes('核对档案目录') && one.card?.title === '交办 · 办理中',
      )
    await until(shown, 40_000)
  })

  it('一再查看的,只有最近的二十张卡片随事项变动,更早的写明已被代替', async () => {
    const feng = office.person('冯军')
    await wang.says('/交办 @冯军 清点会议用品')
    await feng.seesCard()
    await feng.says('/待办')
    const list = await feng.seesCard()
    for (let i = 0; i < MOST_ALIVE + 4; i++) await feng.presses('查看', { on: list })
    await emptied(office)
    await feng.presses('签收', { on: await feng.seesCard() })
    await emptied(office)
    const cards = (await feng.messages()).filter(one => one.card?.title.startsWith('交办'))
    const shown = cards.map(({ card }) => (card?.text.includes('清点会议用品') ? card.title : card?.text))
    expect(shown.slice(0, -MOST_ALIVE).slice(-5)).toEqual(
      Array(5).fill('本卡片已由之后发送的卡片代替,请以最新卡片为准。'),
    )
    expect(shown.slice(-MOST_ALIVE)).toEqual(Array(MOST_ALIVE).fill('交办 · 办理中'))
  })

  it('已离任的人,其卡片超过十四天的不再重新发送', async () => {
    const chen = office.person('陈晨')
    await wang.says('/交办 @陈晨 核对离任清单')
    const { message_id } = await chen.seesCard()
    await chen.presses('签收')
    await office.send('PATCH', `/sim/people/${chen.id}`, { is_resigned: true })
    await office.settled()
    const from = (await office.calls()).length
    const now = office.clock.now().getTime()
    await office.send('POST', '/sim/clock', { now: new Date(now + 15 * 86_400_000).toISOString() })
    await wang.says('/交办 列表')
    await wang.presses('查看')
    await wang.presses('取消')
    await office.settled()
    const calls = (await office.calls()).slice(from)
    expect(calls.filter(({ path, code }) => path.endsWith(message_id) && code !== 0).length).toBeGreaterThan(0)
    // that it is cancelled is told them, and comes back as not delivered; the card is not sent anew besides. An answer that came too
    // late is asked for once more, with the uuid of the same message
    const told = calls
      .map(({ body, code }) => ({ ...(body as { receive_id?: string; uuid?: string }), code }))
      .filter(({ receive_id }) => receive_id === chen.id)
    expect([...new Set(told.map(({ uuid }) => uuid))], JSON.stringify(told)).toHaveLength(1)
    expect(told.at(-1)?.code).toBe(230013)
    expect(told.length).toBeLessThanOrEqual(3)
  })
})
