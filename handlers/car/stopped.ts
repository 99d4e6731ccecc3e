import { type Outing, openOutings } from '../../db/car-outing.ts'
import type { Turn } from '../../src/bot/feature.ts'
import type { Vehicle } from '../../src/office/car/fleet.ts'
import { standingCard, standingLine, stoppedCard, stoppedLine } from '../../src/office/car/run-notices.ts'
import { tellOf } from '../tell.ts'
import { dispatchersFor } from './recipients.ts'

/** What is still to leave with a vehicle, the first departure first. */
async function aheadOf({ db, now }: Pick<Turn, 'db' | 'now'>, { id }: Vehicle): Promise<Outing[]> {
  const planned = await openOutings(db, { vehicles: [id], states: ['planned'] })
  return planned.filter(({ endsAt }) => endsAt > now)
}

/**
 * Of a vehicle that stands still from now on: whoever dispatches it hears of all that was to leave with it, whoever dispatches
 * trips of another unit of these alone.
 */
export async function tellStopped(turn: Turn, vehicle: Vehicle): Promise<void> {
  const ahead = await aheadOf(turn, vehicle)
  if (!ahead.length) return
  const heard = new Map<string, Outing[]>()
  for (const unit of new Set([vehicle.unit, ...ahead.flatMap(({ units }) => units)])) {
    const own = unit === vehicle.unit ? ahead : ahead.filter(({ units }) => units.includes(unit))
    for (const person of await dispatchersFor(turn, { unit })) {
      const known = heard.get(person) ?? []
      heard.set(
        person,
        ahead.filter(one => known.includes(one) || own.includes(one)),
      )
    }
  }
  heard.delete(turn.who.id)
  for (const [person, own] of heard) {
    const body = { card: stoppedCard(vehicle.plate, own, turn.now) }
    await tellOf(turn, [person], { body, line: stoppedLine(vehicle.plate, own, turn.now) }, own[0]?.startsAt ?? 'later')
  }
}

/** Of a vehicle that still stands though its repair was refused: to whoever can let it go again, but not to `knowing`. */
export async function tellStanding(turn: Turn, vehicle: Vehicle, knowing: string): Promise<void> {
  const [first] = await aheadOf(turn, vehicle)
  const keepers = await dispatchersFor(turn, vehicle)
  const told = keepers.filter(id => id !== turn.who.id && id !== knowing)
  const news = { body: { card: standingCard(vehicle) }, line: standingLine(vehicle.plate) }
  await tellOf(turn, told, news, first?.startsAt ?? 'later')
}
