import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Customs } from '../src/kit/customs.ts'
import { officialCalendar } from '../src/kit/time.ts'
import { type Occurrence, putOffUntil } from '../src/office/remind/reminder.ts'
import { recalibrated } from '../src/office/task/recalibrate.ts'
import { type Cast, openCast } from './harness/cast.ts'
import { kinds } from './harness/databases.ts'
import { openMeetingCast } from './harness/meeting-cast.ts'
import { TestOffice, type TestPerson } from './harness/office.ts'
import { aTask, at, settingAt } from './harness/task.ts'

describe.each(kinds)('日历或工作时间改变后重新计算 on %s', kind => {
  let cast: Cast
  let admin: TestPerson
  beforeAll(async () => {
    cast = await openCast({ kind })
    admin = cast.office.person('刘芳')
  })
  afterAll(() => cast.office.close())

  const moveTo = async (clock: string) => {
    await cast.office.moveTo(`2026-${clock}:00+08:00`)
    await cast.office.settled()
  }
  const told = async (person: TestPerson, title: string) =>
    (await person.messages()).filter(one => one.card?.title === title).at(-1)?.words ?? ''

  it('调整某日为休息:督办的时限、签收时限和催办随之顺延,并告知有关人员', async () => {
    const { li, chen } = cast
    await li.says('/督办 @陈晨 报送年度总结 5个工作日内')
    expect((await li.seesCard()).words).toContain('12月1日(周二)17:30')
    await li.presses('交办')
    await li.says('/督办 @陈晨 报送人员名册 12月3日下班前')
    await li.presses('交办')
    await li.says('/督办 @陈晨 报送设备清单')
    await li.presses('交办')
    await admin.says('/假期 调整 11月25日 休息')
    await moveTo('11-24T09:05')
    const lines = await told(chen, '时限校准')
    expect(lines).toMatch(/督办督〔2026〕\d+号“报送年度总结”的完成时限由12月1日\(周二\)17:30调整为12月2日\(周三\)17:30/)
    expect(lines).toMatch(/“报送设备清单”的完成时限由12月8日\(周二\)17:30调整为12月9日\(周三\)17:30/)
    expect(lines).toMatch(/“报送年度总结”的签收时限由11月25日\(周三\)17:30\(节假日\)调整为11月26日\(周四\)17:30/)
    expect(lines).not.toContain('“报送人员名册”的完成时限')
    expect(await told(li, '时限校准')).toContain('“报送年度总结”的完成时限')
    await chen.says('/督办 我的')
    await moveTo('11-26T09:00')
    const reminders = (await chen.messages()).filter(one => one.card?.title.startsWith('督办 · 办理提醒'))
    expect(reminders).toEqual([])
    await moveTo('11-27T09:00')
    const first = (await chen.messages()).filter(one => one.card?.title.startsWith('工作早报'))
    expect(first.at(-1)?.words).toContain('报送年度总结')
  })

  it('恢复后回到原来的时限', async () => {
    await admin.says('/假期 调整 12月1日 休息')
    await moveTo('11-27T09:05')
    expect(await told(cast.chen, '时限校准')).toContain('由12月2日(周三)17:30调整为12月3日(周四)17:30')
    await admin.says('/假期 调整 12月1日 恢复')
    await moveTo('11-27T09:10')
    expect(await told(cast.chen, '时限校准')).toContain('由12月3日(周四)17:30调整为12月2日(周三)17:30')
  })

  it('改工作时间:交办时限、提醒时间随之改变,并告知有关人员', async () => {
    const { wang, li } = cast
    await wang.says('/交办 李静 12月4日下班前 交报表')
    await wang.says('/提醒 每个工作日下班前 锁柜子')
    await wang.says('/提醒 @李静 每个工作日下班前 交钥匙')
    await wang.says('@回音 /提醒 每个工作日下班前 关空调', { to: '督查工作群' })
    await admin.says('/设置')
    const saved = await admin.presses('保存', { form: { hours: '09:00-12:00,13:30-17:00' } })
    expect(saved.toast?.content).toContain('将在1分钟内重新计算')
    await moveTo('11-27T09:15')
    expect(await told(li, '时限校准')).toContain('交办“交报表”的完成时限由12月4日(周五)17:30调整为12月4日(周五)17:00')
    expect(await told(wang, '提醒校准')).toMatch(/“锁柜子”的时间由11月27日\(周五\)17:30调整为11月27日\(周五\)17:00/)
    expect(await told(li, '提醒校准')).toContain('提醒“交钥匙”的时间由11月27日(周五)17:30调整为11月27日(周五)17:00')
    const inGroup = (await wang.messages('督查工作群')).filter(one => one.card?.title === '提醒校准')
    expect(inGroup.map(one => one.card?.text)).toEqual([expect.stringContaining('提醒“关空调”的时间由')])
    await moveTo('11-27T17:00')
    const said = (await wang.messages()).filter(one => one.card?.title === '提醒').map(one => one.words)
    expect(said.join()).toContain('锁柜子')
  })

  it('CAL-15:时限落在休息日的,建议提前到工作日,确认后交办;也可保持原时限', async () => {
    const { wang, li } = cast
    await wang.says('/交办 李静 12月中旬 报送计划')
    const form = (await wang.seesCard()).card
    expect(form.text).toContain('完成时限2026年12月20日(星期日)17:00不在工作日,建议定为2026年12月18日(星期五)17:00')
    const given = (due: string) => wang.presses('交办', { form: { people: [li.id], title: '报送计划', due } })
    const due = form.inputs.find(input => input.name === 'due')?.value
    expect(due).toBe('2026年12月18日(星期五)17:00')
    await given(String(due))
    expect((await wang.seesCard()).words).toContain('12月18日(周五)17:00')
    await wang.says('/交办 李静 12月中旬 报送计划')
    await given('12月20日')
    expect((await wang.seesCard()).words).toContain('12月20日(周日)17:00')
    await li.says('/督办 @陈晨 下周六前 报送信息')
    expect((await li.seesCard()).card.text).toContain('不在工作日,建议定为2026年12月4日(星期五)17:00')
  })

  it('下班后改工作时间:群里的提醒改了时间,上班时告知该群', async () => {
    await moveTo('11-27T20:00')
    await admin.says('/设置')
    await admin.presses('保存', { form: { hours: '08:30-12:00,14:30-17:30' } })
    await moveTo('11-27T20:05')
    const inGroup = async (title: RegExp) =>
      (await cast.wang.messages('督查工作群')).filter(one => title.test(one.card?.title ?? ''))
    expect(await inGroup(/提醒校准|暂缓发送/)).toHaveLength(1)
    await moveTo('11-30T08:30')
    const [told, ...more] = await inGroup(/暂缓发送的提醒 · 11月30日/)
    expect(more).toEqual([])
    expect(told?.card?.text).toContain('提醒“关空调”的时间由11月30日(周一)17:00调整为11月30日(周一)17:30')
  })
})

describe.each(kinds)('稍后的时间随日历和工作时间改变 on %s', kind => {
  const GROUP = '督查工作群'
  let office: TestOffice
  let admin: TestPerson
  let li: TestPerson
  let wang: TestPerson
  beforeAll(async () => {
    office = await TestOffice.open({ kind })
    admin = office.person('刘芳')
    li = office.person('李静')
    wang = office.person('王强')
  })
  afterAll(() => office.close())

  const moveTo = async (clock: string) => {
    await office.moveTo(`2026-${clock}:00+08:00`)
    await office.settled()
  }
  const shown = async (person: TestPerson, title: string, group?: string) =>
    (await person.messages(group)).filter(one => one.card?.title === title)
  const calibrated = async (person: TestPerson, group?: string) =>
    (await shown(person, '提醒校准', group)).map(one => one.card?.text ?? '')
  const reminded = async (person: TestPerson, words: string) =>
    (await person.messages()).filter(
      ({ card }) => card?.title.startsWith('提醒') && card.text.startsWith(words) && !card.text.includes('编号'),
    ).length

  it('下个工作日改为休息:顺延到再下一个,告知本人,卡片随之改变,到时才提醒', async () => {
    await wang.says('/提醒 @李静 今天9点10分 看邮件')
    await moveTo('11-24T09:10')
    const { toast } = await li.presses('稍后', { form: { until: 'workday' } })
    expect(toast?.content).toBe('将于11月25日(周三)08:30再次提醒')
    await admin.says('/假期 调整 11月25日 休息')
    await moveTo('11-24T09:15')
    expect(await calibrated(li)).toEqual([
      expect.stringContaining('选择稍后的提醒“看邮件”的时间由11月25日(周三)08:30(节假日)调整为11月26日(周四)08:30'),
    ])
    expect(await calibrated(wang)).toEqual([])
    expect((await shown(li, '提醒 · 稍后'))[0]?.words).toContain('将于11月26日(周四)08:30再次提醒')
    await moveTo('11-25T09:00')
    expect(await reminded(li, '看邮件')).toBe(1)
    await moveTo('11-26T08:30')
    expect(await reminded(li, '看邮件')).toBe(2)
    await li.presses('完成')
  })

  it('改上班时间:明天上班时随之改变;20分钟不变;不再提醒的不告知', async () => {
    await moveTo('11-26T09:00')
    const before = (await calibrated(li)).length
    for (const [words, until] of [
      ['交台账', 'tomorrow'],
      ['回电话', 'minutes'],
      ['订车票', 'workday'],
    ] as const) {
      await wang.says(`/提醒 @李静 1分钟后 ${words}`)
      await office.moveTo(new Date(office.clock.now().getTime() + 60_000).toISOString())
      await office.settled()
      await li.presses('稍后', { form: { until } })
    }
    await li.says('/提醒 拒收 @王强')
    await wang.says('/提醒 1分钟后 送文件')
    await moveTo('11-26T09:10')
    await wang.presses('稍后', { form: { until: 'tomorrow' } })
    await admin.says('/设置')
    await admin.presses('保存', { form: { hours: '09:00-12:00,13:30-17:00' } })
    await moveTo('11-26T09:15')
    expect(await calibrated(wang)).toEqual([
      expect.stringContaining('选择稍后的提醒“送文件”的时间由11月27日(周五)08:30调整为11月27日(周五)09:00'),
    ])
    expect(await calibrated(li)).toHaveLength(before)
    await li.says('/提醒 接收 @王强')
    await moveTo('11-27T09:00')
    expect(await reminded(wang, '送文件')).toBe(2)
    expect(await reminded(li, '交台账')).toBe(2)
  })

  it('群里的稍后:告知该群', async () => {
    await moveTo('11-27T10:00')
    await wang.says('@回音 /提醒 1分钟后 报名单', { to: GROUP })
    await moveTo('11-27T10:01')
    await wang.presses('稍后', { group: GROUP, form: { until: 'workday' } })
    await admin.says('/假期 调整 11月30日 休息')
    await moveTo('11-27T10:05')
    expect(await calibrated(wang, GROUP)).toEqual([
      expect.stringContaining('选择稍后的提醒“报名单”的时间由11月30日(周一)09:00(节假日)调整为12月1日(周二)09:00'),
    ])
  })
})

describe('稍后的重新计算', () => {
  const pressed = at('2026-11-24T09:10')
  const customs: Customs = {
    calendar: officialCalendar,
    calendarId: 'new',
    hours: '08:30-12:00,14:30-17:30',
    seasons: [],
  }
  const occurrence = (later: Occurrence['later'], snoozedUntil: Date): Occurrence => ({
    id: 1,
    reminder: 1,
    receiver: 'p',
    dueAt: pressed,
    state: 'snoozed',
    firedAt: pressed,
    missed: 0,
    snoozedUntil,
    later,
    calendarId: 'old',
    movedBy: 'p',
    movedAt: pressed,
  })

  it.each([
    ['按选择时重算', 'workday', '2026-11-26T08:30', '2026-11-24T10:00', '2026-11-25T08:30'],
    ['不改到过去', 'workday', '2026-11-27T08:30', '2026-11-26T10:00', '2026-11-27T08:30'],
    ['已到时的不动', 'workday', '2026-11-24T09:30', '2026-11-24T10:00', '2026-11-24T09:30'],
    ['没有选择的不动', undefined, '2026-11-26T08:30', '2026-11-24T10:00', '2026-11-26T08:30'],
  ] as const)('%s', (_, later, until, now, expected) => {
    expect(putOffUntil(occurrence(later, at(until)), at(now), customs)).toEqual(at(expected))
  })
})

describe('督办时限的重新计算', () => {
  const setting = settingAt(at('2026-11-25T10:00'))
  const given = { assignedAt: at('2026-11-24T09:00'), dueByDefault: false } as const

  it.each([
    ['按原话重算', at('2026-12-01T17:30'), at('2026-12-01T17:30'), at('2026-12-02T17:30'), at('2026-12-02T17:30')],
    ['已延期的不动', at('2026-12-08T17:30'), at('2026-12-01T17:30'), at('2026-12-02T17:30'), at('2026-12-08T17:30')],
    ['不改到过去', at('2026-12-01T17:30'), at('2026-12-01T17:30'), at('2026-11-24T17:30'), at('2026-12-01T17:30')],
    ['已逾期的不动', at('2026-11-24T17:30'), at('2026-11-24T17:30'), at('2026-12-02T17:30'), at('2026-11-24T17:30')],
    ['没有原话的不动', at('2026-12-01T17:30'), at('2026-12-01T17:30'), undefined, at('2026-12-01T17:30')],
  ])('%s', (_, dueAt, originalDueAt, said, expected) => {
    expect(recalibrated(aTask('underway', { ...given, dueAt, originalDueAt }), said, setting).dueAt).toEqual(expected)
  })
})

describe.each(kinds)('日历改变后的会议提醒 on %s', kind => {
  let cast: Cast
  beforeAll(async () => {
    cast = await openMeetingCast({ kind })
  })
  afterAll(() => cast.office.close())

  it('会前一个工作日的提醒按新的日历发出,不迟到', async () => {
    const { li, wang, office } = cast
    const reminded = async () => (await wang.messages()).filter(({ words }) => words.startsWith('会议提醒')).length
    await li.says('/会议 11月27日14:30-16:00 三楼会议室 安全生产例会 @王强')
    await li.presses('发布')
    await wang.presses('参加')
    await office.moveTo('2026-11-25T10:00:00+08:00')
    await office.person('刘芳').says('/假期 调整 11月26日 休息')
    await office.moveTo('2026-11-25T15:59:00+08:00')
    await office.settled()
    expect(await reminded()).toBe(0)
    await office.moveTo('2026-11-25T16:00:00+08:00')
    await office.settled()
    expect(await reminded()).toBe(1)
  })
})
