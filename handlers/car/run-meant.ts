import { holdTrip, NO_TRIP } from '../../db/car.ts'
import { holdRun } from '../../db/car-full-run.ts'
import { giveUpRun, saveRun, stretchRun } from '../../db/car-run.ts'
import { peopleById } from '../../db/people.ts'
import type { Press, Turn } from '../../src/bot/feature.ts'
import { AlreadySo, Refusal } from '../../src/kit/refusal.ts'
import { codesIn, maySee, whyNot } from '../../src/office/car/roles.ts'
import { type FullRun, unionOf } from '../../src/office/car/run.ts'
import { droppedCard, droppedLine } from '../../src/office/car/run-notices.ts'
import { type Actor, lastAct, type Run, type Setting, type Trip } from '../../src/office/car/trip.ts'
import { tellOf } from '../tell.ts'
import { actorIn, FEATURE, idOf, refuseStrangers, settingOf } from './setting.ts'

const MATTER = /^run\/(\d{1,15})$/

/** A run's own card, beside those of its trips. */
export const runMatter = (id: number): string => `run/${id}`

export const isRun = (matter: string): boolean => MATTER.test(matter)

export const runIdOf = (matter: string): number => idOf(MATTER.exec(matter)?.[1])

/**
 * The run that a press means: by its own id, or by that of a trip which rides in it.
 * @throws Refusal when there is none, or when it is none of the presser's business, which reads the same.
 */
export async function runMeant(turn: Turn, { value }: Press): Promise<FullRun> {
  if (value.run !== undefined) return runOf(turn, idOf(value.run))
  const trip = await holdTrip(turn.db, idOf(value.id))
  const setting = await settingOf(turn, trip)
  refuseStrangers(trip, actorIn(turn), setting)
  const full = trip.run === undefined ? undefined : await holdRun(turn.db, trip.run)
  if (!full?.trips.some(({ id }) => id === trip.id)) throw new AlreadySo(lastAct(trip, setting))
  return full
}

async function runOf(turn: Turn, id: number): Promise<FullRun> {
  const full = await holdRun(turn.db, id)
  const [by, setting] = [actorIn(turn), await settingOfRun(turn, full)]
  if (!maySeeRun(full, by, setting) && !full.trips.some(trip => maySee(trip, by, setting))) throw new Refusal(NO_TRIP)
  return full
}

/** What cards and rules need to know about a run. */
export async function settingOfRun(
  look: Pick<Turn, 'db' | 'now' | 'office'>,
  { run, trips }: FullRun,
): Promise<Setting> {
  const setting = await settingOf(look, ...trips)
  if (setting.names.has(run.dispatchedBy)) return setting
  const [by] = await peopleById(look.db, [run.dispatchedBy])
  return by ? { ...setting, names: new Map([...setting.names, [by.id, by.name]]) } : setting
}

/** A run is for its driver and the dispatchers, and for whoever oversees them. */
export const maySeeRun = ({ trips }: FullRun, actor: Actor, setting: Setting): boolean =>
  trips.some(
    trip =>
      whyNot(trip, 'driver', actor, setting) === undefined ||
      setting.may(codesIn(trip, actor, setting.heads), 'V', 'car.trip'),
  )

export function noteRun(turn: Pick<Turn, 'record'>, act: string, { id }: Run, data: Record<string, unknown>): void {
  turn.record({ feature: FEATURE, act, matter: runMatter(id), data })
}

/**
 * A trip leaves a planned run, which ends, or holds its car only as long as the others need it; whoever was to drive it is told,
 * unless they drive it still (`drives`).
 */
export async function leaveRun(turn: Turn, id: number, trip: Trip, drives?: string): Promise<void> {
  const { run, trips, vehicle, driver } = await holdRun(turn.db, id)
  const others = trips.filter(one => one.id !== trip.id)
  if (run.state !== 'planned') return
  if (!others.length) await giveUpRun(turn.db, run)
  else {
    await stretchRun(turn.db, run, unionOf(others))
    await saveRun(turn.db, run, { ...run, rev: run.rev + 1 })
  }
  turn.redraw(FEATURE, runMatter(id))
  const pilot = driver?.person ?? run.pilot
  if (pilot === turn.who.id || pilot === drives) return
  const told = [trip, vehicle.plate, others.length > 0, turn.now] as const
  await tellOf(turn, [pilot], { body: { card: droppedCard(...told) }, line: droppedLine(...told) }, trip.startsAt)
}
