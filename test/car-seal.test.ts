import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { keepSetting } from '../db/settings.ts'
import { fits, printCard } from '../src/feishu/card.ts'
import { type Calendar, holidayFrom, officialCalendar } from '../src/kit/time.ts'
import type { Vehicle } from '../src/office/car/fleet.ts'
import { RULE_SETTING, USUAL } from '../src/office/car/rule-setting.ts'
import { type Seal, sealBy, sealingOn } from '../src/office/car/seal.ts'
import { sealCard } from '../src/office/car/seal-cards.ts'
import { fleetIn } from './harness/cars.ts'
import { kinds } from './harness/databases.ts'
import { type Seen, TestOffice, type TestPerson } from './harness/office.ts'
import { watchTurns } from './harness/statements.ts'
import { rows } from './harness/traces.ts'

describe('下一个假期', () => {
  it.each([
    ['2026-09-20', '中秋', '2026-09-25', '2026-09-27'],
    ['2026-09-28', '国庆', '2026-10-01', '2026-10-07'],
    ['2026-10-03', '国庆', '2026-10-01', '2026-10-07'],
    ['2026-10-08', '元旦', '2027-01-01', '2027-01-03'],
    ['2026-02-14', '春节', '2026-02-15', '2026-02-23'],
    ['2027-01-04', '春节', '2027-02-05', '2027-02-08'],
    ['2027-03-20', '清明', '2027-04-03', '2027-04-05'],
    ['2027-04-20', '劳动节', '2027-05-01', '2027-05-02'],
  ])('%s → %s %s至%s', (day, name, from, until) => {
    expect(holidayFrom(day, officialCalendar)).toEqual({ name, from, until })
  })

  it('通知与本单位调整连成一段的算一个假期;平常周末不算', () => {
    const notice = (more: object): Calendar => ({ ...officialCalendar, 2027: { workdays: [], holidays: [], ...more } })
    const loaded = notice({
      holidays: [
        { name: '元旦', from: '2027-01-01', to: '2027-01-03' },
        { name: '本单位调整', from: '2027-01-04', to: '2027-01-04' },
      ],
    })
    expect(holidayFrom('2026-12-20', loaded)).toEqual({ name: '元旦', from: '2027-01-01', until: '2027-01-04' })
    expect(holidayFrom('2026-12-20', notice({}))).toBeUndefined()
  })

  it.each([
    ['2026-12-28', undefined],
    ['2026-12-29', '2027-01-01'],
    ['2026-12-31', '2027-01-01'],
    ['2027-01-03', '2027-01-01'],
    ['2027-01-04', undefined],
  ])('%s 的封存清单:%s', (day, from) => expect(sealingOn(day, officialCalendar)?.from).toBe(from))

  it('放假前最后一个工作日为限,补班日也算', () => {
    const until = (day: string) => {
      const holiday = holidayFrom(day, officialCalendar)
      return holiday && sealBy(holiday, officialCalendar)
    }
    expect(until('2026-12-01')).toBe('2026-12-31')
    expect(until('2026-02-10')).toBe('2026-02-14')
  })
})

describe('车辆多的单位', () => {
  const vehicle = (id: number): Vehicle => ({
    ...{
      id,
      rev: 1,
      state: 'available',
      plate: `江A${10_000 + id}`,
      category: 'other',
      model: '轿车',
      seats: 5,
      unit: '',
    },
    ...{ home: '办公楼地下车库', fuel: 'petrol', licence: 'C1', odometer: 0, inspectionOn: undefined },
    ...{ insuranceOn: undefined, serviceOn: undefined, serviceAt: undefined, onDuty: false, fuelCard: '', remark: '' },
  })
  const seal = (id: number): Seal => ({
    ...{ id, vehicle: id, holiday: '2027年元旦', from: '2027-01-01', until: '2027-01-03', place: '办公楼地下车库' },
    ...{ keysWith: '值班室', sealedBy: '', sealedAt: new Date('2026-12-30T09:00+08:00'), endedAt: undefined },
    releases:
      id % 2
        ? []
        : [{ by: '', consentedBy: '', way: 'phone', at: '2026-12-31T09:00:00+08:00', word: '防汛'.repeat(100) }],
  })

  it('清单不超过一张卡片的容量,全部封存仍可按', () => {
    const cars = Array.from({ length: 400 }, (_, id) => ({
      vehicle: vehicle(id),
      seal: id < 200 ? seal(id) : undefined,
      planned: [],
    }))
    const onDuty = Array.from({ length: 50 }, (_, id) => vehicle(1_000 + id))
    const sealing = {
      title: '2027年元旦',
      from: '2027-01-01',
      until: '2027-01-03',
      dueAt: new Date('2026-12-31T17:30+08:00'),
      isOver: false,
    }
    const card = sealCard({ ...sealing, cars, onDuty, driven: [] }, true, {
      now: new Date('2026-12-31T10:00+08:00'),
      names: new Map(),
    })
    const printed = printCard(card)
    expect(fits(printed)).toBe(true)
    expect(JSON.stringify(printed)).toContain('全部封存(200辆)')
    expect(JSON.stringify(printed)).toContain('另有188辆已封存')
  })
})

describe.each(kinds)('车辆封存 on %s', kind => {
  let office: TestOffice
  let jiang: TestPerson
  let li: TestPerson
  let zhang: TestPerson
  let admin: TestPerson
  beforeAll(async () => {
    office = await TestOffice.open({ kind, now: '2026-12-25T09:00:00+08:00' })
    await office.inStep()
    const named = ['刘芳', '蒋勇', '李静', '张明'].map(name => office.person(name))
    ;[admin, jiang, li, zhang] = named as [TestPerson, TestPerson, TestPerson, TestPerson]
    for (const line of ['/角色 @蒋勇 车管员', '/角色 @李静 办公室主任', '/角色 @张明 分管领导']) await admin.says(line)
    await office.moveTo('2026-12-25T09:05:00+08:00')
    const rest = '5座 里程:1000 年检:2028-01-31 保险:2028-01-31'
    await jiang.says(
      [
        '/用车 车辆 新增',
        `江A10001 应急保障用车 ${rest} 停放:一号车库 值班车`,
        `江A10002 其他公务用车 ${rest} 停放:一号车库`,
        `江A10003 其他公务用车 ${rest}`,
        `江A10004 执法执勤用车 ${rest} 停放:二号车库`,
        `江A10005 执法执勤用车 ${rest} 停放:二号车库`,
      ].join('\n'),
    )
    await jiang.says('/用车 车辆 江A10005')
    await jiang.presses('停用维修')
  })
  afterAll(() => office.close())

  const labels = (seen: Seen) => seen.card?.buttons.map(button => button.label) ?? []
  const titled = async (person: TestPerson, title: string): Promise<Seen[]> =>
    (await person.messages()).filter(({ card }) => card?.title.startsWith(title))
  const sealed = async () =>
    (
      await rows<{ plate: string }>(
        office.database.db,
        `select plate from vehicles where state = 'sealed' order by plate`,
      )
    ).map(({ plate }) => plate)
  const pick = (card: Seen, plate: string) =>
    card.card?.inputs.find(({ name }) => name === 'cars')?.options.find(({ label }) => label.includes(plate))?.value ??
    ''

  it('节前3个工作日起列出应封存的车辆,值班应急和在修的除外', async () => {
    await jiang.says('/用车 封存')
    expect((await jiang.sees()).words).toContain('下一个假期:2027年元旦(2027年1月1日(周五)起)')
    await office.moveTo('2026-12-29T08:31:00+08:00')
    const [list] = await titled(jiang, '车辆封存 · 2027年元旦')
    expect(list?.words).toContain(
      '【车辆封存】2027年元旦假期将至。请于2026年12月31日(星期四)17:30前完成公务用车封存,登记停放地点,收缴钥匙;值班和应急车辆按安排保留。',
    )
    expect(list?.words).toContain('应封存3辆,已封存0辆')
    expect(list?.words).toContain('值班和应急车辆保留:江A10001')
    expect(list?.words).not.toContain('江A10005')
    expect((await titled(jiang, '工作早报')).at(-1)?.words).toContain('尚有3辆未封存')
    await office.moveTo('2026-12-30T08:31:00+08:00')
    expect(await titled(jiang, '车辆封存 · 2027年元旦')).toHaveLength(1)
  })

  it('封存须写钥匙保管人和停放地点;可逐辆,也可全部;没有权限的不能封存', async () => {
    await jiang.says('/用车 封存')
    const list = await jiang.seesCard()
    expect(labels(list)).toEqual(['封存所选', '全部封存(3辆)'])
    expect((await jiang.presses('封存所选', { form: { cars: [], place: '', keys: '蒋勇' } })).toast?.content).toContain(
      '请选择要封存的车辆',
    )
    const one = { cars: [pick(list, '10002')], place: '', keys: '' }
    expect((await jiang.presses('封存所选', { on: list, form: one })).toast?.content).toBe('请填写钥匙保管人')
    expect((await li.forges('全部封存(3辆)', list, { ...one, keys: '李静' })).toast?.content).toContain('仅限车管员')
    expect((await office.person('陈晨').forges('封存所选', list, { ...one, keys: '陈晨' })).toast?.type).toBe('error')
    expect(await sealed()).toEqual([])
    expect((await jiang.presses('封存所选', { on: list, form: { ...one, keys: '蒋勇' } })).toast?.content).toBe(
      '已封存1辆',
    )
    expect(await sealed()).toEqual(['江A10002'])
    const next = await jiang.seesCard()
    expect(next.words).toContain('江A10002 · 已封存 · 一号车库 · 钥匙:蒋勇')
    expect(next.words).toContain('应封存3辆,已封存1辆')
  })

  it('封存的车不能再按同一按钮封存;没有停放地点的须填写', async () => {
    await jiang.says('/用车 封存')
    const list = await jiang.seesCard()
    const odd = await jiang.presses('全部封存(2辆)', { form: { cars: [], place: '', keys: '蒋勇' } })
    expect(odd.toast?.content).toContain('江A10003没有固定停放地点')
    expect(await sealed()).toEqual(['江A10002'])
    await jiang.presses('封存所选', {
      on: list,
      form: { cars: [pick(list, '10003')], place: '东院车棚', keys: '值班室' },
    })
    expect(await sealed()).toEqual(['江A10002', '江A10003'])
  })

  it('最后一个工作日下班前两小时,未封存的再提醒一次', async () => {
    await office.moveTo('2026-12-31T15:20:00+08:00')
    const before = (await jiang.messages()).length
    const settle = (off: string[]) =>
      keepSetting(office.database.db, RULE_SETTING, { ...USUAL, off }, office.clock.now())
    await settle(['CAR-18'])
    await office.moveTo('2026-12-31T15:30:30+08:00')
    expect((await jiang.messages()).length).toBe(before)
    await settle([])
    await office.moveTo('2026-12-31T15:31:00+08:00')
    const told = (await jiang.messages()).slice(before)
    expect(told).toHaveLength(1)
    expect(told[0]?.words).toContain('尚有1辆车未封存(江A10004)。请于放假前完成车辆封存,登记停放地点并收缴钥匙。')
    await office.moveTo('2026-12-31T16:31:00+08:00')
    expect((await jiang.messages()).length).toBe(before + 1)
  })

  it('正在外面的车,回场后再封存', async () => {
    const { db } = office.database
    await rows(
      db,
      `insert into runs (rev, state, vehicle, starts_at, ends_at, departed_at, route, parked_at, remark, dispatched_by, dispatched_at)
       select 1, 'out', id, '2026-12-31T09:00+08', '2026-12-31T17:00+08', '2026-12-31T09:00+08', '', '', '', 'x', '2026-12-31T08:00+08' from vehicles where plate = '江A10004'`,
    )
    await jiang.says('/用车 封存')
    const list = await jiang.seesCard()
    expect(
      (await jiang.presses('全部封存(1辆)', { form: { cars: [], place: '', keys: '蒋勇' } })).toast?.content,
    ).toContain('江A10004尚未回场')
    await rows(db, `update runs set state = 'back', returned_at = '2026-12-31T16:00+08' where state = 'out'`)
    await jiang.presses('全部封存(1辆)', { on: list, form: { cars: [], place: '', keys: '蒋勇' } })
    expect(await sealed()).toEqual(['江A10002', '江A10003', '江A10004'])
    const done = await jiang.seesCard()
    expect(done.card.colour).toBe('green')
    expect(labels(done)).toEqual(['启用封存车辆'])
  })

  it('启用须登记哪位领导同意、为什么;该领导收到告知;登记人不能同意自己', async () => {
    await office.moveTo('2027-01-02T10:00:00+08:00')
    await jiang.says('/用车 封存')
    await jiang.presses('启用封存车辆')
    const open = await jiang.seesCard()
    const option = (name: string, words: string) =>
      open.card.inputs.find(input => input.name === name)?.options.find(({ label }) => label.includes(words))?.value ??
      ''
    const form = { seal: option('seal', '10004'), leader: option('leader', '张明'), way: 'phone', word: '防汛应急处置' }
    expect((await jiang.presses('登记启用', { form: { ...form, word: '' } })).toast?.content).toBe('请写明用车事由')
    expect(
      (await jiang.presses('登记启用', { on: open, form: { ...form, leader: jiang.id } })).toast?.content,
    ).toContain('请选择同意启用的值班领导')
    expect((await jiang.presses('登记启用', { on: open, form: { ...form, way: 'x' } })).toast?.content).toBe(
      '请选择同意方式',
    )
    expect((await li.forges('登记启用', open, form)).toast?.type).toBe('error')
    expect((await jiang.presses('登记启用', { on: open, form })).toast?.content).toBe('已登记启用')
    expect(await sealed()).toEqual(['江A10002', '江A10003'])
    expect((await zhang.sees()).words).toContain(
      '蒋勇登记:经您电话同意,启用2027年元旦假期封存车辆江A10004,事由:防汛应急处置',
    )
    const list = await jiang.seesCard()
    expect(list.words).toContain('江A10004 · 已启用 · 1月2日(周六)10:00 张明电话同意,事由:防汛应急处置')
    expect((await jiang.forges('登记启用', open, form)).toast).toMatchObject({ type: 'info' })
    expect((await jiang.presses('重新封存')).toast?.content).toBe('已重新封存')
    expect(await sealed()).toEqual(['江A10002', '江A10003', '江A10004'])
  })

  it('日历调整后,封存期随之调整并告知', async () => {
    await admin.says('/假期 调整 2027-01-04 休息')
    await office.moveTo('2027-01-02T10:05:00+08:00')
    const until = await rows<{ until: string }>(
      office.database.db,
      'select distinct until_on::text as until from car_seals',
    )
    expect(until).toEqual([{ until: '2027-01-04' }])
    await office.moveTo('2027-01-04T09:00:00+08:00')
    expect(await sealed()).toHaveLength(3)
    expect((await jiang.messages()).map(({ words }) => words).join('\n')).not.toContain('特此报告')
  })

  it('封存期间发现损坏的,不能启用,启封后转为维修', async () => {
    await jiang.says('/用车 车辆 江A10002')
    await jiang.presses('报修')
    const { card } = await jiang.seesCard()
    const vehicle = String(card.inputs.find(({ name }) => name === 'vehicle')?.value)
    await jiang.presses('提交报修', {
      form: { vehicle, fault: '漏油', place: '某某修理厂', estimate: '', stops: 'yes' },
    })
    expect(await sealed()).toContain('江A10002')
    await jiang.says('/用车 封存')
    await jiang.presses('启用封存车辆')
    const open = await jiang.seesCard()
    const option = (name: string, words: string) =>
      open.card.inputs.find(input => input.name === name)?.options.find(({ label }) => label.includes(words))?.value ??
      ''
    const form = { seal: option('seal', '10002'), leader: option('leader', '张明'), way: 'phone', word: '应急' }
    expect((await jiang.presses('登记启用', { form })).toast?.content).toContain('有未办结的报修单,不能启用')
  })

  it('节后第一个工作日自动启封,向办公室主任报告期间出车情况', async () => {
    await rows(
      office.database.db,
      `insert into runs (rev, state, vehicle, starts_at, ends_at, departed_at, odometer_out, returned_at, odometer_in, route, parked_at, remark, dispatched_by, dispatched_at)
       select 1, 'back', id, '2027-01-02T11:00+08', '2027-01-02T15:00+08', '2027-01-02T11:00+08', 1000, '2027-01-02T14:30+08', 1086, '', '', '', 'x', '2027-01-02T10:30+08' from vehicles where plate = '江A10004'`,
    )
    await office.moveTo('2027-01-05T08:31:00+08:00')
    expect(await sealed()).toEqual([])
    const state = await rows(office.database.db, `select plate from vehicles where state = 'repair' order by plate`)
    expect(state).toEqual([{ plate: '江A10002' }, { plate: '江A10005' }])
    const [report] = await titled(li, '车辆封存 · 2027年元旦')
    expect(report?.words).toContain('2027年元旦假期封存车辆3辆,保留值班应急车辆1辆;期间出车1次,共86公里。特此报告。')
    expect(report?.words).toContain('江A10004 · 1月2日(周六)11:00至14:30 · 86公里')
    expect(report?.words).toContain('江A10004 1月2日(周六)10:00启用:防汛应急处置')
    expect(labels(report as Seen)).toEqual([])
    await office.moveTo('2027-01-06T09:00:00+08:00')
    expect(await titled(li, '车辆封存 · 2027年元旦')).toHaveLength(1)
    await jiang.says('/用车 车辆 江A10004')
    expect((await jiang.seesCard()).words).toMatch(/系统 启封:状态:封存→可用/)
  })
})

describe.each(kinds)('假期取消又恢复 on %s', kind => {
  let office: TestOffice
  let jiang: TestPerson
  let admin: TestPerson
  beforeAll(async () => {
    office = await TestOffice.open({ kind, now: '2026-12-29T09:00:00+08:00' })
    await office.inStep()
    ;[admin, jiang] = ['刘芳', '蒋勇'].map(name => office.person(name)) as [TestPerson, TestPerson]
    for (const line of ['/角色 @蒋勇 车管员', '/角色 @李静 办公室主任', '/角色 @张明 分管领导']) await admin.says(line)
    const cars = fleetIn(office.database.db)
    await cars.vehicle('江A10001')
    await cars.vehicle('江A10002')
  })
  afterAll(() => office.close())

  let minute = 0
  const rules = async (day: string, word: string) => {
    await admin.says(`/假期 调整 ${day} ${word}`)
  }
  const beat = async (day: string, clock: string) => {
    minute += 1
    await office.moveTo(`${day}T${clock}:${String(minute).padStart(2, '0')}+08:00`)
    await office.settled()
  }
  const states = async () =>
    (await rows<{ state: string }>(office.database.db, 'select state from vehicles order by plate')).map(
      one => one.state,
    )
  const sealAll = async (label: string) => {
    await jiang.says('/用车 封存')
    return (await jiang.presses(label, { form: { cars: [], place: '', keys: '蒋勇' } })).toast?.content
  }

  it('恢复前已启封的,列为未封存,可再封存;启用的记录仍在', async () => {
    expect(await sealAll('全部封存(2辆)')).toBe('已封存2辆')
    await jiang.says('/用车 封存')
    await jiang.presses('启用封存车辆')
    const open = await jiang.seesCard()
    const first = (name: string) => open.card.inputs.find(input => input.name === name)?.options[0]?.value ?? ''
    await jiang.presses('登记启用', {
      form: { seal: first('seal'), leader: first('leader'), way: 'phone', word: '取送急件' },
    })
    expect(await states()).toEqual(['available', 'sealed'])
    for (const day of ['2027-01-01', '2027-01-02', '2027-01-03']) await rules(day, '上班')
    await beat('2026-12-29', '10:00')
    await beat('2026-12-30', '08:31')
    expect(await states()).toEqual(['available', 'available'])

    for (const day of ['2027-01-01', '2027-01-02', '2027-01-03']) await rules(day, '恢复')
    await beat('2026-12-30', '09:00')
    await jiang.says('/用车 封存')
    expect((await jiang.seesCard()).words).toContain('应封存2辆,已封存0辆')
    expect(await sealAll('全部封存(2辆)')).toBe('已封存2辆')
    expect(await states()).toEqual(['sealed', 'sealed'])
    const [kept] = await rows<{ release: Array<{ word: string; backAt?: string }> }>(
      office.database.db,
      'select release from car_seals order by vehicle',
    )
    expect(kept?.release).toMatchObject([{ word: '取送急件', backAt: expect.any(String) }])
    await jiang.says('/用车 车辆 江A10001')
    expect((await jiang.seesCard()).words.match(/蒋勇 封存:状态:可用→封存/g)).toHaveLength(2)
  })

  it('假期几经调整,封存随之移到已启封的日子,不出错', async () => {
    for (const day of ['2027-01-01', '2027-01-02', '2027-01-03']) await rules(day, '上班')
    await beat('2026-12-30', '09:10')
    await beat('2026-12-31', '08:31')
    expect(await states()).toEqual(['available', 'available'])
    for (const day of ['2027-01-02', '2027-01-03']) await rules(day, '恢复')
    await rules('2027-01-04', '休息')
    await beat('2026-12-31', '09:00')
    expect(await sealAll('全部封存(2辆)')).toBe('已封存2辆')
    await rules('2027-01-01', '恢复')
    await beat('2026-12-31', '09:10')
    const kept = await rows<{ from: string; until: string }>(
      office.database.db,
      'select from_on::text as from, until_on::text as until from car_seals order by vehicle',
    )
    expect(kept).toEqual(Array(2).fill({ from: '2027-01-01', until: '2027-01-04' }))
    expect(office.log.filter(line => line.includes('23505') || line.includes('duplicate key'))).toEqual([])
    expect(await states()).toEqual(['sealed', 'sealed'])
  })

  it('当天取消当天恢复的,封存不变;节后照常报告', async () => {
    for (const day of ['2027-01-01', '2027-01-02', '2027-01-03', '2027-01-04']) await rules(day, '上班')
    await beat('2026-12-31', '10:00')
    for (const day of ['2027-01-01', '2027-01-02', '2027-01-03', '2027-01-04']) await rules(day, '恢复')
    await beat('2026-12-31', '10:10')
    await beat('2027-01-02', '09:00')
    expect(await states()).toEqual(['sealed', 'sealed'])
    await beat('2027-01-04', '08:31')
    expect(await states()).toEqual(['available', 'available'])
    const report = (await office.person('李静').messages())
      .filter(({ card }) => card?.title.startsWith('车辆封存'))
      .at(-1)
    expect(report?.words).toContain('2027年元旦假期封存车辆2辆,保留值班应急车辆0辆')
  })
})

describe.each(kinds)('一次封存几百辆 on %s', kind => {
  const MANY = 300
  let office: TestOffice
  let jiang: TestPerson
  beforeAll(async () => {
    office = await TestOffice.open({ kind, now: '2026-12-30T09:00:00+08:00', wire: 'hasty' })
    await office.inStep()
    const admin = office.person('刘芳')
    jiang = office.person('蒋勇')
    for (const line of ['/角色 @蒋勇 车管员', '/角色 @李静 办公室主任', '/角色 @张明 分管领导']) await admin.says(line)
    const cars = fleetIn(office.database.db)
    for (let n = 1; n <= MANY; n++) await cars.vehicle(`江B${String(n).padStart(5, '0')}`)
    await cars.vehicle('江C00001', { onDuty: true })
  })
  afterAll(() => office.close())
  const find = <T>(statement: string) => rows<T>(office.database.db, statement)
  const noted = (act: string) =>
    find(
      `select count(*)::int as all, count(distinct matter)::int as matters, count(*) filter (where data ? 'hashes')::int as hashed,
         min(who) as who from events where feature = 'car' and act = '${act}'`,
    )
  const states = (of: string) =>
    find<{ state: string; n: number }>(
      `select state, count(*)::int as n from vehicles where plate like '${of}%' group by 1`,
    )

  it('未回场的逐一说明,太多的只列前十辆;一辆也不封存', async () => {
    const cars = await find<{ id: number }>(`select id from vehicles where plate <= '江B00012' order by id`)
    for (const { id } of cars)
      await fleetIn(office.database.db).run(Number(id), ['2026-12-30T08:30', '2026-12-30T18:00'], { state: 'out' })
    await jiang.says('/用车 封存')
    const form = { cars: [], place: '', keys: '蒋勇' }
    const { toast } = await jiang.presses(`全部封存(${MANY}辆)`, { form })
    expect(toast?.content).toContain('江B00010等12辆尚未回场,回场后再封存')
    expect(await states('江B')).toEqual([{ state: 'available', n: MANY }])
    await find(`update runs set state = 'back', returned_at = now(), odometer_in = 1, odometer_out = 0`)
  })

  it('全部封存一次完成:每辆一份封存、一条记录,值班车辆不动', async () => {
    await jiang.says('/用车 封存')
    const form = { cars: [], place: '', keys: '蒋勇' }
    expect((await jiang.presses(`全部封存(${MANY}辆)`, { form })).toast?.content).toBe(`已封存${MANY}辆`)
    expect(await states('江B')).toEqual([{ state: 'sealed', n: MANY }])
    expect(await states('江C')).toEqual([{ state: 'available', n: 1 }])
    expect(
      await find(
        `select count(*)::int as n, count(distinct vehicle)::int as cars, min(place) as place, min(keys_with) as keys, min(until_on::text) as until
         from car_seals where ended_at is null`,
      ),
    ).toEqual([{ n: MANY, cars: MANY, place: '机关大院', keys: '蒋勇', until: '2027-01-03' }])
    expect(await noted('fleet.seal')).toEqual([{ all: MANY, matters: MANY, hashed: MANY, who: jiang.id }])
  })

  it('工作日历调整的,封存一并顺延,语句不随车辆增加', async () => {
    const stands = () =>
      find(
        `select count(*)::int as n, min(s.until_on::text) as until, min(v.sealed_until::text) as also, max(v.sealed_until::text) as last,
           count(distinct v.rev)::int as revs from car_seals s join vehicles v on v.id = s.vehicle where s.ended_at is null`,
      )
    const admin = office.person('刘芳')
    for (const [word, clock, until] of [
      ['休息', '09:31', '2027-01-04'],
      ['恢复', '09:32', '2027-01-03'],
    ]) {
      await admin.says(`/假期 调整 2027-01-04 ${word}`)
      const watch = kind === 'PGlite' ? watchTurns(office.database.db) : undefined
      await office.moveTo(`2026-12-30T${clock}:00+08:00`)
      await office.settled()
      watch?.stop()
      expect(await stands()).toEqual([{ n: MANY, until, also: until, last: until, revs: 1 }])
      const asked = watch?.turns.flat().filter(text => /car_seals|vehicles/.test(text)) ?? []
      if (watch) expect(asked.filter(text => /^\s*(update|delete)/.test(text))).toHaveLength(3)
      expect(asked.length).toBeLessThan(40)
    }
  })

  it('节后一并启封,在修的转为维修', async () => {
    await find(
      `insert into car_repairs (rev, vehicle, state, fault, place, estimate, stops, asked_by, asked_at, word)
       select 1, id, 'approved', '异响', '', 100, true, 'x', now(), '' from vehicles where plate = '江B00007'`,
    )
    await office.moveTo('2027-01-04T08:31:00+08:00')
    await office.settled()
    expect((await states('江B')).sort((a, b) => a.n - b.n)).toEqual([
      { state: 'repair', n: 1 },
      { state: 'available', n: MANY - 1 },
    ])
    expect(await noted('fleet.unseal')).toEqual([{ all: MANY, matters: MANY, hashed: MANY, who: '' }])
    expect(await find(`select count(*)::int as n from car_seals where ended_at is null`)).toEqual([{ n: 0 }])
  })
})
