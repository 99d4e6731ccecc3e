import { nameOf } from '../../kit/acted.ts'
import type { Button } from '../../kit/card.ts'
import { clockOf, dayIn, formatShort } from '../../kit/time.ts'
import type { MeetingState } from './flow.ts'
import { type Meeting, numberText, type Setting } from './meeting.ts'

const CALLED: readonly MeetingState[] = ['submitted', 'notified', 'underway', 'ended']

/** Whether a meeting stands in the calendars: from its notice on, also while a 变更 waits for approval, unless it is cancelled. */
export const isInCalendar = (meeting: Pick<Meeting, 'state' | 'notifiedAt'> | undefined): boolean =>
  meeting?.notifiedAt !== undefined && CALLED.includes(meeting.state)

/** Whether there is, or was, something for a calendar. */
export const hasFile = ({ notifiedAt }: Pick<Meeting, 'notifiedAt'>): boolean => notifiedAt !== undefined

/** What an event says beside title, time and place; it goes to those who are invited alone. */
export function eventWords(meeting: Meeting, { now, names }: Pick<Setting, 'now' | 'names'>): string {
  const { number, convener, presider, checkInAt, branches, dress, parking, contact, phone } = meeting
  const rows: Array<[label: string, value: string]> = [
    ['编号', number ? numberText(number) : ''],
    ['召集人', convener && nameOf(convener, names)],
    ['主持人', presider && nameOf(presider, names)],
    [
      '报到时间',
      checkInAt
        ? dayIn(checkInAt) === dayIn(meeting.startsAt)
          ? clockOf(checkInAt)
          : formatShort(checkInAt, now)
        : '',
    ],
    ['分会场', branches],
    ['着装', dress],
    ['车辆停放', parking],
    ['联系人', contact ? `${nameOf(contact, names)}${phone ? ` ${phone}` : ''}` : phone],
  ]
  const said = rows.filter(([, value]) => value !== '').map(([label, value]) => `${label}:${value}`)
  return [...said, '回执、请假请在“回音”的会议通知上办理,日程上的接受或拒绝不作为回执。'].join('\n')
}

/** What has been needs no place in a calendar any more. */
export const offersFile = (meeting: Pick<Meeting, 'notifiedAt' | 'state'>): boolean =>
  hasFile(meeting) && meeting.state !== 'ended'

/** The meeting as a file for calendars other than Feishu's. */
export const fileButton = ({ id }: Pick<Meeting, 'id'>): Button => ({
  label: '日历文件',
  action: 'meeting.calendarFile',
  value: { id },
})

export const fileName = ({ id, number, state }: Pick<Meeting, 'id' | 'number' | 'state'>): string =>
  `${number ? numberText(number) : `会议${id}`}${state === 'cancelled' ? '(取消)' : ''}.ics`
