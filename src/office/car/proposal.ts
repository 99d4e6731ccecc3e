import { DECIDERS, type Decider } from '../../kit/chain.ts'
import type { Finding } from '../../kit/finding.ts'
import { dayIn } from '../../kit/time.ts'
import { drivingMinutes } from './driving.ts'
import { CLOSED, covers, driverFaults, vehicleFaults } from './fitness.ts'
import type { Driver, Vehicle } from './fleet.ts'
import type { DispatchFacts, Neighbour } from './rule-facts.ts'
import { checkDispatch, sameDirection } from './rules.ts'
import { seatsTaken, unionOf } from './run.ts'
import { isObjected } from './steps.ts'
import { CATEGORIES, DRIVER_STATES, type Reach } from './terms.ts'
import type { Run, Trip } from './trip.ts'

/** What there is to choose from. */
export interface Fleet {
  /** All but those given up. */
  vehicles: readonly Vehicle[]
  drivers: readonly Driver[]
  /** Every run that is planned, under way or back in the days about the trip. */
  runs: readonly Engagement[]
}

export interface Engagement {
  run: Run
  trips: ReadonlyArray<
    Pick<Trip, 'id' | 'number' | 'startsAt' | 'endsAt' | 'destination' | 'reach' | 'headcount' | 'selfDrive'>
  >
  /** As people know it. */
  name: string
}

/** What the rules want to know that does not depend on the choice. */
export interface Shared extends Pick<DispatchFacts, 'now' | 'customs' | 'setting' | 'kilometres'> {
  neighbours: readonly Neighbour[]
  isBorrowed(vehicle: Vehicle): boolean
}

/** One that may be sent, and why it is a good choice. */
export interface Choice<Of> {
  of: Of
  reasons: readonly string[]
  findings: readonly Finding[]
}
/** One that may not, and why. */
export interface Unfit<Of> {
  of: Of
  why: string
}

export interface Proposal {
  vehicles: ReadonlyArray<Choice<Vehicle>>
  drivers: ReadonlyArray<Choice<Driver>>
  unfitVehicles: ReadonlyArray<Unfit<Vehicle>>
  unfitDrivers: ReadonlyArray<Unfit<Driver>>
  /** Runs in the same direction with room enough (CAR-28). */
  joins: ReadonlyArray<Engagement & { vehicle: Vehicle; driver: Driver | undefined }>
}

type Span = Pick<Run, 'startsAt' | 'endsAt'>

/** Rules that speak of whoever drives; all others speak of the car. */
const OF_DRIVER = ['CAR-22', 'CAR-24', 'CAR-25']
/** What is decided by looking at one choice alone says nothing of another's. */
const OF_BOTH = ['CAR-27', 'CAR-28']

/** Free and suitable vehicles and drivers for some trips that ride together, best first. `except`: a run whose car and driver are given up for this one. */
export function proposalFor(trips: readonly Trip[], fleet: Fleet, shared: Shared, except?: number): Proposal {
  const runs = fleet.runs.filter(({ run }) => run.id !== except)
  const span = unionOf(trips)
  const drivers = fleet.drivers.map(driver => driverChoice(trips, driver, span, runs, shared, fleet.vehicles))
  const usual = drivers.find(one => !('why' in one))?.of ?? fleet.drivers[0]
  const vehicles = fleet.vehicles.map(vehicle => vehicleChoice(trips, vehicle, usual, span, runs, shared))
  const [fit, unfit] = parted(vehicles)
  const [fitDrivers, unfitDrivers] = parted(drivers)
  return {
    vehicles: fit.sort((a, b) => compare(rankOf(a, trips, runs, span), rankOf(b, trips, runs, span))),
    drivers: fitDrivers.sort((a, b) => compare(driverRank(a, runs, span), driverRank(b, runs, span))),
    unfitVehicles: unfit,
    unfitDrivers,
    joins: joinsFor(trips, { ...fleet, runs }, shared),
  }
}

const parted = <Of>(all: ReadonlyArray<Choice<Of> | Unfit<Of>>): [Array<Choice<Of>>, Array<Unfit<Of>>] => [
  all.filter(one => 'reasons' in one),
  all.filter(one => 'why' in one),
]

function vehicleChoice(
  trips: readonly Trip[],
  vehicle: Vehicle,
  driver: Driver | undefined,
  span: Span,
  runs: readonly Engagement[],
  shared: Shared,
): Choice<Vehicle> | Unfit<Vehicle> {
  const clashes = clashing(runs, span, { vehicle: vehicle.id })
  const busy = busyWords(clashes)
  if (busy) return { of: vehicle, why: busy }
  const findings = findingsFor(trips, vehicle, driver, span, [], shared).filter(
    ({ rule }) => !OF_DRIVER.includes(rule) && !OF_BOTH.includes(rule),
  )
  const faults = vehicleFaults(vehicle, span)
  const why = forbidden(findings, trips)
  if (why) return { of: vehicle, why: faults.join('、') || why }
  return { of: vehicle, reasons: vehicleReasons(trips, vehicle, runs, span, shared.now), findings }
}

function driverChoice(
  trips: readonly Trip[],
  driver: Driver,
  span: Span,
  runs: readonly Engagement[],
  shared: Shared,
  vehicles: readonly Vehicle[],
): Choice<Driver> | Unfit<Driver> {
  if (driver.state !== 'available') return { of: driver, why: DRIVER_STATES[driver.state] }
  // no rule that can be left off
  if (driver.closed) return { of: driver, why: CLOSED }
  const busy = busyWords(clashing(runs, span, { driver: driver.id, pilot: driver.person }))
  if (busy) return { of: driver, why: busy }
  const light = easiest(vehicles, driver)
  const findings = light
    ? findingsFor(trips, light, driver, span, [], {
        ...shared,
        drivenMinutes: drivenOn(driver.id, span, runs),
      }).filter(({ rule }) => OF_DRIVER.includes(rule))
    : []
  const faults = light ? driverFaults(driver, light, span, shared.setting) : []
  const why = forbidden(findings, trips)
  if (why) return { of: driver, why: faults.join('、') || why }
  return { of: driver, reasons: driverReasons(driver, runs, span, shared.now), findings }
}

/** Whether a licence fits is asked of each pair at 派车; here a driver is judged by a car that they may drive. */
const easiest = (vehicles: readonly Vehicle[], { licence }: Driver): Vehicle | undefined =>
  vehicles.find(vehicle => covers(licence, vehicle.licence)) ?? vehicles[0]

/** What the rules say of a vehicle and a driver for all trips that are to ride together, each finding once. */
export function findingsFor(
  trips: readonly Trip[],
  vehicle: Vehicle,
  driver: Driver | undefined,
  span: Span,
  clashes: readonly string[],
  shared: Shared & { drivenMinutes?: number },
): Finding[] {
  const { isBorrowed, drivenMinutes = 0, ...facts } = shared
  const all = trips.flatMap(trip =>
    checkDispatch(trip, {
      ...facts,
      ...span,
      vehicle,
      driver,
      riders: trips.reduce((sum, { headcount }) => sum + headcount, 0),
      borrowed: isBorrowed(vehicle),
      clashes,
      drivenMinutes,
    }),
  )
  return [...new Map(all.map(finding => [finding.words, finding])).values()]
}

const RANKS: readonly Decider[] = ['KZ', 'BZ', 'FG', 'LD']

/** Why it may not go: what is forbidden, and what nobody high enough has approved. */
export function forbidden(findings: readonly Finding[], trips: readonly Trip[]): string | undefined {
  const no = findings.find(({ severity }) => severity === 'F')
  if (no) return no.words
  const open = findings.find(finding => finding.severity === 'A' && trips.some(trip => !isApproved(finding, trip)))
  return open && `${open.words}(须经${DECIDERS[open.adds ?? 'BZ']}批准)`
}

/** Whoever consented to an urgent trip answers for it until it is approved. */
function isApproved({ adds = 'BZ' }: Finding, { steps, urgent }: Trip): boolean {
  return (
    (urgent !== undefined && !isObjected({ steps })) ||
    steps.some(({ by, decision }) => decision && !decision.against && RANKS.indexOf(by) >= RANKS.indexOf(adds))
  )
}

/** Until when a run holds its car and driver: what came back early is free from then on. */
const heldUntil = ({ startsAt, endsAt, returnedAt }: Run): Date => {
  const end = returnedAt && returnedAt < endsAt ? returnedAt : endsAt
  return end < startsAt ? startsAt : end
}

/** The same rule as the constraints of the database hold, and whatever has not come back yet. */
export function clashing(
  runs: readonly Engagement[],
  { startsAt, endsAt }: Span,
  { vehicle, driver, pilot }: { vehicle?: number; driver?: number; pilot?: string | undefined },
): Engagement[] {
  return runs.filter(
    ({ run }) =>
      run.state !== 'void' &&
      ((vehicle !== undefined && run.vehicle === vehicle) ||
        (driver !== undefined && run.driver === driver) ||
        (pilot !== undefined && run.pilot === pilot)) &&
      run.startsAt < endsAt &&
      startsAt < heldUntil(run) &&
      // one that was back as it began was never away
      run.startsAt < heldUntil(run),
  )
}

function busyWords([first]: Engagement[]): string | undefined {
  return first && `所选时段已有任务(${first.name})`
}

const onDay = (runs: readonly Engagement[], { startsAt }: Span): Engagement[] =>
  runs.filter(({ run }) => dayIn(run.startsAt) === dayIn(startsAt))

const stillOut = (runs: readonly Engagement[], { startsAt }: Span): Engagement[] =>
  runs.filter(({ run }) => run.state === 'out' && run.endsAt <= startsAt)

const dayWord = ({ startsAt }: Span, now: Date): string => (dayIn(startsAt) === dayIn(now) ? '今日' : '当日')

function vehicleReasons(
  trips: readonly Trip[],
  vehicle: Vehicle,
  runs: readonly Engagement[],
  span: Span,
  now: Date,
): string[] {
  const own = runs.filter(({ run }) => run.vehicle === vehicle.id)
  const today = onDay(own, span).length
  const [out] = stillOut(own, span)
  return [
    trips.every(({ category }) => category === vehicle.category) ? '同类别' : CATEGORIES[vehicle.category],
    `${vehicle.seats}座`,
    today ? `${dayWord(span, now)}已派${today}次` : `${dayWord(span, now)}未出车`,
    ...(out ? [`${out.name}尚未回场`] : []),
    vehicle.inspectionOn ? '年检有效' : '年检日期未登记',
  ]
}

function driverReasons(driver: Driver, runs: readonly Engagement[], span: Span, now: Date): string[] {
  const own = runs.filter(({ run }) => run.driver === driver.id)
  const hours = Math.round(drivenOn(driver.id, span, runs) / 6) / 10
  const [out] = stillOut(own, span)
  return [
    hours ? `${dayWord(span, now)}已安排约${hours}小时` : `${dayWord(span, now)}未出车`,
    `准驾${driver.licence}`,
    ...(out ? [`${out.name}尚未回场`] : []),
  ]
}

export const drivenOn = (driver: number, span: Span, runs: readonly Engagement[]): number =>
  onDay(runs, span)
    .filter(({ run }) => run.driver === driver)
    .reduce((sum, { run, trips }) => sum + drivingMinutes(run, farthest(trips), undefined), 0)

const REACHED: readonly Reach[] = ['town', 'beyond', 'province']
const farthest = (trips: Engagement['trips']): Reach =>
  [...REACHED].reverse().find(reach => trips.some(trip => trip.reach === reach)) ?? 'town'

/** Less is better, from the left. */
type Rank = ReadonlyArray<number | string>

function rankOf(
  { of: vehicle, findings }: Choice<Vehicle>,
  trips: readonly Trip[],
  runs: readonly Engagement[],
  span: Span,
): Rank {
  const own = runs.filter(({ run }) => run.vehicle === vehicle.id)
  return [
    stillOut(own, span).length,
    trips.filter(({ category }) => category !== vehicle.category).length,
    findings.length,
    onDay(own, span).length,
    vehicle.seats - seatsTaken(trips),
    vehicle.plate,
  ]
}

function driverRank({ of: driver, findings }: Choice<Driver>, runs: readonly Engagement[], span: Span): Rank {
  const own = runs.filter(({ run }) => run.driver === driver.id)
  return [stillOut(own, span).length, findings.length, onDay(own, span).length, driver.name]
}

function compare(a: Rank, b: Rank): number {
  for (const [i, one] of a.entries()) {
    const other = b[i] ?? 0
    if (one !== other) return one < other ? -1 : 1
  }
  return 0
}

/** CAR-28: planned, leaving within the time that the rule counts as the same, to the same place, with room for all. */
function joinsFor(trips: readonly Trip[], { vehicles, drivers, runs }: Fleet, { setting }: Shared): Proposal['joins'] {
  const [trip] = trips
  if (!trip || trips.length > 1 || trip.selfDrive) return []
  return runs.flatMap(engagement => {
    const { run } = engagement
    const vehicle = vehicles.find(({ id }) => id === run.vehicle)
    const others = engagement.trips.filter(({ id }) => id !== trip.id)
    const near = sameDirection(trip, { neighbours: others, setting }).length > 0
    const driver = drivers.find(({ id }) => id === run.driver)
    if (run.state !== 'planned' || !vehicle || !near || driver?.closed) return []
    const fits = seatsTaken([...engagement.trips, trip]) <= vehicle.seats && vehicle.category === trip.category
    return fits ? [{ ...engagement, vehicle, driver }] : []
  })
}
