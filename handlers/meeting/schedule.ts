import { setting } from '../../db/settings.ts'
import type { Beat, Look } from '../../src/bot/feature.ts'
import { isOpen, openingAfter } from '../../src/kit/customs.ts'
import type { Meeting } from '../../src/office/meeting/meeting.ts'
import {
  isOut,
  nextLook,
  pastReminders,
  REMINDERS,
  type ReminderSetting,
  USUAL_REMINDERS,
} from '../../src/office/meeting/schedule.ts'
import { waitsForMorning } from '../calm.ts'
import { customs } from '../customs.ts'
import { headcountOf } from './invite.ts'

/** What the office has settled about reminders of meetings; what it has not is as usual. */
export const reminderSetting = async ({ db }: Pick<Look, 'db'>): Promise<ReminderSetting> => ({
  ...USUAL_REMINDERS,
  ...(await setting<Partial<ReminderSetting>>(db, REMINDERS)),
})

/**
 * The meeting with the time at which there is next something to do about it. What a notice or change that goes out now says
 * anyway is not said once more as a reminder.
 */
export async function scheduled(look: Beat, before: Meeting, moved: Meeting): Promise<Meeting> {
  const isFresh = isOut(moved) && (moved.noticeRev !== before.noticeRev || !before.notifiedAt)
  const isCrowd = isFresh && (await headcountOf(look, moved)) > AT_ONCE
  const after = isCrowd ? { ...moved, reminded: moved.reminded.filter(one => one !== 'notice') } : moved
  const [settled, inForce, waits] = await Promise.all([reminderSetting(look), customs(look), waitsToLeave(look, after)])
  const noticeAt = waits ?? (isCrowd ? look.now : undefined)
  const past = isFresh ? pastReminders(after, settled, inForce, look.now) : []
  const leaves = isOut(after) && !noticeAt && !after.reminded.includes('notice') ? ['notice'] : []
  const reminded = [...new Set([...after.reminded, ...past, ...leaves])]
  const next = { ...after, reminded }
  return { ...next, nextAt: nextLook(next, settled, inForce, noticeAt) }
}

/** A notice to more than these leaves with the next heartbeat, so that whoever let it out need not wait for it. */
const AT_ONCE = 200

/** When a notice that waits for the morning leaves (GEN-07); undefined where it leaves at once, or has left. */
export async function waitsToLeave(look: Look, meeting: Meeting): Promise<Date | undefined> {
  if (!isOut(meeting) || meeting.reminded.includes('notice') || meeting.urgent) return undefined
  const inForce = await customs(look)
  if (isOpen(look.now, inForce) || !(await waitsForMorning(look))) return undefined
  const opens = openingAfter(look.now, inForce)
  return meeting.startsAt > opens ? opens : undefined
}
