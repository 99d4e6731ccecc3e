import type { Invitation, Meeting } from './meeting.ts'
import { comesAfterAll } from './reply.ts'
import { isUnit } from './reply-roles.ts'

/** Somebody, or a unit, that is asked to a meeting, with what they and their unit are called. */
export interface Expected {
  invitation: Invitation
  name: string
  /** 职务. */
  title: string
  unit: string
}

const AWAY: Array<Invitation['state']> = ['excused', 'proxied']

/** Those for whom there is a seat: whoever is asked, but for those whose leave was granted; 列席 after the others. */
export function seated(all: readonly Expected[]): Expected[] {
  const some = onePerSeat(all).filter(({ invitation }) => !isUnit(invitation) && !AWAY.includes(invitation.state))
  return [...some.filter(attends), ...some.filter(one => !attends(one))]
}

/** Of somebody and whoever comes in their place one: the substitute, unless the principal comes after all. */
export function onePerSeat(all: readonly Expected[]): Expected[] {
  const known = new Map(all.map(one => [one.invitation.id, one.invitation]))
  const principalOf = ({ invitation }: Expected) => known.get(invitation.standsInFor ?? 0)
  const replaced = new Set(all.map(one => principalOf(one)?.id))
  return all.filter(one => {
    const principal = principalOf(one)
    if (principal) return !comesAfterAll(principal)
    return comesAfterAll(one.invitation) || !replaced.has(one.invitation.id)
  })
}

const attends = ({ invitation }: Expected): boolean => invitation.part === 'attend'

/** Places of units that have not named anybody yet. */
export const unnamed = (all: readonly Expected[]): number =>
  all.reduce((sum, { invitation }) => sum + (isUnnamed(invitation) ? invitation.places : 0), 0)

const isUnnamed = (invitation: Invitation): boolean => isUnit(invitation) && invitation.state === 'pending'

/** Those who get the final materials: whoever comes, and where nobody is asked to answer, whoever is asked and not away. */
export const served = ({ replyBy }: Pick<Meeting, 'replyBy'>, all: readonly Invitation[]): string[] =>
  all.flatMap(one => (one.person !== undefined && comes(one, replyBy !== undefined) ? one.person : []))

const comes = ({ state }: Invitation, answers: boolean): boolean =>
  answers ? state === 'attending' || state === 'present' : ![...AWAY, 'asking'].includes(state)
