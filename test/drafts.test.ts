import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { kinds } from './harness/databases.ts'
import { TestOffice, type TestPerson } from './harness/office.ts'

describe.each(kinds)('草稿写明的情况 on %s', kind => {
  let office: TestOffice
  let wang: TestPerson
  let li: TestPerson
  beforeAll(async () => {
    office = await TestOffice.open({ kind })
    wang = office.person('王强')
    li = office.person('李静')
    for (const role of ['@周正 主要领导', '@张明 分管领导', '@李静 办公室主任', '@王强 督办员'])
      await office.person('刘芳').says(`/角色 ${role}`)
  })
  afterAll(() => office.close())

  /** What a card says now that was sent to somebody before. */
  const saysNow = async (person: TestPerson, message: string) => {
    await office.settled()
    return (await person.messages()).find(one => one.message_id === message)?.words ?? ''
  }

  it('督办:相似事项送审、交办、取消后,尚未交办的卡片跟着更新', async () => {
    await wang.says('/督办 @陈晨 报送安全生产检查的总结 12月8日下班前')
    const first = await wang.seesCard()
    await wang.says('/督办 @陈晨 报送安全生产检查总结 12月9日下班前')
    const { message_id: draft } = await wang.seesCard()
    expect(await saysNow(wang, draft)).not.toContain('可能重复')
    await wang.presses('送审', { on: first })
    expect(await saysNow(wang, draft)).toContain('可能重复:报送安全生产检查的总结(待审批)')
    await li.presses('同意交办')
    expect(await saysNow(wang, draft)).toMatch(/可能重复:督〔2026〕1号 报送安全生产检查的总结\(已交办\)/)
  })

  it('会议:他人的会议发出、批准请假、取消后,草稿的冲突跟着更新', async () => {
    const [feng, wu] = [office.person('冯军'), office.person('吴刚')]
    await li.says('/会议 11月27日14:30-16:00 二楼小会议室 秋收协调会 @冯军 @吴刚')
    const { message_id: draft } = await li.seesCard()
    await li.says('/会议 11月27日15:00-16:30 三楼会议室 冬储协调会 @冯军 @吴刚')
    const other = await li.seesCard()
    expect(await saysNow(li, draft)).not.toContain('冬储')
    await li.presses('发布', { on: other })
    expect(await saysNow(li, draft)).toContain('与2人日程冲突')
    const asked = (await feng.messages()).find(one => one.words.includes('冬储') && one.card)
    if (!asked) throw new Error('冯军 was not asked')
    expect((await feng.presses('请假', { on: asked, form: { word: '出差' } })).toast).toMatchObject({ type: 'success' })
    await office.person('张明').presses('同意请假')
    expect(await saysNow(li, draft)).toContain('与1人日程冲突')
    expect((await wu.messages()).length).toBeGreaterThan(0)
    const published = (await li.messages()).find(one => one.message_id === other.message_id)
    if (!published) throw new Error('the card is gone')
    await li.presses('取消会议', { on: published })
    await li.presses('确认取消会议', { form: { word: '与市里会议冲突' } })
    expect(await saysNow(li, draft)).toContain('无日程冲突')
  })
})
