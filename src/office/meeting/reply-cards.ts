import { nameOf } from '../../kit/acted.ts'
import {
  type Block,
  bold,
  type Card,
  type Colour,
  card,
  divider,
  fields,
  hidden,
  note,
  type Rich,
  text,
} from '../../kit/card.ts'
import { formatDue } from '../../kit/time.ts'
import { comesByOffice, hosts } from './asked.ts'
import { type ReplyState, replyFlow } from './flow.ts'
import { type Actor, type Meeting, numberText, type Setting, unitOf } from './meeting.ts'
import { asToldTo, headOf, noticeBlocks, noticeHead } from './notice.ts'
import { decisionWords, guestName, replyWords } from './reply.ts'
import { groupControls, type Offer, replyControls } from './reply-controls.ts'
import { askedForLeave, type FullInvitation, isAskedToReply, isUnit } from './reply-roles.ts'
import { type Tally, tallyBlocks } from './tally.ts'

/** What is shown beside an invitation. */
export interface BesideInvitation {
  /** Whom a form lets choose. */
  offer: Offer
  /** Names of those who come, where the house shows them to all who are asked; undefined = counts only. */
  coming: readonly string[] | undefined
}

/** The meeting as whoever is asked to it reads it, and what they answer; `viewer` undefined = where nobody can press. */
export function invitationCard(
  full: FullInvitation,
  viewer: Actor | undefined,
  beside: BesideInvitation,
  setting: Setting,
): Card {
  const { invitation, meeting } = full
  const state = replyFlow.states[invitation.state]
  const told = asToldTo(invitation, meeting)
  const drawn = card(
    `会议通知 · ${ended(meeting) ?? state}`,
    colourOf(full, setting),
    headLine(told),
    ...noticeBlocks(told, setting, isAskedToReply(invitation, meeting) ? 'invited' : 'coming'),
    divider,
    answerFields(full, setting),
    standInNote(full, setting) ?? hostNote(full, viewer),
    ...comingLines(beside),
    ...(viewer ? replyControls(full, viewer, beside.offer, setting) : []),
  )
  return {
    ...drawn,
    tags: meeting.urgent ? [{ word: '紧急会议', colour: 'red' }] : [],
    summary: `[会议] ${formatDue(meeting.startsAt, setting.now, setting.customs.calendar)} ${meeting.title}:${state}`,
  }
}

/** Whoever comes for another answers nothing of their own: the other sends somebody else. */
function standInNote({ invitation, meeting, principal }: FullInvitation, setting: Setting): Block | undefined {
  if (!principal || invitation.state !== 'attending' || !['notified', 'submitted'].includes(meeting.state))
    return undefined
  return note(`不能代会的,请及时告知${guestName(principal, setting)},由其另行委托。`)
}

/** Whoever presides or convenes comes, unless they ask for leave like everybody else. */
function hostNote({ invitation, meeting }: FullInvitation, viewer: Actor | undefined): Block | undefined {
  const isOpen = ['notified', 'submitted'].includes(meeting.state) && comesByOffice(invitation)
  if (!isOpen || viewer?.id !== invitation.person || !hosts(meeting, invitation.person)) return undefined
  return note(`您${hostWord(meeting, invitation.person)}本次会议,已计入参加人员。不能到会的,请点击“改回执”后请假。`)
}

const hostWord = ({ presider }: Meeting, person: string | undefined): '主持' | '召集' =>
  person === presider ? '主持' : '召集'

const headLine = (meeting: Meeting): Block =>
  text(bold(noticeHead(meeting)), ...(meeting.number ? [` · ${numberText(meeting.number)}`] : []))

/** `会议 11月27日(周五)14:30 安全生产例会`. */
export const noticeLine = (meeting: Meeting, setting: Setting): string => `会议 ${headOf(meeting, setting)}`

const ended = ({ state }: Meeting): string | undefined =>
  state === 'cancelled' ? '已取消' : state === 'ended' ? '已结束' : undefined

const COLOURS: Record<ReplyState, Colour> = {
  pending: 'blue',
  attending: 'green',
  asking: 'yellow',
  excused: 'grey',
  denied: 'red',
  proxied: 'green',
  named: 'green',
  present: 'green',
}
const SOON_MS = 24 * 3_600_000

function colourOf({ invitation: { state }, meeting }: FullInvitation, { now }: Setting): Colour {
  if (ended(meeting)) return 'grey'
  if (state !== 'pending' || !meeting.replyBy) return COLOURS[state]
  return meeting.replyBy.getTime() - now.getTime() < SOON_MS ? 'yellow' : 'blue'
}

function answerFields(full: FullInvitation, setting: Setting): Block {
  const { invitation, meeting, named, principal, substitute } = full
  const { units, now, customs } = setting
  const { state, word, companions, plate } = invitation
  const whom = isUnit(invitation)
    ? `${unitOf(invitation.unit, units)}(可报${invitation.places}人)`
    : guestName(invitation, setting)
  const decision = decisionWords(invitation, setting)
  const rows: Array<readonly [string, Rich] | undefined> = [
    [partWord(full), whom],
    ['回执', replyWords(full, setting)],
    state === 'pending' && meeting.replyBy
      ? ['回执截止', formatDue(meeting.replyBy, now, customs.calendar)]
      : undefined,
    word ? [LEAVES.includes(state) ? '请假理由' : '备注', word] : undefined,
    state === 'asking' ? ['待批准', askers(full, setting)] : undefined,
    decision ? ['请假审批', decision] : undefined,
    substitute ? ['代会人员', guestName(substitute, setting)] : undefined,
    principal ? ['代会', proxyWords(principal, setting)] : undefined,
    named.length ? ['参会人员', named.map(one => attendeeWords(one, setting)).join('、')] : undefined,
    companions ? ['随行人员', companions] : undefined,
    plate ? ['车号', plate] : undefined,
  ]
  return fields(...rows)
}

function partWord({ invitation, meeting }: FullInvitation): string {
  if (isUnit(invitation)) return '受邀单位'
  if (hosts(meeting, invitation.person)) return `${hostWord(meeting, invitation.person)}人`
  return invitation.part === 'listen' ? '列席人员' : '参会人员'
}

const LEAVES: ReplyState[] = ['asking', 'excused', 'denied', 'proxied']

const askers = ({ granters, meeting }: FullInvitation, { names }: Setting): string =>
  askedForLeave(meeting, granters)
    .map(id => nameOf(id, names))
    .join('、')

/** 委托人、受托人、批准人 (MT-03); the one who comes is whose card it is. */
const proxyWords = (principal: FullInvitation['invitation'], setting: Setting): string =>
  `受${guestName(principal, setting)}委托代会${principal.decidedBy ? `,批准人${nameOf(principal.decidedFor ?? principal.decidedBy, setting.names)}` : ''}`

const attendeeWords = (one: FullInvitation['invitation'], setting: Setting): string =>
  `${guestName(one, setting)}${one.title ? `(${one.title})` : ''}`

const MOST_NAMES = 60

function comingLines({ coming }: BesideInvitation): Block[] {
  if (!coming?.length) return []
  const more = coming.length > MOST_NAMES ? `等${coming.length}人` : ''
  return [note(`参加人员:${coming.slice(0, MOST_NAMES).join('、')}${more}`)]
}

/** The notice before a group: counts and no phone; whoever presses answers for themselves. */
export function groupNoticeCard(meeting: Meeting, tally: Tally, setting: Setting): Card {
  const drawn = card(
    `会议通知${ended(meeting) ? ` · ${ended(meeting)}` : ''}`,
    ended(meeting) ? 'grey' : 'blue',
    headLine(meeting),
    ...noticeBlocks(meeting, setting, 'group'),
    ...(meeting.notifiedAt ? tallyBlocks(tally, setting.now) : []),
    ...groupControls(meeting),
  )
  return {
    ...drawn,
    summary: `[会议] ${formatDue(meeting.startsAt, setting.now, setting.customs.calendar)} ${meeting.title}`,
  }
}

/** What is left of a card whose holder comes for nobody any more, or may not see it. */
export const withdrawnCard = (): Card => hidden('会议通知', '该参会邀请已撤销,或您无权查看。')

/** The substitute need not come: the principal does, or sends somebody else. */
export function releasedCard(meeting: Meeting, principal: string, comes: boolean, setting: Setting): Card {
  const why = comes ? `${principal}将本人参加` : `${principal}已另行委托`
  return told(meeting, '不再代会', `${why},您不再代会。给您工作带来不便,敬请谅解。`, setting)
}

/** What was put down for somebody (ORG-04). */
export const recordedCard = (
  { state }: Pick<FullInvitation['invitation'], 'state'>,
  meeting: Meeting,
  by: string,
  setting: Setting,
): Card =>
  told(meeting, '代录回执', `${by}已代录您的回执:${replyFlow.states[state]}。如有不符,请在会议通知上改回执。`, setting)

export const remarkCard = (meeting: Meeting, by: string, words: string, setting: Setting): Card =>
  told(meeting, '回执说明', `${by}:${words}`, setting)

const told = (meeting: Meeting, what: string, words: string, setting: Setting): Card =>
  card(`会议 · ${what}`, 'blue', text(bold(headOf(meeting, setting))), text(words))
