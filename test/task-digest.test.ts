import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { tick } from '../src/bot/tick.ts'
import { type Cast, giveOut, openCast } from './harness/cast.ts'
import { kinds } from './harness/databases.ts'
import type { Seen, TestPerson } from './harness/office.ts'

const GROUP = '督查工作群'

describe.each(kinds)('早报和播报里的督办 on %s', kind => {
  let cast: Cast
  beforeAll(async () => {
    cast = await openCast({ kind })
    const { wang } = cast
    await tick(cast.office.bot.house.office)
    await giveOut(
      cast,
      '@陈晨 @曹颖 报送半年总结 11月25日下班前',
      '@陈晨 抽查档案管理 今天下班前',
      '@陈晨 专项核查 11月25日下班前 知悉范围:李静',
      '@郑洁 整理督查台账 11月25日下班前',
      '@郑洁 更新值班表 12月15日下班前',
    )
    await wang.says('/督办 @郑洁 汇总简报 12月8日下班前')
    await wang.presses('送审')
    await wang.says(`@回音 /播报 每个工作日 8:30`, { to: GROUP })
    await cast.office.moveTo('2026-11-25T08:30:00+08:00')
    await cast.office.settled()
  })
  afterAll(() => cast.office.close())

  const morning = async (person: TestPerson): Promise<Seen | undefined> =>
    (await person.messages()).filter(({ card }) => card?.title.startsWith('工作早报')).at(-1)
  const lines = (seen: Seen | undefined) => seen?.card?.text.split('\n') ?? []

  it('承办人的早报:逾期、今日到期,每项只出现一次,可直接办理', async () => {
    const { chen } = cast
    const seen = await morning(chen)
    const found = lines(seen)
    expect(found.filter(line => /^督办.* \d+项$/.test(line))).toEqual(['督办逾期 1项', '督办今日到期 2项'])
    expect(found.filter(line => line.includes('抽查档案管理'))).toHaveLength(1)
    expect(found.filter(line => line.includes('专项核查'))).toHaveLength(1)
    await chen.presses('签收', { on: seen as Seen })
    expect((await chen.messages()).some(one => one.card?.title === '督办 · 办理中')).toBe(true)
  })

  it('协办人、待签收和审批人的早报', async () => {
    const { cao, li, office } = cast
    expect(lines(await morning(cao))).toContain('督办今日到期 1项')
    const zheng = lines(await morning(office.person('郑洁')))
    expect(zheng).toContain('督办待签收 1项')
    expect(zheng.some(line => line.includes('更新值班表'))).toBe(true)
    const asked = await morning(li)
    expect(lines(asked)).toContain('督办待审批 1项')
    expect(lines(asked).some(line => line.includes('汇总简报'))).toBe(true)
    await li.presses('同意交办', { on: asked as Seen })
    expect(lines(await morning(li))).not.toContain('督办待审批 1项')
    expect(await morning(office.person('许诺'))).toBeUndefined()
  })

  it('群里的播报只有编号和时限:不点名,不写单位,知悉范围内的不提', async () => {
    const { wang } = cast
    const all = (await wang.messages(GROUP)).filter(({ card }) => card?.title.startsWith('今日播报'))
    expect(all).toHaveLength(1)
    const words = all[0]?.words ?? ''
    // 郑洁 and 陈晨 sit in it
    for (const line of [
      '督办今日到期 2项',
      '督〔2026〕1号 · 11月25日(周三)17:30',
      '督〔2026〕4号',
      '督办逾期 1项',
      '督〔2026〕2号',
    ])
      expect(words).toContain(line)
    expect(words).not.toContain('督〔2026〕3号')
    for (const name of ['郑洁', '督查科', '整理督查台账', '陈晨', '专项核查']) expect(words).not.toContain(name)
    const outsider = cast.office.person('许诺')
    expect((await outsider.forges('查看', all[0] as Seen)).toast?.content).toBe('未找到该督办事项')
  })

  it('按来源另显示标题,由系统管理员设置;不录入内容的来源不能选', async () => {
    const { office, wang } = cast
    const liu = office.person('刘芳')
    await liu.says('/设置')
    const card = await liu.seesCard()
    const save = async (sources: string) =>
      (await liu.presses('保存显示内容', { on: card, form: { sources } })).toast?.content
    expect(await save('领导批示')).toContain('只登记编号、中性标题')
    expect(await save('小道消息')).toContain('没有“小道消息”这一来源')
    expect(await save('会议议定、其他')).toBe('已保存')
    await office.moveTo('2026-11-26T08:30:00+08:00')
    await office.settled()
    const words = (await wang.messages(GROUP)).filter(({ card }) => card?.title.startsWith('今日播报')).at(-1)?.words
    expect(words).toContain('督〔2026〕4号 整理督查台账')
    expect(words).not.toContain('专项核查')
  })

  it('群播报只列设置播报的人看得到的:自建的群里看不到他人的督办', async () => {
    const { office, wang, chen, zhou } = cast
    const xu = office.person('许诺')
    const some = { as: xu.id, name: '自建群', members: [xu.id, zhou.id, chen.id], bot: true }
    await office.send('POST', '/sim/groups', some)
    await office.settled()
    await xu.says('@回音 /播报 每天8:30', { to: '自建群' })
    const told = async (person: TestPerson, group: string) =>
      (await person.messages(group)).filter(({ card }) => card?.title.startsWith('今日播报')).map(one => one.words)
    const before = (await told(wang, GROUP)).length
    await office.moveTo('2026-11-27T08:30:00+08:00')
    await office.settled()
    expect(await told(xu, '自建群')).toEqual([])
    expect((await told(wang, GROUP))[before]).toContain('督〔2026〕1号')
    // whoever orders it anew shows what they may see themselves
    await office.person('尤佳').says('@回音 /播报 每天9:00', { to: GROUP })
    await office.moveTo('2026-11-27T09:00:00+08:00')
    await office.settled()
    expect(await told(wang, GROUP)).toHaveLength(before + 1)
  })
})
