import { dayIn, formatShort } from '../../kit/time.ts'
import { daysUntil, monthsAfter } from './day.ts'
import type { Driver, Vehicle } from './fleet.ts'
import type { RuleSetting } from './rule-setting.ts'
import { kilometresText } from './vehicle.ts'

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
const STEPS = [1, 7, 15, 30] as const
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
  'vehicle' in of ? of.vehicle.plate : of.driver.name

export type CareSetting = Pick<RuleSetting, 'thresholds'> & { now: Date }

/** What of these is due within thirty days or has run out, the most urgent first. */
export function dueCares(
  vehicles: readonly Vehicle[],
  drivers: readonly Driver[],
  { now, thresholds }: CareSetting,
): DueCare[] {
  const today = dayIn(now)
  const all = [
    ...vehicles.filter(({ state }) => state !== 'retired').flatMap(vehicle => caresOfVehicle(vehicle, today)),
    ...drivers
      .filter(({ state }) => state !== 'left')
      .flatMap(driver => caresOfDriver(driver, today, thresholds.trainedUntil)),
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

function caresOfDriver(driver: Driver, today: string, trainedUntil: number): DueCare[] {
  const of = { driver }
  const licence = dueBy(of, 'licence', driver.licenceUntil, today)
  const training = dueBy(of, 'training', trainingBy(driver.trainedOn, today, trainedUntil), today)
  return [licence, training].filter(one => one !== undefined)
}

/** Until when a training holds (CAR-22): to the end of its year, and some months of the next. */
function trainingBy(trainedOn: string | undefined, today: string, trainedUntil: number): string {
  const year = Number((trainedOn ?? `${Number(today.slice(0, 4)) - 1}-12-31`).slice(0, 4))
  return trainedOn === undefined ? `${year}-12-31` : monthsAfter(`${year}-12-31`, trainedUntil)
}

function dueBy(of: DueCare['of'], care: Care, day: string, today: string): DueCare | undefined {
  const days = daysUntil(day, today)
  const step = days < 0 ? 'over' : STEPS.find(ahead => days <= ahead)
  return step && { of, care, step, by: day, days }
}

/** `年检12月3日(周四)到期,剩9天`. */
export function careWords({ care, by, days, step }: DueCare, now: Date): string {
  if (care === 'training' && days !== undefined && days < 0) return '年度培训未登记'
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

/** What a service is due by, in words. */
export const serviceWords = ({ serviceOn, serviceAt }: Vehicle, now: Date): string =>
  [serviceOn ? formatShort(serviceOn, now) : '', serviceAt === undefined ? '' : kilometresText(serviceAt)]
    .filter(word => word !== '')
    .join('或')
