import { type Decider, openStep, type Step } from '../../kit/chain.ts'
import { APART, isApart, type Principal } from '../../kit/person.ts'
import { type TripMove, type TripRole, type TripState, tripFlow } from './flow.ts'
import { isObjected, isUrgentOpen } from './steps.ts'
import { type Actor, hasBegun, type Setting, type Trip } from './trip.ts'

/** Roles of the office: held for the whole house, or for the applicant's unit. */
const OFFICE = ['LD', 'FG', 'BZ', 'CD']

type Self = Pick<Principal, 'id' | 'departments' | 'held'>

/** The roles of domain.md 1.2 that somebody has towards one trip; whoever holds none is 一般干部. */
export function codesIn({ unit: of }: Pick<Trip, 'unit'>, self: Self, heads: ReadonlyMap<string, string>): string[] {
  if (!self.held.length && heads.get(of) !== self.id) return ['GB']
  const held = self.held.filter(({ code, unit }) => {
    if (OFFICE.includes(code)) return unit === undefined || unit === of
    return code === 'KZ' ? (unit === undefined ? self.departments.includes(of) : unit === of) : true
  })
  const codes = new Set(held.map(({ code }) => code))
  if (of && heads.get(of) === self.id) codes.add('KZ')
  return [...codes]
}

/** Who may ask for a car at all (用车申请 in domain.md 1.3). */
export const mayRequest = ({ held }: Pick<Actor, 'held'>, may: Setting['may']): boolean =>
  may(held.length ? held.map(({ code }) => code) : ['GB'], 'C', 'car.request')

/** Who may put down a request (domain.md 1.3), also as a deputy; a dispatcher what went out on a leader's word. */
export const mayAsk = (actor: Actor, may: Setting['may']): boolean =>
  may(
    actor.held.map(({ code }) => code),
    'E',
    'car.dispatch',
  ) || [actor, ...actor.standsFor].some(self => mayRequest(self, may))

interface Facts {
  trip: Trip
  /** Whose rights count: the actor's own, or those of whom the actor stands in for. */
  id: string
  /** Both of them: neither decides on what either asked for (PERM-01, CAR-06). */
  selves: readonly string[]
  codes: string[]
  /** In whichever unit. */
  held: string[]
  setting: Setting
  can: (right: Parameters<Setting['may']>[1], of: Parameters<Setting['may']>[2]) => boolean
}

const OWN = '申请人、用车人不得审批本人的用车申请'
const only = (role: TripRole): string => `此按钮仅限${tripFlow.roles[role]}使用`

/** Why somebody does not have a role towards a trip; undefined = has it. */
type Rule = (facts: Facts) => string | undefined

const unless =
  (role: TripRole, holds: (facts: Facts) => boolean): Rule =>
  facts =>
    holds(facts) ? undefined : only(role)

const dispatches = ({ can }: Facts): boolean => can('E', 'car.dispatch')

const decides =
  (role: TripRole, isAsked: (trip: Trip) => boolean): Rule =>
  ({ trip, id, selves, codes, held, setting, can }) => {
    const step = openStep(trip)
    const isHeld = codes.includes(step?.by ?? '')
    // a leader's role held in a unit above counts too, and then whoever holds it was named
    const isAbove = step !== undefined && step.by !== 'KZ' && held.includes(step.by)
    const isNamed = step?.people.includes(id) === true
    if (!(isHeld || (isNamed && isAbove)) || !isAsked(trip) || !can('A', 'car.approve')) return only(role)
    if ([trip.applicant, trip.user].some(own => selves.includes(own))) return OWN
    return !isNamed && step && isStaffed(step, trip, setting) ? only(role) : undefined
  }

/** Whether somebody of those named for a step is there and holds it still: only they and their deputies decide then. */
const isStaffed = ({ by, people }: Step, { unit }: Trip, { serving, heads }: Setting): boolean =>
  people.some(
    id =>
      serving.get(id)?.some(({ code }) => code === by) || (by === 'KZ' && serving.has(id) && heads.get(unit) === id),
  )

const RULES: Record<TripRole, Rule> = {
  applicant: unless('applicant', isApplicant),
  approver: decides('approver', () => true),
  endorser: decides('endorser', isUrgentOpen),
  dispatcher: unless('dispatcher', dispatches),
  driver: unless('driver', isDriver),
  traveller: unless('traveller', facts => isApplicant(facts) || isDriver(facts)),
  rider: unless('rider', ({ trip, id }) => ridersOf(trip).includes(id)),
}

function isApplicant(facts: Facts): boolean {
  const { trip, id, can } = facts
  return [trip.applicant, trip.user].includes(id) && (can('C', 'car.request') || dispatches(facts))
}

function isDriver(facts: Facts): boolean {
  return drives(facts.trip, facts.id, facts.setting) || dispatches(facts)
}

/** Those of the house who ride. */
export const ridersOf = ({ user, passengers }: Pick<Trip, 'user' | 'passengers'>): string[] => [
  ...new Set([user, ...passengers]),
]

export function drives({ run }: Pick<Trip, 'run'>, id: string, { rides }: Pick<Setting, 'rides'>): boolean {
  const ride = run === undefined ? undefined : rides.get(run)
  return ride !== undefined && (ride.run.pilot === id || ride.driver?.person === id)
}

/** As whom somebody may act: themselves first. */
const selvesOf = (actor: Actor): Self[] => [actor, ...(isApart(actor) ? [] : actor.standsFor)]

function factsOf(trip: Trip, actor: Actor, setting: Setting, self: Self): Facts {
  const codes = codesIn(trip, self, setting.heads)
  // what the presser is denied nobody hands on
  const denied = actor === self ? [] : actor.held.map(({ code }) => code).filter(code => APART.includes(code))
  const held = self.held.map(({ code }) => code)
  return {
    trip,
    id: self.id,
    selves: [actor.id, self.id],
    codes,
    held,
    setting,
    can: (right, of) => setting.may([...codes, ...(of === 'car.approve' ? held : []), ...denied], right, of),
  }
}

export function whyNot(trip: Trip, role: TripRole, actor: Actor, setting: Setting): string | undefined {
  const reasons = selvesOf(actor).map(self => RULES[role](factsOf(trip, actor, setting, self)))
  if (reasons.includes(undefined)) return undefined
  return reasons.find(reason => reason !== only(role)) ?? reasons[0]
}

/** In whose place somebody has a role; undefined = by themselves, or not at all. */
export function inPlaceOf(trip: Trip, role: TripRole, actor: Actor, setting: Setting): string | undefined {
  const self = selvesOf(actor).find(one => RULES[role](factsOf(trip, actor, setting, one)) === undefined)
  return self === actor ? undefined : self?.id
}

/** Whether a step that somebody was asked for has been decided since. */
export const hadTurn = ({ steps }: Pick<Trip, 'steps'>, actor: Actor): boolean =>
  steps.some(
    ({ people, decision }) =>
      decision &&
      selvesOf(actor).some(({ id }) => people.includes(id) || decision.by === id || decision.inPlaceOf === id),
  )

/** The moves that somebody may make now, in the order of the table. */
export const movesOpen = (trip: Trip, actor: Actor, setting: Setting): TripMove[] =>
  movesFrom(trip).filter(
    move => isTimely(trip, move, setting) && whyNot(trip, tripFlow.moves[move].by, actor, setting) === undefined,
  )

/**
 * A request that got no car is put down as such only once its time has come, and gets none once that is over; what has begun is not
 * cancelled any more, unless it may not go at all.
 */
export function isTimely(trip: Trip, move: TripMove, { now }: Pick<Setting, 'now'>): boolean {
  if (move === 'lapse') return trip.startsAt <= now
  if (move === 'cancel') return !hasBegun(trip, now) || isObjected(trip)
  return move !== 'assign' || now < trip.endsAt
}

/** The moves that the trip allows to anybody. */
export const movesFrom = (trip: Trip): TripMove[] =>
  (Object.keys(tripFlow.moves) as TripMove[]).filter(
    move => tripFlow.moves[move].from.includes(trip.state) && applies(trip, move),
  )

/** Whether there is anything for it to act on. */
function applies(trip: Trip, move: TripMove): boolean {
  if (move === 'endorse' || move === 'object') return isUrgentOpen(trip)
  return move !== 'confirm' || trip.confirmedAt === undefined
}

/** Not yet before anybody: its applicant's own. */
const UNSENT: TripState[] = ['draft']

/** Everybody who asked, rides, decides, decided or consented. */
export function peopleOf({
  applicant,
  user,
  passengers,
  steps,
  urgent,
}: Pick<Trip, 'applicant' | 'user' | 'passengers' | 'steps' | 'urgent'>): string[] {
  const deciders = steps.flatMap(({ people, decision }) => [...people, decision?.by, decision?.inPlaceOf])
  const all = [applicant, user, ...passengers, ...deciders, urgent?.consentedBy]
  return [...new Set(all.filter((id): id is string => id !== undefined && id !== ''))]
}

/** Whether somebody may see it at all: whoever has a part in it, and by role who decides, dispatches or answers for the unit. */
export const maySee = (trip: Trip, actor: Actor, setting: Pick<Setting, 'heads' | 'rides'>): boolean =>
  selvesOf(actor).some(self => isLetIn(trip, self, setting))

function isLetIn(trip: Trip, self: Self, { heads, rides }: Pick<Setting, 'heads' | 'rides'>): boolean {
  if (trip.applicant === self.id) return true
  if (isUnsent(trip)) return false
  if (peopleOf(trip).includes(self.id) || drives(trip, self.id, { rides })) return true
  return !isApart(self) && codesIn(trip, self, heads).some(code => SEEING.includes(code))
}

const SEEING: string[] = [...OFFICE, 'KZ']

/** A draft, also one that was given up, concerns nobody else. */
const isUnsent = ({ state, submittedAt }: Pick<Trip, 'state' | 'submittedAt'>): boolean =>
  UNSENT.includes(state) || submittedAt === undefined

/** 机要 and 办案: what it is for is known only to those who ask and decide. */
export const isConfidential = ({ category, ground }: Pick<Trip, 'category' | 'ground'>): boolean =>
  category === 'confidential' || ground === 'duty'

const KNOWING: Decider[] = ['KZ', 'BZ', 'FG', 'LD']

export function knowsPurpose(trip: Trip, actor: Actor, { heads }: Pick<Setting, 'heads'>): boolean {
  if (!isConfidential(trip)) return true
  const asked = [trip.applicant, trip.user, ...trip.steps.flatMap(({ people }) => people)]
  return selvesOf(actor).some(
    self =>
      asked.includes(self.id) ||
      (!isApart(self) && codesIn(trip, self, heads).some(code => KNOWING.includes(code as Decider))),
  )
}

/** What a trip is for, as somebody may know it; CAR-40 gives the words of what is not told. */
export function purposeFor(trip: Pick<Trip, 'category' | 'ground' | 'purpose'>, mayKnow: boolean): string {
  if (mayKnow || !isConfidential(trip)) return trip.purpose
  return trip.category === 'confidential' ? '机要件取送' : '执行任务'
}
