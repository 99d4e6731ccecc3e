import { dayIn, formatShort } from '../../kit/time.ts'
import { daysUntil, monthsAfter } from './day.ts'
import type { Driver, Vehicle } from './fleet.ts'
import { plateText } from './plate.ts'
import { isShut, type Seal } from './seal.ts'
import type { Licence } from './terms.ts'
import { kilometresText, stateWord } from './vehicle.ts'

/** What has to be renewed: of a vehicle and of a driver. */
export const CARES = {
  inspection: '年检',
  insurance: '保险',
  service: '保养',
  licence: '驾驶证',
  training: '年度培训',
} as const
export type Care = keyof typeof CARES
export const VEHICLE_CARES = ['inspection', 'insurance', 'service'] as const
export const DRIVER_CARES = ['licence', 'training'] as const
export type VehicleCare = (typeof VEHICLE_CARES)[number]
export type DriverCare = (typeof DRIVER_CARES)[number]

/** Natural days ahead at which it is said; `over` = it has run out. */
export const STEPS = [1, 7, 15, 30] as const
export type CareStep = (typeof STEPS)[number] | 'over'

/** So many kilometres ahead a service is due like a day within a week. */
const NEAR_KM = 500

/** Something that runs out, or has. */
export interface DueCare {
  of: { vehicle: Vehicle } | { driver: Driver }
  care: Care
  step: CareStep
  /** What it is due by: a day, or a reading; another one after a renewal. */
  by: string
  /** Natural days left; undefined where it goes by kilometres. */
  days: number | undefined
}

export const subjectOf = ({ of }: Pick<DueCare, 'of'>): string =>
  'vehicle' in of ? `vehicle/${of.vehicle.id}` : `driver/${of.driver.id}`
export const nameOfSubject = ({ of }: Pick<DueCare, 'of'>): string =>
  'vehicle' in of ? plateText(of.vehicle.plate) : of.driver.name

/** What of these is due within thirty days or has run out, the most urgent first. */
export function dueCares(vehicles: readonly Vehicle[], drivers: readonly Driver[], now: Date): DueCare[] {
  const today = dayIn(now)
  const all = [
    ...vehicles.filter(({ state }) => state !== 'retired').flatMap(vehicle => caresOfVehicle(vehicle, today)),
    ...drivers.filter(({ state }) => state !== 'left').flatMap(driver => caresOfDriver(driver, today)),
  ]
  return all.sort((a, b) => rankOf(a) - rankOf(b))
}

const rankOf = ({ step, days }: DueCare): number => days ?? (step === 'over' ? -1 : 7)

function caresOfVehicle(vehicle: Vehicle, today: string): DueCare[] {
  const of = { vehicle }
  const { inspectionOn, insuranceOn, serviceOn, serviceAt, odometer } = vehicle
  const byDay = serviceOn && dueBy(of, 'service', serviceOn, today)
  const left = serviceAt === undefined ? Number.POSITIVE_INFINITY : serviceAt - odometer
  const byLength: DueCare | undefined =
    left <= NEAR_KM
      ? { of, care: 'service', step: left <= 0 ? 'over' : 7, by: `${serviceAt}公里`, days: undefined }
      : undefined
  // whichever comes first
  const service = byDay && byLength ? (rankOf(byDay) <= rankOf(byLength) ? byDay : byLength) : byDay || byLength
  return [
    inspectionOn && dueBy(of, 'inspection', inspectionOn, today),
    insuranceOn && dueBy(of, 'insurance', insuranceOn, today),
    service,
  ].filter(one => one !== undefined && one !== '')
}

function caresOfDriver(driver: Driver, today: string): DueCare[] {
  const of = { driver }
  const licence = dueBy(of, 'licence', driver.licenceUntil, today)
  const year = today.slice(0, 4)
  const trained = driver.trainedOn !== undefined && driver.trainedOn.slice(0, 4) >= year
  const training: DueCare | undefined = trained
    ? undefined
    : { of, care: 'training', step: 'over', by: year, days: undefined }
  return [licence, training].filter(one => one !== undefined)
}

function dueBy(of: DueCare['of'], care: Care, day: string, today: string): DueCare | undefined {
  const days = daysUntil(day, today)
  const step = days < 0 ? 'over' : STEPS.find(ahead => days <= ahead)
  return step && { of, care, step, by: day, days }
}

/** The first day after today on which a reminder begins; undefined where none will. */
export function nextCareDay(
  vehicles: readonly Vehicle[],
  drivers: readonly Driver[],
  today: string,
): string | undefined {
  const days = [
    ...vehicles
      .filter(({ state }) => state !== 'retired')
      .flatMap(({ inspectionOn, insuranceOn, serviceOn }) => [inspectionOn, insuranceOn, serviceOn]),
    ...drivers.filter(({ state }) => state !== 'left').map(({ licenceUntil }) => licenceUntil),
  ].filter(day => day !== undefined)
  const begins = days
    .flatMap(day => [...STEPS, -1].map(ahead => daysUntil(day, today) - ahead))
    .filter(away => away > 0)
  const newYear = drivers.some(({ state }) => state !== 'left')
    ? [daysUntil(`${Number(today.slice(0, 4)) + 1}-01-01`, today)]
    : []
  const next = Math.min(...begins, ...newYear)
  return Number.isFinite(next)
    ? new Date(Date.parse(`${today}T00:00:00Z`) + next * 86_400_000).toISOString().slice(0, 10)
    : undefined
}

/** `年检12月3日(周四)到期,剩9天`. */
export function careWords({ care, by, days, step }: DueCare, now: Date): string {
  if (care === 'training') return `${by}年度培训未登记`
  if (days === undefined) return `保养里程${by}${step === 'over' ? '已到' : '将到'}`
  const day = formatShort(by, now)
  if (days < 0) return `${CARES[care]}${day}已到期,逾期${-days}天`
  return `${CARES[care]}${day}到期,${days === 0 ? '今日到期' : `剩${days}天`}`
}

/** What a renewal proposes: a year further, or as is usual. */
export function proposedDay(care: VehicleCare | DriverCare, before: string | undefined, today: string): string {
  if (care === 'training') return today
  const from = before && before > today ? before : today
  return monthsAfter(
    care === 'service' ? today : from,
    { inspection: 12, insurance: 12, service: 6, licence: 72 }[care],
  )
}

/** Kilometres to the next service, as proposed. */
export const SERVICE_EVERY = 10_000

/** What tells whether a vehicle or driver is fit: those seals that stand. */
export interface FitSetting {
  seals: readonly Seal[]
}

/** Why a vehicle cannot go on a day (CAR-23), which for a trip of several is its last; none = it can. */
export function vehicleUnfitOn(vehicle: Vehicle, on: string, { seals }: FitSetting): string[] {
  const { state, inspectionOn, insuranceOn } = vehicle
  const sealedThen = seals.some(seal => seal.vehicle === vehicle.id && isShut(seal) && on <= seal.until)
  const reasons = [
    state === 'repair' || state === 'retired' ? `车辆${stateWord(state)}` : '',
    sealedThen || (state === 'sealed' && !seals.some(seal => seal.vehicle === vehicle.id)) ? '车辆封存' : '',
    inspectionOn !== undefined && inspectionOn < on ? '年检已到期' : '',
    insuranceOn !== undefined && insuranceOn < on ? '保险已到期' : '',
  ]
  return reasons.filter(reason => reason !== '')
}

export const isFit = (vehicle: Vehicle, on: string, setting: FitSetting): boolean =>
  vehicleUnfitOn(vehicle, on, setting).length === 0

/** What else a licence allows (《机动车驾驶证申领和使用规定》附件1). */
const ALLOWS: Record<Licence, readonly Licence[]> = {
  A1: ['A1', 'A3', 'B1', 'B2', 'C1', 'C2'],
  A2: ['A2', 'B1', 'B2', 'C1', 'C2'],
  A3: ['A3', 'C1', 'C2'],
  B1: ['B1', 'C1', 'C2'],
  B2: ['B2', 'C1', 'C2'],
  C1: ['C1', 'C2'],
  C2: ['C2'],
}
export const allows = (held: Licence, asked: Licence): boolean => ALLOWS[held].includes(asked)

/** Why a driver cannot go on a day (CAR-22), with a vehicle where one is chosen; none = they can. */
export function driverUnfitOn(driver: Driver, on: string, vehicle?: Pick<Vehicle, 'licence'>): string[] {
  const { state, licence, licenceUntil, trainedOn } = driver
  const reasons = [
    state === 'away' ? '驾驶员请假' : state === 'left' ? '驾驶员已离岗' : '',
    licenceUntil < on ? '驾驶证已到期' : '',
    trainedOn === undefined || trainedOn.slice(0, 4) < on.slice(0, 4) ? `${on.slice(0, 4)}年度培训未登记` : '',
    vehicle && !allows(licence, vehicle.licence) ? `准驾车型${licence},该车需${vehicle.licence}` : '',
  ]
  return reasons.filter(reason => reason !== '')
}

export const isDriverFit = (driver: Driver, on: string, vehicle?: Pick<Vehicle, 'licence'>): boolean =>
  driverUnfitOn(driver, on, vehicle).length === 0

/** What a service is due by, in words. */
export const serviceWords = ({ serviceOn, serviceAt }: Vehicle, now: Date): string =>
  [serviceOn ? formatShort(serviceOn, now) : '', serviceAt === undefined ? '' : kilometresText(serviceAt)]
    .filter(word => word !== '')
    .join('或')
