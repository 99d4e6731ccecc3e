import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { dueCares } from '../src/office/car/care.ts'
import { driverFaults, vehicleFaults } from '../src/office/car/fitness.ts'
import type { Driver, Vehicle } from '../src/office/car/fleet.ts'
import { USUAL } from '../src/office/car/rule-setting.ts'
import { fleetIn } from './harness/cars.ts'
import { kinds } from './harness/databases.ts'
import { type Seen, TestOffice, type TestPerson } from './harness/office.ts'
import { rows } from './harness/traces.ts'

const aVehicle = (more: Partial<Vehicle> = {}): Vehicle => ({
  ...{ id: 1, rev: 1, state: 'available', plate: '江A10001', category: 'emergency', model: '', seats: 5, unit: '' },
  ...{ home: '', fuel: 'petrol', licence: 'C1', odometer: 30_000, inspectionOn: '2027-12-31' },
  ...{ insuranceOn: '2027-12-31', serviceOn: undefined, serviceAt: undefined, onDuty: false, fuelCard: '', remark: '' },
  ...more,
})
const aDriver = (more: Partial<Driver> = {}): Driver => ({
  ...{ id: 1, rev: 1, state: 'available', name: '陈刚', person: undefined, phone: '', licence: 'A2' },
  ...{ licenceUntil: '2030-01-01', trainedOn: '2026-03-01', remark: '' },
  ...more,
})
const on = (day: string) => ({ startsAt: new Date(`${day}T09:00+08:00`), endsAt: new Date(`${day}T17:00+08:00`) })

describe('封存的车能否派出', () => {
  it.each<[string, Partial<Vehicle>, string, string[]]>([
    ['封存期内', { state: 'sealed', sealedUntil: '2027-01-03' }, '2027-01-02', ['车辆封存']],
    ['封存期最后一天', { state: 'sealed', sealedUntil: '2027-01-03' }, '2027-01-03', ['车辆封存']],
    ['封存期满后', { state: 'sealed', sealedUntil: '2027-01-03' }, '2027-01-04', []],
    ['没有期限的', { state: 'sealed' }, '2027-01-04', ['车辆封存']],
    ['维修的不因日期恢复', { state: 'repair', sealedUntil: '2027-01-03' }, '2027-01-04', ['车辆维修']],
    ['可用,年检当天仍有效', { inspectionOn: '2027-01-04' }, '2027-01-04', []],
    ['可用,保险前一天到期', { insuranceOn: '2027-01-03' }, '2027-01-04', ['保险已到期']],
  ])('%s', (_name, more, day, faults) => expect(vehicleFaults(aVehicle(more), on(day))).toEqual(faults))
})

describe('培训到什么时候有效', () => {
  const stepOn = (trainedOn: string | undefined, day: string, trainedUntil = 3) => {
    const thresholds = { ...USUAL.thresholds, trainedUntil }
    const due = dueCares([], [aDriver({ trainedOn })], { now: on(day).startsAt, thresholds })
    return due.find(({ care }) => care === 'training')?.step
  }
  it.each<[string | undefined, string, number, unknown]>([
    ['2026-03-01', '2026-12-31', 3, undefined],
    ['2026-03-01', '2027-02-28', 3, undefined],
    ['2026-03-01', '2027-03-01', 3, 30],
    ['2026-03-01', '2027-03-31', 3, 1],
    ['2026-03-01', '2027-04-01', 3, 'over'],
    ['2026-03-01', '2026-12-02', 0, 30],
    ['2026-03-01', '2027-01-01', 0, 'over'],
    [undefined, '2026-11-24', 3, 'over'],
  ])('%s 培训,%s(沿用至%i月)→ %s', (trainedOn, day, until, step) => {
    expect(stepOn(trainedOn, day, until)).toBe(step)
    const faults = driverFaults(aDriver({ trainedOn }), { licence: 'C1' }, on(day), {
      thresholds: { ...USUAL.thresholds, trainedUntil: until },
    })
    expect(faults.includes('本年度未培训')).toBe(step === 'over')
  })
})

describe('到期提醒的台阶', () => {
  const now = { now: new Date('2026-11-24T01:00:00Z'), thresholds: USUAL.thresholds }
  const stepOf = (inspectionOn: string) => dueCares([aVehicle({ inspectionOn })], [], now)[0]?.step
  it.each([
    ['2026-12-25', undefined],
    ['2026-12-24', 30],
    ['2026-12-10', 30],
    ['2026-12-09', 15],
    ['2026-12-02', 15],
    ['2026-12-01', 7],
    ['2026-11-26', 7],
    ['2026-11-25', 1],
    ['2026-11-24', 1],
    ['2026-11-23', 'over'],
  ])('年检 %s → %s', (day, step) => expect(stepOf(day)).toBe(step))

  it.each<[string, Partial<Vehicle>, string | undefined, unknown]>([
    ['日期和里程都远', { serviceOn: '2027-03-01', serviceAt: 40_000 }, undefined, undefined],
    ['里程先到', { serviceOn: '2027-03-01', serviceAt: 30_000 }, '30000公里', 'over'],
    ['里程将到', { serviceAt: 30_500 }, '30500公里', 7],
    ['还差501公里', { serviceAt: 30_501 }, undefined, undefined],
    ['日期先到', { serviceOn: '2026-11-20', serviceAt: 30_400 }, '2026-11-20', 'over'],
    ['日期更近', { serviceOn: '2026-11-25', serviceAt: 30_400 }, '2026-11-25', 1],
  ])('保养:%s', (_name, more, by, step) => {
    const [due] = dueCares([aVehicle(more)], [], now)
    expect([due?.by, due?.step]).toEqual([by, step])
  })

  it('报废的车、离岗的人不提醒;最急的在前', () => {
    const gone = dueCares(
      [aVehicle({ state: 'retired', inspectionOn: '2026-11-01' })],
      [aDriver({ state: 'left', licenceUntil: '2026-01-01' })],
      now,
    )
    expect(gone).toEqual([])
    const all = dueCares(
      [aVehicle({ inspectionOn: '2026-12-20', insuranceOn: '2026-11-20' })],
      [aDriver({ licenceUntil: '2026-11-27' })],
      now,
    )
    expect(all.map(({ care }) => care)).toEqual(['insurance', 'licence', 'inspection'])
  })
})

describe.each(kinds)('保养和报修 on %s', kind => {
  let office: TestOffice
  let jiang: TestPerson
  let li: TestPerson
  let gang: TestPerson
  let zhang: TestPerson
  let admin: TestPerson
  beforeAll(async () => {
    office = await TestOffice.open({ kind })
    await office.inStep()
    const named = ['刘芳', '蒋勇', '李静', '陈刚', '张明'].map(name => office.person(name))
    ;[admin, jiang, li, gang, zhang] = named as [TestPerson, TestPerson, TestPerson, TestPerson, TestPerson]
    for (const line of ['/角色 @蒋勇 车管员', '/角色 @李静 办公室主任', '/角色 @陈刚 驾驶员', '/角色 @张明 分管领导'])
      await admin.says(line)
    await office.moveTo('2026-11-24T09:05:00+08:00')
    await jiang.says(
      [
        '/用车 车辆 新增',
        '江A10001 应急保障用车 5座 里程:32000 年检:2026-12-25 保险:2027-11-30 保养里程:40000 停放:一号车库',
        '江A10002 执法执勤用车 5座 里程:1000 年检:2027-11-30 保险:2027-11-30 停放:一号车库',
      ].join('\n'),
    )
    await jiang.says('/用车 司机 新增 陈刚 A2 驾驶证:2026-12-10 培训:2026-03-12 电话:13900000020')
  })
  afterAll(() => office.close())

  const labels = (seen: Seen) => seen.card?.buttons.map(button => button.label) ?? []
  const cardsTitled = async (person: TestPerson, title: string): Promise<Seen[]> =>
    (await person.messages()).filter(({ card }) => card?.title.startsWith(title))
  const stateOf = async (plate: string) =>
    (await rows<{ state: string }>(office.database.db, `select state from vehicles where plate = '${plate}'`))[0]?.state

  it('到期事项写进早报,每一级只说一次;驾驶证也告知本人', async () => {
    await office.moveTo('2026-11-25T08:31:00+08:00')
    const [morning] = (await cardsTitled(jiang, '工作早报')).slice(-1)
    expect(morning?.words).toContain('江A10001 · 年检12月25日(周五)到期,剩30天')
    expect(morning?.words).toContain('陈刚 · 驾驶证12月10日(周四)到期,剩15天')
    const [own] = (await cardsTitled(gang, '工作早报')).slice(-1)
    expect(own?.words).toContain('驾驶证12月10日(周四)到期')
    expect(own?.words).not.toContain('江A10001')
    await office.moveTo('2026-11-27T12:00:00+08:00')
    expect(await cardsTitled(gang, '工作早报')).toHaveLength(1)
    expect(await cardsTitled(jiang, '工作早报')).toHaveLength(1)
    await office.moveTo('2026-12-03T12:00:00+08:00')
    const [again] = (await cardsTitled(gang, '工作早报')).slice(-1)
    expect(again?.words).toContain('剩7天')
  })

  it('不发早报的,上班时单独告知', async () => {
    await admin.says('/设置')
    const settings = await admin.seesCard()
    await admin.presses('保存限额', { on: settings, form: { most: '100', daily: '20', morning: 'off', empty: 'off' } })
    await office.moveTo('2026-12-10T12:00:00+08:00')
    const [told] = (await cardsTitled(jiang, '车辆到期提醒')).slice(-1)
    expect(told?.words).toMatch(/江A10001 年检12月25日\(周五\)到期,剩15天/)
    expect((await cardsTitled(gang, '车辆到期提醒')).at(-1)?.words).toContain('剩1天')
    await admin.presses('保存限额', { on: settings, form: { most: '100', daily: '20', morning: 'on', empty: 'off' } })
  })

  it('保养清单;登记年检一按即可,新的有效期应在今天之后', async () => {
    await office.moveTo('2026-12-14T09:30:00+08:00')
    await jiang.says('/用车 保养')
    const list = await jiang.seesCard()
    expect(list.card.title).toBe('车辆保养 · 2项到期')
    expect(list.words).toMatch(/陈刚 · 驾驶证12月10日\(周四\)已到期,逾期4天[\s\S]*江A10001 · 年检12月25日/)
    await jiang.presses('登记年检', { on: list })
    const open = await jiang.seesCard()
    expect(open.words).toContain('原登记:12月25日(周五)')
    expect(open.card.inputs[0]?.value).toBe('2027-12-25')
    expect((await jiang.presses('登记', { form: { day: '2026-12-14' } })).toast?.content).toContain('应在今天之后')
    expect((await jiang.presses('登记', { on: open, form: { day: '2027-12-25' } })).toast?.content).toBe('已登记年检')
    const card = await jiang.seesCard()
    expect(card.words).toContain('年检到期 2027年12月25日(周六)')
    expect(card.words).toContain('登记到期事项:年检到期:12月25日(周五)→2027年12月25日(周六)')
    expect((await jiang.forges('登记', open, { day: '2028-01-01' })).toast?.type).toBe('error')
  })

  it('驾驶证和培训由车管员登记;驾驶员只看到自己的', async () => {
    await gang.says('/用车 保养')
    const own = await gang.seesCard()
    expect(own.words).toContain('驾驶证12月10日(周四)已到期')
    expect(labels(own)).toEqual(['查看', '报修'])
    await jiang.says('/用车 司机 陈刚')
    expect((await jiang.seesCard()).words).toContain('当前不能派出:驾驶证已到期')
    await jiang.presses('登记驾驶证')
    await jiang.presses('登记', { form: { day: '2032-12-10' } })
    await jiang.presses('登记培训')
    expect((await jiang.presses('登记', { form: { day: '2026-12-20' } })).toast?.content).toContain('不能晚于今天')
  })

  it('按里程保养:到了就提醒,登记后重新计', async () => {
    await rows(office.database.db, `update vehicles set odometer = 40100 where plate = '江A10001'`)
    await office.moveTo('2026-12-15T08:31:00+08:00')
    expect((await cardsTitled(jiang, '工作早报')).at(-1)?.words).toContain('江A10001 · 保养里程40000公里已到')
    await jiang.says('/用车 车辆 江A10001')
    await jiang.presses('登记保养')
    const open = await jiang.seesCard()
    expect(open.card.inputs.map(({ value }) => value)).toEqual(['2027-06-15', '40100', '50100'])
    expect(
      (await jiang.presses('登记', { form: { day: '2027-06-15', odometer: '39000', next: '50100' } })).toast?.content,
    ).toContain('不能低于已登记的40100公里')
    await jiang.presses('登记', { on: open, form: { day: '2027-06-15', odometer: '40120', next: '50000' } })
    expect((await jiang.seesCard()).words).toContain('下次保养 2027年6月15日(周二)或50,000公里')
  })

  it('报修:须写明故障和定点单位,办公室主任批准后才能登记完成', async () => {
    await gang.says('/用车 保养')
    await gang.presses('报修')
    const open = await gang.seesCard()
    expect(open.words).toContain('维修须事前审批并定点维修。')
    const cars = open.card.inputs.find(({ name }) => name === 'vehicle')?.options ?? []
    const car = cars.find(({ label }) => label.includes('10001'))?.value ?? ''
    const asked = { vehicle: car, fault: '左前轮漏气', place: '某某修理厂', estimate: '1200', stops: 'no' }
    expect((await gang.presses('提交报修', { form: { ...asked, place: '' } })).toast?.content).toContain('定点维修')
    expect(
      (await gang.presses('提交报修', { on: open, form: { ...asked, estimate: '很多' } })).toast?.content,
    ).toContain('预计费用')
    expect((await gang.presses('提交报修', { on: open, form: asked })).toast?.content).toBe('已提交,等待审批')
    expect(await stateOf('江A10001')).toBe('available')
    const own = await gang.seesCard()
    expect(own.card.title).toBe('报修 · 待审批')
    expect(labels(own)).toEqual(['撤回'])
    const ask = await li.seesCard()
    expect(ask.words).toContain('1200.00元')
    expect(labels(ask)).toEqual(['同意', '驳回'])
    for (const stranger of [gang, jiang, office.person('陈晨')])
      expect((await stranger.forges('同意', ask, { word: '' })).toast?.type, stranger.name).toBe('error')
    expect((await li.presses('驳回', { form: { word: '' } })).toast?.content).toBe('请填写驳回的理由')
    await li.says('/待办')
    expect((await li.seesCard()).words).toContain('报修 江A10001')
    expect((await li.presses('同意', { on: ask, form: { word: '请尽快' } })).toast?.content).toBe('已同意')
    expect(await stateOf('江A10001')).toBe('repair')
    expect((await li.forges('同意', ask, { word: '' })).toast).toMatchObject({ type: 'info' })
    expect((await gang.sees()).words).toContain('李静 已同意 · 12月15日(周二)')
    await jiang.says('/待办')
    await jiang.presses('查看')
    const doing = await jiang.seesCard()
    expect(doing.card.title).toBe('报修 · 待维修')
    expect(doing.words).toContain('使用情况 已停用,待维修')
    const done = { cost: '1180.5', place: '某某修理厂', day: '2026-12-15', word: '更换轮胎' }
    expect((await jiang.presses('维修完成', { form: { ...done, cost: '' } })).toast?.content).toContain('维修费用')
    expect(
      (await jiang.presses('维修完成', { on: doing, form: { ...done, day: '2026-12-16' } })).toast?.content,
    ).toContain('完成日期')
    expect((await jiang.presses('维修完成', { on: doing, form: done })).toast?.content).toBe('已登记维修完成')
    expect(await stateOf('江A10001')).toBe('available')
    expect((await gang.seesCard()).words).not.toContain('停用')
    expect(await rows(office.database.db, 'select kind, cents::int as cents, place, remark from car_costs')).toEqual([
      { kind: 'repair', cents: 118050, place: '某某修理厂', remark: '更换轮胎' },
    ])
  })

  it('下班后报修的,审批人次日晨报里得知,报修人知道是这样', async () => {
    const now = office.clock.now()
    office.clock.set(new Date('2026-12-15T21:00:00+08:00'))
    await gang.says('/用车 保养')
    await gang.presses('报修')
    const { card } = await gang.seesCard()
    const cars = card.inputs.find(({ name }) => name === 'vehicle')?.options ?? []
    const vehicle = cars.find(({ label }) => label.includes('10001'))?.value ?? ''
    const asked = { vehicle, fault: '左灯不亮', place: '某某修理厂', estimate: '', stops: 'no' }
    const before = (await li.messages()).length
    expect((await gang.presses('提交报修', { form: asked })).toast?.content).toBe(
      '已提交,等待审批。现为下班时间,相关人员上班后得知',
    )
    await office.settled()
    expect(await li.messages()).toHaveLength(before)
    expect(await rows(office.database.db, `select line from held_lines where person = '${li.id}'`)).toEqual([
      { line: '江A10001的报修待审批' },
    ])
    await gang.presses('撤回')
    office.clock.set(now)
  })

  it('不能使用的立即停用;驳回后仍停用,由车管员恢复;撤回即恢复;同一车不重复报修', async () => {
    const report = async (who: TestPerson, stops = 'yes') => {
      await who.says('/用车 车辆 江A10002')
      await who.presses('报修')
      const { card } = await who.seesCard()
      const vehicle = String(card.inputs.find(({ name }) => name === 'vehicle')?.value)
      return who.presses('提交报修', { form: { vehicle, fault: '制动异响', place: '某某修理厂', estimate: '', stops } })
    }
    await report(jiang)
    expect(await stateOf('江A10002')).toBe('repair')
    expect((await report(jiang)).toast?.content).toContain('已有未办结的报修单')
    await jiang.says('/用车 车辆 江A10002')
    expect((await jiang.presses('恢复可用')).toast?.content).toContain('未办结的报修单')
    await li.presses('驳回', { form: { word: '先送检' } })
    expect(await stateOf('江A10002')).toBe('repair')
    const refused = (await jiang.sees()).words
    expect(refused).toContain('李静 已驳回')
    expect(refused).toContain('由车管员在车辆卡片上恢复可用')
    await jiang.says('/用车 车辆 江A10002')
    await jiang.presses('恢复可用')
    await report(jiang)
    await jiang.presses('撤回')
    expect(await stateOf('江A10002')).toBe('available')
  })

  it('办公室主任自己报修的,由分管领导决定;代理人以其名义决定', async () => {
    await admin.says('/角色 @李静 车管员')
    await li.says('/用车 车辆 江A10002')
    await li.presses('报修')
    const { card } = await li.seesCard()
    const vehicle = String(card.inputs.find(({ name }) => name === 'vehicle')?.value)
    await li.presses('提交报修', {
      form: { vehicle, fault: '灯不亮', place: '某某修理厂', estimate: '80', stops: 'no' },
    })
    const own = await li.seesCard()
    expect(labels(own)).toEqual(['撤回'])
    const ask = await zhang.seesCard()
    expect(ask.card.title).toBe('报修 · 待审批')
    expect((await li.forges('同意', ask, { word: '' })).toast?.content).toContain('不得审批本人的报修')
    await zhang.says('/角色 代理 @郑洁 12月15日至12月16日')
    const zheng = office.person('郑洁')
    await zheng.says('/待办')
    await zheng.presses('查看')
    await zheng.presses('同意', { form: { word: '' } })
    expect((await li.sees()).words).toContain('郑洁 代 张明 同意')
  })

  it('车辆超过六十辆时,以车牌号报修,哪一辆都可以;不是本人负责的、已报废的不可以', async () => {
    const cars = fleetIn(office.database.db)
    for (let i = 0; i < 62; i++) await cars.vehicle(`江A${20_000 + i}`)
    const last = await cars.vehicle('江C90001')
    await cars.vehicle('江C90002', { state: 'retired' })
    await gang.says('/用车 保养')
    await gang.presses('报修')
    const open = await gang.seesCard()
    const asked = { fault: '空调不制冷', place: '某某修理厂', estimate: '', stops: 'no' }
    const refused = async (more: Record<string, string>) =>
      (await gang.presses('提交报修', { on: open, form: { ...asked, ...more } })).toast?.content
    expect(await refused({ plate: '' })).toBe('请选择车辆')
    expect(await refused({ plate: '江C9' })).toContain('车牌号')
    expect(await refused({ plate: '江C90009' })).toBe('没有找到车辆江C90009')
    expect(await refused({ plate: '江C90002' })).toBe('请选择车辆')
    expect(await refused({ plate: '江C90001' })).toBe('已提交,等待审批')
    expect((await gang.seesCard()).words).toContain('江C90001')
    await rows(office.database.db, `update car_repairs set state = 'withdrawn' where vehicle = ${last}`)

    // from its own card it is named already, however far down the list it stands
    await jiang.says('/用车 车辆 江C90001')
    await jiang.presses('报修')
    const named = await jiang.seesCard()
    expect(named.card.inputs.find(({ name }) => name === 'plate')?.value).toBe('江C90001')
    expect((await jiang.presses('提交报修', { form: { ...asked, plate: '江C·90001' } })).toast?.content).toBe(
      '已提交,等待审批',
    )

    // of a keeper of one unit
    await admin.says('/角色 @沈亮 车管员 办公室')
    const [unit] = await rows<{ id: string }>(office.database.db, `select id from departments where name = '办公室'`)
    const own = await cars.vehicle('江C90004', { unit: unit?.id ?? '' })
    const liang = office.person('沈亮')
    await liang.says('/用车 车辆 江C90004')
    await liang.presses('报修')
    const few = await liang.seesCard()
    expect(few.card.inputs.find(({ name }) => name === 'vehicle')?.options.map(({ label }) => label)).toEqual([
      '江C90004',
    ])
    const forged = { ...asked, vehicle: String(last) }
    expect((await liang.presses('提交报修', { on: few, form: forged })).toast?.content).toBe('请选择车辆')
    const mine = { ...asked, vehicle: String(own) }
    expect((await liang.presses('提交报修', { on: few, form: mine })).toast?.content).toBe('已提交,等待审批')
  })
})
