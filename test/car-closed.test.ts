import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { getTrip } from '../db/car.ts'
import { kinds } from './harness/databases.ts'
import { type FleetCast, on, openFleet, untouched } from './harness/fleet.ts'
import { rows } from './harness/traces.ts'

describe.each(kinds)('用车:账号已停用的驾驶员 on %s', kind => {
  let cast: FleetCast
  beforeAll(async () => {
    cast = await openFleet({ kind })
    await cast.vehicle('江A00001')
    await cast.driver('陈刚', { person: cast.gang.id })
    await cast.driver('马师傅')
    await cast.office.inStep()
  })
  afterAll(() => cast.office.close())

  it('选择驾驶员时列为不宜派出,提交时也不能派出,不能再合并到其出车;未关联账号的照常', async () => {
    const { jiang, chen, wang, office } = cast
    const db = office.database.db
    const first = await cast.trip(chen)
    await jiang.says('/用车 待派')
    await jiang.presses('派车')
    const offered = await jiang.seesCard()
    const options = offered.card.inputs.find(({ name }) => name === 'driver')?.options ?? []
    const gang = options.find(({ label }) => label.startsWith('陈刚'))?.value
    const ma = options.find(({ label }) => label.startsWith('马师傅'))?.value
    expect([gang, ma]).not.toContain(undefined)
    const form = { ...untouched(offered, 'dispatch'), driver: gang }

    await rows(db, `update people set active = false where id = '${cast.gang.id}'`)
    expect((await jiang.presses('派车', { on: offered, form })).toast?.content).toBe('陈刚的账号已停用,请另选驾驶员')
    expect((await getTrip(db, first.id)).state).toBe('approved')
    await jiang.says('/用车 待派')
    await jiang.presses('派车')
    const anew = await jiang.seesCard()
    expect(anew.card.text).toContain('陈刚:账号已停用')
    const left = anew.card.inputs.find(({ name }) => name === 'driver')?.options ?? []
    expect(left.map(({ value }) => value)).toEqual([ma])
    await jiang.says('/用车 司机 陈刚')
    expect((await jiang.seesCard()).words).toContain('当前不能派出:账号已停用')

    // dispatched while it was open
    await rows(db, `update people set active = true where id = '${cast.gang.id}'`)
    expect((await jiang.presses('派车', { on: anew, form })).toast?.content).toBe('已派车:江A00001 陈刚')
    await cast.trip(wang, { startsAt: on('09:10'), endsAt: on('11:00') })
    const joins = async () => {
      await jiang.says('/用车 待派')
      await jiang.presses('派车')
      return (await jiang.seesCard()).card.buttons.find(({ label }) => label.startsWith('合并'))
    }
    expect(await joins()).toBeDefined()
    const asked = await jiang.seesCard()
    await rows(db, `update people set active = false where id = '${cast.gang.id}'`)
    expect(await joins()).toBeUndefined()
    const join = asked.card.buttons.find(({ label }) => label.startsWith('合并'))?.label ?? ''
    expect((await jiang.presses(join, { on: asked })).toast?.content).toBe('该次出车已不能合并,请另选车辆和驾驶员')
  })
})
