import { appointmentOf, CALENDAR_DENIED } from '../../db/appointment.ts'
import { getMeeting, NO_MEETING } from '../../db/meeting.ts'
import { guestsExpected, isInvited } from '../../db/meeting-calendar.ts'
import { bookingOf, getRoom } from '../../db/meeting-room.ts'
import { peopleById } from '../../db/people.ts'
import { setting } from '../../db/settings.ts'
import type { Action, Appointment, Look, Turn } from '../../src/bot/feature.ts'
import { nameOf } from '../../src/kit/acted.ts'
import { type Block, buttons, note, text, tint, type Value } from '../../src/kit/card.ts'
import { type Part as FilePart, plainFile } from '../../src/kit/package.ts'
import { Refusal } from '../../src/kit/refusal.ts'
import { refusedWords, wantedBy, waysOutWords } from '../../src/office/meeting/booking.ts'
import {
  eventWords,
  fileButton,
  fileName,
  hasFile,
  isInCalendar,
  offersFile,
} from '../../src/office/meeting/calendar.ts'
import { inviteFile } from '../../src/office/meeting/ics.ts'
import type { Actor, Meeting } from '../../src/office/meeting/meeting.ts'
import { maySee, selvesOf } from '../../src/office/meeting/roles.ts'
import type { Part } from '../part.ts'
import { refusalOf, waysOutOf } from './booking.ts'
import { actorIn, FEATURE, idOf, settingOf } from './setting.ts'

/**
 * What becomes of a meeting's event in Feishu's calendar when the meeting moves: it is made with the notice, follows every change,
 * and goes when the meeting is cancelled. Only what we say goes there; what people answer in their calendars is not ours to read
 * (feishu-platform 7.1), so that 回执 stays on our cards.
 */
export function calendarFollows(turn: Pick<Turn, 'schedule'>, before: Meeting | undefined, after: Meeting): void {
  if (isInCalendar(before) || isInCalendar(after)) guestsFollow(turn, after.id)
}

/** The same where only those who come have changed: somebody was asked later, excused, or named in another's place. */
export const guestsFollow = (turn: Pick<Turn, 'schedule'>, meeting: number): void =>
  turn.schedule(FEATURE, String(meeting))

/** How a meeting is to stand in the calendar now. */
async function appointment(look: Look, matter: string): Promise<Appointment | undefined> {
  const meeting = await getMeeting(look.db, idOf(matter))
  if (!isInCalendar(meeting)) return undefined
  const [guests, facts, room] = await Promise.all([
    guestsExpected(look.db, meeting.id),
    settingOf(look, [meeting]),
    meeting.room === undefined ? undefined : getRoom(look.db, meeting.room),
  ])
  const { title, startsAt, endsAt, place, maker } = meeting
  return {
    ...{ title, startsAt, endsAt, place, guests },
    description: eventWords(meeting, facts),
    room: room?.resource ? { id: room.resource, by: maker } : undefined,
  }
}

/** What of it belongs on the meeting's card, not in a group: what is amiss with its room and its event, and the file. */
export async function calendarBeside(look: Look, meeting: Meeting, viewer: Actor | undefined): Promise<Block[]> {
  if (!viewer) return []
  const [room, calendar] = await Promise.all([roomNote(look, meeting), calendarNote(look, meeting)])
  const file = offersFile(meeting) ? buttons(fileButton(meeting)) : undefined
  return [...room, ...calendar, ...(file ? [file] : [])]
}

async function roomNote(look: Look, meeting: Meeting): Promise<Block[]> {
  const want = wantedBy(meeting)
  const booking = want && (await bookingOf(look.db, meeting.id))
  if (!want || !booking || booking.room !== want.room) return []
  if (booking.state === 'asked') return [text(tint('yellow', `${meeting.place}待会议室管理员批准。`))]
  if (booking.state === 'held') return []
  const ways = await waysOutOf(look, await getRoom(look.db, want.room), want, meeting.id)
  const refusal = refusedWords(meeting.place, (await refusalOf(look, booking)) ?? '')
  return [text(tint('red', `${refusal},请变更地点或时间。`), waysOutWords(ways))]
}

async function calendarNote({ db }: Look, meeting: Meeting): Promise<Block[]> {
  if (!isInCalendar(meeting)) return []
  const [kept, isDenied] = await Promise.all([
    appointmentOf(db, { feature: FEATURE, matter: String(meeting.id) }),
    setting<boolean>(db, CALENDAR_DENIED),
  ])
  const fault = kept?.fault || (isDenied && !kept?.event ? '应用未开通日历权限' : '')
  return fault ? [note(`未能写入飞书日历:${fault}。会议不受影响,可用“日历文件”自行添加。`)] : []
}

/** `日历文件`: for who is invited or may see the meeting, in private. */
const order: Action = async (turn, { value }) => {
  const meeting = await getMeeting(turn.db, idOf(value.id))
  const actor = actorIn(turn)
  const selves = selvesOf(actor).map(({ id }) => id)
  const sees =
    maySee(meeting, actor, await settingOf(turn, [meeting])) || (await isInvited(turn.db, meeting.id, selves))
  if (!sees) throw new Refusal(NO_MEETING)
  if (!hasFile(meeting)) throw new Refusal('会议通知尚未发布,发布后可取得日历文件')
  const file = { feature: FEATURE, name: fileName(meeting), order: { ics: meeting.id, by: turn.who.id } }
  turn.send({ to: { person: turn.who.id }, body: { file }, urgent: true })
  turn.record({ feature: FEATURE, act: 'calendar', matter: String(meeting.id) })
  return { toast: { kind: 'success', words: '日历文件将发送到私聊' } }
}

/** The file as the meeting is when it leaves. */
async function print(look: Look, ordered: Value): Promise<FilePart[]> {
  const meeting = await getMeeting(look.db, idOf(ordered.ics))
  const facts = await settingOf(look, [meeting])
  const [guest] = await peopleById(look.db, [String(ordered.by)])
  return plainFile(
    inviteFile({
      meeting,
      description: eventWords(meeting, facts),
      organiser: nameOf(meeting.maker, facts.names),
      guest: guest?.name ?? '',
      now: look.now,
    }),
  )
}

/** Meetings in calendars: Feishu's own, and as files for others. */
export const calendarPart: Part = {
  commands: {},
  actions: { calendarFile: order },
  heavy: ['calendarFile'],
  orders: ordered => 'ics' in ordered,
  appointment,
  print,
}
