import { getTrip, holdTrip } from '../../db/car.ts'
import { getRun } from '../../db/car-full-run.ts'
import type { Action, Look, Turn } from '../../src/bot/feature.ts'
import type { Value } from '../../src/kit/card.ts'
import { slipDocument } from '../../src/kit/document.ts'
import type { Part } from '../../src/kit/package.ts'
import { Refusal } from '../../src/kit/refusal.ts'
import { type OrderSight, orderDocument, orderFileName } from '../../src/office/car/order.ts'
import { knowsPurpose, maySee, whyNot } from '../../src/office/car/roles.ts'
import type { Actor, Setting, Trip } from '../../src/office/car/trip.ts'
import { runMeant, settingOfRun } from './run-meant.ts'
import { actorIn, actorOf, FEATURE, idOf, refuseStrangers, settingOf } from './setting.ts'

/** 派车单: sends it as a file, in private; of a run that carries several trips one each. */
export const order: Action = async (turn, pressed) => {
  const trips =
    pressed.value.run === undefined ? [await holdTrip(turn.db, idOf(pressed.value.id))] : await tripsOf(turn, pressed)
  const by = actorIn(turn)
  const setting = await settingOf(turn, ...trips)
  const own = trips.filter(trip => maySee(trip, by, setting))
  const [first] = trips
  if (!first) throw new Refusal('该次出车已作废')
  if (!own.length) refuseStrangers(first, by, setting)
  if (own.some(({ run }) => run === undefined)) throw new Refusal('派车后才能生成派车单')
  for (const trip of own) {
    const file = { feature: FEATURE, name: orderFileName(trip), order: { trip: trip.id, by: by.id } }
    turn.send({ to: { person: by.id }, body: { file }, urgent: true })
    turn.record({ feature: FEATURE, act: 'order', matter: String(trip.id), data: {} })
  }
  return { toast: { kind: 'success', words: '正在生成派车单,完成后发送到私聊' } }
}

const tripsOf = async (turn: Turn, pressed: Parameters<Action>[1]): Promise<readonly Trip[]> =>
  (await runMeant(turn, pressed)).trips

/** The ordered slip, as things are when it leaves; who may see less by then reads less. */
export async function orderFile(look: Look, ordered: Value): Promise<Part[]> {
  const trip = await getTrip(look.db, idOf(ordered.trip))
  const full = trip.run === undefined ? undefined : await getRun(look.db, trip.run)
  const setting = full ? await settingOfRun(look, full) : await settingOf(look, trip)
  const actor = await actorOf(look, String(ordered.by))
  refuseStrangers(trip, actor, setting)
  return slipDocument(orderDocument(trip, full, sightOf(trip, actor, setting), setting))
}

/** Phones are for whoever has to reach the other: who asked, who drives, who dispatches. */
const sightOf = (trip: Trip, actor: Actor, setting: Setting): OrderSight => ({
  phones: trip.applicant === actor.id || trip.user === actor.id || whyNot(trip, 'driver', actor, setting) === undefined,
  purpose: knowsPurpose(trip, actor, setting),
})
