import { openMeeting } from '../../db/meeting.ts'
import type { Meeting } from '../../src/office/meeting/meeting.ts'
import type { TestOffice } from './office.ts'

const at = (clock: string, day = '2026-11-23') => new Date(`${day}T${clock}:00+08:00`)

/** A meeting of the afternoon before that has been held. */
export const aHeldMeeting = (maker: string, some: Partial<Meeting> = {}): Omit<Meeting, 'id'> => ({
  ...{ rev: 5, stateRev: 5, noticeRev: 3, state: 'ended', number: { year: 2026, seq: 31 }, maker, unit: '', chat: '' },
  ...{ title: '安全生产例会', kind: 'business', class: 'fourth', scope: 'house' },
  ...{ startsAt: at('14:30'), endsAt: at('16:00'), checkInAt: undefined, room: undefined, place: '三楼会议室' },
  ...{ branches: '', convener: maker, presider: maker, contact: maker, phone: '88886666' },
  guests: { people: [], departments: [], chats: [], units: [], listeners: [] },
  ...{ level: '', agenda: [], materials: '', dress: '', parking: '', discipline: '', remark: '', replyBy: undefined },
  ...{ planned: true, urgent: false, speech: 0, steps: [], findings: [], change: undefined, was: undefined },
  ...{
    series: undefined,
    previous: undefined,
    event: '',
    createdAt: at('08:40', '2026-11-16'),
    submittedAt: undefined,
  },
  ...{ notifiedAt: at('08:50', '2026-11-16'), endedAt: at('16:05'), reminded: [], lastMove: 'finish', word: '' },
  ...{ movedBy: maker, movedAt: at('16:05'), movedFor: undefined, nextAt: undefined },
  ...some,
})

export const hold = ({ database: { db } }: TestOffice, maker: string, some: Partial<Meeting> = {}): Promise<Meeting> =>
  openMeeting(db, aHeldMeeting(maker, some))
