import { getTrip } from '../../db/car.ts'
import { clashesWith } from '../../db/car-clash.ts'
import { getRun } from '../../db/car-full-run.ts'
import { saveRun, stretchRun } from '../../db/car-run.ts'
import { peopleById } from '../../db/people.ts'
import type { Action, Body, Press, Turn } from '../../src/bot/feature.ts'
import type { Value } from '../../src/kit/card.ts'
import { DECIDERS, type Step } from '../../src/kit/chain.ts'
import { Refusal } from '../../src/kit/refusal.ts'
import { furtherStep } from '../../src/office/car/chain.ts'
import { moved, refuse, type TripPress } from '../../src/office/car/moves.ts'
import type { Engagement } from '../../src/office/car/proposal.ts'
import { clashWords } from '../../src/office/car/proposal-card.ts'
import {
  type Further,
  furtherWhy,
  furtherWords,
  isAskable,
  newlyAsked,
  owing,
  unapproved,
} from '../../src/office/car/put-off.ts'
import { type FullRun, nextLook, numbersOf, unionOf } from '../../src/office/car/run.ts'
import { isFilled, missCard, readReschedule, readWord, rescheduleCard } from '../../src/office/car/run-form.ts'
import {
  missedCard,
  newlyAskedLine,
  rescheduledCard,
  rescheduledTogetherCard,
} from '../../src/office/car/run-notices.ts'
import { hasBegun, LIMITS, type Setting, type Trip } from '../../src/office/car/trip.ts'
import { tellCalmly } from '../calm.ts'
import { holdersFor } from '../holders.ts'
import { opened } from '../opened.ts'
import { tellOf } from '../tell.ts'
import { keep } from './act.ts'
import { dispatchersFor } from './recipients.ts'
import { chainFacts, ruleSetting } from './rules.ts'
import { leaveRun, noteRun, runMatter, runMeant, settingOfRun } from './run-meant.ts'
import { actorIn, FEATURE, idOf, refuseStrangers, settingOf } from './setting.ts'

const DAY_MS = 86_400_000
/** Stands for the reason while it is only asked whether somebody may. */
const ASKED = '调整'

/** 调整返回时间: asks for the new time, then moves it, if the car and the driver are free as long. */
export const reschedule: Action = async (turn, pressed) => {
  const full = await runMeant(turn, pressed)
  const trip = tripMeant(full, pressed.value.id)
  const setting = await settingOfRun(turn, full)
  const by = actorIn(turn)
  refuseStrangers(trip, by, setting)
  const asked: TripPress = { move: 'reschedule', by, seenRev: undefined, word: ASKED }
  refuse(trip, asked, setting)
  if (!isFilled(pressed.form, 'until')) return opened(turn, rescheduleCard(trip, fromRun(pressed), turn.now))
  const { until, word } = readReschedule(pressed.form)
  refuseTime(trip, until, turn.now)
  const asks = newlyAsked(trip, until, setting.customs, await ruleSetting(turn))
  if (asks.length && trip.state === 'dispatched')
    throw new Refusal(
      `由此新增${furtherWords(asks)},须重新审批${hasBegun(trip, turn.now) ? ';出发时间已过,请由车管员登记爽约后重新申请' : ',请由申请人修改用车申请'}`,
    )
  const step = asks.length ? await stepAfterwards(turn, trip, asks) : undefined
  const after = moved(trip, { ...asked, word }, setting, {
    endsAt: until,
    findings: unapproved(trip, asks),
    ...(step ? owing(trip, step, until, turn.now, setting.customs) : {}),
  })
  await moveEnd(turn, full, after, setting)
  await keep(turn, trip, after)
  await tellMoved(turn, full, trip, after, setting)
  if (asks.length) await tellOffice(turn, after, asks, step, setting)
  noteRun(turn, 'reschedule', full.run, { before: trip.endsAt.toISOString(), after: until.toISOString(), reason: word })
  turn.redraw(FEATURE, runMatter(full.run.id))
  return {
    toast: {
      kind: 'success',
      words: ['已调整返回时间', asks.length ? askedWords(asks, step) : ''].filter(said => said !== '').join('。'),
    },
    fresh: backTo(pressed, trip, full),
  }
}

/** What the longer trip would have needed is asked afterwards, where somebody can decide. */
const stepAfterwards = async (turn: Turn, trip: Trip, asks: Further[]): Promise<Step | undefined> =>
  isAskable(trip) ? furtherStep(trip, furtherWhy(asks), await chainFacts(turn, trip)) : undefined

const askedWords = (asks: Further[], step: Step | undefined): string =>
  `由此新增${furtherWords(asks)},${step ? `已请${DECIDERS[step.by]}补办审批,并告知办公室` : '已告知办公室和分管领导'}`

/** Where it was pressed, there its card stands again. */
const fromRun = ({ value }: Press): { run?: number } => (value.run === undefined ? {} : { run: idOf(value.run) })

const backTo = ({ value }: Press, trip: Trip, { run }: FullRun): Body => ({
  matter: { feature: FEATURE, id: value.run === undefined ? String(trip.id) : runMatter(run.id) },
})

/** The trip that was pressed; on a run's own card the one that comes back last. */
function tripMeant({ trips }: FullRun, id: unknown): Trip {
  const trip =
    id === undefined
      ? [...trips].sort((a, b) => b.endsAt.getTime() - a.endsAt.getTime())[0]
      : trips.find(one => one.id === idOf(id))
  if (!trip) throw new Refusal('该次出车已作废')
  return trip
}

function refuseTime({ startsAt, endsAt }: Trip, until: Date, now: Date): void {
  if (until <= startsAt) throw new Refusal('返回时间须晚于出发时间')
  if (until <= now) throw new Refusal('新的返回时间已经过去')
  if (until.getTime() === endsAt.getTime()) throw new Refusal('返回时间没有变化')
  if (until.getTime() - startsAt.getTime() > LIMITS.days * DAY_MS) throw new Refusal(`一次用车最长${LIMITS.days}天`)
}

/** @throws Refusal when the car or the driver has something else to do by then: it says what, and who is next. */
async function moveEnd(turn: Turn, full: FullRun, after: Trip, setting: Setting): Promise<void> {
  const { run, vehicle, driver } = full
  const span = unionOf([...full.trips.filter(({ id }) => id !== after.id), after])
  const to = { startsAt: run.startsAt, endsAt: span.endsAt }
  if (!(await stretchRun(turn.db, run, to))) {
    const clashes = await clashesWith(turn.db, { ...run, ...to }, run.id)
    throw new Refusal(
      `${clashWords(clashes, vehicle, driver, turn.now)}${await nextIn(turn, clashes[0])},不能延长;请与车管员联系,改派后续用车后再调整`,
    )
  }
  const moved = { ...run, ...to, rev: run.rev + 1, lateToldAt: undefined }
  await saveRun(turn.db, run, { ...moved, nextAt: nextLook(moved, await ruleSetting(turn), setting.customs, turn.now) })
}

async function nextIn(turn: Turn, clash: Engagement | undefined): Promise<string> {
  const [next] = clash?.trips ?? []
  if (!next) return ''
  const { applicant } = await getTrip(turn.db, next.id)
  const [person] = await peopleById(turn.db, [applicant])
  return person ? `,申请人${person.name}` : ''
}

async function tellMoved(turn: Turn, full: FullRun, before: Trip, after: Trip, setting: Setting): Promise<void> {
  const people = [
    full.driver?.person ?? full.run.pilot,
    after.applicant,
    after.user,
    ...(await dispatchersFor(turn, after)),
  ]
  const body = { card: rescheduledCard(after, before.endsAt, setting) }
  const line = `${numbersOf({ trips: [after] })}返回时间已调整`
  await tellOf(
    turn,
    people.filter(id => id !== turn.who.id),
    { body, line },
    turn.now,
  )
  const moved = await getRun(turn.db, full.run.id)
  for (const own of full.trips.filter(({ id }) => id !== after.id)) {
    const others = [own.applicant, own.user].filter(id => id !== turn.who.id && !people.includes(id))
    const card = rescheduledTogetherCard(own, after, moved, turn.now)
    await tellOf(
      turn,
      others,
      { body: { card }, line: `${numbersOf({ trips: [own] })}合并乘车的返回时间已调整` },
      turn.now,
    )
    turn.redraw(FEATURE, String(own.id))
  }
}

/** 办公室, and 分管领导 unless they are asked by a card of their own. */
async function tellOffice(
  turn: Turn,
  trip: Trip,
  asks: Further[],
  step: Step | undefined,
  setting: Setting,
): Promise<void> {
  const office = await holdersFor(turn, trip, step ? ['BZ'] : ['BZ', 'FG'])
  const told = office.filter(id => !step?.people.includes(id))
  await tellCalmly(turn, '用车提示', new Map(told.map(id => [id, [newlyAskedLine(trip, asks, setting)]])))
}

/** 登记爽约: who asked did not come; the car and the driver are free, unless others ride. */
export const miss: Action = async (turn, pressed) => {
  const full = await runMeant(turn, pressed)
  const setting = await settingOf(turn, ...full.trips)
  const trip = isFilled(pressed.form, 'trip') ? tripMeant(full, pressed.form.trip) : tripMeant(full, pressed.value.id)
  const asked: TripPress = { move: 'miss', by: actorIn(turn), seenRev: undefined, word: ASKED }
  refuseStrangers(trip, asked.by, setting)
  refuse(trip, asked, setting)
  if (pressed.value.asked === undefined) {
    const value: Value = pressed.value.run === undefined ? { id: trip.id } : { run: full.run.id }
    return opened(turn, missCard(pressed.value.run === undefined ? [trip] : full.trips, value, turn.now))
  }
  if (trip.startsAt > turn.now) throw new Refusal('尚未到出发时间;不再需要用车的,请由申请人取消用车')
  const after = await keep(turn, trip, moved(trip, { ...asked, word: readWord(pressed.form) }, setting))
  await leaveRun(turn, full.run.id, trip, full.driver?.person ?? full.run.pilot)
  const people = [after.applicant, after.user, full.driver?.person ?? full.run.pilot].filter(id => id !== turn.who.id)
  const line = `${numbersOf({ trips: [after] })}已登记爽约`
  await tellOf(turn, people, { body: { card: missedCard(after, full.vehicle.plate) }, line }, turn.now)
  noteRun(turn, 'miss', full.run, { trip: trip.id, reason: after.word })
  return { toast: { kind: 'success', words: '已登记爽约' }, fresh: backTo(pressed, trip, full) }
}
