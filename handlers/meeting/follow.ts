import { invitationsOf } from '../../db/meeting-invitation.ts'
import type { Beat, Turn } from '../../src/bot/feature.ts'
import { type Card, card, note, text } from '../../src/kit/card.ts'
import { openingAfter } from '../../src/kit/customs.ts'
import { hosts } from '../../src/office/meeting/asked.ts'
import { differences, sameFacts } from '../../src/office/meeting/differences.ts'
import { type Invitation, LIMITS, type Meeting } from '../../src/office/meeting/meeting.ts'
import { movesTimeOrPlace } from '../../src/office/meeting/moves.ts'
import {
  type Audience,
  asNews,
  cancelWords,
  changeWords,
  differenceWords,
  headOf,
  noticeHead,
} from '../../src/office/meeting/notice.ts'
import { isAskedToReply, isUnit } from '../../src/office/meeting/reply-roles.ts'
import { comesAbout, hasBeenHeard, isOut } from '../../src/office/meeting/schedule.ts'
import { tellGroupsCalmly, waitsForMorning } from '../calm.ts'
import { customs } from '../customs.ts'
import { tellOf } from '../tell.ts'
import { bookingFollows } from './booking.ts'
import { calendarFollows } from './calendar.ts'
import { contactsOf } from './contacts.ts'
import { invite } from './invite.ts'
import { leavesMatter } from './leave.ts'
import { askAnew } from './nudge.ts'
import { FEATURE, invitationMatter, settingOf } from './setting.ts'

/** What a move brings for those who are asked: their invitation, what has changed of it, that it is off. */
export async function follow(turn: Turn | Beat, before: Meeting | undefined, after: Meeting): Promise<void> {
  // by the clock nothing is booked: what has ended has had its time
  if ('who' in turn) await bookingFollows(turn, before, after)
  calendarFollows(turn, before, after)
  if (!before) return
  if (isOut(after) && !before.notifiedAt) await goOut(turn, after)
  else if (isOut(after) && !sameFacts(before, after)) await tellChange(turn, before, after)
  else if (after.state === 'cancelled' && before.notifiedAt) await tellCancelled(turn, before, after)
}

/** Asks everybody; where the hour lets it, the notice leaves at once. */
async function goOut(turn: Beat, meeting: Meeting): Promise<void> {
  const leavesNow = meeting.reminded.includes('notice')
  // a crowd is asked when its notice leaves, with the next heartbeat
  if (!leavesNow && meeting.nextAt !== undefined && meeting.nextAt <= turn.now) return
  const { added } = await invite(turn, meeting)
  if (leavesNow) await sendNotice(turn, meeting, added)
}

/** The notice, whose failures its maker hears of, whoever let it out: to each who is asked a card of their own, to a unit's contacts that of the unit, to groups one for all. */
export async function sendNotice(turn: Beat, meeting: Meeting, some: readonly Invitation[]): Promise<void> {
  await sendInvitations(turn, meeting, some)
  sendToChats(turn, meeting)
  turn.record({ feature: FEATURE, act: 'notice', matter: String(meeting.id), data: { invited: some.length } })
}

/** Whoever made the meeting and presides over it has its card, and answers nothing. */
async function sendInvitations(turn: Beat, meeting: Meeting, all: readonly Invitation[]): Promise<void> {
  const { id, maker } = meeting
  const some = all.filter(({ person }) => person !== maker || !hosts(meeting, person))
  const units = some.filter(({ person }) => person === undefined).map(({ unit }) => unit)
  const contacts = await contactsOf(turn, units)
  for (const invitation of some) {
    const matter = { feature: FEATURE, id: invitationMatter(id, invitation.id) }
    // a guest by words has nobody here who would read it
    const ofUnit = isUnit(invitation) ? (contacts.get(invitation.unit) ?? []) : []
    const people = invitation.person === undefined ? ofUnit : [invitation.person]
    for (const person of people) turn.send({ to: { person }, body: { matter }, from: maker })
  }
}

function sendToChats(turn: Beat, { id, guests, was, maker }: Meeting, known: readonly string[] = []): void {
  for (const chat of guests.chats.filter(one => !known.includes(one))) {
    const isNew = was?.told?.chats.includes(chat) === false
    const matter = { feature: FEATURE, id: isNew ? `${id}/new` : `${id}/all` }
    turn.send({ to: { chat }, body: { matter }, from: maker })
  }
}

/** Whoever is asked anew or not any more hears so; all others hear what has changed, and answer anew where time or place did. */
async function tellChange(turn: Beat, before: Meeting, after: Meeting): Promise<void> {
  const { added, dropped, kept } = await invite(turn, after)
  const isMoved = movesTimeOrPlace(before, after)
  if (isMoved) await askAnew(turn, after)
  redrawAll(turn, after)
  if (!hasBeenHeard(before)) return
  await tellDropped(turn, after, dropped)
  // to a crowd, and to whom the first notice has not left yet, it leaves with the next heartbeat
  if (!after.reminded.includes('notice')) return
  if (await isNight(turn, after)) return tellAtNight(turn, before, after, { added, kept })
  await sendInvitations(turn, after, isMoved ? [...added, ...kept] : added)
  sendToChats(turn, after, isMoved ? [] : before.guests.chats)
  if (!isMoved && concernsAll(before, after))
    await tellPlainly(turn, after, kept, differenceWords(after, differences(before, after)))
}

/** What is read next morning; the cards that people have say it at once. */
async function tellAtNight(
  turn: Beat,
  before: Meeting,
  after: Meeting,
  { added, kept }: Record<'added' | 'kept', Invitation[]>,
): Promise<void> {
  const setting = await settingOf(turn, [after])
  const asks = `${noticeHead(asNews(after))}:${headOf(after, setting)},地点:${after.place}`
  const isMoved = movesTimeOrPlace(before, after)
  const words = (audience: Audience) =>
    isMoved ? changeWords(after, before, audience) : differenceWords(after, differences(before, after))
  const known = after.guests.chats.filter(chat => before.guests.chats.includes(chat))
  const isAsked = (one: Invitation) => isAskedToReply(one, after)
  const [asked, coming] = parted(added, isAsked)
  await tellPlainly(turn, after, asked, `${asks}。请发送 /待办 报送回执。`)
  await tellPlainly(turn, after, coming, `${asks}。`)
  await tellChats(
    turn,
    after,
    after.guests.chats.filter(chat => !known.includes(chat)),
    asks,
  )
  if (concernsAll(before, after)) {
    const [again, still] = parted(kept, isAsked)
    await tellPlainly(turn, after, again, words('invited'))
    await tellPlainly(turn, after, still, words('coming'))
  }
  if (isMoved) await tellChats(turn, after, known, words('group'))
}

const parted = <T>(some: readonly T[], is: (one: T) => boolean): [T[], T[]] => [
  some.filter(is),
  some.filter(one => !is(one)),
]

/** That others are asked as well, or not any more, is seen on the card. */
const concernsAll = (before: Meeting, after: Meeting): boolean => !sameFacts({ ...before, guests: after.guests }, after)

/** Whether what happens now is read next morning; the card that somebody has says it at once. */
async function isNight(turn: Beat, { startsAt, urgent }: Meeting): Promise<boolean> {
  if (urgent || !(await waitsForMorning(turn))) return false
  return startsAt > openingAfter(turn.now, await customs(turn))
}

const redrawAll = (turn: Beat, { id }: Meeting): void => {
  turn.redrawAll(FEATURE, `${id}/i`)
  turn.redraw(FEATURE, `${id}/all`)
  turn.redraw(FEATURE, `${id}/new`)
  turn.redraw(FEATURE, leavesMatter(id))
}

async function tellDropped(turn: Beat, meeting: Meeting, dropped: readonly Invitation[]): Promise<void> {
  const setting = await settingOf(turn, [meeting])
  await tellPlainly(turn, meeting, dropped, `【变更】${headOf(meeting, setting)}参会范围已调整,您无需参加。`, '')
}

async function tellCancelled(turn: Beat, before: Meeting, after: Meeting): Promise<void> {
  redrawAll(turn, after)
  if (!hasBeenHeard(before)) return
  const all = await invitationsOf(turn.db, after.id, LIMITS.invited * 2)
  const words = cancelWords(after)
  await tellPlainly(turn, after, all, words)
  await tellChats(turn, after, after.guests.chats, words)
}

/** Groups hear in words; at night with the next morning's. */
async function tellChats(turn: Beat, meeting: Meeting, chats: readonly string[], words: string): Promise<void> {
  if (await isNight(turn, meeting)) return tellGroupsCalmly(turn, '会议', new Map(chats.map(chat => [chat, [words]])))
  for (const chat of chats) turn.send({ to: { chat }, body: { card: plainCard(words) }, from: meeting.maker })
}

/** What needs no answer goes to a crowd at once, in words. */
async function tellPlainly(
  turn: Beat,
  meeting: Meeting,
  some: readonly Invitation[],
  words: string,
  more?: string,
): Promise<void> {
  const contacts = await contactsOf(
    turn,
    some.filter(({ person }) => person === undefined).map(({ unit }) => unit),
  )
  const people = some.flatMap(({ person, unit }) => (person === undefined ? (contacts.get(unit) ?? []) : [person]))
  const news = { body: { card: plainCard(words, more) }, line: words, plain: words, from: meeting.maker }
  await tellOf(turn, people, news, comesAbout(meeting))
}

const MARKED = /^【([^】]+)】([\s\S]*)$/

/** A card that only says something: its mark is its title. */
export function plainCard(words: string, more = '请查看会议通知卡片。'): Card {
  const [, mark = '会议', rest = words] = MARKED.exec(words) ?? []
  const isOff = mark === '取消'
  return {
    ...card(
      mark.startsWith('会议') ? mark : `会议 · ${mark}`,
      isOff ? 'grey' : 'yellow',
      text(rest),
      isOff || !more ? undefined : note(more),
    ),
    summary: words,
  }
}
