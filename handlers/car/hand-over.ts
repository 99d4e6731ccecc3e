import { holdTrips, saveTrip } from '../../db/car.ts'
import { tripsAhead, tripsToDrive } from '../../db/car-hand-over.ts'
import { type Feature, MOST_READ, type Turn } from '../../src/bot/feature.ts'
import type { Person } from '../../src/kit/person.ts'
import { shorten } from '../../src/kit/text.ts'
import { formatShort } from '../../src/kit/time.ts'
import { mayAsk } from '../../src/office/car/roles.ts'
import type { Trip } from '../../src/office/car/trip.ts'
import { may } from '../../src/office/role/role.ts'
import { tellCalmly } from '../calm.ts'
import { dispatchersFor } from './recipients.ts'
import { runMatter } from './run-meant.ts'
import { actorOf } from './setting.ts'

const FEATURE = 'car'
const lineOf = ({ destination, startsAt }: Trip, now: Date): string =>
  `${formatShort(startsAt, now)} 前往${shorten(destination, 20)}`

export const held: NonNullable<Feature['held']> = async ({ db, now }, person) => [
  ...(await tripsAhead(db, person, MOST_READ)).map(trip => `用车 ${lineOf(trip, now)}`),
  ...(await tripsToDrive(db, person, MOST_READ)).map(trip => `出车任务(须改派) ${lineOf(trip, now)}`),
]

/** Whoever decides on a trip, or said that it may go, does not come to ask for it, nor who may not ask for any; who drives is for the dispatcher to settle (CAR-27). */
export const handOver: NonNullable<Feature['handOver']> = async (turn, from, to, most) => {
  const all = mayAsk(await actorOf(turn, to.id), may) ? await tripsAhead(turn.db, from.id, MOST_READ) : []
  const ahead = all.filter(trip => !decides(trip, to)).slice(0, most)
  for (const trip of await holdTrips(
    turn.db,
    ahead.map(({ id }) => id),
  ))
    await give(turn, trip, from, to)
  if (ahead.length < most) await tellDispatchers(turn, from)
  return ahead.length
}

const decides = ({ steps, urgent }: Trip, { id }: Person): boolean =>
  urgent?.consentedBy === id || steps.some(({ people, decision }) => people.includes(id) || decision?.by === id)

async function tellDispatchers(turn: Turn, from: Person): Promise<void> {
  const lines = new Map<string, string[]>()
  for (const trip of await tripsToDrive(turn.db, from.id, MOST_READ))
    for (const dispatcher of await dispatchersFor(turn, trip))
      lines.set(dispatcher, [
        ...(lines.get(dispatcher) ?? []),
        `${lineOf(trip, turn.now)}:驾驶员${from.name}已移交工作,请改派`,
      ])
  await tellCalmly(turn, '用车提示', lines)
}

async function give(turn: Turn, before: Trip, from: Person, to: Person): Promise<void> {
  const user = before.user === from.id ? to.id : before.user
  const passengers = before.passengers.filter(one => one !== from.id && one !== user)
  // the number was the leaver's, and what is erased a year later is found by applicant
  await saveTrip(turn.db, before, { ...before, rev: before.rev + 1, applicant: to.id, user, passengers, phone: '' })
  const matter = String(before.id)
  turn.record({ feature: FEATURE, act: 'handOver', matter, data: { from: from.id, to: to.id } })
  turn.redraw(FEATURE, matter)
  if (before.run !== undefined) turn.redraw(FEATURE, runMatter(before.run))
}
