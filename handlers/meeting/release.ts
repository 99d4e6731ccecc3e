import { dropInvitations } from '../../db/meeting-invitation.ts'
import type { Turn } from '../../src/bot/feature.ts'
import type { Invitation, Setting } from '../../src/office/meeting/meeting.ts'
import { guestName } from '../../src/office/meeting/reply.ts'
import { noticeLine, releasedCard } from '../../src/office/meeting/reply-cards.ts'
import type { FullInvitation } from '../../src/office/meeting/reply-roles.ts'
import { tellOf } from '../tell.ts'
import { guestsFollow } from './calendar.ts'
import { FEATURE, invitationMatter } from './setting.ts'

/** Whoever was to come in somebody's place is told that they need not; who has signed in already stays on the list. */
export async function release(
  turn: Turn,
  full: FullInvitation,
  substitute: Invitation,
  setting: Setting,
): Promise<void> {
  if (substitute.state === 'present') return
  const { meeting, invitation } = full
  await dropInvitations(turn.db, [substitute.id])
  guestsFollow(turn, meeting.id)
  turn.record({
    feature: FEATURE,
    act: 'release',
    matter: invitationMatter(meeting.id, substitute.id),
    data: { principal: invitation.person ?? '', substitute: substitute.person ?? '' },
  })
  turn.redraw(FEATURE, invitationMatter(meeting.id, substitute.id))
  const principal = guestName(invitation, setting)
  const news = {
    body: { card: releasedCard(meeting, principal, invitation.state !== 'proxied', setting) },
    line: `${noticeLine(meeting, setting)}:您不再代${principal}参会`,
  }
  await tellOf(turn, [substitute.person], news, meeting.startsAt)
}
