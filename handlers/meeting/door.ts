import { departmentNames } from '../../db/department.ts'
import { eventsSince } from '../../db/events.ts'
import { getMeeting } from '../../db/meeting.ts'
import { unreachedAmong } from '../../db/meeting-notices.ts'
import { invitationsOpen, listInvitations, tallyOf } from '../../db/meeting-reply.ts'
import type { Action, Answer, Body, Look, Said, Turn } from '../../src/bot/feature.ts'
import type { Card, Value } from '../../src/kit/card.ts'
import { pageAmong, readPage } from '../../src/kit/pages.ts'
import { Refusal } from '../../src/kit/refusal.ts'
import { clockOf, formatShort } from '../../src/kit/time.ts'
import { DOOR_PAGE, doorCard, doorHintCard, myDoorsCard, type Row, repliesCard } from '../../src/office/meeting/door.ts'
import type { Invitation, Meeting } from '../../src/office/meeting/meeting.ts'
import { type FullInvitation, isDoorOpen } from '../../src/office/meeting/reply-roles.ts'
import { isOrganisedBy } from '../../src/office/meeting/roles.ts'
import { openedApart } from '../opened.ts'
import { decide } from './answer.ts'
import { doorOf, fullOf, replySetting, settingOfFull } from './full.ts'
import { type Organised, organised } from './organised.ts'
import { actorIn, FEATURE, invitationMatter, settingOf } from './setting.ts'

/** 签到表, 回执名单: the lists of those who are asked, for whoever organises the meeting. */
type List = 'door' | 'replies'

const MOST_WORDS = 20
const readWords = (value: unknown): string => (typeof value === 'string' ? value.trim().slice(0, MOST_WORDS) : '')

/** One page of a list; `words`: in whose name these stand. */
export async function listCard(
  turn: Look,
  { meeting, setting }: Organised,
  list: List,
  { page: asked, words }: { page: number; words: string },
): Promise<Card> {
  const listed = (page: number) => listInvitations(turn.db, meeting.id, { words }, DOOR_PAGE, (page - 1) * DOOR_PAGE)
  const [first, tally, settled] = await Promise.all([listed(asked), tallyOf(turn.db, meeting), replySetting(turn)])
  const { total } = first
  const page = pageAmong(asked, total, DOOR_PAGE)
  const { some } = page === asked ? first : await listed(page)
  const [units, unreached] = await Promise.all([
    departmentNames(turn.db, [...new Set(some.map(({ invitation }) => invitation.unit).filter(unit => unit !== ''))]),
    unreachedAmong(
      turn.db,
      some.map(({ invitation }) => invitation.id),
    ),
  ])
  const rows: Row[] = some.map(({ invitation, name }) => ({
    ...{ invitation, name, unit: units.get(invitation.unit) ?? '' },
    isUnreached: unreached.has(invitation.id),
  }))
  const of = { meeting, rows, page, total, words, tally, door: doorOf(meeting, settled) }
  return list === 'door' ? doorCard(of, setting) : repliesCard(of, setting)
}

const turnList =
  (list: List): Action =>
  async (turn, { value, form }) => {
    const asked = await organised(turn, value.id)
    const words = readWords(form.words ?? value.words)
    const card = await listCard(turn, asked, list, {
      page: typeof form.words === 'string' ? 1 : readPage(value.page),
      words,
    })
    // from the meeting's card it comes beside it; on the list itself it is the next page
    const isTurned = value.page !== undefined || typeof form.words === 'string'
    return isTurned ? { fresh: { card } } : openedApart(turn, card)
  }

/** 签到 of somebody by the 会务员; the list stays where it is. Whoever signs in themselves has no list. */
const signIn: Action = async (turn, { value }) => {
  const { after, full } = await decide(turn, value.id, { move: 'checkIn', seenRev: undefined, word: '' })
  const toast = { kind: 'success', words: `已签到 ${after.checkedInAt ? clockOf(after.checkedInAt) : ''}` } as const
  const asked = { meeting: full.meeting, setting: await settingOf(turn, [full.meeting]) }
  if (!isOrganisedBy(full.meeting, actorIn(turn), asked.setting)) return { toast }
  const card = await listCard(turn, asked, 'door', { page: readPage(value.page), words: readWords(value.words) })
  return { toast, fresh: { card } }
}

/** 签到二维码: a picture that opens the private chat with us, and what is to be said there. */
const code: Action = async (turn, { value }) => {
  const { meeting, setting } = await organised(turn, value.id)
  const name = `签到二维码 ${meeting.title.replace(/[\\/:*?"<>|]/g, ' ')}.png`
  turn.send({ to: { person: turn.who.id }, body: { file: { feature: FEATURE, name, order: { code: meeting.id } } } })
  turn.record({ feature: FEATURE, act: 'code', matter: String(meeting.id) })
  const card = doorHintCard(meeting, doorOf(meeting, await replySetting(turn)), setting)
  return { say: { card }, privately: true, toast: { kind: 'success', words: '二维码图片已发送给您' } }
}

export const ordersCode = (order: Value): boolean => 'code' in order

export const doorActions = { sheet: turnList('door'), replies: turnList('replies'), signIn, code } satisfies Record<
  string,
  Action
>

const AHEAD_MS = 24 * 3_600_000
const MOST_DOORS = 10

/** Meetings of the next day to which somebody is asked. */
async function doorsOf(turn: Turn): Promise<FullInvitation[]> {
  const until = new Date(turn.now.getTime() + AHEAD_MS)
  const own = await invitationsOpen(turn.db, [turn.who.id], { from: turn.now, until }, MOST_DOORS)
  return Promise.all(own.map(async one => fullOf(turn, one, await getMeeting(turn.db, one.meeting), turn.who.id)))
}

/**
 * The picture at the door opens the private chat and can carry nothing more (feishu-platform 7.6): whoever comes while a door is open
 * that they have not passed is met by its button, once for each meeting.
 */
export async function greetAtDoor(turn: Turn): Promise<Body | undefined> {
  const fulls = (await doorsOf(turn)).filter(
    ({ door, invitation }) => isDoorOpen(door, turn.now) && MAY_PASS.includes(invitation.state),
  )
  const known = await Promise.all(fulls.map(full => isGreeted(turn, full)))
  if (!fulls.length || !known.includes(false)) return undefined
  for (const [i, { meeting, invitation }] of fulls.entries())
    if (!known[i])
      turn.record({ feature: FEATURE, act: 'doorShown', matter: invitationMatter(meeting.id, invitation.id) })
  return { card: myDoorsCard(fulls, await settingOfFull(turn, ...fulls)) }
}

/** Whoever is excused or sends somebody is not waited for. */
const MAY_PASS: Array<Invitation['state']> = ['pending', 'attending', 'asking', 'denied']

async function isGreeted(turn: Turn, { meeting, invitation, door }: FullInvitation): Promise<boolean> {
  const matter = invitationMatter(meeting.id, invitation.id)
  return (await eventsSince(turn.db, { feature: FEATURE, matter, act: 'doorShown' }, door.opensAt)).length > 0
}

/** `/会议 签到`: signs in at once where only one door is open. */
export async function checkIn(turn: Turn, _said: Said): Promise<Answer> {
  const fulls = await doorsOf(turn)
  const open = fulls.filter(({ door }) => isDoorOpen(door, turn.now))
  const waiting = open.filter(({ invitation }) => invitation.state !== 'present')
  const [first, ...others] = waiting
  if (first && !others.length) {
    const { after } = await decide(turn, first.invitation.id, { move: 'checkIn', seenRev: undefined, word: '' })
    return { say: { text: signedWords(first.meeting, after) }, privately: true }
  }
  const setting = await settingOfFull(turn, ...fulls)
  if (first) return { say: { card: myDoorsCard(waiting, setting) }, privately: true }
  const [done] = open
  if (done) return { say: { text: signedWords(done.meeting, done.invitation) }, privately: true }
  const [next] = fulls
  if (next) throw new Refusal(`${next.meeting.title}的签到时间为${formatShort(next.door.opensAt, turn.now)}至会议结束`)
  throw new Refusal('目前没有您可签到的会议')
}

const signedWords = ({ title }: Meeting, { checkedInAt }: Invitation): string =>
  `${title}:已签到${checkedInAt ? ` ${clockOf(checkedInAt)}` : ''}`
