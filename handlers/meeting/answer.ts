import { NO_INVITATION, saveInvitation } from '../../db/meeting-invitation.ts'
import { invitationOf } from '../../db/meeting-reply.ts'
import type { Press, Turn } from '../../src/bot/feature.ts'
import { Refusal } from '../../src/kit/refusal.ts'
import { replyFlow } from '../../src/office/meeting/flow.ts'
import type { Invitation, Setting } from '../../src/office/meeting/meeting.ts'
import {
  comesAfterAll,
  isExpected,
  REPLY_WAYS,
  type ReplyPress,
  type ReplyWay,
  replied,
} from '../../src/office/meeting/reply.ts'
import { noticeLine, recordedCard } from '../../src/office/meeting/reply-cards.ts'
import { answersInPlaceOf, type FullInvitation, isRecorder } from '../../src/office/meeting/reply-roles.ts'
import { tellOf } from '../tell.ts'
import { guestsFollow } from './calendar.ts'
import { redrawDrafts } from './drafts.ts'
import { holdSeen, type Shown } from './full.ts'
import { leavesMatter, tellDecided, tellGranters } from './leave.ts'
import { materialsFollow } from './materials.ts'
import { release } from './release.ts'
import { FEATURE, idOf, invitationMatter } from './setting.ts'

/** Before a group whoever presses answers their own invitation. */
export async function meant(turn: Turn, { value }: Press): Promise<unknown> {
  if (value.meeting === undefined) return value.id
  const own = await invitationOf(turn.db, idOf(value.meeting), turn.who.id)
  if (!own) throw new Refusal(NO_INVITATION)
  return own.id
}

export const typedIn = (form: Record<string, unknown>, name: string): string | undefined =>
  typeof form[name] === 'string' ? form[name] : undefined

export function readReply({ value, form }: Press): Omit<ReplyPress, 'by' | 'move'> {
  const [companions, plate] = [typedIn(form, 'companions'), typedIn(form, 'plate')]
  return {
    seenRev: typeof value.rev === 'number' ? value.rev : undefined,
    word: typedIn(form, 'word') ?? typedIn(form, 'opinion') ?? '',
    ...(companions === undefined ? {} : { companions }),
    ...(plate === undefined ? {} : { plate }),
    way: wayIn(typedIn(form, 'way') ?? typedIn(form, 'delegate_way')),
  }
}

const wayIn = (word: string | undefined): ReplyWay | undefined =>
  word !== undefined && Object.hasOwn(REPLY_WAYS, word) ? (word as ReplyWay) : undefined

export interface Decided {
  full: FullInvitation
  after: Invitation
  setting: Setting
  /** What its card shows now, where the turn has read that already: thousands answer at once. */
  shown: Shown | undefined
}

/** Reads, asks the rules, saves, and lets those know who wait for it. */
export async function decide(turn: Turn, id: unknown, asked: Omit<ReplyPress, 'by'>): Promise<Decided> {
  const { full: held, by, setting } = await holdSeen(turn, id)
  const press = { ...asked, by }
  const after = replied(held, press, setting)
  const shown = await keepReply(turn, held, after, { ...press, setting })
  return { full: held, after, setting, shown }
}

/** Why somebody cannot come is personal: it stands in the invitation alone, from where it goes once they have left (docs/retention.md). */
const wordKept = (move: ReplyPress['move'], word: string): string => (move === 'askLeave' ? '' : word.trim())

/** Writes what a press has made of an invitation, with all that follows from it. */
export async function keepReply(
  turn: Turn,
  full: FullInvitation,
  after: Invitation,
  { move, by, word, way, setting }: ReplyPress & { setting: Setting },
): Promise<Shown | undefined> {
  const { invitation: before, meeting, substitute } = full
  await saveInvitation(turn.db, before, after)
  const isRecorded = way !== undefined && isRecorder(full, by, setting)
  const actingFor = isRecorded ? before.person : answersInPlaceOf(full, replyFlow.moves[move].by, by)
  turn.record({
    feature: FEATURE,
    act: move,
    matter: invitationMatter(meeting.id, after.id),
    ...(actingFor === undefined ? {} : { actingFor }),
    data: { from: before.state, to: after.state, reason: wordKept(move, word), ...(isRecorded ? { way } : {}) },
  })
  redrawReply(turn, after)
  if (before.state === 'asking' || after.state === 'asking') turn.redraw(FEATURE, leavesMatter(meeting.id), 'calmly')
  if (isExpected(before) !== isExpected(after)) {
    guestsFollow(turn, meeting.id)
    await redrawDrafts(turn)
  }
  if (comesAfterAll(after) && substitute) await release(turn, { ...full, invitation: after }, substitute, setting)
  if (after.state === 'attending') await materialsFollow(turn, meeting, after)
  const asked = move === 'askLeave' ? await tellGranters(turn, after, meeting, setting) : undefined
  if (move === 'grantLeave' || move === 'denyLeave') await tellDecided(turn, after, meeting, setting)
  if (isRecorded && move !== 'reconsider') await tellRecorded(turn, after, full, setting)
  if (after.state !== 'attending') return asked
  return { full: { ...full, invitation: after, granters: [], substitute: undefined }, setting }
}

/** Its own copies at once, the organiser's at most once a second: others answer meanwhile. */
export function redrawReply(turn: Pick<Turn, 'redraw'>, { meeting, id }: Invitation): void {
  turn.redraw(FEATURE, invitationMatter(meeting, id))
  turn.redraw(FEATURE, String(meeting), 'calmly')
}

/** For whom something was put down, hears of it (ORG-04). */
async function tellRecorded(
  turn: Turn,
  after: Invitation,
  { meeting }: FullInvitation,
  setting: Setting,
): Promise<void> {
  if (!after.person) return
  const news = {
    body: { card: recordedCard(after, meeting, turn.who.name, setting) },
    line: `${noticeLine(meeting, setting)}:${turn.who.name}已代录您的回执(${replyFlow.states[after.state]})`,
  }
  await tellOf(turn, [after.person], news, meeting.startsAt)
}
