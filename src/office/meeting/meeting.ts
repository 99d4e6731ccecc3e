import type { Step } from '../../kit/chain.ts'
import type { Customs } from '../../kit/customs.ts'
import type { Finding } from '../../kit/finding.ts'
import type { HeldRole, Principal } from '../../kit/person.ts'
import type { MeetingMove, MeetingState, ReplyMove, ReplyState } from './flow.ts'
import type { BookingState, Kind, MeetingClass, MeetingScope, PartIn, RoomState } from './terms.ts'

export const EXAMPLE = '/会议 11月27日14:30-16:00 三楼会议室 安全生产例会 @王强'

export const LIMITS = {
  title: 60,
  place: 60,
  words: 200,
  phone: 30,
  word: 500,
  agenda: 20,
  topic: 100,
  /** Characters that somebody may type into one field of a form. */
  typed: 1_000,
  /** Named one by one, in one meeting. */
  people: 200,
  /** Asked to one meeting in all. */
  invited: 3_000,
  departments: 50,
  chats: 20,
  units: 60,
  places: 50,
  days: 3,
  /** Days that a meeting is called ahead. */
  ahead: 400,
  seats: 5_000,
} as const

/** Whom a meeting asks, as its maker put it; what that comes to is settled when the notice goes out. */
export interface Guests {
  people: readonly string[]
  /** Everybody of a department and of those below it. */
  departments: readonly string[]
  /** Everybody of a group, and the group itself gets the notice. */
  chats: readonly string[]
  /** Units that name their own attendees, by department, with the places each has. */
  units: ReadonlyArray<{ unit: string; places: number }>
  /** 列席. */
  listeners: readonly string[]
}

export interface AgendaItem {
  topic: string
  /** Who reports, in words. */
  reporter: string
  /** 0 = not limited. */
  minutes: number
}

/** What its maker settles (domain.md 3.1). */
export interface MeetingWish {
  title: string
  kind: Kind
  class: MeetingClass | ''
  scope: MeetingScope
  startsAt: Date
  endsAt: Date
  /** 报到时间. */
  checkInAt: Date | undefined
  /** A room that the office keeps; undefined = `place` says where. */
  room: number | undefined
  /** Where, in words; the room's name where there is one. */
  place: string
  /** 视频会议分会场, in words; '' = no video. */
  branches: string
  /** 召集人: in whose name it is called. */
  convener: string
  /** 主持人. */
  presider: string
  contact: string
  phone: string
  guests: Guests
  /** 参会范围与人员级别, e.g. 各科室主要负责同志. */
  level: string
  agenda: readonly AgendaItem[]
  /** 材料要求, 着装, 车辆停放, 会议纪律 and what else is to be said. */
  materials: string
  dress: string
  parking: string
  discipline: string
  remark: string
  /** 回执截止; undefined = nobody is asked to answer. */
  replyBy: Date | undefined
  /** In the year's 会议计划 (MT-29). */
  planned: boolean
  /** 紧急会议: called at less than two workdays (MT-10), confirmed by phone. */
  urgent: boolean
  /** Minutes of the notice's longest speech, where it is settled (MT-25); 0 = not. */
  speech: number
}

/** One meeting. What has been sent stands in `invitations`. */
export interface Meeting extends MeetingWish {
  id: number
  rev: number
  /** The revision at which the state last changed: a decision made on an older card does not count. */
  stateRev: number
  /** The revision at which time or place last changed after the notice: replies of before are asked for anew. */
  noticeRev: number
  state: MeetingState
  /** 会〔2026〕31号, given when the notice goes out. */
  number: MeetingNumber | undefined
  /** 承办人. */
  maker: string
  /** 承办科室. */
  unit: string
  chat: string
  steps: readonly Step[]
  findings: readonly Finding[]
  /** What a 变更 asks for while it waits for its approval; until then the meeting stands as it was notified. */
  change: MeetingWish | undefined
  /** Time and place before the last 变更 that moved them: said beside the new ones. */
  was: Was | undefined
  series: number | undefined
  /** The meeting that it repeats or follows. */
  previous: number | undefined
  createdAt: Date
  submittedAt: Date | undefined
  notifiedAt: Date | undefined
  endedAt: Date | undefined
  /** What has gone out: 'notice', and the reminders 'day', 'hour', 'reply'. */
  reminded: readonly string[]
  lastMove: MeetingMove | ''
  word: string
  movedBy: string
  movedAt: Date
  movedFor: string | undefined
  /** When the heartbeat has something to do with it next. */
  nextAt: Date | undefined
}

export interface Was extends Pick<MeetingWish, 'startsAt' | 'endsAt' | 'place'> {
  /** Who had been told of that: invitations up to this one, and groups; undefined = everybody, for it was not noted. */
  told?: { upTo: number; chats: readonly string[] }
}

export interface MeetingNumber {
  year: number
  seq: number
}
export const numberText = ({ year, seq }: MeetingNumber): string => `会〔${year}〕${seq}号`

/** Somebody, or a unit, that is asked to a meeting, and what they answered. */
export interface Invitation {
  id: number
  rev: number
  meeting: number
  /** Undefined: a unit that names its attendees, or a guest whom the directory does not know. */
  person: string | undefined
  unit: string
  part: PartIn
  /** The department or group by which they were asked; '' = by name. */
  via: string
  /** How many a unit may name; 1 for somebody. */
  places: number
  /** A guest by name, 职务 and phone. */
  name: string
  title: string
  phone: string
  state: ReplyState
  /** Reason of a leave, or the remark of a reply. */
  word: string
  /** 随行人员, 车号. */
  companions: string
  plate: string
  repliedAt: Date | undefined
  /** Who answered for them (a secretary), where it was not themselves. */
  repliedBy: string | undefined
  /** Who settled the leave, in whose place, and what they said. */
  decidedBy: string | undefined
  decidedFor: string | undefined
  decidedAt: Date | undefined
  decision: string
  /** In whose place this one comes (代会). */
  standsInFor: number | undefined
  /** The invitation of the unit that named them. */
  namedBy?: number | undefined
  /** The revision of the notice that was answered. */
  noticeRev: number
  nudgedAt: Date | undefined
  checkedInAt: Date | undefined
  /** Who signed them in: themselves, or a 会务员. */
  checkedInBy: string | undefined
  /** When the final materials went to them. */
  servedAt: Date | undefined
  lastMove: ReplyMove | ''
}

/** A meeting room that the office keeps. */
export interface Room {
  id: number
  rev: number
  state: RoomState
  name: string
  seats: number
  equipment: string
  place: string
  /** Whether its keeper is asked before it is held. */
  approval: boolean
  /** Who is asked; '' = 办公室主任 or 会务员. */
  keeper: string
  /** The same room at Feishu; '' = not known there. */
  resource: string
  remark: string
}

export interface Booking {
  id: number
  room: number
  meeting: number | undefined
  startsAt: Date
  endsAt: Date
  state: BookingState
  bookedBy: string
  bookedAt: Date
  /** What it is for where it is no meeting of ours. */
  word: string
}

/** Who acts or looks, with what they hold. */
export interface Actor {
  id: string
  departments: readonly string[]
  held: readonly HeldRole[]
  /** Those in whose place they may act at present (代理). */
  standsFor: readonly Principal[]
}

export type Right = 'C' | 'E' | 'A' | 'S' | 'V' | 'O'
export type MeetingFunction =
  | 'meeting.call'
  | 'meeting.reply'
  | 'meeting.leave'
  | 'meeting.minutes'
  | 'meeting.count'
  | 'room.keep'
  | 'room.grant'
  | 'task.draft'

/** What the rules and the wording need to know beside the meeting. */
export interface Setting {
  now: Date
  customs: Customs
  /** Of people, and of the groups that are asked. */
  names: ReadonlyMap<string, string>
  units: ReadonlyMap<string, string>
  /** Heads of departments, by department. */
  heads: ReadonlyMap<string, string>
  /** Of those who are asked to decide: who is still there, and what they hold. */
  serving: ReadonlyMap<string, readonly HeldRole[]>
  /** The matrix of domain.md 1.3. */
  may(codes: readonly string[], right: Right, of: MeetingFunction): boolean
}

export const unitOf = (id: string, units: ReadonlyMap<string, string>): string => units.get(id) || '未定单位'
