import { getRun } from '../../db/car-full-run.ts'
import type { Turn } from '../../src/bot/feature.ts'
import { isSameRide } from '../../src/office/car/run.ts'
import { editedCard, editedLine } from '../../src/office/car/run-notices.ts'
import type { Trip } from '../../src/office/car/trip.ts'
import { tellOf } from '../tell.ts'
import { runMatter } from './run-meant.ts'
import { FEATURE } from './setting.ts'

/** A change that leaves the trip its car: whoever drives it reads what stands there now. */
export async function tellPilotOfEdit(turn: Turn, before: Trip, after: Trip): Promise<void> {
  if (after.run === undefined || isSameRide(before, after)) return
  const full = await getRun(turn.db, after.run)
  turn.redraw(FEATURE, runMatter(full.run.id))
  const news = { body: { card: editedCard(after, full) }, line: editedLine(after) }
  const pilot = full.driver?.person ?? full.run.pilot
  await tellOf(turn, pilot === turn.who.id ? [] : [pilot], news, full.run.startsAt)
}
