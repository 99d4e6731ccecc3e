import { nameOf } from '../../kit/acted.ts'
import type { Cell, Column, Sheet } from '../../kit/sheet.ts'
import { clockOf, dayIn, formatInstant } from '../../kit/time.ts'
import { meetingFlow } from './flow.ts'
import { type Meeting, numberText, type Setting, unitOf } from './meeting.ts'
import { CLASSES, KINDS, SCOPES } from './terms.ts'

/** More rows are exported in several files, by month. */
export const MOST_EXPORTED = 10_000

/** A meeting with the counts that stand beside it. */
export interface ExportedMeeting {
  meeting: Meeting
  counts: MeetingCounts
}
export interface MeetingCounts {
  asked: number
  coming: number
  excused: number
  present: number
  decisions: number
  handed: number
}

interface Field extends Column {
  cell(of: ExportedMeeting, setting: Setting, place: number): Cell
}

const FIELDS: Field[] = [
  { head: '序号', width: 6, cell: (_of, _setting, place) => place },
  { head: '编号', width: 17, cell: ({ meeting: { number } }) => (number ? numberText(number) : '') },
  { head: '会议名称', width: 30, cell: ({ meeting }) => meeting.title },
  { head: '类别', width: 13, cell: ({ meeting }) => KINDS[meeting.kind] },
  { head: '会议等级', width: 8, cell: ({ meeting }) => (meeting.class ? CLASSES[meeting.class] : '') },
  { head: '承办科室', width: 16, cell: ({ meeting: { unit } }, { units }) => (unit ? unitOf(unit, units) : '') },
  { head: '开始时间', width: 17, cell: ({ meeting }) => meeting.startsAt },
  { head: '结束时间', width: 17, cell: ({ meeting }) => meeting.endsAt },
  { head: '地点', width: 18, cell: ({ meeting }) => meeting.place },
  { head: '应到', width: 7, cell: ({ counts }) => counts.asked },
  { head: '参加', width: 7, cell: ({ counts }) => counts.coming },
  { head: '请假', width: 7, cell: ({ counts }) => counts.excused },
  { head: '签到', width: 7, cell: ({ counts }) => counts.present },
  { head: '状态', width: 9, cell: ({ meeting }) => meetingFlow.states[meeting.state] },
  { head: '议定事项', width: 9, cell: ({ counts }) => counts.decisions },
  { head: '已转督办', width: 9, cell: ({ counts }) => counts.handed },
]

const ON_SCREEN: Field[] = [
  { head: '参会范围', width: 12, cell: ({ meeting }) => SCOPES[meeting.scope] },
  {
    head: '召集人',
    width: 10,
    cell: ({ meeting: { convener } }, { names }) => (convener ? nameOf(convener, names) : ''),
  },
  {
    head: '主持人',
    width: 10,
    cell: ({ meeting: { presider } }, { names }) => (presider ? nameOf(presider, names) : ''),
  },
  { head: '视频分会场', width: 20, cell: ({ meeting }) => meeting.branches },
  { head: '在年度计划内', width: 12, cell: ({ meeting }) => (meeting.planned ? '是' : '否') },
  { head: '紧急', width: 7, cell: ({ meeting }) => (meeting.urgent ? '是' : '') },
]

const COLUMNS = [...FIELDS, ...ON_SCREEN]

export const exportSheet = (period: string, count: number, by: string, now: Date): Sheet => ({
  name: '会议台账',
  title: `会议台账(${period})`,
  says: `共${count}场;截至${formatInstant(now)}。导出人:${by || '未知人员'}。仅供内部工作使用,请按知悉范围使用和保管。`,
  columns: COLUMNS,
  printed: FIELDS.length,
  mark: `${by || '未知人员'} ${formatInstant(now)}导出 仅供内部工作使用`,
})

export const exportRow = (of: ExportedMeeting, setting: Setting, place: number): Cell[] =>
  COLUMNS.map(field => field.cell(of, setting, place))

const SUMMED: Partial<Record<string, keyof MeetingCounts>> = {
  应到: 'asked',
  参加: 'coming',
  请假: 'excused',
  签到: 'present',
  议定事项: 'decisions',
  已转督办: 'handed',
}

export const NO_COUNTS: MeetingCounts = { asked: 0, coming: 0, excused: 0, present: 0, decisions: 0, handed: 0 }

export const totalRow = (rows: number, sums: MeetingCounts): Cell[] =>
  COLUMNS.map(({ head }) => {
    if (head === '序号') return '合计'
    const of = SUMMED[head]
    return head === '编号' ? `${rows}场` : of && sums[of]
  })

export const added = (sums: MeetingCounts, some: readonly ExportedMeeting[]): MeetingCounts =>
  some.reduce(
    (so, { counts }) =>
      Object.fromEntries(
        (Object.keys(so) as Array<keyof MeetingCounts>).map(key => [key, so[key] + counts[key]]),
      ) as unknown as MeetingCounts,
    sums,
  )

/** `会议台账_20261124-0900.xlsx`. */
export const exportFileName = (now: Date): string =>
  `会议台账_${dayIn(now).replaceAll('-', '')}-${clockOf(now).replace(':', '')}.xlsx`
