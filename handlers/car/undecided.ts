import { keepTripDue, undecidedTrips } from '../../db/car-due.ts'
import type { Beat, Heartbeat } from '../../src/bot/feature.ts'
import type { Setting, Trip } from '../../src/office/car/trip.ts'
import { unansweredLine, undecidedAt, undecidedLine } from '../../src/office/car/undecided.ts'
import { tellCalmly } from '../calm.ts'
import type { Part } from '../part.ts'
import { decidersOf } from './recipients.ts'
import { calledTrip, FEATURE, settingOf } from './setting.ts'

const BATCH = 100

/** Requests that nobody has decided: whoever is asked is reminded once before departure, and whoever asked is told when it has come. */
async function due(beat: Heartbeat): Promise<'more' | undefined> {
  const some = await beat.take('request', BATCH, most => undecidedTrips(beat.db, beat.now, most), calledTrip)
  if (!some.length) return undefined
  const setting = await settingOf(beat, ...some)
  for (const trip of some) await lookAfter(beat, trip, setting)
  return some.length === BATCH ? 'more' : undefined
}

async function lookAfter(beat: Beat, trip: Trip, setting: Setting): Promise<void> {
  const isOver = trip.startsAt <= beat.now
  await keepTripDue(beat.db, { ...trip, nextAt: undecidedAt(trip, beat.now, setting.customs) })
  beat.redraw(FEATURE, String(trip.id))
  const people = isOver ? [trip.applicant, trip.user] : await decidersOf(beat, trip)
  const line = isOver ? unansweredLine(trip, setting) : undecidedLine(trip, setting)
  await tellCalmly(beat, isOver ? '用车未获批准' : '用车审批', new Map(people.map(id => [id, [line]])))
  beat.record({ feature: FEATURE, act: isOver ? 'unanswered' : 'undecided', matter: String(trip.id), data: {} })
}

export const undecided: Part = { commands: {}, actions: {}, due: [due] }
