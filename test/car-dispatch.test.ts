import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { getTrip, trips } from '../db/car.ts'
import { drivers, vehicles } from '../db/car-fleet.ts'
import { getRun } from '../db/car-full-run.ts'
import { openRun } from '../db/car-run.ts'
import type { ClickAnswer } from '../simulator/protocol.ts'
import { numbersOf } from '../src/office/car/run.ts'
import { approvedUntil } from '../src/office/car/steps.ts'
import { kinds } from './harness/databases.ts'
import { filesOf } from './harness/files.ts'
import { type FleetCast, on, openFleet, untouched } from './harness/fleet.ts'
import type { Seen, TestPerson } from './harness/office.ts'
import { count, rows } from './harness/traces.ts'
import { unescaped, unzip } from './harness/zip.ts'

describe.each(kinds)('用车:派车到核对 on %s', kind => {
  let cast: FleetCast
  beforeAll(async () => {
    cast = await openFleet({ kind })
    const { vehicle, driver, gang, liang } = cast
    await vehicle('江A00001')
    await vehicle('江A00002', { seats: 7 })
    await vehicle('江A00003', { category: 'emergency' })
    await vehicle('江A00004', { state: 'repair' })
    await vehicle('江A00005', { inspectionOn: '2026-11-24' })
    await driver('陈刚', { person: gang.id, phone: '13811111111' })
    await driver('沈亮', { person: liang.id, phone: '13822222222' })
    await driver('马师傅', { trainedOn: '2024-05-01' })
    await cast.office.inStep()
  })
  afterAll(() => cast.office.close())

  /** The dispatcher takes the best proposal. */
  async function dispatches(trip: { id: number }, form: Record<string, unknown> = {}): Promise<void> {
    await cast.jiang.says('/用车 待派')
    const list = await cast.jiang.seesCard()
    const button = list.card.buttons.find(one => one.label === '派车' && one.value.id === trip.id)
    if (!button) throw new Error(`the trip is not in the list: ${list.words}`)
    await cast.jiang.clicks(list.message_id, button)
    await cast.office.settled()
    const proposal = await cast.jiang.seesCard()
    await cast.jiang.presses('派车', { on: proposal, form: { ...untouched(proposal, 'dispatch'), ...form } })
  }

  /** The latest card of a kind. */
  async function cardOf(person: TestPerson, title: string): Promise<Seen> {
    const found = (await person.messages()).filter(one => one.card?.title.startsWith(title)).at(-1)
    if (!found) throw new Error(`${person.name} has no card ${title}`)
    return found
  }

  const db = () => cast.office.database.db

  it('待派列表按出发时间排列;建议写明理由,不宜派出的写明原因;一键派车后各方得知', async () => {
    const { jiang, gang, chen, wang, li } = cast
    const later = await cast.trip(wang, { startsAt: on('14:00'), endsAt: on('16:00'), destination: '东湖区' })
    const trip = await cast.trip(chen, {
      via: '法律援助中心',
      remark: '带横幅两条',
      passengers: [wang.id],
      headcount: 2,
    })
    await jiang.says('/用车 待派')
    const list = await jiang.seesCard()
    expect(list.card.text.indexOf('区法院')).toBeLessThan(list.card.text.indexOf('东湖区'))
    await jiang.presses('派车', { on: list })
    const proposal = await jiang.seesCard()
    expect(proposal.card.title).toMatch(/^派车 · 派〔2026〕\d+号$/)
    expect(proposal.card.text).toContain(
      '建议:江A00001(同类别 · 5座 · 当日未出车 · 年检有效);沈亮(当日未出车 · 准驾A2)',
    )
    expect(proposal.card.text).toContain('江A00004:车辆维修')
    expect(proposal.card.text).toContain('江A00005:年检已到期')
    expect(proposal.card.text).toContain('马师傅:本年度未培训')
    const driver = proposal.card.inputs.find(one => one.name === 'driver')
    const ganged = driver?.options.find(one => one.label.startsWith('陈刚'))?.value
    const answer = await jiang.presses('派车', {
      on: proposal,
      form: { ...untouched(proposal, 'dispatch'), driver: ganged },
    })
    expect(answer.toast?.content).toBe('已派车:江A00001 陈刚')
    expect((await jiang.seesCard()).card.text).not.toContain('区法院')

    for (const person of [chen, wang]) {
      const told = await cardOf(person, '用车已批准')
      expect(told.card?.text).toMatch(
        /^【用车已批准】派〔2026〕\d+号。车辆:江A00001;驾驶员:陈刚,13811111111;2026年11月25日\(星期三\)09:00由市委政法委出发,目的地:区法院。请按批准的事由和路线用车,回场后及时确认里程。/,
      )
    }
    const order = await cardOf(gang, '出车')
    expect(order.card?.title).toBe('出车 · 待出车')
    for (const words of ['途经法律援助中心', '陈晨、王强', '共2人', '13900000001', '带横幅两条', '09:00至12:00'])
      expect(order.card?.text).toContain(words)
    expect((await getTrip(db(), trip.id)).state).toBe('dispatched')
    // whoever has no part in it
    expect((await li.messages()).filter(one => one.card?.title.startsWith('出车'))).toEqual([])
    await dispatches(later)
  })

  it('出车、回场、确认行程、核对完成;里程和费用有据', async () => {
    const { jiang, gang, chen, office } = cast
    await office.moveTo('2026-11-25T08:55:00+08:00')
    const order = await cardOf(gang, '出车')
    const prefilled = untouched(order, 'depart')
    expect(prefilled.odometer).toBe('35200')
    expect((await gang.presses('出车', { on: order, form: { ...prefilled, odometer: '35300' } })).toast?.content).toBe(
      '出车读数与已知读数35200公里相差100公里,请核对;如无误,请填写说明',
    )
    expect((await gang.presses('出车', { on: order, form: { ...prefilled, odometer: '3.5万' } })).toast?.content).toBe(
      '里程表读数请填写整公里数,例如:35210',
    )
    expect((await gang.presses('出车', { on: order, form: prefilled })).toast?.content).toBe('已出车:江A00001')
    expect((await cardOf(gang, '出车')).card?.title).toBe('出车 · 在途')

    await office.moveTo('2026-11-25T11:40:00+08:00')
    const out = await cardOf(gang, '出车')
    const back = untouched(out, 'arrive')
    expect(back).toMatchObject({ parkedAt: '机关院内', route: '市委政法委—法律援助中心—区法院' })
    expect((await gang.presses('回场', { on: out, form: { ...back, odometer: '35100' } })).toast?.content).toBe(
      '回场读数不能小于出车读数35200公里',
    )
    expect(
      (await gang.presses('回场', { on: out, form: { ...back, odometer: '35241', toll: '一百' } })).toast?.content,
    ).toBe('过路费(元)请填写100000以内的数,最多两位小数')
    const paid = { ...back, odometer: '35241', toll: '15', parking: '6.5', fuel: '310.20', litres: '40' }
    expect((await gang.presses('回场', { on: out, form: paid })).toast?.content).toBe('已回场:江A00001,行驶41公里')
    const costs = await rows<{ kind: string; cents: string; amount: number | null }>(
      db(),
      'select kind, cents, amount from car_costs order by id',
    )
    expect(costs.map(({ kind: one, cents, amount }) => [one, Number(cents), amount])).toEqual([
      ['toll', 1500, null],
      ['parking', 650, null],
      ['fuel', 31_020, 4000],
    ])
    const [vehicle] = await db().select().from(vehicles).where(eq(vehicles.plate, '江A00001'))
    expect(vehicle?.odometer).toBe(35_241)

    // one confirmation is enough, and all who rode may give it on the trip's card
    const riding = (await cast.wang.messages()).filter(({ card }) => card?.title === '用车 · 已回场')
    expect(riding).toEqual([])
    const asked = await cardOf(chen, '用车 · 已回场')
    expect(asked.card?.text).toContain('行驶里程 41公里')
    expect(asked.card?.text).toContain('实际行程 市委政法委—法律援助中心—区法院')
    expect((await chen.presses('确认行程', { on: asked })).toast?.content).toBe('已确认行程')
    const check = await cardOf(jiang, '出车')
    expect(check.card?.text).toContain('陈晨 已确认')
    expect(check.card?.text).toContain('过路费15元、停车费6.5元、加油310.2元(40升)')
    expect((await jiang.presses('核对完成', { on: check })).toast?.content).toBe('已核对完成')
    expect(await count(db(), `trips where state = 'completed' and confirmed_by = '${chen.id}'`)).toBe(1)
  })

  it('更正里程须有理由,前后次读数相互约束,原读数留在记录里', async () => {
    const { jiang } = cast
    const done = await cardOf(jiang, '出车')
    await jiang.presses('更正里程', { on: done })
    const form = await cardOf(jiang, '更正里程')
    const said = { odometerOut: '35200', odometerIn: '35231' }
    expect((await jiang.presses('更正里程', { on: form, form: said })).toast?.content).toBe('请填写更正里程的理由')
    expect(
      (await jiang.presses('更正里程', { on: form, form: { ...said, odometerIn: '35100', word: '看错' } })).toast
        ?.content,
    ).toBe('回场读数不能小于出车读数')
    expect((await jiang.presses('更正里程', { on: form, form: { ...said, word: '看错' } })).toast?.content).toBe(
      '已更正里程',
    )
    const [kept] = await rows<{ data: { before: number[]; after: number[]; reason: string } }>(
      db(),
      `select data from events where act = 'correct' and matter like 'run/%'`,
    )
    expect(kept?.data).toMatchObject({ before: [35_200, 35_241], after: [35_200, 35_231], reason: '看错' })
    const [vehicle] = await db().select().from(vehicles).where(eq(vehicles.plate, '江A00001'))
    expect(vehicle?.odometer).toBe(35_231)
  })

  it('车辆或驾驶员已有任务的,说明由哪一单、何时占用,给出三种替代,一键可派', async () => {
    const { jiang, chen, wang } = cast
    const span = { startsAt: on('09:00', '2026-11-26'), endsAt: on('12:00', '2026-11-26') }
    const first = await cast.trip(chen, { ...span, destination: '西城区' })
    const second = await cast.trip(wang, { ...span, destination: '北山县' })
    await jiang.says('/用车 待派')
    const list = await jiang.seesCard()
    const press = async (id: number) => {
      const button = list.card.buttons.find(one => one.label === '派车' && one.value.id === id)
      if (!button) throw new Error('no button')
      return jiang.clicks(list.message_id, button)
    }
    await press(second.id)
    await cast.office.settled()
    const late = await jiang.seesCard()
    const lateForm = untouched(late, 'dispatch')
    const lateButton = late.card.buttons.find(one => one.label === '派车')
    await press(first.id)
    await cast.office.settled()
    const proposal = await jiang.seesCard()
    await jiang.presses('派车', { on: proposal, form: untouched(proposal, 'dispatch') })
    if (!lateButton) throw new Error('no button')
    const answer = await jiang.clicks(late.message_id, lateButton, lateForm)
    await cast.office.settled()
    const number = (await getTrip(db(), first.id)).number?.seq
    expect(answer.toast?.content).toMatch(
      new RegExp(`^(江A00001|沈亮|陈刚)在11月26日\\(周四\\)09:00至12:00已有任务\\(派〔2026〕${number}号\\)$`),
    )
    const clash = await jiang.seesCard()
    expect(clash.card.colour).toBe('red')
    const others = clash.card.buttons.filter(one => one.label.startsWith('派 江A'))
    expect(others.length).toBeGreaterThanOrEqual(2)
    expect(others.map(one => one.label)).not.toContain('派 江A00001 沈亮')
    await jiang.presses(others[0]?.label ?? '', { on: clash })
    expect((await getTrip(db(), second.id)).state).toBe('dispatched')
  })

  it('改派作废原派车,原驾驶员和乘车人得知;没有变化的不改', async () => {
    const { jiang, chen, gang, liang } = cast
    const trip = await cast.trip(chen, {
      startsAt: on('15:00', '2026-11-27'),
      endsAt: on('17:00', '2026-11-27'),
      destination: '南湖乡',
    })
    await dispatches(trip)
    const before = await getRun(db(), (await getTrip(db(), trip.id)).run ?? 0)
    await jiang.says(`/用车 派〔2026〕${trip.number?.seq}号`)
    await jiang.presses('改派')
    const form = await jiang.seesCard()
    const drivers = form.card.inputs.find(one => one.name === 'driver')?.options ?? []
    // what is sent now is named and stands ready, so that only what changes has to be chosen
    expect(form.card.text).toContain(`现派:${before.vehicle.plate} · ${before.driver?.name}`)
    const ready = untouched(form, 'dispatch')
    expect([ready.vehicle, ready.driver]).toEqual([String(before.vehicle.id), String(before.driver?.id)])
    expect(drivers.filter(({ label }) => label.includes('现派')).map(({ value }) => value)).toEqual([ready.driver])
    expect((await jiang.presses('改派', { on: form, form: ready })).toast?.content).toBe('车辆和驾驶员没有变化')
    const other = drivers.find(one => !one.label.startsWith(before.driver?.name ?? '-'))
    await jiang.presses('改派', { on: form, form: { ...untouched(form, 'dispatch'), driver: other?.value } })
    const after = await getRun(db(), (await getTrip(db(), trip.id)).run ?? 0)
    expect([before.run.id === after.run.id, after.driver?.name]).toEqual([false, other?.label.split(' ')[0]])
    expect(await count(db(), `runs where id = ${before.run.id} and state = 'void'`)).toBe(1)
    const relieved = before.driver?.name === '陈刚' ? gang : liang
    expect((await cardOf(relieved, '用车已改派')).card?.text).toContain('已另行派车')
  })

  it('同方向一小时内的可合并,座位按合计核对,整车占用两项的全部时间', async () => {
    const { jiang, chen, wang, li, gang, liang } = cast
    const day = '2026-11-30'
    const first = await cast.trip(chen, {
      startsAt: on('09:00', day),
      endsAt: on('11:00', day),
      destination: '青山镇',
      headcount: 2,
    })
    await dispatches(first)
    const second = await cast.trip(wang, {
      startsAt: on('09:30', day),
      endsAt: on('12:00', day),
      destination: '青山镇政府',
      headcount: 2,
    })
    const crowd = await cast.trip(li, {
      startsAt: on('09:30', day),
      endsAt: on('12:00', day),
      destination: '青山镇',
      headcount: 6,
    })
    await jiang.says('/用车 待派')
    const list = await jiang.seesCard()
    const open = async (id: number) => {
      const button = list.card.buttons.find(one => one.label === '派车' && one.value.id === id)
      if (!button) throw new Error('no button')
      await jiang.clicks(list.message_id, button)
      await cast.office.settled()
      return jiang.seesCard()
    }
    expect((await open(crowd.id)).card.buttons.map(one => one.label).filter(one => one.startsWith('合并'))).toEqual([])
    const proposal = await open(second.id)
    const label = `合并到 派〔2026〕${first.number?.seq}号`
    const answer = await jiang.presses(label, { on: proposal })
    expect(answer.toast?.content).toBe(`已合并到派〔2026〕${first.number?.seq}号`)
    const { run, trips, driver: together } = await getRun(db(), (await getTrip(db(), second.id)).run ?? 0)
    const joinedDriver = together?.name ?? ''
    expect([run.startsAt, run.endsAt]).toEqual([on('09:00', day), on('12:00', day)])
    expect(trips.map(({ id }) => id)).toEqual([first.id, second.id])
    const [one, two] = [first, second].map(({ number }) => `派〔2026〕${number?.seq}号`)
    const whole = '共用车辆,用车时间合计为11月30日(周一)09:00至12:00,出发时间请与驾驶员商定'
    const told = (await cardOf(chen, '用车合并')).card?.text
    expect(told).toContain('已合并乘车')
    expect(told).toContain('用车时间合计为11月30日(周一)09:00至12:00')
    expect((await cardOf(wang, '用车已批准')).card?.text).toContain(`本次与${one}合并乘车,${whole}。`)
    await chen.says(`/用车 ${one}`)
    expect((await chen.seesCard()).card.text).toContain(`与${two}合并乘车,${whole}。`)
    // whoever rides along learns that the car comes back at another time
    await chen.presses('调整返回时间')
    await chen.presses('调整返回时间', { form: { until: '2026-11-30 12:20 +0800', word: '会议延长' } })
    const put = (await cardOf(wang, '返回时间调整')).card?.text
    expect(put).toContain(`与您的用车${two}合并乘车的${one}返回时间已调整`)
    expect(put).toContain('用车时间合计为11月30日(周一)09:00至12:20')
    await chen.says(`/用车 ${one}`)
    await chen.presses('调整返回时间')
    await chen.presses('调整返回时间', { form: { until: '2026-11-30 11:00 +0800', word: '会议如期结束' } })
    // six and the driver do not fit into what is left
    const forged = await jiang.forges(label, proposal)
    expect(forged.toast?.type).not.toBe('success')
    await jiang.says(`/用车 派〔2026〕${second.number?.seq}号`)
    await jiang.presses('改派')
    const split = await jiang.seesCard()
    expect(split.card.inputs.find(one => one.name === 'leaving')?.value).toBe('all')
    const other = split.card.inputs
      .find(one => one.name === 'vehicle')
      ?.options.find(one => !one.label.startsWith('江A00001'))
    const driver = split.card.inputs.find(one => one.name === 'driver')?.options
    const free = driver?.find(one => !one.label.startsWith(joinedDriver))
    const form = {
      ...untouched(split, 'dispatch'),
      vehicle: other?.value,
      driver: free?.value,
      leaving: String(second.id),
    }
    expect((await jiang.presses('改派', { on: split, form })).toast?.type).toBe('success')
    const left = await getRun(db(), run.id)
    expect([left.run.startsAt, left.run.endsAt]).toEqual([on('09:00', day), on('11:00', day)])
    expect(left.trips.map(({ id }) => id)).toEqual([first.id])
    const pilotOf = (name = '') => (name.startsWith('陈刚') ? gang : liang)
    expect((await cardOf(pilotOf(joinedDriver), '出车任务变更')).card?.text).toContain('当次其余用车任务不变')
    await wang.says(`/用车 派〔2026〕${second.number?.seq}号`)
    await wang.presses('取消用车')
    expect((await cardOf(pilotOf(free?.label), '出车任务变更')).card?.text).toMatch(
      new RegExp(`派〔2026〕${second.number?.seq}号.*前往青山镇政府.*的出车任务取消`),
    )
  })

  it('驾驶员没有账号的,由车管员代为登记;修理中的车不能出', async () => {
    const { jiang, chen, office } = cast
    const day = '2026-11-30'
    await cast.driver('常师傅')
    await cast.vehicle('江A00006', { home: '', fuel: 'electric' })
    const trip = await cast.trip(chen, { startsAt: on('14:30', day), endsAt: on('15:30', day), destination: '桃园' })
    const [own] = await rows<{ id: number }>(db(), `select id from drivers where name = '常师傅'`)
    const [car] = await rows<{ id: number }>(db(), `select id from vehicles where plate = '江A00006'`)
    await dispatches(trip, { driver: String(own?.id), vehicle: String(car?.id) })
    await office.moveTo('2026-11-30T14:30:00+08:00')
    await jiang.says(`/用车 派〔2026〕${trip.number?.seq}号`)
    await db().update(vehicles).set({ state: 'repair' }).where(eq(vehicles.plate, '江A00006'))
    await jiang.presses('出车')
    const run = await jiang.seesCard()
    expect(run.card.title).toBe('出车 · 待出车')
    expect((await jiang.presses('出车', { on: run, form: untouched(run, 'depart') })).toast?.content).toBe(
      '车辆维修,不能出车;请车管员改派',
    )
    await db().update(vehicles).set({ state: 'available' }).where(eq(vehicles.plate, '江A00006'))
    await db().update(drivers).set({ state: 'away' }).where(eq(drivers.name, '常师傅'))
    expect((await jiang.presses('出车', { on: run, form: untouched(run, 'depart') })).toast?.content).toBe(
      '驾驶员请假,不能出车;请车管员改派',
    )
    await db().update(drivers).set({ state: 'available' }).where(eq(drivers.name, '常师傅'))
    expect((await jiang.presses('出车', { on: run, form: untouched(run, 'depart') })).toast?.content).toBe(
      '已出车:江A00006',
    )
    const out = await jiang.seesCard()
    // nobody fills up a car without a tank
    expect(Object.keys(untouched(out, 'arrive')).join(' ')).toBe('odometer at route parkedAt toll parking remark')
    await jiang.presses('更正里程', { on: out })
    const wrong = await cardOf(jiang, '更正里程')
    expect(wrong.card?.inputs.map(({ name }) => name)).toEqual(['odometerOut', 'word'])
    const right = { odometerOut: '35190', word: '看错一位' }
    expect((await jiang.presses('更正里程', { on: wrong, form: right })).toast?.content).toBe('已更正里程')
    expect(await count(db(), `vehicles where plate = '江A00006' and odometer = 35190`)).toBe(1)
    expect(
      (await jiang.presses('回场', { on: out, form: { ...untouched(out, 'arrive'), odometer: '35210' } })).toast
        ?.content,
    ).toBe('请填写停放地点')
    await office.moveTo('2026-11-30T15:40:00+08:00')
    const back = { ...untouched(out, 'arrive'), odometer: '35210', parkedAt: '机关院内' }
    expect((await jiang.presses('回场', { on: out, form: back })).toast?.type).toBe('success')
  })

  it('自驾的不派驾驶员,由用车人或乘车人驾驶', async () => {
    const { jiang, chen, wang, office } = cast
    const day = '2026-11-30'
    const trip = await cast.trip(chen, {
      startsAt: on('16:00', day),
      endsAt: on('17:00', day),
      destination: '杏林',
      selfDrive: true,
      passengers: [wang.id],
      headcount: 2,
    })
    await dispatches(trip, { pilot: wang.id })
    const { run, driver } = await getRun(db(), (await getTrip(db(), trip.id)).run ?? 0)
    expect([run.pilot, driver]).toEqual([wang.id, undefined])
    expect((await cardOf(wang, '出车')).card?.text).toContain('王强(自驾)')
    // nobody drives two cars at once (CAR-27), neither by themselves nor by the roster
    const taken = { vehicle: run.vehicle + 1, startsAt: run.startsAt, endsAt: run.endsAt, pilot: wang.id }
    const by = { dispatchedBy: jiang.id, dispatchedAt: run.startsAt }
    expect(await openRun(db(), { ...taken, ...by, driver: undefined })).toBeUndefined()
    // whoever is still out by themselves is named
    const [other] = await rows<{ id: number }>(
      db(),
      `select id from vehicles where id <> ${run.vehicle} and state = 'available'`,
    )
    const [out] = await rows<{ id: number }>(
      db(),
      `insert into runs (rev, state, vehicle, pilot, starts_at, ends_at, departed_at, odometer_out, route, parked_at, remark, dispatched_by, dispatched_at)
       values (1, 'out', ${other?.id}, '${wang.id}', '${day}T10:00+08', '${day}T11:00+08', '${day}T10:00+08', 35200, '', '', '', '${jiang.id}', '${day}T09:00+08') returning id`,
    )
    const held = await cast.trip(chen, {
      state: 'underway',
      run: out?.id,
      startsAt: on('10:00', day),
      endsAt: on('11:00', day),
    })
    await office.moveTo(`${day}T16:00:00+08:00`)
    const order = await cardOf(wang, '出车')
    expect((await wang.presses('出车', { on: order, form: untouched(order, 'depart') })).toast?.content).toBe(
      `王强尚未回场(派〔2026〕${held.number?.seq}号),不能出车`,
    )
    await db().execute(`update trips set state = 'cancelled', run = null where id = ${held.id}`)
    await db().execute(`update runs set state = 'void' where id = ${out?.id}`)
  })

  it('未回场的车不能再出车;延长与后一任务冲突的不能延长,说明后一任务;可延长的告知各方', async () => {
    const { jiang, gang, chen, wang, office } = cast
    const day = '2026-12-01'
    const own = await rows<{ id: number }>(db(), `select id from drivers where name = '陈刚'`)
    const vehicle = await rows<{ id: number }>(db(), `select id from vehicles where plate = '江A00002'`)
    const chosen = { driver: String(own[0]?.id), vehicle: String(vehicle[0]?.id) }
    const first = await cast.trip(chen, { startsAt: on('09:00', day), endsAt: on('11:00', day), destination: '石桥' })
    const next = await cast.trip(wang, { startsAt: on('11:30', day), endsAt: on('12:00', day), destination: '柳林' })
    await dispatches(first, chosen)
    await dispatches(next, chosen)
    await office.moveTo('2026-12-01T09:00:00+08:00')
    const cards = async () => (await gang.messages()).filter(one => one.card?.title.startsWith('出车'))
    const find = async (words: string): Promise<Seen> => {
      const found = (await cards()).filter(one => one.card?.text.includes(words)).at(-1)
      if (!found) throw new Error(`no card of ${words}`)
      return found
    }
    const firstCard = await find('石桥')
    await gang.presses('出车', { on: firstCard, form: untouched(firstCard, 'depart') })
    const nextCard = await find('柳林')
    expect((await gang.presses('出车', { on: nextCard, form: untouched(nextCard, 'depart') })).toast?.content).toBe(
      `江A00002尚未回场(派〔2026〕${first.number?.seq}号),不能出车`,
    )
    const reschedule = async (person: TestPerson, until: string, word = '会议延长') => {
      await person.says(`/用车 派〔2026〕${first.number?.seq}号`)
      await person.presses('调整返回时间')
      return person.presses('调整返回时间', { form: { until, word } })
    }
    expect((await reschedule(chen, '2026-12-01 12:30 +0800')).toast?.content).toBe(
      `江A00002在12月1日(周二)11:30至12:00已有任务(派〔2026〕${next.number?.seq}号),申请人王强,不能延长;请与车管员联系,改派后续用车后再调整`,
    )
    expect((await getTrip(db(), first.id)).endsAt).toEqual(on('11:00', day))
    expect((await reschedule(chen, '2026-12-01 11:20 +0800')).toast?.content).toBe('已调整返回时间')
    expect((await cardOf(gang, '返回时间调整')).card?.text).toContain('11:20')
    const onTheWay = await find('石桥')
    await gang.presses('调整返回时间', { on: onTheWay })
    const form = (await gang.messages()).find(one => one.message_id === onTheWay.message_id) ?? onTheWay
    const put = await gang.presses('调整返回时间', {
      on: form,
      form: { until: '2026-12-01 11:10 +0800', word: '提前结束' },
    })
    expect(put.toast?.content).toBe('已调整返回时间')
    expect((await cardOf(jiang, '返回时间调整')).card?.text).toContain('理由:提前结束(陈刚)')
    const { run } = await getRun(db(), (await getTrip(db(), first.id)).run ?? 0)
    expect(run.endsAt).toEqual(on('11:10', day))
    await jiang.says('/用车 待派')
  })

  it('延长到非工作时间或过夜的,出车前须重新审批;在途的由分管领导补办,并告知办公室', async () => {
    const { chen, li, office } = cast
    const zhang = office.person('张明')
    await office.person('刘芳').says('/角色 @张明 分管领导')
    const day = '2026-12-02'
    const trip = await cast.trip(chen, { startsAt: on('14:30', day), endsAt: on('17:00', day), destination: '枫林' })
    await dispatches(trip)
    await office.moveTo('2026-12-02T09:00:00+08:00')
    const reschedule = async (until: string) => {
      await chen.says(`/用车 派〔2026〕${trip.number?.seq}号`)
      await chen.presses('调整返回时间')
      return (await chen.presses('调整返回时间', { form: { until, word: '现场处置' } })).toast?.content
    }
    expect(await reschedule('2026-12-03 10:00 +0800')).toBe('由此新增过夜,须重新审批,请由申请人修改用车申请')
    expect((await getTrip(db(), trip.id)).endsAt).toEqual(on('17:00', day))
    await db().execute(`update runs set state = 'out' where id = (select run from trips where id = ${trip.id})`)
    await db().execute(`update trips set state = 'underway' where id = ${trip.id}`)
    expect(await reschedule('2026-12-03 10:00 +0800')).toBe(
      '已调整返回时间。由此新增过夜,已请分管领导补办审批,并告知办公室',
    )
    expect((await li.sees()).words).toContain('由此新增:过夜(陈晨申请,理由:现场处置)')
    const asked = await zhang.seesCard()
    expect(asked.card.tags).toEqual(['待补办'])
    expect(asked.words).toContain('延长返回 原批准至12月2日(周三)17:00 · 补办时限:12月3日(周四)17:30')
    expect(asked.words).toContain('分管领导 张明(出车后延长返回时间,由此新增过夜。) · 待补办')
    expect(asked.card.buttons.map(({ label }) => label)).toEqual(['派车单', '同意补办', '不同意补办'])
    const asks = async () => (await getTrip(db(), trip.id)).steps.filter(({ by }) => by === 'FG')
    // once more on the same day asks nobody twice
    const heard = (await zhang.messages()).length
    expect(await reschedule('2026-12-03 12:00 +0800')).toBe('已调整返回时间')
    expect([(await asks()).length, (await zhang.messages()).length]).toEqual([1, heard])
    expect(approvedUntil(await getTrip(db(), trip.id))).toEqual(on('17:00', day))
    // every further night is one more, before and after it is agreed to
    expect(await reschedule('2026-12-04 10:00 +0800')).toContain('由此新增过夜')
    expect((await asks()).length).toBe(1)
    // whoever saw until when it was before agrees to that only
    expect((await zhang.forges('同意补办', asked)).toast?.content).toBe('卡片已过期,请以最新卡片为准')
    await zhang.presses('同意补办', { on: await cardOf(zhang, '用车 · 已出车') })
    expect(approvedUntil(await getTrip(db(), trip.id))).toEqual(on('10:00', '2026-12-04'))
    // neither does what was put forward in between count anew
    expect(await reschedule('2026-12-03 10:00 +0800')).toBe('已调整返回时间')
    expect(await reschedule('2026-12-04 10:00 +0800')).toBe('已调整返回时间')
    expect(await reschedule('2026-12-04 19:00 +0800')).toContain('由此新增非工作时间用车,已请分管领导补办')
    expect(await reschedule('2026-12-07 10:00 +0800')).toContain('由此新增休息日用车、过夜,已请分管领导补办')
    expect((await asks()).map(({ decision, why }) => [decision?.by, why.length])).toEqual([
      [zhang.id, 1],
      [undefined, 2],
    ])
    const owed = await getTrip(db(), trip.id)
    expect(owed.findings.map(({ rule }) => rule)).toEqual(['CAR-34', 'CAR-16', 'CAR-17'])
    expect([approvedUntil(owed), owed.urgent?.dueAt]).toEqual([on('10:00', '2026-12-04'), on('17:30', '2026-12-03')])
    // not given in time: 办公室主任 read it, and it stays to be done
    await office.moveTo('2026-12-04T08:31:00+08:00')
    expect((await li.messages()).map(({ words }) => words).join()).toContain(
      '补办时限12月3日(周四)17:30已过,尚未补办审批手续',
    )
    await zhang.says('/待办')
    expect((await zhang.sees()).words).toContain('枫林')
  })

  it('超时两小时未归的告知驾驶员、申请人和车管员各一次;下班仍未回的告知办公室', async () => {
    const { jiang, gang, chen, li, office } = cast
    const day = '2026-12-04'
    const own = await rows<{ id: number }>(db(), `select id from drivers where name = '陈刚'`)
    await db().update(vehicles).set({ state: 'available' }).where(eq(vehicles.plate, '江A00004'))
    const vehicle = await rows<{ id: number }>(db(), `select id from vehicles where plate = '江A00004'`)
    // what is out of the days before comes back first
    await db().execute(
      `update runs set state = 'back', returned_at = ends_at, odometer_in = odometer_out where state = 'out'`,
    )
    const trip = await cast.trip(chen, { startsAt: on('09:00', day), endsAt: on('11:00', day), destination: '白云' })
    await dispatches(trip, { driver: String(own[0]?.id), vehicle: String(vehicle[0]?.id) })
    await office.moveTo('2026-12-04T09:00:00+08:00')
    const order = (await gang.messages())
      .filter(one => one.card?.text.includes('白云') && one.card.title.startsWith('出车'))
      .at(-1)
    if (!order) throw new Error('no card')
    await gang.presses('出车', { on: order, form: untouched(order, 'depart') })
    await office.moveTo('2026-12-04T12:59:00+08:00')
    const told = async (person: TestPerson) =>
      (await person.messages()).filter(
        one => one.card?.title === '车辆超时未归' && one.card.text.includes(`${trip.number?.seq}号`),
      ).length
    expect([await told(gang), await told(chen), await told(jiang)]).toEqual([0, 0, 0])
    await office.moveTo('2026-12-04T16:00:00+08:00')
    expect([await told(gang), await told(chen), await told(jiang), await told(li)]).toEqual([1, 1, 1, 0])
    await office.moveTo('2026-12-07T08:31:00+08:00')
    expect([await told(gang), await told(chen), await told(jiang)]).toEqual([1, 1, 1])
    expect((await jiang.messages()).at(-1)?.words).toContain('车辆超时未归 1项')
    const words = (await li.messages()).map(one => one.words).join('\n')
    expect(words).toContain('下班时未回场,未报批过夜。车辆须回单位或指定地点停放')
  })

  it('爽约须到时间、有情况说明;登记后车辆和驾驶员空出', async () => {
    const { jiang, wang, office } = cast
    const day = '2026-12-08'
    const trip = await cast.trip(wang, { startsAt: on('09:00', day), endsAt: on('11:00', day), destination: '黄土岗' })
    await office.moveTo('2026-12-07T09:00:00+08:00')
    await dispatches(trip)
    const { run } = await getTrip(db(), trip.id)
    const say = async () => {
      await jiang.says(`/用车 派〔2026〕${trip.number?.seq}号`)
      await jiang.presses('登记爽约')
      return jiang.presses('登记爽约', { form: { word: '未到上车点,电话未接' } })
    }
    expect((await say()).toast?.content).toBe('尚未到出发时间;不再需要用车的,请由申请人取消用车')
    await office.moveTo('2026-12-08T09:30:00+08:00')
    expect((await say()).toast?.content).toBe('已登记爽约')
    expect((await getTrip(db(), trip.id)).state).toBe('missed')
    expect(await count(db(), `runs where id = ${run} and state = 'void'`)).toBe(1)
    expect((await cardOf(wang, '用车爽约登记')).card?.text).toContain('未到上车点,电话未接')
  })

  it('派车单可打印:4.4 各项齐全,电话只给申请人、驾驶员和车管员', async () => {
    const { chen, wang, gang, li, office } = cast
    await office.moveTo('2026-12-08T10:00:00+08:00')
    const trip = await cast.trip(chen, {
      startsAt: on('15:00', '2026-12-09'),
      endsAt: on('17:00', '2026-12-09'),
      destination: '梅岭',
      passengers: [wang.id],
      headcount: 2,
      basis: '政法办〔2026〕7号',
    })
    await dispatches(trip)
    const ordered = async (person: TestPerson): Promise<string> => {
      await person.says(`/用车 派〔2026〕${trip.number?.seq}号`)
      await person.presses('派车单')
      const file = (await filesOf(office, person)).at(-1)
      expect(file?.name).toBe(`派车单 派〔2026〕${trip.number?.seq}号.docx`)
      const xml = unzip(file?.bytes ?? Buffer.alloc(0)).get('word/document.xml') ?? ''
      return [...xml.matchAll(/<w:t[^>]*>([^<]*)<\/w:t>/g)].map(([, text = '']) => unescaped(text)).join('\n')
    }
    const own = await ordered(chen)
    const LABELS =
      '申请人 用车类别 用车人 事由 依据 行程范围 出发地 目的地 计划出发 计划返回 审批记录 车辆 驾驶员 出车里程表 回场里程表 实际行程 行驶里程 费用 停放地点 乘车人确认 车管员核对 备注'
    for (const label of LABELS.split(' ')) expect(own).toContain(label)
    expect(own).toContain('13900000001')
    expect(own).toMatch(/138\d{8}/)
    expect(own).toContain('政法办〔2026〕7号')
    expect(await ordered(wang)).not.toMatch(/1[39]\d{9}/)
    await db().update(trips).set({ ground: 'duty' }).where(eq(trips.id, trip.id))
    expect(await ordered(wang)).not.toContain('政法办〔2026〕7号')
    expect(await ordered(chen)).toContain('政法办〔2026〕7号')
    expect(await ordered(li)).not.toMatch(/1[39]\d{9}/)
    expect(gang.id).not.toBe('')
  })

  it('派车、出车只限有权的人;编造的编号和读数一律不认', async () => {
    const { jiang, chen, wang, gang, liang } = cast
    const trip = await cast.trip(chen, {
      startsAt: on('09:00', '2026-12-10'),
      endsAt: on('11:00', '2026-12-10'),
      destination: '竹溪',
    })
    await expect(chen.says('/用车 待派')).resolves.toBeTruthy()
    expect((await chen.sees()).words).toContain('待派车列表仅限车管员和办公室主任使用')
    await jiang.says('/用车 待派')
    const list = await jiang.seesCard()
    await jiang.presses('派车', {
      on: list,
      nth: list.card.buttons.filter(one => one.label === '派车').findIndex(one => one.value.id === trip.id),
    })
    const proposal = await jiang.seesCard()
    const form = untouched(proposal, 'dispatch')
    expect((await chen.forges('派车', proposal, form)).toast?.content).toBe('此按钮仅限车管员使用')
    expect((await wang.forges('派车', proposal, form)).toast?.content).toBe('未找到该用车申请')
    for (const vehicle of ['999999', 'abc', '-1'])
      expect((await jiang.presses('派车', { on: proposal, form: { ...form, vehicle } })).toast?.type).toBe('error')
    expect((await getTrip(db(), trip.id)).state).toBe('approved')
    const own = proposal.card.inputs
      .find(one => one.name === 'driver')
      ?.options.find(one => one.label.startsWith('陈刚'))
    await jiang.presses('派车', { on: proposal, form: { ...form, driver: own?.value } })
    const order = await cardOf(gang, '出车')
    expect(order.card?.text).toContain('竹溪')
    expect((await liang.forges('出车', order, untouched(order, 'depart'))).toast?.type).toBe('error')
    const read = untouched(order, 'depart')
    const asked = (await wang.forges('出车', order, read)).toast
    const unknown = await cast.office.send<ClickAnswer>('POST', '/sim/raw-click', {
      as: wang.id,
      message_id: order.message_id,
      action: { tag: 'button', value: { action: 'car.depart', run: 999_999, rev: 1 }, form_value: read },
    })
    expect(asked).toEqual({ type: 'error', content: '未找到该用车申请' })
    expect(unknown.toast).toEqual(asked)
    expect((await getTrip(db(), trip.id)).state).toBe('dispatched')
  })

  it('未关联账号的驾驶员,建议和派车结果都写明请电话通知', async () => {
    const { jiang, wang } = cast
    const span = { startsAt: on('09:00', '2026-12-11'), endsAt: on('11:00', '2026-12-11') }
    const trip = await cast.trip(wang, { ...span, destination: '松山' })
    const [own] = await rows<{ id: number }>(db(), `select id from drivers where name = '常师傅'`)
    await jiang.says(`/用车 派〔2026〕${trip.number?.seq}号`)
    await jiang.presses('派车')
    const proposal = await jiang.seesCard()
    const choice = proposal.card.inputs
      .find(({ name }) => name === 'driver')
      ?.options.find(({ value }) => value === String(own?.id))
    expect(choice?.label).toContain('未关联账号')
    const form = { ...untouched(proposal, 'dispatch'), driver: String(own?.id) }
    expect((await jiang.presses('派车', { on: proposal, form })).toast?.content).toMatch(
      /^已派车:江A0000\d 常师傅。该驾驶员未关联账号,请电话通知 13800000001$/,
    )
  })

  it('派车后改了电话、备注的告知驾驶员;驾驶员回复的记下并告知车管员', async () => {
    const { jiang, chen, gang, wang } = cast
    const span = { startsAt: on('14:30', '2026-12-11'), endsAt: on('16:00', '2026-12-11') }
    const trip = await cast.trip(chen, { ...span, destination: '云岭' })
    const [own] = await rows<{ id: number }>(db(), `select id from drivers where name = '陈刚'`)
    await dispatches(trip, { driver: String(own?.id) })
    await chen.says(`/用车 派〔2026〕${trip.number?.seq}号`)
    await chen.presses('修改')
    const filled = Object.fromEntries(
      (await chen.seesCard()).card.inputs
        .filter(({ value }) => value !== undefined)
        .map(({ name, tag, value }) => [name, tag === 'picker_datetime' ? `${String(value)} +0800` : value]),
    )
    const edit = { ...filled, phone: '13700000009', remark: '请到东门' }
    expect((await chen.presses('保存并重新送审', { form: edit })).toast?.content).toBe('已修改')
    expect((await getTrip(db(), trip.id)).state).toBe('dispatched')
    const told = await cardOf(gang, '出车任务变更')
    for (const words of ['13700000009', '请到东门']) expect(told.card?.text).toContain(words)
    const order = (await gang.messages()).findLast(
      ({ card }) => card?.title.startsWith('出车 ·') && card.text.includes('云岭'),
    )
    if (!order) throw new Error('no card')
    expect(order.card?.text).toContain('13700000009')
    expect(order.card?.text).toContain('请到东门')

    await gang.says('出车', { replyTo: order })
    expect((await gang.sees()).words).toContain('请在卡片上办理')
    await gang.says('左后轮胎压偏低,先去充气', { replyTo: order })
    expect((await gang.sees()).words).toBe('已记录,已告知车管员')
    expect((await cardOf(jiang, '出车留言')).card?.text).toContain('陈刚:左后轮胎压偏低,先去充气')
    await jiang.says(`/用车 派〔2026〕${trip.number?.seq}号`)
    expect((await jiang.seesCard()).words).toContain('左后轮胎压偏低,先去充气')
    expect((await wang.messages()).filter(({ words }) => words.includes('胎压'))).toEqual([])
  })

  it('用完车时间仍未派车的排在待派最后,由车管员登记未派并告知申请人', async () => {
    const { jiang, chen, wang, office } = cast
    const day = '2026-12-10'
    await office.moveTo('2026-12-10T08:30:00+08:00')
    const stale = await cast.trip(chen, { startsAt: on('09:00', day), endsAt: on('10:00', day), destination: '竹溪' })
    const late = await cast.trip(wang, { startsAt: on('09:30', day), endsAt: on('17:00', day), destination: '梅岭' })
    const soon = await cast.trip(wang, { startsAt: on('15:00', day), endsAt: on('17:00', day), destination: '松山' })
    const lapse = { id: stale.id, rev: stale.rev, action: 'car.lapse' }
    const early = () =>
      office.send<{ toast: { content: string } }>('POST', '/sim/raw-click', {
        as: jiang.id,
        message_id: listed.message_id,
        action: { tag: 'button', value: lapse, form_value: { word: '无车可派' } },
      })
    await jiang.says('/用车 待派')
    const listed = await jiang.seesCard()
    const past = (text: string) =>
      text.split('\n').flatMap(line => (line.includes('已过出车时间') ? (/梅岭|松山|竹溪/.exec(line) ?? []) : []))
    expect(past(listed.card.text)).toEqual([])
    expect((await early()).toast.content).toBe('尚未到出发时间;不再需要用车的,请由申请人取消用车')

    await office.moveTo('2026-12-10T10:01:00+08:00')
    await jiang.says('/用车 待派')
    const list = await jiang.seesCard()
    const at = (words: string) => list.card.text.indexOf(words)
    expect(at('梅岭')).toBeLessThan(at('松山'))
    expect(at('松山')).toBeLessThan(at('竹溪'))
    expect(past(list.card.text)).toEqual(['梅岭', '竹溪'])
    // no car is offered for what is over
    const offered = list.card.buttons.filter(({ label }) => label === '派车').map(({ value }) => value.id)
    expect([stale, late, soon].map(({ id }) => offered.includes(id))).toEqual([false, true, true])
    // what got no car waits for the dispatcher until it is put down as such, however long ago
    await jiang.says('/待办')
    expect((await jiang.seesCard()).words).toMatch(/待派车 青山镇 · 派〔2026〕\d+号 · 11月30日/)
    await jiang.says(`/用车 派〔2026〕${stale.number?.seq}号`)
    expect((await jiang.seesCard()).card.buttons.map(({ label }) => label)).toEqual(['登记未派'])
    expect((await jiang.presses('登记未派', { form: { word: '' } })).toast?.content).toBe('请填写登记未派的理由')
    expect((await jiang.presses('登记未派', { form: { word: '车辆全部派出' } })).toast?.content).toBe('已登记未派')
    expect((await getTrip(db(), stale.id)).state).toBe('cancelled')
    const told = await cardOf(chen, '用车 · 已取消')
    expect(told.words).toContain('蒋勇 已登记未派 · 12月10日(周四)10:01 · 理由:车辆全部派出')
    await chen.says(`/用车 派〔2026〕${late.number?.seq}号`)
    expect((await chen.seesCard()).card.buttons.map(({ label }) => label)).not.toContain('登记未派')
    await dispatches(late)
    await dispatches(soon)
  })

  it('到时未登记出车的,半小时后问驾驶员一次,用车时间过后告知车管员一次', async () => {
    const { jiang, gang, office } = cast
    const asked = async () =>
      (await gang.messages()).filter(
        ({ card }) => card?.title === '请登记出车' && card.text.includes('12月11日(周五)14:30至16:00'),
      ).length
    const told = async () =>
      (await jiang.messages()).filter(({ words }) => words.includes('计划12月11日(周五)14:30至16:00,未登记出车')).length
    await office.moveTo('2026-12-11T14:59:00+08:00')
    await office.settled()
    expect([await asked(), await told()]).toEqual([0, 0])
    await office.moveTo('2026-12-11T15:01:00+08:00')
    await office.settled()
    expect([await asked(), await told()]).toEqual([1, 0])
    await office.moveTo('2026-12-11T16:01:00+08:00')
    await office.settled()
    expect([await asked(), await told()]).toEqual([1, 1])
    await office.moveTo('2026-12-11T17:00:00+08:00')
    await office.settled()
    expect([await asked(), await told()]).toEqual([1, 1])
  })

  it('自驾未回场的,不能再自驾另一辆车出车', async () => {
    const { chen } = cast
    const day = '2026-12-23'
    const dispatched = async (from: string, to: string) => {
      const span = { startsAt: on(from, day), endsAt: on(to, day) }
      const trip = await cast.trip(chen, { ...span, selfDrive: true, destination: '海港' })
      await dispatches(trip, { pilot: chen.id })
      return (await getTrip(db(), trip.id)).run ?? 0
    }
    const first = await dispatched('09:00', '10:00')
    const card = await cardOf(chen, '出车')
    const second = await dispatched('10:30', '11:30')
    const next = await cardOf(chen, '出车')
    const [one, other] = await Promise.all([getRun(db(), first), getRun(db(), second)])
    // another car, so that it is the person alone that is not back
    await rows(
      db(),
      `update runs set vehicle = (select id from vehicles where id not in (${one.vehicle.id}, ${other.vehicle.id}) and state = 'available' order by id limit 1) where id = ${second}`,
    )
    await cast.office.moveTo(`${day}T09:00:00+08:00`)
    await chen.presses('出车', { on: card, form: untouched(card, 'depart') })
    await cast.office.moveTo(`${day}T10:35:00+08:00`)
    const said = { ...untouched(next, 'depart'), odometer: '35200', remark: '核对无误' }
    const refused = await chen.presses('出车', { on: next, form: said })
    expect(refused.toast?.content).toBe(`陈晨尚未回场(${numbersOf(one)}),不能出车`)
    expect((await getRun(db(), second)).run.state).toBe('planned')
    // whatever comes past the question, the database holds to it
    await expect(
      rows(db(), `update runs set state = 'out', departed_at = now() where id = ${second}`),
    ).rejects.toThrow()
    await rows(db(), `update runs set state = 'void' where id in (${first}, ${second})`)
  })
})
