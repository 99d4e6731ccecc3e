import { NO_TRIP } from '../../db/car.ts'
import { clashesWith, outAt, stillOut } from '../../db/car-clash.ts'
import { usualKilometres } from '../../db/car-dispatch.ts'
import { getRun } from '../../db/car-full-run.ts'
import { keepReading, readingsAbout } from '../../db/car-odometer.ts'
import { saveRun, stretchRun } from '../../db/car-run.ts'
import type { Action, Answer, Look, Press, Turn } from '../../src/bot/feature.ts'
import { nameOf } from '../../src/kit/acted.ts'
import type { Card } from '../../src/kit/card.ts'
import type { Finding } from '../../src/kit/finding.ts'
import type { Viewer } from '../../src/kit/person.ts'
import { AlreadySo, Refusal } from '../../src/kit/refusal.ts'
import { dayIn } from '../../src/kit/time.ts'
import { driverFaults, vehicleFaults } from '../../src/office/car/fitness.ts'
import type { TripMove } from '../../src/office/car/flow.ts'
import { moved, type TripPress } from '../../src/office/car/moves.ts'
import { clashWords } from '../../src/office/car/proposal-card.ts'
import { isOn } from '../../src/office/car/rule-book.ts'
import type { RuleSetting } from '../../src/office/car/rule-setting.ts'
import { checkReturn } from '../../src/office/car/rules.ts'
import { arrived, corrected, departed, type FullRun, firstLookOut, numbersOf } from '../../src/office/car/run.ts'
import { hiddenRunCard, runCard } from '../../src/office/car/run-cards.ts'
import {
  correctCard,
  isFilled,
  type Paid,
  readCorrection,
  readCosts,
  readReading,
  readReturn,
} from '../../src/office/car/run-form.ts'
import { approvedUntil, isObjected } from '../../src/office/car/steps.ts'
import type { Run, Setting, Trip } from '../../src/office/car/trip.ts'
import { tellCalmly } from '../calm.ts'
import { holdersFor } from '../holders.ts'
import { opened } from '../opened.ts'
import { tellOf } from '../tell.ts'
import { keep, press, readPress } from './act.ts'
import { dispatchersFor } from './recipients.ts'
import { ruleSetting } from './rules.ts'
import { maySeeRun, noteRun, runIdOf, runMatter, runMeant, settingOfRun } from './run-meant.ts'
import { actorIn, actorOf, FEATURE, refuseStrangers } from './setting.ts'
import { spend } from './spend.ts'

/** A run's card as somebody sees it now. */
export async function drawRun(look: Look, matter: string, viewer: Viewer): Promise<Card> {
  const full = await getRun(look.db, runIdOf(matter))
  if (viewer.kind !== 'person') return hiddenRunCard()
  const [actor, setting] = await Promise.all([actorOf(look, viewer.id), settingOfRun(look, full)])
  return cardFor(look, full, actor, setting)
}

async function cardFor(
  look: Look,
  full: FullRun,
  actor: Parameters<typeof runCard>[1],
  setting: Setting,
): Promise<Card> {
  if (!maySeeRun(full, actor, setting)) return hiddenRunCard()
  return runCard(full, actor, await ruleSetting(look), setting)
}

/** 办理: shows the run on which something can be done. */
export const showRun: Action = async (turn, pressed) => {
  const full = await runMeant(turn, pressed)
  const setting = await settingOfRun(turn, full)
  const by = actorIn(turn)
  if (!maySeeRun(full, by, setting)) throw new Refusal(NO_TRIP)
  return opened(turn, await cardFor(turn, full, by, setting))
}

/** What a move of a whole run begins with: the run held, and nobody but who may. */
async function begun(
  turn: Turn,
  pressed: Press,
  move: TripMove,
): Promise<{ full: FullRun; setting: Setting; press: TripPress }> {
  const full = await runMeant(turn, pressed)
  const setting = await settingOfRun(turn, full)
  const [trip] = full.trips
  if (!trip) throw new AlreadySo('该次出车已作废')
  const by = actorIn(turn)
  refuseStrangers(trip, by, setting)
  return { full, setting, press: { move, by, seenRev: undefined, word: readPress(pressed).word } }
}

const shown = (full: FullRun, words: string): Answer => ({
  toast: { kind: 'success', words },
  fresh: { matter: { feature: FEATURE, id: runMatter(full.run.id) } },
})

/** 出车, by the driver or for them. */
export const depart: Action = async (turn, pressed) => {
  const { full, setting, press: asked } = await begun(turn, pressed, 'depart')
  const after = full.trips.map(trip => moved(trip, asked, setting))
  if (!isFilled(pressed.form, 'odometer')) return opened(turn, await cardFor(turn, full, asked.by, setting))
  const said = readReading(pressed.form, turn.now)
  const rules = await ruleSetting(turn)
  refuseUnfit(full, said.at, rules)
  const out = await stillOut(turn.db, full.run)
  const pilot = full.driver?.name ?? nameOf(full.run.pilot ?? '', setting.names)
  const who = out?.run.vehicle === full.run.vehicle ? full.vehicle.plate : pilot
  if (out) throw new Refusal(`${who}尚未回场(${out.name}),不能出车`)
  const before = await outAt(turn.db, full.run, said.at)
  if (before) throw new Refusal(`该车辆(驾驶员)在所填出车时间尚未回场(${before.name}),请核对出车时间`)
  const near = await readingsAbout(turn.db, full.run, said.at, said.at)
  const left = departed(full, said, near, turn.now)
  const run = { ...left, nextAt: firstLookOut(left, rules, setting.customs, turn.now) }
  await leaveEarly(turn, full, said.at)
  await keepRun(turn, full, run, after)
  noteRun(turn, 'depart', run, { odometer: said.odometer, at: said.at.toISOString(), reason: said.remark })
  return shown(full, `已出车:${full.vehicle.plate}`)
}

/** What stands against the car or the driver since 派车 (CAR-22, CAR-23), and who did not agree to an urgent trip (CAR-07). */
function refuseUnfit({ vehicle, driver, run, trips }: FullRun, at: Date, rules: RuleSetting): void {
  const span = { startsAt: at, endsAt: run.endsAt > at ? run.endsAt : at }
  const [unfit] = [
    ...(isOn('CAR-23', rules) ? vehicleFaults(vehicle, span) : []),
    ...(isOn('CAR-22', rules) && driver ? driverFaults(driver, vehicle, span, rules) : []),
  ]
  if (unfit) throw new Refusal(`${unfit},不能出车;请车管员改派`)
  const against = trips.filter(isObjected)
  if (against.length) throw new Refusal(`${numbersOf({ trips: against })}补办未获同意,不能出车`)
}

/** Whoever leaves before the planned time takes the car and the driver from then on (CAR-27). */
async function leaveEarly(turn: Turn, { run, vehicle, driver }: FullRun, at: Date): Promise<void> {
  if (at >= run.startsAt) return
  const { endsAt } = run
  if (await stretchRun(turn.db, run, { startsAt: at, endsAt })) return
  const clashes = await clashesWith(turn.db, { ...run, startsAt: at, endsAt: run.startsAt }, run.id)
  throw new Refusal(`${clashWords(clashes, vehicle, driver, turn.now)},不能提前出车`)
}

/** 回场, with the way and what was paid. */
export const arrive: Action = async (turn, pressed) => {
  const { full, setting, press: asked } = await begun(turn, pressed, 'arrive')
  const after = full.trips.map(trip => moved(trip, asked, setting))
  if (!isFilled(pressed.form, 'odometer')) return opened(turn, await cardFor(turn, full, asked.by, setting))
  const said = readReturn(pressed.form, turn.now)
  const costs = readCosts(pressed.form)
  const near = await readingsAbout(turn.db, full.run, full.run.departedAt ?? said.at, said.at)
  const run = arrived(full, said, near, turn.now)
  const findings = await returnFindings(turn, { ...full, run }, setting)
  const strange = findings.find(({ rule }) => rule === 'CAR-35')
  if (strange && !said.remark) throw new Refusal(`${strange.words.replace(/。$/, '')};如无误,请填写说明`)
  await keepRun(turn, full, run, after)
  const unlikely = await spendOn(turn, { ...full, run }, costs, said.remark)
  noteRun(turn, 'arrive', run, {
    odometer: said.odometer,
    at: said.at.toISOString(),
    parkedAt: said.parkedAt,
    reason: said.remark,
    rules: findings.map(({ rule }) => rule),
  })
  await tellBack(turn, await getRun(turn.db, run.id), findings)
  const words = `已回场:${full.vehicle.plate},行驶${said.odometer - (full.run.odometerOut ?? 0)}公里`
  return shown(full, [words, ...unlikely.map(finding => finding.words)].join(';'))
}

async function keepRun(turn: Turn, full: FullRun, run: Run, after: readonly Trip[]): Promise<void> {
  await saveRun(turn.db, full.run, run)
  const { odometerOut, odometerIn = odometerOut } = full.run
  await keepReading(turn.db, run.vehicle, run.odometerIn ?? run.odometerOut ?? 0, odometerIn)
  for (const [i, trip] of full.trips.entries()) await keep(turn, trip, after[i] ?? trip)
  turn.redraw(FEATURE, runMatter(run.id))
}

/** Enters what was paid on the way, as every cost is entered; answers what the rules warn of. */
async function spendOn(turn: Turn, { run, vehicle, trips }: FullRun, some: Paid[], why: string): Promise<Finding[]> {
  const spender = { vehicle, run: { id: run.id, vehicle: vehicle.id, number: trips[0]?.number } }
  const found: Finding[] = []
  for (const paid of some) {
    const entry = { ...paid, on: dayIn(run.returnedAt ?? turn.now), odometer: run.odometerIn }
    found.push(...(await spend(turn, entry, spender, { form: undefined, why, field: '说明' })).findings)
  }
  return found
}

/** CAR-34, CAR-35 of a run that is back. */
async function returnFindings(turn: Turn, full: FullRun, { customs }: Setting): Promise<Finding[]> {
  const { run, vehicle, trips } = full
  const [setting, near, kilometres] = await Promise.all([
    ruleSetting(turn),
    readingsAbout(turn.db, run, run.departedAt ?? turn.now, run.returnedAt ?? turn.now),
    trips.length === 1 && trips[0] ? usualKilometres(turn.db, trips[0].destination) : undefined,
  ])
  return checkReturn(run, {
    now: turn.now,
    customs,
    setting,
    vehicle,
    readingBefore: near.before?.odometer,
    readingAfter: near.after?.odometer,
    kilometres,
    overnight: trips.some(trip => isApprovedOvernight(trip, run.returnedAt ?? turn.now)),
  })
}

/** Nights that came only with a later return were not approved. */
function isApprovedOvernight(trip: Trip, back: Date): boolean {
  const until = dayIn(approvedUntil(trip))
  return until > dayIn(trip.startsAt) && dayIn(back) <= until
}

/** For whom it was is asked to confirm, and whoever sent the car to check; what the rules warn of goes to the office. */
async function tellBack(turn: Turn, full: FullRun, findings: readonly Finding[]): Promise<void> {
  for (const trip of full.trips) {
    const line = `${numbersOf({ trips: [trip] })}车辆已回场,请确认行程`
    await tellOf(turn, [trip.user], { body: { matter: { feature: FEATURE, id: String(trip.id) } }, line }, 'later')
  }
  const [trip] = full.trips
  if (!trip) return
  const dispatchers = await dispatchersFor(turn, trip)
  const { dispatchedBy } = full.run
  const checkers = dispatchers.includes(dispatchedBy) ? [dispatchedBy] : dispatchers
  const line = `${numbersOf(full)}车辆${full.vehicle.plate}已回场,请核对`
  const body = { matter: { feature: FEATURE, id: runMatter(full.run.id) } }
  await tellOf(
    turn,
    checkers.filter(id => id !== turn.who.id),
    { body, line },
    'later',
  )
  if (!findings.length) return
  const words = `${numbersOf(full)}车辆${full.vehicle.plate}:${findings.map(finding => finding.words).join(';')}`
  const office = await holdersFor(turn, trip, ['BZ'])
  await tellCalmly(turn, '用车提示', new Map(office.map(id => [id, [words]])))
}

/** 核对完成: of one trip, or of all that rode in a run. */
export const complete: Action = async (turn, pressed) => {
  if (pressed.value.run === undefined) return press('complete')(turn, pressed)
  const { full, setting, press: asked } = await begun(turn, pressed, 'complete')
  const open = full.trips.filter(({ state }) => state === 'returned')
  const some = open.length ? open : full.trips
  for (const trip of some) await keep(turn, trip, moved(trip, asked, setting))
  turn.redraw(FEATURE, runMatter(full.run.id))
  return shown(full, '已核对完成')
}

/** 确认行程, also on the run's card. */
export const confirm: Action = async (turn, pressed) => {
  const answer = await press('confirm')(turn, pressed)
  const full = await runMeant(turn, pressed)
  turn.redraw(FEATURE, runMatter(full.run.id))
  return answer
}

/** 更正里程: asks for the readings, then puts them right; what stood there before stays in the history. */
export const correct: Action = async (turn, pressed) => {
  const { full, setting, press: asked } = await begun(turn, pressed, 'correct')
  const { word, ...readings } = isFilled(pressed.form, 'odometerOut')
    ? readCorrection(pressed.form, full)
    : { word: ASKED }
  const after = full.trips.map(trip => moved(trip, { ...asked, word }, setting))
  if (!('odometerOut' in readings)) return opened(turn, correctCard(full))
  const { departedAt = turn.now, returnedAt = turn.now } = full.run
  const near = await readingsAbout(turn.db, full.run, departedAt, returnedAt)
  const run = corrected(full, { ...readings, word }, near)
  await keepRun(turn, full, run, after)
  noteRun(turn, 'correct', run, {
    before: [full.run.odometerOut, full.run.odometerIn],
    after: [run.odometerOut, run.odometerIn],
    reason: word,
  })
  return shown(full, '已更正里程')
}

/** Stands for the reason while it is only asked whether somebody may. */
const ASKED = '更正'
