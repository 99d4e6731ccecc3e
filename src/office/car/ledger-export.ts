import { nameOf } from '../../kit/acted.ts'
import type { Cell, Column, Sheet } from '../../kit/sheet.ts'
import { clockOf, dayIn, formatInstant } from '../../kit/time.ts'
import { type Account, type CostGroup, centsIn, consumption, GROUPS, perKilometre, totalCents } from './accounts.ts'
import type { CostRow } from './cost.ts'
import { tripFlow } from './flow.ts'
import { kilometres, type LedgerRow } from './ledger.ts'
import type { Naming } from './ledger-cards.ts'
import { isConfidential, purposeFor } from './roles.ts'
import { COSTS, FUELS, GROUNDS } from './terms.ts'
import { numberText, unitOf } from './trip.ts'

/** More rows are exported in several files, narrowed by a filter. */
export const MOST_EXPORTED = 10_000

interface Field<Row> extends Column {
  cell(row: Row, naming: Naming, place: number): Cell
}

const money = (cents: number): Cell => ({ yuan: Math.round(cents) / 100 })
const rounded = (value: number | undefined, digits: number): number | undefined =>
  value === undefined ? undefined : Number(value.toFixed(digits))

const perKilometreIn = (account: Account): Cell => {
  const yuan = rounded(perKilometre(account), 2)
  return yuan === undefined ? undefined : { yuan }
}

/** Of combined trips each shows its run; the total counts it once. */
const LEDGER: Field<LedgerRow>[] = [
  { head: '序号', width: 6, cell: (_row, _naming, place) => place },
  { head: '单号', width: 16, cell: ({ number }) => (number ? numberText(number) : '') },
  { head: '用车单位', width: 14, cell: ({ unit }, { units }) => unitOf(unit, units) },
  { head: '用车人', width: 9, cell: ({ user }, { names }) => nameOf(user, names) },
  { head: '事由', width: 26, cell: row => purposeFor(row, false) },
  { head: '目的地', width: 16, cell: row => (isConfidential(row) ? '' : row.destination) },
  { head: '计划出发', width: 17, cell: ({ startsAt }) => startsAt },
  { head: '计划返回', width: 17, cell: ({ endsAt }) => endsAt },
  { head: '车牌号', width: 12, cell: ({ run }) => (run ? run.plate : '') },
  {
    head: '驾驶员',
    width: 9,
    cell: ({ run }, { names }) => run?.driver ?? (run?.pilot ? nameOf(run.pilot, names) : ''),
  },
  { head: '里程(公里)', width: 10, cell: ({ run }) => kilometres(run) },
  { head: '状态', width: 9, cell: ({ state }) => tripFlow.states[state] },
  { head: '备注', width: 12, cell: ({ run }) => ((run?.trips ?? 0) > 1 ? '合乘' : '') },
  { head: '申请人', width: 9, cell: ({ applicant }, { names }) => nameOf(applicant, names) },
  { head: '用车类别', width: 18, cell: ({ ground }) => GROUNDS[ground] },
  { head: '出发地', width: 14, cell: ({ origin }) => origin },
  { head: '人数', width: 7, cell: ({ headcount }) => headcount },
  { head: '出车时间', width: 17, cell: ({ run }) => run?.departedAt },
  { head: '出车里程表', width: 11, cell: ({ run }) => run?.odometerOut },
  { head: '回场时间', width: 17, cell: ({ run }) => run?.returnedAt },
  { head: '回场里程表', width: 11, cell: ({ run }) => run?.odometerIn },
  { head: '停放地点', width: 14, cell: ({ run }) => run?.parkedAt ?? '' },
]
const LEDGER_PRINTED = 13

const GROUP_NAMES = Object.keys(GROUPS) as CostGroup[]

/** 单车核算 (domain.md 4.6). */
const ACCOUNTS: Field<Account>[] = [
  { head: '序号', width: 6, cell: (_account, _naming, place) => place },
  { head: '车牌号', width: 12, cell: ({ plate }) => plate },
  { head: '能源', width: 10, cell: ({ vehicle, fuel }) => (vehicle ? FUELS[fuel] : '') },
  { head: '行驶里程(公里)', width: 12, cell: ({ km }) => km },
  { head: '出车次数', width: 8, cell: ({ runs }) => runs },
  { head: '加油量(升)', width: 10, cell: ({ litres }) => litres / 100 },
  { head: '充电量(度)', width: 10, cell: ({ kwh }) => kwh / 100 },
  { head: '百公里油耗(升)', width: 10, cell: ({ litres, km }) => rounded(consumption(litres, km), 1) },
  { head: '百公里电耗(度)', width: 10, cell: ({ kwh, km }) => rounded(consumption(kwh, km), 1) },
  ...GROUP_NAMES.map(group => ({
    head: `${group}(元)`,
    width: 11,
    cell: (account: Account) => money(centsIn(account, group)),
  })),
  { head: '合计(元)', width: 12, cell: account => money(totalCents(account)) },
  { head: '每公里成本(元)', width: 10, cell: account => perKilometreIn(account) },
]

const SPENT: Field<CostRow>[] = [
  { head: '序号', width: 6, cell: (_row, _naming, place) => place },
  { head: '日期', width: 12, cell: ({ on }) => on },
  { head: '车牌号', width: 12, cell: ({ plate }) => plate },
  { head: '类别', width: 9, cell: ({ kind }) => COSTS[kind] },
  { head: '金额(元)', width: 12, cell: ({ cents }) => money(cents) },
  { head: '数量(升/度)', width: 11, cell: ({ amount }) => (amount === undefined ? undefined : amount / 100) },
  { head: '里程表', width: 10, cell: ({ odometer }) => odometer },
  { head: '定点单位', width: 18, cell: ({ place }) => place },
  { head: '加油卡', width: 16, cell: ({ fuelCard }) => fuelCard },
  { head: '单号', width: 16, cell: ({ number }) => (number ? numberText(number) : '') },
  { head: '登记人', width: 9, cell: ({ by }, { names }) => nameOf(by, names) },
  { head: '备注', width: 18, cell: ({ remark }) => remark },
]

const BOOK = { ledger: LEDGER, accounts: ACCOUNTS, costs: SPENT } as const
const NAMES = { ledger: '用车台账', accounts: '单车核算', costs: '费用明细' } as const
export type SheetKind = keyof typeof BOOK

/** The sheet around some rows. `says`: what was chosen, in words. */
export function exportSheet(kind: SheetKind, says: string, by: string, now: Date): Sheet {
  const at = formatInstant(now)
  const columns: Column[] = BOOK[kind].map(({ head, width }) => ({ head, width }))
  return {
    name: NAMES[kind],
    title: NAMES[kind],
    says: `范围:${says};截至${at}。导出人:${by || '未知人员'}。仅供内部工作使用,请妥善保管。`,
    columns,
    printed: kind === 'ledger' ? LEDGER_PRINTED : columns.length,
    mark: `${by || '未知人员'} ${at}导出 仅供内部工作使用`,
  }
}

export const ledgerCells = (row: LedgerRow, naming: Naming, place: number): Cell[] =>
  LEDGER.map(field => field.cell(row, naming, place))
export const accountCells = (account: Account, naming: Naming, place: number): Cell[] =>
  ACCOUNTS.map(field => field.cell(account, naming, place))
export const costCells = (cost: CostRow, naming: Naming, place: number): Cell[] =>
  SPENT.map(field => field.cell(cost, naming, place))

export function ledgerTotal(sums: { trips: number; km: number }): Cell[] {
  const under: Record<string, Cell> = { 序号: '合计', 单号: `${sums.trips}单`, '里程(公里)': sums.km }
  return LEDGER.map(({ head }) => under[head])
}

/** Consumption is a single car's: petrol and current do not add up. */
export const accountsTotal = (sum: Account, naming: Naming): Cell[] =>
  ACCOUNTS.map(({ head, cell }) => {
    if (head === '序号') return '合计'
    return head === '车牌号' || head.startsWith('百公里') ? '' : cell(sum, naming, 0)
  })

export function costsTotal(cents: number): Cell[] {
  const under: Record<string, Cell> = { 序号: '合计', '金额(元)': money(cents) }
  return SPENT.map(({ head }) => under[head])
}

/** `公务用车台账_2026-10_20261124-0900.xlsx`. */
export const exportFileName = (month: string, now: Date): string =>
  `公务用车台账_${month}_${dayIn(now).replaceAll('-', '')}-${clockOf(now).replace(':', '')}.xlsx`
