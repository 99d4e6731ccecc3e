import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { fleetIn, shanghai, tableOf } from './harness/cars.ts'
import { kinds } from './harness/databases.ts'
import { filesOf } from './harness/files.ts'
import { type FleetCast, openFleet, untouched } from './harness/fleet.ts'
import { ADMIN, MORNING, type Seen, TestOffice, type TestPerson } from './harness/office.ts'
import { count, rows } from './harness/traces.ts'
import { readRows, unzip } from './harness/zip.ts'

const sheet = (bytes: Buffer, n: number) => unzip(bytes).get(`xl/worksheets/sheet${n}.xml`) ?? ''

/** Under its head, by what the head says. */
function under(xml: string): Array<Record<string, string>> {
  const [, , heads = new Map<string, string>(), ...rest] = readRows(xml)
  return rest.map(row => Object.fromEntries([...heads].map(([column, head]) => [head, row.get(column) ?? ''])))
}

/** By which of the built-in formats a cell is shown; 4 = `#,##0.00`. */
function formatOf(bytes: Buffer, n: number, cell: string): string | undefined {
  const style = Number(new RegExp(`<c r="${cell}" s="(\\d+)"`).exec(sheet(bytes, n))?.[1])
  const [, kept = ''] = /<cellXfs[^>]*>(.*)<\/cellXfs>/.exec(unzip(bytes).get('xl/styles.xml') ?? '') ?? []
  return /numFmtId="(\d+)"/.exec(kept.match(/<xf [^>]*>/g)?.[style] ?? '')?.[1]
}

describe.each(kinds)('用车台账、核算和导出 on %s', kind => {
  let office: TestOffice
  let cars: ReturnType<typeof fleetIn>
  let cd: TestPerson
  let bz: TestPerson
  let driver: TestPerson
  let clerk: TestPerson
  beforeAll(async () => {
    office = await TestOffice.open({ kind })
    await office.inStep()
    const admin = office.person('刘芳')
    if (admin.id !== ADMIN) throw new Error('刘芳 is not the administrator')
    for (const line of ['@李静 办公室主任', '@蒋勇 车管员', '@陈刚 驾驶员', '@张明 分管领导'])
      await admin.says(`/角色 ${line}`)
    ;[cd, bz, driver, clerk] = ['蒋勇', '李静', '陈刚', '陈晨'].map(name => office.person(name)) as [
      TestPerson,
      TestPerson,
      TestPerson,
      TestPerson,
    ]
    cars = fleetIn(office.database.db)
    await furnish()
  })
  afterAll(() => office.close())

  async function furnish() {
    const one = await cars.vehicle('江A10001')
    const two = await cars.vehicle('江AD20002', { fuel: 'electric', category: 'emergency' })
    const ma = await cars.driver('陈刚', { person: driver.id })
    const people = { applicant: clerk.id, user: clerk.id }
    const day = (on: string): [string, string] => [`2026-11-${on}T08:30`, `2026-11-${on}T11:30`]
    const driven = { driver: ma, pilot: driver.id }
    const first = await cars.run(one, day('02'), { km: [1_000, 1_100], ...driven })
    await cars.trip(1, day('02'), { run: first, ...people, purpose: '=HYPERLINK("http://x")' })
    // two trips in one car
    const second = await cars.run(one, day('03'), { km: [1_100, 1_200], ...driven })
    await cars.trip(2, day('03'), { run: second, ...people })
    await cars.trip(3, day('03'), { run: second, ...people, destination: '区检察院' })
    const third = await cars.run(two, day('04'), { km: [500, 550] })
    await cars.trip(4, day('04'), { run: third, ...people, ground: 'duty', purpose: '抓捕', destination: '某小区' })
    await cars.trip(5, day('05'), { ...people, state: 'cancelled' })
    const before = await cars.run(one, ['2026-10-09T08:30', '2026-10-09T11:30'], { km: [900, 1_000] })
    await cars.trip(6, ['2026-10-09T08:30', '2026-10-09T11:30'], { run: before, ...people })
    await cars.cost(one, 'fuel', '2026-11-03', 42_050, { amount: 3_000, odometer: 1_200, run: second })
    await cars.cost(one, 'fuel', '2026-10-09', 7_000, { amount: 1_000 })
    await cars.cost(one, 'toll', '2026-11-02', 1_500, { run: first, by: driver.id })
    await cars.cost(one, 'parking', '2026-11-02', 500, { run: first })
    await cars.cost(one, 'repair', '2026-11-10', 100_000)
    await cars.cost(two, 'charge', '2026-11-30', 4_000, { amount: 1_250 })
    await cars.cost(one, 'wash', '2026-11-11', 99_900, { struckBy: cd.id, struckAt: office.clock.now() })
  }

  it('台账按月列出派车单,合乘的里程只计一次,办案的不显示事由', async () => {
    await bz.says('/用车 台账')
    const page = await bz.seesCard()
    expect(page.card.title).toBe('用车台账 · 2026年11月')
    expect(page.card.text).toContain('共5单,出车3次,行驶250公里。')
    expect(page.card.text).toMatch(
      /派〔2026〕3号 .*江A10001 陈刚 · 区检察院,调研座谈平安建设 · 100公里\(合乘\) · 已完成/,
    )
    expect(page.card.text).toMatch(/派〔2026〕5号 .*未派车 .*已取消/)
    expect(page.card.text).toMatch(/派〔2026〕4号 .* · 执行任务 · 50公里/)
    for (const hidden of ['抓捕', '某小区', '13800000000', '派〔2026〕6号']) expect(page.content).not.toContain(hidden)
  })

  it('可按车辆、驾驶员、状态、单位筛选,上月另列', async () => {
    await bz.says('/用车 台账 11月')
    const page = await bz.seesCard()
    const all = { month: '2026-11', vehicle: 'all', driver: 'all', state: 'all', unit: 'all' }
    const options = (name: string) => page.card.inputs.find(one => one.name === name)?.options ?? []
    const shown = async (form: Record<string, string>) => {
      await bz.presses('筛选', { on: page, form: { ...all, ...form } })
      return (await bz.messages()).find(one => one.message_id === page.message_id)?.card?.text ?? ''
    }
    expect(await shown({ state: 'cancelled' })).toContain('共1单,出车0次,行驶0公里。')
    const plate = options('vehicle').find(one => one.label.includes('D'))?.value ?? ''
    expect(await shown({ vehicle: plate })).toContain('共1单,出车1次,行驶50公里。')
    const ma = options('driver').find(one => one.label === '陈刚')?.value ?? ''
    expect(await shown({ driver: ma })).toContain('共3单,出车2次,行驶200公里。')
    expect(await shown({ month: '2026-10' })).toContain('共1单,出车1次,行驶100公里。')
    expect(await shown({ unit: 'od_none' })).toContain('没有符合条件的派车单')
    expect(await shown({ month: '2026-99', vehicle: '-1', state: 'boiled' })).toContain('共5单')
  })

  it('驾驶员只看本人出的车;其他人看不到台账、核算,也不能导出', async () => {
    await driver.says('/用车 台账')
    const own = await driver.seesCard()
    expect(own.card.text).toContain('共3单,出车2次,行驶200公里。')
    expect(own.card.buttons.map(one => one.label)).not.toContain('导出')
    await driver.says('/用车 核算')
    expect((await driver.sees()).words).toContain('单车核算仅限领导、办公室主任和车管员查看')
    await driver.says('/用车 导出')
    expect((await driver.sees()).words).toContain('导出用车台账仅限领导、办公室主任和车管员使用')
    await clerk.says('/用车 台账')
    expect((await clerk.sees()).words).toContain('车辆台账仅限')
    await bz.says('/用车 台账')
    const page = await bz.seesCard()
    expect((await clerk.forges('导出', page)).toast?.content).toContain('导出用车台账仅限')
    expect((await clerk.forges('单车核算', page)).toast?.content).toContain('单车核算仅限')
    await office.person('刘芳').says('/用车 台账')
    expect((await office.person('刘芳').sees()).words).toContain('车辆台账仅限')
    expect(await filesOf(office, driver)).toEqual([])
    expect(await filesOf(office, clerk)).toEqual([])
  })

  it('单车核算:里程、次数、油耗电耗、各项费用、合计、每公里成本,油耗异常有提示', async () => {
    await cd.says('/用车 核算 2026-11')
    const page = await cd.seesCard()
    expect(page.card.text).toContain('共2辆,出车3次,行驶250公里,费用合计1480.50元,每公里5.92元。')
    const [heads = [], ...lines] = tableOf(page)
    const line = (plate: string) =>
      Object.fromEntries(heads.map((head, i) => [head, lines.find(row => row[0] === plate)?.[i]]))
    expect(line('江A10001')).toMatchObject({
      '里程(公里)': '200',
      次数: '2',
      '合计(元)': '1440.50',
      '每公里(元)': '7.20',
      百公里: '15.0升',
      '加油(元)': '420.50',
      '维修保养(元)': '1000.00',
      '过路停车(元)': '20.00',
      '洗车(元)': '0.00',
    })
    expect(line('江AD20002')).toMatchObject({ 百公里: '25.0度', '充电(元)': '40.00', '合计(元)': '40.00' })
    // 10 litres for a hundred kilometres in October
    expect(page.card.text).toContain('油耗异常,请核对:江A10001 本月百公里15.0升,前三个月平均10.0升。')
    const one = page.card.inputs.find(input => input.name === 'vehicle')?.options.at(1)?.value ?? ''
    await cd.presses('查看', { on: page, form: { month: '2026-11', vehicle: one } })
    const shown = (await cd.messages()).find(seen => seen.message_id === page.message_id)
    expect(shown?.card?.text).toContain('加油量 30.00升')
    expect(shown?.card?.text).toContain('百公里消耗 15.0升(前三个月10.0升)')
    expect(shown?.card?.text).toContain('每公里成本 7.20元')
  })

  it('导出:台账、单车核算、费用明细三张表,合计、导出人和时间俱全,文字不成公式,并留痕', async () => {
    await cd.says('/用车 导出 2026-11')
    expect((await cd.messages()).map(one => one.words)).toContain('正在生成2026年11月用车台账(5单),完成后发送到私聊')
    const { name, bytes } = (await filesOf(office, cd)).at(-1) ?? { name: '', bytes: Buffer.alloc(0) }
    expect(name).toBe('公务用车台账_2026-11_20261124-0900.xlsx')
    expect(unzip(bytes).get('xl/workbook.xml')).toMatch(/name="用车台账".*name="单车核算".*name="费用明细"/)
    const first = sheet(bytes, 1)
    expect(readRows(first)[1]?.get('A')).toContain('范围:2026年11月;截至2026年11月24日(星期二)09:00。导出人:蒋勇')
    expect(first).toContain('&amp;L蒋勇 2026年11月24日(星期二)09:00导出')
    expect(first).not.toMatch(/<f[ >/]/)
    const trips = under(first)
    expect(trips.map(row => row.单号)).toEqual([1, 2, 3, 4, 5].map(n => `派〔2026〕${n}号`).concat('5单'))
    expect(trips[0]).toMatchObject({ 用车人: '陈晨', 驾驶员: '陈刚', '里程(公里)': '100', 停放地点: '' })
    expect(trips[2]).toMatchObject({ 备注: '合乘', 目的地: '区检察院' })
    expect(trips[3]).toMatchObject({ 事由: '执行任务', 目的地: '' })
    expect(trips.at(-1)).toMatchObject({ 序号: '合计', '里程(公里)': '250' })
    const accounts = under(sheet(bytes, 2))
    expect(accounts.map(row => row.车牌号)).toEqual(['江A10001', '江AD20002', ''])
    expect(accounts[0]).toMatchObject({ '加油量(升)': '30', '百公里油耗(升)': '15', '合计(元)': '1440.5' })
    expect(accounts.at(-1)).toMatchObject({
      序号: '合计',
      '合计(元)': '1480.5',
      '行驶里程(公里)': '250',
      '百公里油耗(升)': '',
    })
    const costs = under(sheet(bytes, 3))
    expect(costs.map(row => [row.日期, row.类别, row['金额(元)']])).toEqual([
      ['2026-11-02', '过路费', '15'],
      ['2026-11-02', '停车费', '5'],
      ['2026-11-03', '加油', '420.5'],
      ['2026-11-10', '维修', '1000'],
      ['2026-11-30', '充电', '40'],
      ['', '', '1480.5'],
    ])
    expect(costs[0]).toMatchObject({ 登记人: '陈刚', 单号: '派〔2026〕1号' })
    // 15, 420.5 and the sum read 15.00, 420.50 and 1,480.50
    const [spent, summed] = [formatOf(bytes, 3, 'E4'), formatOf(bytes, 3, 'E9')]
    expect([spent, formatOf(bytes, 3, 'E6'), summed]).toEqual(['4', '4', '4'])
    expect(formatOf(bytes, 3, 'A4')).toBe(undefined)
    const last = accounts.length + 3
    expect([formatOf(bytes, 2, 'J4'), formatOf(bytes, 2, `J${last}`), formatOf(bytes, 2, 'G4')]).toEqual([
      '4',
      '4',
      undefined,
    ])
    const [event] = await rows<{ who: string; data: Record<string, unknown> }>(
      office.database.db,
      `select who, data from events where feature = 'car' and act = 'export' order by id desc limit 1`,
    )
    expect(event).toMatchObject({ who: cd.id, data: { month: '2026-11', trips: 5, costs: 6 } })
    await cd.says('/用车 导出 2025-01')
    expect((await cd.sees()).words).toContain('2025年1月没有符合条件的用车或费用记录')
    await cd.says('/用车 导出 去年')
    expect((await cd.sees()).words).toContain('未能识别月份“去年”')
  })

  const again = async (person: TestPerson, card: Seen): Promise<Seen> => {
    const found = (await person.messages()).find(one => one.message_id === card.message_id)
    if (!found) throw new Error('the card is gone')
    return found
  }
  const costs = () =>
    rows<{ kind: string; cents: string; struck_by: string | null; run: string | null }>(
      office.database.db,
      'select kind, cents, struck_by, run from car_costs where id > 7 order by id',
    )

  it('车管员登记费用:金额到分,须有车,须与派车单相符,维修另行登记', async () => {
    await cd.says('/用车 费用')
    const list = await cd.seesCard()
    expect(list.card.title).toBe('用车费用 · 2026年11月')
    expect(list.card.text).toContain('共6笔,合计1480.50元(不含已作废的)。')
    await cd.presses('登记费用', { on: list })
    const form = await cd.seesCard()
    const option = (name: string, label: string) =>
      form.card.inputs.find(one => one.name === name)?.options.find(one => one.label.includes(label))?.value ?? ''
    const fuel = {
      ...{ vehicle: option('vehicle', '江A10001'), kind: 'fuel', on: '2026-11-24', yuan: '420.505', amount: '30' },
      ...{ odometer: '1400', place: '中石化解放路站', way: 'card', fuelCard: '', number: '', remark: '' },
    }
    const refused = async (change: Record<string, string>) =>
      (await cd.presses('登记', { on: form, form: { ...fuel, ...change } })).toast?.content
    expect(await refused({})).toContain('金额请填写不超过1000000的数字,最多两位小数')
    expect(await refused({ yuan: '' })).toContain('请填写金额')
    expect(await refused({ yuan: '420', amount: '' })).toContain('请填写加油升数')
    expect(await refused({ yuan: '420', vehicle: '' })).toContain('请选择车辆')
    expect(await refused({ yuan: '420', on: '2026-11-25' })).toContain('请选择发生日期')
    expect(await refused({ yuan: '420', number: '派〔2026〕99号' })).toContain('未找到派车单')
    expect(await refused({ yuan: '420', number: '派〔2026〕4号' })).toContain('费用与本单位车辆不符,不得列支。')
    expect(await refused({ yuan: '420', kind: 'repair' })).toContain('维修须事前审批,费用在维修完成时登记')
    expect(await refused({ yuan: '420', kind: 'boat' })).toContain('请选择费用类别')
    const answer = await cd.presses('登记', {
      on: form,
      form: { ...fuel, yuan: '\uffe5420.50元', number: '派〔2026〕1号' },
    })
    expect(answer.toast?.content).toBe('已登记')
    const kept = await again(cd, form)
    expect(kept.card?.title).toBe('用车费用 · 已登记')
    expect(kept.card?.text).toContain('金额 420.50元')
    expect(kept.card?.text).toContain('派车单 派〔2026〕1号')
    // 30 litres over 200 kilometres by the odometer, 10 litres for a hundred before
    expect(kept.card?.text).toContain('提示:油耗异常,请核对。')
    // pressed once more, it counts once
    const twice = await cd.presses('登记', { on: form, form: { ...fuel, yuan: '420.50', number: '' } })
    expect(twice.toast?.content).toBe('该笔费用已登记')
    expect((await costs()).map(({ kind, cents }) => [kind, Number(cents)])).toEqual([['fuel', 42_050]])
  })

  it('驾驶员只能登记本人出车的费用;其他人不能登记', async () => {
    await driver.says('/用车 费用')
    const list = await driver.seesCard()
    await driver.presses('登记费用', { on: list })
    const form = await driver.seesCard()
    const runs = form.card.inputs.find(one => one.name === 'run')?.options ?? []
    expect(runs.map(one => one.label)).toEqual([
      '11月3日(周二)08:30 江A10001 派〔2026〕3号',
      '11月2日(周一)08:30 江A10001 派〔2026〕1号',
    ])
    const toll = { run: runs[0]?.value, kind: 'toll', on: '2026-11-03', yuan: '15', way: 'cash' }
    expect((await driver.presses('登记', { on: form, form: { ...toll, run: '3' } })).toast?.content).toBe(
      '请选择本人的出车记录',
    )
    expect((await driver.presses('登记', { on: form, form: { ...toll, kind: 'insurance' } })).toast?.content).toBe(
      '请选择费用类别',
    )
    expect((await clerk.forges('登记', form, toll)).toast?.content).toContain('登记费用仅限车管员和驾驶员')
    expect((await driver.presses('登记', { on: form, form: toll })).toast?.content).toBe('已登记')
    expect((await again(driver, form)).card?.text).toContain('金额 15.00元(现金)')
    await clerk.says('/用车 费用')
    expect((await clerk.sees()).words).toContain('车辆台账仅限')
  })

  it('作废须写理由,由车管员或登记人作废一次,之后不计入核算', async () => {
    await cd.says('/用车 费用')
    const list = await cd.seesCard()
    expect(list.card.text).toContain('共8笔,合计1916.00元')
    await cd.presses('查看', { on: list, nth: 1 })
    const one = await cd.seesCard()
    expect(one.card.text).toContain('420.50元')
    office.clock.set(new Date(MORNING))
    expect((await cd.presses('作废', { on: one, form: { why: ' ' } })).toast?.content).toBe('请填写作废的理由')
    expect((await bz.forges('作废', one, { why: '重复' })).toast?.content).toBe('作废仅限车管员和登记人使用')
    expect((await clerk.forges('作废', one, { why: '重复' })).toast?.content).toContain('车辆台账仅限')
    expect((await cd.presses('作废', { on: one, form: { why: '重复登记' } })).toast?.content).toBe('已作废')
    expect((await again(cd, one)).card?.text).toContain('蒋勇 已作废 · 11月24日(周二)09:00 · 理由:重复登记')
    expect((await cd.forges('作废', one, { why: '再来' })).toast?.content).toBe('该笔费用已作废')
    await cd.says('/用车 费用 2026-11')
    expect((await cd.seesCard()).card.text).toContain('共8笔,合计1495.50元')
    expect((await costs()).map(({ struck_by }) => struck_by)).toEqual([cd.id, null])
  })

  it('驾驶员登记的油耗异常,车管员收到提示', async () => {
    await driver.says('/用车 费用')
    await driver.presses('登记费用')
    const form = await driver.seesCard()
    const run = form.card.inputs.find(one => one.name === 'run')?.options[0]?.value
    const fuel = { run, kind: 'fuel', on: '2026-11-24', yuan: '500', amount: '40', odometer: '1400', way: 'card' }
    await driver.presses('登记', { on: form, form: fuel })
    const told = await cd.seesCard()
    expect(told.card).toMatchObject({ title: '用车费用 · 已登记', colour: 'yellow' })
    expect(told.card.text).toContain('提示:油耗异常,请核对。')
    expect(told.card.text).toContain('陈刚 已登记')
  })

  it('下班后登记的不打扰车管员,次日晨报里写明', async () => {
    const now = office.clock.now()
    await office.moveTo('2026-11-24T21:00:00+08:00')
    await driver.says('/用车 费用')
    await driver.presses('登记费用')
    const form = await driver.seesCard()
    const run = form.card.inputs.find(one => one.name === 'run')?.options[0]?.value
    const fuel = {
      run,
      kind: 'fuel',
      on: '2026-11-24',
      yuan: '501',
      amount: '41',
      odometer: '1400',
      way: 'card',
      remark: '又一次',
    }
    const before = (await cd.messages()).length
    expect((await driver.presses('登记', { on: form, form: fuel })).toast?.content).toBe('已登记')
    await office.settled()
    expect(await cd.messages()).toHaveLength(before)
    expect(await rows(office.database.db, `select line from held_lines where person = '${cd.id}'`)).toEqual([
      { line: '江A10001登记的加油501.00元待核对:油耗异常,请核对。可发送 /用车 费用 2026-11 查看' },
    ])
    office.clock.set(now)
  })

  it('只负责其他单位车辆的车管员,能看全部费用也不能作废', async () => {
    const feng = office.person('冯军')
    for (const [code, unit] of [
      ['BZ', 'null'],
      ['CD', "'od_other'"],
    ])
      await rows(
        office.database.db,
        `insert into held_roles (person, role, unit, from_on, granted_by, granted_at)
         values ('${feng.id}', '${code}', ${unit}, '2026-01-01', 'x', '2026-01-01T00:00+08')`,
      )
    await feng.says('/用车 费用 2026-10')
    await feng.presses('查看')
    const one = await feng.seesCard()
    expect(one.card.text).toContain('70.00元')
    expect(one.card.buttons.map(({ label }) => label)).not.toContain('作废')
  })

  it('车辆超过六十辆时,以车牌号筛选和登记', async () => {
    for (let i = 0; i < 60; i++) await cars.vehicle(`江B${10_000 + i}`)
    await cd.says('/用车 台账 2026-11')
    const page = await cd.seesCard()
    const all = { month: '2026-11', driver: 'all', state: 'all', unit: 'all' }
    await cd.presses('筛选', { on: page, form: { ...all, plate: '江AD20002' } })
    expect((await again(cd, page)).card?.text).toContain('共1单,出车1次,行驶50公里。')
    const unknown = await cd.presses('筛选', { on: page, form: { ...all, plate: '江C12345' } })
    expect(unknown.toast?.content).toBe('没有找到车辆江C12345')
    await cd.presses('登记费用', { on: await again(cd, page) })
    const form = await cd.seesCard()
    const wash = { kind: 'wash', on: '2026-11-24', yuan: '30', plate: '江b10007' }
    expect((await cd.presses('登记', { on: form, form: wash })).toast?.content).toBe('已登记')
    expect((await again(cd, form)).card?.text).toContain('车辆 江B10007')
  })
})

describe.each(kinds)('从派车到台账 on %s', kind => {
  let cast: FleetCast
  beforeAll(async () => {
    cast = await openFleet({ kind })
    await cast.office.inStep()
    await cast.vehicle('江A00001')
    await cast.driver('陈刚', { person: cast.gang.id })
    await cast.office.person('刘芳').says('/角色 @陈刚 驾驶员')
  })
  afterAll(() => cast.office.close())

  it('派车、出车、回场登记的,看板、台账、核算、费用当即可见', async () => {
    const { jiang, gang, li, chen, office } = cast
    const trip = await cast.trip(chen)
    await jiang.says('/用车 待派')
    await jiang.presses('派车')
    const proposal = await jiang.seesCard()
    await jiang.presses('派车', { on: proposal, form: untouched(proposal, 'dispatch') })
    await li.says('/用车 看板')
    const board = await li.seesCard()
    await li.presses('后一日', { on: board })
    const tomorrow = (await li.messages()).find(one => one.message_id === board.message_id)
    expect(tomorrow?.content).toContain('"word":"待出车"')
    expect(tableOf(tomorrow as Seen)[1]).toEqual(['江A00001', '09:00-12:00 区法院', '—', '—'])

    await office.moveTo('2026-11-25T08:58:00+08:00')
    const order = await gang.seesCard()
    await gang.presses('出车', { on: order, form: untouched(order, 'depart') })
    const out = await gang.seesCard()
    await office.moveTo('2026-11-25T11:30:00+08:00')
    const back = { ...untouched(out, 'arrive'), odometer: '35241', toll: '15', fuel: '310.20', litres: '40' }
    expect((await gang.presses('回场', { on: out, form: back })).toast?.content).toContain('行驶41公里')

    await jiang.says('/用车 台账')
    const page = await jiang.seesCard()
    expect(page.card.text).toContain('共1单,出车1次,行驶41公里。')
    expect(page.card.text).toContain(`派〔2026〕${trip.number?.seq}号`)
    expect(page.card.text).toContain('江A00001 陈刚 · 区法院,调研基层立案工作 · 41公里 · 已回场')
    await gang.says('/用车 台账')
    expect((await gang.seesCard()).card.text).toContain('共1单,出车1次,行驶41公里。')
    await gang.says('/用车 看板')
    expect(tableOf(await gang.seesCard())[1]).toEqual(['江A00001', '08:58-11:30 区法院', '—', '—'])
    await jiang.says('/用车 核算')
    expect((await jiang.seesCard()).card.text).toContain('费用合计325.20元,每公里7.93元')
    await jiang.says('/用车 费用')
    const spent = await jiang.seesCard()
    expect(spent.card.text).toContain('共2笔,合计325.20元')
    expect(spent.card.text).toContain('加油 310.20元 · 11月25日(周三) · 江A00001 · 40.00升')
  })

  it('回场登记的加油与费用登记同样核对:一车一卡、定点加油、油耗,同一笔不登记两次', async () => {
    const { jiang, gang, wang, office } = cast
    await cast.trip(wang, { startsAt: shanghai('2026-11-25T14:30'), endsAt: shanghai('2026-11-25T17:00') })
    await jiang.says('/用车 待派')
    await jiang.presses('派车')
    const proposal = await jiang.seesCard()
    await jiang.presses('派车', { on: proposal, form: untouched(proposal, 'dispatch') })
    await office.moveTo('2026-11-25T14:30:00+08:00')
    const order = await gang.seesCard()
    await gang.presses('出车', { on: order, form: untouched(order, 'depart') })
    const out = await gang.seesCard()
    await office.moveTo('2026-11-25T16:30:00+08:00')
    // what the car usually takes: 10 litres for a hundred kilometres
    const cars = fleetIn(office.database.db)
    const [car] = await rows<{ id: string }>(office.database.db, `select id from vehicles where plate = '江A00001'`)
    const id = Number(car?.id)
    const ran = await cars.run(id, ['2026-10-12T08:00', '2026-10-12T12:00'], { km: [34_000, 34_500] })
    await cars.trip(900, ['2026-10-12T08:00', '2026-10-12T12:00'], { run: ran })
    await cars.cost(id, 'fuel', '2026-10-12', 40_000, { amount: 5_000, odometer: 34_500 })

    const back = { ...untouched(out, 'arrive'), odometer: '35280', fuel: '300', litres: '38', way: 'cash' }
    const refused = async (change: Record<string, string>) =>
      (await gang.presses('回场', { on: out, form: { ...back, ...change } })).toast?.content
    expect(await refused({ litres: '' })).toBe('填写了加油费,请同时填写加油量')
    expect(await refused({ fuelCard: '8888' })).toContain('一车一卡、定点加油。')
    expect(await refused({ fuel: '310.20' })).toContain(
      '江A00001 11月25日(周三)已登记加油310.20元(40.00升),请勿重复登记;如不是同一笔,请在“说明”中注明',
    )
    expect(await count(office.database.db, `car_costs where kind = 'fuel'`)).toBe(2)
    const answer = await gang.presses('回场', { on: out, form: { ...back, fuelCard: '1001', station: '解放路站' } })
    expect(answer.toast?.content).toBe('已回场:江A00001,行驶39公里;油耗异常,请核对。;一车一卡、定点加油。')
    const told = (await jiang.messages()).filter(one => one.card?.title === '用车费用 · 已登记').at(-1)
    expect(told?.card).toMatchObject({ colour: 'yellow' })
    for (const words of ['金额 300.00元(现金)', '定点单位 解放路站', '加油卡 1001', '提示:油耗异常,请核对。'])
      expect(told?.card?.text).toContain(words)

    // the same filling once more, now among the costs
    await gang.says('/用车 费用')
    await gang.presses('登记费用')
    const form = await gang.seesCard()
    const run = form.card.inputs.find(one => one.name === 'run')?.options[0]?.value
    const fuel = { run, kind: 'fuel', on: '2026-11-25', yuan: '300', amount: '38', odometer: '35280', way: 'account' }
    expect((await gang.presses('登记', { on: form, form: fuel })).toast?.content).toContain('请勿重复登记')
    const noted = await gang.presses('登记', { on: form, form: { ...fuel, remark: '当日第二次加油' } })
    expect(noted.toast?.content).toBe('已登记')
  })
})
