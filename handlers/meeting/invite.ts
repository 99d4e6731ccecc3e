import { dropInvitations, invitationsOf, openInvitations } from '../../db/meeting-invitation.ts'
import { settleUnanswered } from '../../db/meeting-reply.ts'
import { peopleById } from '../../db/people.ts'
import { peopleInChats, peopleUnder } from '../../db/people-meant.ts'
import type { Look, Turn } from '../../src/bot/feature.ts'
import { Refusal } from '../../src/kit/refusal.ts'
import { type Asking, asked, comesByOffice, hosts } from '../../src/office/meeting/asked.ts'
import { type Guests, type Invitation, LIMITS, type Meeting } from '../../src/office/meeting/meeting.ts'
import { answersForItself } from '../../src/office/meeting/reply-roles.ts'
import { inRank } from './ranks.ts'

/** What became of those who are asked. */
export interface Invited {
  /** Asked now, and not before. */
  added: Invitation[]
  /** Not asked any more. */
  dropped: Invitation[]
  /** Asked before and still. */
  kept: Invitation[]
}

/** Settles whom a meeting asks: people, departments and groups come to persons as they are now, each once. */
export async function invite(turn: Pick<Turn, 'db' | 'now'>, meeting: Meeting): Promise<Invited> {
  const wanted = await guestsOf(turn, meeting)
  const before = await invitationsOf(turn.db, meeting.id, MOST)
  const keys = new Set(wanted.map(keyOf))
  const gone = goneOf(before, keys)
  await dropInvitations(
    turn.db,
    gone.map(({ id }) => id),
  )
  const kept = before.filter(one => !gone.includes(one))
  const there = new Set(kept.map(keyOf))
  const fresh = wanted.filter(one => !there.has(keyOf(one)))
  const added = await openInvitations(turn.db, await inRank(turn, fresh))
  const asked = await settleHosts(turn, meeting, kept)
  // whoever was to come for another and is now asked themselves hears of that only
  return {
    added: [...added, ...asked],
    dropped: gone.filter(one => !keys.has(keyOf(one))),
    kept: kept.filter(one => !asked.includes(one)),
  }
}

/** Whoever presides or convenes from now on comes without an answer; who did so far is asked for one. These are answered. */
async function settleHosts({ db }: Pick<Turn, 'db'>, meeting: Meeting, kept: readonly Invitation[]) {
  const own = kept.filter(answersForItself)
  const hosting = own.filter(({ person, state }) => state === 'pending' && hosts(meeting, person))
  const asked = own.filter(one => comesByOffice(one) && !hosts(meeting, one.person))
  await settleUnanswered(db, hosting, 'attending')
  await settleUnanswered(db, asked, 'pending')
  return asked
}

/** Substitutes, and whom a unit named, come through the invitation of another, and go with it. */
function goneOf(before: readonly Invitation[], keys: ReadonlySet<string>): Invitation[] {
  const own = before.filter(one => answersForItself(one) && !keys.has(keyOf(one)))
  const ids = new Set<number | undefined>(own.map(({ id }) => id))
  return [...own, ...before.filter(({ standsInFor, namedBy }) => ids.has(standsInFor ?? namedBy))]
}

const MOST = LIMITS.invited * 2

const keyOf = ({ person, unit }: Pick<Invitation, 'person' | 'unit'>): string => person ?? `unit:${unit}`

type Guest = Omit<Invitation, 'id'>

/**
 * Everybody whom a meeting would ask at present, as many as a meeting may ask: a department that has grown beyond that since must
 * not hold up what the clock brings.
 */
export const guestsOf = async (look: Pick<Look, 'db'>, meeting: Asking): Promise<Guest[]> =>
  (await everybody(look, meeting)).slice(0, LIMITS.invited)

/** @throws Refusal where somebody would ask more than a meeting may. */
export async function refuseTooMany(look: Pick<Look, 'db'>, meeting: Asking): Promise<void> {
  const { length } = await everybody(look, meeting)
  if (length > LIMITS.invited) throw new Refusal(`一次会议最多通知${LIMITS.invited}人,请缩小参会范围`)
}

async function everybody({ db }: Pick<Look, 'db'>, meeting: Asking): Promise<Guest[]> {
  const { people, listeners, departments, chats } = meeting.guests
  const [named, under, inChats] = await Promise.all([
    peopleById(db, [...new Set([...people, ...listeners, meeting.presider].filter(id => id !== ''))]),
    peopleUnder(db, departments, LIMITS.invited + 1),
    peopleInChats(db, chats, LIMITS.invited + 1),
  ])
  return asked(meeting, {
    named: new Map(named.filter(({ active }) => active).map(({ id, departments: [unit = ''] }) => [id, unit])),
    under,
    inChats,
  })
}

/** How many a meeting would ask, the places of units among them. */
export const headcountOf = async (look: Pick<Look, 'db'>, meeting: Asking): Promise<number> =>
  (await guestsOf(look, meeting)).reduce((sum, { places }) => sum + places, 0)

export const isEmpty = ({ people, departments, chats, units, listeners }: Guests): boolean =>
  ![people, departments, chats, units, listeners].some(some => some.length > 0)
