import { departmentNames } from '../../db/department.ts'
import { peopleById } from '../../db/people.ts'
import { holdBatch, keepBatch, openBatch } from '../../db/task-batch.ts'
import type { Action, Answer, FileDesk, Look, Said, Table, Turn } from '../../src/bot/feature.ts'
import { numberedLines } from '../../src/kit/lines.ts'
import { AlreadySo, Refusal } from '../../src/kit/refusal.ts'
import { sentence, shorten } from '../../src/kit/text.ts'
import { formatShort } from '../../src/kit/time.ts'
import {
  BATCH_PAGE,
  type Batch,
  batchCard,
  isGood,
  MOST_ROWS,
  pageOf,
  type Row,
  TABLE_HELP,
} from '../../src/office/task/batch.ts'
import { faultsIn, readLabels } from '../../src/office/task/draft.ts'
import { readTable } from '../../src/office/task/lines.ts'
import type { Setting, Task } from '../../src/office/task/task.ts'
import { phoneOf } from '../phone.ts'
import { draftingFor, putOnFile, unfitAmong } from '../task-draft.ts'
import { alikeTo } from './alike.ts'
import { refuseOthers } from './make.ts'
import { rowOfCells, rowOfLine } from './row.ts'
import { actorOf, FEATURE, settingOf } from './setting.ts'

/** Numbered lines after `/督办`: a table to check. Undefined when there are no two of them. */
export async function batchOf(turn: Turn, said: Said): Promise<Answer | undefined> {
  const found = numberedLines(said.pieces)
  if (!found) return undefined
  refuseOthers(turn)
  refuseTooMany(found.lines.length)
  const common = readLabels(found.before.filter(piece => typeof piece === 'string').join(' '))
  const rows: Row[] = []
  for (const line of found.lines) rows.push(await rowOfLine(turn, line, common, turn.chat.id))
  const { who, chat, now } = turn
  const batch = { maker: who.id, chat: chat.id, name: '', state: 'open' as const, rows, remark: '', movedAt: now }
  const id = await openBatch(turn.db, batch)
  turn.record({ feature: FEATURE, act: 'batch', data: { id, rows: rows.length } })
  return { say: { card: await drawn(turn, { ...batch, id }, 0) }, privately: true }
}

function refuseTooMany(rows: number): void {
  if (rows > MOST_ROWS) throw new Refusal(`一次最多${MOST_ROWS}项,请分次发送`)
}

/** A workbook sent in private by somebody who may draft. */
export const tables: FileDesk = {
  async received(turn, said) {
    const [file] = said.attachments.filter(one => one.kind === 'file')
    const kind = /\.([a-z]{2,4})$/i.exec(file?.name ?? '')?.[1]?.toLowerCase() ?? ''
    if (!file || !SHEETS.includes(kind) || !draftingFor(turn)) return undefined
    if (kind !== 'xlsx') throw new Refusal('批量拟办请用 .xlsx 格式的表格,请另存后重新发送')
    const { who, chat, now } = turn
    const name = shorten(file.name, 60)
    const batch = { maker: who.id, chat: chat.id, name, state: 'reading' as const, rows: [], remark: '', movedAt: now }
    const id = await openBatch(turn.db, batch)
    turn.record({ feature: FEATURE, act: 'batch', data: { id } })
    turn.fetch(file, FEATURE, String(id))
    return { say: { text: `已收到《${name}》,读取后发送核对卡片。` } }
  },

  async read(beat, matter, table) {
    const batch = await holdBatch(beat.db, Number(matter))
    if (batch.state !== 'reading') return
    const tell = (words: string) => beat.send({ to: { person: batch.maker }, body: { text: words }, urgent: true })
    const found = 'rows' in table ? readTable(table.rows) : undefined
    const fault = faultOf(table, found?.rows.length)
    if (!found || fault) {
      await keepBatch(beat.db, { ...batch, state: 'dropped', movedAt: beat.now })
      return tell(`未能读取《${batch.name}》:${fault}`)
    }
    const rows: Row[] = []
    for (const cells of found.rows) rows.push(await rowOfCells(beat, cells, batch.chat))
    const remark = found.unknown.length ? `未识别的列:${shorten(found.unknown.join('、'), 100)}` : ''
    const open: Batch = { ...batch, state: 'open', rows, remark, movedAt: beat.now }
    await keepBatch(beat.db, open)
    beat.send({ to: { person: batch.maker }, body: { card: await drawn(beat, open, 0) }, urgent: true })
  },
}

const SHEETS = ['xlsx', 'xls', 'csv', 'et']

function faultOf(table: Table, rows: number | undefined): string | undefined {
  if ('fault' in table) return sentence(table.fault)
  if (rows === undefined) return `没有找到列名。${TABLE_HELP}`
  if (rows === 0) return `列名之下没有内容。${TABLE_HELP}`
  return rows > MOST_ROWS ? `共${rows}项,一次最多${MOST_ROWS}项,请拆分后重新发送。` : undefined
}

/** A turn of the page. */
export const batch: Action = async (turn, { value }) => {
  const found = await own(turn, value.id)
  return { fresh: { card: await drawn(turn, found, pageOf(value.page, found)) } }
}

/** 全部拟办: every row that is still without a fault becomes a draft, all in this turn. */
export const draftAll: Action = async (turn, { value }) => {
  refuseOthers(turn)
  const found = await own(turn, value.id)
  refuseMoved(turn, found)
  const rows = await checkedAnew(turn, found.rows)
  if (!rows.some(isGood)) throw new Refusal('没有可以拟办的事项,请改正后重新发送')
  const drafted: Row[] = []
  const phone = await phoneOf(turn, turn.who.id)
  for (const row of rows) {
    const wish = row.wish && isGood(row) ? { ...row.wish, phone: row.wish.phone || phone } : undefined
    const draft = wish && (await putOnFile(turn, wish, row.assistants))
    drafted.push({ ...row, task: draft?.id })
  }
  const after: Batch = { ...found, state: 'drafted', rows: drafted, movedAt: turn.now }
  await keepBatch(turn.db, after)
  return {
    toast: { kind: 'success', words: `已拟办${drafted.filter(isGood).length}项` },
    fresh: { card: await drawn(turn, after, 0) },
  }
}

/** Time has gone by since it was read: deadlines pass, people leave. */
async function checkedAnew(turn: Turn, rows: Row[]): Promise<Row[]> {
  const unfit = await unfitAmong(turn, rows.flatMap(bearersOf))
  return rows.map(row => {
    const { wish, assistants } = row
    if (!wish || !isGood(row)) return row
    const ids = assistants.map(one => one.id)
    const people = bearersOf(row).flatMap(id => unfit.get(id) ?? [])
    return { ...row, faults: [...faultsIn(wish, ids, turn.now).map(([words]) => words), ...people] }
  })
}

const bearersOf = ({ wish, assistants }: Row): string[] => (wish ? [wish.lead, ...assistants.map(one => one.id)] : [])

export const dropBatch: Action = async (turn, { value }) => {
  const found = await own(turn, value.id)
  refuseMoved(turn, found)
  const after: Batch = { ...found, state: 'dropped', movedAt: turn.now }
  await keepBatch(turn.db, after)
  return { toast: { kind: 'success', words: '已作废' }, fresh: { card: await drawn(turn, after, 0) } }
}

function refuseMoved(turn: Turn, { state, movedAt }: Batch): void {
  if (state === 'open') return
  throw new AlreadySo(`${formatShort(movedAt, turn.now)}${state === 'drafted' ? '已拟办' : '已作废'},请勿重复操作`)
}

/** Only whoever handed it in sees it. */
async function own(turn: Turn, id: unknown): Promise<Batch> {
  const found = typeof id === 'number' && Number.isSafeInteger(id) && id > 0 ? await holdBatch(turn.db, id) : undefined
  if (found?.maker !== turn.who.id) throw new Refusal('卡片已过期,请重新发送')
  return found
}

async function drawn(look: Pick<Look, 'db' | 'now' | 'office'>, found: Batch, page: number) {
  const first = page * BATCH_PAGE
  const shown = found.rows.slice(first, first + BATCH_PAGE)
  const actor = await actorOf(look, found.maker)
  const alike = new Map<number, Task[]>()
  if (found.state === 'open')
    for (const [i, { wish }] of shown.entries()) if (wish) alike.set(first + i, await alikeTo(look, wish, actor))
  return batchCard(found, page, alike, await settingFor(look, shown))
}

/** With the names that the rows bear. */
async function settingFor(look: Pick<Look, 'db' | 'now' | 'office'>, rows: Row[]): Promise<Setting> {
  const wishes = rows.flatMap(({ wish }) => wish ?? [])
  const leaders = wishes.flatMap(({ leader }) => leader ?? [])
  const ids = [...rows.flatMap(bearersOf), ...leaders, ...wishes.flatMap(({ scope }) => scope)]
  const [setting, people, units] = await Promise.all([
    settingOf(look),
    peopleById(look.db, [...new Set(ids)]),
    departmentNames(look.db, [...new Set(wishes.map(({ leadUnit }) => leadUnit))]),
  ])
  return { ...setting, names: new Map(people.map(person => [person.id, person.name])), units }
}
