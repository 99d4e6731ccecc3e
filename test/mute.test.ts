import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { TestOffice, type TestPerson } from './harness/office.ts'
import { ways } from './harness/ways.ts'

describe.each(ways)('静音 on %s', (_, way) => {
  let office: TestOffice
  let li: TestPerson
  beforeAll(async () => {
    office = await TestOffice.open(way)
    li = office.person('李静')
  })
  afterAll(() => office.close())

  const heard = async (words: string) =>
    (await li.messages()).filter(({ card }) => card?.title === '提醒' && card.text.startsWith(words)).length

  it.each([
    ['/静音 到明天上班', '11月25日(周三)08:30'],
    ['/静音 今天下班前', '11月24日(周二)17:30'],
    ['/静音 至11月26日下午3点', '11月26日(周四)15:00'],
    ['/mute 2小时', '11月24日(周二)11:0'],
    ['/静音 到今天', '11月25日(周三)00:00'],
    ['/静音 今天', '11月25日(周三)00:00'],
    ['/静音 明天', '11月25日(周三)08:30'],
  ])('%s → 静音至%s', async (said, until) => {
    await li.says(said)
    const { card } = await li.seesCard()
    expect(card.title).toBe('静音 · 已开启')
    expect(card.text).toContain(`静音至${until}`)
  })

  it.each([
    ['/静音 尽快', '未能识别'],
    ['/静音 到昨天', '已经过去'],
    ['/静音 到明年3月1日', '一次最多静音30天'],
  ])('%s → %s', async (said, why) => {
    await li.says(said)
    expect((await li.sees()).words).toContain(why)
  })

  it.each(['取消', '解除', '关闭'])('/静音 %s:结束静音', async word => {
    await li.says('/静音 到明天上班')
    await li.says(`/静音 ${word}`)
    expect((await li.seesCard()).card.title).toBe('静音 · 未开启')
  })

  it('静音期间不发送,仍在待办中;特急照发;关闭后恢复', async () => {
    await li.says('/静音 到明天上班')
    await li.presses('关闭静音')
    expect((await li.seesCard()).card.title).toBe('静音 · 未开启')
    await li.presses('今天下班前')
    await li.says('/提醒 今天10点 看简报')
    await office.person('王强').says('/提醒 @李静 今天10点 【特急】报送情况')
    await office.moveTo('2026-11-24T10:00:00+08:00')
    await office.settled()
    expect(await heard('看简报')).toBe(0)
    expect(await heard('【特急】报送情况')).toBe(1)
    await li.says('/待办')
    expect((await li.seesCard()).card.text).toContain('看简报')
    await li.says('/静音 关闭')
    await li.says('/提醒 今天11点 看邮件')
    await office.moveTo('2026-11-24T11:00:00+08:00')
    await office.settled()
    expect(await heard('看邮件')).toBe(1)
  })
})
