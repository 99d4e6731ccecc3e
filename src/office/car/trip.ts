import { actedWords, nameOf, saidWith } from '../../kit/acted.ts'
import type { Step } from '../../kit/chain.ts'
import type { Customs } from '../../kit/customs.ts'
import type { Finding } from '../../kit/finding.ts'
import type { HeldRole, Principal } from '../../kit/person.ts'
import { formatShort } from '../../kit/time.ts'
import type { Driver, Vehicle } from './fleet.ts'
import { type TripMove, type TripState, tripFlow } from './flow.ts'
import type { Category, Consent, Ground, Reach } from './terms.ts'

export const EXAMPLE = '/用车 11月28日8:30-17:00 区法院 调研座谈 3人'

export const LIMITS = {
  place: 60,
  purpose: 200,
  basis: 100,
  guests: 100,
  phone: 30,
  remark: 200,
  word: 500,
  passengers: 60,
  headcount: 200,
  cars: 5,
  /** Days from departure to return. */
  days: 15,
  /** Days that a trip is asked for ahead. */
  ahead: 180,
} as const

/** What its applicant settles. */
export interface TripWish {
  /** 用车人: for whom it is; an office fills in for a leader (代填). */
  user: string
  startsAt: Date
  endsAt: Date
  origin: string
  destination: string
  /** 途经. */
  via: string
  reach: Reach
  /** 事由 in words. */
  purpose: string
  ground: Ground
  /** 依据: a notice's or letter's number, a task. */
  basis: string
  category: Category
  /** Those of the house who ride, by id. */
  passengers: readonly string[]
  /** Those from outside, in words: who, and what for. */
  guests: string
  /** Of all who ride, for all cars; not less than those named. */
  headcount: number
  cars: number
  /** Somebody of the house drives: nobody of the drivers is wanted (CAR-25). */
  selfDrive: boolean
  /** The applicant's, as the driver sees it. */
  phone: string
  remark: string
}

/** Let out before it was approved (CAR-08): 特别紧急, on a consent that is not on file yet, or put off on the road. */
export interface Urgent extends Partial<Oral> {
  /** Until when it has to be approved (补办): the end of the next workday. */
  dueAt: Date
  /** From when 补办 is owed, where not from its submission. */
  since?: Date
  put?: PutOff
}

export interface Oral {
  consentedBy: string
  way: Consent
  consentedAt: Date
}

/** A return that was put off on the road beyond what was approved. */
export interface PutOff {
  /** The end that had been approved. */
  from: Date
  /** The latest end for which 补办 was asked. */
  to: Date
}

/** One request, and the 派车单 that comes of it: one car. A request for several is split when it is approved. */
export interface Trip extends TripWish {
  id: number
  rev: number
  /** The revision at which the state last changed: a decision made on an older card does not count. */
  stateRev: number
  state: TripState
  /** 派〔2026〕86号, given at the last approval. */
  number: TripNumber | undefined
  applicant: string
  /** The applicant's department, whose head is asked first. */
  unit: string
  chat: string
  steps: readonly Step[]
  /** What the rules said when it was submitted. */
  findings: readonly Finding[]
  urgent: Urgent | undefined
  run: number | undefined
  /** The request from whose approval it was split off. */
  sibling: number | undefined
  /** The trip that it repeats (再次申请). */
  previous: number | undefined
  createdAt: Date
  submittedAt: Date | undefined
  approvedAt: Date | undefined
  confirmedBy: string | undefined
  confirmedAt: Date | undefined
  completedAt: Date | undefined
  lastMove: TripMove | ''
  word: string
  movedBy: string
  movedAt: Date
  /** In whose place a deputy made the last move. */
  movedFor: string | undefined
  nextAt: Date | undefined
}

/** Whether the car that was sent for it should have left: it may have gone, with or without whoever asked. */
export const hasBegun = ({ state, startsAt }: Pick<Trip, 'state' | 'startsAt'>, now: Date): boolean =>
  state === 'dispatched' && startsAt <= now

export interface TripNumber {
  year: number
  seq: number
}
export const numberText = ({ year, seq }: TripNumber): string => `派〔${year}〕${seq}号`

/** A car on its way with a driver, for one trip or for several combined (CAR-28). A void run holds neither. */
export interface Run {
  id: number
  rev: number
  state: RunState
  vehicle: number
  /** Undefined: somebody of the house drives (`pilot`). */
  driver: number | undefined
  /** Who drives, by id, where it is a member of the house: by themselves, or the roster's driver. */
  pilot: string | undefined
  startsAt: Date
  /** As planned, or as put off since. */
  endsAt: Date
  departedAt: Date | undefined
  /** Kilometres. */
  odometerOut: number | undefined
  returnedAt: Date | undefined
  odometerIn: number | undefined
  route: string
  /** 停放地点 after it came back. */
  parkedAt: string
  /** Why the odometer was corrected, or reads unlikely. */
  remark: string
  dispatchedBy: string
  dispatchedAt: Date
  /** When its being late was told. */
  lateToldAt: Date | undefined
  nextAt: Date | undefined
}

export const RUN_STATES = { planned: '待出车', out: '在途', back: '已回场', void: '已作废' } as const
export type RunState = keyof typeof RUN_STATES

/** A run with what goes and who drives. */
export interface Ride {
  run: Run
  vehicle: Pick<Vehicle, 'id' | 'plate' | 'model' | 'seats' | 'category'>
  /** Undefined: somebody of the house drives (`run.pilot`). */
  driver: Pick<Driver, 'id' | 'name' | 'person' | 'phone'> | undefined
}

/** Who acts or looks, with what they hold. */
export interface Actor {
  id: string
  departments: readonly string[]
  held: readonly HeldRole[]
  /** Those in whose place they may act at present (代理). */
  standsFor: readonly Principal[]
}

export type Right = 'C' | 'E' | 'A' | 'V' | 'O'
export type CarFunction = 'car.request' | 'car.approve' | 'car.dispatch' | 'car.trip' | 'car.ledger' | 'car.fleet'

/** What the rules and the wording need to know beside the trip. */
export interface Setting {
  now: Date
  customs: Customs
  names: ReadonlyMap<string, string>
  units: ReadonlyMap<string, string>
  /** Heads of departments, by department. */
  heads: ReadonlyMap<string, string>
  /** What goes and who drives, by run. */
  rides: ReadonlyMap<number, Ride>
  /** Of those who are asked to decide: who is still there, and what they hold. */
  serving: ReadonlyMap<string, readonly HeldRole[]>
  /** The matrix of domain.md 1.3. */
  may(codes: readonly string[], right: Right, of: CarFunction): boolean
}

export const unitOf = (id: string, units: ReadonlyMap<string, string>): string => units.get(id) || '未定单位'

export const actWord = (move: TripMove): string => {
  const { button } = tripFlow.moves[move]
  return button.startsWith('不') ? button : `已${button}`
}

/** The last act in its place: `张明 已同意 · 11月26日(周四)10:32 · 意见:…`. */
export function lastAct(
  { lastMove, word, movedBy, movedAt, movedFor, applicant, createdAt }: Trip,
  { now, names }: Pick<Setting, 'now' | 'names'>,
): string {
  if (!lastMove) return `${nameOf(applicant, names)} 已拟单 · ${formatShort(createdAt, now)}`
  const { button, asks } = tripFlow.moves[lastMove]
  const said = saidWith(button, word, asks === 'reason')
  return `${actedWords(actWord(lastMove), movedBy, movedFor, names)} · ${formatShort(movedAt, now)}${said}`
}
