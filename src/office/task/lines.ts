import { type CellsOf, type ReadTable, readTable as readAny } from '../../kit/table.ts'
import type { Labelled } from './draft.ts'

/** What was said once before all lines counts where a line itself says nothing. */
export const withCommon = (own: Labelled, common: Labelled): Labelled => ({
  ...own,
  source: own.source ?? common.source,
  basis: own.basis || common.basis,
  content: own.content || common.content,
  urgency: own.urgency ?? common.urgency,
  frequency: own.frequency ?? common.frequency,
  scope: own.scope || common.scope,
  leader: own.leader || common.leader,
  phone: own.phone || common.phone,
  doubt: own.doubt ?? common.doubt,
})

/** Columns of a table by the words above them; the first word is the one we show. */
export const COLUMNS = {
  title: ['事项名称', '事项', '督办事项', '任务名称', '工作任务', '名称'],
  lead: ['牵头人', '责任人', '承办人', '牵头'],
  assistants: ['协办人', '协办', '配合人'],
  due: ['完成时限', '时限', '办结时限', '完成时间', '截止时间'],
  assistDue: ['协办时限'],
  source: ['来源', '事项来源'],
  basis: ['来源依据', '依据'],
  content: ['要求', '事项内容', '任务要求', '内容'],
  urgency: ['紧急程度', '缓急'],
  frequency: ['反馈频次', '频次'],
  leader: ['交办领导'],
  phone: ['联系电话', '电话'],
  scope: ['知悉范围'],
} as const
export type Column = keyof typeof COLUMNS
export type Cells = CellsOf<Column>

/** Rows of a table under the heading that names at least 事项名称 and 牵头人; undefined when there is none. */
export const readTable = (rows: readonly string[][]): ReadTable<Column> | undefined =>
  readAny(rows, COLUMNS, ['title', 'lead'])
