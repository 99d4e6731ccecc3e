import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Cast, openCast } from './harness/cast.ts'
import { kinds } from './harness/databases.ts'
import type { TestPerson } from './harness/office.ts'
import { rows } from './harness/traces.ts'

/** What reminders somebody has got, each as its title and its lines. */
async function reminded(person: TestPerson): Promise<string[]> {
  const all = await person.messages()
  return all.filter(one => /^督办 · (催办|办理提醒)/.test(one.card?.title ?? '')).map(one => one.words)
}

describe.each(kinds)('督办的催办阶梯 on %s', kind => {
  let cast: Cast
  beforeAll(async () => {
    // the Monday before 国庆: 1 to 7 October are off, Saturday 10 October is worked
    cast = await openCast({ kind, now: '2026-09-28T09:30:00+08:00' })
    const { li, chen } = cast
    for (const title of ['报送巡查情况', '报送值守情况']) {
      await li.says(`/督办 @陈晨 ${title} 10月9日下班前`)
      await li.presses('交办')
    }
    for (const title of ['巡查', '值守'])
      await chen.presses('签收', {
        on: (await chen.messages()).filter(one => one.words.includes(title)).at(-1) as never,
      })
  })
  afterAll(() => cast.office.close())

  const moveTo = (at: string) => cast.office.moveTo(`2026-${at}:00+08:00`)
  const counts = async () =>
    Object.fromEntries(
      await Promise.all(
        (['chen', 'feng', 'wang', 'li', 'zhang', 'zhou'] as const).map(
          async who => [who, (await reminded(cast[who])).length] as const,
        ),
      ),
    )

  it('到期前3个工作日9点提醒承办人,两件并为一条', async () => {
    await moveTo('09-29T08:59')
    expect(await counts()).toEqual({ chen: 0, feng: 0, wang: 0, li: 0, zhang: 0, zhou: 0 })
    await moveTo('09-29T09:00')
    expect(await counts()).toEqual({ chen: 1, feng: 0, wang: 0, li: 0, zhang: 0, zhou: 0 })
    const [said] = await reminded(cast.chen)
    expect(said).toContain('督办 · 办理提醒 · 2项')
    expect(said).toContain('报送巡查情况')
    expect(said).toContain('报送值守情况')
  })

  it('长假里不催,到期前1个工作日提醒承办人和科室负责人', async () => {
    await moveTo('10-08T08:59')
    expect(await counts()).toEqual({ chen: 1, feng: 0, wang: 0, li: 0, zhang: 0, zhou: 0 })
    await moveTo('10-08T09:00')
    expect(await counts()).toEqual({ chen: 2, feng: 1, wang: 0, li: 0, zhang: 0, zhou: 0 })
  })

  it('办结待审的不再催办,其余当日催到督办员', async () => {
    const { chen } = cast
    const one = (await chen.messages())
      .filter(message => message.card?.title === '督办 · 办理中' && message.words.includes('巡查'))
      .at(-1)
    await chen.presses('申请办结', { on: one as never, form: { word_own: '已报送' } })
    await moveTo('10-09T09:00')
    expect(await counts()).toEqual({ chen: 3, feng: 2, wang: 1, li: 0, zhang: 0, zhou: 0 })
    expect((await reminded(chen)).at(-1)).toContain('【催办】')
    expect((await reminded(chen)).at(-1)).not.toContain('巡查')
  })

  it('到期即变红,逾期后按工作日逐级升级:补班日算工作日', async () => {
    const { chen } = cast
    await moveTo('10-09T17:31')
    const card = (await chen.messages())
      .filter(one => one.card?.title === '督办 · 办理中' && one.words.includes('值守'))
      .at(-1)
    expect(card?.card).toMatchObject({ colour: 'red', tags: ['红灯', '逾期'] })
    await moveTo('10-10T09:00')
    expect(await counts()).toEqual({ chen: 3, feng: 3, wang: 2, li: 1, zhang: 0, zhou: 0 })
    expect((await reminded(cast.li)).at(-1)).toContain('已逾期1个工作日')
    await moveTo('10-13T09:00')
    expect(await counts()).toEqual({ chen: 3, feng: 4, wang: 2, li: 2, zhang: 1, zhou: 0 })
    await moveTo('10-15T09:00')
    expect(await counts()).toEqual({ chen: 3, feng: 4, wang: 2, li: 2, zhang: 2, zhou: 0 })
    expect((await reminded(cast.zhang)).at(-1)).toContain('建议发督办单或列入通报')
    await moveTo('10-30T09:00')
    expect(await counts()).toEqual({ chen: 3, feng: 4, wang: 2, li: 2, zhang: 2, zhou: 0 })
  })

  it('每周反馈:到期当天在工作早报里提醒,不再另发;逾期变黄', async () => {
    const { li, cao } = cast
    await li.says('/督办 @曹颖 推进平台建设 12月25日下班前 反馈:每周')
    await li.presses('交办')
    await cao.presses('签收')
    await moveTo('11-06T09:00')
    const morning = (await cao.messages()).filter(one => one.card?.title.startsWith('工作早报')).at(-1)
    expect(morning?.words).toMatch(/督办待反馈 1项[\s\S]*推进平台建设/)
    expect(await reminded(cao)).toEqual([])
    await moveTo('11-06T17:31')
    const card = (await cao.messages()).filter(one => one.card?.title === '督办 · 办理中').at(-1)
    expect(card?.card).toMatchObject({ colour: 'yellow', tags: ['黄灯'] })
    expect(card?.words).toContain('每周(已到期,请反馈)')
    await cao.presses('反馈进展', { on: card as never, form: { word_own: '已完成需求调研' } })
    expect((await cao.messages()).find(one => one.message_id === card?.message_id)?.card?.tags).toEqual(['绿灯'])
  })

  it('心跳只看到期的:办结、暂缓的没有下一时刻', async () => {
    const left = await rows<{ state: string }>(
      cast.office.database.db,
      'select state from tasks where next_at is not null',
    )
    expect(left.every(({ state }) => !['closed', 'suspended', 'cancelled', 'draft'].includes(state))).toBe(true)
  })
})
