import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { drivers, vehicles } from '../db/car-fleet.ts'
import { runs } from '../db/car-run.ts'
import { sqlFault } from '../db/client.ts'
import type { Database } from '../src/node/database.ts'
import { freshDatabase, kinds } from './harness/databases.ts'

describe.each(kinds)('用车 on %s: 同一车辆、同一驾驶员不能同时出两趟车', kind => {
  let database: Database
  beforeAll(async () => {
    database = await freshDatabase(kind)
    await database.db.insert(vehicles).values([aVehicle('江A00001'), aVehicle('江A00002')])
    await database.db.insert(drivers).values([aDriver('马师傅'), aDriver('牛师傅')])
  })
  afterAll(() => database.close())

  const hour = (clock: string) => new Date(`2026-11-28T${clock}:00+08:00`)
  const runOf = (
    vehicle: number,
    driver: number | null,
    from: string,
    to: string,
    state: 'planned' | 'void' = 'planned',
  ) => ({
    ...{ rev: 1, state, vehicle, driver, startsAt: hour(from), endsAt: hour(to), route: '', parkedAt: '', remark: '' },
    ...{ dispatchedBy: 'ou_cd', dispatchedAt: hour('08:00') },
  })
  const put = async (...run: Parameters<typeof runOf>) => {
    await database.db.insert(runs).values(runOf(...run))
  }
  const clash = async (...run: Parameters<typeof runOf>) =>
    sqlFault(
      await put(...run).then(
        () => undefined,
        (fault: unknown) => fault,
      ),
    )

  it('时间重叠的被数据库拒绝,首尾相接的可以,作废的不占用', async () => {
    await put(1, 1, '09:00', '12:00')
    expect(await clash(1, 2, '11:59', '13:00')).toEqual({ code: '23P01', constraint: 'runs_vehicle_free' })
    expect(await clash(2, 1, '08:00', '09:01')).toEqual({ code: '23P01', constraint: 'runs_driver_free' })
    await put(1, 1, '12:00', '13:00')
    await put(1, 1, '09:00', '12:00', 'void')
    await put(2, null, '09:00', '12:00')
    expect(await clash(2, null, '10:00', '10:30')).toEqual({ code: '23P01', constraint: 'runs_vehicle_free' })
  })

  it('提前回场的,其余时间可以再派;晚回场的,不妨碍登记', async () => {
    await put(2, 2, '14:00', '18:00')
    await database.db.execute(
      sql`update runs set state = 'back', returned_at = ${hour('15:00').toISOString()} where vehicle = 2 and driver = 2`,
    )
    await put(2, 2, '15:00', '17:00')
    await database.db.execute(
      sql`update runs set state = 'back', returned_at = ${hour('19:00').toISOString()} where vehicle = 2 and driver = 2 and state = 'planned'`,
    )
    await put(2, 2, '17:00', '18:00')
  })
})

const aVehicle = (plate: string) => ({
  ...{
    rev: 1,
    state: 'available' as const,
    plate,
    category: 'emergency' as const,
    model: '',
    seats: 5,
    unit: '',
    home: '',
  },
  ...{ fuel: 'petrol' as const, licence: 'C1' as const, odometer: 0, onDuty: false, fuelCard: '', remark: '' },
})

const aDriver = (name: string) => ({
  ...{
    rev: 1,
    state: 'available' as const,
    name,
    phone: '',
    licence: 'A2' as const,
    licenceUntil: '2030-01-01',
    remark: '',
  },
})
