import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { meetings } from '../db/meeting.ts'
import { invitationsOf } from '../db/meeting-invitation.ts'
import { rooms } from '../db/meeting-room.ts'
import { shanghai } from './harness/cars.ts'
import type { Cast } from './harness/cast.ts'
import { kinds } from './harness/databases.ts'
import { aRoom, openMeetingCast } from './harness/meeting-cast.ts'
import { meetingsIn, showMatter } from './harness/meetings.ts'
import type { Seen } from './harness/office.ts'
import { until } from './harness/traces.ts'

/** Friday; it is Tuesday, 24 November 2026, 09:00. */
const LINE = '11月27日(周五)14:30-16:00 三楼会议室'

const labels = (seen: Seen): string[] => seen.card?.buttons.map(({ label }) => label) ?? []
const field = (seen: Seen, name: string) => seen.card?.inputs.find(one => one.name === name)
/** What a form was opened with, as a client would send it. */
const valuesOf = (seen: Seen): Record<string, unknown> =>
  Object.fromEntries(
    (seen.card?.inputs ?? [])
      .filter(({ value }) => value !== undefined && value !== '')
      .map(({ name, value }) => [name, value]),
  )

describe.each(kinds)('会议 on %s: 拟定、修改和变更', kind => {
  let cast: Cast
  beforeAll(async () => {
    cast = await openMeetingCast({ kind })
  })
  afterAll(() => cast.office.close())
  const db = () => cast.office.database.db

  it('未写主持人的:会务员、办公室主任只是承办,不印作召集、主持;科室负责人为召集、主持', async () => {
    const { cao, feng, li } = cast
    await cao.says(`/会议 ${LINE} 业务交流会 @王强`)
    const draft = (await cao.seesCard()).words
    expect(draft).not.toMatch(/召集|主持|未知人员/)
    expect(draft).toContain('联系人 曹颖')
    await li.says(`/会议 ${LINE} 工作交流会 @王强`)
    expect((await li.seesCard()).words).not.toMatch(/召集|主持|未知人员/)
    await feng.says(`/会议 ${LINE} 科务会 @陈晨`)
    expect((await feng.seesCard()).words).toContain('冯军召集并主持')
  })

  it('本科室会议由科室负责人自行发布;所选规模是本科室而参会人员不止本科室的,仍须送审', async () => {
    const { feng } = cast
    await feng.says(`/会议 ${LINE} 科室学习会 @陈晨`)
    expect(labels(await feng.seesCard())).toContain('发布')
    await feng.presses('修改')
    const form = await feng.seesCard()
    expect(field(form, 'scope')?.value).toBe('section')
    await feng.presses('保存', { form: { ...valuesOf(form), names: '王强、李静' } })
    const draft = await feng.seesCard()
    expect(labels(draft)).toContain('送审')
    expect(labels(draft)).not.toContain('发布')
    expect(draft.words).toContain('本单位')
  })

  it('不要求回执的,修改后仍不要求', async () => {
    const { cao } = cast
    await cao.says(`/会议 ${LINE} 情况通报会 @王强 免回执`)
    expect((await cao.seesCard()).words).toContain('不要求回执')
    await cao.presses('修改')
    await cao.presses('保存', { form: { ...valuesOf(await cao.seesCard()), title: '情况通报会议' } })
    const draft = await cao.seesCard()
    expect(draft.words).toContain('情况通报会议')
    expect(draft.words).toContain('不要求回执')
    await cao.presses('修改')
    await cao.presses('保存', { form: { ...valuesOf(await cao.seesCard()), answers: 'asked' } })
    expect((await cao.seesCard()).words).toContain('11月26日(周四)12:00')
    await cao.presses('修改')
    await cao.presses('保存', { form: { ...valuesOf(await cao.seesCard()), answers: 'none' } })
    expect((await cao.seesCard()).words).toContain('不要求回执')
  })

  it('会议室多于所列的,已选的仍在其中;伪造的主持人不收', async () => {
    const { cao } = cast
    await db()
      .insert(rooms)
      .values(Array.from({ length: 14 }, (_, i) => aRoom(`${100 + i}会议室`)))
    await cao.says('/会议 11月27日9:00-10:00 五楼会议室 选题会 @王强')
    await cao.presses('修改')
    const form = await cao.seesCard()
    const room = field(form, 'room')
    expect(room?.options?.map(({ value }) => value)).toContain(room?.value)
    const forged = await cao.presses('保存', { form: { ...valuesOf(form), presider: 'ou_nobody' } })
    expect(forged.toast?.content).toContain('不存在或已离开')
    const mistyped = await cao.presses('保存', { form: { ...valuesOf(form), phone: 'abc' } })
    expect(mistyped.toast?.content).toContain('联系电话请填写号码')
    await cao.presses('保存', { form: { ...valuesOf(form), title: '选题讨论会' } })
    expect((await cao.seesCard()).words).toMatch(/选题讨论会[\s\S]*地点 五楼会议室/)
  })

  it('参会范围调整后不再通知的人,其代会人随之不再参会', async () => {
    const { li, office } = cast
    const { meeting, ask } = meetingsIn(db())
    const [wang, chen, chu] = [office.person('王强'), office.person('陈晨'), office.person('褚燕')]
    const guests = { people: [wang.id, chen.id], departments: [], chats: [], units: [], listeners: [] }
    const id = await meeting(li.id, { numberSeq: 90, title: '调整范围的会', guests })
    const principal = await ask(id, { person: wang.id, state: 'proxied' })
    await ask(id, { person: chen.id })
    await ask(id, { person: chu.id, state: 'attending', standsInFor: principal })
    await showMatter(office, String(id), li)
    await li.presses('变更')
    await li.presses('确认变更', { form: { ...valuesOf(await li.seesCard()), people: [chen.id] } })
    // 李静 presides
    expect((await invitationsOf(db(), id, 9)).map(({ person }) => person)).toEqual([chen.id, li.id])
    const told = (await chu.sees()).words
    expect(told).toContain('您无需参加')
    // there is nothing left that they could look at
    expect(told).not.toContain('请查看会议通知卡片')
  })

  it('只改名称的,通知里只说名称有调整;没有改动的不打扰参会人员', async () => {
    const { cao, li, wang } = cast
    await cao.says(
      '/会议 12月4日9:00-10:00 五楼会议室 禁毒工作会 综治科 @王强 主持:冯军 议题:1.通报情况(综治科汇报,10分钟)',
    )
    await cao.presses('送审')
    await li.presses('同意', {
      on: (await li.messages()).filter(({ words }) => words.includes('禁毒工作会')).at(-1) as Seen,
    })
    const card = async () =>
      (await cao.messages()).filter(({ card: one }) => one?.title === '会议 · 已通知').at(-1) as Seen
    const change = async (title: string) => {
      await cao.presses('变更', { on: await card() })
      await cao.presses('确认变更', { form: { ...valuesOf(await cao.seesCard()), title } })
    }
    await change('禁毒工作推进会')
    expect((await wang.sees()).words).toContain('禁毒工作推进会的会议名称有调整,时间、地点不变')
    const before = (await wang.messages()).length
    await change('禁毒工作推进会')
    expect((await wang.messages()).length).toBe(before)
  })

  it('会议室管理员在审批期间不同意的,不能同意发出', async () => {
    const { cao, li, zhang } = cast
    await db()
      .insert(rooms)
      .values(aRoom('机关礼堂', { seats: 300, approval: true, keeper: zhang.id }))
    await cao.says('/会议 12月2日9:00-10:00 机关礼堂 年终讲座 @王强')
    await cao.presses('送审')
    await zhang.presses('不同意', { form: { word: '检修音响' } })
    const asked = (await li.messages()).filter(({ words }) => words.includes('年终讲座')).at(-1) as Seen
    expect((await li.presses('同意', { on: asked })).toast?.content).toContain('机关礼堂的预订未获批准')
    const [kept] = (await db().select().from(meetings)).filter(({ title }) => title === '年终讲座')
    expect(kept).toMatchObject({ state: 'submitted', notifiedAt: null })
  })

  it('回执截止后仍可变更其他内容;时间改了的,截止时间随之顺延', async () => {
    const { li, office } = cast
    const id = await meetingsIn(db()).meeting(li.id, {
      ...{ numberSeq: 91, title: '截止以后变更的会', startsAt: shanghai('2026-11-27T14:30') },
      ...{ guests: { people: [office.person('王强').id], departments: [], chats: [], units: [], listeners: [] } },
    })
    const replyBy = async () => (await db().select().from(meetings)).find(one => one.id === id)?.replyBy
    await office.moveTo('2026-11-26T15:00:00+08:00')
    await showMatter(office, String(id), li)
    await li.presses('变更')
    await li.presses('确认变更', { form: { ...valuesOf(await li.seesCard()), details: '着装:正装' } })
    expect((await li.seesCard()).words).toContain('着装 正装')
    expect(await replyBy()).toEqual(shanghai('2026-11-26T12:00'))
    await li.presses('变更')
    const moved = { starts: '2026-12-01 14:30 +0800', ends: '2026-12-01 16:00 +0800' }
    await li.presses('确认变更', { form: { ...valuesOf(await li.seesCard()), ...moved } })
    expect(await replyBy()).toEqual(shanghai('2026-11-30T12:00'))
  })

  it('变更时间时才通知的人员和群,收到的是会议通知,不提原来的时间;原来通知的,收到变更', async () => {
    const { li, wang, chen, office } = cast
    const { meeting, ask } = meetingsIn(db())
    const guests = { people: [wang.id], departments: [], chats: [], units: [], listeners: [] }
    const id = await meeting(li.id, { numberSeq: 92, title: '改期又添人的会', guests })
    await ask(id, { person: wang.id })
    await office.moveTo('2026-11-24T09:00:00+08:00')
    await showMatter(office, String(id), li)
    const change = async (form: Record<string, string>) => {
      await li.presses('变更', {
        on: (await li.messages()).filter(one => one.card?.title === '会议 · 已通知').at(-1) as Seen,
      })
      await li.presses('确认变更', { form: { ...valuesOf(await li.seesCard()), ...form } })
    }
    const news = { starts: '2026-11-30 14:30 +0800', ends: '2026-11-30 16:00 +0800', names: '陈晨、督查工作群' }
    await change(news)
    for (const fresh of [await chen.seesCard(), await wang.seesCard('督查工作群')]) {
      expect(fresh.words).toContain('【会议通知】关于召开改期又添人的会的通知')
      expect(fresh.words).not.toMatch(/变更|原为|重新确认/)
    }
    const told = (await wang.seesCard()).words
    expect(told).toContain('【变更】改期又添人的会')
    expect(told).toMatch(/原为2026年11月27日|原为11月27日/)
    expect(told).toContain('重新确认参会情况')
    await chen.presses('参加')
    expect((await chen.seesCard()).words).not.toMatch(/变更|原为/)
    await change({ starts: '2026-12-01 14:30 +0800', ends: '2026-12-01 16:00 +0800' })
    for (const again of [await chen.seesCard(), await wang.seesCard('督查工作群'), await wang.seesCard()])
      expect(again.words).toMatch(/【变更】改期又添人的会[\s\S]*原为[^)]*11月30日/)
  })
})

describe.each(kinds)('会议 on %s: 告知', kind => {
  let cast: Cast
  beforeAll(async () => {
    cast = await openMeetingCast({ kind })
  })
  afterAll(() => cast.office.close())
  const db = () => cast.office.database.db
  const told = async (words: string) =>
    (await cast.wang.messages('督查工作群')).filter(one => one.words.includes(words)).length

  it('领导在表单里填的只交办一次;下班后交办的次日才说', async () => {
    const { zhou, cao, office } = cast
    await zhou.says('/会议 明天下午3点 交办的会 @王强')
    const form = await zhou.seesCard()
    const values = { ...valuesOf(form), ends: '2026-11-25 16:00 +0800', room: 'elsewhere', place: '一楼接待室' }
    expect((await zhou.presses('保存', { form: values })).toast?.content).toContain('交曹颖拟办')
    expect((await cao.seesCard()).words).toContain('交办的会')
    const left = await zhou.seesCard()
    expect(left.words).toContain('已将“交办的会”交曹颖拟办')
    expect(labels(left)).toEqual([])
    await office.moveTo('2026-11-24T20:00:00+08:00')
    const before = (await cao.messages()).length
    await zhou.says('/会议 11月27日9:00-10:00 一楼接待室 夜里交办的会 @王强')
    expect((await zhou.sees()).words).toContain('交曹颖拟办')
    expect((await cao.messages()).length).toBe(before)
    await office.moveTo('2026-11-25T08:31:00+08:00')
    await office.settled()
  })

  it('会议室坐不下的,在草稿上提示', async () => {
    const { li } = cast
    await db()
      .insert(rooms)
      .values(aRoom('谈话室', { seats: 1 }))
    await li.says('/会议 11月26日9:00-10:00 谈话室 谈心会 @王强 @陈晨')
    expect((await li.seesCard()).words).toContain('谈话室可容纳1人,拟通知2人')
    await li.presses('取消会议')
  })

  it('只增加参会人员的,不再打扰其他人;新增的收到通知', async () => {
    const { li, wang, chen } = cast
    await li.says('/会议 12月3日9:00-10:00 五楼会议室 人员调整会 @王强')
    await li.presses('发布')
    const before = (await wang.messages()).length
    await li.presses('变更')
    await li.presses('确认变更', { form: { ...valuesOf(await li.seesCard()), people: [wang.id, chen.id] } })
    expect((await wang.messages()).length).toBe(before)
    expect((await chen.sees()).words).toContain('【会议通知】关于召开人员调整会的通知')
  })

  it('通知里的参会人员按选择的顺序,不按编号', async () => {
    const { li, office } = cast
    const [zheng, wang, sun, chen] = ['郑洁', '王强', '孙丽', '陈晨'].map(name => office.person(name))
    await li.says('/会议 12月5日9:00-10:00 五楼会议室 顺序会 @郑洁 @王强 @孙丽 @陈晨')
    await li.presses('发布')
    const orders = [
      [zheng, wang, sun, chen],
      [chen, sun, wang, zheng],
    ].map(some => some.flatMap(one => one ?? []))
    for (const people of orders) {
      await li.presses('变更')
      const form = valuesOf(await li.seesCard())
      const noted = await li.presses('确认变更', { form: { ...form, people: people.map(({ id }) => id) } })
      expect(noted.toast?.content).toContain('已变更')
      const card = (await li.messages()).filter(({ words }) => words.includes('顺序会')).at(-1)
      expect(card?.words).toContain(`参会 ${people.map(({ name }) => name).join('、')}`)
    }
  })

  it('回复“取消”先问通知多少人,已写的理由在表单里', async () => {
    const { li } = cast
    await li.says('/会议 1号')
    const card = await li.seesCard()
    await li.says('取消 与市里会议冲突', { replyTo: card })
    const form = await li.seesCard()
    expect(form.words).toContain('取消后将立即通知2人')
    expect(field(form, 'word')?.value).toBe('与市里会议冲突')
    expect((await db().select().from(meetings)).find(({ title }) => title === '人员调整会')?.state).toBe('notified')
  })

  it('下班后变更、取消的,群里次日才说;紧急的不等', async () => {
    const { li, office, wang } = cast
    await office.moveTo('2026-11-30T15:00:00+08:00')
    for (const [title, more] of [
      ['夜间变动的会', ''],
      ['紧急变动的会', ' 紧急'],
    ] as const) {
      await li.says(`@回音 /会议 12月4日9:00-10:00 市委大礼堂 ${title}${more}`, { to: '督查工作群' })
      await li.presses('发布')
    }
    await office.moveTo('2026-11-30T20:00:00+08:00')
    const cancelled = async (title: string) => {
      const latest = async (head: string) =>
        (await li.messages()).filter(one => one.card?.title === head && one.words.includes(title)).at(-1) as Seen
      await li.presses('取消会议', { on: await latest('会议 · 已通知') })
      await li.presses('确认取消会议', { on: await latest('会议 · 取消会议') })
    }
    await cancelled('夜间变动的会')
    expect(await told('夜间变动的会因故取消')).toBe(0)
    expect((await wang.messages()).some(({ words }) => words.includes('夜间变动的会因故取消'))).toBe(false)
    await cancelled('紧急变动的会')
    expect(await told('紧急变动的会因故取消')).toBe(1)
    expect((await wang.messages()).some(({ words }) => words.includes('紧急变动的会因故取消'))).toBe(true)
    await office.moveTo('2026-12-01T08:31:00+08:00')
    await office.settled()
    expect(await told('夜间变动的会因故取消')).toBe(1)
  })

  it('停机期间前一日和会前提醒都已到时的,只补发后一个,并写明应于何时', async () => {
    const { li, wang, office } = cast
    await li.says('/会议 12月3日14:30-15:30 五楼会议室 碰头会 @王强')
    await li.presses('发布')
    await office.settled()
    const before = (await wang.messages()).filter(({ words }) => words.startsWith('会议提醒')).length
    office.clock.set(new Date('2026-12-03T14:10:00+08:00'))
    await office.moveTo('2026-12-03T14:11:00+08:00')
    await office.settled()
    const told = (await wang.messages()).filter(({ words }) => words.startsWith('会议提醒')).slice(before)
    expect(told.length).toBe(1)
    expect(told[0]?.words).toContain('补发:应于12月3日(周四)13:30提醒')
  })
})

describe.each(kinds)('会议 on %s: 通知送不到', kind => {
  let cast: Cast
  beforeAll(async () => {
    cast = await openMeetingCast({ kind, wire: 'hasty' })
  })
  afterAll(() => cast.office.close())

  it('通知送不到的,告知承办人,无论由谁批准、何时发出', async () => {
    const { cao, li, chen, office } = cast
    await office.faults({ stopped: [chen.id] })
    const told = async (person: typeof cao) =>
      (await person.messages()).filter(({ words }) => words.startsWith('未能送达')).length
    const called = async (title: string) => {
      await cao.says(`/会议 12月${title === '夜里的会' ? 8 : 9}日9:00-10:00 一楼接待室 ${title} @陈晨`)
      await cao.presses('送审')
    }
    const approves = async (title: string) =>
      li.presses('同意', { on: (await li.messages()).filter(({ words }) => words.includes(title)).at(-1) as Seen })
    const hears = (times: number) =>
      until(async () => {
        await office.clock.rest?.(1_000)
        office.bot.drainer.wake()
        return (await told(cao)) === times
      }, 60_000)
    await called('白天的会')
    await approves('白天的会')
    await hears(1)
    expect((await cao.sees()).words).toMatch(/^未能送达发给陈晨的消息,原因:.+请另行告知对方。$/)
    await called('夜里的会')
    await office.moveTo('2026-11-24T20:00:00+08:00')
    await approves('夜里的会')
    await office.moveTo('2026-11-25T08:31:00+08:00')
    await hears(2)
    expect(await told(li)).toBe(0)
  })
})
