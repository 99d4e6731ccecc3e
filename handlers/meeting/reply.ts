import { NO_INVITATION } from '../../db/meeting-invitation.ts'
import { invitationOf } from '../../db/meeting-reply.ts'
import type { Action, Answer, Said, Turn } from '../../src/bot/feature.ts'
import { nameOf } from '../../src/kit/acted.ts'
import { AlreadySo, Refusal } from '../../src/kit/refusal.ts'
import { clockOf } from '../../src/kit/time.ts'
import { passedCard } from '../../src/office/meeting/door.ts'
import { type ReplyMove, replyFlow } from '../../src/office/meeting/flow.ts'
import { type Invitation, LIMITS, type Setting } from '../../src/office/meeting/meeting.ts'
import { guestName } from '../../src/office/meeting/reply.ts'
import { noticeLine, remarkCard } from '../../src/office/meeting/reply-cards.ts'
import { type FullInvitation, isInvitee, maySeeInvitation } from '../../src/office/meeting/reply-roles.ts'
import { replyInWords } from '../../src/office/meeting/reply-words.ts'
import { tellOf } from '../tell.ts'
import { decide, meant, readReply } from './answer.ts'
import { holdSeen, readFull, settingOfFull } from './full.ts'
import { drawAnswered } from './invitation.ts'
import { actorIn, FEATURE, idOf, invitationMatter } from './setting.ts'

/** A button: the move, with what was typed beside it. */
export function answer(move: ReplyMove): Action {
  return async (turn, pressed) => {
    const { after, setting, full, shown } = await decide(turn, await meant(turn, pressed), {
      move,
      ...readReply(pressed),
    })
    const answered = { ...full, invitation: after }
    const words = toastOf(move, after, answered, setting)
    const isDoor = move === 'checkIn' && pressed.value.only === 1 && !pressed.copy
    const card = isDoor ? passedCard(full.meeting, words, setting) : shown && (await drawAnswered(turn, pressed, shown))
    return {
      toast: { kind: 'success', words },
      ...(card ? { fresh: { card } } : {}),
    }
  }
}

function toastOf(move: ReplyMove, after: Invitation, full: FullInvitation, { now, names }: Setting): string {
  const { replyBy } = full.meeting
  const late = replyBy && replyBy < now && ['attend', 'askLeave'].includes(move) ? '(已过回执截止时间)' : ''
  if (move === 'askLeave') return `已提交请假,待批准${late}`
  if (move === 'reconsider') return '请重新选择,原回执在重新答复前仍然有效'
  if (move === 'checkIn') return `已签到 ${after.checkedInAt ? clockOf(after.checkedInAt) : ''}`.trim()
  if (move === 'grantLeave') return `已同意${after.person ? nameOf(after.person, names) : ''}请假`
  if (move === 'denyLeave') return '已答复不同意请假'
  return `已回执:${replyFlow.states[after.state]}${late}`
}

/** Whoever presses 请假 before a group goes on in private, where the reason is for nobody else's eyes. */
export const mine: Action = async (turn, pressed) => {
  const shown = await show(turn, await meant(turn, pressed))
  return { ...shown, toast: { kind: 'info', words: '请在私聊中填写请假理由' } }
}

/** An invitation as the presser may see it. */
export const showReply: Action = async (turn, { value }) => show(turn, value.id)

async function show(turn: Turn, value: unknown): Promise<Answer> {
  const { full, by, setting } = await holdSeen(turn, value)
  if (!maySeeInvitation(full, by, setting)) throw new Refusal(NO_INVITATION)
  const id = invitationMatter(full.meeting.id, full.invitation.id)
  return { say: { matter: { feature: FEATURE, id } }, privately: true }
}

const ALL = /^(\d{1,15})\/(?:all|new)$/

/** A reply in a card's thread: the words of a button do what the button does, anything else goes to whoever made the meeting. */
export async function heard(turn: Turn, matter: string, said: Said): Promise<Answer> {
  const [, group] = ALL.exec(matter) ?? []
  const full = group === undefined ? await readFull(turn, matter) : await ownOf(turn, group)
  const actor = actorIn(turn)
  const setting = await settingOfFull(turn, full)
  if (!maySeeInvitation(full, actor, setting)) throw new Refusal(NO_INVITATION)
  const spoken = replyInWords(said.text, isInvitee(full, actor), full.invitation.state)
  if ('move' in spoken) {
    const done = await decide(turn, full.invitation.id, { ...spoken, seenRev: undefined })
    const words = toastOf(spoken.move, done.after, { ...done.full, invitation: done.after }, done.setting)
    return { say: { text: words }, privately: true }
  }
  if (!spoken.remark) throw new Refusal('请用文字说明')
  if (spoken.remark.length > LIMITS.word) throw new Refusal(`说明请控制在${LIMITS.word}字以内`)
  turn.record({
    feature: FEATURE,
    act: 'remark',
    matter: invitationMatter(full.meeting.id, full.invitation.id),
    data: { reason: spoken.remark },
  })
  const { maker, startsAt } = full.meeting
  const line = `${noticeLine(full.meeting, setting)}:${turn.who.name}(${guestName(full.invitation, setting)}的回执)说明:${spoken.remark}`
  const news = { body: { card: remarkCard(full.meeting, turn.who.name, spoken.remark, setting) }, line }
  if (maker !== turn.who.id) await tellOf(turn, [maker], news, startsAt)
  return { say: { text: '已记录,已告知会议承办人' }, privately: true }
}

async function ownOf(turn: Turn, meeting: string): Promise<FullInvitation> {
  const own = await invitationOf(turn.db, idOf(meeting), turn.who.id)
  if (!own) throw new AlreadySo(NO_INVITATION)
  return readFull(turn, invitationMatter(own.meeting, own.id))
}
