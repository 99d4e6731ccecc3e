import { nameOf } from '../../kit/acted.ts'
import { type Customs, closingOf } from '../../kit/customs.ts'
import { AlreadySo, Refusal } from '../../kit/refusal.ts'
import { clockOf, dayIn, formatShort } from '../../kit/time.ts'
import type { Driver, Vehicle } from './fleet.ts'
import type { RuleSetting } from './rule-setting.ts'
import { lateAt } from './rules.ts'
import { COSTS, type CostKind } from './terms.ts'
import { numberText, type Ride, RUN_STATES, type Run, type Trip } from './trip.ts'

/** A run with what belongs to it. */
export interface FullRun extends Ride {
  vehicle: Vehicle
  driver: Driver | undefined
  /** Those that ride in it, by departure. */
  trips: readonly Trip[]
  costs: readonly RunCost[]
}

export interface RunCost {
  kind: CostKind
  cents: number
  /** Hundredths of a litre or of a kilowatt-hour. */
  amount: number | undefined
}

export const RUN_LIMITS = {
  route: 200,
  place: 60,
  odometer: 2_000_000,
  /** A departure is put down so many hours before its plan at most, and within so many days. */
  earlyHours: 12,
  lateDays: 7,
  /** Kilometres that may lie unexplained between two runs. */
  gap: 30,
  yuan: 100_000,
  litres: 500,
} as const

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

/** The numbers by which people know a run. */
export const numbersOf = ({ trips }: { trips: ReadonlyArray<Pick<Trip, 'number'>> }): string =>
  trips.map(({ number }) => (number ? numberText(number) : '')).join('、') || '无编号'

export const fromTo = ({ startsAt, endsAt }: Pick<Run, 'startsAt' | 'endsAt'>, now: Date): string =>
  `${formatShort(startsAt, now)}至${dayIn(startsAt) === dayIn(endsAt) ? clockOf(endsAt) : formatShort(endsAt, now)}`

/** `派〔2026〕2号 12月3日(周四)14:00至15:00`. */
export const outingWords = (
  outing: Pick<Run, 'startsAt' | 'endsAt'> & { numbers: readonly string[] },
  now: Date,
): string => `${outing.numbers.join('、') || '无编号'} ${fromTo(outing, now)}`

export const pilotWords = (
  { run, driver }: Pick<FullRun, 'run' | 'driver'>,
  names: ReadonlyMap<string, string>,
): string => driver?.name ?? (run.pilot ? `${nameOf(run.pilot, names)}(自驾)` : '自驾')

/** With which other trips one rides, and when the car goes for all of them; undefined = it rides alone. */
export function togetherWords(trip: Pick<Trip, 'id'>, { run, trips }: FullRun, now: Date): string | undefined {
  const others = trips.filter(({ id }) => id !== trip.id)
  return others.length
    ? `与${numbersOf({ trips: others })}合并乘车,共用车辆,用车时间合计为${fromTo(run, now)},出发时间请与驾驶员商定`
    : undefined
}

export const distanceOf = ({ odometerOut, odometerIn }: Run): number | undefined =>
  odometerOut === undefined || odometerIn === undefined ? undefined : odometerIn - odometerOut

export const costWords = (costs: readonly RunCost[]): string =>
  costs
    .map(({ kind, cents, amount }) => `${COSTS[kind]}${cents / 100}元${amount ? `(${amount / 100}升)` : ''}`)
    .join('、')

/** Whom no message reaches: a driver to whom nobody has linked an account. Empty where one does. */
export const unreachedWords = (driver: Pick<Driver, 'person' | 'phone'> | undefined): string =>
  driver && driver.person === undefined ? `该驾驶员未关联账号,请电话通知${driver.phone ? ` ${driver.phone}` : ''}` : ''

/** What a run's card shows its driver of a trip. */
const RIDE_WORDS = [
  ...(['origin', 'via', 'destination', 'user', 'passengers', 'guests', 'headcount'] as const),
  ...(['phone', 'purpose', 'remark'] as const),
]

/** Whether a driver reads the same of a trip after a change. */
export const isSameRide = (before: Trip, after: Trip): boolean =>
  RIDE_WORDS.every(field => JSON.stringify(before[field]) === JSON.stringify(after[field]))

/** All who ride in a run, with its driver. */
export const seatsTaken = (trips: readonly Pick<Trip, 'headcount' | 'selfDrive'>[]): number =>
  trips.reduce((sum, { headcount }) => sum + headcount, 0) + (trips.some(({ selfDrive }) => selfDrive) ? 0 : 1)

/** Of some spans the one that holds them all. */
export function unionOf(spans: ReadonlyArray<Pick<Run, 'startsAt' | 'endsAt'>>): Pick<Run, 'startsAt' | 'endsAt'> {
  const starts = spans.map(({ startsAt }) => startsAt.getTime())
  const ends = spans.map(({ endsAt }) => endsAt.getTime())
  return { startsAt: new Date(Math.min(...starts)), endsAt: new Date(Math.max(...ends)) }
}

/** What a form says of an odometer's reading. */
export interface Reading {
  odometer: number
  at: Date
  remark: string
}

/** What is known of the same vehicle's runs before and after, by time: the reading that it came back with, and went out with. */
export interface Neighbours {
  before: { odometer: number; at: Date; name: string } | undefined
  after: { odometer: number; at: Date; name: string } | undefined
}

/** @throws Refusal for what cannot be, or what is unlikely and not explained. */
export function departed(
  { run, vehicle }: Pick<FullRun, 'run' | 'vehicle'>,
  said: Reading,
  near: Neighbours,
  now: Date,
): Run {
  if (run.state !== 'planned') throw new AlreadySo(`该车${RUN_STATES[run.state]}`)
  if (said.at > now) throw new Refusal('出车时间不能晚于现在')
  if (said.at.getTime() < now.getTime() - RUN_LIMITS.lateDays * DAY_MS)
    throw new Refusal(`只能补登最近${RUN_LIMITS.lateDays}天内的出车`)
  if (said.at.getTime() < run.startsAt.getTime() - RUN_LIMITS.earlyHours * HOUR_MS)
    throw new Refusal(`出车时间早于计划${RUN_LIMITS.earlyHours}小时以上,请先调整用车时间`)
  refuseUnplanned(run, said, now)
  refuseBetween(said, near)
  const known = near.before?.odometer ?? vehicle.odometer
  const gap = said.odometer - known
  if ((gap < 0 || gap > RUN_LIMITS.gap) && !said.remark)
    throw new Refusal(`出车读数与已知读数${known}公里相差${Math.abs(gap)}公里,请核对;如无误,请填写说明`)
  return {
    ...run,
    rev: run.rev + 1,
    state: 'out',
    departedAt: said.at,
    odometerOut: said.odometer,
    remark: withRemark(run.remark, said.remark),
  }
}

/** What is put down so long after it left is no leaving, but what was. */
const LEFT_MS = 30 * 60_000

/** @throws Refusal for leaving outside the days and hours that were approved; of a car that has left so, where that is not explained. */
function refuseUnplanned({ startsAt, endsAt }: Run, { at, remark }: Reading, now: Date): void {
  const isEarly = dayIn(at) < dayIn(startsAt)
  if (!isEarly && at < endsAt) return
  const isLeft = at.getTime() < now.getTime() - LEFT_MS
  if (isLeft && remark) return
  if (isLeft) throw new Refusal('出车时间不在计划用车时间内,请核对;如无误,请填写说明')
  if (isEarly) throw new Refusal('提前至计划日期之前出车的,须由申请人修改用车申请,重新审批')
  throw new Refusal(
    `计划用车时间(至${formatShort(endsAt, now)})已过,不能出车。已出车的,请填写实际出车时间;尚未出车的,请先调整返回时间,或由车管员登记爽约后重新申请`,
  )
}

export interface Return extends Reading {
  route: string
  parkedAt: string
}

/** @throws Refusal for what cannot be. */
export function arrived({ run }: Pick<FullRun, 'run'>, said: Return, near: Neighbours, now: Date): Run {
  if (run.state !== 'out' || run.departedAt === undefined || run.odometerOut === undefined)
    throw new AlreadySo(`该车${RUN_STATES[run.state]}`)
  if (said.at > now) throw new Refusal('回场时间不能晚于现在')
  if (said.at <= run.departedAt) throw new Refusal(`回场时间须晚于出车时间${formatShort(run.departedAt, now)}`)
  if (said.odometer < run.odometerOut) throw new Refusal(`回场读数不能小于出车读数${run.odometerOut}公里`)
  if (!said.parkedAt) throw new Refusal('请填写停放地点')
  refuseBetween(said, { before: undefined, after: near.after })
  return {
    ...run,
    rev: run.rev + 1,
    state: 'back',
    returnedAt: said.at,
    odometerIn: said.odometer,
    route: said.route,
    parkedAt: said.parkedAt,
    remark: withRemark(run.remark, said.remark),
    nextAt: undefined,
  }
}

export interface Correction {
  odometerOut: number
  /** Undefined: not back yet. */
  odometerIn: number | undefined
  word: string
}

/** 更正里程: the history keeps what stood there before. @throws Refusal for what cannot be. */
export function corrected({ run }: Pick<FullRun, 'run'>, said: Correction, near: Neighbours): Run {
  if ((run.state !== 'out' && run.state !== 'back') || !run.departedAt) throw new Refusal('出车后才能更正里程')
  if (!said.word) throw new Refusal('请填写更正里程的理由')
  if (said.odometerIn !== undefined && said.odometerIn < said.odometerOut) throw new Refusal('回场读数不能小于出车读数')
  if (said.odometerOut === run.odometerOut && said.odometerIn === run.odometerIn) throw new Refusal('读数没有变化')
  refuseBetween({ odometer: said.odometerOut }, { before: near.before, after: undefined })
  refuseBetween({ odometer: said.odometerIn ?? said.odometerOut }, { before: undefined, after: near.after })
  return {
    ...run,
    rev: run.rev + 1,
    odometerOut: said.odometerOut,
    odometerIn: said.odometerIn,
    remark: withRemark(run.remark, `更正里程:${said.word}`),
  }
}

/** Readings only grow: what lies between two runs lies between their readings. */
function refuseBetween({ odometer }: Pick<Reading, 'odometer'>, { before, after }: Neighbours): void {
  if (before && odometer < before.odometer)
    throw new Refusal(`读数不能小于前一次(${before.name})的${before.odometer}公里`)
  if (after && odometer > after.odometer) throw new Refusal(`读数不能大于后一次(${after.name})的${after.odometer}公里`)
}

const withRemark = (before: string, added: string): string =>
  [before, added]
    .filter(word => word !== '')
    .join(';')
    .slice(0, RUN_LIMITS.route * 2)

/** Half an hour after it should have gone, or was sent. */
const WAIT_MS = HOUR_MS / 2

type Planned = Pick<Run, 'startsAt' | 'endsAt' | 'dispatchedAt'>

/** When whoever was to drive is asked for a departure that nobody has put down; the dispatchers are when it should be over. */
export const departureAskedAt = ({ startsAt, endsAt, dispatchedAt }: Planned): Date =>
  new Date(Math.min(Math.max(startsAt.getTime(), dispatchedAt.getTime()) + WAIT_MS, endsAt.getTime()))

/**
 * When the heartbeat looks at a run next: at what is planned when it should have gone and when it should be over, at what is out
 * once for being late (CAR-33) and once for the night (CAR-34).
 */
export function nextLook(run: Run, rules: RuleSetting, customs: Customs, after: Date): Date | undefined {
  const all: Partial<Record<Run['state'], Date[]>> = {
    planned: [departureAskedAt(run), run.endsAt],
    out: [lateAt(run, rules), overnightAt(run, rules, customs)],
  }
  const times = (all[run.state] ?? []).filter(at => at > after)
  return times.length ? new Date(Math.min(...times.map(at => at.getTime()))) : undefined
}

/**
 * The first look at a run that has just been put down as out. What was put down late has missed some: they come half an hour on, so
 * that whoever puts down its return at once alarms nobody.
 */
export function firstLookOut(run: Run, rules: RuleSetting, customs: Customs, now: Date): Date | undefined {
  const at = nextLook(run, rules, customs, run.departedAt ?? now)
  return at && at <= now ? new Date(now.getTime() + WAIT_MS) : at
}

/** The office is told at closing on the day of the planned return, yet not before it counts as late. */
export function overnightAt(run: Pick<Run, 'endsAt'>, rules: RuleSetting, customs: Customs): Date {
  const times = [lateAt(run, rules), closingOf(dayIn(run.endsAt), customs)]
  return new Date(Math.max(...times.map(at => at.getTime())))
}

export const isLate = (run: Run, rules: RuleSetting, now: Date): boolean =>
  run.state === 'out' && lateAt(run, rules) <= now
