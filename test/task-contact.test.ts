import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Cast, giveOut, openCast } from './harness/cast.ts'
import { kinds } from './harness/databases.ts'
import { filesOf } from './harness/files.ts'
import type { Seen, TestPerson } from './harness/office.ts'
import { readRows, unzip } from './harness/zip.ts'

describe.each(kinds)('联系方式、存在问题和下一步措施 on %s', kind => {
  let cast: Cast
  beforeAll(async () => {
    cast = await openCast({ kind })
  })
  afterAll(() => cast.office.close())

  async function cardOf(person: TestPerson, words: string): Promise<Seen> {
    const found = (await person.messages())
      .filter(one => one.card?.title.startsWith('督办 · ') && one.words.includes(words))
      .at(-1)
    if (!found) throw new Error(`${person.name} has no card of ${words}`)
    return found
  }

  const value = (seen: Seen, name: string) => seen.card?.inputs.find(input => input.name === name)?.value

  it('GEN-05 联系人的电话写一次,以后自动带出,可以改', async () => {
    const { wang, chen } = cast
    await giveOut(cast, '@陈晨 报送半年总结 12月7日下班前 联系电话:8263001')
    expect((await cardOf(chen, '半年总结')).words).toContain('联系人 王强 8263001')
    await giveOut(cast, '@陈晨 报送信息要点 12月7日下班前')
    expect((await cardOf(chen, '信息要点')).words).toContain('联系人 王强 8263001')
    await wang.says('/督办')
    expect(value(await wang.seesCard(), 'phone')).toBe('8263001')
    await wang.presses('拟办', {
      form: { lead: '', names: '陈晨', title: '报送周报', due: '12月7日下班前', phone: '8263002' },
    })
    expect((await cardOf(wang, '报送周报')).words).toContain('联系人 王强 8263002')
    await wang.says('/督办 来源:会议议定\n1. 陈晨 汇总排查情况 12月8日下班前\n2. 郑洁 整理值班台账 12月8日下班前')
    await wang.presses('全部拟办(2项)')
    await wang.presses('查看')
    expect((await wang.seesCard()).words).toContain('联系人 王强 8263002')
    await wang.says(`/督办 @陈晨 报送月报 12月7日下班前 联系电话:${'1'.repeat(41)}`)
    expect((await wang.sees()).words).toContain('联系电话请控制在40字以内')
  })

  it('责任人的电话在签收时写,以后的事项自动带出;换人后不再显示', async () => {
    const { chen, feng, wang, cao } = cast
    const sign = await cardOf(chen, '半年总结')
    expect((await chen.presses('签收', { on: sign, form: { leadPhone: '1'.repeat(41) } })).toast?.content).toBe(
      '联系电话请控制在40字以内',
    )
    await chen.presses('签收', { on: sign, form: { leadPhone: '8263105' } })
    expect((await cardOf(wang, '半年总结')).words).toMatch(/牵头 综治科 @ou_\w+ 8263105/)
    await giveOut(cast, '@陈晨 报送专项方案 12月7日下班前')
    const next = await cardOf(chen, '专项方案')
    expect(next.words).toContain('8263105')
    expect(next.content).toContain('责任人联系电话(现为8263105,不改则不填)')
    const on = await cardOf(feng, '专项方案')
    await feng.presses('转办', { on })
    const form = (await feng.messages()).find(one => one.message_id === on.message_id) as Seen
    await feng.presses('转办', { on: form, form: { to: cao.id } })
    expect((await cardOf(cao, '专项方案')).words).not.toContain('8263105')
  })

  it('存在问题和下一步措施分开写,分开显示,分列导出,历次都留在过程里', async () => {
    const { chen, wang, office } = cast
    await chen.presses('反馈进展', {
      on: await cardOf(chen, '半年总结'),
      form: { word_own: '已收齐材料', problem: '两个区县数据不一致', measures: '周五前会同核对' },
    })
    const seen = await cardOf(wang, '半年总结')
    expect(seen.words).toContain('存在问题:两个区县数据不一致')
    expect(seen.words).toContain('下一步措施:周五前会同核对')
    await chen.presses('反馈进展', {
      on: await cardOf(chen, '半年总结'),
      form: { word_own: '已核对', measures: '报送' },
    })
    const after = await cardOf(wang, '半年总结')
    const [current = '', past = ''] = after.words.split('办理过程')
    expect(current).not.toContain('两个区县数据不一致')
    expect(current).toContain('下一步措施:报送')
    expect(past).toContain('已收齐材料 · 存在问题:两个区县数据不一致 · 下一步措施:周五前会同核对')
    expect(
      (
        await chen.presses('反馈进展', {
          on: await cardOf(chen, '半年总结'),
          form: { word_own: '进展', measures: '长'.repeat(501) },
        })
      ).toast?.content,
    ).toBe('下一步措施请控制在500字以内')

    await chen.presses('反馈进展', {
      on: await cardOf(chen, '半年总结'),
      form: { word_own: '=进展', problem: '=问题', measures: '+措施' },
    })
    await wang.says('/督办 导出')
    const file = (await filesOf(office, wang)).at(-1)
    const [, , heads, ...rest] = readRows(unzip(file?.bytes as Buffer).get('xl/worksheets/sheet1.xml') ?? '')
    const cell = (head: string) => {
      const [column] = [...(heads ?? [])].find(([, word]) => word === head) ?? []
      return rest.map(row => row.get(column ?? '')).filter(Boolean)
    }
    expect(cell('存在问题')).toEqual(['=问题'])
    expect(cell('下一步措施')).toEqual(['+措施'])
    expect(cell('联系方式')).toContain('8263105')
  })
})
