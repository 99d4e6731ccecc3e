import { holdVehicles, moveVehicles } from '../../db/car-fleet.ts'
import { repairsOf } from '../../db/car-repair.ts'
import { endSeals, holdSeals, openSeals } from '../../db/car-seal.ts'
import type { Look, Turn } from '../../src/bot/feature.ts'
import { dayIn } from '../../src/kit/time.ts'
import type { Vehicle } from '../../src/office/car/fleet.ts'
import { noteState } from './fleet.ts'
import { matterOf, noteChange } from './keeping.ts'
import { FEATURE } from './setting.ts'

/** What a vehicle is once it is no longer put away: one that was found broken meanwhile still has to be mended. */
export async function stateUnsealed(look: Pick<Look, 'db'>, vehicle: Vehicle): Promise<'available' | 'repair'> {
  return (await brokenAmong(look, [vehicle])).has(vehicle.id) ? 'repair' : 'available'
}

async function brokenAmong({ db }: Pick<Look, 'db'>, some: readonly Vehicle[]): Promise<Set<number>> {
  const open = await repairsOf(
    db,
    some.map(({ id }) => id),
  )
  return new Set(open.filter(({ state, stops }) => stops || state === 'approved').map(({ vehicle }) => vehicle))
}

/** Ends the seals of holidays that are over, and answers the days on which these began. */
export async function unsealOver(beat: Pick<Turn, 'db' | 'now' | 'record' | 'redraw'>): Promise<string[]> {
  const today = dayIn(beat.now)
  const open = await openSeals(beat.db)
  const over = open.filter(({ until }) => until < today)
  const sealedAnew = new Set(open.filter(({ until }) => until >= today).map(({ vehicle }) => vehicle))
  const held = await holdSeals(
    beat.db,
    over.map(({ id }) => id),
  )
  await endSeals(beat.db, held, beat.now)
  const freed = held.map(({ vehicle }) => vehicle).filter(vehicle => !sealedAnew.has(vehicle))
  await unseal(beat, await holdVehicles(beat.db, [...new Set(freed)]))
  const begun = [...new Set(over.map(({ from }) => from))]
  for (const from of begun) beat.redraw(FEATURE, matterOf('seal', from))
  return begun
}

async function unseal(beat: Pick<Turn, 'db' | 'record' | 'redraw'>, held: readonly Vehicle[]): Promise<void> {
  const shut = held.filter(({ state }) => state === 'sealed')
  const broken = await brokenAmong(beat, shut)
  for (const to of ['available', 'repair'] as const) {
    const some = shut.filter(({ id }) => broken.has(id) === (to === 'repair'))
    await moveVehicles(beat.db, some, { state: to, sealedUntil: undefined })
    for (const vehicle of some) noteState(beat, vehicle, to, 'unseal')
  }
  for (const { id, state } of held) if (state !== 'sealed') noteChange(beat, 'unseal', matterOf('vehicle', id), [])
}
