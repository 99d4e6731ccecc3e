import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sqlFault } from '../db/client.ts'
import { bookings, rooms } from '../db/meeting-room.ts'
import type { Database } from '../src/node/database.ts'
import { freshDatabase, kinds } from './harness/databases.ts'

describe.each(kinds)('会议 on %s: 同一会议室不能同时被两次占用', kind => {
  let database: Database
  beforeAll(async () => {
    database = await freshDatabase(kind)
    await database.db.insert(rooms).values([aRoom('三楼会议室'), aRoom('五楼会议室')])
  })
  afterAll(() => database.close())

  const hour = (clock: string) => new Date(`2026-11-27T${clock}:00+08:00`)
  const put = async (room: number, from: string, to: string, state: 'asked' | 'held' | 'void' = 'held') => {
    await database.db.insert(bookings).values({
      ...{ room, startsAt: hour(from), endsAt: hour(to), state },
      ...{ bookedBy: 'ou_hw', bookedAt: hour('08:00'), word: '' },
    })
  }
  const clash = async (...booking: Parameters<typeof put>) =>
    sqlFault(
      await put(...booking).then(
        () => undefined,
        (fault: unknown) => fault,
      ),
    )

  it('时间重叠的被数据库拒绝,待批准的也占用;首尾相接的可以,已释放的不占用', async () => {
    await put(1, '09:00', '10:30')
    expect(await clash(1, '10:29', '11:00')).toEqual({ code: '23P01', constraint: 'bookings_room_free' })
    await put(1, '10:30', '12:00', 'asked')
    expect(await clash(1, '11:00', '11:30')).toEqual({ code: '23P01', constraint: 'bookings_room_free' })
    await put(1, '09:00', '12:00', 'void')
    await put(2, '09:00', '12:00')
  })
})

const aRoom = (name: string) => ({
  ...{ rev: 1, state: 'available' as const, name, seats: 30, equipment: '', place: '' },
  ...{ approval: false, keeper: '', resource: '', remark: '' },
})
