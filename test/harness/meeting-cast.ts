import { rooms } from '../../db/meeting-room.ts'
import { type Cast, openCast } from './cast.ts'
import type { OfficeOptions, Seen, TestPerson } from './office.ts'

/** A room of the house, as a row of its table. */
export const aRoom = (name: string, some: Partial<typeof rooms.$inferInsert> = {}) => ({
  ...{ rev: 1, state: 'available' as const, name, seats: 30, equipment: '', place: '' },
  ...{ approval: false, keeper: '', resource: '', remark: '' },
  ...some,
})

/** An office in which 曹颖 is 会务员, with two rooms. */
export async function openMeetingCast(options: OfficeOptions = {}): Promise<Cast> {
  const cast = await openCast(options)
  await cast.office.person('刘芳').says('/角色 @曹颖 会务员')
  await cast.office.database.db.insert(rooms).values([aRoom('三楼会议室'), aRoom('五楼会议室', { seats: 80 })])
  return cast
}

/** The latest card of somebody whose title begins so. */
export async function cardTitled(person: TestPerson, title: string): Promise<Seen> {
  const found = (await person.messages()).findLast(({ card }) => card?.title.startsWith(title))
  if (!found) throw new Error(`${person.name} has no card ${title}`)
  return found
}
