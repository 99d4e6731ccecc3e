import { openMeeting } from '../../db/meeting.ts'
import { openRoom } from '../../db/meeting-room.ts'
import type { Meeting, Room } from '../../src/office/meeting/meeting.ts'
import { type OfficeOptions, TestOffice, type TestPerson } from './office.ts'

/** Friday, 27 November 2026, three days after the tests' morning. */
export const friday = (clock: string, day = '2026-11-27'): Date => new Date(`${day}T${clock}:00+08:00`)

export const aRoom = (name: string, some: Partial<Room> = {}): Omit<Room, 'id'> => ({
  rev: 1,
  state: 'available',
  name,
  seats: 30,
  equipment: '投影',
  place: '办公楼三楼',
  approval: false,
  keeper: '',
  resource: '',
  remark: '',
  ...some,
})

/** A meeting whose notice has gone out, without guests. */
export const aMeeting = (maker: string, some: Partial<Meeting> = {}): Omit<Meeting, 'id'> => ({
  rev: 3,
  stateRev: 3,
  noticeRev: 3,
  state: 'notified',
  number: undefined,
  maker,
  unit: '',
  chat: '',
  title: '安全生产例会',
  kind: 'business',
  class: '',
  scope: 'house',
  startsAt: friday('14:30'),
  endsAt: friday('16:00'),
  checkInAt: undefined,
  room: undefined,
  place: '三楼会议室',
  branches: '',
  convener: maker,
  presider: maker,
  contact: maker,
  phone: '88886666',
  guests: { people: [], departments: [], chats: [], units: [], listeners: [] },
  level: '',
  agenda: [],
  materials: '',
  dress: '',
  parking: '',
  discipline: '',
  remark: '',
  replyBy: undefined,
  planned: true,
  urgent: false,
  speech: 0,
  steps: [],
  findings: [],
  series: undefined,
  previous: undefined,
  change: undefined,
  was: undefined,
  createdAt: friday('08:40', '2026-11-24'),
  submittedAt: undefined,
  notifiedAt: friday('08:50', '2026-11-24'),
  endedAt: undefined,
  reminded: [],
  lastMove: 'publish',
  word: '',
  movedBy: maker,
  movedAt: friday('08:50', '2026-11-24'),
  movedFor: undefined,
  nextAt: undefined,
  ...some,
})

/** Far from those that the house itself gives. */
let seq = 900

export interface RoomCast {
  office: TestOffice
  /** 会务员, 办公室主任, 科室负责人. */
  zhao: TestPerson
  li: TestPerson
  wu: TestPerson
  /** Somebody without a role. */
  chen: TestPerson
  admin: TestPerson
  room(name: string, some?: Partial<Room>): Promise<Room>
  meeting(maker: TestPerson, some?: Partial<Meeting>): Promise<Meeting>
}

/** An office that keeps rooms: none yet. */
export async function openRooms(options: OfficeOptions = {}): Promise<RoomCast> {
  const office = await TestOffice.open(options)
  await office.inStep()
  const admin = office.person('刘芳')
  for (const line of ['/角色 @赵敏 会务员', '/角色 @李静 办公室主任', '/角色 @吴刚 科室负责人']) await admin.says(line)
  const { db } = office.database
  return {
    office,
    zhao: office.person('赵敏'),
    li: office.person('李静'),
    wu: office.person('吴刚'),
    chen: office.person('陈晨'),
    admin,
    room: (name, some) => openRoom(db, aRoom(name, some)),
    meeting: (maker, some) => openMeeting(db, aMeeting(maker.id, { number: { year: 2026, seq: ++seq }, ...some })),
  }
}
