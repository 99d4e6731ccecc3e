import { countTripsToEndorse, keepTripDue, nextTripAt, tripsToEndorse, unendorsedTrips } from '../../db/car-due.ts'
import { runsOut } from '../../db/car-run.ts'
import { keepSetting, setting as settled } from '../../db/settings.ts'
import type { Beat, Heartbeat, Look } from '../../src/bot/feature.ts'
import { isOpen, openingAfter } from '../../src/kit/customs.ts'
import { formatDue } from '../../src/kit/time.ts'
import { headOf } from '../../src/office/car/cards.ts'
import { checkEndorsement } from '../../src/office/car/rules-watch.ts'
import { isEndorsementOwed } from '../../src/office/car/steps.ts'
import type { Setting, Trip } from '../../src/office/car/trip.ts'
import { recalibrated } from '../../src/office/car/urgent.ts'
import { tellCalmly } from '../calm.ts'
import { customs } from '../customs.ts'
import { holdersFor } from '../holders.ts'
import { recalibrateRuns } from './late.ts'
import { decidersOf } from './recipients.ts'
import { ruleSetting } from './rules.ts'
import { calledTrip, FEATURE, settingOf } from './setting.ts'

const BATCH = 100
/** By which days and hours the times of 补办 stand. */
const CALENDAR = 'car.calendar'

/** 补办 (CAR-08): those asked and the applicant are reminded on the last day; what is over its time 办公室主任 reads each workday. */
export async function due(beat: Heartbeat): Promise<'more' | undefined> {
  const some = await beat.take('endorsement', BATCH, most => unendorsedTrips(beat.db, beat.now, most), calledTrip)
  if (!some.length) return undefined
  const [setting, rules] = [await settingOf(beat, ...some), await ruleSetting(beat)]
  const lines = new Map<string, string[]>()
  for (const trip of some) {
    if (!isEndorsementOwed(trip)) {
      await keepTripDue(beat.db, { ...trip, nextAt: undefined })
      continue
    }
    const isOver = trip.urgent !== undefined && trip.urgent.dueAt <= beat.now
    await keepTripDue(beat.db, {
      ...trip,
      nextAt: isOver ? openingAfter(beat.now, setting.customs) : trip.urgent?.dueAt,
    })
    beat.redraw(FEATURE, String(trip.id))
    // its time ends when the office closes; that is told when it opens
    if (isOver && !isOpen(beat.now, setting.customs)) continue
    const told = checkEndorsement(trip, { now: beat.now, setting: rules }).length
      ? await holdersFor(beat, trip, ['BZ'])
      : []
    for (const person of new Set([trip.applicant, ...(await decidersOf(beat, trip)), ...told]))
      lines.set(person, [...(lines.get(person) ?? []), lineOf(trip, isOver, setting)])
    beat.record({ feature: FEATURE, act: 'ladder', matter: String(trip.id), data: { over: isOver } })
  }
  await tellCalmly(beat, '用车补办', lines)
  return some.length === BATCH ? 'more' : undefined
}

function lineOf(trip: Trip, isOver: boolean, { now, customs: { calendar } }: Setting): string {
  const at = trip.urgent ? formatDue(trip.urgent.dueAt, now, calendar) : ''
  const head = headOf(trip, { now })
  return isOver
    ? `${head}:补办时限${at}已过,尚未补办审批手续`
    : `${head}:${trip.urgent?.consentedBy ? '应急' : '延长'}用车请于${at}前补办手续`
}

export const nextDue = ({ db }: Look): Promise<Date | undefined> => nextTripAt(db)

export async function uncalibrated(look: Look): Promise<boolean> {
  const [inForce, stands] = await Promise.all([customs(look), settled<string>(look.db, CALENDAR)])
  if (stands === inForce.calendarId) return false
  return (await countTripsToEndorse(look.db)) > 0 || (await runsOut(look.db)).length > 0
}

/** Reckons the times of 补办 anew by the days and hours now in force, and tells the applicants what moved. */
export async function recalibrate(beat: Beat): Promise<undefined> {
  const inForce = await customs(beat)
  const some = await tripsToEndorse(beat.db)
  // what somebody is moving just now is reckoned at the next beat
  const isWhole = some.length === (await countTripsToEndorse(beat.db))
  const lines = new Map<string, string[]>()
  for (const before of some) {
    const after = recalibrated(before, inForce, beat.now)
    if (after === before || !after.urgent || !isEndorsementOwed(before)) continue
    await keepTripDue(beat.db, after)
    const at = formatDue(after.urgent.dueAt, beat.now, inForce.calendar)
    const said = `${headOf(after, beat)}的补办时限调整为${at}`
    for (const person of new Set([after.applicant, ...(await decidersOf(beat, after))]))
      lines.set(person, [...(lines.get(person) ?? []), said])
    beat.redraw(FEATURE, String(after.id))
  }
  await recalibrateRuns(beat)
  if (isWhole) await keepSetting(beat.db, CALENDAR, inForce.calendarId, beat.now)
  await tellCalmly(beat, '时限校准', lines)
}
