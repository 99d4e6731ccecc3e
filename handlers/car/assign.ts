import { holdTrip } from '../../db/car.ts'
import { clashesWith } from '../../db/car-clash.ts'
import { fleetAbout } from '../../db/car-dispatch.ts'
import { getRun, holdRun } from '../../db/car-full-run.ts'
import { giveUpRun, openRun, restoreRun, saveRun, stretchRun } from '../../db/car-run.ts'
import type { Action, Answer, Press, Turn } from '../../src/bot/feature.ts'
import type { Value } from '../../src/kit/card.ts'
import type { Finding } from '../../src/kit/finding.ts'
import { readPage } from '../../src/kit/pages.ts'
import { AlreadySo, Refusal } from '../../src/kit/refusal.ts'
import { CLOSED } from '../../src/office/car/fitness.ts'
import type { Driver, Vehicle } from '../../src/office/car/fleet.ts'
import { moved, refuse, type TripPress } from '../../src/office/car/moves.ts'
import { drivenOn, findingsFor, forbidden, type Proposal, proposalFor } from '../../src/office/car/proposal.ts'
import { type Asked, clashWords, proposalCard } from '../../src/office/car/proposal-card.ts'
import { knowsPurpose, ridersOf } from '../../src/office/car/roles.ts'
import { type FullRun, numbersOf, unionOf, unreachedWords } from '../../src/office/car/run.ts'
import {
  addedCard,
  combinedCard,
  dispatchedCard,
  dispatchedLine,
  relievedCard,
} from '../../src/office/car/run-notices.ts'
import type { Run, Setting, Trip } from '../../src/office/car/trip.ts'
import { opened } from '../opened.ts'
import { tellOf } from '../tell.ts'
import { keep, readPress } from './act.ts'
import { dispatchFacts } from './dispatch-rules.ts'
import { pendingList } from './pending.ts'
import { leaveRun, noteRun, runMatter, runMeant } from './run-meant.ts'
import { actorIn, FEATURE, idOf, refuseStrangers, settingOf } from './setting.ts'

/** 派车: pressed on a trip it shows what is free, pressed there it sends a car, or joins a run that goes the same way. */
export const assign: Action = async (turn, pressed) => {
  const trip = await holdTrip(turn.db, idOf(pressed.value.id))
  const setting = await settingOf(turn, trip)
  const press: TripPress = { move: 'assign', by: actorIn(turn), ...readPress(pressed) }
  refuseStrangers(trip, press.by, setting)
  refuse(trip, press, setting)
  if (trip.endsAt <= turn.now) throw new Refusal('用车时间已过,不能再派车')
  const task: Task = { trips: [trip], press, setting, value: { id: trip.id, rev: trip.rev, ...listIn(pressed) } }
  if (pressed.value.into !== undefined) return join(turn, trip, idOf(pressed.value.into), task)
  const chosen = chosenIn(pressed, trip)
  if (!chosen) return opened(turn, await cardOf(turn, task))
  const pair = await fitting(turn, task, chosen)
  const run = await openRun(turn.db, newRun(turn, task, pair))
  if (!run) return clashed(turn, task, pair)
  await sendOut(turn, task, run, pair)
  return dispatched(turn, task, `已派车:${pairWords(pair)}`)
}

/** 改派: another car or driver for all that ride in a run, or for one of them that leaves it. */
export const redirect: Action = async (turn, pressed) => {
  const full = await runMeant(turn, pressed)
  const [first] = full.trips
  if (!first) throw new AlreadySo('该次出车已作废')
  const asked = pressed.form.leaving ?? pressed.value.leaving
  const leaving = full.trips.find(({ id }) => String(id) === String(asked))
  const trips = leaving ? [leaving] : full.trips
  const setting = await settingOf(turn, ...trips)
  const { word } = readPress(pressed)
  const press: TripPress = { move: 'redirect', by: actorIn(turn), seenRev: undefined, word }
  refuseStrangers(first, press.by, setting)
  for (const one of trips) refuse(one, press, setting)
  const value = { run: full.run.id, rev: full.run.rev, ...(leaving ? { leaving: leaving.id } : {}) }
  const task: Task = { trips, press, setting, value, ...(leaving ? {} : { from: full }) }
  const chosen = chosenIn(pressed, trips[0] ?? first)
  if (!chosen) return opened(turn, await cardOf(turn, task))
  if (pressed.value.rev !== full.run.rev) throw new Refusal('卡片已过期,请以最新卡片为准')
  const pair = await fitting(turn, task, chosen)
  if (isSame(full, pair)) throw new AlreadySo('车辆和驾驶员没有变化')
  const isAll = trips.length === full.trips.length
  if (isAll) await giveUpRun(turn.db, full.run)
  const run = await openRun(turn.db, newRun(turn, task, pair))
  if (!run) {
    if (isAll) await restoreRun(turn.db, full.run)
    return clashed(turn, task, pair)
  }
  await sendOut(turn, task, run, pair)
  if (isAll) await relieve(turn, full, pair)
  else await leaveRun(turn, full.run.id, trips[0] ?? first, pair.driver?.person ?? pair.pilot)
  turn.redraw(FEATURE, runMatter(full.run.id))
  return dispatched(turn, task, `已改派:${pairWords(pair)}`)
}

const isSame = ({ run }: FullRun, { vehicle, driver, pilot }: Pair): boolean =>
  vehicle.id === run.vehicle && driver?.id === run.driver && (driver !== undefined || pilot === run.pilot)

/** What is to be dispatched, by whom. */
interface Task {
  trips: readonly Trip[]
  press: TripPress
  setting: Setting
  /** What the buttons carry. */
  value: Value
  /** The run whose car and driver are given up. */
  from?: FullRun
}

interface Pair {
  vehicle: Vehicle
  driver: Driver | undefined
  pilot: string | undefined
  findings: readonly Finding[]
}

const pairWords = ({ vehicle, driver }: Pair): string =>
  [`${vehicle.plate}${driver ? ` ${driver.name}` : ''}`, unreachedWords(driver)].filter(word => word !== '').join('。')

const listIn = ({ value }: Press): { list?: number } => (typeof value.list === 'number' ? { list: value.list } : {})

interface Chosen {
  vehicle: number
  driver: number | undefined
  pilot: string | undefined
}

/** What was chosen in the form, or by one tap; undefined = nothing yet. */
function chosenIn({ form, value }: Press, { selfDrive, user }: Trip): Chosen | undefined {
  const vehicle = form.vehicle ?? value.vehicle
  if (vehicle === undefined || vehicle === '') return undefined
  const driver = form.driver ?? value.driver
  if (selfDrive) {
    const pilot = typeof form.pilot === 'string' && form.pilot ? form.pilot : user
    return { vehicle: idOf(vehicle), driver: undefined, pilot }
  }
  if (driver === undefined || driver === '') throw new Refusal('请选择驾驶员')
  return { vehicle: idOf(vehicle), driver: idOf(driver), pilot: undefined }
}

/** @throws Refusal when the rules forbid it, or nobody high enough has approved what they ask for. */
async function fitting(turn: Turn, { trips, from }: Task, chosen: Chosen): Promise<Pair> {
  const fleet = await fleetAbout(turn.db, unionOf(trips), from?.run.id)
  const shared = await dispatchFacts(turn, trips, fleet)
  const vehicle = fleet.vehicles.find(({ id }) => id === chosen.vehicle)
  const driver = fleet.drivers.find(({ id }) => id === chosen.driver)
  if (!vehicle) throw new Refusal('请选择车辆')
  if (chosen.driver !== undefined && driver?.state !== 'available') throw new Refusal('请选择在岗的驾驶员')
  if (driver?.closed) throw new Refusal(`${driver.name}的${CLOSED},请另选驾驶员`)
  if (chosen.pilot !== undefined && !trips.some(trip => ridersOf(trip).includes(chosen.pilot ?? '')))
    throw new Refusal('自驾的须为用车人或乘车人')
  const others = fleet.runs.filter(({ run }) => run.id !== from?.run.id)
  const drivenMinutes = driver ? drivenOn(driver.id, unionOf(trips), others) : 0
  const findings = findingsFor(trips, vehicle, driver, unionOf(trips), [], { ...shared, drivenMinutes })
  const why = forbidden(findings, trips)
  if (why) throw new Refusal(why)
  return { vehicle, driver, pilot: chosen.pilot ?? driver?.person, findings }
}

const newRun = ({ now }: Turn, { trips, press }: Task, { vehicle, driver, pilot }: Pair) => ({
  ...unionOf(trips),
  vehicle: vehicle.id,
  driver: driver?.id,
  pilot,
  dispatchedBy: press.by.id,
  dispatchedAt: now,
})

/** Moves the trips into the run, and tells those concerned. */
async function sendOut(turn: Turn, { trips, press, setting }: Task, run: Run, pair: Pair): Promise<void> {
  const seen = { ...press, ...(trips.length > 1 ? { seenRev: undefined } : {}) }
  for (const trip of trips) await keep(turn, trip, moved(trip, seen, setting, { run: run.id }))
  noteRun(turn, press.move, run, {
    vehicle: pair.vehicle.plate,
    driver: pair.driver?.name ?? '',
    rules: pair.findings.map(({ rule }) => rule),
  })
  const full = await getRun(turn.db, run.id)
  await tellRiders(turn, full, full.trips)
  await tellPilot(turn, full)
}

async function tellRiders(turn: Turn, full: FullRun, trips: readonly Trip[]): Promise<void> {
  const setting = await settingOf(turn, ...full.trips)
  for (const trip of trips) {
    const news = {
      body: { card: dispatchedCard(trip, full, setting) },
      line: dispatchedLine(trip, full, setting),
    }
    await tellOf(turn, [trip.applicant, ...ridersOf(trip)], news, trip.startsAt)
  }
}

async function tellPilot(turn: Turn, full: FullRun): Promise<void> {
  const setting = await settingOf(turn, ...full.trips)
  const [trip] = full.trips
  if (!trip) return
  const news = {
    body: { matter: { feature: FEATURE, id: runMatter(full.run.id) } },
    line: `出车任务:${dispatchedLine(trip, full, setting)}`,
  }
  await tellOf(turn, [full.driver?.person ?? full.run.pilot], news, full.run.startsAt)
}

/** Whoever was to drive and does not any more. */
async function relieve(turn: Turn, { driver, run, trips, vehicle }: FullRun, after: Pair): Promise<void> {
  const before = driver?.person ?? run.pilot
  if (before === undefined || before === (after.driver?.person ?? after.pilot)) return
  const body = { card: relievedCard(trips, vehicle.plate, turn.now) }
  const line = `出车任务已改派,${vehicle.plate}的出车任务取消`
  await tellOf(turn, [before], { body, line }, run.startsAt)
}

/** Somebody was faster: says by which run, and offers what is still free. */
async function clashed(turn: Turn, task: Task, { vehicle, driver, pilot }: Pair): Promise<Answer> {
  const span = unionOf(task.trips)
  const clashes = await clashesWith(
    turn.db,
    { ...span, vehicle: vehicle.id, driver: driver?.id, pilot },
    task.from?.run.id,
  )
  const clash = clashWords(clashes, vehicle, driver, turn.now)
  return {
    toast: { kind: 'error', words: clash },
    fresh: { card: await cardOf(turn, task, clash) },
  }
}

async function cardOf(turn: Turn, task: Task, clash?: string) {
  const { trips, press, setting, value, from } = task
  const proposal = await proposed(turn, trips, from?.run.id)
  const asked: Asked = {
    trips,
    proposal,
    action: press.move === 'redirect' ? 'car.redirect' : 'car.assign',
    value,
    mayReadPurpose: trips.every(trip => knowsPurpose(trip, press.by, setting)),
    clash,
    present: from,
  }
  return proposalCard(asked, setting)
}

/** Reads what there is, and ranks it. */
export async function proposed(
  turn: Pick<Turn, 'db' | 'now' | 'office'>,
  trips: readonly Trip[],
  except?: number,
): Promise<Proposal> {
  const fleet = await fleetAbout(turn.db, unionOf(trips), except)
  return proposalFor(trips, fleet, await dispatchFacts(turn, trips, fleet), except)
}

/** 合并: into a run that goes the same way, which reaches over both from then on (CAR-28). */
async function join(turn: Turn, trip: Trip, into: number, task: Task): Promise<Answer> {
  const full = await holdRun(turn.db, into)
  const found = (await proposed(turn, [trip])).joins.find(({ run }) => run.id === into)
  if (!found) throw new Refusal('该次出车已不能合并,请另选车辆和驾驶员')
  const together = [...full.trips, trip]
  const span = unionOf([full.run, trip])
  const shared = await dispatchFacts(turn, together, { vehicles: [full.vehicle] })
  const others = (await fleetAbout(turn.db, span, into)).runs.filter(({ run }) => run.id !== into)
  const drivenMinutes = full.driver ? drivenOn(full.driver.id, span, others) : 0
  const findings = findingsFor(together, full.vehicle, full.driver, span, [], { ...shared, drivenMinutes })
  const why = forbidden(findings, together)
  if (why) throw new Refusal(why)
  const pair: Pair = { vehicle: full.vehicle, driver: full.driver, pilot: full.run.pilot, findings }
  if (!(await stretchRun(turn.db, full.run, span))) return clashed(turn, { ...task, trips: [trip] }, pair)
  await saveRun(turn.db, full.run, { ...full.run, rev: full.run.rev + 1 })
  const after = await keep(turn, trip, moved(trip, task.press, task.setting, { run: into }))
  noteRun(turn, 'join', full.run, { number: after.number, rules: findings.map(({ rule }) => rule) })
  const joined = await getRun(turn.db, into)
  await tellRiders(turn, joined, [after])
  const added = {
    body: { card: addedCard(after, joined, turn.now) },
    line: `${numbersOf(joined)}已合并为一次出车,请查看出车任务`,
  }
  await tellOf(turn, [joined.driver?.person ?? joined.run.pilot], added, joined.run.startsAt)
  for (const other of full.trips) {
    const body = { card: combinedCard(other, after, joined, turn.now) }
    await tellOf(turn, [other.applicant, other.user], { body, line: `您的用车与其他用车合并乘车` }, other.startsAt)
    turn.redraw(FEATURE, String(other.id))
  }
  turn.redraw(FEATURE, runMatter(into))
  return dispatched(
    turn,
    task,
    [`已合并到${found.name}`, unreachedWords(full.driver)].filter(word => word !== '').join('。'),
  )
}

/** Back to the list from which it was opened, or to the trip. */
async function dispatched(turn: Turn, { trips, value }: Task, words: string): Promise<Answer> {
  const toast = { kind: 'success' as const, words }
  if (typeof value.list === 'number') return { toast, fresh: { card: await pendingList(turn, readPage(value.list)) } }
  return { toast, fresh: { matter: { feature: FEATURE, id: String(trips[0]?.id) } } }
}
