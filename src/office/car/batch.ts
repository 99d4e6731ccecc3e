import { type Block, type Button, bold, buttons, type Card, card, note, text, tint } from '../../kit/card.ts'
import type { Change } from '../../kit/past.ts'
import { shorten } from '../../kit/text.ts'
import { KINDS, type Kind } from './columns.ts'

/** Vehicles or drivers handed in together, each as it was read, before any of them is kept. */
export interface Batch {
  id: number
  maker: string
  /** The file's name. */
  name: string
  kind: Kind
  state: 'reading' | 'open' | 'kept' | 'dropped'
  rows: BatchRow[]
  /** What was not understood of the whole. */
  remark: string
  movedAt: Date
}

export interface BatchRow {
  /** As they stood in the table; what they mean is read anew when they are kept. */
  cells: Record<string, string>
  /** Which one it is, and what was understood of it. */
  title: string
  words: string
  faults: string[]
  /** The one that it changes; absent = a new one. */
  id?: number
  changes: Change[]
}

export const MOST_ROWS = 500
export const BATCH_PAGE = 8

export const isGood = ({ faults }: BatchRow): boolean => faults.length === 0
const isIdle = ({ id, changes }: BatchRow): boolean => id !== undefined && changes.length === 0

export const pageIn = (page: unknown, total: number, size: number): number => {
  const last = Math.max(Math.ceil(total / size) - 1, 0)
  return typeof page === 'number' && Number.isInteger(page) ? Math.min(Math.max(page, 0), last) : 0
}

const STATES: Record<Batch['state'], string> = { reading: '读取中', open: '请核对', kept: '已登记', dropped: '已作废' }

/** The table to check, page by page: what is new, what changes, and what is wrong. */
export function batchCard(batch: Batch, page: number): Card {
  const { state, rows, name, kind, remark } = batch
  const bad = rows.flatMap((row, i) => (isGood(row) ? [] : [i + 1]))
  const first = page * BATCH_PAGE
  const drawn = card(
    `${KINDS[kind]}导入 · ${STATES[state]} · ${rows.length}项`,
    state === 'kept' ? 'green' : bad.length && state === 'open' ? 'yellow' : 'grey',
    note(`来自《${name}》`),
    text(summaryOf(batch, bad)),
    remark ? note(remark) : undefined,
    ...rows.slice(first, first + BATCH_PAGE).map((row, i) => rowBlock(row, first + i + 1, state)),
    buttons(...turns(batch, page), ...decisions(batch)),
  )
  return { ...drawn, summary: `[用车] ${KINDS[kind]}导入${STATES[state]}:${rows.length}项` }
}

function summaryOf({ state, rows }: Batch, bad: number[]): string {
  const good = rows.filter(isGood)
  const fresh = good.filter(row => row.id === undefined).length
  const same = good.filter(isIdle).length
  const told = `新增${fresh}项,更新${good.length - fresh - same}项${same ? `,无变化${same}项` : ''}。`
  if (state === 'dropped') return '已作废,未登记任何内容。'
  return `${state === 'kept' ? '已' : '可'}${told}${left(bad)}`
}

const left = (bad: number[]): string =>
  bad.length ? `第${bad.slice(0, 20).join('、')}${bad.length > 20 ? '…' : ''}项有误,请改正后重新发送。` : ''

const MOST_CHANGES = 8

function rowBlock(row: BatchRow, place: number, state: Batch['state']): Block {
  const { title, words, faults, changes } = row
  const kind = row.id === undefined ? '新增' : isIdle(row) ? '无变化' : '更新'
  const told = row.id === undefined ? words : changesIn(changes)
  const said = isGood(row) ? told : ''
  const wrong = faults.length ? ['\n', tint('red', `有误:${faults.map(fault => shorten(fault, 60)).join(';')}`)] : []
  const mark = faults.length ? '' : ` · ${state === 'kept' ? '已' : ''}${kind}`
  return text(bold(`${place}. ${shorten(title, 40)}`), `${mark}${said ? `\n${shorten(said, 200)}` : ''}`, ...wrong)
}

const changesIn = (changes: readonly Change[]): string =>
  changes
    .slice(0, MOST_CHANGES)
    .map(([label, from, to]) => `${label}:${from}→${to}`)
    .join(';')

function turns({ id, rows }: Batch, page: number): Button[] {
  const press = (label: string, to: number): Button => ({ label, action: 'car.fleetBatch', value: { id, page: to } })
  return [
    ...(page > 0 ? [press('上一页', page - 1)] : []),
    ...((page + 1) * BATCH_PAGE < rows.length ? [press('下一页', page + 1)] : []),
  ]
}

function decisions({ id, state, rows }: Batch): Button[] {
  if (state !== 'open') return []
  const good = rows.filter(row => isGood(row) && !isIdle(row)).length
  const keep: Button = { label: `全部登记(${good}项)`, action: 'car.fleetKeep', value: { id }, style: 'primary' }
  return [...(good ? [keep] : []), { label: '作废', action: 'car.fleetDrop', value: { id } }]
}
