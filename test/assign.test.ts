import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { kinds } from './harness/databases.ts'
import { TestOffice, type TestPerson } from './harness/office.ts'

const GROUP = '督查工作群'

describe.each(kinds)('交办 on %s', kind => {
  let office: TestOffice
  let wang: TestPerson
  let zheng: TestPerson
  beforeAll(async () => {
    office = await TestOffice.open({ kind })
    wang = office.person('王强')
    zheng = office.person('郑洁')
  })
  afterAll(() => office.close())

  it('从群里交办、签收、完成、确认,交办人得到回音', async () => {
    await wang.says('@回音 /交办 @郑洁 明天下班前把投影仪修好', { to: GROUP })
    const given = await zheng.seesCard(GROUP)
    expect(given.card).toMatchObject({ title: '交办 · 待签收', colour: 'yellow' })
    expect(given.card.text).toContain('把投影仪修好')
    expect(given.card.text).toContain('11月25日(周三)17:30')

    expect(await zheng.presses('签收', { group: GROUP })).toEqual({ toast: { type: 'success', content: '已签收' } })
    expect((await wang.seesCard(GROUP)).card.title).toBe('交办 · 办理中')

    await zheng.presses('完成', { group: GROUP, form: { word: '已更换灯泡' } })
    const answer = await wang.seesCard()
    expect(answer.card.title).toBe('交办 · 待确认')
    expect(answer.card.text).toContain('郑洁 已完成 · 11月24日(周二)09:0')
    expect(answer.card.text).toContain('说明:已更换灯泡')

    expect((await wang.presses('确认完成')).toast?.content).toBe('已确认完成')
    const closed = await zheng.seesCard(GROUP)
    expect(closed.card).toMatchObject({ title: '交办 · 已完成', colour: 'green', buttons: [] })
  })
})
