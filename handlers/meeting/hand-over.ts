import { holdMeetings, saveMeeting } from '../../db/meeting.ts'
import {
  dutiesLeft,
  giveDuties,
  giveRooms,
  giveSeries,
  invitationsAhead,
  meetingsHosted,
  roomsKept,
  seriesHosted,
  seriesKept,
} from '../../db/meeting-hand-over.ts'
import { dropInvitations } from '../../db/meeting-invitation.ts'
import { peopleById } from '../../db/people.ts'
import { type Feature, type Look, MOST_READ, type Turn } from '../../src/bot/feature.ts'
import type { Person } from '../../src/kit/person.ts'
import { shorten } from '../../src/kit/text.ts'
import type { Meeting } from '../../src/office/meeting/meeting.ts'
import { FEATURE } from './setting.ts'

const hosts = (meeting: Meeting, person: string): boolean =>
  [meeting.maker, meeting.convener, meeting.contact].includes(person)

const namesOf = (some: ReadonlyArray<{ title: string }>, label: string): string[] =>
  some.map(({ title }) => `${label} ${shorten(title, 40)}`)

export const held: NonNullable<Feature['held']> = async (look, person) => {
  const [who] = await peopleById(look.db, [person])
  const { hosted, presided, series, led, rooms, duties, invited } = await inHand(look, person, who?.active ?? false)
  return [
    ...namesOf(hosted, '会议'),
    ...namesOf(presided, '主持会议(须变更主持人)'),
    ...series.map(({ said }) => `定期会议 ${shorten(said, 40)}`),
    ...namesOf(led, '主持或召集的定期会议(须另设)'),
    ...rooms.map(({ name }) => `会议室管理 ${name}`),
    ...duties.map(({ what, title }) => `会议准备 ${shorten(what, 20)}(${shorten(title, 20)})`),
    ...namesOf(invited, '参会(移交时移出名单)'),
  ]
}

/** Whoever only changes their post (`isThere`) is asked to meetings as before. */
async function inHand({ db, now }: Pick<Look, 'db' | 'now'>, person: string, isThere: boolean) {
  const meetings = await meetingsHosted(db, person, now, MOST_READ)
  return {
    hosted: meetings.filter(one => hosts(one, person)),
    presided: meetings.filter(one => one.presider === person && !hosts(one, person)),
    series: await seriesKept(db, person),
    led: await seriesHosted(db, person),
    rooms: await roomsKept(db, person),
    duties: await dutiesLeft(db, person),
    invited: isThere ? [] : await invitationsAhead(db, person, now),
  }
}

/** Whoever decides on a meeting does not come to ask for it; who presides is settled by a 变更, of which everybody is told. */
export const handOver: NonNullable<Feature['handOver']> = async (turn, from, to, most) => {
  const all = await inHand(turn, from.id, from.active)
  const hosted = all.hosted.filter(one => one.maker !== from.id || !decides(one, to))
  let room = most
  const within = <T>(some: readonly T[]): T[] => {
    const part = some.slice(0, room)
    room -= part.length
    return part
  }
  const ids = (some: ReadonlyArray<{ id: number }>): number[] => some.map(({ id }) => id)
  for (const before of await holdMeetings(turn.db, ids(within(hosted)))) await give(turn, before, from, to)
  const [series, rooms] = [within(all.series), within(all.rooms)]
  const [duties, invited] = [within(all.duties), within(all.invited)]
  await giveSeries(turn.db, ids(series), to.id, turn.who.id, turn.now)
  await giveRooms(turn.db, ids(rooms), to.id)
  await giveDuties(turn.db, ids(duties), to.id)
  await dropInvitations(turn.db, ids(invited))
  const data = { from: from.id, to: to.id }
  for (const { id } of series) turn.record({ feature: FEATURE, act: 'handOver', matter: `series/${id}`, data })
  for (const { id } of rooms) turn.record({ feature: FEATURE, act: 'handOver', matter: `room/${id}`, data })
  for (const meeting of new Set([...duties, ...invited].map(one => one.meeting))) {
    const freed = invited.some(one => one.meeting === meeting)
    turn.record({ feature: FEATURE, act: 'handOver', matter: String(meeting), data: { ...data, freed } })
    turn.redraw(FEATURE, String(meeting))
    turn.schedule(FEATURE, String(meeting))
  }
  return most - room
}

const decides = ({ state, steps }: Meeting, { id }: Person): boolean =>
  state === 'submitted' && steps.some(({ people, decision }) => !decision && people.includes(id))

async function give(turn: Turn, before: Meeting, from: Person, to: Person): Promise<void> {
  const follow = (person: string): string => (person === from.id ? to.id : person)
  const after: Meeting = {
    ...before,
    rev: before.rev + 1,
    maker: follow(before.maker),
    convener: follow(before.convener),
    contact: follow(before.contact),
    phone: before.contact === from.id ? '' : before.phone,
  }
  await saveMeeting(turn.db, before, after)
  const matter = String(before.id)
  turn.record({ feature: FEATURE, act: 'handOver', matter, data: { from: from.id, to: to.id } })
  turn.redraw(FEATURE, matter)
  turn.schedule(FEATURE, matter)
}
