import {
  type Block,
  type Button,
  bold,
  buttons,
  type Card,
  type Colour,
  card,
  divider,
  type Field,
  fields,
  form,
  note,
  type Option,
  text,
  tint,
} from '../../kit/card.ts'
import { historyBlocks, type Past } from '../../kit/past.ts'
import { formatShort } from '../../kit/time.ts'
import { CARES, careWords, dueCares, serviceWords } from './care.ts'
import { vehicleFaults } from './fitness.ts'
import type { Vehicle } from './fleet.ts'
import { BEFOREHAND } from './repair.ts'
import type { RuleSetting } from './rule-setting.ts'
import { CATEGORIES, type Category, FUELS, LICENCES, VEHICLE_STATES, type VehicleState } from './terms.ts'
import type { Setting } from './trip.ts'
import { HOUSE, kilometresText, VEHICLE_LIMITS, type VehicleWish, vehicleWords } from './vehicle.ts'

export type FleetSetting = Pick<Setting, 'now' | 'units'> & Pick<RuleSetting, 'thresholds'>

export const FLEET_PAGE = 8
export const ALL = 'all'

/** How the list is looked at; comes back with each press. */
export interface FleetView {
  state: VehicleState | ''
  category: Category | ''
  page: number
}

export function readFleetView(value: Record<string, unknown>, values: Record<string, unknown>): FleetView {
  const said = (name: string): string => {
    const word = Object.hasOwn(values, name) ? values[name] : value[name]
    return typeof word === 'string' && word !== ALL ? word : ''
  }
  const [state, category] = [said('state'), said('category')]
  const filtered = Object.hasOwn(values, 'state')
  return {
    state: Object.hasOwn(VEHICLE_STATES, state) ? (state as VehicleState) : '',
    category: Object.hasOwn(CATEGORIES, category) ? (category as Category) : '',
    page: !filtered && typeof value.page === 'number' ? value.page : 0,
  }
}

const choices = (all: string, of: Record<string, string>): Option[] => [
  { value: ALL, label: all },
  ...Object.entries(of).map(([value, label]) => ({ value, label })),
]

/** A page of the vehicles, those first that bear the earlier plate. */
export function vehiclesCard(
  rows: Vehicle[],
  total: number,
  view: FleetView,
  keeps: boolean,
  setting: FleetSetting,
): Card {
  const pages = Math.max(Math.ceil(total / FLEET_PAGE), 1)
  const { page, ...filter } = view
  const to = (label: string, at: number): Button => ({ label, action: 'car.vehicles', value: { ...filter, page: at } })
  const drawn = card(
    `车辆 · ${total}辆`,
    'blue',
    form(
      'vehicles',
      [
        {
          kind: 'choose',
          name: 'state',
          label: '状态',
          options: choices('全部(不含报废)', VEHICLE_STATES),
          value: view.state || ALL,
        },
        {
          kind: 'choose',
          name: 'category',
          label: '类别',
          options: choices('全部类别', CATEGORIES),
          value: view.category || ALL,
        },
      ],
      [{ label: '筛选', action: 'car.vehicles', style: 'primary' }],
    ),
    divider,
    ...(rows.length
      ? rows.flatMap(vehicle => rowOf(vehicle, setting))
      : [text(total ? '本页没有车辆。' : '没有符合条件的车辆。')]),
    note(`第${page + 1}页,共${pages}页`),
    buttons(...(page > 0 ? [to('上一页', page - 1)] : []), ...(page + 1 < pages ? [to('下一页', page + 1)] : [])),
    keeps
      ? buttons(
          { label: '新增车辆', action: 'car.vehicleNew', style: 'primary' },
          { label: '表格模板', action: 'car.fleetTemplate', value: { kind: 'vehicle' } },
        )
      : undefined,
    keeps ? note('多辆可填写表格(.xlsx)私聊发送给我,文件名写“车辆”。') : undefined,
  )
  return { ...drawn, summary: `[用车] 车辆${total}辆` }
}

function rowOf(vehicle: Vehicle, setting: FleetSetting): Block[] {
  const { state, plate, category, model, seats, odometer, onDuty, id } = vehicle
  const due = dueCares([vehicle], [], setting)
  const parts = [model, `${seats}座`, kilometresText(odometer), onDuty ? '值班应急' : ''].filter(part => part !== '')
  return [
    text(
      bold(plate),
      ` · ${CATEGORIES[category]} · `,
      tint(STATE_COLOURS[state], VEHICLE_STATES[state]),
      `\n${parts.join(' · ')}`,
      ...due.flatMap(one => ['\n', tint(one.step === 'over' ? 'red' : 'yellow', careWords(one, setting.now))]),
    ),
    buttons({ label: '查看', action: 'car.vehicleShow', value: { id } }),
  ].filter(block => block !== undefined)
}

const STATE_COLOURS: Record<VehicleState, Colour> = {
  available: 'green',
  repair: 'yellow',
  sealed: 'grey',
  retired: 'grey',
}

/** What else a vehicle's card tells: its history, and where it is wanted. */
export interface VehicleFacts {
  history: readonly Past[]
  /** Runs that are planned or out, in words. */
  planned: readonly string[]
  keeps: boolean
  /** May say that it is broken: whoever keeps or drives. */
  reports: boolean
}

/** A vehicle as whoever may look at it sees it. */
export function vehicleCard(vehicle: Vehicle, facts: VehicleFacts, setting: FleetSetting): Card {
  const { state, plate } = vehicle
  const due = dueCares([vehicle], [], setting)
  const unfit = state === 'retired' ? [] : vehicleFaults(vehicle, { startsAt: setting.now, endsAt: setting.now })
  const isStanding = unfit.length > 0 && facts.planned.length > 0
  const shown = vehicleWords(vehicle, setting.units, setting.now).filter(
    ([label, value]) =>
      value !== '' && label !== '车牌号' && !HIDDEN.has(label) && (facts.keeps || label !== '加油卡号'),
  )
  const drawn = card(
    `车辆 · ${plate}`,
    colourOf(
      state,
      due.map(({ step }) => step),
    ),
    fields(
      ['状态', [tint(STATE_COLOURS[state], VEHICLE_STATES[state])]],
      ...shown,
      ['年检到期', vehicle.inspectionOn ? formatShort(vehicle.inspectionOn, setting.now) : '未登记'],
      ['保险到期', vehicle.insuranceOn ? formatShort(vehicle.insuranceOn, setting.now) : '未登记'],
      ['下次保养', serviceWords(vehicle, setting.now) || '未登记'],
    ),
    ...due.map(one => text(tint(one.step === 'over' ? 'red' : 'yellow', careWords(one, setting.now)))),
    unfit.length ? text(tint('red', `当前不能派出:${unfit.join('、')}`)) : undefined,
    facts.planned.length ? text(`派车任务:${facts.planned.join(';')}`) : undefined,
    isStanding ? text(tint('red', '车辆不能派出,请改派以上任务。')) : undefined,
    ...historyBlocks(facts.history, setting),
    ...controls(vehicle, facts),
  )
  return {
    ...drawn,
    tags: [{ word: VEHICLE_STATES[state], colour: STATE_COLOURS[state] }],
    summary: `[用车] ${plate} ${VEHICLE_STATES[state]}`,
  }
}

/** They stand by themselves on the card. */
const HIDDEN = new Set(['年检到期', '保险到期', '保养日期', '保养里程'])

function colourOf(state: VehicleState, steps: ReadonlyArray<unknown>): Colour {
  if (state === 'retired' || state === 'sealed') return 'grey'
  if (steps.includes('over')) return 'red'
  return steps.length || state === 'repair' ? 'yellow' : 'blue'
}

function controls({ id, rev, state, plate }: Vehicle, { keeps, reports }: VehicleFacts): Array<Block | undefined> {
  if (state === 'retired') return []
  const value = { id, rev }
  const press = (label: string, move: string, more: Partial<Button> = {}): Button => ({
    label,
    action: `car.${move}`,
    value,
    ...more,
  })
  const renew = (care: 'inspection' | 'insurance' | 'service'): Button =>
    press(`登记${CARES[care]}`, 'careForm', { value: { kind: 'vehicle', id, care } })
  const own = keeps
    ? [
        press('修改', 'vehicleEdit'),
        ...(state === 'repair' ? [press('恢复可用', 'vehicleState', { value: { ...value, to: 'available' } })] : []),
        ...(state === 'available'
          ? [
              press('停用维修', 'vehicleState', {
                value: { ...value, to: 'repair' },
                confirm: { title: '停用维修', text: `${plate}停用后不能派出。${BEFOREHAND}确定停用吗?` },
              }),
            ]
          : []),
        press('报废', 'vehicleState', {
          value: { ...value, to: 'retired' },
          style: 'danger',
          confirm: { title: '报废', text: `${plate}报废后不能恢复,确定报废吗?` },
        }),
      ]
    : []
  return [
    buttons(...(reports ? [press('报修', 'repairForm', { value: { id } })] : []), ...own),
    keeps ? buttons(renew('inspection'), renew('insurance'), renew('service')) : undefined,
  ]
}

/** The form for a new vehicle (`of` undefined) or a known one; its names are those of `VEHICLE_COLUMNS`. */
export function vehicleForm(
  wish: VehicleWish,
  of: Pick<Vehicle, 'id' | 'rev'> | undefined,
  units: Option[],
  says?: string,
): Card {
  const input = (name: string, label: string, hint: string, value: string, max: number, required = false): Field => ({
    kind: 'input',
    name,
    label,
    hint,
    value,
    max,
    ...(required ? { required } : {}),
  })
  const choose = (name: string, label: string, options: Option[], value: string): Field => ({
    kind: 'choose',
    name,
    label,
    options,
    value,
  })
  const of_ = (words: Record<string, string>): Option[] =>
    Object.entries(words).map(([value, label]) => ({ value, label }))
  const day = (name: string, label: string, value: string | undefined): Field =>
    input(name, label, '如:2027-03-31', value ?? '', 20)
  return {
    ...card(
      of ? `车辆 · 修改 · ${wish.plate}` : '车辆 · 新增',
      'grey',
      says ? text(tint('red', says)) : undefined,
      form(
        'vehicle',
        [
          input('plate', '车牌号', '如:京A12345', wish.plate, VEHICLE_LIMITS.plate, true),
          choose('category', '类别', of_(CATEGORIES), wish.category),
          input('model', '品牌型号(可不填)', '', wish.model, VEHICLE_LIMITS.model),
          input('seats', '核载人数(含驾驶员)', '如:5', wish.seats ? String(wish.seats) : '', 3, true),
          choose('unit', '所属单位', [{ value: HOUSE, label: HOUSE }, ...units], wish.unit || HOUSE),
          input('home', '固定停放地点(可不填)', '', wish.home, VEHICLE_LIMITS.home),
          choose('fuel', '能源种类', of_(FUELS), wish.fuel),
          choose(
            'licence',
            '准驾车型',
            LICENCES.map(one => ({ value: one, label: one })),
            wish.licence,
          ),
          input('odometer', '里程表读数(公里)', '如:32000', of || wish.odometer ? String(wish.odometer) : '', 12, true),
          day('inspectionOn', '年检到期', wish.inspectionOn),
          day('insuranceOn', '保险到期', wish.insuranceOn),
          day('serviceOn', '下次保养日期(可不填)', wish.serviceOn),
          input(
            'serviceAt',
            '下次保养里程(可不填)',
            '如:40000',
            wish.serviceAt === undefined ? '' : String(wish.serviceAt),
            12,
          ),
          choose('onDuty', '值班应急车(节假日不封存)', of_({ 否: '否', 是: '是' }), wish.onDuty ? '是' : '否'),
          input('fuelCard', '加油卡号(可不填)', '一车一卡', wish.fuelCard, VEHICLE_LIMITS.fuelCard),
          input('remark', '备注(可不填)', '', wish.remark, VEHICLE_LIMITS.remark),
        ],
        [
          {
            label: of ? '保存' : '登记',
            action: of ? 'car.vehicleEdit' : 'car.vehicleAdd',
            style: 'primary',
            ...(of ? { value: { id: of.id, rev: of.rev } } : {}),
          },
        ],
      ),
      note('只登记本单位车辆;不得换用、借用、占用下属单位或其他单位和个人的车辆。'),
    ),
    summary: '[用车] 请填写车辆信息',
  }
}
