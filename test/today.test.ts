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
})
