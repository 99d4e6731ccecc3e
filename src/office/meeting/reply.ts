import { actedWords, nameOf, saidWith } from '../../kit/acted.ts'
import { AlreadySo, Refusal } from '../../kit/refusal.ts'
import { formatShort } from '../../kit/time.ts'
import { comesByOffice, hosts } from './asked.ts'
import { type ReplyMove, replyFlow } from './flow.ts'
import { type Actor, type Invitation, LIMITS, type Meeting, type Setting, unitOf } from './meeting.ts'
import {
  answersForItself,
  answersInPlaceOf,
  type Door,
  type FullInvitation,
  isDoorOpen,
  isRecorder,
  isUnit,
  repliesFrom,
  whyNotReply,
} from './reply-roles.ts'

/** How a reply that somebody else puts down was given (ORG-04). */
export const REPLY_WAYS = { inPerson: '当面', phone: '电话', paper: '书面' } as const
export type ReplyWay = keyof typeof REPLY_WAYS

export interface ReplyPress {
  move: ReplyMove
  by: Actor
  seenRev: number | undefined
  word: string
  companions?: string
  plate?: string
  /** 代录: how it was given. */
  way?: ReplyWay | undefined
}

/**
 * The invitation after a press.
 * @throws Refusal when the person may not, when the state does not allow it (any more), or when something is missing.
 */
export function replied(full: FullInvitation, asked: ReplyPress, setting: Setting): Invitation {
  const press = { ...asked, word: asked.word.trim() }
  refuseReply(full, press, setting)
  const { invitation, meeting } = full
  const { to } = replyFlow.moves[press.move]
  return {
    ...invitation,
    ...(to ? { state: to } : {}),
    rev: invitation.rev + 1,
    lastMove: press.move,
    noticeRev: meeting.noticeRev,
    ...EFFECTS[press.move](press, { full, setting }),
  }
}

function refuseReply(full: FullInvitation, press: ReplyPress, setting: Setting): void {
  const { invitation, meeting } = full
  const { by, asks, button } = replyFlow.moves[press.move]
  const why = whyNotReply(full, by, press.by, setting)
  if (why) throw new Refusal(why)
  refuseClosed(meeting, press.move, full.door, setting.now)
  if (!repliesFrom(full, setting.now).includes(press.move)) throw new AlreadySo(replyWords(full, setting))
  if (press.seenRev !== undefined && press.seenRev !== invitation.rev) throw new Refusal('卡片已过期,请以最新卡片为准')
  if (asks === 'reason' && !press.word) throw new Refusal(`请填写${button}的理由`)
  if (press.word.length > LIMITS.word) throw new Refusal(`说明请控制在${LIMITS.word}字以内`)
  for (const words of [press.companions, press.plate])
    if ((words ?? '').length > LIMITS.words) throw new Refusal(`随行人员、车号请控制在${LIMITS.words}字以内`)
  const isSettling = by === 'invitee' || by === 'unit'
  if (isSettling && press.move !== 'reconsider' && isRecorder(full, press.by, setting) && !press.way)
    throw new Refusal('代录回执请选择本人答复的方式')
}

/** What stands in the way of any answer. */
function refuseClosed({ state, notifiedAt, checkInAt }: Meeting, move: ReplyMove, door: Door, now: Date): void {
  if (state === 'cancelled') throw new AlreadySo('会议已取消')
  if (state === 'ended') throw new AlreadySo('会议已结束')
  if (!notifiedAt) throw new Refusal('会议尚未通知')
  if (move === 'checkIn' && !isDoorOpen(door, now)) {
    const at = checkInAt && checkInAt > door.opensAt ? `,报到时间为${formatShort(checkInAt, now)}` : ''
    throw new Refusal(`签到时间为${formatShort(door.opensAt, now)}至会议结束${at}`)
  }
  if (state === 'underway' && ['attend', 'askLeave', 'delegate', 'reconsider', 'name', 'rename'].includes(move))
    throw new AlreadySo('会议已开始,参会情况请与会议承办人联系')
}

interface Ground {
  full: FullInvitation
  setting: Setting
}
type Effect = (press: ReplyPress, ground: Ground) => Partial<Invitation>

const UNDECIDED = { decidedBy: undefined, decidedFor: undefined, decidedAt: undefined, decision: '' }

/** `repliedBy` where it was not themselves: a deputy, or whoever put it down for them. */
const answered: Effect = ({ by, word, companions, plate }, { full: { invitation }, setting }) => ({
  word,
  ...(companions === undefined ? {} : { companions: companions.trim() }),
  ...(plate === undefined ? {} : { plate: plate.trim() }),
  repliedAt: setting.now,
  repliedBy: by.id === invitation.person ? undefined : by.id,
})

const decided: Effect = ({ by, word }, { full, setting }) => ({
  decidedBy: by.id,
  decidedFor: answersInPlaceOf(full, 'granter', by),
  decidedAt: setting.now,
  decision: word,
})

const EFFECTS: Record<ReplyMove, Effect> = {
  attend: (press, ground) => ({ ...answered(press, ground), ...UNDECIDED }),
  askLeave: (press, ground) => ({ ...answered(press, ground), ...UNDECIDED }),
  // the reason of the leave stays
  delegate: ({ by }, { full: { invitation }, setting }) => ({
    repliedAt: setting.now,
    repliedBy: by.id === invitation.person ? undefined : by.id,
  }),
  reconsider: () => ({}),
  grantLeave: decided,
  denyLeave: decided,
  name: answered,
  rename: answered,
  checkIn: ({ by }, { setting }) => ({ checkedInAt: setting.now, checkedInBy: by.id }),
}

/** Whether the calendar shows them as asked: who is excused has no business there. */
export const isExpected = ({ state }: Pick<Invitation, 'state'>): boolean => state !== 'excused' && state !== 'proxied'

/** Whether somebody comes in their place no more. */
export const comesAfterAll = ({ state }: Pick<Invitation, 'state'>): boolean =>
  state === 'attending' || state === 'present'

/** Who is meant: somebody of the directory, a guest by name, or a unit. */
export const guestName = (invitation: Invitation, { names, units }: Pick<Setting, 'names' | 'units'>): string => {
  if (invitation.person) return nameOf(invitation.person, names)
  return isUnit(invitation) ? unitOf(invitation.unit, units) : invitation.name
}

const NO_REPLY = '主持人、召集人无需回执'

/** What they answered, as one line: `参加 · 11月24日(周二)09:30`, `李静 代录`. */
export function replyWords(
  { invitation, meeting }: Pick<FullInvitation, 'invitation' | 'meeting'>,
  setting: Setting,
): string {
  const { state, repliedAt, repliedBy, checkedInAt, checkedInBy, person } = invitation
  const { names, now } = setting
  if (state === 'present' && checkedInAt) {
    const by = checkedInBy && checkedInBy !== person ? ` · ${nameOf(checkedInBy, names)} 代为签到` : ''
    return `${replyFlow.states.present} · ${formatShort(checkedInAt, now)}${by}`
  }
  if (!answersForItself(invitation)) return replyFlow.states[state]
  if (comesByOffice(invitation) && hosts(meeting, person)) return `${replyFlow.states[state]}(${NO_REPLY})`
  const by = repliedBy && !isUnit(invitation) ? ` · ${nameOf(repliedBy, names)} 代为答复` : ''
  const who = repliedBy && isUnit(invitation) ? ` · ${nameOf(repliedBy, names)}` : ''
  return `${replyFlow.states[state]}${repliedAt && state !== 'pending' ? ` · ${formatShort(repliedAt, now)}${by}${who}` : ''}`
}

/** How a leave was settled: `张明 已同意请假 · 11月24日(周二)09:30 · 意见:…`. */
export function decisionWords(
  { decidedBy, decidedFor, decidedAt, decision, state }: Invitation,
  { names, now }: Pick<Setting, 'names' | 'now'>,
): string | undefined {
  if (!decidedBy || !decidedAt) return undefined
  const isDenied = state === 'denied'
  const act = isDenied ? '未同意请假' : '已同意请假'
  const said = saidWith(act, decision, isDenied)
  return `${actedWords(act, decidedBy, decidedFor, names)} · ${formatShort(decidedAt, now)}${said}`
}
