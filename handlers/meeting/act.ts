import { history } from '../../db/events.ts'
import { getMeeting, holdMeeting, saveMeeting, takeMeetingNumber } from '../../db/meeting.ts'
import { lastInvitationOf } from '../../db/meeting-invitation.ts'
import { peopleById } from '../../db/people.ts'
import type { Action, Answer, Beat, Press, Said, Turn } from '../../src/bot/feature.ts'
import { actedWords } from '../../src/kit/acted.ts'
import { Refusal } from '../../src/kit/refusal.ts'
import { dayIn, formatShort } from '../../src/kit/time.ts'
import { cancelForm } from '../../src/office/meeting/controls.ts'
import { type MeetingMove, meetingFlow } from '../../src/office/meeting/flow.ts'
import { type Actor, LIMITS, type Meeting, numberText, type Setting } from '../../src/office/meeting/meeting.ts'
import { type MeetingPress, moved } from '../../src/office/meeting/moves.ts'
import { movesOpen } from '../../src/office/meeting/roles.ts'
import { isOut } from '../../src/office/meeting/schedule.ts'
import { moveInWords } from '../../src/office/meeting/spoken.ts'
import { actWord } from '../../src/office/meeting/words.ts'
import { redrawDrafts } from './drafts.ts'
import { follow } from './follow.ts'
import { headcountOf } from './invite.ts'
import { receivedFor } from './materials.ts'
import { letKnow } from './recipients.ts'
import { scheduled, waitsToLeave } from './schedule.ts'
import { actorIn, FEATURE, idOf, refuseStrangers, settingOf } from './setting.ts'

/** A button: the move, with the word beside it. */
export function press(move: MeetingMove): Action {
  return async (turn, pressed) => {
    const after = await decide(turn, pressed.value.id, { move, ...readPress(pressed) })
    return { toast: { kind: 'success', words: await toastOf(turn, after) } }
  }
}

export const readPress = ({ value, form }: Press): Pick<MeetingPress, 'seenRev' | 'word'> => ({
  seenRev: typeof value.rev === 'number' ? value.rev : undefined,
  word: typeof form.word === 'string' ? form.word : '',
})

/** A meeting that somebody presses on: nobody else moves it until the turn ends. @throws Refusal for who may not see it. */
export async function hold(turn: Turn, value: unknown): Promise<{ before: Meeting; by: Actor; setting: Setting }> {
  const before = await holdMeeting(turn.db, idOf(value))
  const by = actorIn(turn)
  const setting = await settingOf(turn, [before])
  refuseStrangers(before, by, setting)
  return { before, by, setting }
}

/** Reads, asks the rules, saves, and lets those know who wait for it; `change`: what the move brings beside its own. */
export async function decide(
  turn: Turn,
  id: unknown,
  asked: Omit<MeetingPress, 'by'>,
  change: Partial<Meeting> = {},
): Promise<Meeting> {
  const { before, by, setting } = await hold(turn, id)
  return keep(turn, before, moved(before, { ...asked, by }, setting, change))
}

/**
 * Writes what a move, or the clock, has made of a meeting, with all that follows from it: number, room, calendar, notices,
 * reminders. `who` acted; '' = the clock.
 */
export async function keep(turn: Turn | Beat, before: Meeting, moved: Meeting): Promise<Meeting> {
  const after = await scheduled(turn, before, await noted(turn, before, await numbered(turn, before, moved)))
  await saveMeeting(turn.db, before, after)
  noteMove(turn, before, after)
  await follow(turn, before, after)
  await letKnow(turn, before, after)
  turn.redraw(FEATURE, String(after.id))
  if (before.notifiedAt || after.notifiedAt) await redrawDrafts(turn)
  return after
}

/** Given when the notice goes out, in the same transaction, and kept whatever happens later. */
async function numbered(turn: Beat, before: Meeting, after: Meeting): Promise<Meeting> {
  if (before.number || !after.notifiedAt) return after
  const year = Number(dayIn(turn.now).slice(0, 4))
  return { ...after, number: await takeMeetingNumber(turn.db, year) }
}

/** Who is told of a change of time or place: for whoever is asked from now on there is none. */
async function noted({ db }: Beat, before: Meeting, after: Meeting): Promise<Meeting> {
  if (!after.was || after.was === before.was) return after
  const told = { upTo: await lastInvitationOf(db, after.id), chats: before.guests.chats }
  return { ...after, was: { ...after.was, told } }
}

/** Every move writes time, actor, from, to and reason, and a change what it was before. */
function noteMove(turn: Beat, before: Meeting, after: Meeting): void {
  turn.record({
    feature: FEATURE,
    act: after.lastMove,
    matter: String(after.id),
    ...(after.movedFor ? { actingFor: after.movedFor } : {}),
    data: {
      from: before.state,
      to: after.state,
      reason: after.word,
      ...(after.number && !before.number ? { number: numberText(after.number) } : {}),
      ...(after.startsAt.getTime() === before.startsAt.getTime()
        ? {}
        : { startedAt: before.startsAt.toISOString(), startsAt: after.startsAt.toISOString() }),
      ...(after.place === before.place ? {} : { placeBefore: before.place, place: after.place }),
    },
  })
}

/** At night whoever lets a notice out knows when it leaves. */
export async function toastOf(turn: Turn, after: Meeting): Promise<string> {
  const words = after.lastMove ? actWord(after.lastMove) : '已保存'
  const leavesAt = await waitsToLeave(turn, after)
  const isCrowd = isOut(after) && !after.reminded.includes('notice') && !leavesAt
  if (isCrowd) return `${words},通知将陆续发出`
  return leavesAt ? `${words}。现为下班时间,通知将于${formatShort(leavesAt, turn.now)}发出` : words
}

/** A reply in the card's thread: the words of a button do what the button does, anything else is kept as a word on it. */
export async function heard(turn: Turn, matter: string, said: Said): Promise<Answer> {
  const meeting = await getMeeting(turn.db, idOf(matter))
  const actor = actorIn(turn)
  const setting = await settingOf(turn, [meeting])
  refuseStrangers(meeting, actor, setting)
  if (said.attachments.length) return receivedFor(turn, said, meeting)
  if (!said.text) throw new Refusal('会议事项请用文字说明')
  const spoken = moveInWords(said.text)
  if ('move' in spoken) {
    const isAsked =
      spoken.move === 'cancel' && meeting.notifiedAt && movesOpen(meeting, actor, setting).includes('cancel')
    if (isAsked) {
      const heads = await headcountOf(turn, meeting)
      return { say: { card: cancelForm(meeting, heads, setting, spoken.word) }, privately: true }
    }
    const after = await decide(turn, meeting.id, { ...spoken, seenRev: undefined })
    return { say: { text: await toastOf(turn, after) } }
  }
  if (spoken.remark.length > LIMITS.word) throw new Refusal(`说明请控制在${LIMITS.word}字以内`)
  turn.record({ feature: FEATURE, act: 'remark', matter, data: { reason: spoken.remark } })
  turn.redraw(FEATURE, matter)
  return { say: { text: '已记录' } }
}

const ACTS: Record<string, string> = { draft: '已拟定', notice: '已发出通知', remark: '说明' }

/** The history in words, oldest first. */
export async function historyOf({ db, now }: Pick<Turn, 'db' | 'now'>, id: number): Promise<string[]> {
  const events = await history(db, FEATURE, String(id))
  const told = events.flatMap(({ who, actingFor: other }) => (other ? [who, other] : [who]))
  const people = await peopleById(db, [...new Set(told)])
  const names = new Map(people.map(person => [person.id, person.name]))
  return events
    .filter(({ act }) => Object.hasOwn(meetingFlow.moves, act) || Object.hasOwn(ACTS, act))
    .map(({ act, at, who, actingFor: other, data }) => {
      const words = ACTS[act] ?? actWord(act as MeetingMove)
      const reason = typeof data.reason === 'string' && data.reason ? ` · ${data.reason.slice(0, LIMITS.word)}` : ''
      return `${formatShort(at, now)} ${actedWords(words, who, other ?? undefined, names)}${reason}`
    })
}
