import {
  type Block,
  bold,
  buttons,
  type Card,
  card,
  fields,
  form,
  note,
  type Option,
  table,
  text,
  tint,
} from '../../kit/card.ts'
import { formatMonth } from '../../kit/time.ts'
import {
  type Account,
  type CostGroup,
  centsIn,
  consumption,
  GROUPS,
  hundredths,
  type Outlier,
  outliers,
  perKilometre,
  summed,
  totalCents,
  yuan,
} from './accounts.ts'
import { monthOptions } from './ledger.ts'
import { vehicleField } from './vehicle-field.ts'

export interface AccountsView {
  month: string
  /** 0 = all. */
  vehicle: number
  page: number
}

export const ACCOUNTS_ROWS = 10

const per = (amount: number, km: number, unit: string): string => {
  const each = consumption(amount, km)
  return each === undefined ? '—' : `${each.toFixed(1)}${unit}`
}

/** For a hundred kilometres: litres, kilowatt-hours, or both. */
export function consumptionWords({ fuel, litres, kwh, km }: Account): string {
  if (fuel === 'hybrid') return `${per(litres, km, '升')}/${per(kwh, km, '度')}`
  return fuel === 'electric' ? per(kwh, km, '度') : per(litres, km, '升')
}

export const perKilometreWords = (one: Account): string => {
  const each = perKilometre(one)
  return each === undefined ? '—' : each.toFixed(2)
}

const GROUP_NAMES = Object.keys(GROUPS) as CostGroup[]

/** 单车核算 of a month: all vehicles in a table, or one of them in full beside its three months before. */
export function accountsCard(
  accounts: Account[],
  before: Account[],
  view: AccountsView,
  of: { vehicles: Option[]; threshold: number; now: Date },
): Card {
  const one = view.vehicle ? accounts.find(({ vehicle }) => vehicle === view.vehicle) : undefined
  const title = `单车核算 · ${formatMonth(view.month)}`
  const drawn = card(
    title,
    'blue',
    ...(one ? ofOne(one, before) : ofAll(accounts, view)),
    ...outliers(accounts, before, of.threshold)
      .filter(({ plate }) => !one || plate === one.plate)
      .slice(0, ACCOUNTS_ROWS)
      .map(outlierLine),
    note(
      '里程、次数按本月出车并已回场的记录计算;费用按发生日期,不含已作废的。百公里油耗(电耗)=加油量(充电量)/里程×100。',
    ),
    filters(view, of.vehicles, of.now),
    turning(view, accounts.length),
  )
  return { ...drawn, summary: `[用车] ${title}` }
}

function ofAll(accounts: Account[], { page }: AccountsView): Block[] {
  if (!accounts.length) return [text('没有您能查看的车辆。')]
  const shown = accounts.slice(page * ACCOUNTS_ROWS, (page + 1) * ACCOUNTS_ROWS)
  const total = summed(accounts)
  const row = (one: Account) => [
    one.plate,
    String(one.km),
    String(one.runs),
    yuan(totalCents(one)),
    perKilometreWords(one),
    one.vehicle ? consumptionWords(one) : '',
    ...GROUP_NAMES.map(group => yuan(centsIn(one, group))),
  ]
  return [
    text(
      `共${accounts.length}辆,出车${total.runs}次,行驶${total.km}公里,费用合计${yuan(totalCents(total))}元,每公里${perKilometreWords(total)}元。`,
    ),
    table(
      ['车辆', '里程(公里)', '次数', '合计(元)', '每公里(元)', '百公里', ...GROUP_NAMES.map(group => `${group}(元)`)],
      shown.map(row),
    ),
  ]
}

function ofOne(one: Account, before: Account[]): Block[] {
  const earlier = before.find(({ vehicle }) => vehicle === one.vehicle)
  return [
    text(bold(one.plate)),
    fields(
      ['行驶里程', `${one.km}公里`],
      ['出车次数', `${one.runs}次`],
      ['加油量', `${hundredths(one.litres)}升`],
      ...(one.kwh || one.fuel === 'electric' ? [['充电量', `${hundredths(one.kwh)}度`] as const] : []),
      ['百公里消耗', `${consumptionWords(one)}(前三个月${earlier ? consumptionWords(earlier) : '—'})`],
      ...GROUP_NAMES.map(group => [group, `${yuan(centsIn(one, group))}元`] as const),
      ['合计', `${yuan(totalCents(one))}元`],
      ['每公里成本', `${perKilometreWords(one)}元`],
    ),
  ]
}

/** CAR-36. */
const outlierLine = ({ plate, unit, now, usual }: Outlier): Block =>
  text(
    tint('red', `${unit === '升' ? '油耗' : '电耗'}异常,请核对:`),
    `${plate} 本月百公里${now.toFixed(1)}${unit},前三个月平均${usual.toFixed(1)}${unit}。`,
  )

function filters({ month, vehicle }: AccountsView, vehicles: Option[], now: Date): Block {
  return form(
    'accounts',
    [
      { kind: 'choose', name: 'month', label: '月份', options: monthOptions(month, now), value: month },
      vehicleField(vehicles, vehicle, '全部车辆'),
    ],
    [
      { label: '查看', action: 'car.accounts', style: 'primary' },
      { label: '导出', action: 'car.export' },
    ],
  )
}

function turning(view: AccountsView, all: number): Block | undefined {
  if (view.vehicle) return undefined
  const to = (label: string, page: number) => ({ label, action: 'car.accounts', value: { ...view, page } })
  return buttons(
    ...(view.page > 0 ? [to('上一页', view.page - 1)] : []),
    ...((view.page + 1) * ACCOUNTS_ROWS < all ? [to('下一页', view.page + 1)] : []),
  )
}
