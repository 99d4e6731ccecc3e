import { nameOf } from '../../kit/acted.ts'
import {
  type Block,
  bold,
  buttons,
  type Card,
  card,
  divider,
  form,
  note,
  type Option,
  text,
  tint,
} from '../../kit/card.ts'
import { formatMonth, formatShort } from '../../kit/time.ts'
import { tripFlow } from './flow.ts'
import { ALL, kilometres, LEDGER_ROWS, type LedgerRow, type LedgerView, monthOptions } from './ledger.ts'
import { isConfidential, purposeFor } from './roles.ts'
import { numberText, type Setting, unitOf } from './trip.ts'
import { vehicleField } from './vehicle-field.ts'

export interface Sums {
  trips: number
  runs: number
  km: number
}

export interface Choices {
  vehicles: Option[]
  drivers: Option[]
  units: Option[]
}

/** What the words of the ledger come from. */
export type Naming = Pick<Setting, 'now' | 'names' | 'units'>

/** A page of the month's 台账: filters, the rows, and the way to the others. `keeps`: whose ledger it is to keep. */
export function ledgerCard(
  rows: LedgerRow[],
  sums: Sums,
  view: LedgerView,
  choices: Choices,
  viewer: { keeps: boolean; exports: boolean },
  naming: Naming,
): Card {
  const pages = Math.max(Math.ceil(sums.trips / LEDGER_ROWS), 1)
  const drawn = card(
    `用车台账 · ${formatMonth(view.month)}`,
    'blue',
    text(`共${sums.trips}单,出车${sums.runs}次,行驶${sums.km}公里。`),
    ...(rows.length ? rows.map(row => text(...lineOf(row, naming))) : [text('没有符合条件的派车单。')]),
    note(`第${view.page + 1}页,共${pages}页`),
    turning(view, pages),
    divider,
    filters(view, choices, naming.now),
    buttons(
      ...(viewer.exports ? [{ label: '导出', action: 'car.export', value: { ...view, page: 0 } }] : []),
      ...(viewer.exports ? [{ label: '单车核算', action: 'car.accounts', value: { month: view.month } }] : []),
      { label: '费用', action: 'car.costs', value: { month: view.month } },
      ...(viewer.keeps ? [{ label: '登记费用', action: 'car.cost' }] : []),
    ),
  )
  return { ...drawn, summary: `[用车台账] ${formatMonth(view.month)} ${sums.trips}单` }
}

/** `派〔2026〕86号 11月25日(周三)08:30 江A10001 马师傅 → 区法院 · 调研座谈 · 42公里 · 已完成`. */
function lineOf(row: LedgerRow, { now, names, units }: Naming) {
  const km = kilometres(row.run)
  const driver = row.run && (row.run.driver ?? (row.run.pilot ? `${nameOf(row.run.pilot, names)}(自驾)` : ''))
  const parts = [
    formatShort(row.startsAt, now),
    unitOf(row.unit, units),
    nameOf(row.user, names),
    row.run ? `${row.run.plate} ${driver}` : '未派车',
    isConfidential(row) ? purposeFor(row, false) : `${row.destination},${row.purpose}`,
    ...(km === undefined ? [] : [`${km}公里${(row.run?.trips ?? 1) > 1 ? '(合乘)' : ''}`]),
  ]
  const colour = ({ completed: 'green', missed: 'red', cancelled: 'grey' } as const)[row.state as string] ?? 'blue'
  return [
    bold(row.number ? numberText(row.number) : '未编号'),
    ` ${parts.join(' · ')} · `,
    tint(colour, tripFlow.states[row.state]),
  ]
}

function filters(view: LedgerView, { vehicles, drivers, units }: Choices, now: Date): Block {
  const states = Object.entries(tripFlow.states).map(([value, label]) => ({ value, label }))
  const all = (label: string, options: Option[]) => [{ value: ALL, label }, ...options]
  const chosen = (id: number) => (id ? String(id) : ALL)
  return form(
    'ledger',
    [
      { kind: 'choose', name: 'month', label: '月份', options: monthOptions(view.month, now), value: view.month },
      vehicleField(vehicles, view.vehicle, '全部车辆'),
      {
        kind: 'choose',
        name: 'driver',
        label: '驾驶员',
        options: all('全部驾驶员', drivers),
        value: chosen(view.driver),
      },
      { kind: 'choose', name: 'state', label: '状态', options: all('全部状态', states), value: view.state || ALL },
      { kind: 'choose', name: 'unit', label: '用车单位', options: all('全部单位', units), value: view.unit || ALL },
    ],
    [{ label: '筛选', action: 'car.ledger', style: 'primary' }],
  )
}

function turning(view: LedgerView, pages: number): Block | undefined {
  const to = (label: string, page: number) => ({ label, action: 'car.ledger', value: { ...view, page } })
  return buttons(
    ...(view.page > 0 ? [to('上一页', view.page - 1)] : []),
    ...(view.page + 1 < pages ? [to('下一页', view.page + 1)] : []),
  )
}
