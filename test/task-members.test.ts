import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Cast, giveOut, openCast } from './harness/cast.ts'
import { kinds } from './harness/databases.ts'
import type { Seen, TestPerson } from './harness/office.ts'

/** Who assists, and under which sub-number, from 交办 to the end. */
describe.each(kinds)('协办人的增减和分项编号 on %s', kind => {
  let cast: Cast
  let zheng: TestPerson
  let chu: TestPerson
  beforeAll(async () => {
    cast = await openCast({ kind })
    zheng = cast.office.person('郑洁')
    chu = cast.office.person('褚燕')
  })
  afterAll(() => cast.office.close())

  async function cardOf(person: TestPerson, words: string, title = /^督办 · /): Promise<Seen> {
    const all = (await person.messages()).filter(one => title.test(one.card?.title ?? '') && one.words.includes(words))
    const found = all.at(-1)
    if (!found) throw new Error(`${person.name} has no card of ${words}`)
    return found
  }

  /** A button that turns its card into a form, and what is filled in there; what was refused is corrected where it stands. */
  async function fills(person: TestPerson, label: string, title: string, form: Record<string, unknown>) {
    const open = (await person.messages()).findLast(one => one.card?.title === `督办 · ${label}`)
    if (open) return person.presses(label, { on: open, form })
    const on = await cardOf(person, title, /^督办 · (已交办|办理中)$/)
    await person.presses(label, { on })
    const opened = (await person.messages()).find(one => one.message_id === on.message_id)
    return person.presses(label, { on: opened as Seen, form })
  }

  /** `12-1号 曹颖` of each line on a card. */
  const lines = ({ words }: Seen): string[] =>
    [...words.matchAll(/〔2026〕\d+-(\d+)号 协办 (\S+)/g)].map(([, place, name]) => `${place} ${name}`)

  it('变更增减协办人:送审,同意后各方得知,去掉的不再办理,其办理情况留在过程里', async () => {
    const { wang, li, chen, cao, feng } = cast
    await giveOut(cast, '@陈晨 @曹颖 @郑洁 核查重点场所 12月8日下班前')
    await cao.presses('签收', { on: await cardOf(cao, '重点场所') })
    await cao.presses('反馈进展', { on: await cardOf(cao, '重点场所'), form: { word_assist: '已查三处' } })
    await wang.says('/督办 列表')
    await wang.presses('查看')
    expect((await fills(wang, '变更', '重点场所', { word_office: '分工调整' })).toast?.content).toBe(
      '没有需要变更的内容',
    )
    expect((await fills(wang, '变更', '重点场所', { add: [cao.id], word_office: '分工调整' })).toast?.content).toBe(
      '所选人员已是协办人,无须增加',
    )
    expect((await fills(wang, '变更', '重点场所', { drop: [chu.id], word_office: '分工调整' })).toast?.content).toBe(
      '所选人员已不是协办人,无须减少',
    )
    expect(
      (await fills(wang, '变更', '重点场所', { names: '褚燕', drop: [cao.id], word_office: '分工调整' })).toast
        ?.content,
    ).toBe('变更已送审')
    expect(lines(await cardOf(cao, '重点场所'))).toEqual(['1 曹颖', '2 郑洁'])

    const asked = await cardOf(li, '重点场所')
    expect(asked.words).toContain('王强提出变更 · 增加协办褚燕;减少协办曹颖 · 理由:分工调整')
    expect((await li.presses('同意变更', { on: asked })).toast?.content).toBe('已同意变更')

    const joined = await cardOf(chu, '重点场所')
    expect(lines(joined)).toEqual(['2 郑洁', '3 褚燕'])
    expect(joined.card?.buttons.map(button => button.label)).toContain('签收')
    expect((await chu.presses('签收', { on: joined })).toast?.content).toBe('已签收')

    const left = await cardOf(cao, '重点场所', /^督办 · 不再办理$/)
    expect(left.words).toContain('该事项已不由您办理,已有材料请交牵头人综治科陈晨。')
    expect(left.card?.buttons).toEqual([])
    const forged = await cao.forges('签收', joined)
    expect(forged.toast).toMatchObject({ type: 'error', content: '未找到该督办事项' })

    const seen = await cardOf(chen, '重点场所')
    expect(seen.words).toMatch(
      /李静 已同意变更 · 增加协办褚燕\(督〔2026〕\d+-3号\) · 减少协办曹颖\(督〔2026〕\d+-1号,协办中,已查三处\)/,
    )
    expect((await cardOf(zheng, '重点场所')).words).toContain('褚燕')
    expect((await cardOf(feng, '重点场所')).words).toContain('褚燕')
  })

  it('有审批权的直接变更;牵头人不能同时为协办人', async () => {
    const { li } = cast
    await li.says('/督办 @陈晨 汇总培训计划 12月8日下班前')
    await li.presses('交办')
    expect((await fills(li, '变更', '培训计划', { add: [cast.chen.id], word_office: '增派' })).toast?.content).toBe(
      '牵头人不能同时为协办人',
    )
    expect((await fills(li, '变更', '培训计划', { names: '郑洁', word_office: '增派' })).toast?.content).toBe('已变更')
    expect(lines(await cardOf(zheng, '培训计划'))).toEqual(['1 郑洁'])
  })

  it('分项编号用过的不再用:协办人转为牵头、再分办,退回后改派,都用新号', async () => {
    const { feng, chen, cao, wang, li } = cast
    await giveOut(cast, '@陈晨 清理积案台账 12月8日下班前')
    expect((await fills(feng, '转办', '积案台账', { helpers: [cao.id] })).toast?.content).toBe('已分办')
    expect(lines(await cardOf(cao, '积案台账'))).toEqual(['1 曹颖'])
    expect((await fills(feng, '转办', '积案台账', { to: cao.id })).toast?.content).toBe('已转办')
    expect(lines(await cardOf(feng, '积案台账'))).toEqual([])
    expect((await fills(feng, '转办', '积案台账', { helpers: [chen.id] })).toast?.content).toBe('已分办')
    expect(lines(await cardOf(chen, '积案台账'))).toEqual(['2 陈晨'])

    await cao.presses('退回交办', { on: await cardOf(cao, '积案台账'), form: { word_own: '不属本科室职责' } })
    await wang.presses('改派', { on: await cardOf(wang, '积案台账') })
    const draft = await cardOf(wang, '积案台账')
    await wang.presses('修改', { on: draft })
    const form = (await wang.messages()).find(one => one.message_id === draft.message_id) as Seen
    await wang.presses('保存', {
      on: form,
      form: { lead: chu.id, assistants: [chen.id], names: '郑洁', title: '清理积案台账', due: '12月8日下班前' },
    })
    await wang.presses('送审', { on: await cardOf(wang, '积案台账') })
    await li.presses('同意交办', { on: await cardOf(li, '积案台账') })
    expect(lines(await cardOf(chu, '积案台账'))).toEqual(['2 陈晨', '3 郑洁'])
  })
})
