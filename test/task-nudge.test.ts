import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Cast, giveOut, openCast } from './harness/cast.ts'
import { kinds } from './harness/databases.ts'
import type { Seen, TestPerson } from './harness/office.ts'

/** 催办 by hand beside the ladder: nobody is told the same of one task twice a day (domain.md 2.8). */
describe.each(kinds)('手动催办与催办阶梯 on %s', kind => {
  let cast: Cast
  beforeAll(async () => {
    cast = await openCast({ kind })
    await giveOut(cast, '@陈晨 报送巡查情况 12月8日下班前')
    const { chen } = cast
    await chen.presses('签收', { on: await cardOf(chen) })
  })
  afterAll(() => cast.office.close())

  async function cardOf(person: TestPerson): Promise<Seen> {
    const found = (await person.messages())
      .filter(one => /^督办 · (已交办|办理中)$/.test(one.card?.title ?? '') && one.words.includes('巡查'))
      .at(-1)
    if (!found) throw new Error(`${person.name} has no card`)
    return found
  }

  const heard = async (person: TestPerson): Promise<number> =>
    (await person.messages()).filter(one => /^督办 · (催办|办理提醒)/.test(one.card?.title ?? '')).length
  const counts = async () => ({ chen: await heard(cast.chen), feng: await heard(cast.feng) })
  const nudges = async (word_office = '') =>
    (await cast.wang.presses('催办', { on: await cardOf(cast.wang), form: { word_office } })).toast
  const moveTo = (at: string) => cast.office.moveTo(`2026-12-${at}:00+08:00`)

  it('系统今日提醒过的不再收到同样的催办,没有提醒过的收到', async () => {
    await moveTo('03T09:00')
    expect(await counts()).toEqual({ chen: 1, feng: 0 })
    expect(await nudges()).toEqual({ type: 'success', content: '已催办' })
    expect(await counts()).toEqual({ chen: 1, feng: 1 })
  })

  it('都提醒过的,不写说明催不了,并说明怎样再催;写了说明的都收到', async () => {
    await moveTo('07T09:00')
    expect(await counts()).toEqual({ chen: 2, feng: 2 })
    expect(await nudges()).toEqual({
      type: 'info',
      content: expect.stringMatching(
        /^系统今日已提醒(陈晨、冯军|冯军、陈晨),同样的提醒每天只发一次;确需再催的,请填写说明后催办,或电话催办后记录$/,
      ),
    })
    expect(await counts()).toEqual({ chen: 2, feng: 2 })
    expect((await cardOf(cast.wang)).words).toContain('催办1次')
    expect(await nudges('市领导下午要看')).toEqual({ type: 'success', content: '已催办' })
    expect(await counts()).toEqual({ chen: 3, feng: 3 })
    expect(await nudges('再催')).toMatchObject({ type: 'info', content: expect.stringContaining('今日已催办过') })
  })

  it('上班前先催办的,当日9点系统不再提醒', async () => {
    await moveTo('08T08:40')
    expect(await nudges()).toEqual({ type: 'success', content: '已催办' })
    const before = await counts()
    await moveTo('08T09:00')
    expect(await counts()).toEqual(before)
  })

  it('逾期后阶梯只催单位和上级,催办仍到承办人;代理人随之得知', async () => {
    const { chen, office } = cast
    const chu = office.person('褚燕')
    await chen.says('/角色 代理 @褚燕 12月9日')
    await moveTo('09T09:00')
    const before = await counts()
    expect(await nudges()).toEqual({ type: 'success', content: '已催办' })
    expect(await counts()).toEqual({ chen: before.chen + 1, feng: before.feng })
    expect(await heard(chu)).toBe(1)
  })
})
