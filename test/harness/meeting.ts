import type { Decider, Step } from '../../src/kit/chain.ts'
import { defaultHours, officialCalendar } from '../../src/kit/time.ts'
import type { MeetingMove, MeetingState } from '../../src/office/meeting/flow.ts'
import type { Actor, Guests, Meeting, MeetingWish, Setting } from '../../src/office/meeting/meeting.ts'
import { drafted } from '../../src/office/meeting/request.ts'
import { may } from '../../src/office/role/role.ts'

/** Tuesday, 24 November 2026, 09:00 in Shanghai. */
export const NOW = new Date('2026-11-24T09:00:00+08:00')
export const at = (shanghai: string): Date => new Date(`${shanghai}:00+08:00`)

const inHouse = (id: string, code?: string, departments: string[] = ['office']): Actor => ({
  id,
  departments,
  held: code ? [{ code, unit: undefined }] : [],
  standsFor: [],
})

/** One of each role; `MK` made the meeting, as the head of its section; `PR` presides without any other role. */
export const CAST = {
  LD: inHouse('LD', 'LD'),
  FG: inHouse('FG', 'FG'),
  BZ: inHouse('BZ', 'BZ'),
  KZ: inHouse('KZ', 'KZ', ['unit']),
  HW: inHouse('HW', 'HW'),
  DB: inHouse('DB', 'DB'),
  MK: inHouse('MK', 'KZ', ['unit']),
  PR: inHouse('PR'),
  GB: inHouse('GB'),
  SY: inHouse('SY', 'SY'),
} as const
export type Who = keyof typeof CAST

export const NOBODY: Guests = { people: [], departments: [], chats: [], units: [], listeners: [] }

export const WISH: MeetingWish = {
  ...{ title: '安全生产例会', kind: 'business', class: '', scope: 'house', place: '三楼会议室', room: undefined },
  ...{ startsAt: at('2026-11-27T14:30'), endsAt: at('2026-11-27T16:00'), checkInAt: undefined, branches: '' },
  ...{ convener: 'PR', presider: 'PR', contact: 'MK', phone: '13900000001', level: '', agenda: [], materials: '' },
  ...{ dress: '', parking: '', discipline: '', remark: '', replyBy: at('2026-11-26T12:00'), planned: true },
  ...{ urgent: false, speech: 0, guests: { ...NOBODY, people: ['GB'] } },
}

export function settingAt(now: Date = NOW, some: Partial<Setting> = {}): Setting {
  const hours = `${defaultHours.opens}-${defaultHours.lunch},${defaultHours.resumes}-${defaultHours.closes}`
  return {
    now,
    customs: { calendar: officialCalendar, calendarId: 'test', hours, seasons: [] },
    names: new Map(Object.keys(CAST).map(id => [id, id])),
    units: new Map([['unit', '综治科']]),
    heads: new Map([['unit', 'MK']]),
    serving: new Map(Object.values(CAST).map(({ id, held }) => [id, held])),
    may,
    ...some,
  }
}

export const stepBy = (by: Decider, decided?: string): Step => ({
  by,
  why: [],
  people: [by],
  decision: decided ? { by: decided, inPlaceOf: undefined, at: NOW, word: '' } : undefined,
})

const OUT: MeetingState[] = ['notified', 'underway', 'ended', 'cancelled']

/** A meeting as it stands in a state. */
export function aMeeting(state: MeetingState = 'draft', some: Partial<Meeting> = {}): Meeting {
  const isOut = OUT.includes(state)
  return {
    ...drafted(WISH, { id: 'MK', unit: 'unit', chat: '' }, NOW),
    id: 12,
    state,
    steps: [stepBy('BZ', isOut ? 'BZ' : undefined)],
    number: isOut ? { year: 2026, seq: 31 } : undefined,
    submittedAt: state === 'draft' ? undefined : NOW,
    notifiedAt: isOut ? NOW : undefined,
    reminded: isOut ? ['notice'] : [],
    ...some,
  }
}

/** The meeting on which a move would work in this state, if its state allowed it. */
export const ready = (move: MeetingMove, state: MeetingState): Meeting =>
  move === 'publish' && state === 'draft' ? aMeeting(state, { steps: [] }) : aMeeting(state)

const ORGANISERS: Who[] = ['BZ', 'HW', 'MK']

/** Who may press which button, read off product.md 5 and the matrix of domain.md 1.3 by hand. */
export const MAY: Record<MeetingMove, Who[]> = {
  publish: ORGANISERS,
  submit: ORGANISERS,
  edit: ORGANISERS,
  approve: ['BZ'],
  revise: ['BZ'],
  change: ORGANISERS,
  cancel: ORGANISERS,
  nudge: ORGANISERS,
  sheet: ORGANISERS,
  begin: [],
  finish: ORGANISERS,
  decide: ORGANISERS,
}
