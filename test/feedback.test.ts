import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { TestOffice } from './harness/office.ts'
import { ways } from './harness/ways.ts'

describe.each(ways)('意见 on %s', (_, way) => {
  let office: TestOffice
  beforeAll(async () => {
    office = await TestOffice.open(way)
  })
  afterAll(() => office.close())

  it('GEN-06 送到系统管理员,本人得到回执', async () => {
    const wang = office.person('王强')
    await wang.says('/意见 希望待办能按部门分组')
    expect((await wang.sees()).words).toContain('已发送给系统管理员')
    const { card } = await office.person('刘芳').seesCard()
    expect(card.title).toBe('意见')
    expect(card.text).toContain('希望待办能按部门分组')
    expect(card.text).toContain('王强 · 11月24日(周二)')
  })

  it('没写内容时给出表单,填写后送到系统管理员', async () => {
    const li = office.person('李静')
    await li.says('/意见')
    const asked = await li.seesCard()
    expect(asked.card.title).toBe('意见 · 填写')
    expect((await li.presses('发送', { form: { text: '会议室的灯坏了' } })).toast?.content).toBe('已发送')
    const mine = (await li.messages()).find(one => one.message_id === asked.message_id)
    expect(mine?.card?.title).toBe('意见 · 已发送')
    expect(mine?.card?.text).toContain('会议室的灯坏了')
    expect((await office.person('刘芳').seesCard()).card.text).toContain('会议室的灯坏了')
  })

  it('空的或过长的意见被退回并说明', async () => {
    const wang = office.person('王强')
    await wang.says('/意见')
    expect((await wang.presses('发送', { form: { text: '  ' } })).toast?.content).toBe('请写明意见内容')
    await wang.says(`/意见 ${'好'.repeat(501)}`)
    expect((await wang.sees()).words).toContain('500字以内')
  })
})
