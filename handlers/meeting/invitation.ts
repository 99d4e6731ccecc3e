import { getMeeting } from '../../db/meeting.ts'
import { comingNames, findInvitation, tallyOf } from '../../db/meeting-reply.ts'
import type { Look, Press, Turn } from '../../src/bot/feature.ts'
import type { Card } from '../../src/kit/card.ts'
import type { Viewer } from '../../src/kit/person.ts'
import type { Actor, Invitation, Meeting, Setting } from '../../src/office/meeting/meeting.ts'
import { asNews } from '../../src/office/meeting/notice.ts'
import {
  type BesideInvitation,
  groupNoticeCard,
  invitationCard,
  withdrawnCard,
} from '../../src/office/meeting/reply-cards.ts'
import { type Offer, shownMoves } from '../../src/office/meeting/reply-controls.ts'
import { type FullInvitation, maySeeInvitation } from '../../src/office/meeting/reply-roles.ts'
import { fullOf, type Shown, settingOfFull } from './full.ts'
import { substitutesFor } from './proxy.ts'
import { actorOf, FEATURE, idOf, invitationMatter, settingOf } from './setting.ts'
import { staffFor } from './unit.ts'

const MATTER = /^(\d{1,15})\/(?:i(\d{1,15})|(all|new))$/

export const isInvitationMatter = (matter: string): boolean => MATTER.test(matter)

/**
 * `12/i345`: an invitation as its holder sees it; `12/all`: the notice before a group; `12/new`: before one that is asked only since
 * time or place moved.
 */
export async function drawInvitation(look: Look, matter: string, viewer: Viewer): Promise<Card> {
  const [, of = '', id, group] = MATTER.exec(matter) ?? []
  if (id === undefined) {
    const meeting = await getMeeting(look.db, idOf(of))
    return drawNotice(look, group === 'new' ? asNews(meeting) : meeting)
  }
  const invitation = await findInvitation(look.db, idOf(id))
  if (!invitation || invitation.meeting !== idOf(of)) return withdrawnCard()
  const meeting = await getMeeting(look.db, invitation.meeting)
  const full = await fullOf(look, invitation, meeting, viewer.kind === 'person' ? viewer.id : '')
  const [setting, actor] = await Promise.all([
    settingOfFull(look, full),
    viewer.kind === 'person' ? viewerOf(look, viewer.id, invitation) : undefined,
  ])
  if (actor && !maySeeInvitation(full, actor, setting)) return withdrawnCard()
  return invitationCard(full, actor, await besideOf(look, full, actor, setting), setting)
}

/** Whoever is asked answers without any role: thousands of their cards leave at once, and need none read. */
const viewerOf = async (look: Look, id: string, { person }: Pick<Invitation, 'person'>): Promise<Actor> =>
  id === person ? guest(id) : actorOf(look, id)

const guest = (id: string): Actor => ({ id, departments: [], held: [], standsFor: [] })

/** The card on which somebody has just answered for themselves, as the turn has read it; undefined: it is another card. */
export async function drawAnswered(turn: Turn, { copy }: Press, shown: Shown): Promise<Card | undefined> {
  const { full, setting } = shown
  const { invitation, meeting } = full
  const isOwn =
    copy?.feature === FEATURE &&
    copy.matter === invitationMatter(meeting.id, invitation.id) &&
    copy.viewer === turn.who.id &&
    invitation.person === turn.who.id
  if (!isOwn) return undefined
  const actor = guest(turn.who.id)
  return invitationCard(full, actor, await besideOf(turn, full, actor, setting), setting)
}

async function drawNotice(look: Look, meeting: Meeting): Promise<Card> {
  const [setting, tally] = await Promise.all([settingOf(look, [meeting]), tallyOf(look.db, meeting)])
  return groupNoticeCard(meeting, tally, setting)
}

const MOST_NAMES = 500

async function besideOf(
  look: Look,
  full: FullInvitation,
  actor: Actor | undefined,
  setting: Setting,
): Promise<BesideInvitation> {
  const coming = full.showsNames ? await comingNames(look.db, full.meeting.id, MOST_NAMES) : undefined
  return { offer: actor ? await offerFor(look, full, actor, setting) : [], coming }
}

async function offerFor(look: Look, full: FullInvitation, actor: Actor, setting: Setting): Promise<Offer> {
  const moves = shownMoves(full, actor, setting)
  if (moves.includes('delegate')) return substitutesFor(look, full)
  return moves.includes('name') || moves.includes('rename') ? staffFor(look, full) : []
}
