import type { Holder } from '../../src/kit/chain.ts'
import type { ChainFacts } from '../../src/office/meeting/chain.ts'
import type { Guests, Invitation, Meeting, MeetingWish } from '../../src/office/meeting/meeting.ts'
import type { MeetingFacts } from '../../src/office/meeting/rule-facts.ts'
import { USUAL } from '../../src/office/meeting/rule-setting.ts'
import { may } from '../../src/office/role/role.ts'
import { at, customs, NOW } from './car-rules.ts'

export const nobody: Guests = { people: [], departments: [], chats: [], units: [], listeners: [] }

/** A meeting that nothing can be said against: Friday of the same week, an hour and a half, one's own house. */
export const aWish = (some: Partial<MeetingWish> = {}): MeetingWish => ({
  ...{ title: '安全生产例会', kind: 'business', class: '', scope: 'house', checkInAt: undefined, room: undefined },
  ...{ startsAt: at('11-27T14:30'), endsAt: at('11-27T16:00'), place: '三楼会议室', branches: '', convener: 'FG' },
  ...{ presider: 'BZ', contact: 'CB', phone: '', guests: nobody, level: '', agenda: [], materials: '', dress: '' },
  ...{ parking: '', discipline: '', remark: '', replyBy: undefined, planned: false, urgent: false, speech: 0 },
  ...some,
})

export const meetingFacts = (some: Partial<MeetingFacts> = {}): MeetingFacts => ({
  ...{ now: NOW, customs, setting: USUAL, leaders: ['赵国栋', '钱卫民'], isDeputyConvening: false, heads: 12 },
  ...{ units: 1, comprehensive: 0, clashes: 0 },
  ...some,
})

export const holder = (id: string, code: string, departments: string[], unit?: string): Holder => ({
  ...{ id, departments, held: [{ code, unit }], deputies: [] },
})

/** One of each who decides; CB works in 综治科, whose head is KZ. */
export const chainFacts = (some: Partial<ChainFacts> = {}): ChainFacts => ({
  maker: 'CB',
  unit: 'unit',
  lineage: ['unit'],
  head: 'KZ',
  holders: [
    { id: 'KZ', departments: ['unit'], held: [], deputies: [] },
    holder('BZ', 'BZ', ['office']),
    holder('FG', 'FG', ['0']),
    holder('LD', 'LD', ['0']),
  ],
  may,
  ...some,
})

/** One whose notice is out. */
export const aMeeting = (some: Partial<Meeting> = {}): Omit<Meeting, 'id'> => {
  const { id: _, ...meeting } = { id: 0, ...aWish(), ...OUT, ...some }
  return meeting
}

const OUT = {
  ...{ rev: 3, stateRev: 2, noticeRev: 2, state: 'notified' as const, number: undefined, maker: 'CB', unit: 'unit' },
  ...{ chat: '', steps: [], findings: [], change: undefined, was: undefined, series: undefined, previous: undefined },
  ...{ createdAt: NOW, submittedAt: NOW, notifiedAt: NOW, endedAt: undefined, reminded: [] },
  ...{ lastMove: 'publish' as const, word: '', movedBy: 'BZ', movedAt: NOW, movedFor: undefined, nextAt: undefined },
}

export const anInvitation = (
  meeting: number,
  person: string,
  some: Partial<Invitation> = {},
): Omit<Invitation, 'id'> => ({
  ...{ rev: 1, meeting, person, unit: 'unit', part: 'attend', via: '', places: 1, name: '', title: '', phone: '' },
  ...{ state: 'pending', word: '', companions: '', plate: '', repliedAt: undefined, repliedBy: undefined },
  ...{ decidedBy: undefined, decidedFor: undefined, decidedAt: undefined, decision: '', standsInFor: undefined },
  ...{ noticeRev: 2, nudgedAt: undefined, checkedInAt: undefined, checkedInBy: undefined, servedAt: undefined },
  ...{ lastMove: '', ...some },
})
