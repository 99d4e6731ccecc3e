import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { departments, dismiss } from '../db/people.ts'
import { chainFacts, requestFacts, ruleSetting } from '../handlers/car/rules.ts'
import { createKeys } from '../src/bot/keys.ts'
import { chainFor } from '../src/office/car/chain.ts'
import { THRESHOLDS, type Threshold } from '../src/office/car/rule-setting.ts'
import { at, aWish } from './harness/car-rules.ts'
import { TestOffice, type TestPerson } from './harness/office.ts'
import { ways } from './harness/ways.ts'

describe.each(ways)('用车规则 on %s', (_, way) => {
  let office: TestOffice
  let admin: TestPerson
  beforeAll(async () => {
    office = await TestOffice.open(way)
    admin = office.person('刘芳')
    for (const line of ['@周正 主要领导', '@张明 分管领导', '@李静 办公室主任']) await admin.says(`/角色 ${line}`)
  })
  afterAll(() => office.close())

  const look = () => ({
    db: office.database.db,
    now: office.clock.now(),
    office: { features: [], officeHours: '08:30-12:00,14:30-17:30', admins: [admin.id], keys: createKeys('for tests') },
  })
  const open = async () => {
    await admin.says('/设置')
    await admin.presses('用车规则')
    return admin.seesCard()
  }
  const toast = async (label: string, form: Record<string, string>) =>
    (await admin.presses(label, { form })).toast?.content

  it('系统管理员从设置进入,关闭、调整后即时生效', async () => {
    expect((await open()).card.text).toContain('关闭的规则 无')
    expect(await toast('保存开关', { off: 'CAR-99' })).toContain('没有编号为“CAR-99”的规则')
    expect(await toast('保存开关', { off: 'CAR-07' })).toContain('CAR-07(未经审批派车)不可关闭')
    expect(await toast('保存开关', { off: '28,car-21' })).toBe('已保存')
    expect((await admin.seesCard()).card.text).toContain('关闭的规则 CAR-21提前申请、CAR-28合并乘车')
    expect((await ruleSetting(look())).off).toEqual(['CAR-21', 'CAR-28'])
  })

  it('关闭有依据的禁止性规则,须看过依据后再确认', async () => {
    await open()
    expect(await toast('保存开关', { off: 'CAR-01、CAR-21' })).toBeUndefined()
    const asked = await admin.seesCard()
    expect(asked.card.text).toContain('《中国共产党纪律处分条例》第一百一十七条')
    expect(asked.card.text).not.toContain('CAR-21')
    expect((await ruleSetting(look())).off).not.toContain('CAR-01')
    await admin.presses('仍要关闭')
    expect((await ruleSetting(look())).off).toEqual(['CAR-01', 'CAR-21'])
    expect(await toast('保存开关', { off: '' })).toBe('已保存')
    expect((await ruleSetting(look())).off).toEqual([])
  })

  it('阈值和所在地', async () => {
    await open()
    const usual = Object.fromEntries(
      (Object.keys(THRESHOLDS) as Threshold[]).map(name => [name, String(THRESHOLDS[name].usual)]),
    )
    expect(await toast('保存阈值', { ...usual, late: '0' })).toContain('超时未归(小时)请填写1至24之间的整数')
    expect(await toast('保存阈值', { ...usual, unbroken: '5' })).toContain('请填写1至4之间的整数')
    expect(await toast('保存阈值', { ...usual, late: '3' })).toBe('已保存')
    expect((await ruleSetting(look())).thresholds).toMatchObject({ late: 3, combine: 60 })
    const home = {
      province: '湖南省',
      city: '长沙市',
      towns: '望城区、浏阳',
      stations: '',
      workshops: '',
      subsidised: 'off',
    }
    expect(await toast('保存所在地', { ...home, province: '火星省' })).toContain('未找到省份“火星省”')
    expect(await toast('保存所在地', home)).toBe('已保存')
    expect(await ruleSetting(look())).toMatchObject({ city: '长沙市', towns: ['望城区', '浏阳'], subsidised: false })
    expect((await admin.seesCard()).card.text).toContain('所在地 湖南省长沙市')
  })

  it('其他人打不开,也改不了', async () => {
    const wang = office.person('王强')
    const settings = await (async () => {
      await admin.says('/设置')
      return admin.seesCard()
    })()
    expect((await wang.forges('用车规则', settings)).toast?.content).toBe('修改用车规则仅限系统管理员')
    const rules = await open()
    expect((await wang.forges('保存开关', rules, { off: 'CAR-21' })).toast?.content).toBe('修改用车规则仅限系统管理员')
    expect((await ruleSetting(look())).off).toEqual([])
  })

  it('审批链取自通讯录、角色和代理', async () => {
    const [chen, feng, li] = [office.person('陈晨'), office.person('冯军'), office.person('李静')]
    const unit = await unitOf(office, feng.id)
    const drawn = async () => {
      const facts = await chainFacts(look(), { applicant: chen.id, unit })
      return chainFor(aWish({ user: chen.id }), [], facts).map(({ by, people }) => [by, people])
    }
    expect(await drawn()).toEqual([
      ['KZ', [feng.id]],
      ['BZ', [li.id]],
    ])
    await li.says('/角色 代理 @陈晨 11月24日至11月25日')
    expect(await drawn()).toEqual([
      ['KZ', [feng.id]],
      ['FG', [office.person('张明').id]],
    ])
  })

  it('下属单位按其上级部门逐级认定;离职的不再审批', async () => {
    const { db } = office.database
    const [zhu, zhang] = [office.person('朱琳'), office.person('张明')]
    const district = await unitOf(office, zhu.id)
    await db.insert(departments).values({ id: 'od_inner', name: '执法监督科', parent: district, leader: null })
    await admin.says('/角色 @许诺 办公室主任 东湖区委政法委')
    const facts = await chainFacts(look(), { applicant: 'ou_somebody', unit: 'od_inner' })
    expect(facts.lineage).toEqual(['od_inner', district])
    const people = () => chainFor(aWish({ user: 'ou_somebody' }), [], facts).map(({ people }) => people)
    expect(people()).toEqual([[office.person('许诺').id]])
    await dismiss(db, office.person('许诺').id)
    await dismiss(db, office.person('李静').id)
    const after = await chainFacts(look(), { applicant: 'ou_somebody', unit: 'od_inner' })
    expect(chainFor(aWish({ user: 'ou_somebody' }), [], after).map(({ people }) => people)).toEqual([[zhang.id]])
  })

  it('申请的事实里有在用车辆的最大座位数', async () => {
    const facts = await requestFacts(look(), { applicant: admin.id, unit: '' }, { startsAt: at('11-26T09:00') }, false)
    expect(facts).toMatchObject({ mostSeats: undefined, neighbours: [], urgent: false })
  })
})

async function unitOf(office: TestOffice, head: string): Promise<string> {
  const rows = await office.database.db.select().from(departments)
  return rows.find(row => row.leader === head)?.id ?? ''
}
