import { getMeeting, NO_MEETING } from '../../db/meeting.ts'
import { ownInvitations } from '../../db/meeting-invitation.ts'
import { countMeetingsSeen, type MeetingFilter, meetingsAwaiting, meetingsSeen } from '../../db/meeting-list.ts'
import type { Action, Answer, Look, TodoItem, Turn, Waiting } from '../../src/bot/feature.ts'
import type { Card } from '../../src/kit/card.ts'
import { pageAmong, readPage } from '../../src/kit/pages.ts'
import type { Person, Viewer } from '../../src/kit/person.ts'
import { Refusal } from '../../src/kit/refusal.ts'
import { dayIn, toInstant } from '../../src/kit/time.ts'
import { hiddenCard, listLine, meetingCard, WAITED } from '../../src/office/meeting/cards.ts'
import { cancelForm } from '../../src/office/meeting/controls.ts'
import { type MeetingState, meetingFlow } from '../../src/office/meeting/flow.ts'
import { listCard, PAGE, type Span, showButton } from '../../src/office/meeting/lists.ts'
import { type Actor, EXAMPLE, type Invitation, type Meeting, type Setting } from '../../src/office/meeting/meeting.ts'
import { readNumber } from '../../src/office/meeting/number.ts'
import { inPlaceOf, maySee, movesOpen } from '../../src/office/meeting/roles.ts'
import { openedApart } from '../opened.ts'
import { decide, historyOf, hold, readPress, toastOf } from './act.ts'
import { beside } from './beside.ts'
import { askCalendars } from './calendars.ts'
import { headcountOf } from './invite.ts'
import { actorIn, actorOf, FEATURE, idOf, invitationMatter, settingOf } from './setting.ts'
import { sightOf } from './sight.ts'

/** A meeting as somebody sees it now. */
export async function draw(look: Look, matter: string, viewer: Viewer): Promise<Card> {
  const meeting = await getMeeting(look.db, idOf(matter))
  const setting = await settingOf(look, [meeting])
  const actor = viewer.kind === 'person' ? await actorOf(look, viewer.id) : undefined
  if (actor && !maySee(meeting, actor, setting)) return hiddenCard()
  const [history, { more, heads }] = await Promise.all([
    historyOf(look, meeting.id),
    beside(look, meeting, actor, setting),
  ])
  return meetingCard(meeting, actor, { history, more, heads }, setting)
}

/** `/会议 列表`. */
export const list = async (turn: Turn): Promise<Answer> => ({
  say: { card: await listPage(turn, 1, 'coming') },
  privately: true,
})

export const turnList: Action = async (turn, { value }) => ({
  fresh: { card: await listPage(turn, readPage(value.page), value.span === 'all' ? 'all' : 'coming') },
})

const COMING: MeetingState[] = ['draft', 'submitted', 'notified', 'underway']

async function listPage(turn: Turn, asked: number, span: Span): Promise<Card> {
  const sight = await sightOf(turn, actorIn(turn))
  const filter: MeetingFilter = span === 'coming' ? { states: COMING, endsFrom: turn.now } : {}
  const total = await countMeetingsSeen(turn.db, sight, filter)
  const page = pageAmong(asked, total, PAGE)
  const order = span === 'coming' ? 'soonest' : 'latest'
  const found = await meetingsSeen(turn.db, sight, filter, PAGE, (page - 1) * PAGE, order)
  return listCard(found, { page, total, span }, await settingOf(turn, found))
}

/** `/会议 会〔2026〕31号`, `31号`: one meeting, as the asker may see it; undefined where the text is no number. */
export async function byNumber(turn: Turn, text: string): Promise<Answer | undefined> {
  const number = readNumber(text, yearOf(turn.now))
  if (!number) return undefined
  const [found] = await meetingsSeen(turn.db, await sightOf(turn, actorIn(turn)), { number }, 1)
  if (!found) throw new Refusal(NO_MEETING, EXAMPLE)
  return shown(turn, found)
}

const yearOf = (at: Date): number => Number(dayIn(at).slice(0, 4))

/** The meeting as its organiser sees it, or whoever is only asked their invitation. */
async function shown(turn: Turn, meeting: Meeting): Promise<Answer> {
  const actor = actorIn(turn)
  const setting = await settingOf(turn, [meeting])
  if (maySee(meeting, actor, setting)) {
    // what was read for a draft some while ago does not count any more
    if (meeting.state === 'draft' || meeting.state === 'submitted') await askCalendars(turn, meeting)
    return { say: { matter: { feature: FEATURE, id: String(meeting.id) } }, privately: true }
  }
  for (const id of [actor.id, ...actor.standsFor.map(self => self.id)]) {
    const own = (await ownInvitations(turn.db, id, [meeting.id])).get(meeting.id)
    if (own && meeting.notifiedAt)
      return { say: { matter: { feature: FEATURE, id: invitationMatter(meeting.id, own.id) } }, privately: true }
  }
  throw new Refusal(NO_MEETING)
}

/** 查看; 返回 from a form that was not filled in. */
export const show: Action = async (turn, { value }) => {
  const answer = await shown(turn, await getMeeting(turn.db, idOf(value.id)))
  return value.back === 1 && answer.say ? { fresh: answer.say } : answer
}

/** 取消会议: once people know of it the press asks first, with how many are told and for the reason. */
export const cancel: Action = async (turn, pressed) => {
  const { before, by, setting } = await hold(turn, pressed.value.id)
  if (before.notifiedAt && pressed.value.asked !== 1) {
    const mayCancel = movesOpen(before, by, setting).includes('cancel')
    if (mayCancel) return openedApart(turn, cancelForm(before, await headcountOf(turn, before), setting))
  }
  const after = await decide(turn, before.id, { move: 'cancel', ...readPress(pressed) })
  return {
    toast: { kind: 'success', words: await toastOf(turn, after) },
    fresh: { matter: { feature: FEATURE, id: String(before.id) } },
  }
}

const MOST = 100
/** Decisions are never left out for what else is open. */
const MOST_ASKED = 300

/** What waits for somebody as who organises or decides. */
export async function openFor(look: Look, actor: Actor): Promise<{ open: Meeting[]; more: boolean }> {
  const sight = await sightOf(look, actor)
  const selves = [actor.id, ...sight.standsFor]
  const [asked, drafts, unasked] = await Promise.all([
    meetingsAwaiting(look.db, selves, MOST_ASKED),
    meetingsSeen(look.db, { ...sight, house: false, units: [] }, { states: ['draft'] }, MOST),
    // those named for it may all be gone
    meetingsSeen(look.db, sight, { states: ['submitted'], endsFrom: look.now }, MOST),
  ])
  const found = new Map([...asked, ...drafts, ...unasked].map(meeting => [meeting.id, meeting]))
  return {
    open: [...found.values()].sort((a, b) => a.startsAt.getTime() - b.startsAt.getTime()),
    more: asked.length >= MOST_ASKED || drafts.length >= MOST || unasked.length >= MOST,
  }
}

export async function todo(look: Look & { who: Person }): Promise<Waiting> {
  const actor = await actorOf(look, look.who.id)
  const { open, more } = await openFor(look, actor)
  const setting = await settingOf(look, open)
  const items = open
    .filter(meeting => waitsFor(meeting, actor, setting))
    .map(meeting => itemOf(meeting, actor, setting))
  return { items, more }
}

/** A draft waits for its maker, as long as it can be held. */
export const waitsFor = (meeting: Meeting, actor: Actor, setting: Setting): boolean =>
  movesOpen(meeting, actor, setting).some(move => WAITED.includes(move)) &&
  (meeting.state !== 'draft' || (meeting.startsAt > setting.now && isMade(meeting, actor)))

const isMade = ({ maker }: Meeting, { id, standsFor }: Actor): boolean =>
  maker === id || standsFor.some(self => self.id === maker)

/** By words or number, what the asker may see. */
export async function find(look: Look & { who: Person }, words: string): Promise<TodoItem[]> {
  const actor = await actorOf(look, look.who.id)
  const number = readNumber(words, yearOf(look.now))
  const found = await meetingsSeen(look.db, await sightOf(look, actor), number ? { number } : { words }, 20)
  const setting = await settingOf(look, found)
  return found.map(meeting => itemOf(meeting, actor, setting))
}

const TODAY: MeetingState[] = ['submitted', 'notified', 'underway']
/** Somebody who is not going has it not in their day. */
const AWAY: Array<Invitation['state']> = ['excused', 'proxied']

/** Where somebody is expected today, or presides. */
export async function today(look: Look & { who: Person }): Promise<TodoItem[]> {
  const actor = await actorOf(look, look.who.id)
  const found = await meetingsToday(look, actor.id)
  const setting = await settingOf(look, found)
  return found.map(meeting => itemOf(meeting, actor, setting))
}

export async function meetingsToday(look: Look, person: string): Promise<Meeting[]> {
  const { from, until } = dayOf(look.now)
  const sight = { person, house: false, units: [], standsFor: [] }
  const filter: MeetingFilter = { states: TODAY, startsBefore: until, endsFrom: from, mine: person }
  const found = await meetingsSeen(look.db, sight, filter, MOST, 0, 'soonest')
  const own = await ownInvitations(
    look.db,
    person,
    found.map(({ id }) => id),
  )
  return found.filter(meeting => meeting.notifiedAt && isExpected(meeting, person, own.get(meeting.id)))
}

const isExpected = (
  { maker, presider, convener, contact }: Meeting,
  person: string,
  own: Invitation | undefined,
): boolean => (own ? !AWAY.includes(own.state) : [maker, presider, convener, contact].includes(person))

const DAY_MS = 86_400_000

/** The day of an instant, from midnight to midnight. */
export function dayOf(at: Date): { from: Date; until: Date } {
  const from = new Date(toInstant(dayIn(at), '00:00'))
  return { from, until: new Date(from.getTime() + DAY_MS) }
}

/** In a list; what goes out is pressed on the card, which says to how many. */
export function itemOf(meeting: Meeting, actor: Actor, setting: Setting): TodoItem {
  const open = movesOpen(meeting, actor, setting).filter(move => WAITED.includes(move))
  const others = new Set(open.map(move => inPlaceOf(meeting, meetingFlow.moves[move].by, actor, setting)))
  const names = actor.standsFor.filter(({ id }) => others.has(id)).map(({ name }) => name)
  return {
    feature: FEATURE,
    matter: String(meeting.id),
    awaitsDecision: open.includes('approve'),
    urgency: ENDED.includes(meeting.state) ? Number.MAX_SAFE_INTEGER : meeting.startsAt.getTime(),
    line: ['会议 ', ...listLine(meeting, setting), names.length ? ` · 代${names.join('、')}` : ''],
    buttons: [showButton(meeting) as TodoItem['buttons'][number]],
  }
}

const ENDED: MeetingState[] = ['ended', 'cancelled']
