import { nameOf } from '../../kit/acted.ts'
import { type Block, type Button, bold, buttons, type Card, card, note, text, tint } from '../../kit/card.ts'
import { shorten } from '../../kit/text.ts'
import { formatDue, formatShort } from '../../kit/time.ts'
import { COLUMNS } from './lines.ts'
import { type Setting, type Task, unitOf, type Wish } from './task.ts'
import { FREQUENCIES, SOURCES, URGENCIES } from './terms.ts'

/** Several tasks handed in together, each as it was understood, before any of them is a draft. */
export interface Batch {
  id: number
  maker: string
  /** What it came from: a file's name, or '' = lines of a message. */
  name: string
  state: 'reading' | 'open' | 'drafted' | 'dropped'
  rows: Row[]
  /** What was not understood of the whole. */
  remark: string
  movedAt: Date
}

export interface Row {
  /** As it was handed in, shortened. */
  says: string
  wish: Wish | undefined
  assistants: Array<{ id: string; unit: string }>
  faults: string[]
  /** The draft that came of it. */
  task: number | undefined
}

export const MOST_ROWS = 100
export const BATCH_PAGE = 8

export const isGood = ({ wish, faults }: Row): boolean => wish !== undefined && faults.length === 0

export const pageOf = (page: unknown, { rows }: Batch): number => {
  const last = Math.max(Math.ceil(rows.length / BATCH_PAGE) - 1, 0)
  return typeof page === 'number' && Number.isInteger(page) ? Math.min(Math.max(page, 0), last) : 0
}

const STATES: Record<Batch['state'], string> = {
  reading: '读取中',
  open: '请核对',
  drafted: '已拟办',
  dropped: '已作废',
}

/** The table to check, page by page; `alike` tells of open tasks that a row resembles, by its place. */
export function batchCard(batch: Batch, page: number, alike: ReadonlyMap<number, Task[]>, setting: Setting): Card {
  const { state, rows, name, remark } = batch
  const bad = rows.flatMap((row, i) => (isGood(row) ? [] : [i + 1]))
  const good = rows.length - bad.length
  const first = page * BATCH_PAGE
  const drawn = card(
    `督办 · 批量${STATES[state]} · ${rows.length}项`,
    state === 'drafted' ? 'green' : bad.length && state === 'open' ? 'yellow' : 'grey',
    name ? note(`来自《${name}》`) : undefined,
    text(summaryOf(batch, good, bad)),
    remark ? note(remark) : undefined,
    ...rows.slice(first, first + BATCH_PAGE).flatMap((row, i) => {
      const place = first + i
      return rowBlocks(row, place + 1, alike.get(place) ?? [], batch, setting)
    }),
    buttons(...turns(batch, page), ...decisions(batch, good)),
    state === 'open' ? note('本平台禁止处理涉密信息。') : undefined,
  )
  return { ...drawn, summary: `[督办] 批量${STATES[state]}:${rows.length}项` }
}

function summaryOf({ state }: Batch, good: number, bad: number[]): string {
  if (state === 'drafted') return `已拟办${good}项,请逐项送审或交办,也可在 /待办 中办理。${left(bad)}`
  if (state === 'dropped') return '已作废,未拟办任何事项。'
  return `可拟办${good}项。${left(bad)}`
}

const left = (bad: number[]): string =>
  bad.length ? `第${bad.slice(0, 20).join('、')}${bad.length > 20 ? '…' : ''}项有误,请改正后重新发送。` : ''

function rowBlocks(row: Row, place: number, alike: Task[], { state }: Batch, setting: Setting): Block[] {
  const { wish, faults, task, says } = row
  const title = wish?.title ? shorten(wish.title, 40) : shorten(says, 40)
  const wrong = faults.length ? ['\n', tint('red', `有误:${faults.join(';')}`)] : []
  const twins = alike.slice(0, 2).map(one => shorten(one.title, 20))
  const similar = twins.length && state === 'open' ? ['\n', tint('yellow', `可能重复:${twins.join(';')}`)] : []
  const blocks: Array<Block | undefined> = [
    text(bold(`${place}. ${title}`), wish ? `\n${wordsOf(row, wish, setting)}` : '', ...wrong, ...similar),
    task === undefined ? undefined : buttons({ label: '查看', action: 'task.show', value: { id: task } }),
  ]
  return blocks.filter(block => block !== undefined)
}

/** Everything that was understood, in one line. */
function wordsOf({ assistants }: Row, wish: Wish, { names, units, now, work }: Setting): string {
  const { lead, leadUnit, dueAt, dueByDefault, assistDueAt, source, basis, urgency, frequency, leader, scope } = wish
  const named = (ids: string[]): string => ids.map(id => nameOf(id, names)).join('、')
  return [
    lead ? `牵头:${unitOf(leadUnit, units)} ${nameOf(lead, names)}` : '',
    assistants.length ? `协办:${named(assistants.map(one => one.id))}` : '',
    dueAt ? `时限:${formatDue(dueAt, now, work.calendar)}${dueByDefault ? '(按紧急程度推定)' : ''}` : '',
    assistDueAt ? `协办时限:${formatShort(assistDueAt, now)}` : '',
    `来源:${SOURCES[source].word}${basis ? `(${shorten(basis, 20)})` : ''}`,
    urgency === 'normal' ? '' : URGENCIES[urgency].word,
    frequency === 'once' ? '' : `${FREQUENCIES[frequency].word}反馈`,
    leader ? `交办领导:${nameOf(leader, names)}` : '',
    wish.phone ? `联系电话:${wish.phone}` : '',
    scope.length ? `知悉范围:${named(scope)}` : '',
    wish.content ? `要求:${shorten(wish.content, 40)}` : '',
  ]
    .filter(part => part !== '')
    .join(' · ')
}

function turns({ id, rows }: Batch, page: number): Button[] {
  const press = (label: string, to: number): Button => ({ label, action: 'task.batch', value: { id, page: to } })
  return [
    ...(page > 0 ? [press('上一页', page - 1)] : []),
    ...((page + 1) * BATCH_PAGE < rows.length ? [press('下一页', page + 1)] : []),
  ]
}

function decisions({ id, state }: Batch, good: number): Button[] {
  if (state !== 'open') return []
  const draft: Button = { label: `全部拟办(${good}项)`, action: 'task.draftAll', value: { id }, style: 'primary' }
  return [...(good ? [draft] : []), { label: '作废', action: 'task.dropBatch', value: { id } }]
}

/** How a table is to be laid out. */
export const TABLE_HELP = `表格第一行请写列名:${Object.values(COLUMNS)
  .map(([word]) => word)
  .join('、')},其中“事项名称”和“牵头人”必填。`
