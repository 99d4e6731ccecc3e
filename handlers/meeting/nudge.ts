import { mutedAmong } from '../../db/calm.ts'
import { holdMeeting } from '../../db/meeting.ts'
import { askInvitationsAnew, markNudged, tallyOf, unansweredSince } from '../../db/meeting-reply.ts'
import type { Action, Beat, Turn } from '../../src/bot/feature.ts'
import { isOpen, openingAfter } from '../../src/kit/customs.ts'
import { AlreadySo, Refusal } from '../../src/kit/refusal.ts'
import { type Invitation, LIMITS, type Meeting, type Setting } from '../../src/office/meeting/meeting.ts'
import { nudgeWords, peopleAndUnits } from '../../src/office/meeting/nudge.ts'
import { movesFrom } from '../../src/office/meeting/roles.ts'
import { contactsOf } from './contacts.ts'
import { replySetting } from './full.ts'
import { refuseNonOrganiser } from './organised.ts'
import { FEATURE, idOf, invitationMatter, settingOf } from './setting.ts'

const HOUR_MS = 3_600_000
const MOST = LIMITS.invited + LIMITS.units

/** 催报回执: only those who have not answered, each by themselves and the same ones at most once in some hours. */
export const nudge: Action = async (turn, { value }) => {
  const meeting = await holdMeeting(turn.db, idOf(value.id))
  const setting = await settingOf(turn, [meeting])
  refuseNudge(turn, meeting, setting)
  const { nudge: hours } = await replySetting(turn)
  const told = await remind(turn, meeting, new Date(turn.now.getTime() - hours * HOUR_MS))
  if (!told.length) {
    const { pending } = await tallyOf(turn.db, meeting)
    throw new AlreadySo(pending ? `${hours}小时内已催报,请稍后再催` : '均已回执,无需催报')
  }
  turn.record({ feature: FEATURE, act: 'nudge', matter: String(meeting.id), data: { told: told.length } })
  return { toast: { kind: 'success', words: `已提醒${peopleAndUnits(told)}报送回执` } }
}

function refuseNudge(turn: Turn, meeting: Meeting, setting: Setting): void {
  refuseNonOrganiser(turn, meeting, setting)
  if (!movesFrom(meeting).includes('nudge')) throw new AlreadySo('会议不在收集回执,无需催报')
  const { now, customs } = setting
  if (!isOpen(now, customs) && meeting.startsAt > openingAfter(now, customs))
    throw new Refusal('现为下班时间,请于上班后催报')
}

/** One workday before the replies are due: those who have not answered, by the clock. */
export const remindToReply = (turn: Beat, meeting: Meeting): Promise<Invitation[]> => remind(turn, meeting, turn.now)

/** Reminds those who have not answered and were not reminded since; to a unit's contacts that of the unit. Who wants quiet finds it in /待办. */
async function remind(turn: Beat, meeting: Meeting, since: Date): Promise<Invitation[]> {
  const some = await unansweredSince(turn.db, meeting.id, since, MOST)
  const contacts = await contactsOf(
    turn,
    some.filter(({ person }) => person === undefined).map(({ unit }) => unit),
  )
  const plain = nudgeWords(meeting, await settingOf(turn, [meeting]))
  await markNudged(
    turn.db,
    meeting.id,
    some.map(({ id }) => id),
    turn.now,
  )
  const each = some.map(({ id, person, unit }) => ({
    id,
    people: person === undefined ? (contacts.get(unit) ?? []) : [person],
  }))
  const muted = await mutedAmong(turn.db, [...new Set(each.flatMap(({ people }) => people))], turn.now)
  for (const { id, people } of each) {
    const matter = { feature: FEATURE, id: invitationMatter(meeting.id, id) }
    for (const person of people)
      if (!muted.has(person)) turn.send({ to: { person }, body: { matter }, plain, from: meeting.maker })
  }
  return some
}

/** After a change of time or place everybody answers anew; whoever tells them of it shows them their invitation. */
export const askAnew = ({ db }: Pick<Beat, 'db'>, meeting: Meeting): Promise<void> => askInvitationsAnew(db, meeting)
