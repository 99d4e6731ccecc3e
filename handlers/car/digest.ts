import { peopleInOpenTrips, tripsOfGroup } from '../../db/car-list.ts'
import { deputiesOf } from '../../db/deputy.ts'
import { holdersAmong } from '../../db/role.ts'
import type { Group, Look, Reader, Section } from '../../src/bot/feature.ts'
import { bold } from '../../src/kit/card.ts'
import { dayIn, formatDue } from '../../src/kit/time.ts'
import { showButton } from '../../src/office/car/lists.ts'
import { isConfidential, maySee, movesOpen } from '../../src/office/car/roles.ts'
import { numberText } from '../../src/office/car/trip.ts'
import { actorOf, settingOf } from './setting.ts'
import { dayOf, itemOf, openFor, takesPart, tripsToday } from './show.ts'

const MOST = 100

/** 用车 in a digest: for a person today's trips and what waits for their decision; before a group what of its cars is out today. */
export const digest = (look: Look, reader: Reader): Promise<Section[]> =>
  'group' in reader ? groupSections(look, reader) : ownSections(look, reader.person)

async function ownSections(look: Look, person: string): Promise<Section[]> {
  const actor = await actorOf(look, person)
  const [today, { open, more }] = await Promise.all([tripsToday(look, actor), openFor(look, actor)])
  const setting = await settingOf(look, ...today, ...open)
  const own = today.filter(trip => takesPart(trip, person, setting))
  const waiting = (moves: string[]) =>
    open.filter(trip => movesOpen(trip, actor, setting).some(move => moves.includes(move)))
  const parts = [
    ['今日用车', own, '/今日'],
    ['用车待审批', waiting(['approve']), '/待办'],
    ['用车待补办', waiting(['endorse']), '/待办'],
    ['待派车', waiting(['assign', 'lapse']), '/待办'],
  ] as const
  return parts.map(([title, some, see]) => ({
    title,
    count: some.length,
    more: some !== own && some.length > 0 && more,
    see,
    rows: some.map(trip => itemOf(trip, actor, setting)),
  }))
}

/**
 * Neither who rides nor what for: the number tells those who may know. Where to, and with which car, of what was asked for before the
 * group or is seen by whoever ordered this: a group is quickly made around somebody else.
 */
async function groupSections(look: Look, { group, by }: Group): Promise<Section[]> {
  const { from, until } = dayOf(look.now)
  const some = await tripsOfGroup(look.db, group, from, until, MOST)
  const [setting, orderer] = await Promise.all([settingOf(look, ...some), by ? actorOf(look, by) : undefined])
  const { rides, customs } = setting
  const rows = some.map(trip => {
    const isTold = trip.chat === group || (orderer !== undefined && maySee(trip, orderer, setting))
    const ride = isTold && trip.run !== undefined ? rides.get(trip.run) : undefined
    const where = isTold && !isConfidential(trip) ? ` · ${trip.destination}` : ''
    const car = ride ? ` · ${ride.vehicle.plate}` : ''
    return {
      line: [
        bold(trip.number ? numberText(trip.number) : '未编号'),
        ` · ${formatDue(trip.startsAt, look.now, customs.calendar)}出发${where}${car}`,
      ],
      buttons: [showButton(trip) as Section['rows'][number]['buttons'][number]],
    }
  })
  return [{ title: '今日出车', count: rows.length, rows }]
}

/** Everybody for whom there may be something this morning. */
export async function awaited(look: Look): Promise<string[]> {
  const people = await peopleInOpenTrips(look.db, dayOf(look.now).until)
  const held = people.length ? await holdersAmong(look.db, ['CD', 'BZ', 'FG', 'LD'], dayIn(look.now)) : []
  const all = [...new Set([...people, ...held.map(({ person }) => person)])]
  const deputies = await deputiesOf(look.db, all, dayIn(look.now))
  return [...new Set([...all, ...[...deputies.values()].flat()])]
}
