import { eq, inArray } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { trips } from '../db/car.ts'
import { drivers, vehicles } from '../db/car-fleet.ts'
import { runs } from '../db/car-run.ts'
import { keepSetting } from '../db/settings.ts'
import { RULE_SETTING, USUAL } from '../src/office/car/rule-setting.ts'
import { reminderAt } from '../src/office/car/undecided.ts'
import { fleetIn } from './harness/cars.ts'
import { type Cast, openCast } from './harness/cast.ts'
import { hasPostgres, kinds } from './harness/databases.ts'
import { MORNING, type Seen, type TestPerson } from './harness/office.ts'
import { count, rows } from './harness/traces.ts'
import { settingAt } from './harness/trip.ts'

/** Thursday; it is Tuesday, 24 November 2026, 09:00. */
const LINE = '11月26日8:30-17:00 区法院 参加调研座谈会'

interface CarCast extends Cast {
  /** 车管员. */
  jiang: TestPerson
  chu: TestPerson
}

async function openCars(kind?: (typeof kinds)[number]): Promise<CarCast> {
  const cast = await openCast(kind ? { kind } : {})
  await cast.office.person('刘芳').says('/角色 @蒋勇 车管员')
  return { ...cast, jiang: cast.office.person('蒋勇'), chu: cast.office.person('褚燕') }
}

const numbered = (seq: number) => eq(trips.numberSeq, seq)

const labels = (seen: Seen): string[] => seen.card?.buttons.map(({ label }) => label) ?? []
const numberIn = (seen: Seen): string => /派〔2026〕\d+号/.exec(seen.words)?.[0] ?? ''

/** A request of 陈晨 that 冯军 and 李静 have let through. */
async function approved({ chen, feng, li }: CarCast, line = LINE): Promise<string> {
  await chen.says(`/用车 ${line}`)
  await chen.presses('提交')
  await feng.presses('同意')
  await li.presses('同意')
  return numberIn(await chen.seesCard())
}

describe.each(kinds)('用车申请 on %s', kind => {
  let cast: CarCast
  beforeAll(async () => {
    cast = await openCars(kind)
  })
  afterAll(() => cast.office.close())

  it('一行写清的,先显示时间、行程、审批流程和人名,提交后逐级审批,批准后编号并送车管员', async () => {
    const { chen, feng, li, jiang } = cast
    await chen.says(`/用车 ${LINE} 3人 @褚燕 依据:市委办〔2026〕9号`)
    const draft = await chen.seesCard()
    expect(draft.card).toMatchObject({ title: '用车 · 草稿', colour: 'grey' })
    for (const words of [
      '11月26日(周四)08:30至17:00,共8小时30分钟',
      '单位 至 区法院 · 市内',
      '参加调研座谈会(调研)',
      '综治科 陈晨',
      '共3人:褚燕',
      '市委办〔2026〕9号',
      '1. 科室负责人 冯军',
      '2. 办公室主任 李静',
    ])
      expect(draft.words).toContain(words)
    expect(labels(draft)).toEqual(['提交', '修改', '取消用车', '特别紧急'])

    const answer = await chen.presses('提交')
    expect(answer.toast).toMatchObject({ type: 'success', content: '已提交' })
    const asked = await feng.seesCard()
    expect(asked.card.title).toBe('用车 · 待科室审核')
    expect(labels(asked)).toEqual(['同意', '驳回'])
    await feng.presses('同意', { form: { word: '按时参加' } })
    expect((await chen.seesCard()).words).toContain('冯军 已同意 · 11月24日(周二)09:00 · 意见:按时参加')

    await li.presses('同意')
    const done = await chen.seesCard()
    expect(done.card.title).toBe('用车 · 待派车')
    expect(numberIn(done)).toBe('派〔2026〕1号')
    expect(labels(done)).toEqual(['修改', '取消用车'])
    expect((await jiang.messages()).filter(({ card }) => card?.title.startsWith('用车'))).toEqual([])
    await jiang.says('/用车 待派')
    expect((await jiang.seesCard()).words).toContain('派〔2026〕1号')
    await jiang.says('/用车 派〔2026〕1号')
    expect(labels(await jiang.seesCard())).toEqual(['派车'])
    const again = await feng.forges('同意', asked, { word: '' })
    expect(again.toast).toMatchObject({ type: 'info', content: expect.stringMatching(/^李静 已同意 · 11月24日/) })
  })

  it('申请人逐级看原卡片,末级批准才另行告知;下个工作日内出发的即告知车管员', async () => {
    const { chen, feng, li, jiang } = cast
    const cards = async (person: TestPerson) =>
      (await person.messages()).filter(({ card }) => card?.title.startsWith('用车 ·')).length
    await chen.says('/用车 11月25日8:30-17:00 区法院 参加调研座谈会')
    await chen.presses('提交')
    const before = await cards(chen)
    await feng.presses('同意')
    expect(await cards(chen)).toBe(before)
    expect((await chen.seesCard()).card.title).toBe('用车 · 待办公室审批')
    const known = await cards(jiang)
    await li.presses('同意')
    expect([await cards(chen), await cards(jiang)]).toEqual([before + 1, known + 1])

    // what leaves later stands in 待派 and in the morning's card
    const number = await approved(cast, '12月10日8:30-17:00 区法院 参加调研座谈会')
    expect(await cards(jiang)).toBe(known + 1)
    await jiang.says('/用车 待派')
    expect((await jiang.seesCard()).words).toContain(number)
  })

  it('不符合规定的不能提交,改正后可以', async () => {
    const { chen } = cast
    await chen.says('/用车 11月26日8:30-10:00 实验小学 接送孩子上学')
    const draft = await chen.seesCard()
    expect(draft.words).toContain('不得用车 该事由不属于公务,不得使用公务用车。')
    expect(labels(draft)).toEqual(['修改', '取消用车'])
    const edit = draft.card.buttons.find(({ label }) => label === '修改')
    const forged = await cast.office.send<{ toast: { type: string; content: string } }>('POST', '/sim/raw-click', {
      as: chen.id,
      message_id: draft.message_id,
      action: { tag: 'button', value: { ...edit?.value, action: 'car.submit' } },
    })
    expect(forged.toast).toEqual({ type: 'error', content: '该事由不属于公务,不得使用公务用车。' })
    expect(await count(cast.office.database.db, `trips where state = 'section' and destination = '实验小学'`)).toBe(0)

    await chen.presses('修改')
    await chen.presses('保存', { form: { ...filled(await chen.seesCard()), purpose: '接孩子放学回家' } })
    expect((await chen.seesCard()).words).toContain('接孩子放学回家')
    expect(labels(await chen.seesCard())).not.toContain('提交')
    await chen.presses('修改')
    const form = await chen.seesCard()
    expect(form.card.title).toBe('用车 · 修改')
    const saved = await chen.presses('保存', {
      form: { ...filled(form), purpose: '开展校园周边治安巡查', ground: 'duty' },
    })
    expect(saved.toast?.content).toBe('已保存,请核对后提交')
    expect(labels(await chen.seesCard())).toContain('提交')
  })

  it('只缺事由类别的,在草稿上选定即可提交;另有不符的仍到表单修改', async () => {
    const { chen, office } = cast
    await chen.says('/用车 11月26日8:30-10:00 市档案馆 移交文书档案')
    const draft = await chen.seesCard()
    expect(draft.words).toContain('不得用车 您已享受公务交通补贴')
    expect(labels(draft)).toEqual(['按此类别保存', '修改', '取消用车', '特别紧急'])
    const choice = draft.card.inputs.find(({ name }) => name === 'ground')
    expect(choice?.options.map(({ value }) => value)).not.toContain('ordinary')
    const none = await chen.presses('按此类别保存', { form: { ground: '' } })
    expect(none.toast?.content).toBe('请选择事由类别')
    const answer = await chen.presses('按此类别保存', { form: { ground: 'important' } })
    expect(answer.toast?.content).toBe('已保存,请核对后提交')
    const mended = await chen.seesCard()
    expect(mended.words).toContain('移交文书档案(重要公务)')
    expect(labels(mended)).toEqual(['提交', '修改', '取消用车', '特别紧急'])
    expect(mended.message_id).toBe(draft.message_id)
    // a card of before, and one that has been sent since
    const old = draft.card.buttons.find(({ label }) => label === '按此类别保存')
    const stale = () =>
      office.send<{ toast: { content: string } }>('POST', '/sim/raw-click', {
        as: chen.id,
        message_id: draft.message_id,
        action: { tag: 'button', value: old?.value, form_value: { ground: 'survey' } },
      })
    expect((await stale()).toast.content).toBe('卡片已过期,请以最新卡片为准')
    expect((await chen.presses('提交')).toast?.content).toBe('已提交')
    expect((await chen.seesCard()).card.title).toBe('用车 · 待科室审核')
    expect((await stale()).toast.content).toBe('卡片已过期,请以最新卡片为准')

    await chen.says('/用车 11月26日8:30-10:00 市档案馆 去取个东西')
    await chen.says('/用车 11月26日8:30-10:00 实验小学 接孩子放学回家')
    expect(labels(await chen.seesCard())).not.toContain('按此类别保存')
  })

  it('写了涉密或办案细节的不保存,说明怎样写', async () => {
    const { chen, office } = cast
    const before = await count(office.database.db, 'trips')
    await chen.says('/用车 11月26日8:30-10:00 市委 机要 取送市委办〔2026〕9号机密文件')
    expect((await chen.sees()).words).toContain('检测到疑似涉密或不宜公开内容')
    await chen.says('/用车 11月26日8:30-10:00 市委 机要 送机要件《关于9号专项工作的意见》')
    expect((await chen.sees()).words).toContain('请勿填写涉密或办案细节')
    expect(await count(office.database.db, 'trips')).toBe(before)
    expect(JSON.stringify(await rows(office.database.db, 'select data from events'))).not.toContain('9号')
  })

  it('批准后改成不符合规定的,不保存', async () => {
    const { chen } = cast
    await approved(cast)
    await chen.presses('修改')
    const answer = await chen.presses('保存并重新送审', {
      form: { ...filled(await chen.seesCard()), purpose: '接孩子放学回家' },
    })
    expect(answer.toast).toMatchObject({ type: 'error', content: '该事由不属于公务,不得使用公务用车。' })
  })

  it('没有写全的,用填好已知内容的表单来问', async () => {
    const { chen } = cast
    await chen.says('/用车 明天上午 区法院')
    const form = await chen.seesCard()
    expect(form.card).toMatchObject({ title: '用车 · 填写' })
    expect(form.words).toContain('请填写事由')
    expect(shownIn(form, 'starts')).toBe('2026-11-25 08:30')
    expect(shownIn(form, 'ends')).toBe('2026-11-25 12:00')
    expect(shownIn(form, 'destination')).toBe('区法院')
    await chen.presses('保存', { form: { ...filled(form), purpose: '参加案件评查座谈', ground: 'survey' } })
    expect((await chen.seesCard()).words).toContain('11月25日(周三)08:30至12:00,共3小时30分钟')
  })

  it('一行里有不清楚的,用表单来问,写过的一字不丢', async () => {
    const { chen } = cast
    await chen.says('/用车 明天早上8点 省高院 送材料 人数待定 下午回')
    const form = await chen.seesCard()
    expect(form.words).toContain('请核对返回时间。请填写乘车人数。')
    expect(shownIn(form, 'ends')).toBe('2026-11-25 17:30')
    expect(shownIn(form, 'purpose')).toBe('送材料 人数待定')
  })

  it('设置了所在地的,认不出的目的地不作市内,由申请人选择', async () => {
    const { chen, office } = cast
    const home = { ...USUAL, province: '江西省', city: '南昌市', towns: ['东湖区'] }
    await keepSetting(office.database.db, RULE_SETTING, home, office.clock.now())
    await chen.says('/用车 明天上午 浔阳区法院 参加案件评查座谈')
    const form = await chen.seesCard()
    expect(form.words).toContain('请选择是否出市、出省')
    const before = await count(office.database.db, 'trips')
    const unsaid = await chen.presses('保存', { form: filled(form) })
    expect(unsaid.toast).toMatchObject({ type: 'error', content: expect.stringContaining('是否出市') })
    expect(await count(office.database.db, 'trips')).toBe(before)
    await chen.presses('保存', { form: { ...filled(form), reach: 'beyond' } })
    expect((await chen.seesCard()).words).toContain('浔阳区法院 · 出市')
    await chen.says('/用车 明天上午 东湖区法院 参加案件评查座谈')
    expect((await chen.seesCard()).words).toContain('东湖区法院 · 市内')
    await keepSetting(office.database.db, RULE_SETTING, USUAL, office.clock.now())
  })

  it('表单未选类别的机要用车,事由不给他人看', async () => {
    const { chen, office } = cast
    await chen.says('/用车 明天上午 市委')
    await chen.presses('保存', { form: { ...filled(await chen.seesCard()), purpose: '机要件取送', ground: 'urgent' } })
    expect((await chen.seesCard()).words).toContain('机要通信用车')
    const kept = await office.database.db.select().from(trips).where(eq(trips.category, 'confidential'))
    expect(kept).toMatchObject([{ purpose: '机要件取送', state: 'draft' }])
  })

  it.each([
    ['返回时间早于出发', { ends: '2026-11-26 08:00 +0800' }, '返回时间须晚于出发时间'],
    ['没有时间', { starts: '' }, '请选择出发和返回时间'],
    ['不存在的日子', { starts: '2026-02-31 08:00 +0800' }, '请选择出发和返回时间'],
    ['人数少于列明的', { headcount: '1' }, '乘车人数少于列明的2人'],
    ['人数不是数', { headcount: '很多' }, '乘车人数请填写1至200之间的整数'],
    ['超过天数', { ends: '2026-12-30 08:00 +0800' }, '一次用车最长15天'],
    ['车辆数过多', { cars: '9' }, '车辆数请填写1至5之间的整数'],
    ['没有这个人', { names: '张无名' }, '未找到“张无名”'],
    ['为外科室的人', { user: 'WANG' }, '代他人申请用车限于本科室人员'],
    ['为领导', { user: 'ZHANG' }, '领导用车由办公室代填'],
  ])('表单里%s的,说明原因,不保存', async (_what, wrong, words) => {
    const { chen, wang, zhang, office } = cast
    await chen.says('/用车')
    const right = {
      ...{ starts: '2026-11-26 08:30 +0800', ends: '2026-11-26 17:00 +0800', destination: '区法院' },
      ...{ purpose: '参加调研座谈会', ground: 'survey', passengers: [cast.chu.id] },
    }
    const people: Record<string, string> = { WANG: wang.id, ZHANG: zhang.id }
    const user = 'user' in wrong ? { user: people[wrong.user] ?? '' } : {}
    const before = await count(office.database.db, 'trips')
    const answer = await chen.presses('保存', { form: { ...right, ...wrong, ...user } })
    expect(answer.toast).toMatchObject({ type: 'error', content: expect.stringContaining(words) })
    expect(await count(office.database.db, 'trips')).toBe(before)
  })

  it('驳回须有理由,申请人得知后可再次申请,时间重新选', async () => {
    const { chen, feng, office } = cast
    office.clock.set(new Date(MORNING))
    await chen.says(`/用车 ${LINE}`)
    await chen.presses('提交')
    expect((await feng.presses('驳回')).toast).toMatchObject({ type: 'error', content: '请填写驳回的理由' })
    await feng.presses('驳回', { form: { word: '请乘坐公共交通' } })
    const refused = await chen.seesCard()
    expect(refused.card).toMatchObject({ title: '用车 · 已驳回', colour: 'red' })
    expect(refused.words).toContain('冯军 已驳回 · 11月24日(周二)09:00 · 理由:请乘坐公共交通')
    expect(labels(refused)).toEqual(['再次申请'])
    await chen.presses('再次申请')
    const form = await chen.seesCard()
    expect(form.card.inputs.find(({ name }) => name === 'place')?.options.map(({ value }) => value)).toContain(
      '实验小学',
    )
    expect(shownIn(form, 'purpose')).toBe('参加调研座谈会')
    expect(shownIn(form, 'starts')).toBeUndefined()
    const times = { starts: '2026-11-27 08:30 +0800', ends: '2026-11-27 12:00 +0800' }
    await chen.presses('保存', { form: { ...filled(form), ...times, place: '实验小学' } })
    expect((await chen.seesCard()).words).toContain('11月27日(周五)08:30至12:00')
    expect((await chen.seesCard()).words).toContain('单位 至 实验小学')
  })

  it('撤回的不再等待审批;已撤回的不能再同意', async () => {
    const { chen, feng } = cast
    await chen.says(`/用车 ${LINE}`)
    await chen.presses('提交')
    const asked = await feng.seesCard()
    await chen.presses('撤回')
    const answer = await feng.forges('同意', asked, { word: '' })
    expect(answer.toast).toMatchObject({ content: expect.stringMatching(/^陈晨 已撤回/) })
    expect((await feng.seesCard()).card.buttons).toEqual([])
  })

  it('几辆车的申请,批准时按车拆分,各有编号', async () => {
    const { chen, office } = cast
    const number = await approved(cast, `${LINE} 9人 2辆 @褚燕`)
    const kept = await rows<{ number_seq: number; headcount: number; cars: number; sibling: number | null }>(
      office.database.db,
      `select number_seq, headcount, cars, sibling from trips where headcount in (4, 5) order by number_seq`,
    )
    expect(kept.map(({ headcount, cars }) => [headcount, cars])).toEqual([
      [5, 1],
      [4, 1],
    ])
    expect(kept[1]?.number_seq).toBe((kept[0]?.number_seq ?? 0) + 1)
    expect(kept[1]?.sibling).not.toBeNull()
    expect(number).not.toBe('')
    await chen.says(`/用车 派〔2026〕${kept[1]?.number_seq}号`)
    expect((await chen.seesCard()).words).toContain('共4人')
  })

  it('批准后修改,退回涉及的第一步;只改备注的不重新审批', async () => {
    const { chen, feng, li } = cast
    await approved(cast)
    await chen.presses('修改')
    const form = await chen.seesCard()
    const first = await chen.presses('保存并重新送审', { form: { ...filled(form), remark: '请从东门上车' } })
    expect(first.toast?.content).toBe('已修改')
    expect((await chen.seesCard()).card.title).toBe('用车 · 待派车')
    await chen.presses('修改')
    const ends = { ends: '2026-11-26 16:00 +0800' }
    await chen.presses('保存并重新送审', { form: { ...filled(await chen.seesCard()), ...ends } })
    expect((await chen.seesCard()).card.title).toBe('用车 · 待办公室审批')
    await li.presses('同意')
    expect((await chen.seesCard()).card.title).toBe('用车 · 待派车')
    await chen.presses('修改')
    await chen.presses('保存并重新送审', { form: { ...filled(await chen.seesCard()), destination: '区检察院' } })
    expect((await chen.seesCard()).card.title).toBe('用车 · 待科室审核')
    expect(labels(await feng.seesCard())).toEqual(['同意', '驳回'])
  })

  it('取消已派的用车,车辆空出;合乘的只退出本次', async () => {
    const { chen, office } = cast
    const { db } = office.database
    const number = await approved(cast)
    const seq = Number(/(\d+)号/.exec(number)?.[1])
    const run = await aRun(cast)
    await db.update(trips).set({ state: 'dispatched', run }).where(numbered(seq))
    await chen.says(`/用车 ${number}`)
    const shown = await chen.seesCard()
    expect(shown.words).toContain('江A12345 · 驾驶员马师傅 · 13900000020')
    await chen.presses('取消用车')
    expect((await chen.seesCard()).card.title).toBe('用车 · 已取消')
    expect(await count(db, `runs where id = ${run} and state = 'void'`)).toBe(1)
    expect(await count(db, `trips where number_seq = ${seq} and run is null`)).toBe(1)
  })

  it('领导用车由办公室代填,送分管领导;用车人看得到', async () => {
    const { li, zhou, zhang } = cast
    await li.says(`/用车 ${LINE} 用车人:周正`)
    expect((await li.seesCard()).words).toContain('用车人 周正')
    expect((await li.seesCard()).words).toMatch(/1\. 分管领导 张明/)
    await li.presses('提交')
    expect(labels(await zhang.seesCard())).toEqual(['同意', '驳回'])
    await zhou.says('/用车 我的')
    expect((await zhou.seesCard()).words).toContain('待领导审批 区法院')
  })

  it('代理人代为审批,双方都记下', async () => {
    const { chen, feng, cao, chu, office } = cast
    await feng.says('/角色 代理 @褚燕 11月24日至11月25日')
    await chen.says(`/用车 ${LINE}`)
    await chen.presses('提交')
    expect(labels(await chu.seesCard())).toEqual(['同意', '驳回'])
    await chu.presses('同意')
    expect((await chen.seesCard()).words).toContain('褚燕 代 冯军 同意')
    expect(
      await count(office.database.db, `events where feature = 'car' and act = 'approve' and acting_for = '${feng.id}'`),
    ).toBe(1)
    expect(cao).toBeDefined()
    await feng.says('/角色 代理')
  })

  it('回复卡片:同意、驳回 理由、其他的话记在过程里', async () => {
    const { chen, li, wang } = cast
    cast.office.clock.set(new Date(MORNING))
    await wang.says(`/用车 ${LINE}`)
    await wang.presses('提交')
    const wu = cast.office.person('吴刚')
    await wu.says('同意 请按时返回', { replyTo: await wu.seesCard() })
    expect((await wu.sees()).words).toBe('已同意')
    await li.says('收到', { replyTo: await li.seesCard() })
    expect((await li.sees()).words).toBe('已记录')
    await li.says('不同意 理由:请合并乘车', { replyTo: await li.seesCard() })
    expect((await li.sees()).words).toBe('已驳回')
    const seen = await wang.seesCard()
    expect(seen.words).toContain('吴刚 已同意 · 11月24日(周二)09:00 · 意见:请按时返回')
    expect(seen.words).toContain('李静 已驳回 · 11月24日(周二)09:00 · 理由:请合并乘车')
    expect(seen.words).toContain('李静 说明 · 收到')
    expect(chen).toBeDefined()
  })

  it('无关的人查不到编号,看不到内容;有关的人在 我的、/查、/待办 里看到', async () => {
    const { chen, feng, wang, jiang } = cast
    const number = await approved(cast, '11月26日9:00-11:00 档案馆 调研综治档案管理')
    await wang.says(`/用车 ${number}`)
    expect((await wang.sees()).words).toContain('未找到该用车申请')
    await wang.says('/查 综治档案')
    expect((await wang.sees()).words).not.toContain('档案馆')
    await feng.says('/查 综治档案')
    expect((await feng.sees()).words).toContain('档案馆')
    await jiang.says('/待办')
    expect((await jiang.sees()).words).toContain('档案馆')
    await chen.says('/用车 我的')
    expect((await chen.seesCard()).words).toContain('档案馆')
  })

  it('我的用车多于一页的,可以翻页', async () => {
    const { cao, office } = cast
    const { db } = office.database
    const [kept] = await db.select().from(trips).limit(1)
    if (!kept) throw new Error('no trip')
    const { id: _, ...rest } = kept
    const own = { ...rest, applicant: cao.id, user: cao.id, people: [cao.id], numberYear: null, numberSeq: null }
    await db.insert(trips).values(Array.from({ length: 12 }, (_, i) => ({ ...own, destination: `第${i + 1}处` })))
    await cao.says('/用车 我的')
    const first = await cao.seesCard()
    expect(first.card.title).toBe('我的用车 · 12件')
    expect(first.words).toContain('第1页,共2页')
    expect(labels(first)).toContain('下一页')
    await cao.presses('下一页')
    const second = await cao.seesCard()
    expect(second.words).toContain('第1处')
    expect(second.words).not.toContain('第12处')
    await db.delete(trips).where(inArray(trips.destination, ['第1处', '第2处']))
    await cao.presses('下一页', { on: first })
    const last = await cao.seesCard()
    expect(last.card.title).toBe('我的用车 · 10件')
    expect(last.words).toContain('第12处')
    expect(labels(last)).not.toContain('上一页')
    const forged = await cast.office.send<{ card?: unknown }>('POST', '/sim/raw-click', {
      as: cast.wang.id,
      message_id: second.message_id,
      action: { tag: 'button', value: { action: 'car.mine', page: -5 } },
    })
    expect(JSON.stringify(forged)).not.toContain('第1处')
  })

  it('群里提出的申请只有本人看到草稿;系统管理员和驾驶员不能提出', async () => {
    const { chen, office } = cast
    await chen.says(`@回音 /用车 ${LINE}`, { to: '督查工作群' })
    expect((await chen.seesCard()).card.title).toBe('用车 · 草稿')
    const admin = office.person('刘芳')
    await admin.says(`/用车 ${LINE}`)
    expect((await admin.sees()).words).toContain('您的角色不办理用车申请')
  })
})

describe('特别紧急用车', () => {
  let cast: CarCast
  beforeAll(async () => {
    cast = await openCars()
    await cast.office.inStep()
  })
  afterAll(() => cast.office.close())

  it('登记口头同意后即送派车,补办前提醒,到期未办的列给办公室主任', async () => {
    const { chen, zhang, feng, li, jiang, office } = cast
    await chen.says('/用车 现在 高新区 处置突发群体事件 4人 下午5点回 急')
    const form = await chen.seesCard()
    expect(form.card.title).toBe('用车 · 特别紧急')
    const wrong = await chen.presses('登记并派车', { form: { consentedBy: '', way: 'phone', consentedAt: '' } })
    expect(wrong.toast?.type).toBe('error')
    const own = await chen.presses('登记并派车', {
      form: { consentedBy: chen.id, way: 'phone', consentedAt: '2026-11-24 08:50 +0800' },
    })
    expect(own.toast?.content).toBe('申请人、用车人不能作为同意用车的人')
    const answer = await chen.presses('登记并派车', {
      form: { consentedBy: zhang.id, way: 'phone', consentedAt: '2026-11-24 08:50 +0800' },
    })
    expect(answer.toast).toMatchObject({ type: 'success', content: '已登记,已送车管员派车' })
    const shown = await jiang.seesCard()
    expect(shown.card.tags).toEqual(['特别紧急', '待补办'])
    expect(shown.words).toMatch(/派〔2026〕\d+号/)
    expect(shown.words).toContain('张明 电话同意 · 11月24日(周二)08:50 · 补办时限:11月25日(周三)17:30')
    expect(labels(shown)).toContain('派车')
    expect((await zhang.seesCard()).words).toContain('特别紧急')
    expect(labels(await feng.seesCard())).toEqual(['同意补办', '不同意补办'])

    await office.moveTo('2026-11-25T08:31:00+08:00')
    await office.settled()
    expect((await chen.messages()).map(({ words }) => words).join()).toContain(
      '应急用车请于11月25日(周三)17:30前补办手续',
    )
    await feng.says('/待办')
    expect((await feng.sees()).words).toContain('高新区')
    await office.moveTo('2026-11-25T17:31:00+08:00')
    await office.moveTo('2026-11-26T08:40:00+08:00')
    await office.settled()
    const over = '补办时限11月25日(周三)17:30已过,尚未补办审批手续'
    const told = async () => (await li.messages()).filter(({ words }) => words.includes(over)).length
    expect(await told()).toBe(1)
    await office.moveTo('2026-11-27T08:40:00+08:00')
    await office.settled()
    expect(await told()).toBe(2)
    await office.database.db.update(trips).set({ state: 'completed' })
    await feng.says('/待办')
    expect((await feng.sees()).words).toContain('高新区')
    await feng.presses('同意补办', { on: await cardWith(feng, '同意补办') })
    await li.presses('同意补办', { on: await cardWith(li, '同意补办') })
    await office.moveTo('2026-11-30T08:40:00+08:00')
    await office.settled()
    expect(await told()).toBe(2)
  })

  it('逐级同意补办;放假后补办时限随日历调整', async () => {
    const { chen, zhang, feng, li, office } = cast
    await chen.says('/用车 现在 东湖区 处置突发群体事件 4人 下午5点回 急')
    await chen.presses('登记并派车', {
      form: { consentedBy: zhang.id, way: 'spoken', consentedAt: '2026-11-30 08:30 +0800' },
    })
    expect((await chen.seesCard()).words).toContain('补办时限:12月1日(周二)17:30')
    await office.person('刘芳').says('/假期 调整 12月1日 休息')
    await office.moveTo('2026-11-30T08:45:00+08:00')
    await office.settled()
    const moved = (await chen.messages()).filter(({ card }) => card?.title.startsWith('用车')).at(-1)
    expect(moved?.words).toContain('补办时限:12月2日(周三)17:30')
    await feng.presses('同意补办', { on: await cardWith(feng, '同意补办') })
    await li.presses('同意补办', { on: await cardWith(li, '同意补办') })
    await chen.says('/用车 我的')
    await chen.presses('查看')
    expect((await chen.seesCard()).words).toContain('已补办')
  })

  it('补办未获同意的,派车时说明缘由,不说成无车可派', async () => {
    const { chen, zhang, feng, jiang } = cast
    const fleet = fleetIn(cast.office.database.db)
    await fleet.vehicle('江A00007', { category: 'emergency', inspectionOn: '2027-06-30', insuranceOn: '2027-06-30' })
    await fleet.driver('马师傅', { trainedOn: '2026-03-01' })
    await chen.says('/用车 现在 石门乡 处置突发群体事件 2人 下午5点回 急')
    await chen.presses('登记并派车', {
      form: { consentedBy: zhang.id, way: 'spoken', consentedAt: '2026-11-30 08:30 +0800' },
    })
    const pending = await cardWith(jiang, '派车')
    await jiang.presses('派车', { on: pending })
    expect((await jiang.seesCard()).words).toContain('建议:江A00007')
    await feng.presses('不同意补办', { on: await cardWith(feng, '不同意补办'), form: { word: '不属于紧急情形' } })
    await jiang.presses('派车', { on: await cardWith(jiang, '派车') })
    const refused = await jiang.seesCard()
    expect(refused.words).toContain('补办未获同意,未经审批不得派车。请与申请人联系。')
    expect(refused.words).not.toContain('商量调整时间')
    expect(labels(refused)).toEqual([])
  })

  it('CAR-08关闭的,逾期未补办不再列给办公室主任,申请人和审批人照常提醒', async () => {
    const { chen, zhang, feng, li, office } = cast
    await chen.says('/用车 现在 西山区 处置突发群体事件 4人 下午5点回 急')
    await chen.presses('登记并派车', {
      form: { consentedBy: zhang.id, way: 'spoken', consentedAt: '2026-11-30 08:30 +0800' },
    })
    const told = async (person: TestPerson) =>
      (await person.messages()).filter(({ words }) => /西山区.*补办时限.*已过/.test(words)).length
    const settle = (off: string[]) =>
      keepSetting(office.database.db, RULE_SETTING, { ...USUAL, off }, office.clock.now())
    await settle(['CAR-08'])
    await office.moveTo('2026-12-03T08:40:00+08:00')
    await office.settled()
    expect([await told(chen), await told(feng), await told(li)]).toEqual([1, 1, 0])
    await settle([])
    await office.moveTo('2026-12-04T08:40:00+08:00')
    await office.settled()
    expect([await told(chen), await told(feng), await told(li)]).toEqual([2, 2, 1])
  })
})

async function cardWith(person: TestPerson, label: string): Promise<Seen> {
  const found = (await person.messages()).findLast(({ card }) => card?.buttons.some(one => one.label === label))
  if (!found) throw new Error(`no card with ${label}`)
  return found
}

describe('无人审批的申请', () => {
  let cast: CarCast
  beforeAll(async () => {
    cast = await openCars()
    await cast.office.inStep()
  })
  afterAll(() => cast.office.close())

  const told = async (person: TestPerson, words: string) =>
    (await person.messages()).filter(one => one.words.includes(words)).length

  it('出发前提醒审批人一次,到时仍未批的告知申请人一次,写明可以怎样办', async () => {
    const { chen, feng, li, office } = cast
    await chen.says('/用车 11月26日10:30-11:30 区法院 参加调研座谈会')
    await chen.presses('提交')
    await office.moveTo('2026-11-26T08:29:00+08:00')
    expect(await told(feng, '尚待审批')).toBe(0)
    await office.moveTo('2026-11-26T08:31:00+08:00')
    expect(await told(feng, '10:30 区法院用车尚待审批,请在出发前办理')).toBe(1)
    expect([await told(li, '尚待审批'), await told(chen, '尚待审批')]).toEqual([0, 0])
    await feng.says('/用车 我的')
    await office.moveTo('2026-11-26T10:29:00+08:00')
    expect([await told(feng, '尚待审批'), await told(chen, '尚未批准')]).toEqual([1, 0])
    await office.moveTo('2026-11-26T10:31:00+08:00')
    const over = '已到出发时间,尚未批准。仍需用车的,请修改用车时间后重新送审;不再需要的,请撤回'
    expect(await told(chen, over)).toBe(1)
    await office.moveTo('2026-11-26T16:00:00+08:00')
    expect([await told(feng, '尚待审批'), await told(chen, over)]).toEqual([1, 1])

    await chen.says('/用车 我的')
    await chen.presses('查看')
    expect((await chen.seesCard()).words).toContain('系统 已告知到时未批')
    await chen.presses('修改')
    const later = { starts: '2026-11-27 10:30 +0800', ends: '2026-11-27 11:30 +0800' }
    await chen.presses('保存并重新送审', { form: { ...filled(await chen.seesCard()), ...later } })
    await office.moveTo('2026-11-27T08:31:00+08:00')
    expect(await told(feng, '10:30 区法院用车尚待审批,请在出发前办理')).toBe(2)
    await feng.presses('同意', { on: await cardWith(feng, '同意') })
    await li.presses('同意', { on: await cardWith(li, '同意') })
    await office.moveTo('2026-11-27T10:31:00+08:00')
    expect(await told(chen, over)).toBe(1)
  })

  it('提醒的时间在上班时间内', () => {
    const { customs } = settingAt()
    for (const [startsAt, at] of [
      ['2026-11-26T10:30', '2026-11-26T08:30'],
      ['2026-11-26T16:00', '2026-11-26T14:00'],
      ['2026-11-26T08:30', '2026-11-25T16:30'],
      ['2026-11-26T22:00', '2026-11-26T16:30'],
      ['2026-11-30T08:30', '2026-11-27T16:30'],
      ['2026-11-28T15:00', '2026-11-27T16:30'],
    ] as const)
      expect(reminderAt({ startsAt: instant(startsAt) }, customs), startsAt).toEqual(instant(at))
  })
})

const instant = (text: string): Date => new Date(`${text}:00+08:00`)

describe('用车与早报、播报、今日', () => {
  let cast: CarCast
  beforeAll(async () => {
    cast = await openCars()
    await cast.office.inStep()
  })
  afterAll(() => cast.office.close())

  it('早报列出今日用车和待审批;今日列出本人行程;群播报只有编号、时间、目的地和车牌', async () => {
    const { chen, feng, chu, office } = cast
    const number = await approved(cast, '11月25日14:30-17:00 区法院 参加调研座谈会 2人 @褚燕')
    const seq = Number(/(\d+)号/.exec(number)?.[1])
    await office.database.db
      .update(trips)
      .set({ state: 'dispatched', run: await aRun(cast) })
      .where(numbered(seq))
    await approved(cast, '11月30日8:30-17:00 区检察院 参加案件评查座谈')
    await chen.says('/用车 11月27日8:30-17:00 区检察院 参加案件评查座谈')
    await chen.presses('提交')
    const group = '督查工作群'
    // 李静 sees the whole house's cars; who sees none of these orders the same in a group of their own
    await cast.li.says('@回音 /播报 每个工作日 8:30', { to: group })
    const xu = office.person('许诺')
    const own = { as: xu.id, name: '自建群', members: [xu.id, cast.zhou.id, chen.id], bot: true }
    await office.send('POST', '/sim/groups', own)
    await office.settled()
    await xu.says('@回音 /播报 每天8:30', { to: '自建群' })
    await office.moveTo('2026-11-25T08:31:00+08:00')
    await office.settled()
    const morning = async (person: TestPerson) =>
      (await person.messages()).findLast(({ card }) => card?.title.startsWith('工作早报'))
    expect((await morning(chu))?.words).toContain('今日用车')
    expect((await morning(feng))?.words).toContain('用车待审批')
    expect((await morning(cast.jiang))?.words).toContain('待派车 1项')
    const { db } = office.database
    const [kept] = await db.select().from(trips).where(numbered(seq))
    const { id: _id, ...earlier } = {
      ...kept,
      state: 'approved',
      run: null,
      numberYear: null,
      numberSeq: null,
    } as const
    const many = Array.from({ length: 120 }, () => earlier as typeof trips.$inferInsert)
    await db.insert(trips).values(many)
    await feng.says('/待办')
    expect((await feng.sees()).words).toContain('区检察院')
    const told = (await cast.wang.messages(group)).findLast(({ card }) => card?.title.startsWith('今日播报'))
    expect(told?.words).toContain(`${number} · 11月25日(周三)14:30出发 · 区法院 · 江A12345`)
    expect(told?.words).not.toMatch(/座谈|褚燕|139\d{8}/)
    const [around] = (await xu.messages('自建群')).filter(({ card }) => card?.title.startsWith('今日播报'))
    expect(around?.words).toContain(`${number} · 11月25日(周三)14:30出发`)
    expect(around?.words).not.toMatch(/区法院|江A12345/)
    await chu.says('/今日')
    expect((await chu.sees()).words).toContain('区法院')
  })
})

describe.runIf(hasPostgres)('用车申请的并发 on Postgres', () => {
  let cast: CarCast
  beforeAll(async () => {
    cast = await openCars('Postgres')
  })
  afterAll(() => cast.office.close())

  it('五十件同时批准,编号连续不重复;失败的不占号', async () => {
    const { chen, feng, li, office } = cast
    const { db } = office.database
    await chen.says(`/用车 ${LINE}`)
    await chen.presses('提交')
    await feng.presses('同意')
    const sample = await li.seesCard()
    const [kept] = await db.select().from(trips)
    if (!kept) throw new Error('no trip')
    const { id: _, ...rest } = kept
    const copies = await db
      .insert(trips)
      .values(Array.from({ length: 49 }, () => rest))
      .returning({ id: trips.id })
    const button = sample.card.buttons.find(({ label }) => label === '同意')
    if (!button) throw new Error('no button')
    const all = [kept.id, ...copies.map(({ id }) => id)]
    await Promise.all(all.map(id => li.clicks(sample.message_id, { ...button, value: { ...button.value, id } })))
    await office.settled()
    const given = await rows<{ n: number }>(
      db,
      'select number_seq as n from trips where number_seq is not null order by 1',
    )
    expect(given.map(({ n }) => Number(n))).toEqual(Array.from({ length: 50 }, (_, i) => i + 1))
  })

  it('本人和代理人同时同意,一人办成,另一人得知是谁;同意与撤回相争,只成一个', async () => {
    const { chen, feng, chu, office } = cast
    await feng.says('/角色 代理 @褚燕 11月24日至11月25日')
    await chen.says(`/用车 ${LINE}`)
    await chen.presses('提交')
    const seen = await feng.seesCard()
    const both = await Promise.all([feng.forges('同意', seen), chu.forges('同意', await chu.seesCard())])
    const words = both.map(answer => String(answer.toast?.content))
    expect(words.filter(word => word === '已同意')).toHaveLength(1)
    expect(words.filter(word => /^(褚燕 代 冯军 同意|冯军 已同意) · 11月24日/.test(word))).toHaveLength(1)

    await chen.says('/用车 11月27日8:30-17:00 区检察院 参加案件评查座谈')
    await chen.presses('提交')
    const [asked, mine] = [await feng.seesCard(), await chen.seesCard()]
    const answers = await Promise.all([feng.forges('同意', asked), chen.forges('撤回', mine)])
    const won = answers.filter(({ toast }) => toast?.type === 'success')
    const state = await rows<{ state: string }>(
      office.database.db,
      `select state from trips where destination = '区检察院'`,
    )
    expect([
      [1, 'withdrawn'],
      [1, 'office'],
      // approved first, then taken back from the next who is asked
      [2, 'withdrawn'],
    ]).toContainEqual([won.length, state[0]?.state])
  })

  it('同一按钮连按两次,只办一次', async () => {
    const { chen, office } = cast
    await chen.says('/用车 11月27日9:00-12:00 档案馆 调研综治档案管理')
    const draft = await chen.seesCard()
    const twice = await Promise.all([chen.forges('提交', draft), chen.forges('提交', draft)])
    expect(twice.map(answer => answer.toast?.type).sort()).toEqual(['info', 'success'])
    const id = String(draft.card.buttons[0]?.value.id)
    const submitted = `events where feature = 'car' and matter = '${id}' and act = 'submit' and outcome = 'ok'`
    expect(await count(office.database.db, submitted)).toBe(1)
  })
})

/** A planned run of a car and a driver. */
async function aRun({ office }: CarCast): Promise<number> {
  const { db } = office.database
  const at = (clock: string) => new Date(`2026-11-26T${clock}:00+08:00`)
  const [vehicle] = await db
    .insert(vehicles)
    .values({
      ...{ rev: 1, state: 'available', plate: '江A12345', category: 'other', model: '', seats: 7, unit: '', home: '' },
      ...{ fuel: 'petrol', licence: 'C1', odometer: 0, onDuty: false, fuelCard: '', remark: '' },
    })
    .returning({ id: vehicles.id })
  const [driver] = await db
    .insert(drivers)
    .values({
      ...{ rev: 1, state: 'available', name: '马师傅', phone: '13900000020', licence: 'A2' },
      ...{ licenceUntil: '2030-01-01', remark: '' },
    })
    .returning({ id: drivers.id })
  const [run] = await db
    .insert(runs)
    .values({
      ...{ rev: 1, state: 'planned', vehicle: vehicle?.id ?? 0, driver: driver?.id ?? 0, startsAt: at('08:30') },
      ...{ endsAt: at('17:00'), route: '', parkedAt: '', remark: '', dispatchedBy: 'CD', dispatchedAt: at('08:00') },
    })
    .returning({ id: runs.id })
  return run?.id ?? 0
}

const shownIn = (form: Seen, name: string): unknown => form.card?.inputs.find(one => one.name === name)?.value

/** What a form is filled with, as a client would send it back. */
function filled(form: Seen): Record<string, unknown> {
  const inputs = form.card?.inputs.filter(({ value }) => value !== undefined) ?? []
  return Object.fromEntries(
    inputs.map(({ name, tag, value }) => [name, tag === 'picker_datetime' ? `${String(value)} +0800` : value]),
  )
}

describe.each(kinds)('审批人变动的用车申请 on %s', kind => {
  it('送审后审批人离任的,轮到其审批时由现任的得知并审批', async () => {
    const cast = await openCars(kind)
    const { office, chen, feng, li } = cast
    const sun = office.person('孙丽')
    await chen.says(`/用车 ${LINE}`)
    await chen.presses('提交')
    await office.send('PATCH', `/sim/people/${li.id}`, { is_resigned: true })
    await office.settled()
    await office.person('刘芳').says('/角色 @孙丽 办公室主任')
    const before = (await li.messages()).length
    await feng.presses('同意')
    const asked = await sun.seesCard()
    expect([asked.card.title, labels(asked)]).toEqual(['用车 · 待办公室审批', ['同意', '驳回']])
    expect((await sun.presses('同意')).toast?.content).toBe('已同意')
    expect((await chen.seesCard()).card.title).toBe('用车 · 待派车')
    expect((await li.messages()).length).toBe(before)
    await office.close()
  })
})
