import { type Decision, openStep, type Step, withDecision } from '../../kit/chain.ts'
import type { Finding } from '../../kit/finding.ts'
import { AlreadySo, Refusal } from '../../kit/refusal.ts'
import { isTouching } from './chain.ts'
import { type TripMove, tripFlow } from './flow.ts'
import { hadTurn, inPlaceOf, isTimely, mayRequest, movesFrom, whyNot } from './roles.ts'
import { isObjected, stateOf } from './steps.ts'
import { type Actor, hasBegun, LIMITS, lastAct, type Setting, type Trip, type TripWish, type Urgent } from './trip.ts'
import { isUndecided, undecidedAt } from './undecided.ts'

export interface TripPress {
  move: TripMove
  by: Actor
  seenRev: number | undefined
  word: string
  /** 提交 and 修改: what the rules say now, and who is asked. */
  plan?: Plan
  /** 修改: what is wanted from now on. */
  wish?: TripWish
  /** 提交 on a consent that is not on file yet. */
  urgent?: Urgent
}

export interface Plan {
  findings: readonly Finding[]
  steps: readonly Step[]
}

/**
 * The trip after a press; `change`: what the move brings beside its own, e.g. the run of 派车.
 * @throws Refusal when the person may not, when the state does not allow it (any more), or when the rules forbid it.
 */
export function moved(trip: Trip, asked: TripPress, setting: Setting, change: Partial<Trip> = {}): Trip {
  const press = { ...asked, word: asked.word.trim() }
  refuse(trip, press, setting)
  const { by, to } = tripFlow.moves[press.move]
  const principal = inPlaceOf(trip, by, press.by, setting)
  const rev = trip.rev + 1
  const changed: Trip = {
    ...trip,
    ...(to ? { state: to } : {}),
    rev,
    lastMove: press.move,
    word: press.word,
    movedBy: press.by.id,
    movedAt: setting.now,
    movedFor: principal,
    ...EFFECTS[press.move]?.(trip, { ...press, inPlaceOf: principal }, setting),
    ...change,
  }
  const isAsked = openStep(changed)?.by !== openStep(trip)?.by || putTo(changed) !== putTo(trip)
  const same = changed.state === trip.state && !isAsked && press.move !== 'edit'
  return { ...changed, stateRev: same ? trip.stateRev : rev, nextAt: nextLookAt(trip, changed, setting) }
}

/** Until when it is asked for on the road. */
const putTo = ({ urgent }: Trip): number | undefined => urgent?.put?.to.getTime()

/** While it waits for a decision it is looked at for that; afterwards for what else it is. */
function nextLookAt(before: Trip, after: Trip, { now, customs }: Setting): Date | undefined {
  if (isUndecided(after)) return undecidedAt(after, now, customs)
  return isUndecided(before) ? undefined : after.nextAt
}

/** @throws Refusal as `moved` does, for a press that first opens a form. */
export function refuse(trip: Trip, { move, by: actor, seenRev, word, ...press }: TripPress, setting: Setting): void {
  const { by, asks, button } = tripFlow.moves[move]
  const why = whyNot(trip, by, actor, setting)
  const isDone = DECISIONS.includes(move) && hadTurn(trip, actor)
  if (why && isDone) throw new AlreadySo(lastAct(trip, setting))
  if (!movesFrom(trip).includes(move)) throw why ? new Refusal(why) : new AlreadySo(lastAct(trip, setting))
  if (why) throw new Refusal(why)
  if (seenRev !== undefined && seenRev < trip.stateRev) throw new Refusal('卡片已过期,请以最新卡片为准')
  if (asks === 'reason' && !word) throw new Refusal(`请填写${button}的理由`)
  if (word.length > LIMITS.word) throw new Refusal(`说明请控制在${LIMITS.word}字以内`)
  GUARDS[move]?.(trip, { move, by: actor, seenRev, word, ...press }, setting)
}

/** Whether the car that was sent still does: the hours, who drives and the kind of car are the same, and nobody more rides. */
function fits(trip: Trip, wish: TripWish | undefined): boolean {
  if (!wish) return true
  const isSame = trip.startsAt.getTime() === wish.startsAt.getTime() && trip.endsAt.getTime() === wish.endsAt.getTime()
  return (
    isSame && trip.selfDrive === wish.selfDrive && trip.category === wish.category && wish.headcount <= trip.headcount
  )
}

const DECISIONS: TripMove[] = ['approve', 'refuse', 'endorse', 'object']

type Guard = (trip: Trip, press: TripPress, setting: Setting) => void

const GUARDS: Partial<Record<TripMove, Guard>> = {
  submit(trip, { by, plan, urgent }, { now, may }) {
    if (!urgent && ![by, ...by.standsFor].some(self => mayRequest(self, may)))
      throw new Refusal('用车申请请由所在科室提出;特别紧急的,可登记口头同意后先行派车')
    if (trip.endsAt <= now || (!urgent && trip.startsAt <= now)) throw new Refusal('出发时间已过,请先修改')
    refuseForbidden(plan)
  },
  edit(trip, press, { now }) {
    // a draft may say what it cannot be sent with
    if (trip.state !== 'draft') refuseForbidden(press.plan)
    if (press.wish && hasBegun(trip, now) && !keepsCar(trip, press)) throw new Refusal(BEGUN)
  },
  cancel(trip, _press, setting) {
    if (!isTimely(trip, 'cancel', setting)) throw new Refusal(BEGUN)
  },
  approve: inTime,
  lapse(trip, _press, setting) {
    if (!isTimely(trip, 'lapse', setting)) throw new Refusal('尚未到出发时间;不再需要用车的,请由申请人取消用车')
  },
  depart(trip) {
    if (isObjected(trip)) throw new Refusal('补办未获同意,不能出车;请车管员与申请人联系')
  },
}

const BEGUN = '出发时间已过。未成行的,请车管员登记爽约;已成行的,请补登出车、回场'

/** Whether a changed trip goes in the car that was sent for it. */
function keepsCar(trip: Trip, { wish, plan }: Pick<TripPress, 'wish' | 'plan'>): boolean {
  if (trip.urgent && !(wish && isTouching(trip, wish))) return true
  return trip.run !== undefined && stateOf(plan?.steps ?? trip.steps) === 'approved' && fits(trip, wish)
}

function inTime({ endsAt }: Trip, _press: TripPress, { now }: Setting): void {
  if (endsAt <= now) throw new Refusal('用车时间已过,不能再同意;请驳回,或由申请人撤回')
}

function refuseForbidden(plan: Plan | undefined): void {
  const [forbidden] = plan?.findings.filter(({ severity }) => severity === 'F') ?? []
  if (forbidden) throw new Refusal(forbidden.words)
}

/** A press whose right is known: `inPlaceOf` = of whom a deputy has it. */
type Settled = TripPress & { inPlaceOf: string | undefined }
type Effect = (trip: Trip, press: Settled, setting: Setting) => Partial<Trip>

const decisionIn = ({ by, inPlaceOf: principal, word }: Settled, { now }: Setting): Decision => ({
  by: by.id,
  inPlaceOf: principal,
  at: now,
  word,
})

const EFFECTS: Partial<Record<TripMove, Effect>> = {
  submit: (_trip, { plan, urgent }, { now }) => {
    const steps = plan?.steps ?? []
    const state = urgent ? 'approved' : stateOf(steps)
    return {
      steps,
      findings: plan?.findings ?? [],
      state,
      urgent,
      submittedAt: now,
      approvedAt: state === 'approved' ? now : undefined,
      nextAt: urgent?.dueAt,
    }
  },
  edit: (trip, { wish, plan }, { now }) => {
    const base = { ...wish, findings: plan?.findings ?? trip.findings, steps: plan?.steps ?? trip.steps }
    if (trip.state === 'draft') return base
    // a consent is to one trip: another needs its approvals, or a consent of its own; for a phone or a remark nothing reopens
    if (trip.urgent && !(wish && isTouching(trip, wish))) return { ...wish }
    const consent = trip.urgent ? { urgent: undefined, nextAt: undefined } : {}
    const state = stateOf(base.steps)
    if (state !== 'approved') return { ...base, ...consent, state, approvedAt: undefined, run: undefined }
    return {
      ...base,
      ...consent,
      approvedAt: trip.approvedAt ?? now,
      ...(keepsCar(trip, { wish, plan }) ? { state: trip.state } : { state, run: undefined }),
    }
  },
  cancel: () => ({ run: undefined, nextAt: undefined }),
  miss: () => ({ nextAt: undefined }),
  lapse: () => ({ nextAt: undefined }),
  approve: ({ steps }, press, setting) => {
    const next = withDecision(steps, decisionIn(press, setting))
    const state = stateOf(next)
    return { steps: next, state, ...(state === 'approved' ? { approvedAt: setting.now } : {}) }
  },
  refuse: ({ steps }, press, setting) => ({
    steps: withDecision(steps, { ...decisionIn(press, setting), against: true }),
  }),
  endorse: ({ steps, nextAt }, press, setting) => {
    const next = withDecision(steps, decisionIn(press, setting))
    return { steps: next, nextAt: stateOf(next) === 'approved' ? undefined : nextAt }
  },
  object: ({ steps }, press, setting) => ({
    steps: withDecision(steps, { ...decisionIn(press, setting), against: true }),
    nextAt: undefined,
  }),
  confirm: (_trip, { by }, { now }) => ({ confirmedBy: by.id, confirmedAt: now }),
  complete: (_trip, _press, { now }) => ({ completedAt: now }),
}
