import { type Change, changesBetween } from '../../kit/past.ts'
import { readLine } from '../../kit/table.ts'
import { halfWidth } from '../../kit/text.ts'
import { formatShort } from '../../kit/time.ts'
import { VEHICLE_COLUMNS, type VehicleCells } from './columns.ts'
import { readDay } from './day.ts'
import type { Vehicle } from './fleet.ts'
import { readPlate } from './plate.ts'
import {
  CATEGORIES,
  type Category,
  FUELS,
  type Fuel,
  LICENCES,
  type Licence,
  VEHICLE_STATES,
  type VehicleState,
} from './terms.ts'

/** What is settled of a vehicle by whoever keeps it. */
export type VehicleWish = Omit<Vehicle, 'id' | 'rev' | 'state'>

export const VEHICLE_LIMITS = {
  plate: 20,
  model: 30,
  home: 60,
  fuelCard: 30,
  remark: 200,
  seats: 60,
  odometer: 2_000_000,
} as const

export const VEHICLE_EXAMPLE = '/用车 车辆 新增 江A12345 应急保障用车 5座 里程:32000 年检:2027-03-31 保险:2027-03-31'

type Unit = { id: string; name: string }

/** What reading needs to know: the departments of the house, and today. */
export interface Known {
  now: Date
  units: readonly Unit[]
}

export interface ReadVehicle {
  wish: VehicleWish
  faults: string[]
}

/** What a new vehicle is where nothing is said. */
export const BLANK: VehicleWish = {
  plate: '',
  category: 'other',
  model: '',
  seats: 0,
  unit: '',
  home: '',
  fuel: 'petrol',
  licence: 'C1',
  odometer: 0,
  inspectionOn: undefined,
  insuranceOn: undefined,
  serviceOn: undefined,
  serviceAt: undefined,
  onDuty: false,
  fuelCard: '',
  remark: '',
}

/** Cells held against the rules; where one is empty the base holds. All that is wrong is said at once. */
export function readVehicle(cells: Partial<VehicleCells>, base: VehicleWish, known: Known): ReadVehicle {
  const faults: string[] = []
  const read = <T>(name: keyof VehicleCells, kept: T, as: (cell: string) => T | undefined, fault: string): T => {
    const cell = halfWidth(cells[name] ?? '').trim()
    if (cell === '') return kept
    const value = as(cell)
    if (value === undefined) faults.push(`${VEHICLE_COLUMNS[name][0]}${fault}`)
    return value ?? kept
  }
  const words = (name: 'model' | 'home' | 'fuelCard' | 'remark'): string =>
    read(
      name,
      base[name],
      cell => (cell.length <= VEHICLE_LIMITS[name] ? cell : undefined),
      `请控制在${VEHICLE_LIMITS[name]}字以内`,
    )
  const day = (name: 'inspectionOn' | 'insuranceOn' | 'serviceOn'): string | undefined =>
    read(name, base[name], cell => readDay(cell, known.now), '请写日期,如:2027-03-31')
  const plate = readPlate(cells.plate || base.plate)
  if ('fault' in plate) faults.push(plate.fault)
  const wish: VehicleWish = {
    plate: 'plate' in plate ? plate.plate : (cells.plate ?? '').slice(0, VEHICLE_LIMITS.plate),
    category: read('category', base.category, categoryNamed, `请填写${Object.values(CATEGORIES).join('、')}之一`),
    model: words('model'),
    seats: read(
      'seats',
      base.seats,
      cell => whole(cell.replace(/[座人]$/, ''), 1, VEHICLE_LIMITS.seats),
      `请填写1至${VEHICLE_LIMITS.seats}`,
    ),
    unit: read(
      'unit',
      base.unit,
      cell => unitNamed(cell, known.units),
      '不是本单位的部门;不得换用、借用、占用下属单位或其他单位和个人的车辆',
    ),
    home: words('home'),
    fuel: read('fuel', base.fuel, fuelNamed, `请填写${Object.values(FUELS).join('、')}之一`),
    licence: read('licence', base.licence, licenceNamed, `请填写${LICENCES.join('、')}之一`),
    odometer: read('odometer', base.odometer, kilometres, '请填写公里数'),
    inspectionOn: day('inspectionOn'),
    insuranceOn: day('insuranceOn'),
    serviceOn: day('serviceOn'),
    serviceAt: read('serviceAt', base.serviceAt, kilometres, '请填写公里数'),
    onDuty: read('onDuty', base.onDuty, yesOrNo, '请填写是或否'),
    fuelCard: words('fuelCard'),
    remark: words('remark'),
  }
  if (base.plate === '' && !cells.category?.trim()) faults.push('请填写类别')
  if (wish.seats === 0 && !faults.some(fault => fault.startsWith('核载人数'))) faults.push('请填写核载人数')
  return { wish, faults }
}

const NUMBER = /^\d{1,7}(?:\.\d{1,2})?$/

function whole(cell: string, least: number, most: number): number | undefined {
  const number = NUMBER.test(cell) ? Math.round(Number(cell)) : undefined
  return number !== undefined && number >= least && number <= most ? number : undefined
}

/** `32,000公里` as a number. */
export const kilometres = (cell: string): number | undefined =>
  whole(
    halfWidth(cell)
      .replace(/[,\s]/g, '')
      .replace(/(公里|千米|km)$/i, ''),
    0,
    VEHICLE_LIMITS.odometer,
  )

const keyOf = <K extends string>(of: Record<K, string>, cell: string): K | undefined =>
  (Object.keys(of) as K[]).find(key => key === cell || of[key] === cell)

/** 机要 and 机要通信 are enough. */
function categoryNamed(cell: string): Category | undefined {
  const named = (Object.keys(CATEGORIES) as Category[]).find(key => cell.length > 1 && CATEGORIES[key].startsWith(cell))
  return keyOf(CATEGORIES, cell) ?? named
}

const fuelNamed = (cell: string): Fuel | undefined => keyOf(FUELS, cell) ?? ALSO_FUELS[cell]
const ALSO_FUELS: Record<string, Fuel> = {
  油电混合: 'hybrid',
  混动: 'hybrid',
  插电混动: 'hybrid',
  电动: 'electric',
  纯电: 'electric',
}
export const licenceNamed = (cell: string): Licence | undefined => LICENCES.find(one => one === cell.toUpperCase())
const unitNamed = (cell: string, units: readonly Unit[]): string | undefined =>
  cell === HOUSE ? '' : units.find(({ id, name }) => name === cell || id === cell)?.id
export const HOUSE = '本单位'

function yesOrNo(cell: string): boolean | undefined {
  if (/^(是|有|值班|应急|值班应急|y|yes|1)$/i.test(cell)) return true
  return /^(否|无|不是|n|no|0)$/i.test(cell) ? false : undefined
}

/** A vehicle in one line; words without a label are known by their form, what is left is its model. */
export function vehicleLine(line: string): Partial<VehicleCells> {
  const { cells, left } = readLine(line, VEHICLE_COLUMNS)
  const model: string[] = []
  for (const word of left) {
    if (cells.plate === undefined) cells.plate = word
    else if (cells.category === undefined && categoryNamed(word)) cells.category = word
    else if (cells.seats === undefined && /^\d{1,2}座$/.test(word)) cells.seats = word
    else if (cells.fuel === undefined && fuelNamed(word)) cells.fuel = word
    else if (cells.licence === undefined && licenceNamed(word)) cells.licence = word
    else if (/^(值班|应急|值班应急)车辆?$/.test(word)) cells.onDuty = '是'
    else model.push(word)
  }
  return model.length && cells.model === undefined ? { ...cells, model: model.join(' ') } : cells
}

/** What differs, in the words of the card. */
export function vehicleChanges(
  before: VehicleWish,
  after: VehicleWish,
  units: ReadonlyMap<string, string>,
  now: Date,
): Change[] {
  return changesBetween(vehicleWords(before, units, now), vehicleWords(after, units, now))
}

/** Every field in words; what is not known is ''. */
export function vehicleWords(
  of: VehicleWish,
  units: ReadonlyMap<string, string>,
  now: Date,
): Array<[label: string, value: string]> {
  const day = (on: string | undefined): string => (on ? formatShort(on, now) : '')
  return [
    ['车牌号', of.plate],
    ['类别', CATEGORIES[of.category]],
    ['品牌型号', of.model],
    ['核载人数', `${of.seats}人`],
    ['所属单位', of.unit === '' ? HOUSE : (units.get(of.unit) ?? '未定单位')],
    ['固定停放地点', of.home],
    ['能源种类', FUELS[of.fuel]],
    ['准驾车型', of.licence],
    ['里程表读数', kilometresText(of.odometer)],
    ['年检到期', day(of.inspectionOn)],
    ['保险到期', day(of.insuranceOn)],
    ['保养日期', day(of.serviceOn)],
    ['保养里程', of.serviceAt === undefined ? '' : kilometresText(of.serviceAt)],
    ['值班应急', of.onDuty ? '是' : '否'],
    ['加油卡号', of.fuelCard],
    ['备注', of.remark],
  ]
}

export const kilometresText = (length: number): string => `${length.toLocaleString('en-US')}公里`

/** States that somebody settles by hand; 封存 comes of sealing alone. */
const BY_HAND: readonly VehicleState[] = ['available', 'repair', 'retired']

/** Why a vehicle cannot be put into a state. */
export function faultInState(
  of: Vehicle,
  to: VehicleState,
  facts: { planned: readonly string[]; isOut: boolean },
): string | undefined {
  if (!BY_HAND.includes(to)) return '封存请在 /用车 封存 中办理'
  if (of.state === 'retired') return '已报废的车辆不能再启用,确需使用的请重新登记'
  if (of.state === 'sealed') return '车辆已封存,启用请在 /用车 封存 中登记值班领导同意'
  if (to === 'retired' && facts.isOut) return '车辆尚未回场,不能报废'
  if (to === 'retired' && facts.planned.length) return `车辆还有派车任务(${facts.planned.join('、')}),请先改派再报废`
  return undefined
}

export const stateWord = (state: VehicleState): string => VEHICLE_STATES[state]
