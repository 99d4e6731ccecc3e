import { awaitedMeetings, countAwaitedMeetings, keepNextLook } from '../../db/meeting-due.ts'
import { keepSetting, setting } from '../../db/settings.ts'
import type { Beat, Look } from '../../src/bot/feature.ts'
import { isOut, nextLook } from '../../src/office/meeting/schedule.ts'
import { customs } from '../customs.ts'
import { reminderSetting, waitsToLeave } from './schedule.ts'

/** By which days and hours the times of reminders, and of notices that wait for the morning, stand. */
const CALENDAR = 'meeting.calendar'

export async function uncalibrated(look: Look): Promise<boolean> {
  const [inForce, stands] = await Promise.all([customs(look), setting<string>(look.db, CALENDAR)])
  return stands !== inForce.calendarId && (await countAwaitedMeetings(look.db)) > 0
}

/** Reckons anew when there is next something to tell of each meeting. Nobody has been told those times, so nobody hears of it. */
export async function recalibrate(beat: Beat): Promise<undefined> {
  const [inForce, settled, some] = await Promise.all([customs(beat), reminderSetting(beat), awaitedMeetings(beat.db)])
  for (const meeting of some) {
    const isUnsent = isOut(meeting) && !meeting.reminded.includes('notice')
    const noticeAt = (await waitsToLeave(beat, meeting)) ?? (isUnsent ? beat.now : undefined)
    const nextAt = nextLook(meeting, settled, inForce, noticeAt)
    if (nextAt?.getTime() !== meeting.nextAt?.getTime()) await keepNextLook(beat.db, { ...meeting, nextAt })
  }
  // what somebody is moving just now is reckoned at the next beat
  if (some.length === (await countAwaitedMeetings(beat.db)))
    await keepSetting(beat.db, CALENDAR, inForce.calendarId, beat.now)
}
