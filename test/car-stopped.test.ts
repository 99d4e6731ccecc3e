import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { numberText } from '../src/office/car/trip.ts'
import { fleetIn } from './harness/cars.ts'
import { kinds } from './harness/databases.ts'
import { type FleetCast, on, openFleet } from './harness/fleet.ts'
import type { Seen, TestPerson } from './harness/office.ts'
import { rows } from './harness/traces.ts'

describe.each(kinds)('用车:已有任务的车报修 on %s', kind => {
  let cast: FleetCast
  let liang: TestPerson
  let zhang: TestPerson
  let unit: string
  beforeAll(async () => {
    cast = await openFleet({ kind })
    const admin = cast.office.person('刘芳')
    liang = cast.liang
    zhang = cast.office.person('张明')
    for (const line of ['/角色 @沈亮 车管员 办公室', '/角色 @张明 车管员']) await admin.says(line)
    await cast.driver('陈刚', { person: cast.gang.id })
    await cast.office.inStep()
    const db = cast.office.database.db
    unit = (await rows<{ id: string }>(db, `select id from departments where name = '办公室'`))[0]?.id ?? ''
  })
  afterAll(() => cast.office.close())

  const db = () => cast.office.database.db
  const cardsOf = async (person: TestPerson, title: string): Promise<Seen[]> =>
    (await person.messages()).filter(({ card }) => card?.title === title)
  const saidTo = async (person: TestPerson): Promise<string> => (await cardsOf(person, '车辆停用')).at(-1)?.words ?? ''
  const heldFor = async (person: TestPerson): Promise<string[]> =>
    (await rows<{ line: string }>(db(), `select line from held_lines where person = '${person.id}'`)).map(
      ({ line }) => line,
    )

  /** A vehicle with trips that are to leave with it: when, and of which unit. */
  async function planned(plate: string, ...each: Array<[string, string, string, string?]>): Promise<string[]> {
    const vehicle = await cast.vehicle(plate)
    const numbers: string[] = []
    for (const [day, from, to, of = ''] of each) {
      const run = await fleetIn(db()).run(vehicle, [`${day}T${from}`, `${day}T${to}`])
      const span = { startsAt: on(from, day), endsAt: on(to, day) }
      const trip = await cast.trip(cast.chen, { ...span, state: 'dispatched', run, unit: of })
      if (trip.number) numbers.push(numberText(trip.number))
    }
    return numbers
  }

  /** Whoever drives, or keeps it, says that a vehicle is broken. */
  async function report(who: TestPerson, plate: string, stops = 'yes') {
    if (who.id === cast.gang.id) await who.says('/用车 保养')
    else await who.says(`/用车 车辆 ${plate}`)
    await who.presses('报修')
    const { card } = await who.seesCard()
    const vehicle = card.inputs
      .find(({ name }) => name === 'vehicle')
      ?.options.find(({ label }) => label.includes(plate))?.value
    const form = { vehicle, fault: '制动异响', place: '某某修理厂', estimate: '', stops }
    expect((await who.presses('提交报修', { form })).toast?.content).toContain('已提交')
    await cast.office.settled()
  }

  it('不能使用的:车管员当即得知有哪些任务要改派;他人负责单位的只得知本单位的;驳回后得知要恢复', async () => {
    const { jiang, gang, li, chen } = cast
    const [house = '', own = ''] = await planned(
      '江A10001',
      ['2026-11-25', '09:00', '12:00'],
      ['2026-11-25', '14:00', '17:00', unit],
    )
    await report(gang, '江A10001')
    const told = await saidTo(jiang)
    expect(told).toContain(
      `车辆江A10001已报修停用,尚有待出车任务:${house} 11月25日(周三)09:00至12:00;${own} 11月25日(周三)14:00至17:00,请改派`,
    )
    expect(await saidTo(zhang)).toBe(told)
    expect(await saidTo(liang)).toContain(`尚有待出车任务:${own} 11月25日(周三)14:00至17:00,请改派`)
    expect(await saidTo(liang)).not.toContain(house)
    for (const other of [gang, li, chen]) expect(await saidTo(other), other.name).toBe('')
    await jiang.presses(`查看${house}`, { on: (await cardsOf(jiang, '车辆停用')).at(-1) as Seen })
    expect((await jiang.seesCard()).card.title).toBe('出车 · 待出车')

    await li.presses('驳回', { on: (await cardsOf(li, '报修 · 待审批')).at(-1) as Seen, form: { word: '先送检' } })
    await cast.office.settled()
    const [standing] = await cardsOf(jiang, '车辆待恢复')
    expect(standing?.words).toContain('江A10001的报修已驳回,车辆仍为“维修”')
    for (const other of [gang, li, chen, liang]) expect(await cardsOf(other, '车辆待恢复'), other.name).toEqual([])
    await jiang.presses('查看车辆', { on: standing as Seen })
    expect((await jiang.presses('恢复可用')).toast?.content).toBe('已转为“可用”')
  })

  it('可以使用的,批准后才停用,那时告知;报修的车管员本人不另告知;没有任务的、任务已过的不告知', async () => {
    const { jiang, li } = cast
    const [number = ''] = await planned('江A10002', ['2026-11-26', '09:00', '12:00'])
    const before = (await cardsOf(jiang, '车辆停用')).length
    await report(zhang, '江A10002', 'no')
    expect(await cardsOf(jiang, '车辆停用')).toHaveLength(before)
    await li.presses('同意', { on: (await cardsOf(li, '报修 · 待审批')).at(-1) as Seen, form: { word: '' } })
    await cast.office.settled()
    expect(await saidTo(jiang)).toContain(`车辆江A10002已报修停用,尚有待出车任务:${number}`)
    expect(await saidTo(zhang)).toContain('江A10002')

    await planned('江A10003', ['2026-11-26', '09:00', '12:00'])
    await report(zhang, '江A10003')
    expect(await saidTo(jiang)).toContain('江A10003')
    expect(await saidTo(zhang)).not.toContain('江A10003')
    await li.presses('同意', { on: (await cardsOf(li, '报修 · 待审批')).at(-1) as Seen, form: { word: '' } })
    await cast.office.settled()
    expect(await cardsOf(jiang, '车辆停用')).toHaveLength(before + 2)

    await planned('江A10004')
    await report(zhang, '江A10004')
    await planned('江A10005', ['2026-11-23', '09:00', '12:00'])
    await report(zhang, '江A10005')
    expect(await cardsOf(jiang, '车辆停用')).toHaveLength(before + 2)
  })

  it('夜间:次日上班前要走的当即告知,其余的写进早报', async () => {
    const { jiang, gang, office } = cast
    office.clock.set(new Date('2026-11-24T21:00:00+08:00'))
    const before = (await cardsOf(jiang, '车辆停用')).length
    const [far = ''] = await planned('江A10006', ['2026-11-26', '09:00', '12:00'])
    await report(gang, '江A10006')
    expect(await cardsOf(jiang, '车辆停用')).toHaveLength(before)
    expect(await heldFor(jiang)).toContain(
      `车辆江A10006已报修停用,尚有待出车任务:${far} 11月26日(周四)09:00至12:00,请改派`,
    )
    const [near = ''] = await planned('江A10007', ['2026-11-25', '06:00', '08:00'])
    await report(gang, '江A10007')
    expect(await saidTo(jiang)).toContain(`车辆江A10007已报修停用,尚有待出车任务:${near}`)
    expect((await heldFor(jiang)).filter(line => line.includes('江A10007'))).toEqual([])
  })
})
