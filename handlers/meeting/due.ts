import { mutedAmong } from '../../db/calm.ts'
import { saveMeeting } from '../../db/meeting.ts'
import { dueMeetings, nextMeetingAt } from '../../db/meeting-due.ts'
import { invitationsOf } from '../../db/meeting-invitation.ts'
import { peopleById } from '../../db/people.ts'
import type { Beat, Heartbeat, Look } from '../../src/bot/feature.ts'
import { type Called, calledBy } from '../../src/kit/aside.ts'
import { isOpen } from '../../src/kit/customs.ts'
import { formatShort } from '../../src/kit/time.ts'
import { type Invitation, LIMITS, type Meeting, numberText } from '../../src/office/meeting/meeting.ts'
import { begun, ended } from '../../src/office/meeting/moves.ts'
import { headOf } from '../../src/office/meeting/notice.ts'
import { endsByClockAt, isOut, nextLook, type Reminder, remindersOf } from '../../src/office/meeting/schedule.ts'
import { tellCalmly } from '../calm.ts'
import { customs } from '../customs.ts'
import { keep } from './act.ts'
import { guestsFollow } from './calendar.ts'
import { plainCard, sendNotice } from './follow.ts'
import { invite } from './invite.ts'
import { materialsCatchUp } from './materials.ts'
import { remindToReply } from './nudge.ts'
import { reminderSetting, waitsToLeave } from './schedule.ts'
import { FEATURE, settingOf } from './setting.ts'

const AT_ONCE = 20

/** Notices that waited for the morning, reminders, and what begins and ends by the clock. */
export async function due(beat: Heartbeat): Promise<'more' | undefined> {
  const some = await beat.take('meeting', AT_ONCE, most => dueMeetings(beat.db, beat.now, most), called)
  for (const meeting of some) await lookAfter(beat, meeting)
  return some.length === AT_ONCE ? 'more' : undefined
}

const called = ({ id, number }: Meeting): Called => (number ? { words: numberText(number) } : calledBy(id, '会议'))

export const nextDue = (look: Look): Promise<Date | undefined> => nextMeetingAt(look.db)

async function lookAfter(beat: Beat, meeting: Meeting): Promise<void> {
  if (isOut(meeting) && meeting.startsAt <= beat.now) {
    await tellLateNotice(beat, meeting)
    await keep(beat, meeting, begun(meeting, beat.now))
  } else if (meeting.state === 'underway' && endsByClockAt(meeting) <= beat.now)
    await keep(beat, meeting, ended(meeting, beat.now))
  else await remind(beat, meeting)
}

/** A notice must not be lost, even where its time came before the morning for which it waited. */
async function tellLateNotice(beat: Beat, meeting: Meeting): Promise<void> {
  if (!meeting.reminded.includes('notice')) await leaveNow(beat, meeting)
}

/** Everybody as the departments and groups are by now. */
async function leaveNow(beat: Beat, meeting: Meeting): Promise<void> {
  const { added, dropped, kept } = await invite(beat, meeting)
  if (added.length || dropped.length) guestsFollow(beat, meeting.id)
  await sendNotice(beat, meeting, [...kept, ...added])
}

async function remind(beat: Beat, meeting: Meeting): Promise<void> {
  const [settled, inForce, noticeAt] = await Promise.all([
    reminderSetting(beat),
    customs(beat),
    waitsToLeave(beat, meeting),
  ])
  const leaves = isOut(meeting) && !noticeAt && !meeting.reminded.includes('notice')
  const dueNow = remindersOf(meeting, settled, inForce).filter(
    ({ name, at }) => at <= beat.now && !meeting.reminded.includes(name),
  )
  const materialsAt = await materialsCatchUp(beat, meeting)
  // the notice itself says all that reminders would
  if (leaves) await leaveNow(beat, meeting)
  else if (dueNow.length) {
    const invited = await invitationsOf(beat.db, meeting.id, LIMITS.invited * 2)
    for (const { name, at } of saidOf(dueNow)) await REMINDING[name](beat, meeting, invited, at)
  }
  const reminded = [...meeting.reminded, ...(leaves ? ['notice'] : []), ...dueNow.map(({ name }) => name)]
  const after = { ...meeting, rev: meeting.rev + 1, reminded }
  const nextAt = nextLook(after, settled, inForce, noticeAt)
  const soonest = materialsAt && nextAt && materialsAt < nextAt ? materialsAt : nextAt
  await saveMeeting(beat.db, meeting, { ...after, nextAt: soonest })
  // who organises it sees on its card that the notice has left
  beat.redraw(FEATURE, String(meeting.id), 'calmly')
}

type Due = ReturnType<typeof remindersOf>

/** Of two that say the same and fell due while the bot was down only the later one is said. */
const saidOf = (due: Due): Due =>
  due.some(({ name }) => name === 'hour') ? due.filter(({ name }) => name !== 'day') : due

type Remind = (beat: Beat, meeting: Meeting, invited: readonly Invitation[], at: Date) => Promise<void>

const REMINDING: Record<Reminder, Remind> = {
  reply: async (beat, meeting) => void (await remindToReply(beat, meeting)),
  day: async (beat, meeting, invited, at) => {
    const words = await reminderWords(beat, meeting, at)
    await tellCalmly(beat, '会议提醒', linesFor(expected(meeting, invited), words))
  },
  // what begins in an hour does not wait until tomorrow morning
  hour: async (beat, meeting, invited, at) => {
    const words = await reminderWords(beat, meeting, at)
    const people = expected(meeting, invited)
    if (isOpen(beat.now, await customs(beat))) return tellCalmly(beat, '会议提醒', linesFor(people, words))
    const [known, muted] = await Promise.all([peopleById(beat.db, people), mutedAmong(beat.db, people, beat.now)])
    const plain = `【会议提醒】${words}`
    for (const { id, active } of known)
      if (active && !muted.has(id)) beat.send({ to: { person: id }, body: { card: plainCard(plain) }, plain })
  },
}

/** What comes later than that was not held up by a busy heartbeat. */
const LATE_MS = 10 * 60_000

async function reminderWords(beat: Beat, meeting: Meeting, at: Date): Promise<string> {
  const setting = await settingOf(beat, [meeting])
  const branches = meeting.branches ? `(视频分会场:${meeting.branches})` : ''
  const late = beat.now.getTime() - at.getTime() > LATE_MS ? `(补发:应于${formatShort(at, beat.now)}提醒)` : ''
  return `${headOf(meeting, setting)},地点:${meeting.place}${branches}${late}`
}

const linesFor = (people: readonly string[], line: string): Map<string, string[]> =>
  new Map(people.map(person => [person, [line]]))

const namesIn = (some: readonly Invitation[]): string[] => [
  ...new Set(some.flatMap(({ person }) => (person === undefined ? [] : [person]))),
]

const AWAY: Array<Invitation['state']> = ['excused', 'proxied']

/** Who comes, as far as is known, and who convenes, presides and makes it. */
const expected = ({ maker, convener, presider }: Meeting, invited: readonly Invitation[]): string[] => {
  const away = new Set(namesIn(invited.filter(({ state }) => AWAY.includes(state))))
  const all = [...namesIn(invited), maker, convener, presider]
  return [...new Set(all.filter(id => id !== '' && !away.has(id)))]
}
