import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { tick } from '../src/bot/tick.ts'
import { taskFlow } from '../src/office/task/flow.ts'
import { type Cast, giveOut, openCast } from './harness/cast.ts'
import { kinds } from './harness/databases.ts'
import type { Seen, TestPerson } from './harness/office.ts'

const STATES = new RegExp(`^督办 · (${Object.values(taskFlow.states).join('|')})$`)

/** What leaves when: at night only what is urgent, a step of the ladder to whoever has not been told, nothing to who wants quiet. */
describe.each(kinds)('督办的通知时间 on %s', kind => {
  let cast: Cast
  beforeAll(async () => {
    // a Tuesday evening
    cast = await openCast({ kind, now: '2026-11-24T20:00:00+08:00' })
  })
  afterAll(() => cast.office.close())

  const moveTo = (at: string) => cast.office.moveTo(`2026-${at}:00+08:00`)
  const cards = async (person: TestPerson, title: string): Promise<Seen[]> =>
    (await person.messages()).filter(one => one.card && one.sender === 'bot' && one.words.includes(title))
  const latest = async (person: TestPerson, title: string): Promise<Seen> => {
    const found = (await cards(person, title)).filter(one => STATES.test(one.card?.title ?? '')).at(-1)
    if (!found) throw new Error(`${person.name} has no card of ${title}`)
    return found
  }
  const reminders = async (person: TestPerson): Promise<Seen[]> =>
    (await person.messages()).filter(one => /^督办 · (催办|办理提醒)/.test(one.card?.title ?? ''))

  it('GEN-07 下班后平急件不打扰:审批人在待办里看到,提出人即时得到答复,承办单位次日早报得知', async () => {
    const { wang, li, chen, feng } = cast
    await wang.says('/督办 @陈晨 报送巡查情况 11月27日下班前 平急')
    expect((await wang.presses('送审')).toast?.content).toBe('已送审。现为下班时间,相关人员上班后得知')
    expect(await cards(li, '报送巡查情况')).toEqual([])
    await li.says('/待办')
    await li.presses('同意交办')
    expect((await latest(wang, '报送巡查情况')).card?.title).toBe('督办 · 已交办')
    for (const person of [chen, feng]) expect(await cards(person, '报送巡查情况')).toEqual([])
    await chen.says('/待办')
    expect((await chen.seesCard()).card.text).toContain('报送巡查情况')
    await moveTo('11-25T08:30')
    const morning = (await cards(chen, '下班后的通知')).at(-1)
    expect(morning?.words).toMatch(/20:00 督办 报送巡查情况:李静 已同意交办/)
    expect(morning?.card?.buttons.map(button => button.label)).toContain('签收')
    expect((await cards(feng, '下班后的通知')).at(-1)?.words).toContain('李静 已同意交办')
  })

  it('下班后特急件照常送达;上班时间都照常送达', async () => {
    const { wang, li, chen } = cast
    await wang.says('/督办 @陈晨 核查安全隐患 11月30日下班前')
    await wang.presses('送审')
    await li.presses('同意交办', { on: await latest(li, '核查安全隐患') })
    expect((await latest(chen, '核查安全隐患')).card?.title).toBe('督办 · 已交办')
    await moveTo('11-25T20:00')
    await wang.says('/督办 @陈晨 防汛抢险 11月30日下班前 特急')
    await wang.presses('送审')
    await li.presses('同意交办', { on: await latest(li, '防汛抢险') })
    expect((await latest(chen, '防汛抢险')).card?.title).toBe('督办 · 已交办')
  })

  it('当日已有人催办的,催办阶梯只告知还没有得知的人', async () => {
    const { wang, li, zhang, feng, chen } = cast
    await moveTo('12-01T08:35')
    for (const title of ['核查安全隐患', '防汛抢险'])
      await chen.presses('申请办结', { on: await signed(chen, title), form: { word_own: '已办' } })
    await moveTo('12-02T08:40')
    const before = { feng: (await reminders(feng)).length, zhang: (await reminders(zhang)).length }
    await wang.says('/查 巡查情况')
    await wang.presses('查看')
    await wang.presses('催办', { on: await latest(wang, '报送巡查情况') })
    expect(await reminders(feng)).toHaveLength(before.feng + 1)
    await moveTo('12-02T09:00')
    expect(await reminders(feng)).toHaveLength(before.feng + 1)
    expect(await reminders(zhang)).toHaveLength(before.zhang + 1)
    for (const leader of [li, zhang]) expect((await reminders(leader)).at(-1)?.words).toContain('已逾期3个工作日')
  })

  async function signed(person: TestPerson, title: string): Promise<Seen> {
    await person.presses('签收', { on: await latest(person, title) })
    return latest(person, title)
  }

  it('下班后去掉的协办人,次日早报里看到的是其知道的标题', async () => {
    const { li, cao } = cast
    await giveOut(cast, '@陈晨 @曹颖 复核名册 12月10日下班前')
    await moveTo('12-02T20:00')
    await li.says('/查 复核名册')
    await li.presses('查看')
    const card = await latest(li, '复核名册')
    await li.presses('变更', { on: card })
    const form = (await li.messages()).find(one => one.message_id === card.message_id) as Seen
    const filled = { title: '约谈有关人员', drop: [cao.id], word_office: '分工调整' }
    expect((await li.presses('变更', { on: form, form: filled })).toast?.content).toContain('已变更')
    await moveTo('12-03T08:30')
    const told = (await cards(cao, '下班后的通知')).at(-1)?.words
    expect(told).toMatch(/20:00 督办 督〔2026〕\d+号 复核名册:李静 已变更/)
    expect(told).not.toContain('约谈')
  })

  it('静音的人不收催办,静音结束后在早报里看到', async () => {
    const { zhang } = cast
    await zhang.says('/静音 到12月5日')
    const before = (await reminders(zhang)).length
    await moveTo('12-04T09:00')
    expect(await reminders(zhang)).toHaveLength(before)
    await moveTo('12-07T08:30')
    expect((await cards(zhang, '下班后的通知')).at(-1)?.words).toContain('报送巡查情况:【升级】')
  })

  it('下班后不再有权的,次日早报不写事项内容', async () => {
    const { wang, li, office } = cast
    await moveTo('12-09T20:00')
    await wang.says('/督办 @陈晨 核查线索来源 12月18日下班前')
    await wang.presses('送审')
    await office.person('刘芳').says('/角色 撤销 @李静 办公室主任')
    await moveTo('12-10T08:30')
    expect(await cards(li, '核查线索来源')).toEqual([])
    expect((await cards(li, '下班后的通知')).at(-1)?.words).toContain('20:00 督办:该事项已不由您办理,或您无权查看')
  })

  it('停机期间到点的催办,恢复时已下班的,次日早报得知', async () => {
    const { wang, li, office } = cast
    const zheng = office.person('郑洁')
    await office.person('刘芳').says('/角色 @李静 办公室主任')
    await moveTo('12-10T09:00')
    await wang.says('/督办 @郑洁 备勤检查 12月16日下班前 平急')
    await wang.presses('送审')
    await li.presses('同意交办', { on: await latest(li, '备勤检查') })
    const before = (await reminders(zheng)).length
    // the clock alone goes on, as while nothing runs
    office.clock.set(new Date('2026-12-16T22:00:00+08:00'))
    await tick(office.bot.house.office)
    await office.settled()
    expect(await reminders(zheng)).toHaveLength(before)
    await moveTo('12-17T08:30')
    expect((await cards(zheng, '下班后的通知')).at(-1)?.words).toMatch(/22:00 督办 督〔2026〕\d+号 备勤检查:【/)
  })
})
