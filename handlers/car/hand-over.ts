import { holdTrip, saveTrip } from '../../db/car.ts'
import { tripsAhead, tripsToDrive } from '../../db/car-hand-over.ts'
import type { Feature, Turn } from '../../src/bot/feature.ts'
import type { Person } from '../../src/kit/person.ts'
import { shorten } from '../../src/kit/text.ts'
import { formatShort } from '../../src/kit/time.ts'
import type { Trip } from '../../src/office/car/trip.ts'
import { tellCalmly } from '../calm.ts'
import { dispatchersFor } from './recipients.ts'

const FEATURE = 'car'
/** So many are handed over in one step. */
const MOST = 200

const lineOf = ({ destination, startsAt }: Trip, now: Date): string =>
  `${formatShort(startsAt, now)} 前往${shorten(destination, 20)}`

export const held: NonNullable<Feature['held']> = async ({ db, now }, person) => [
  ...(await tripsAhead(db, person, MOST)).map(trip => `用车 ${lineOf(trip, now)}`),
  ...(await tripsToDrive(db, person, MOST)).map(trip => `出车任务(须改派) ${lineOf(trip, now)}`),
]

/** Whoever decides on a trip does not come to ask for it; who drives is for the dispatcher to settle (CAR-27). */
export const handOver: NonNullable<Feature['handOver']> = async (turn, from, to) => {
  let given = 0
  for (const { id } of await tripsAhead(turn.db, from.id, MOST)) given += (await give(turn, id, from, to)) ? 1 : 0
  const lines = new Map<string, string[]>()
  for (const trip of await tripsToDrive(turn.db, from.id, MOST))
    for (const dispatcher of await dispatchersFor(turn, trip))
      lines.set(dispatcher, [
        ...(lines.get(dispatcher) ?? []),
        `${lineOf(trip, turn.now)}:驾驶员${from.name}已移交工作,请改派`,
      ])
  await tellCalmly(turn, '用车提示', lines)
  return given
}

async function give(turn: Turn, id: number, from: Person, to: Person): Promise<boolean> {
  const before = await holdTrip(turn.db, id)
  if (before.steps.some(({ people }) => people.includes(to.id))) return false
  const user = before.user === from.id ? to.id : before.user
  const passengers = before.passengers.filter(one => one !== from.id && one !== user)
  await saveTrip(turn.db, before, { ...before, rev: before.rev + 1, applicant: to.id, user, passengers })
  turn.record({ feature: FEATURE, act: 'handOver', matter: String(id), data: { from: from.id, to: to.id } })
  turn.redraw(FEATURE, String(id))
  return true
}
