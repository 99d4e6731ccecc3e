import { getInvitation, getMeeting, holdInvitation, NO_INVITATION, shareMeeting } from '../../db/meeting.ts'
import { findInvitation, othersFor } from '../../db/meeting-reply.ts'
import { departmentsById, departmentsLed, peopleById } from '../../db/people.ts'
import { holdersAmong, rolesHeldBy } from '../../db/role.ts'
import { setting } from '../../db/settings.ts'
import type { Look, Turn } from '../../src/bot/feature.ts'
import { stepsFor } from '../../src/kit/chain.ts'
import { Refusal } from '../../src/kit/refusal.ts'
import { dayIn } from '../../src/kit/time.ts'
import type { Invitation, Meeting, Setting } from '../../src/office/meeting/meeting.ts'
import {
  type Door,
  type FullInvitation,
  grantersFor,
  isUnit,
  mayHaveSubstitute,
} from '../../src/office/meeting/reply-roles.ts'
import { REPLY_SETTING, type ReplySetting, withUsual } from '../../src/office/meeting/reply-setting.ts'
import { may } from '../../src/office/role/role.ts'
import { holdersFor } from '../holders.ts'
import { ladderFor } from '../ladder.ts'
import { contactsOf } from './contacts.ts'
import { idOf, settingOf } from './setting.ts'

type Reading = Pick<Look, 'db' | 'now' | 'office'>

/** What the house has settled about replies and the door; what it has not is as usual. */
export const replySetting = async ({ db }: Pick<Look, 'db'>): Promise<ReplySetting> =>
  withUsual(await setting<Partial<ReplySetting>>(db, REPLY_SETTING))

const MINUTE_MS = 60_000

/** People sign in from some time before it begins (or from 报到时间, where that is sooner) until it ends. */
export function doorOf({ startsAt, endsAt, checkInAt }: Meeting, { door }: Pick<ReplySetting, 'door'>): Door {
  const usual = startsAt.getTime() - door * MINUTE_MS
  return { opensAt: new Date(Math.min(usual, checkInAt?.getTime() ?? usual)), closesAt: endsAt }
}

/**
 * An invitation with what belongs to it. Who may grant a leave is asked only where one is asked for, or where somebody else than
 * whom it asks looks: thousands answer at once.
 */
export async function fullOf(
  look: Reading,
  invitation: Invitation,
  meeting: Meeting,
  viewer: string,
): Promise<FullInvitation> {
  const { standsInFor, person, state } = invitation
  const isOthers = person !== undefined && (state === 'asking' || viewer !== person)
  const hasOthers = isUnit(invitation) || mayHaveSubstitute(invitation)
  const [settled, granters, contacts, others, principal] = await Promise.all([
    replySetting(look),
    isOthers ? grantersOf(look, invitation, meeting) : [],
    isUnit(invitation) ? contactsOf(look, [invitation.unit]) : new Map<string, string[]>(),
    hasOthers ? othersFor(look.db, invitation) : [],
    standsInFor === undefined ? undefined : findInvitation(look.db, standsInFor),
  ])
  return {
    invitation,
    meeting,
    granters,
    contacts: contacts.get(invitation.unit) ?? [],
    named: others.filter(({ namedBy }) => namedBy === invitation.id),
    substitute: others.find(one => one.standsInFor === invitation.id),
    principal,
    door: doorOf(meeting, settled),
  }
}

/** One that somebody answers: nobody else does until the turn ends, and nobody moves the meeting. */
export async function holdFull(turn: Turn, value: unknown): Promise<FullInvitation> {
  const { id, meeting: of } = await getInvitation(turn.db, idOf(value))
  // the meeting first, as whoever moves it does
  const meeting = await shareMeeting(turn.db, of)
  return fullOf(turn, await holdInvitation(turn.db, id), meeting, turn.who.id)
}

/** The invitation of a matter such as `12/i345`. */
export async function readFull(look: Reading & Pick<Turn, 'who'>, matter: string): Promise<FullInvitation> {
  const [, of = '', id = ''] = /^(\d{1,15})\/i(\d{1,15})$/.exec(matter) ?? []
  const invitation = await getInvitation(look.db, idOf(id))
  if (invitation.meeting !== idOf(of)) throw new Refusal(NO_INVITATION)
  return fullOf(look, invitation, await getMeeting(look.db, invitation.meeting), look.who.id)
}

/** What the rules and cards need to know about some invitations. */
export async function settingOfFull(look: Reading, ...some: FullInvitation[]): Promise<Setting> {
  const units = some.map(({ invitation }) => invitation.unit).filter(unit => unit !== '')
  const [known, extra] = await Promise.all([
    settingOf(look, meetingsOf(some), some.flatMap(peopleIn)),
    some.some(({ invitation }) => isUnit(invitation)) ? departmentsById(look.db, [...new Set(units)]) : [],
  ])
  return extra.length
    ? { ...known, units: new Map([...known.units, ...extra.map(unit => [unit.id, unit.name] as const)]) }
    : known
}

const meetingsOf = (some: readonly FullInvitation[]): Meeting[] => [
  ...new Map(some.map(({ meeting }) => [meeting.id, meeting])).values(),
]

const peopleIn = ({ invitation, granters, named, principal, substitute }: FullInvitation): string[] =>
  [invitation, ...named, principal, substitute]
    .flatMap(one => (one ? [one.person, one.repliedBy, one.decidedBy, one.decidedFor, one.checkedInBy] : []))
    .concat(granters)
    .filter(id => id !== undefined)

/** Roles that lead: whoever holds one asks the presiding leader alone (A3). */
const LEADING = ['LD', 'FG', 'BZ', 'KZ']

/** Who may grant somebody's leave, whoever is asked first before the others; who holds no such right convenes or presides without it. */
export async function grantersOf(
  look: Reading,
  { person = '' }: Pick<Invitation, 'person'>,
  meeting: Meeting,
): Promise<string[]> {
  const [held, led, office, granting] = await Promise.all([
    rolesHeldBy(look.db, person, dayIn(look.now)),
    departmentsLed(look.db, person),
    holdersFor(look, meeting, ['BZ']),
    grantingIn(look),
  ])
  const isLeading = led.length > 0 || held.some(({ code }) => LEADING.includes(code))
  const able = (id: string) => (granting.includes(id) ? id : '')
  const hosts = { presider: able(meeting.presider), convener: able(meeting.convener) }
  const usual = grantersFor(hosts, { person }, { isLeading, office, above: [] })
  return usual.length
    ? usual
    : grantersFor(hosts, { person }, { isLeading, office, above: await above(look, person, meeting) })
}

/** Everybody who may grant leaves (会议 请假 in domain.md 1.3) and is there, in whichever unit they hold it. */
export async function grantingIn({ db, now }: Pick<Look, 'db' | 'now'>): Promise<string[]> {
  const held = await holdersAmong(db, LEADING, dayIn(now))
  const ids = held.filter(({ code }) => mayDecide([code])).map(({ person }) => person)
  const people = await peopleById(db, [...new Set(ids)])
  return people.filter(({ active }) => active).map(({ id }) => id)
}

/** One step up for whoever would decide on their own (PERM-01). */
async function above(look: Reading, person: string, { unit }: Meeting): Promise<readonly string[]> {
  const climb = { ...(await ladderFor(look, unit)), own: [person], mayDecide }
  return stepsFor([{ by: 'FG', why: [] }], climb)?.[0]?.people ?? []
}

const mayDecide = (codes: readonly string[]): boolean => may(codes, 'A', 'meeting.leave')
