import { headsAmong } from '../../db/department.ts'
import { getMeeting } from '../../db/meeting.ts'
import { getInvitation, holdInvitation, NO_INVITATION, shareMeetingOf } from '../../db/meeting-invitation.ts'
import { findInvitation, invitationOf, othersFor } from '../../db/meeting-reply.ts'
import { peopleById } from '../../db/people.ts'
import { holdersAmong } from '../../db/role.ts'
import { setting } from '../../db/settings.ts'
import type { Look, Turn } from '../../src/bot/feature.ts'
import { stepsFor } from '../../src/kit/chain.ts'
import type { HeldRole } from '../../src/kit/person.ts'
import { Refusal } from '../../src/kit/refusal.ts'
import { dayIn } from '../../src/kit/time.ts'
import type { Actor, Invitation, Meeting, Setting } from '../../src/office/meeting/meeting.ts'
import {
  type Door,
  type FullInvitation,
  grantersFor,
  isUnit,
  mayHaveSubstitute,
  maySeeInvitation,
} from '../../src/office/meeting/reply-roles.ts'
import { REPLY_SETTING, type ReplySetting, withUsual } from '../../src/office/meeting/reply-setting.ts'
import { maySee } from '../../src/office/meeting/roles.ts'
import { endsByClockAt } from '../../src/office/meeting/schedule.ts'
import { may } from '../../src/office/role/role.ts'
import { ladderFor } from '../ladder.ts'
import { contactsOf } from './contacts.ts'
import { actorIn, idOf, settingOf } from './setting.ts'

type Reading = Pick<Look, 'db' | 'now' | 'office'>

/** What the card of an invitation shows, where it has been read already. */
export interface Shown {
  full: FullInvitation
  setting: Setting
}

/** What the house has settled about replies and the door; what it has not is as usual. */
export const replySetting = async ({ db }: Pick<Look, 'db'>): Promise<ReplySetting> =>
  withUsual(await setting<Partial<ReplySetting>>(db, REPLY_SETTING))

const MINUTE_MS = 60_000

/** People sign in from some time before it begins (or from 报到时间, where that is sooner) until it ends, which may be later than it was to. */
export function doorOf(meeting: Meeting, { door }: Pick<ReplySetting, 'door'>): Door {
  const { startsAt, endsAt, checkInAt, state } = meeting
  const usual = startsAt.getTime() - door * MINUTE_MS
  const closesAt = state === 'underway' ? endsByClockAt(meeting) : endsAt
  return { opensAt: new Date(Math.min(usual, checkInAt?.getTime() ?? usual)), closesAt }
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
    showsNames: settled.names,
  }
}

/** One that somebody answers: nobody else does until the turn ends, and nobody moves the meeting. */
async function holdFull(turn: Turn, value: unknown): Promise<FullInvitation> {
  const id = idOf(value)
  // the meeting first, as whoever moves it does
  const meeting = await shareMeetingOf(turn.db, id)
  return fullOf(turn, await holdInvitation(turn.db, id), meeting, turn.who.id)
}

/** The same for whoever presses on it. @throws Refusal for who knows nothing of the meeting: it reads like one that does not exist. */
export async function holdSeen(
  turn: Turn,
  value: unknown,
): Promise<{ full: FullInvitation; by: Actor; setting: Setting }> {
  const full = await holdFull(turn, value)
  const setting = await settingOfFull(turn, full)
  const by = actorIn(turn)
  const knows = maySeeInvitation(full, by, setting) || maySee(full.meeting, by, setting)
  if (!knows && !(await invitationOf(turn.db, full.meeting.id, by.id))) throw new Refusal(NO_INVITATION)
  return { full, by, setting }
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
  const units = some.map(({ invitation }) => invitation).filter(isUnit)
  return settingOf(
    look,
    meetingsOf(some),
    some.flatMap(peopleIn),
    units.map(({ unit }) => unit),
  )
}

/** The same once more people belong to one of them. */
export async function knowingAll(look: Reading, known: Setting, full: FullInvitation): Promise<Setting> {
  const strangers = peopleIn(full).filter(id => !known.names.has(id))
  const more = await peopleById(look.db, [...new Set(strangers)])
  return { ...known, names: new Map([...known.names, ...more.map(({ id, name }) => [id, name] as const)]) }
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
export const grantersOf = async (
  look: Reading,
  { person = '' }: Pick<Invitation, 'person'>,
  meeting: Meeting,
): Promise<string[]> => (await grantersAmong(look, [person], meeting)).get(person) ?? []

/** The same for many, by person, in as many readings as for one. */
export async function grantersAmong(
  look: Reading,
  persons: readonly string[],
  meeting: Meeting,
): Promise<Map<string, string[]>> {
  const [held, heads] = await Promise.all([leadersIn(look), headsAmong(look.db, persons)])
  const granting = heldBy(held, code => mayDecide([code]))
  const office = heldBy(held, (code, unit) => code === 'BZ' && (unit === undefined || unit === meeting.unit))
  const able = (id: string) => (granting.includes(id) ? id : '')
  const hosts = { presider: able(meeting.presider), convener: able(meeting.convener) }
  const found = new Map<string, string[]>()
  for (const person of persons) {
    const isLeading = heads.has(person) || held.some(one => one.person === person)
    const usual = grantersFor(hosts, { person }, { isLeading, office, above: [] })
    const next = usual.length ? [] : await above(look, person, meeting)
    found.set(person, usual.length ? usual : grantersFor(hosts, { person }, { isLeading, office, above: next }))
  }
  return found
}

type Leader = HeldRole & { person: string; active: boolean }

/** Who holds a role that leads. */
async function leadersIn({ db, now }: Pick<Look, 'db' | 'now'>): Promise<Leader[]> {
  const held = await holdersAmong(db, LEADING, dayIn(now))
  const people = await peopleById(db, [...new Set(held.map(({ person }) => person))])
  const there = new Set(people.filter(({ active }) => active).map(({ id }) => id))
  return held.map(one => ({ ...one, active: there.has(one.person) }))
}

const heldBy = (held: readonly Leader[], is: (code: string, unit: string | undefined) => boolean): string[] => [
  ...new Set(held.filter(({ active, code, unit }) => active && is(code, unit)).map(({ person }) => person)),
]

/** Everybody who may grant leaves (会议 请假 in domain.md 1.3) and is there, in whichever unit they hold it. */
export const grantingIn = async (look: Pick<Look, 'db' | 'now'>): Promise<string[]> =>
  heldBy(await leadersIn(look), code => mayDecide([code]))

/** One step up for whoever would decide on their own (PERM-01). */
async function above(look: Reading, person: string, { unit }: Meeting): Promise<readonly string[]> {
  const climb = { ...(await ladderFor(look, unit)), own: [person], mayDecide }
  return stepsFor([{ by: 'FG', why: [] }], climb)?.[0]?.people ?? []
}

const mayDecide = (codes: readonly string[]): boolean => may(codes, 'A', 'meeting.leave')
