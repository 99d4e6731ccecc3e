import { handAssignment, holdOpenOf, openOf } from '../../db/assign.ts'
import { type Feature, MOST_READ } from '../../src/bot/feature.ts'
import { shorten } from '../../src/kit/text.ts'
import { handedOver } from '../../src/office/assign/assignment.ts'

const FEATURE = 'assign'

export const held: NonNullable<Feature['held']> = async ({ db }, person) =>
  (await openOf(db, person, MOST_READ)).map(
    ({ giver, title }) => `交办 ${shorten(title, 40)}(${giver === person ? '交办人' : '承办人'})`,
  )

export const handOver: NonNullable<Feature['handOver']> = async (turn, from, to, most) => {
  // whoever is still there confirms themselves what the taker does
  const open = await holdOpenOf(turn.db, from.id, from.active ? to.id : '', most)
  for (const before of open) {
    const after = handedOver(before, { from, to, by: turn.who.id }, turn.now)
    await handAssignment(turn.db, before, after, from.id, to.id)
    turn.record({ feature: FEATURE, act: 'handOver', matter: String(before.id), data: { from: from.id, to: to.id } })
    turn.redraw(FEATURE, String(before.id))
  }
  return open.length
}
