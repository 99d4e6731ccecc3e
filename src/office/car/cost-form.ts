import { type Card, card, type Field, form, note, type Option } from '../../kit/card.ts'
import { Refusal } from '../../kit/refusal.ts'
import { halfWidth } from '../../kit/text.ts'
import { addDays, dayIn, formatShort } from '../../kit/time.ts'
import { COSTS, type CostKind } from './terms.ts'
import { vehicleField } from './vehicle-field.ts'

export const COST_LIMITS = { place: 40, fuelCard: 30, remark: 100, number: 30, why: 200 } as const
const MOST_YUAN = 1_000_000
const MOST_KM = 2_000_000
/** Costs are entered at most so many days later. */
const DAYS_BACK = 31

/** A repair's cost is entered when the repair is finished (CAR-38), and nowhere else. */
export const KEEPERS_COSTS = (Object.keys(COSTS) as CostKind[]).filter(kind => kind !== 'repair')
/** What a driver spends on the way; the rest is entered by whoever keeps the ledger. */
export const DRIVERS_COSTS: readonly CostKind[] = ['fuel', 'charge', 'toll', 'parking', 'wash', 'other']

/** How something was paid. */
export const WAYS = { card: '加油卡', account: '单位转账、公务卡', cash: '现金' } as const

/** What the entry is chosen from: vehicles for whoever keeps the ledger, own runs for a driver. */
export interface CostChoices {
  of: 'vehicles' | 'runs'
  options: Option[]
}

export function costForm({ of, options }: CostChoices, now: Date): Card {
  const kinds = of === 'vehicles' ? KEEPERS_COSTS : DRIVERS_COSTS
  const days = Array.from({ length: DAYS_BACK }, (_, back) => addDays(dayIn(now), -back))
  const input = (name: string, label: string, hint: string, max: number, required = false): Field => ({
    ...{ kind: 'input', name, label, hint, max },
    ...(required ? { required } : {}),
  })
  return card(
    '用车 · 登记费用',
    'blue',
    form(
      'cost',
      [
        of === 'vehicles'
          ? vehicleField(options, 0)
          : { kind: 'choose', name: 'run', label: '本人出车', options, required: true },
        {
          kind: 'choose',
          name: 'kind',
          label: '类别',
          options: kinds.map(value => ({ value, label: COSTS[value] })),
          required: true,
        },
        {
          kind: 'choose',
          name: 'on',
          label: '发生日期',
          options: days.map(value => ({ value, label: formatShort(value, now) })),
          value: dayIn(now),
          required: true,
        },
        input('yuan', '金额(元)', '如 420.50', 12, true),
        input('amount', '加油升数或充电度数', '加油、充电须填写,如 38.25', 10),
        input('odometer', '里程表读数', '加油、充电时填写,如 45210', 9),
        input('place', '定点单位', '加油站、维修单位、保险公司等', COST_LIMITS.place),
        {
          kind: 'choose',
          name: 'way',
          label: '支付方式',
          options: Object.entries(WAYS).map(([value, label]) => ({ value, label })),
          value: 'account',
        },
        input('fuelCard', '加油卡号', '用加油卡的填写', COST_LIMITS.fuelCard),
        ...(of === 'vehicles'
          ? [input('number', '派车单号', '派〔2026〕86号,无对应出车的不填', COST_LIMITS.number)]
          : []),
        input('remark', '备注', '', COST_LIMITS.remark),
      ],
      [{ label: '登记', action: 'car.costEnter', style: 'primary' }],
    ),
    note('金额精确到分;登记后不能修改,有误的请作废后重新登记。维修费用在维修完成时登记(/用车 保养)。'),
  )
}

/** What a form says, as far as it can be read without looking anything up. */
export interface CostEntry {
  kind: CostKind
  on: string
  cents: number
  amount: number | undefined
  odometer: number | undefined
  place: string
  fuelCard: string
  cash: boolean
  remark: string
}

/** @throws Refusal naming what is missing or cannot be read. */
export function readCost(form: Record<string, unknown>, allowed: readonly CostKind[], now: Date): CostEntry {
  const said = (name: string): string => {
    const word = form[name]
    return typeof word === 'string' ? halfWidth(word).trim() : ''
  }
  const kind = said('kind') as CostKind
  if (kind === 'repair') throw new Refusal('维修须事前审批,费用在维修完成时登记,请发送 /用车 保养')
  if (!allowed.includes(kind)) throw new Refusal('请选择费用类别')
  const amount = hundredthsOf(said('amount'), '升数或度数', 10_000)
  if ((kind === 'fuel' || kind === 'charge') && amount === undefined)
    throw new Refusal(kind === 'fuel' ? '请填写加油升数,如 38.25' : '请填写充电度数,如 38.25')
  const cents = hundredthsOf(said('yuan').replace(/[,元¥\uffe5]/g, ''), '金额', MOST_YUAN)
  if (!cents) throw new Refusal('请填写金额,如 420.50')
  return {
    kind,
    on: dayOf(said('on'), now),
    cents,
    amount: kind === 'fuel' || kind === 'charge' ? amount : undefined,
    odometer: odometerOf(said('odometer')),
    place: within(said('place'), '定点单位', COST_LIMITS.place),
    fuelCard: within(said('fuelCard'), '加油卡号', COST_LIMITS.fuelCard),
    cash: said('way') === 'cash',
    remark: within(said('remark'), '备注', COST_LIMITS.remark),
  }
}

/** `420.5` → 42050; undefined where nothing is said. */
function hundredthsOf(said: string, label: string, most: number): number | undefined {
  if (said === '') return undefined
  const [, whole, part = ''] = /^(\d{1,9})(?:\.(\d{1,2}))?$/.exec(said) ?? []
  const value = Number(whole) * 100 + Number(part.padEnd(2, '0'))
  if (whole === undefined || value > most * 100)
    throw new Refusal(`${label}请填写不超过${most}的数字,最多两位小数,如 420.50`)
  return value
}

function odometerOf(said: string): number | undefined {
  if (said === '') return undefined
  if (!/^\d{1,7}$/.test(said) || Number(said) > MOST_KM) throw new Refusal('里程表读数请填写整数公里,如 45210')
  return Number(said)
}

function dayOf(said: string, now: Date): string {
  const today = dayIn(now)
  const isDay = /^20\d\d-\d\d-\d\d$/.test(said) && addDays(said, 0) === said
  if (!isDay || said > today || said < addDays(today, -DAYS_BACK)) throw new Refusal('请选择发生日期')
  return said
}

function within(said: string, label: string, most: number): string {
  if (said.length > most) throw new Refusal(`${label}请控制在${most}字以内`)
  return said
}
