import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { calendarInForce, customsOf } from '../db/holiday.ts'
import { type Customs, deadlineOf, hoursOn, proposalFor, readTime } from '../src/kit/customs.ts'
import { dayIn, formatDue, officialCalendar, parse, workdayUpTo } from '../src/kit/time.ts'
import { NOTICE_EXAMPLE, readNotice } from '../src/office/holiday/notice.ts'
import { calendarOf } from '../src/office/holiday/year.ts'
import { readTiming } from '../src/office/remind/reminder.ts'
import { limitFrom } from '../src/office/task/worktime.ts'
import { hasPostgres, kinds } from './harness/databases.ts'
import { TestOffice, type TestPerson } from './harness/office.ts'
import { secondBot } from './harness/second.ts'
import { emptied } from './harness/traces.ts'

const OFFICIAL_2026 = `国务院办公厅关于2026年部分节假日安排的通知
一、元旦:1月1日(周四)至3日(周六)放假调休,共3天。1月4日(周日)上班。
二、春节:2月15日(农历腊月二十八、周日)至23日(农历正月初七、周一)放假调休,共9天。2月14日(周六)、2月28日(周六)上班。
三、清明节:4月4日(周六)至6日(周一)放假,共3天。
四、劳动节:5月1日(周五)至5日(周二)放假调休,共5天。5月9日(周六)上班。
五、端午节:6月19日(周五)至21日(周日)放假,共3天。
六、中秋节:9月25日(周五)至27日(周日)放假,共3天。
七、国庆节:10月1日(周四)至7日(周三)放假调休,共7天。9月20日(周日)、10月10日(周六)上班。
节假日期间,各地区、各部门要妥善安排好值班和安全、保卫、疫情防控等工作。`

/** A whole notice as it is published, with head, preamble and signature; the days are invented for the test. */
const OFFICIAL_2027 = `国务院办公厅关于2027年部分节假日安排的通知
国办发明电〔2026〕9号
各省、自治区、直辖市人民政府,国务院各部委、各直属机构:
经国务院批准,现将2027年元旦、春节、清明节、劳动节、端午节、中秋节和国庆节放假调休日期的具体安排通知如下。
一、元旦:1月1日(周五)至3日(周日)放假,共3天。
二、春节:2月5日(农历腊月二十九、周五)至11日(农历正月初六、周四)放假调休,共7天。1月30日(周六)、2月20日(周六)上班。
三、清明节:4月3日(周六)至5日(周一)放假,共3天。
四、劳动节:5月1日(周六)至5日(周三)放假调休,共5天。5月8日(周六)上班。
五、端午节:6月9日(周三)放假,共1天。
六、中秋节:9月15日(周三)放假,共1天。
七、国庆节:10月1日(周五)至7日(周四)放假调休,共7天。9月26日(周日)、10月9日(周六)上班。
节假日期间,各地区、各部门要妥善安排好值班和安全、保卫等工作,确保人民群众祥和平安度过节日假期。
国务院办公厅
2026年11月24日`

/** What a notice for 2027 might say; the days are invented for the test. */
const LINES_2027 = `2027年
元旦:1月1日至3日放假
春节 2月5日至2月11日 补班 1月30日、2月20日
清明:4月3日(周六)至5日(周一)放假
劳动节:5月1日至5日放假调休,5月8日上班
端午:6月9日放假
中秋:9月15日放假
国庆:10月1日-7日放假,9月26日、10月9日上班`

const customs = (calendar = officialCalendar): Customs => ({
  calendar,
  calendarId: 'test',
  hours: '08:30-12:00,14:30-17:30',
  seasons: [],
})

describe('公布的安排怎样读', () => {
  it('通知原文读出的与现行日历一致', () => {
    expect(readNotice(OFFICIAL_2026)).toEqual({ year: 2026, notice: officialCalendar[2026] })
  })

  it.each([
    ['分行', OFFICIAL_2027],
    ['连成一段', OFFICIAL_2027.replaceAll('\n', '')],
    ['十二月印发', OFFICIAL_2027.replace('11月24日', '12月8日')],
    ['段末提到节日', OFFICIAL_2027.replace('节日假期。', '春节。')],
  ])('带通知头、引言和落款的全文(%s):引言不算节日,落款日期不算放假', (_, text) => {
    const { year, notice } = readNotice(text)
    expect(year).toBe(2027)
    expect(notice.holidays.map(({ name, from, to }) => `${name} ${from} ${to}`)).toEqual([
      '元旦 2027-01-01 2027-01-03',
      '春节 2027-02-05 2027-02-11',
      '清明 2027-04-03 2027-04-05',
      '劳动节 2027-05-01 2027-05-05',
      '端午 2027-06-09 2027-06-09',
      '中秋 2027-09-15 2027-09-15',
      '国庆 2027-10-01 2027-10-07',
    ])
    expect(notice.workdays).toEqual(['2027-01-30', '2027-02-20', '2027-05-08', '2027-09-26', '2027-10-09'])
  })

  it('每行一个节日,末尾有落款日期的,落款日期不算放假', () => {
    const { notice } = readNotice('2027年\n元旦 1月1日至3日\n国庆 10月1日至7日\n国务院办公厅\n2026年11月24日')
    expect(notice.holidays.map(({ from, to }) => `${from} ${to}`)).toEqual([
      '2027-01-01 2027-01-03',
      '2027-10-01 2027-10-07',
    ])
  })

  it('每个节日写一行也可以', () => {
    const { year, notice } = readNotice(LINES_2027)
    expect(year).toBe(2027)
    expect(notice.workdays).toEqual(['2027-01-30', '2027-02-20', '2027-05-08', '2027-09-26', '2027-10-09'])
    expect(notice.holidays.map(({ name, from, to }) => `${name} ${from} ${to}`)).toEqual([
      '元旦 2027-01-01 2027-01-03',
      '春节 2027-02-05 2027-02-11',
      '清明 2027-04-03 2027-04-05',
      '劳动节 2027-05-01 2027-05-05',
      '端午 2027-06-09 2027-06-09',
      '中秋 2027-09-15 2027-09-15',
      '国庆 2027-10-01 2027-10-07',
    ])
  })

  it('不写“放假”二字、写在一行里,也读得出;示例本身可用', () => {
    const { notice } = readNotice('2027年 元旦 1月1日至3日;春节 2月5日至11日,1月31日、2月14日上班')
    expect(notice).toEqual({
      holidays: [
        { name: '元旦', from: '2027-01-01', to: '2027-01-03' },
        { name: '春节', from: '2027-02-05', to: '2027-02-11' },
      ],
      workdays: ['2027-01-31', '2027-02-14'],
    })
    expect(readNotice(NOTICE_EXAMPLE.replace('/假期 载入 ', '')).notice.workdays).toEqual(['2027-01-09'])
  })

  it('跨年的元旦、合写的节日、与周末连休', () => {
    const { notice } = readNotice(
      '2023年 元旦:2022年12月31日至2023年1月2日放假调休,共3天。清明节:4月5日放假。端午节:6月23日放假,与周末连休。中秋节、国庆节:9月29日至10月6日放假调休,10月7日、8日上班',
    )
    expect(notice.holidays).toEqual([
      { name: '元旦', from: '2022-12-31', to: '2023-01-02' },
      { name: '清明', from: '2023-04-05', to: '2023-04-05' },
      { name: '端午', from: '2023-06-23', to: '2023-06-25' },
      { name: '中秋、国庆', from: '2023-09-29', to: '2023-10-06' },
    ])
    expect(notice.workdays).toEqual(['2023-10-07', '2023-10-08'])
  })

  it.each([
    ['2027年 元旦:1月1日(周四)至3日放假', '不符'],
    ['2027年 元旦:1月1日至3日放假,1月4日上班', '不是周六或周日'],
    ['2027年 元旦:1月1日至3日放假,1月2日上班', '既写为放假又写为上班'],
    ['2027年 清明:4月31日放假', '不存在'],
    ['2027年 春节:2月1日至28日放假', '超出常理'],
    ['2027年 春节另行通知', '没有读到放假日期'],
    ['2027年 元旦:2026年1月1日至3日放假', '2026-01-01不属于2027年的安排'],
    ['2027年 元旦:1月1日至3日放假,2028年1月8日上班', '2028-01-08不属于2027年的安排'],
    ['元旦:1月1日放假', '请写明是哪一年'],
  ])('%s → %s', (text, why) => {
    expect(() => readNotice(text)).toThrow(why)
  })
})

/** domain.md 11.4. */
describe('工作日怎样数(CAL-10…15)', () => {
  const at = (clock: string) => new Date(`${clock}:00+08:00`)

  it.each([
    ['2026-11-23', '3个工作日内', '2026-11-26T17:30'],
    ['2026-11-23', '5个工作日内', '2026-11-30T17:30'],
    ['2026-11-23', '10个工作日内', '2026-12-07T17:30'],
    ['2026-11-23', '本月底前', '2026-11-30T17:30'],
    ['2026-11-23', '下周一前', '2026-11-30T17:30'],
    ['2026-11-23', '12月中旬', '2026-12-20T17:30'],
    ['2026-11-23', '24小时内', '2026-11-24T09:00'],
    ['2026-09-29', '5个工作日内', '2026-10-12T17:30'],
    ['2026-02-13', '3个工作日内', '2026-02-25T17:30'],
    ['2026-09-18', '2个工作日内', '2026-09-21T17:30'],
    ['2026-04-30', '3个工作日内', '2026-05-08T17:30'],
    ['2026-12-30', '2个工作日内', '2027-01-04T17:30'],
    ['2026-11-23', '15日内', '2026-12-08T17:30'],
    ['2026-11-23', '60日内', '2027-01-22T17:30'],
    ['2026-11-23', '90日内', '2027-02-21T17:30'],
  ])('CAL-10、11:%s 9:00 起,%s → %s', (day, phrase, due) => {
    expect(deadlineOf(readTime(phrase, at(`${day}T09:00`), customs()), customs())).toEqual(at(due))
  })

  it.each([
    ['2026-11-27T18:00', '2026-12-01T17:30'],
    ['2026-11-28T10:00', '2026-12-01T17:30'],
    ['2026-11-27T17:29', '2026-11-30T17:30'],
    ['2026-09-30T18:00', '2026-10-09T17:30'],
  ])('CAL-11:%s 收到,1个工作日内签收 → %s', (received, due) => {
    const work = { calendar: customs().calendar, hoursOn: (day: string) => hoursOn(day, customs()) }
    expect(limitFrom(at(received), { workdays: 1 }, work)).toEqual(at(due))
  })

  it('CAL-12:法定期限末日是休息日的,在此前最后一个工作日预警,不承诺顺延,并标注待校准', () => {
    const last = deadlineOf(readTime('90日内', at('2026-11-23T09:00'), customs()), customs()) as Date
    expect(dayIn(last)).toBe('2027-02-21')
    expect(workdayUpTo(last, customs().calendar)).toBe('2027-02-19')
    expect(formatDue(last, at('2026-11-23T09:00'))).toContain('待节假日安排公布后校准')
  })

  it('CAL-14:“某日前”含当日,提醒在前一个工作日', () => {
    expect(readTiming('下周一前 报总结', at('2026-11-23T09:00'), customs())).toMatchObject({
      nextAt: at('2026-11-27T09:00'),
    })
  })

  it.each([
    ['12月10日17:30前 报材料', '2026-12-10T17:30'],
    ['8小时30分钟内 报材料', '2026-11-23T17:30'],
    ['12月10日下班前 报材料', '2026-12-10T17:30'],
    ['12月10日前 报下班检查表', '2026-12-09T09:00'],
  ])('CAL-14:写明几点的到点提醒:%s → %s', (said, nextAt) => {
    expect(readTiming(said, at('2026-11-23T09:00'), customs())).toMatchObject({ nextAt: at(nextAt) })
  })

  it.each([
    ['12月中旬', '2026-12-18T17:30'],
    ['周六前', '2026-11-27T17:30'],
    ['元旦', '2026-12-31T17:30'],
    ['周六上午10点前', undefined],
    ['12月18日前', undefined],
  ])('CAL-15:%s 落在休息日的,建议 %s', (phrase, proposed) => {
    const now = at('2026-11-23T09:00')
    const due = deadlineOf(readTime(phrase, now, customs()), customs()) as Date
    expect(proposalFor(due, now, customs())?.dueAt).toEqual(proposed && at(proposed))
  })

  it.each([
    [
      '2026-09-27T09:00',
      '10月1日前',
      '完成时限2026年10月1日(星期四)17:30(节假日)不在工作日,建议定为2026年9月30日(星期三)17:30,',
    ],
    ['2026-10-05T09:00', '10月11日前', '建议定为2026年10月10日(星期六)17:30(补班日),'],
  ])('CAL-15:%s 说 %s,写明节假日和补班日', (said, phrase, words) => {
    const now = at(said)
    const due = deadlineOf(readTime(phrase, now, customs()), customs()) as Date
    expect(proposalFor(due, now, customs())?.says).toContain(words)
  })

  it('未公布安排的年份:时限标注待校准,载入后不再标注', () => {
    const now = new Date('2026-12-30T09:00:00+08:00')
    expect(formatDue('2027-01-04T17:30:00+08:00', now)).toBe('2027年1月4日(周一)17:30(待节假日安排公布后校准)')
    expect(formatDue('2026-12-31T17:30:00+08:00', now)).toBe('12月31日(周四)17:30')
    const eve = new Date('2027-01-03T23:59:00+08:00')
    expect(formatDue('2027-01-04T17:30:00+08:00', eve)).toBe('1月4日(周一)17:30(待节假日安排公布后校准)')
    const day = new Date('2027-01-04T00:00:00+08:00')
    expect(formatDue('2027-01-04T17:30:00+08:00', day), '当日已无可校准').toBe('1月4日(周一)17:30')
    const loaded = calendarOf([readNotice(LINES_2027)], [])
    expect(formatDue('2027-01-04T17:30:00+08:00', now, loaded)).toBe('2027年1月4日(周一)17:30')
  })

  it('夏季作息按当日计算', () => {
    const summer = { ...customs(), seasons: [{ from: '07-01', to: '09-30', hours: '08:00-12:00,15:00-18:00' }] }
    const june = new Date('2026-06-29T09:00:00+08:00')
    const due = (phrase: string) => deadlineOf(readTime(phrase, june, summer), summer)
    expect(due('今天下班前')).toEqual(new Date('2026-06-29T17:30:00+08:00'))
    expect(due('7月1日下班前')).toEqual(new Date('2026-07-01T18:00:00+08:00'))
    expect(due('10月9日前')).toEqual(new Date('2026-10-09T17:30:00+08:00'))
  })
})

describe.each(kinds)('假期 on %s', kind => {
  let office: TestOffice
  let admin: TestPerson
  let wang: TestPerson
  let li: TestPerson
  beforeAll(async () => {
    office = await TestOffice.open({ kind, now: '2026-12-30T09:00:00+08:00' })
    admin = office.person('刘芳')
    wang = office.person('王强')
    li = office.person('李静')
  })
  afterAll(() => office.close())

  it('随程序提供2025、2026年的安排', async () => {
    expect(await calendarInForce(office.database.db)).toEqual({
      2025: officialCalendar[2025],
      2026: officialCalendar[2026],
    })
  })

  it('任何人可以查看某一年,未公布的年份写明暂按法定节日计算', async () => {
    await wang.says('/假期')
    const shown = (await wang.seesCard()).card
    expect(shown.title).toBe('假期 · 2026年')
    expect(shown.text).toContain('国庆 10月1日(周四)至10月7日(周三),共7天')
    expect(shown.text).toContain('每月工作日 1月21、2月16、3月22')
    expect(shown.buttons).toEqual([])
    await wang.says('/holiday 2027')
    expect((await wang.seesCard()).card).toMatchObject({ title: '假期 · 2027年', colour: 'yellow' })
    await wang.says('/假期 去年')
    expect((await wang.sees()).words).toContain('没有读到年份')
  })

  it('只有系统管理员能改,且须在私聊中', async () => {
    for (const said of ['/假期 载入 2027年 元旦:1月1日至3日放假', '/假期 调整 2026-12-31 休息']) {
      await wang.says(said)
      expect((await wang.sees()).words).toContain('仅限系统管理员')
    }
    await admin.says('@回音 /假期 调整 2026-12-31 休息', { to: '办公室工作群' })
    expect((await admin.sees()).words).toContain('请在与回音的私聊中')
  })

  it('确认之前不生效;确认后按工作日计算的时限重新计算,并告知有关人员', async () => {
    await wang.says('/交办 李静 3个工作日内报送台账')
    await wang.says('/交办 李静 1月5日下班前交材料')
    const given = await wang.seesCard()
    expect(given.card.text).toContain('2027年1月5日(周二)17:30(待节假日安排公布后校准)')
    await admin.says(`/假期 载入 ${LINES_2027}\n元旦 1月1日至5日`)
    const draft = await admin.seesCard()
    expect(draft.card.title).toBe('假期 · 2027年 · 待确认')
    expect(draft.card.text).toContain('春节 2027年2月5日(周五)至2027年2月11日(周四),共7天')
    await wang.says('/假期 2027')
    expect((await wang.seesCard()).card.title).toBe('假期 · 2027年')
    expect((await wang.seesCard()).card.colour).toBe('yellow')

    expect((await wang.forges('确认载入', draft)).toast?.content).toContain('仅限系统管理员')
    expect((await admin.presses('确认载入', { on: draft })).toast?.content).toContain('已载入')
    expect((await admin.presses('确认载入', { on: draft })).toast?.content).toContain('已确认')
    await office.moveTo('2026-12-30T09:05:00+08:00')
    await office.settled()
    const told = await li.seesCard()
    expect(told.card.title).toBe('时限校准')
    expect(told.card.text).toContain('交办“报送台账”的完成时限由2027年1月5日(周二)17:30')
    expect(told.card.text).toContain('调整为2027年1月7日(周四)17:30')
    expect(told.card.text).not.toContain('交材料')
    expect((await wang.seesCard()).card.title).toBe('时限校准')
    const again = (await wang.messages()).find(one => one.message_id === given.message_id)
    expect(again?.card?.text).toContain('2027年1月5日(周二)17:30(节假日)')
  })

  it('撤销载入即恢复原来的计算', async () => {
    await admin.says('/假期 2027')
    expect((await admin.presses('撤销载入')).toast?.content).toBe('已撤销')
    expect((await admin.seesCard()).card.colour).toBe('yellow')
    await office.moveTo('2026-12-30T09:10:00+08:00')
    await office.settled()
    expect((await li.seesCard()).card.text).toContain('调整为2027年1月5日(周二)17:30')
  })

  it('调整某日、恢复某日', async () => {
    await admin.says('/假期 调整 2026-12-31 休息')
    expect((await admin.seesCard()).card.text).toContain('本单位调整 12月31日(周四)休息')
    await wang.says('/交办 李静 1个工作日内回复')
    expect((await wang.seesCard()).card.text).toContain('2027年1月4日(周一)17:30')
    await admin.says('/假期 调整 12月31日 恢复')
    expect((await admin.seesCard()).card.text).not.toContain('本单位调整')
    await admin.says('/假期 调整 1月2日 上班')
    expect((await admin.seesCard()).card.text).toContain('2027年1月2日(周六)上班')
    await wang.says('/交办 李静 2个工作日内回复')
    expect((await wang.seesCard()).card.text).toContain('2027年1月2日(周六)17:30(补班日,待节假日安排公布后校准)')
    await admin.says('/假期 调整 明天')
    expect((await admin.sees()).words).toContain('请写明日期和“休息”“上班”或“恢复”')
    // in whichever year somebody follows the example
    await admin.says('/假期 调整')
    const [, example = ''] = /例如:(.*)$/.exec((await admin.sees()).words) ?? []
    const [, day = ''] = /^\/假期 调整 (\S+) 休息$/.exec(example) ?? []
    for (const now of ['2026-12-30T01:00:00Z', '2026-12-31T15:00:00Z', '2027-06-01T01:00:00Z'])
      expect(parse(day, now), now).toMatchObject({ kind: 'date' })
    await admin.says('/假期 载入')
    expect((await admin.sees()).words).toContain(`例如:${NOTICE_EXAMPLE}`)
  })

  it('先粘贴后确认的,以最后确认的为准', async () => {
    await admin.says('/假期 载入 2029年 元旦 1月1日至2日')
    const older = await admin.seesCard()
    await admin.says('/假期 载入 2029年 元旦 1月1日至4日')
    await admin.presses('确认载入')
    await office.moveTo('2026-12-30T09:12:00+08:00')
    await admin.presses('确认载入', { on: older })
    const notice = async () => (await calendarInForce(office.database.db))[2029]?.holidays[0]?.to
    expect(await notice()).toBe('2029-01-02')
    await admin.says('/假期 2029')
    await admin.presses('撤销载入')
    expect(await notice()).toBe('2029-01-04')
  })

  it('放弃的安排不生效', async () => {
    await admin.says('/假期 载入 2028年 元旦 1月1日至3日')
    const draft = await admin.seesCard()
    await admin.presses('放弃')
    expect((await admin.seesCard()).card.text).toContain('现行安排不变')
    // the same card, open on another device
    expect((await admin.presses('确认载入', { on: draft })).toast?.content).toBe('该安排已确认或已放弃')
    expect(Object.keys(await calendarInForce(office.database.db))).not.toContain('2028')
  })

  it('设置季节作息,过了换季日“下班前”随之改变', async () => {
    await admin.says('/设置')
    expect(
      (await admin.presses('保存季节作息', { form: { seasons: '7月1日至9月30日 8点到6点' } })).toast?.content,
    ).toContain('格式不对')
    const saved = await admin.presses('保存季节作息', { form: { seasons: '01-05至03-31 09:00-12:00,14:00-17:00' } })
    expect(saved.toast?.content).toBe('已保存,有关时限和提醒将在1分钟内重新计算')
    await wang.says('/交办 李静 1月8日前交表')
    expect((await wang.seesCard()).card.text).toContain('2027年1月8日(周五)17:00')
  })
})

describe.runIf(hasPostgres)('两个进程', () => {
  it('一个进程载入后,另一个立即按新安排计算', async () => {
    const office = await TestOffice.open({ kind: 'Postgres', now: '2026-12-30T09:00:00+08:00' })
    const second = await secondBot(office)
    try {
      const other = await customsOf(second.bot.house.office.db, '')
      expect(other.calendar[2027]).toBeUndefined()
      await office.person('刘芳').says(`/假期 载入 ${LINES_2027}`)
      await office.person('刘芳').presses('确认载入')
      office.sim.setBotUrl(second.url)
      await office.person('王强').says('/交办 李静 3个工作日内报送台账')
      await emptied(office)
      const given = (await office.person('王强').messages()).find(({ card }) => card?.title === '交办 · 待签收')
      expect(given?.card?.text).toContain('2027年1月5日(周二)17:30 ')
      expect((await customsOf(second.bot.house.office.db, '')).calendar[2027]?.holidays).toHaveLength(7)
    } finally {
      await second.close()
      await office.close()
    }
  })
})
