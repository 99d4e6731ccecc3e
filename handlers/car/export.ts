import { ledgerAfter, ledgerSums } from '../../db/car-account.ts'
import { costSums, costsAfter } from '../../db/car-cost.ts'
import { peopleById } from '../../db/people.ts'
import type { Action, Answer, Look, Said, Turn } from '../../src/bot/feature.ts'
import type { Value } from '../../src/kit/card.ts'
import type { Part } from '../../src/kit/package.ts'
import { Refusal } from '../../src/kit/refusal.ts'
import { rowXml, type Sheet, sheetEnd, sheetStart, workbook } from '../../src/kit/sheet.ts'
import { formatMonth, monthsFrom } from '../../src/kit/time.ts'
import { type Account, summed } from '../../src/office/car/accounts.ts'
import type { CostRow } from '../../src/office/car/cost.ts'
import { type LedgerRow, type LedgerView, readLedgerView } from '../../src/office/car/ledger.ts'
import type { Naming } from '../../src/office/car/ledger-cards.ts'
import {
  accountCells,
  accountsTotal,
  costCells,
  costsTotal,
  exportFileName,
  exportSheet,
  ledgerCells,
  ledgerTotal,
  MOST_EXPORTED,
  type SheetKind,
} from '../../src/office/car/ledger-export.ts'
import { type LedgerSight, ledgerSight, seesLedger } from '../../src/office/car/ledger-sight.ts'
import { may } from '../../src/office/role/role.ts'
import { monthTyped } from '../period.ts'
import { accountsIn } from './accounts.ts'
import { filterOf, namingOf } from './ledger.ts'
import { actorIn, actorOf, FEATURE } from './setting.ts'
import { withVehicle } from './vehicle-meant.ts'

const EXAMPLE = '/用车 导出 2026-10'
/** So many rows are read and written before others have their turn. */
const SLICE = 200

/** `/用车 导出 2026-10`: ledger, accounts and costs of a month as a workbook, in private. */
export async function exportMonth(turn: Turn, { text }: Said): Promise<Answer> {
  const month = monthTyped(text, turn.now, EXAMPLE)
  return { say: { text: await order(turn, readLedgerView({ month }, {}, turn.now)) }, privately: true }
}

/** What a page of the ledger shows, all of it. */
const exportPress: Action = async (turn, { value, form }) => {
  const chosen = await withVehicle(turn, ledgerSight(actorIn(turn), may), form)
  return { toast: { kind: 'success', words: await order(turn, readLedgerView(value, chosen, turn.now)) } }
}

/** What is decided here is carried out when the file leaves; answers what comes. */
async function order(turn: Turn, { page: _, ...chosen }: LedgerView): Promise<string> {
  const actor = actorIn(turn)
  const sight = ledgerSight(actor, may)
  if (!seesLedger(sight)) throw new Refusal('导出用车台账仅限领导、办公室主任和车管员使用')
  const [{ trips }, { rows }] = await Promise.all([
    ledgerSums(turn.db, sight, filterOf({ ...chosen, page: 0 })),
    costSums(turn.db, sight, costFilterOf(chosen)),
  ])
  if (!trips && !rows) throw new Refusal(`${formatMonth(chosen.month)}没有符合条件的用车或费用记录`, EXAMPLE)
  if (Math.max(trips, rows) > MOST_EXPORTED)
    throw new Refusal(`符合条件的记录超过${MOST_EXPORTED}条,请按车辆、单位等筛选后分次导出`, EXAMPLE)
  const file = { feature: FEATURE, name: exportFileName(chosen.month, turn.now), order: { by: actor.id, ...chosen } }
  turn.send({ to: { person: actor.id }, body: { file }, urgent: true })
  turn.record({ feature: FEATURE, act: 'export', data: { ...chosen, trips, costs: rows } })
  return `正在生成${formatMonth(chosen.month)}用车台账(${trips}单),完成后发送到私聊`
}

const costFilterOf = ({ month, vehicle }: Pick<LedgerView, 'month' | 'vehicle'>) => ({
  firstDay: `${month}-01`,
  nextDay: `${monthsFrom(month, 1)}-01`,
  ...(vehicle ? { vehicle } : {}),
})

/** The ordered file as things are when it leaves; who may see less by then gets less, and who may not export any more no row. */
export async function exportFile(look: Look, ordered: Value): Promise<Part[]> {
  const by = String(ordered.by)
  const view = readLedgerView(ordered, {}, look.now)
  const [actor, [person]] = await Promise.all([actorOf(look, by), peopleById(look.db, [by])])
  const full = ledgerSight(actor, may)
  const sight = seesLedger(full) ? full : { person: by, house: false, units: [], own: false }
  const accounts = await accountsIn(look, sight, view.month)
  const chosen = view.vehicle ? accounts.filter(one => one.vehicle === view.vehicle) : accounts
  const sheet = (kind: SheetKind) => exportSheet(kind, formatMonth(view.month), person?.name ?? '', look.now)
  return workbook([
    { sheet: sheet('ledger'), text: ledgerText(look, sheet('ledger'), sight, view) },
    { sheet: sheet('accounts'), text: accountsText(sheet('accounts'), chosen, look.now) },
    { sheet: sheet('costs'), text: costsText(look, sheet('costs'), sight, view) },
  ])
}

async function* ledgerText(look: Look, sheet: Sheet, sight: LedgerSight, view: LedgerView): AsyncIterable<string> {
  yield sheetStart(sheet)
  const filter = filterOf(view)
  const sums = await ledgerSums(look.db, sight, filter)
  let naming: Naming | undefined
  let place = 0
  for (let last: LedgerRow | undefined; place < MOST_EXPORTED; ) {
    const some: LedgerRow[] = await ledgerAfter(look.db, sight, filter, last, SLICE)
    if (!some.length) break
    const known: Naming = await namingOf(look, some, naming)
    const before = place
    yield some.map((row, i) => rowXml(sheet, before + i + 1, ledgerCells(row, known, before + i + 1))).join('')
    naming = known
    place += some.length
    last = some.at(-1)
  }
  yield sheetEnd(sheet, place, ledgerTotal(sums))
}

function* accountsText(sheet: Sheet, accounts: Account[], now: Date): Iterable<string> {
  const naming: Naming = { now, names: new Map(), units: new Map() }
  yield sheetStart(sheet)
  for (const [i, account] of accounts.entries()) yield rowXml(sheet, i + 1, accountCells(account, naming, i + 1))
  yield sheetEnd(sheet, accounts.length, accountsTotal(summed(accounts), naming))
}

async function* costsText(look: Look, sheet: Sheet, sight: LedgerSight, view: LedgerView): AsyncIterable<string> {
  yield sheetStart(sheet)
  const filter = costFilterOf(view)
  const { cents } = await costSums(look.db, sight, filter)
  const names = new Map<string, string>()
  let place = 0
  for (let last: CostRow | undefined; place < MOST_EXPORTED; ) {
    const some: CostRow[] = await costsAfter(look.db, sight, filter, last, SLICE)
    if (!some.length) break
    const unknown = [...new Set(some.map(({ by }) => by))].filter(id => !names.has(id))
    for (const { id, name } of await peopleById(look.db, unknown)) names.set(id, name)
    const naming = { now: look.now, names, units: new Map() }
    const before = place
    yield some.map((cost, i) => rowXml(sheet, before + i + 1, costCells(cost, naming, before + i + 1))).join('')
    place += some.length
    last = some.at(-1)
  }
  yield sheetEnd(sheet, place, costsTotal(cents))
}

export const exportActions = { export: exportPress }
