/** Kinds of meetings, the one that goes before the others first (MT-09). */
export const KINDS = {
  superior: '上级会议',
  statutory: '法定会议',
  party: '党组会、办公会',
  special: '专题会',
  business: '业务会',
} as const
export type Kind = keyof typeof KINDS

/** Classes by which head count, staff, days and fees are capped (domain.md 3.4); '' = not settled. */
export const CLASSES = { first: '一类', second: '二类', third: '三类', fourth: '四类' } as const
export type MeetingClass = keyof typeof CLASSES

/** Whom a meeting calls (MT-20 … MT-24, MT-28). */
export const SCOPES = {
  section: '本科室',
  house: '本单位',
  system: '本系统',
  city: '全市',
  grassroots: '直达基层',
} as const
export type MeetingScope = keyof typeof SCOPES

/** How somebody is asked to it. */
export const PARTS = { attend: '参会', listen: '列席' } as const
export type PartIn = keyof typeof PARTS

export const ROOM_STATES = { available: '可用', closed: '停用' } as const
export type RoomState = keyof typeof ROOM_STATES

/** A room is asked for where it wants approval, then held; given back it is void. */
export const BOOKING_STATES = { asked: '待批准', held: '已占用', void: '已释放' } as const
export type BookingState = keyof typeof BOOKING_STATES
