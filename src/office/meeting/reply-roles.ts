import { isApart } from '../../kit/person.ts'
import { hosts } from './asked.ts'
import { type ReplyMove, type ReplyRole, replyFlow } from './flow.ts'
import type { Actor, Invitation, Meeting, Setting } from './meeting.ts'
import { isOrganisedBy, selvesOf } from './roles.ts'

/** An invitation with what belongs to it; only what its state needs is filled in. */
export interface FullInvitation {
  invitation: Invitation
  meeting: Meeting
  /** Who may grant leave (MT-02, A3), whoever is asked first before the others. */
  granters: readonly string[]
  /** Who names attendees for the unit. */
  contacts: readonly string[]
  /** Whom the unit has named. */
  named: readonly Invitation[]
  /** In whose place this one comes. */
  principal: Invitation | undefined
  /** Who comes in this one's place. */
  substitute: Invitation | undefined
  door: Door
  /** Whether the house shows all who are asked who comes by name; else they see counts. */
  showsNames: boolean
}

/** When people sign in. */
export interface Door {
  opensAt: Date
  closesAt: Date
}

/** A unit that is to name its own attendees. */
export const isUnit = ({ person, places }: Pick<Invitation, 'person' | 'places'>): boolean =>
  person === undefined && places > 0

/** Somebody comes in their place, or was to before they were asked anew. */
export const mayHaveSubstitute = ({ state, rev }: Pick<Invitation, 'state' | 'rev'>): boolean =>
  state === 'proxied' || (rev > 1 && ['pending', 'asking', 'excused', 'denied'].includes(state))

/** Beside whom they were asked for, whoever comes for another answers nothing of their own: the other does. */
export const answersForItself = ({ standsInFor, namedBy }: Pick<Invitation, 'standsInFor' | 'namedBy'>): boolean =>
  standsInFor === undefined && namedBy === undefined

/** Whether a reply is asked of them: not of whoever comes by their office, nor of whoever comes for another. */
export const isAskedToReply = (invitation: Invitation, meeting: Pick<Meeting, 'presider' | 'convener'>): boolean =>
  answersForItself(invitation) && !hosts(meeting, invitation.person)

/**
 * Who may grant a leave, whoever is asked first before the others: whoever presides, then whoever convenes; for the staff of a
 * section 办公室主任 too (domain.md 1.3, A3). Nobody grants their own: where that leaves none, the next above do.
 */
export function grantersFor(
  { presider, convener }: Pick<Meeting, 'presider' | 'convener'>,
  { person }: Pick<Invitation, 'person'>,
  { isLeading, office, above }: { isLeading: boolean; office: readonly string[]; above: readonly string[] },
): string[] {
  const others = (some: readonly string[]) => [...new Set(some)].filter(id => id !== '' && id !== person)
  const some = others([presider, convener, ...(isLeading ? [] : office)])
  return some.length ? some : others(above)
}

/** Whom a leave is asked of: the first of those who preside or convene; for the staff of a section 办公室主任 beside. */
export const askedForLeave = (
  { convener, presider }: Pick<Meeting, 'presider' | 'convener'>,
  granters: readonly string[],
): string[] => granters.filter((id, i) => i === 0 || id !== convener || presider === '')

type Full = Pick<FullInvitation, 'invitation' | 'meeting' | 'granters' | 'contacts'>
type Rule = (full: Full, actor: Actor, setting: Setting) => string | undefined

const only = (role: ReplyRole): string => `此按钮仅限${replyFlow.roles[role]}使用`
const OWN = '不能审批本人的请假'

const unless =
  (role: ReplyRole, holds: (full: Full, actor: Actor, setting: Setting) => boolean): Rule =>
  (full, actor, setting) =>
    holds(full, actor, setting) ? undefined : only(role)

/** Why somebody does not have a role towards an invitation; undefined = has it. */
const RULES: Record<ReplyRole, Rule> = {
  invitee: unless('invitee', (full, actor, setting) => isInvitee(full, actor) || records(full, actor, setting)),
  granter({ invitation: { person }, granters }, actor) {
    const [self, ...others] = selvesOf(actor).filter(({ id }) => granters.includes(id))
    if (!self || isApart(actor)) return only('granter')
    return actor.id === person || (others.length === 0 && self.id === person) ? OWN : undefined
  },
  unit: unless('unit', (full, actor, setting) => namesFor(full, actor) || records(full, actor, setting)),
  door: unless(
    'door',
    ({ invitation, meeting }, actor, setting) =>
      actor.id === invitation.person || isOrganisedBy(meeting, actor, setting),
  ),
}

/** Whoever was asked answers without any role, and so does who stands in for them (代). */
export const isInvitee = ({ invitation: { person } }: Pick<Full, 'invitation'>, actor: Actor): boolean =>
  person !== undefined && selvesOf(actor).some(({ id }) => id === person)

export const namesFor = ({ contacts }: Pick<Full, 'contacts'>, actor: Actor): boolean =>
  selvesOf(actor).some(({ id }) => contacts.includes(id))

/** Whether it is not their own affair: what they put down was told to them (代录, ORG-04). */
export const isRecorder = (full: Full, actor: Actor, setting: Setting): boolean =>
  !isInvitee(full, actor) && !namesFor(full, actor) && records(full, actor, setting)

const records = ({ meeting }: Full, actor: Actor, setting: Setting): boolean =>
  !isApart(actor) && isOrganisedBy(meeting, actor, setting)

export const whyNotReply = (full: Full, role: ReplyRole, actor: Actor, setting: Setting): string | undefined =>
  RULES[role](full, actor, setting)

/** In whose place a deputy answers or decides; undefined = by themselves, or as a recorder. */
export function answersInPlaceOf(full: Full, role: ReplyRole, actor: Actor): string | undefined {
  const { invitation, granters, contacts } = full
  const of = { invitee: [invitation.person], granter: granters, unit: contacts, door: [] }[role]
  const self = selvesOf(actor).find(({ id }) => (of as readonly unknown[]).includes(id))
  return self === undefined || self.id === actor.id ? undefined : self.id
}

const OF_PERSON: ReplyMove[] = ['attend', 'askLeave', 'delegate', 'reconsider', 'grantLeave', 'denyLeave']
const OF_UNIT: ReplyMove[] = ['name', 'rename']

/** Before it has begun people answer; at the door they sign in. */
export function repliesFrom({ invitation, meeting, door }: FullInvitation, now: Date): ReplyMove[] {
  const isOpen = meeting.notifiedAt !== undefined && ['notified', 'submitted'].includes(meeting.state)
  const isGoing = isOpen || meeting.state === 'underway'
  return (Object.keys(replyFlow.moves) as ReplyMove[]).filter(move => {
    const { from } = replyFlow.moves[move]
    if (!from.includes(invitation.state)) return false
    if (move === 'checkIn') return isGoing && !isUnit(invitation) && isDoorOpen(door, now)
    if (OF_UNIT.includes(move)) return isOpen && isUnit(invitation)
    if (move === 'attend' && stillAttends(invitation)) return false
    const isDeciding = move === 'grantLeave' || move === 'denyLeave'
    if (!OF_PERSON.includes(move) || isUnit(invitation) || !answersForItself(invitation)) return false
    return isDeciding ? isGoing : isOpen
  })
}

/** Who comes answers the same once more only after 改回执, for what stands beside it. */
const stillAttends = ({ state, lastMove }: Invitation): boolean => state === 'attending' && lastMove !== 'reconsider'

export const isDoorOpen = ({ opensAt, closesAt }: Door, now: Date): boolean => opensAt <= now && now <= closesAt

export const repliesOpen = (full: FullInvitation, actor: Actor, setting: Setting): ReplyMove[] =>
  repliesFrom(full, setting.now).filter(
    move => whyNotReply(full, replyFlow.moves[move].by, actor, setting) === undefined,
  )

/**
 * Whether somebody may see an invitation: whom it asks, for whom they come, who decides on it, and who organises the meeting. Whoever
 * comes for somebody has an invitation of their own; why the other asked for leave is not theirs to know.
 */
export function maySeeInvitation(full: FullInvitation, actor: Actor, setting: Setting): boolean {
  const { invitation, meeting, granters, contacts, principal } = full
  const some = [invitation.person, principal?.person, ...granters, ...contacts]
  return selvesOf(actor).some(({ id }) => some.includes(id)) || isOrganisedBy(meeting, actor, setting)
}
