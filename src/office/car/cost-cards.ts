import { nameOf } from '../../kit/acted.ts'
import { type Block, bold, buttons, type Card, card, divider, fields, form, note, text } from '../../kit/card.ts'
import type { Finding } from '../../kit/finding.ts'
import { formatMonth, formatShort, monthsFrom } from '../../kit/time.ts'
import { hundredths, yuan } from './accounts.ts'
import type { CostRow } from './cost.ts'
import { COST_LIMITS } from './cost-form.ts'
import { COSTS } from './terms.ts'
import { numberText } from './trip.ts'

export const COST_ROWS = 10

type Names = ReadonlyMap<string, string>

/** An entry in full; `strikes`: the viewer may strike it out. */
export function costCard(cost: CostRow, findings: readonly Finding[], strikes: boolean, names: Names, now: Date): Card {
  const { kind, plate, on, cents, amount, odometer, place, fuelCard, cash, number, remark, by, at, struck } = cost
  const litres = amount === undefined ? undefined : `${hundredths(amount)}${kind === 'charge' ? '度' : '升'}`
  return card(
    struck ? '用车费用 · 已作废' : '用车费用 · 已登记',
    struck ? 'grey' : findings.length ? 'yellow' : 'green',
    fields(
      ['类别', COSTS[kind]],
      ['车辆', plate],
      ['发生日期', formatShort(on, now)],
      ['金额', `${yuan(cents)}元${cash ? '(现金)' : ''}`],
      litres ? ['数量', litres] : undefined,
      odometer === undefined ? undefined : ['里程表', `${odometer}公里`],
      place ? ['定点单位', place] : undefined,
      fuelCard ? ['加油卡', fuelCard] : undefined,
      number ? ['派车单', numberText(number)] : undefined,
      remark ? ['备注', remark] : undefined,
    ),
    ...findings.map(({ words }) => text(bold('提示'), `:${words}`)),
    note(`${nameOf(by, names)} 已登记 · ${formatShort(at, now)}`),
    struck
      ? note(`${nameOf(struck.by, names)} 已作废 · ${formatShort(struck.at, now)} · 理由:${struck.why}`)
      : undefined,
    ...(strikes && !struck
      ? [
          divider,
          form(
            'strike',
            [{ kind: 'input', name: 'why', hint: '作废理由(须填写)', max: COST_LIMITS.why }],
            [
              {
                label: '作废',
                action: 'car.costStrike',
                style: 'danger',
                value: { id: cost.id },
                confirm: { title: '作废', text: '作废后不计入核算,记录保留,确定作废吗?' },
              },
            ],
          ),
        ]
      : []),
  )
}

/** A month's entries. */
export function costsCard(
  rows: CostRow[],
  sums: { rows: number; cents: number },
  view: { month: string; page: number },
  of: { names: Names; now: Date; thisMonth: string },
): Card {
  const pages = Math.max(Math.ceil(sums.rows / COST_ROWS), 1)
  const to = (label: string, month: string, page = 0) => ({ label, action: 'car.costs', value: { month, page } })
  const drawn = card(
    `用车费用 · ${formatMonth(view.month)}`,
    'blue',
    text(`共${sums.rows}笔,合计${yuan(sums.cents)}元(不含已作废的)。`),
    ...rows.flatMap(row => lineOf(row, of)),
    note(`第${view.page + 1}页,共${pages}页`),
    buttons(
      { label: '登记费用', action: 'car.cost', style: 'primary' },
      ...(view.page > 0 ? [to('上一页', view.month, view.page - 1)] : []),
      ...(view.page + 1 < pages ? [to('下一页', view.month, view.page + 1)] : []),
      to('上月', monthsFrom(view.month, -1)),
      ...(view.month < of.thisMonth ? [to('下月', monthsFrom(view.month, 1))] : []),
    ),
  )
  return { ...drawn, summary: `[用车费用] ${formatMonth(view.month)} ${sums.rows}笔` }
}

function lineOf(row: CostRow, { names, now }: { names: Names; now: Date }): Block[] {
  const { on, plate, kind, cents, amount, number, by, struck } = row
  const parts = [
    formatShort(on, now),
    plate,
    amount === undefined ? '' : `${hundredths(amount)}${kind === 'charge' ? '度' : '升'}`,
    number ? numberText(number) : '',
    nameOf(by, names),
    struck ? '已作废' : '',
  ]
  return [
    text(bold(`${COSTS[kind]} ${yuan(cents)}元`), ` · ${parts.filter(part => part !== '').join(' · ')}`),
    buttons({ label: '查看', action: 'car.costShow', value: { id: row.id } }),
  ].filter(block => block !== undefined)
}
