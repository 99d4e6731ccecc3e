import { nameOf } from '../../kit/acted.ts'
import type { Cell, Column, Sheet } from '../../kit/sheet.ts'
import { clockOf, dayIn, formatInstant } from '../../kit/time.ts'
import { taskFlow } from './flow.ts'
import { closedLate, isOverdue, LIGHTS, lightOf } from './light.ts'
import { numberText } from './number.ts'
import { type Actor, type Setting, type Task, unitOf } from './task.ts'
import { FREQUENCIES, SOURCES, URGENCIES } from './terms.ts'

/** More rows are exported in several files, narrowed by a filter. */
export const MOST_EXPORTED = 10_000

/** Whether somebody may have lists exported (PERM-03). `leads`: is the head of a department by the directory, and so its 科室负责人. */
export const mayExport = ({ held }: Pick<Actor, 'held'>, leads: boolean, may: Setting['may']): boolean =>
  may([...held.map(({ code }) => code), ...(leads ? ['KZ'] : [])], 'E', 'task.export')

interface Field extends Column {
  cell(task: Task, setting: Setting, place: number): Cell
}

/** 督办台账 (domain.md 2.5): what is printed, in the order in which an office reads it. */
const PRINTED: Field[] = [
  { head: '序号', width: 6, cell: (_task, _setting, place) => place },
  { head: '编号', width: 17, cell: ({ number }) => (number ? numberText(number) : '') },
  { head: '来源', width: 13, cell: ({ source }) => SOURCES[source].word },
  { head: '交办领导', width: 10, cell: ({ leader, givenBy }, { names }) => named(leader ?? givenBy, names) },
  { head: '交办日期', width: 12, cell: ({ assignedAt }) => assignedAt && dayIn(assignedAt) },
  { head: '事项名称', width: 30, cell: ({ title }) => title },
  { head: '牵头单位', width: 14, cell: ({ leadUnit }, { units }) => unitOf(leadUnit, units) },
  { head: '责任人', width: 10, cell: ({ lead }, { names }) => nameOf(lead, names) },
  {
    head: '协办单位',
    width: 16,
    cell: ({ assists }, { units }) => distinct(assists.map(one => unitOf(one.unit, units))),
  },
  { head: '完成时限(原始)', width: 17, cell: ({ originalDueAt }) => originalDueAt },
  { head: '有效时限(延期后)', width: 17, cell: ({ dueAt }) => dueAt },
  {
    head: '状态',
    width: 10,
    cell: (task, { now }) => `${taskFlow.states[task.state]}${isOverdue(task, now) ? '(逾期)' : ''}`,
  },
  { head: '预警灯', width: 7, cell: (task, { now, work }) => LIGHTS[lightOf(task, now, work)] },
  { head: '最新进展', width: 30, cell: ({ progress }) => progress },
  { head: '办理结果摘要', width: 30, cell: ({ result }) => result },
  { head: '备注', width: 14, cell: remark },
]

/** The rest of 2.5, to the right of what is printed. */
const ON_SCREEN: Field[] = [
  { head: '来源依据', width: 20, cell: ({ source, basis }) => (SOURCES[source].referenceOnly ? '' : basis) },
  { head: '事项内容(任务要求)', width: 40, cell: ({ content }) => content },
  { head: '紧急程度', width: 9, cell: ({ urgency }) => URGENCIES[urgency].word },
  { head: '知悉范围', width: 16, cell: ({ scope }, { names }) => scope.map(id => nameOf(id, names)).join('、') },
  { head: '联系方式', width: 14, cell: ({ leadPhone }) => leadPhone },
  { head: '责任领导', width: 10, cell: ({ leadUnit }, { heads, names }) => named(heads.get(leadUnit), names) },
  { head: '反馈频次', width: 9, cell: ({ frequency }) => FREQUENCIES[frequency].word },
  { head: '签收时间', width: 17, cell: ({ signedAt }) => signedAt },
  { head: '签收人', width: 10, cell: ({ signedBy }, { names }) => named(signedBy, names) },
  { head: '进度%', width: 8, cell: ({ percent }) => percent },
  { head: '存在问题', width: 30, cell: ({ problem }) => problem },
  { head: '下一步措施', width: 30, cell: ({ measures }) => measures },
  { head: '催办次数', width: 9, cell: ({ nudges }) => nudges },
  { head: '延期次数', width: 9, cell: ({ extensions }) => extensions },
  { head: '退回次数', width: 9, cell: ({ returns, redos }) => returns + redos },
  { head: '申请办结时间', width: 17, cell: ({ finishedAt }) => finishedAt },
  { head: '办结时间', width: 17, cell: ({ closedAt }) => closedAt },
  { head: '办结方式', width: 10, cell: task => (task.closedAt ? (closedLate(task) ? '逾期办结' : '按时办结') : '') },
  { head: '归档号', width: 22, cell: ({ archiveNo }) => archiveNo },
]

const FIELDS = [...PRINTED, ...ON_SCREEN]

const named = (id: string | undefined, names: Setting['names']): string => (id ? nameOf(id, names) : '')
const distinct = (words: string[]): string => [...new Set(words)].join('、')

/** Why its time stands still or has ended; and that it goes on from another. */
function remark({ state, word, previous }: Task): string {
  const why = state === 'suspended' || state === 'cancelled' ? `${taskFlow.states[state]}:${word}` : ''
  return [why, previous === undefined ? '' : '续办'].filter(one => one !== '').join(';')
}

/** The sheet around the rows. `filter`: what was chosen, in words. */
export function ledgerSheet(count: number, filter: string, by: string, now: Date): Sheet {
  const at = formatInstant(now)
  return {
    name: '督办台账',
    title: '督办台账',
    says: `范围:${filter};共${count}项;截至${at}。导出人:${by || '未知人员'}。仅供内部工作使用,请按知悉范围使用和保管。`,
    columns: FIELDS,
    printed: PRINTED.length,
    mark: `${by || '未知人员'} ${at}导出 仅供内部工作使用`,
  }
}

export const ledgerRow = (task: Task, setting: Setting, place: number): Cell[] =>
  FIELDS.map(field => field.cell(task, setting, place))

/** What stands under the rows. */
export interface Sums {
  all: number
  closed: number
  late: number
  nudges: number
  extensions: number
  returns: number
}

export const NO_SUMS: Sums = { all: 0, closed: 0, late: 0, nudges: 0, extensions: 0, returns: 0 }

export const summed = (sums: Sums, tasks: Task[], now: Date): Sums =>
  tasks.reduce(
    (so, task) => ({
      all: so.all + 1,
      closed: so.closed + (task.closedAt ? 1 : 0),
      late: so.late + (isOverdue(task, now) ? 1 : 0),
      nudges: so.nudges + task.nudges,
      extensions: so.extensions + task.extensions,
      returns: so.returns + task.returns + task.redos,
    }),
    sums,
  )

export function totalRow({ all, closed, late, nudges, extensions, returns }: Sums): Cell[] {
  const under: Record<string, Cell> = {
    序号: '合计',
    编号: `${all}项`,
    状态: `已办结${closed}项`,
    预警灯: `逾期${late}项`,
    催办次数: nudges,
    延期次数: extensions,
    退回次数: returns,
  }
  return FIELDS.map(({ head }) => under[head])
}

/** `督办台账_20261124-0900.xlsx`. */
export const ledgerFileName = (now: Date): string =>
  `督办台账_${dayIn(now).replaceAll('-', '')}-${clockOf(now).replace(':', '')}.xlsx`
