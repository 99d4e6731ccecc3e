import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { TestOffice } from './harness/office.ts'
import { ways } from './harness/ways.ts'

describe.each(ways)('今日 on %s', (_, way) => {
  let office: TestOffice
  beforeAll(async () => {
    office = await TestOffice.open(way)
  })
  afterAll(() => office.close())

  it('只列今天到期和逾期的,写明日期', async () => {
    const wang = office.person('王强')
    const li = office.person('李静')
    await wang.says('/交办 李静 今天下班前交表')
    await wang.says('/交办 李静 12月7日前写总结')
    await li.says('/今日')
    const { card } = await li.seesCard()
    expect(card.title).toBe('今日 · 11月24日(周二) · 1项')
    expect(card.text).toContain('交表')
    expect(card.text).not.toContain('写总结')
    await office.moveTo('2026-11-28T10:00:00+08:00')
    await li.says('/今日')
    expect((await li.seesCard()).card.title).toBe('今日 · 11月28日(周六)(休息日) · 1项')
    expect((await li.seesCard()).card.text).toContain('逾期 交表')
  })

  it('待本人审批的,期限未到也列出', async () => {
    const [admin, wang, zhang] = ['刘芳', '王强', '张明'].map(name => office.person(name))
    await admin?.says('/角色 @王强 督办员')
    await admin?.says('/角色 @张明 分管领导')
    await zhang?.says('/今日')
    expect((await zhang?.seesCard())?.card.text).toContain('今天没有到期和待审批事项')
    await wang?.says('/督办 @陈晨 报送年终总结 12月18日下班前')
    await wang?.presses('送审')
    await zhang?.says('/今日')
    expect((await zhang?.seesCard())?.card.text).toContain('报送年终总结')
    await wang?.says('/今日')
    expect((await wang?.seesCard())?.card.text).not.toContain('报送年终总结')
  })
})
