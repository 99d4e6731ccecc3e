import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { TestOffice } from './harness/office.ts'
import { ways } from './harness/ways.ts'

describe.each(ways)('设置 on %s', (_, way) => {
  let office: TestOffice
  beforeAll(async () => {
    office = await TestOffice.open(way)
  })
  afterAll(() => office.close())

  it('修改工作时间后,“下班前”随之改变', async () => {
    const [admin, wang] = [office.person('刘芳'), office.person('王强')]
    await admin.says('/设置')
    expect((await admin.presses('保存', { form: { hours: '9:00-12:00' } })).toast?.content).toContain(
      '工作时间格式不对',
    )
    const saved = await admin.presses('保存', { form: { hours: '09:00-12:00、13:30-17:00' } })
    expect(saved.toast?.content).toBe('已保存,有关时限和提醒将在1分钟内重新计算')
    await wang.says('/交办 李静 明天下班前交表')
    expect((await wang.seesCard()).card.text).toContain('11月25日(周三)17:00')
  })

  it('督办代字按单位设置,编号随之;写错的说明', async () => {
    const [admin, zhou, wang] = [office.person('刘芳'), office.person('周正'), office.person('王强')]
    await admin.says('/角色 @周正 主要领导')
    await admin.says('/设置')
    const card = await admin.seesCard()
    const save = (words: string) => admin.presses('保存代字', { on: card, form: { words } })
    expect((await save('政法督2026')).toast?.content).toContain('代字请用1至8个汉字')
    expect((await save('火星办:火')).toast?.content).toContain('未找到单位或部门“火星办”')
    expect((await save('本单位:督\n督查科:督')).toast?.content).toContain('代字“督”已用于其他单位')
    expect((await save('政法督\n东湖区委政法委:东政督')).toast?.content).toBe('已保存')
    expect((await admin.seesCard()).card.text).toContain('督办代字 本单位:政法督、东湖区委政法委:东政督')
    await zhou.says('/督办 @王强 报送工作要点 12月7日下班前')
    await zhou.presses('交办')
    expect((await wang.seesCard()).card.text).toContain('政法督〔2026〕1号')
    await wang.says('/督办 政法督[2026]1号')
    expect((await wang.seesCard()).card.text).toContain('报送工作要点')
  })

  it('其他人只能看', async () => {
    const wang = office.person('王强')
    await office.person('刘芳').says('/设置')
    const card = await office.person('刘芳').seesCard()
    await wang.says('/设置')
    expect((await wang.seesCard()).card.buttons).toEqual([])
    expect((await wang.forges('保存', card, { hours: '10:00-11:00' })).toast?.content).toBe('修改设置仅限系统管理员')
  })
})
