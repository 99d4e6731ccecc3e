import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { TestOffice } from './harness/office.ts'
import { ways } from './harness/ways.ts'

describe.each(ways)('查 on %s', (_, way) => {
  let office: TestOffice
  beforeAll(async () => {
    office = await TestOffice.open(way)
  })
  afterAll(() => office.close())

  it('按关键词找到自己的事项,别人的看不到', async () => {
    const [wang, li, feng] = [office.person('王强'), office.person('李静'), office.person('冯军')]
    await wang.says('/交办 李静 明天下班前把投影仪修好')
    await li.says('/查 投影仪')
    const found = await li.seesCard()
    expect(found.card.title).toBe('查找“投影仪” · 1项')
    await li.presses('查看')
    expect((await li.seesCard()).card.title).toBe('交办 · 待签收')
    await feng.says('/查 投影仪')
    expect((await feng.seesCard()).card.text).toContain('没有找到您能查看的相关事项')
    expect((await feng.forges('查看', found)).toast?.content).toBe('未找到该交办事项')
  })

  it('没有关键词时给出表单,填写后在原处列出', async () => {
    const li = office.person('李静')
    await li.says('/查')
    const asked = await li.seesCard()
    expect(asked.card.title).toBe('查 · 填写')
    expect((await li.presses('查找', { form: { words: ' ' } })).toast?.content).toBe('请写明要查的编号或关键词')
    await li.presses('查找', { form: { words: '投影仪' } })
    const found = (await li.messages()).find(one => one.message_id === asked.message_id)
    expect(found?.card?.title).toBe('查找“投影仪” · 1项')
  })

  it.each(['%', '_', "'", '\\', '%%%%'])('“%s”只按字面查找', async words => {
    await office.person('李静').says(`/查 ${words}`)
    expect((await office.person('李静').sees()).words).toContain('没有找到')
  })
})
