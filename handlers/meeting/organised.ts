import { getMeeting } from '../../db/meeting.ts'
import type { Turn } from '../../src/bot/feature.ts'
import { Refusal } from '../../src/kit/refusal.ts'
import { meetingFlow } from '../../src/office/meeting/flow.ts'
import type { Meeting, Setting } from '../../src/office/meeting/meeting.ts'
import { whyNot } from '../../src/office/meeting/roles.ts'
import { actorIn, idOf, refuseStrangers, settingOf } from './setting.ts'

export interface Organised {
  meeting: Meeting
  setting: Setting
}

/** Whoever sees it hears why they may not; for others it is not there. */
export function refuseNonOrganiser(turn: Turn, meeting: Meeting, setting: Setting): void {
  refuseStrangers(meeting, actorIn(turn), setting)
  const why = whyNot(meeting, 'organiser', actorIn(turn), setting)
  if (why) throw new Refusal(why)
}

/** A meeting that has been notified, for whoever organises it. @throws Refusal for anybody else. */
export async function organised(turn: Turn, value: unknown): Promise<Organised> {
  const meeting = await getMeeting(turn.db, idOf(value))
  const setting = await settingOf(turn, [meeting])
  refuseNonOrganiser(turn, meeting, setting)
  if (!meeting.notifiedAt) throw new Refusal(`会议尚未通知,当前状态为“${meetingFlow.states[meeting.state]}”`)
  return { meeting, setting }
}
