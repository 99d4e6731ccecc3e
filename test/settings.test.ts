import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { kinds } from './harness/databases.ts'
import { TestOffice } from './harness/office.ts'

describe.each(kinds)('设置 on %s', kind => {
  let office: TestOffice
  beforeAll(async () => {
    office = await TestOffice.open({ kind })
  })
  afterAll(() => office.close())

  it('修改工作时间后,“下班前”随之改变', async () => {
    const [admin, wang] = [office.person('刘芳'), office.person('王强')]
    await admin.says('/设置')
    expect((await admin.presses('保存', { form: { hours: '9:00-12:00' } })).toast?.content).toContain(
      '工作时间格式不对',
    )
    expect((await admin.presses('保存', { form: { hours: '09:00-12:00、13:30-17:00' } })).toast?.content).toBe(
      '已保存,有关时限和提醒将在1分钟内重新计算',
    )
    await wang.says('/交办 李静 明天下班前交表')
    expect((await wang.seesCard()).card.text).toContain('11月25日(周三)17:00')
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
