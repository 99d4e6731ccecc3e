import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ruleSetting } from '../handlers/meeting/rules.ts'
import { THRESHOLDS, type Threshold } from '../src/office/meeting/rule-setting.ts'
import { TestOffice, type TestPerson } from './harness/office.ts'
import { ways } from './harness/ways.ts'

describe.each(ways)('会议规则 on %s', (_, way) => {
  let office: TestOffice
  let admin: TestPerson
  beforeAll(async () => {
    office = await TestOffice.open(way)
    admin = office.person('刘芳')
  })
  afterAll(() => office.close())

  const settled = () => ruleSetting({ db: office.database.db })
  const open = async () => {
    await admin.says('/设置')
    await admin.presses('会议规则')
    return admin.seesCard()
  }
  const toast = async (label: string, form: Record<string, string>) =>
    (await admin.presses(label, { form })).toast?.content

  it('系统管理员从设置进入;涉密会议的规则不可关闭', async () => {
    expect((await open()).card.text).toContain('关闭的规则 无')
    expect(await toast('保存开关', { off: 'MT-01' })).toContain('MT-01(涉密会议)不可关闭')
    expect(await toast('保存开关', { off: 'CAR-21' })).toContain('没有编号为“CAR-21”的规则')
    expect(await toast('保存开关', { off: '27,mt-10' })).toBe('已保存')
    expect((await admin.seesCard()).card.text).toContain('关闭的规则 MT-10提前通知、MT-27参会单位过多')
    expect((await settled()).off).toEqual(['MT-10', 'MT-27'])
  })

  it('阈值、无会日和各类会议的标准', async () => {
    await open()
    const usual = Object.fromEntries(
      (Object.keys(THRESHOLDS) as Threshold[]).map(name => [name, String(THRESHOLDS[name].usual)]),
    )
    expect(await toast('保存阈值', { ...usual, units: '0' })).toContain('参会单位数请填写1至500之间的整数')
    expect(await toast('保存阈值', { ...usual, units: '30' })).toBe('已保存')
    expect((await settled()).thresholds).toMatchObject({ units: 30, ahead: 2 })
    expect(await toast('保存无会日', { quiet: '每周八' })).toContain('无会日无法识别“每周八”')
    expect(await toast('保存无会日', { quiet: '每周一、每月第二周' })).toBe('已保存')
    expect((await admin.seesCard()).card.text).toContain('无会日 每周一、每月第二周')
    const caps = Object.fromEntries(
      Object.entries((await settled()).caps).flatMap(([name, cap]) =>
        Object.entries(cap).map(([part, figure]) => [`${name}_${part}`, String(figure)]),
      ),
    )
    expect(await toast('保存会议标准', { ...caps, third_heads: '多' })).toContain('三类会议参会人数上限')
    expect(await toast('保存会议标准', { ...caps, third_heads: '100' })).toBe('已保存')
    expect((await settled()).caps).toMatchObject({ third: { heads: 100, days: 2, fee: 550 }, fourth: { heads: 50 } })
  })

  it('其他人打不开,也改不了', async () => {
    const card = await open()
    const wang = office.person('王强')
    for (const label of ['保存开关', '保存阈值', '保存无会日', '保存会议标准'])
      expect((await wang.forges(label, card)).toast?.content).toBe('修改会议规则仅限系统管理员')
  })
})
