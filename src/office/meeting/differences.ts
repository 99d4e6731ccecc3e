import type { MeetingWish } from './meeting.ts'
import { wishOf } from './moves.ts'

const LABELS: Partial<Record<keyof MeetingWish, string>> = {
  title: '会议名称',
  startsAt: '会议时间',
  endsAt: '会议时间',
  checkInAt: '报到时间',
  place: '地点',
  room: '地点',
  branches: '视频分会场',
  convener: '召集人',
  presider: '主持人',
  contact: '联系人',
  phone: '联系电话',
  guests: '参会范围',
  level: '参会范围',
  agenda: '议程',
  materials: '材料要求',
  dress: '着装',
  parking: '车辆停放',
  discipline: '会议纪律',
  remark: '备注',
  replyBy: '回执截止时间',
}

/** What of a notice differs, by the words that those who are asked know it by. */
export function differences(before: MeetingWish, after: MeetingWish): string[] {
  const [one, other] = [wishOf(before), wishOf(after)]
  const keys = (Object.keys(LABELS) as Array<keyof MeetingWish>).filter(
    key => inOrder(one[key]) !== inOrder(other[key]),
  )
  return [...new Set(keys.flatMap(key => LABELS[key] ?? []))]
}

/** The database keeps the parts of a value in an order of its own. */
const inOrder = (value: unknown): string | undefined =>
  JSON.stringify(value, (_, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  )

/** Whether those who are asked read the same in both. */
export const sameFacts = (before: MeetingWish, after: MeetingWish): boolean => differences(before, after).length === 0
