import { type Decision, openStep, type Step, withDecision } from '../../kit/chain.ts'
import type { Finding } from '../../kit/finding.ts'
import { AlreadySo, Refusal } from '../../kit/refusal.ts'
import { type MeetingMove, meetingFlow } from './flow.ts'
import { type Actor, LIMITS, type Meeting, type MeetingWish, type Setting } from './meeting.ts'
import { usualReplyBy } from './request.ts'
import { hadTurn, inPlaceOf, movesFrom, whyNot } from './roles.ts'
import { lastAct } from './words.ts'

export interface MeetingPress {
  move: MeetingMove
  by: Actor
  seenRev: number | undefined
  word: string
  /** 发布, 送审, 修改 and 变更: what the rules say now, and who is asked. */
  plan?: Pick<Meeting, 'findings' | 'steps'>
  /** 修改 and 变更: what is wanted from now on. */
  wish?: MeetingWish
}

/**
 * The meeting after a press; `change`: what the move brings beside its own.
 * @throws Refusal when the person may not, when the state does not allow it (any more), or when the rules forbid it.
 */
export function moved(meeting: Meeting, asked: MeetingPress, setting: Setting, change: Partial<Meeting> = {}): Meeting {
  const press = { ...asked, word: asked.word.trim() }
  refuse(meeting, press, setting)
  const { by, to } = meetingFlow.moves[press.move]
  const principal = inPlaceOf(meeting, by, press.by, setting)
  const rev = meeting.rev + 1
  const changed: Meeting = {
    ...meeting,
    ...(to ? { state: to } : {}),
    rev,
    lastMove: press.move,
    word: press.word,
    movedBy: press.by.id,
    movedAt: setting.now,
    movedFor: principal,
    ...EFFECTS[press.move]?.(meeting, { ...press, inPlaceOf: principal }, setting),
    ...change,
  }
  const same = changed.state === meeting.state && openStep(changed)?.by === openStep(meeting)?.by
  return { ...changed, stateRev: same && press.move !== 'edit' ? meeting.stateRev : rev }
}

/** @throws Refusal as `moved` does, for a press that first opens a form. */
export function refuse(
  meeting: Meeting,
  { move, by: actor, seenRev, word, ...press }: MeetingPress,
  setting: Setting,
): void {
  const { by, asks, button } = meetingFlow.moves[move]
  const why = whyNot(meeting, by, actor, setting)
  if (why && DECISIONS.includes(move) && hadTurn(meeting, actor)) throw new AlreadySo(lastAct(meeting, setting))
  if (!movesFrom(meeting).includes(move)) throw why ? new Refusal(why) : new AlreadySo(lastAct(meeting, setting))
  if (why) throw new Refusal(why)
  if (seenRev !== undefined && seenRev < meeting.stateRev) throw new Refusal('卡片已过期,请以最新卡片为准')
  if (asks === 'reason' && !word) throw new Refusal(`请填写${button}的理由`)
  if (word.length > LIMITS.word) throw new Refusal(`说明请控制在${LIMITS.word}字以内`)
  GUARDS[move]?.(meeting, { move, by: actor, seenRev, word, ...press }, setting)
}

const DECISIONS: MeetingMove[] = ['approve', 'revise']

type Guard = (meeting: Meeting, press: MeetingPress, setting: Setting) => void

const GUARDS: Partial<Record<MeetingMove, Guard>> = {
  publish: goesOut,
  submit: goesOut,
  approve({ startsAt, change }, _press, { now }) {
    if ((change ?? { startsAt }).startsAt <= now) throw new Refusal('会议时间已过,不能再同意;请退回修改')
  },
  change(_meeting, { plan }) {
    refuseForbidden(plan?.findings)
  },
}

function goesOut({ startsAt }: Meeting, { plan }: MeetingPress, { now }: Setting): void {
  if (startsAt <= now) throw new Refusal('会议时间已过,请先修改')
  refuseForbidden(plan?.findings)
}

function refuseForbidden(findings: readonly Finding[] = []): void {
  const [forbidden] = findings.filter(({ severity }) => severity === 'F')
  if (forbidden) throw new Refusal(forbidden.words)
}

/** A press whose right is known: `inPlaceOf` = of whom a deputy has it. */
type Settled = MeetingPress & { inPlaceOf: string | undefined }
type Effect = (meeting: Meeting, press: Settled, setting: Setting) => Partial<Meeting>

const decisionIn = ({ by, inPlaceOf: principal, word }: Settled, { now }: Setting): Decision => ({
  by: by.id,
  inPlaceOf: principal,
  at: now,
  word,
})

const EFFECTS: Partial<Record<MeetingMove, Effect>> = {
  publish: (meeting, { plan }, setting) => ({ ...plan, steps: [], ...goneOut(meeting, setting) }),
  submit: (_meeting, { plan }, { now }) => ({ ...plan, submittedAt: now }),
  edit: (_meeting, { wish, plan }) => ({ ...wish, ...plan }),
  approve: (meeting, press, setting) => {
    const steps = withDecision(meeting.steps, decisionIn(press, setting))
    if (openStep({ steps })) return { steps, state: 'submitted' }
    return meeting.change ? { steps, ...changed(meeting, meeting.change) } : { steps, ...goneOut(meeting, setting) }
  },
  revise: meeting =>
    meeting.notifiedAt
      ? { state: 'notified', change: undefined, steps: meeting.steps.filter(({ decision }) => decision) }
      : {},
  change: (meeting, { wish = meeting, plan }) => {
    const asked = newSteps(meeting.steps, plan?.steps ?? [])
    const findings = plan?.findings ?? meeting.findings
    if (!asked.length) return { ...changed(meeting, wish), findings }
    return { state: 'submitted', change: wish, findings, steps: [...meeting.steps, ...asked] }
  },
  cancel: () => ({ change: undefined }),
  finish: (_meeting, _press, { now }) => ({ endedAt: now }),
}

/** An answer is not asked for by a time that has passed while it waited. */
const goneOut = ({ rev, replyBy, startsAt }: Meeting, { now, customs }: Setting): Partial<Meeting> => ({
  notifiedAt: now,
  noticeRev: rev + 1,
  ...(replyBy && replyBy <= now ? { replyBy: usualReplyBy(startsAt, now, customs) } : {}),
})

/** What a 变更 makes of it once it stands. */
function changed(meeting: Meeting, wish: MeetingWish): Partial<Meeting> {
  const isMoved = movesTimeOrPlace(meeting, wish)
  const { startsAt, endsAt, place } = meeting
  return {
    ...wishOf(wish),
    state: 'notified',
    change: undefined,
    ...(isMoved
      ? {
          noticeRev: meeting.rev + 1,
          // as long as nobody has heard of it, nothing has changed for them
          was: meeting.reminded.includes('notice') ? { startsAt, endsAt, place } : meeting.was,
          reminded: meeting.reminded.filter(one => one === 'notice'),
        }
      : {}),
  }
}

/** Only what its maker settles. */
export function wishOf(of: MeetingWish): MeetingWish {
  const { title, kind, class: level, scope, startsAt, endsAt, checkInAt, room, place, branches } = of
  const { convener, presider, contact, phone, guests, level: ranks, agenda, materials, dress } = of
  const { parking, discipline, remark, replyBy, planned, urgent, speech } = of
  return {
    ...{ title, kind, class: level, scope, startsAt, endsAt, checkInAt, room, place, branches },
    ...{ convener, presider, contact, phone, guests, level: ranks, agenda, materials, dress },
    ...{ parking, discipline, remark, replyBy, planned, urgent, speech },
  }
}

export const movesTimeOrPlace = (
  before: Pick<MeetingWish, 'startsAt' | 'endsAt' | 'place'>,
  after: Pick<MeetingWish, 'startsAt' | 'endsAt' | 'place'>,
): boolean =>
  before.startsAt.getTime() !== after.startsAt.getTime() ||
  before.endsAt.getTime() !== after.endsAt.getTime() ||
  before.place !== after.place

/** Steps that nobody has agreed to for the same reasons yet. */
const newSteps = (before: readonly Step[], after: readonly Step[]): Step[] =>
  after.filter(
    ({ by, why }) =>
      !before.some(
        step => step.by === by && step.decision && !step.decision.against && why.every(one => step.why.includes(one)),
      ),
  )

/** It has begun, by the clock; a change that nobody decided on in time is void. */
export const begun = (meeting: Meeting, now: Date): Meeting => ({
  ...byClock(meeting, now),
  state: 'underway',
  lastMove: 'begin',
  change: undefined,
})

/** It has ended, by the clock. */
export const ended = (meeting: Meeting, now: Date): Meeting => ({
  ...byClock(meeting, now),
  state: 'ended',
  lastMove: 'finish',
  endedAt: meeting.endsAt,
})

const byClock = (meeting: Meeting, now: Date): Meeting => ({
  ...meeting,
  rev: meeting.rev + 1,
  stateRev: meeting.rev + 1,
  word: '',
  movedBy: '',
  movedAt: now,
  movedFor: undefined,
})
