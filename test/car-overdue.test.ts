import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { getTrip } from '../db/car.ts'
import { getRun } from '../db/car-full-run.ts'
import type { Trip } from '../src/office/car/trip.ts'
import { kinds } from './harness/databases.ts'
import { type FleetCast, on, openFleet, untouched } from './harness/fleet.ts'
import type { Seen, TestPerson } from './harness/office.ts'
import { count } from './harness/traces.ts'

describe.each(kinds)('用车:过了出发时间、用车时间的登记 on %s', kind => {
  let cast: FleetCast
  let driver: number
  beforeAll(async () => {
    cast = await openFleet({ kind })
    await cast.vehicle('江A00001')
    driver = await cast.driver('陈刚', { person: cast.gang.id })
    await cast.office.inStep()
  })
  afterAll(() => cast.office.close())

  const db = () => cast.office.database.db
  const numberOf = ({ number }: Trip) => `派〔2026〕${number?.seq}号`
  const stateOf = async ({ id }: Trip) => (await getTrip(db(), id)).state
  const moveTo = async (clock: string, day: string) => {
    await cast.office.moveTo(`${day}T${clock}:00+08:00`)
    await cast.office.settled()
  }

  async function dispatched(destination: string, hours: [string, string], day: string): Promise<Trip> {
    const { jiang, chen } = cast
    const span = { startsAt: on(hours[0], day), endsAt: on(hours[1], day) }
    const trip = await cast.trip(chen, { ...span, destination, phone: '13900000001' })
    await jiang.says(`/用车 ${numberOf(trip)}`)
    await jiang.presses('派车')
    const proposal = await jiang.seesCard()
    const form = { ...untouched(proposal, 'dispatch'), driver: String(driver) }
    expect((await jiang.presses('派车', { on: proposal, form })).toast?.type).toBe('success')
    return trip
  }

  /** The driver's card of a run. */
  async function orderOf(destination: string): Promise<Seen> {
    const found = (await cast.gang.messages()).findLast(
      ({ card }) => card?.title.startsWith('出车 ·') && card.text.includes(destination),
    )
    if (!found) throw new Error(`no card of ${destination}`)
    return found
  }

  async function departs(destination: string, at?: string, remark = ''): Promise<string | undefined> {
    const order = await orderOf(destination)
    const form = { ...untouched(order, 'depart'), ...(at ? { at: `${at} +0800` } : {}), remark }
    return (await cast.gang.presses('出车', { on: order, form })).toast?.content
  }

  async function returns(destination: string, at: string): Promise<string | undefined> {
    const out = await orderOf(destination)
    const form = { ...untouched(out, 'arrive'), odometer: '35200', at: `${at} +0800` }
    return (await cast.gang.presses('回场', { on: out, form })).toast?.content
  }

  const told = async (person: TestPerson, title: string, trip: Trip) =>
    (await person.messages()).filter(({ card }) => card?.title === title && card.text.includes(numberOf(trip))).length

  it('用车时间已过的不能再出车;当日可先调整返回时间', async () => {
    const { chen } = cast
    const day = '2026-11-25'
    const trip = await dispatched('石桥', ['09:00', '11:00'], day)
    await moveTo('14:00', day)
    const over =
      '计划用车时间(至11月25日(周三)11:00)已过,不能出车。已出车的,请填写实际出车时间;尚未出车的,请先调整返回时间,或由车管员登记爽约后重新申请'
    expect(await departs('石桥')).toBe(over)
    expect(await departs('石桥', '2026-11-25 13:45')).toBe(over)
    expect(await stateOf(trip)).toBe('dispatched')

    const reschedule = async (until: string) => {
      await chen.says(`/用车 ${numberOf(trip)}`)
      await chen.presses('调整返回时间')
      return (await chen.presses('调整返回时间', { form: { until: `${until} +0800`, word: '会议改在下午' } })).toast
        ?.content
    }
    // what would have to be approved anew is not sent to a button that is closed by now
    expect(await reschedule('2026-11-25 20:00')).toBe(
      '由此新增非工作时间用车,须重新审批;出发时间已过,请由车管员登记爽约后重新申请',
    )
    expect(await reschedule('2026-11-25 16:00')).toBe('已调整返回时间')
    expect(await departs('石桥')).toBe('已出车:江A00001')
    await moveTo('15:30', day)
    expect(await returns('石桥', '2026-11-25 15:30')).toBe('已回场:江A00001,行驶0公里')
  })

  it('按时出车而事后才登记的,随后仍未登记回场的照常告知超时、过夜;接着补登回场的不打扰', async () => {
    const { jiang, gang, chen, li } = cast
    const day = '2026-11-26'
    const trip = await dispatched('柳林', ['09:00', '11:00'], day)
    await moveTo('17:40', day)
    expect(await departs('柳林', '2026-11-26 09:00')).toBe('已出车:江A00001')
    const late = () => Promise.all([gang, chen, jiang].map(person => told(person, '车辆超时未归', trip)))
    await moveTo('17:50', day)
    expect(await late()).toEqual([0, 0, 0])
    await moveTo('18:11', day)
    expect(await late()).toEqual([1, 1, 1])
    await moveTo('19:30', day)
    expect(await late()).toEqual([1, 1, 1])
    await moveTo('08:31', '2026-11-27')
    expect((await li.messages()).map(({ words }) => words).join('\n')).toContain(
      `${numberOf(trip)}车辆江A00001(驾驶员陈刚)下班时未回场,未报批过夜`,
    )
    expect(await returns('柳林', '2026-11-26 19:00')).toBe('已回场:江A00001,行驶0公里')

    const other = await dispatched('枫林', ['09:00', '10:00'], '2026-11-27')
    await moveTo('17:00', '2026-11-29')
    expect(await departs('枫林', '2026-11-27 09:00')).toBe('已出车:江A00001')
    await moveTo('17:10', '2026-11-29')
    expect(await returns('枫林', '2026-11-27 10:00')).toBe('已回场:江A00001,行驶0公里')
    await moveTo('12:00', '2026-11-30')
    expect(await told(gang, '车辆超时未归', other)).toBe(0)
  })

  it('同日可以提前出车;提前到前一日的须重新审批', async () => {
    const day = '2026-12-02'
    await dispatched('竹溪', ['08:30', '11:00'], day)
    await moveTo('23:00', '2026-12-01')
    expect(await departs('竹溪')).toBe('提前至计划日期之前出车的,须由申请人修改用车申请,重新审批')
    await moveTo('00:30', day)
    expect(await departs('竹溪')).toBe('已出车:江A00001')
    await moveTo('11:00', day)
    expect(await returns('竹溪', '2026-12-02 11:00')).toBe('已回场:江A00001,行驶0公里')
  })

  it('已在计划用车时间之外出车的,说明后如实补登', async () => {
    const day = '2026-12-02'
    await dispatched('白云', ['13:00', '14:00'], day)
    await moveTo('16:00', day)
    expect(await departs('白云', '2026-12-02 14:20')).toBe('出车时间不在计划用车时间内,请核对;如无误,请填写说明')
    expect(await departs('白云', '2026-12-02 14:20', '会后才出发')).toBe('已出车:江A00001')
    expect(await returns('白云', '2026-12-02 15:00')).toBe('已回场:江A00001,行驶0公里')
  })

  it('派车后过了出发时间的,不能取消,也不能改到车辆作废;爽约、补登照常办理', async () => {
    const { jiang, chen, office } = cast
    const day = '2026-12-03'
    const trip = await dispatched('梅岭', ['09:00', '11:00'], day)
    await chen.says(`/用车 ${numberOf(trip)}`)
    const before = await chen.seesCard()
    expect(before.card.buttons.map(({ label }) => label)).toContain('取消用车')
    const cancel = before.card.buttons.find(({ label }) => label === '取消用车')
    await moveTo('09:00', day)
    await chen.says(`/用车 ${numberOf(trip)}`)
    const after = await chen.seesCard()
    const labels = after.card.buttons.map(({ label }) => label)
    expect([labels.includes('取消用车'), labels.includes('修改')]).toEqual([false, true])
    const gone = '出发时间已过。未成行的,请车管员登记爽约;已成行的,请补登出车、回场'
    if (!cancel) throw new Error('no button')
    expect((await chen.clicks(before.message_id, cancel)).toast?.content).toBe(gone)
    await office.settled()
    await chen.says('取消用车', { replyTo: after })
    expect((await chen.sees()).words).toContain(gone)

    const edit = async (change: Record<string, unknown>) => {
      await chen.says(`/用车 ${numberOf(trip)}`)
      await chen.presses('修改')
      const filled = Object.fromEntries(
        (await chen.seesCard()).card.inputs
          .filter(({ value }) => value !== undefined)
          .map(({ name, tag, value }) => [name, tag === 'picker_datetime' ? `${String(value)} +0800` : value]),
      )
      return (await chen.presses('保存并重新送审', { form: { ...filled, ...change } })).toast?.content
    }
    expect(await edit({ starts: '2026-12-03 14:30 +0800', ends: '2026-12-03 17:00 +0800' })).toBe(gone)
    const { run } = await getTrip(db(), trip.id)
    expect([await stateOf(trip), (await getRun(db(), run ?? 0)).run.state]).toEqual(['dispatched', 'planned'])
    // where to reach somebody may change as long as the car is expected
    expect(await edit({ phone: '13700000009' })).toBe('已修改')
    expect(await stateOf(trip)).toBe('dispatched')

    await moveTo('09:30', day)
    await jiang.says(`/用车 ${numberOf(trip)}`)
    await jiang.presses('登记爽约')
    expect((await jiang.presses('登记爽约', { form: { word: '未到上车点' } })).toast?.content).toBe('已登记爽约')
    expect(await count(db(), `runs where id = ${run} and state = 'void'`)).toBe(1)
  })
})
