import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Refusal } from '../src/kit/refusal.ts'
import { defaultHours, officialCalendar } from '../src/kit/time.ts'
import { momentOf, readMoment } from '../src/office/car/form.ts'
import { readNumber } from '../src/office/car/number.ts'
import { checkWish, readLabels } from '../src/office/car/request.ts'
import { readSpan } from '../src/office/car/span.ts'
import { splitInto } from '../src/office/car/split.ts'
import { endorseBy } from '../src/office/car/urgent.ts'
import { moveInWords } from '../src/office/car/words.ts'
import { aTrip, at, NOW, settingAt, stepBy, URGENT, WISH } from './harness/trip.ts'

const { customs } = settingAt()

describe('用车时间,11月24日(周二)09:00说的', () => {
  it.each([
    ['11月26日8:30-17:00 区法院', '2026-11-26T08:30', '2026-11-26T17:00', '区法院'],
    ['明天上午 区法院', '2026-11-25T08:30', '2026-11-25T12:00', '区法院'],
    ['明天下午 区法院', '2026-11-25T14:30', '2026-11-25T17:30', '区法院'],
    ['下周三一天 长沙', '2026-12-02T08:30', '2026-12-02T17:30', '长沙'],
    ['11月27日 全天 区法院', '2026-11-27T08:30', '2026-11-27T17:30', '区法院'],
    ['明天8点到后天17点 长沙', '2026-11-25T08:00', '2026-11-26T17:00', '长沙'],
    ['11月26日-27日 武汉', '2026-11-26T08:30', '2026-11-27T17:30', '武汉'],
    ['明天8:30 区法院 下午5点回', '2026-11-25T08:30', '2026-11-25T17:00', '区法院'],
    ['现在 高新区 11:30返回', '2026-11-24T09:00', '2026-11-24T11:30', '高新区'],
  ])('%s', (line, starts, ends, rest) => {
    const span = readSpan(line, NOW, customs)
    expect([span.startsAt, span.endsAt, span.doubt]).toEqual([at(starts), at(ends), undefined])
    expect(span.rest.trim()).toBe(rest)
  })

  it.each([
    ['明天8:30 区法院', '2026-11-25T08:30', undefined, '请选择返回时间'],
    ['明天下午3点 区法院', '2026-11-25T15:00', undefined, '请选择返回时间'],
    ['明天 区法院', '2026-11-25T08:30', '2026-11-25T17:30', '请核对出发和返回时间'],
    ['区法院 开会', undefined, undefined, '请选择出发和返回时间'],
    ['昨天8:30-17:00 区法院', undefined, undefined, '已经过去'],
    ['每周五8:30 区法院', undefined, undefined, '须逐次申请'],
    ['11月31日8:30 区法院', undefined, undefined, '不存在'],
    ['现在 高新区', '2026-11-24T09:00', undefined, '请选择返回时间'],
  ])('%s:没有写全,问什么', (line, starts, ends, doubt) => {
    const span = readSpan(line, NOW, customs)
    expect([span.startsAt, span.endsAt]).toEqual([starts && at(starts), ends && at(ends)])
    expect(span.doubt).toContain(doubt)
  })
})

describe('一行里的其他内容', () => {
  it.each([
    ['区法院 调研座谈 3人', { destination: '区法院', purpose: '调研座谈', headcount: 3 }],
    ['区法院 参加 调研座谈会 共十人', { destination: '区法院', purpose: '参加 调研座谈会', headcount: 10 }],
    ['去区法院参加案件评查座谈 两辆', { destination: '区法院', purpose: '参加案件评查座谈', cars: 2 }],
    ['从单位到东湖区法院 调研', { origin: '单位', destination: '东湖区法院', purpose: '调研' }],
    [
      '长沙 参加全省会议 出省 途经高铁站',
      { destination: '长沙', reach: 'province', via: '高铁站', purpose: '参加全省会议' },
    ],
    ['市委 机要 机要件取送', { category: 'confidential', destination: '市委', purpose: '机要件取送' }],
    ['高新区 处置突发事件 急 自驾', { isUrgent: true, selfDrive: true, purpose: '处置突发事件' }],
    [
      '目的地:市检察院 事由:联合检查 依据:市委办〔2026〕9号',
      { destination: '市检察院', purpose: '联合检查', basis: '市委办〔2026〕9号' },
    ],
    [
      '区法院 调研 用车人:周正 乘车人:王强、李静 电话:13900000001',
      { user: '周正', passengers: '王强、李静', phone: '13900000001' },
    ],
    ['区法院 3人小组座谈', { destination: '区法院', purpose: '3人小组座谈', headcount: undefined }],
    ['去年案件评查', { destination: '去年案件评查', purpose: '' }],
    ['区法院 调研 3人', { headcount: 3 }],
  ])('%s', (line, meant) => expect(readLabels(line)).toMatchObject(meant))

  it('没有特别含义的词,第一个是目的地,其余是事由,一字不丢', () => {
    const word = fc.stringMatching(/^[甲乙丙丁戊己庚辛]{1,8}$/)
    fc.assert(
      fc.property(word, fc.array(word, { maxLength: 6 }), (place, others) => {
        const read = readLabels([place, ...others].join('  '))
        expect([read.destination, read.purpose]).toEqual([place, others.join(' ')])
      }),
    )
  })

  it('任何文字都读得完', () => {
    fc.assert(fc.property(fc.string({ unit: 'grapheme', maxLength: 300 }), line => readLabels(line).cars >= 0))
  })

  it.each([
    ['派〔2026〕86号', { year: 2026, seq: 86 }],
    ['派[2025]086号', { year: 2025, seq: 86 }],
    ['86号', { year: 2026, seq: 86 }],
    ['第86号', { year: 2026, seq: 86 }],
    ['86', undefined],
    ['0号', undefined],
    ['督〔2026〕86号', undefined],
    ['区法院 86号', undefined],
  ])('编号 %s', (text, number) => expect(readNumber(text, 2026)).toEqual(number))
})

describe('申请的内容', () => {
  it.each([
    [{ destination: '' }, '请填写目的地'],
    [{ endsAt: WISH.startsAt }, '返回时间须晚于出发时间'],
    [{ startsAt: at('2026-11-23T08:00'), endsAt: at('2026-11-23T09:00') }, '已经过去'],
    [{ endsAt: at('2026-12-12T08:31') }, '最长15天'],
    [{ startsAt: at('2027-05-24T09:00'), endsAt: at('2027-05-24T10:00') }, '最多提前180天'],
    [{ purpose: '调'.repeat(201) }, '事由请控制在200字以内'],
    [{ purpose: '洗车' }, '由车管员安排'],
    [{ purpose: '去加油站加油' }, '由车管员安排'],
    [{ headcount: 0 }, '1至200'],
    [{ headcount: 1 }, '少于列明的2人'],
    [{ cars: 6, headcount: 9 }, '1至5'],
    [{ cars: 4 }, '车辆数不能多于乘车人数'],
    [{ headcount: Number.NaN }, '1至200'],
  ])('%o', (some, words) => expect(() => checkWish({ ...WISH, ...some }, NOW)).toThrow(words))

  it('合乎限度的通过', () => {
    expect(checkWish({ ...WISH, endsAt: at('2026-12-11T08:30') }, NOW)).toBeDefined()
    expect(() => checkWish(WISH, NOW)).not.toThrow(Refusal)
  })

  it('选的时间与显示的时间相同', () => {
    fc.assert(
      fc.property(fc.date({ min: at('2026-01-01T00:00'), max: at('2036-01-01T00:00'), noInvalidDate: true }), date => {
        const minute = new Date(Math.floor(date.getTime() / 60_000) * 60_000)
        expect(readMoment(`${momentOf(minute)} +0800`)).toEqual(minute)
      }),
    )
    for (const wrong of ['', '2026-02-30 08:00', '2026-13-01 08:00', '2026-11-26 24:00', '明天', '2026-11-26'])
      expect(readMoment(wrong)).toBeUndefined()
  })
})

describe('几辆车的申请', () => {
  it('按车拆分,人数不多不少,各人只坐一辆', () => {
    const request = fc
      .record({
        cars: fc.integer({ min: 1, max: 5 }),
        more: fc.integer({ min: 0, max: 40 }),
        named: fc.integer({ min: 0, max: 30 }),
      })
      .map(({ cars, more, named }) => {
        const passengers = Array.from({ length: named }, (_, i) => `p${i}`)
        return aTrip('leader', { cars, passengers, headcount: Math.max(cars, named + 1) + more })
      })
    fc.assert(
      fc.property(request, trip => {
        const numbers = Array.from({ length: trip.cars }, (_, i) => ({ year: 2026, seq: i + 1 }))
        const { first, others } = splitInto(trip, numbers)
        const all = [first, ...others]
        expect(all.reduce((sum, { headcount }) => sum + headcount, 0)).toBe(trip.headcount)
        expect(all.flatMap(({ passengers }) => passengers)).toEqual(trip.passengers)
        expect(all.map(({ number }) => number)).toEqual(numbers)
        for (const one of all) expect([one.cars, one.headcount > 0]).toEqual([1, true])
        expect(others.every(({ sibling }) => sibling === trip.id)).toBe(true)
      }),
    )
  })
})

describe('补办时限', () => {
  it.each([
    ['2026-11-24T09:00', '2026-11-25T17:30'],
    ['2026-11-27T20:00', '2026-11-30T17:30'],
    ['2026-11-28T10:00', '2026-11-30T17:30'],
    ['2026-02-14T22:00', '2026-02-24T17:30'],
  ])('%s 派出的,%s 前补办', (from, by) => {
    expect(endorseBy(at(from), { calendar: officialCalendar, hours: customs.hours, seasons: [] })).toEqual(at(by))
    expect(defaultHours.closes).toBe('17:30')
  })
})

describe('回复的话', () => {
  const urgent = aTrip('approved', { urgent: URGENT, steps: [stepBy('KZ')] })
  it.each([
    ['同意', aTrip('section'), { move: 'approve', word: '' }],
    ['同意,按时返回', aTrip('section'), { move: 'approve', word: '按时返回' }],
    ['同意\uff0c按时返回', aTrip('section'), { move: 'approve', word: '按时返回' }],
    ['不同意\uff0c理由\uff1a请合并乘车', aTrip('section'), { move: 'refuse', word: '请合并乘车' }],
    ['不同意 理由:请合并乘车', aTrip('section'), { move: 'refuse', word: '请合并乘车' }],
    ['驳回 原因 与会议冲突', aTrip('office'), { move: 'refuse', word: '与会议冲突' }],
    ['同意', urgent, { move: 'endorse', word: '' }],
    ['不同意 未经请示', urgent, { move: 'object', word: '未经请示' }],
    ['撤回', aTrip('section'), { move: 'withdraw', word: '' }],
    ['取消', aTrip('dispatched'), { move: 'cancel', word: '' }],
    ['收到', aTrip('approved'), { remark: '收到' }],
    ['同意书已带', aTrip('section'), { remark: '同意书已带' }],
  ])('%s', (text, trip, meant) => expect(moveInWords(text, trip)).toEqual(meant))
})
