import { dayIn } from '../../kit/time.ts'
import type { Driver, Vehicle } from './fleet.ts'
import type { RuleSetting } from './rule-setting.ts'
import { DRIVER_STATES, type Licence, VEHICLE_STATES } from './terms.ts'

/** What each class may drive beside its own (《机动车驾驶证申领和使用规定》附件1). */
const COVERS: Record<Licence, readonly Licence[]> = {
  A1: ['A3', 'B1', 'B2', 'C1', 'C2'],
  A2: ['B1', 'B2', 'C1', 'C2'],
  A3: ['C1', 'C2'],
  B1: ['C1', 'C2'],
  B2: ['C1', 'C2'],
  C1: ['C2'],
  C2: [],
}

/** Whether a licence is good for a vehicle that asks for a class. */
export const covers = (held: Licence, asked: Licence): boolean => held === asked || COVERS[held].includes(asked)

type Span = { startsAt: Date; endsAt: Date }

/** Of a driver whose account is closed. */
export const CLOSED = '账号已停用'

/** Why a driver may not go out in a vehicle (CAR-22), in words; none where nothing stands against it. */
export function driverFaults(
  driver: Driver,
  { licence }: Pick<Vehicle, 'licence'>,
  { startsAt, endsAt }: Span,
  { thresholds }: Pick<RuleSetting, 'thresholds'>,
): string[] {
  return [
    ...(driver.state === 'available' ? [] : [`驾驶员${DRIVER_STATES[driver.state]}`]),
    ...(driver.closed ? [CLOSED] : []),
    ...(driver.licenceUntil < dayIn(endsAt) ? ['驾驶证已到期'] : []),
    ...(covers(driver.licence, licence) ? [] : [`准驾车型${driver.licence}与车辆不符`]),
    ...(isTrained(driver.trainedOn, dayIn(startsAt), thresholds.trainedUntil) ? [] : ['本年度未培训']),
  ]
}

/** Trained in the year of the trip; in its first months the training of the year before still counts. */
function isTrained(trainedOn: string | undefined, day: string, lastMonth: number): boolean {
  if (trainedOn === undefined) return false
  const [year, month] = [Number(day.slice(0, 4)), Number(day.slice(5, 7))]
  const trained = Number(trainedOn.slice(0, 4))
  return trained >= year || (trained === year - 1 && month <= lastMonth)
}

/** Why a vehicle may not go out (CAR-23), in words; a day that is not kept stands against nothing. */
export function vehicleFaults(
  { state, inspectionOn, insuranceOn, sealedUntil }: Vehicle,
  { startsAt, endsAt }: Span,
): string[] {
  const last = dayIn(endsAt)
  // what is put away over a holiday can be planned for the days after it
  const isOpenThen = state === 'sealed' && sealedUntil !== undefined && dayIn(startsAt) > sealedUntil
  return [
    ...(state === 'available' || isOpenThen ? [] : [`车辆${VEHICLE_STATES[state]}`]),
    ...(inspectionOn !== undefined && inspectionOn < last ? ['年检已到期'] : []),
    ...(insuranceOn !== undefined && insuranceOn < last ? ['保险已到期'] : []),
  ]
}

interface Unit {
  id: string
  name: string
}

/** Departments with a name like these are bodies of their own, not sections of the one above. */
const BODY = /(?:委|委员会|局|院|厅|政府|监狱)$/

/** The body that a department belongs to, by it and those above it, the nearest first; '' = the house itself. */
const bodyOf = (lineage: readonly Unit[]): string => lineage.find(({ name }) => BODY.test(name))?.id ?? ''

/** CAR-14: a vehicle of a lower or another body; sections of one body share theirs. */
export const isBorrowed = (ofVehicle: readonly Unit[], ofTrip: readonly Unit[]): boolean =>
  bodyOf(ofVehicle) !== bodyOf(ofTrip)
