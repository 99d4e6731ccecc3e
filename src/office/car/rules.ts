import { hoursOn } from '../../kit/customs.ts'
import type { Finding } from '../../kit/finding.ts'
import { byGravity, type Verdict, when } from '../../kit/rules.ts'
import { addDays, clockOf, dayIn, isHoliday, isWorkday } from '../../kit/time.ts'
import { asksOneself } from './chain.ts'
import { drivingMinutes, unbrokenMinutes } from './driving.ts'
import { driverFaults, vehicleFaults } from './fitness.ts'
import { isCommute, isPrivate } from './private-use.ts'
import {
  isCollective,
  isLeisurePlace,
  isReception,
  isTraining,
  isVague,
  misusesCategory,
  namesLetter,
  stationDuty,
  tellsSecrets,
} from './purpose.ts'
import { reachOfTrip } from './reach.ts'
import { finding, findingsOf } from './rule-book.ts'
import type { Cost, CostFacts, DispatchFacts, Neighbour, RequestFacts, ReturnFacts } from './rule-facts.ts'
import { isObjected, isUrgentOpen } from './steps.ts'
import type { Run, Trip, TripWish } from './trip.ts'

const HOUR_MS = 3_600_000
const MINUTE_MS = 60_000

/** What the rules say of a request as its form stands, those that forbid first. */
export function checkRequest(wish: TripWish, facts: RequestFacts): Finding[] {
  const found = findingsOf({ ...onWords(wish), ...onForm(wish, facts), ...onTime(wish, facts) }, facts.setting)
  const own = asksOneself(wish, found, facts.chain) ? [finding('CAR-06', 'A')] : []
  return byGravity([...found, ...own])
}

/** What follows from the 事由 alone. */
const onWords = (wish: TripWish) => ({
  'CAR-01': () => when('F', isPrivate(wish.purpose)),
  'CAR-02': () => when('F', isCommute(wish.purpose)),
  'CAR-03': () => training(wish),
  'CAR-10': () => when('F', wish.category === 'confidential' && misuses(wish)),
  'CAR-11': () => when('F', wish.category === 'enforcement' && misuses(wish)),
  'CAR-12': () => when('F', wish.category === 'special' && misuses(wish)),
  'CAR-29': () => when('A', isLeisurePlace(`${wish.destination} ${wish.via}`) && !hasDuty(wish)),
  'CAR-31': () => when('F', isReception(wish.purpose) && !namesLetter(wish.basis)),
  'CAR-32': () => stationDuty(wish),
  'CAR-40': () => when('F', tellsSecrets(wish)),
})

const onForm = (wish: TripWish, facts: RequestFacts) => ({
  'CAR-04': () => when('F', isVague(wish, facts.setting.thresholds.purpose)),
  'CAR-05': () => when('F', isIncomplete(wish)),
  'CAR-09': () => subsidised(wish, facts),
  'CAR-13': () => when('A', wish.category === 'emergency' && wish.ground === 'ordinary' && !facts.urgent),
  'CAR-19': () => when('A', reachOfTrip(wish, facts.setting) !== 'town'),
  'CAR-20': () => when('A', reachOfTrip(wish, facts.setting) === 'province'),
  'CAR-25': () => when('A', wish.selfDrive),
  'CAR-26': () => when('F', isOverfull(wish, facts.mostSeats)),
  'CAR-30': () => when('A', wish.guests.trim() !== ''),
})

const onTime = (wish: TripWish, facts: RequestFacts) => ({
  'CAR-08': () => when('W', facts.urgent),
  'CAR-16': () => when('A', isOutsideHours(wish, facts) && onRestDay(wish, facts) === undefined),
  'CAR-17': () => onRestDay(wish, facts),
  'CAR-21': () => when('W', isShortNotice(wish, facts)),
  'CAR-28': () => when('W', sameDirection(wish, facts).length > 0),
})

/** CAR-03: forbidden; a further approval where ten or more are sent together, or nothing public goes there. */
function training(wish: TripWish): Verdict {
  if (!isTraining(wish.purpose)) return undefined
  const together = wish.headcount >= 10 && (wish.ground === 'group' || isCollective(wish.purpose))
  return together || wish.ground === 'remote' ? 'A' : 'F'
}

const misuses = ({ category, purpose, ground }: TripWish): boolean => misusesCategory(category, purpose, ground)

const hasDuty = (wish: TripWish): boolean => hasTask(wish) || wish.ground === 'joint'

function isIncomplete({ startsAt, endsAt, purpose, destination, origin, user, headcount }: TripWish): boolean {
  const isSpan = startsAt.getTime() < endsAt.getTime()
  return !isSpan || headcount < 1 || [purpose, destination, origin, user].some(text => text.trim() === '')
}

/** CAR-09: in town everybody goes by themselves, unless 4.2 gives a reason; 经主要领导批准的其他 asks for that approval. */
function subsidised(wish: TripWish, { setting, urgent }: RequestFacts): Verdict {
  if (!setting.subsidised || urgent || reachOfTrip(wish, setting) !== 'town') return undefined
  // a car for one task only is held to that task by CAR-10 … 12
  if (wish.category !== 'emergency' && wish.category !== 'other') return undefined
  return wish.ground === 'ordinary' ? 'F' : when('A', wish.ground === 'approved')
}

/** CAR-26 before a car is chosen: whether not even the largest would do. The driver's seat is one of those counted (核载). */
const isOverfull = ({ headcount, cars, selfDrive }: TripWish, mostSeats: number | undefined): boolean =>
  mostSeats !== undefined && headcount > cars * (mostSeats - (selfDrive ? 0 : 1))

type Timed = Pick<RequestFacts, 'customs'>
type Span = Pick<TripWish, 'startsAt' | 'endsAt'>

/** CAR-16: noon is within the hours, as for everything the office does. */
const isOutsideHours = ({ startsAt, endsAt }: Span, { customs }: Timed): boolean =>
  [startsAt, endsAt].some(at => {
    const { opens, closes } = hoursOn(at, customs)
    return !isWorkday(at, customs.calendar) || clockOf(at) < opens || clockOf(at) > closes
  })

/** Whether a trip touches a day of some kind. */
function touches({ startsAt, endsAt }: Span, isSuch: (day: string) => boolean): boolean {
  const last = dayIn(endsAt)
  for (let day = dayIn(startsAt); day <= last; day = addDays(day, 1)) if (isSuch(day)) return true
  return false
}

/**
 * CAR-17: cars for emergencies go at all times, others only for a task that is named. On a mere weekend a reason of 4.2 is enough to
 * ask 分管领导, as in the request that product.md 6 gives, which is for a Saturday; over a public holiday the task's 依据 is wanted.
 */
function onRestDay(wish: TripWish, facts: RequestFacts): Verdict {
  if (facts.urgent || wish.category === 'emergency' || !touches(wish, day => !isWorkday(day, facts.customs.calendar)))
    return undefined
  if (hasTask(wish)) return 'A'
  const isWarranted = wish.ground !== 'ordinary' && wish.ground !== 'approved'
  return isWarranted && !touches(wish, day => isHoliday(day, facts.customs.calendar)) ? 'A' : 'F'
}

const hasTask = ({ basis, ground }: TripWish): boolean =>
  basis.trim() !== '' || ground === 'duty' || ground === 'urgent'

function isShortNotice(wish: TripWish, { now, urgent, setting }: RequestFacts): boolean {
  const { aheadTown, aheadFar } = setting.thresholds
  const hours = reachOfTrip(wish, setting) === 'town' ? aheadTown : aheadFar
  return !urgent && wish.startsAt.getTime() - now.getTime() < hours * HOUR_MS
}

/** CAR-28: trips of about that time that go the same way. */
export function sameDirection(
  { startsAt, destination }: Pick<TripWish, 'startsAt' | 'destination'>,
  { neighbours, setting }: Pick<RequestFacts, 'neighbours' | 'setting'>,
): Neighbour[] {
  return neighbours.filter(
    other =>
      Math.abs(other.startsAt.getTime() - startsAt.getTime()) <= setting.thresholds.combine * MINUTE_MS &&
      isSamePlace(other.destination, destination, setting.towns),
  )
}

/** The same words, or the same district of those that the office has listed. */
function isSamePlace(one: string, other: string, towns: readonly string[]): boolean {
  const [a, b] = [one.replace(/\s/g, ''), other.replace(/\s/g, '')]
  if (a === '' || b === '') return false
  return a.includes(b) || b.includes(a) || towns.some(town => town !== '' && a.includes(town) && b.includes(town))
}

/** What the rules say of a trip in the car and with the driver that the dispatcher has in mind. */
export function checkDispatch(trip: Trip, facts: DispatchFacts): Finding[] {
  const { vehicle, driver, setting } = facts
  const misused = (category: Trip['category']) =>
    when('F', vehicle.category === category && misusesCategory(category, trip.purpose, trip.ground))
  return findingsOf(
    {
      'CAR-07': () => when('F', isObjected(trip) || (!trip.urgent && !isApproved(trip))),
      'CAR-08': () => when('W', isUrgentOpen(trip)),
      'CAR-10': () => misused('confidential'),
      'CAR-11': () => misused('enforcement'),
      'CAR-12': () => misused('special'),
      'CAR-14': () => when('F', facts.borrowed),
      'CAR-17': () => when('F', isOutOnRestDay(trip, facts)),
      'CAR-22': () => when('F', driver !== undefined && driverFaults(driver, vehicle, facts, setting).length > 0),
      'CAR-23': () => when('F', vehicleFaults(vehicle, facts).length > 0),
      'CAR-24': () => tires(trip, facts),
      'CAR-26': () => when('F', facts.riders + (driver ? 1 : 0) > vehicle.seats),
      'CAR-27': () => when('F', facts.clashes.length > 0),
      'CAR-28': () => when('W', sameDirection(trip, facts).length > 0),
    },
    setting,
  )
}

const isApproved = ({ steps }: Trip): boolean =>
  steps.length > 0 && steps.every(({ decision }) => decision !== undefined)

/** CAR-17: a car that is neither on duty nor for emergencies goes on a day off only where that was approved. */
function isOutOnRestDay(trip: Trip, facts: DispatchFacts): boolean {
  const { onDuty, category } = facts.vehicle
  if (onDuty || category === 'emergency' || trip.urgent) return false
  if (!touches(facts, day => !isWorkday(day, facts.customs.calendar))) return false
  return !trip.findings.some(({ rule }) => rule === 'CAR-17')
}

/** CAR-24, as far as it can be told beforehand (`driving.ts`). */
function tires(trip: Trip, facts: DispatchFacts): Verdict {
  const { unbroken, daily } = facts.setting.thresholds
  const driving = drivingMinutes(facts, trip.reach, facts.kilometres)
  if (driving + facts.drivenMinutes > daily * 60) return 'A'
  return when('W', unbrokenMinutes(facts, trip.reach, facts.kilometres) > unbroken * 60)
}

/** What the rules say of a run that is out, or that is being brought back. */
export function checkReturn(run: Run, facts: ReturnFacts): Finding[] {
  return findingsOf(
    {
      'CAR-33': () => when('W', run.state === 'out' && facts.now >= lateAt(run, facts.setting)),
      'CAR-34': () => when('W', isAstray(run, facts)),
      'CAR-35': () => when('W', isOddReading(run, facts) || isLongWay(run, facts)),
    },
    facts.setting,
  )
}

/** When a run that is still out counts as late (CAR-33). */
export const lateAt = ({ endsAt }: Pick<Run, 'endsAt'>, { thresholds }: ReturnFacts['setting']): Date =>
  new Date(endsAt.getTime() + thresholds.late * HOUR_MS)

const AT_HOME = /单位|本院|本局|本委|机关|固定车位|车库/

/** CAR-34: left somewhere else than at its place, and no night out was approved. */
function isAstray({ parkedAt }: Run, { vehicle, overnight }: ReturnFacts): boolean {
  const [place, home] = [parkedAt.trim(), vehicle.home.trim()]
  if (place === '' || home === '' || overnight) return false
  return !place.includes(home) && !home.includes(place) && !AT_HOME.test(place)
}

/** Below the reading before it, above the one after, or running backwards. */
function isOddReading({ odometerOut, odometerIn }: Run, { readingBefore, readingAfter }: ReturnFacts): boolean {
  const readings = [readingBefore, odometerOut, odometerIn, readingAfter].filter(one => one !== undefined)
  return readings.some((reading, at) => at > 0 && reading < (readings[at - 1] ?? reading))
}

function isLongWay({ odometerOut, odometerIn }: Run, { kilometres, setting }: ReturnFacts): boolean {
  if (odometerOut === undefined || odometerIn === undefined || kilometres === undefined) return false
  return (odometerIn - odometerOut) * 100 > kilometres * setting.thresholds.mileage
}

/** What the rules say of an entry of 费用. */
export function checkCost(cost: Cost, facts: CostFacts): Finding[] {
  return findingsOf(
    {
      'CAR-36': () => when('W', isThirsty(facts)),
      'CAR-37': () => refuelling(cost, facts),
      'CAR-38': () => when('A', cost.kind === 'repair' && !isProperRepair(cost, facts)),
      'CAR-39': () => when('F', isForeign(cost, facts)),
    },
    facts.setting,
  )
}

function isThirsty({ consumption, usualConsumption, setting }: CostFacts): boolean {
  if (consumption === undefined || usualConsumption === undefined) return false
  return consumption * 100 > usualConsumption * setting.thresholds.consumption
}

/** CAR-37: another car's card is forbidden; cash, and a station that is not 定点, are asked about. */
function refuelling({ kind, fuelCard, cash, place }: Cost, { vehicle, setting }: CostFacts): Verdict {
  if (kind !== 'fuel') return undefined
  const card = fuelCard.trim()
  if (card !== '' && vehicle && vehicle.fuelCard !== '' && card !== vehicle.fuelCard) return 'F'
  return when('W', cash || !isListed(place, setting.stations))
}

const isProperRepair = ({ place }: Cost, { approved, setting }: CostFacts): boolean =>
  approved && isListed(place, setting.workshops)

/** An office that has listed none holds nobody to a list. */
const isListed = (place: string, list: readonly string[]): boolean =>
  list.length === 0 || list.some(name => place.trim() !== '' && (place.includes(name) || name.includes(place.trim())))

/** CAR-39: neither trip nor car, a car that the house does not keep, or a trip that another car made. */
const isForeign = (cost: Cost, { vehicle, runVehicle }: CostFacts): boolean =>
  vehicle === undefined || (cost.run !== undefined && runVehicle !== vehicle.id)
