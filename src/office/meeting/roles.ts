import { openStep } from '../../kit/chain.ts'
import { APART, isApart, type Principal } from '../../kit/person.ts'
import { type MeetingMove, type MeetingRole, meetingFlow } from './flow.ts'
import type { Actor, Meeting, Setting } from './meeting.ts'
import { peopleOf } from './steps.ts'

/** Roles of the office: held for the whole house, or for the unit that calls the meeting. */
const OFFICE = ['LD', 'FG', 'BZ', 'HW']

export type Self = Pick<Principal, 'id' | 'departments' | 'held'>

/** The roles of domain.md 1.2 that somebody has towards one meeting; whoever holds none is 一般干部. */
export function codesIn({ unit: of }: Pick<Meeting, 'unit'>, self: Self, heads: ReadonlyMap<string, string>): string[] {
  if (!self.held.length && heads.get(of) !== self.id) return ['GB']
  const held = self.held.filter(({ code, unit }) => {
    if (OFFICE.includes(code)) return unit === undefined || unit === of
    return code === 'KZ' ? (unit === undefined ? self.departments.includes(of) : unit === of) : true
  })
  const codes = new Set(held.map(({ code }) => code))
  if (of && heads.get(of) === self.id) codes.add('KZ')
  return [...codes]
}

/** Who may call a meeting at all (会议 创建/变更 in domain.md 1.3); the head of a department by the directory is its 科室负责人. */
export function mayCall({ held }: Pick<Self, 'held'>, isHead: boolean, may: Setting['may']): boolean {
  const codes = [...held.map(({ code }) => code), ...(isHead ? ['KZ'] : [])]
  return may(codes, 'C', 'meeting.call') || may(codes, 'A', 'meeting.call')
}

interface Facts {
  meeting: Meeting
  /** Whose rights count: the actor's own, or those of whom the actor stands in for. */
  id: string
  /** Both of them: neither decides on what either asked for (PERM-01). */
  selves: readonly string[]
  codes: string[]
  /** In whichever unit. */
  held: string[]
  setting: Setting
  can: (right: Parameters<Setting['may']>[1]) => boolean
}

const OWN = '承办人不得审批本人提出的会议'
const only = (role: MeetingRole): string => `此按钮仅限${meetingFlow.roles[role]}使用`

/** Why somebody does not have a role towards a meeting; undefined = has it. */
type Rule = (facts: Facts) => string | undefined

const RULES: Record<MeetingRole, Rule> = {
  organiser: facts => (isOrganiser(facts) ? undefined : only('organiser')),
  approver({ meeting, id, selves, codes, held, setting, can }) {
    const step = openStep(meeting)
    if (!step || !(codes.includes(step.by) || held.includes(step.by))) return only('approver')
    // 主要领导 call no meeting themselves, but decide what only they can (MT-24)
    if (!can('A') && !(step.by === 'LD' && can('V')) && !(step.by === 'KZ' && can('C'))) return only('approver')
    const isNamed = step.people.includes(id)
    if (!isNamed && (!codes.includes(step.by) || isStaffed(meeting, setting))) return only('approver')
    return selves.includes(meeting.maker) ? OWN : undefined
  },
  clock: () => only('clock'),
}

/** The maker as long as they may call meetings, 会务员 of its unit, and 办公室主任. */
function isOrganiser({ meeting, selves, codes, can }: Facts): boolean {
  if (selves.includes(meeting.maker) && (can('C') || can('A'))) return true
  return can('E') || (codes.includes('BZ') && can('A'))
}

/** Whether somebody of those named for the open step is there and holds it still: only they and their deputies decide then. */
function isStaffed(meeting: Meeting, { serving, heads }: Setting): boolean {
  const step = openStep(meeting)
  return (step?.people ?? []).some(
    id =>
      serving.get(id)?.some(({ code }) => code === step?.by) ||
      (step?.by === 'KZ' && serving.has(id) && heads.get(meeting.unit) === id),
  )
}

/** As whom somebody may act: themselves first. */
export const selvesOf = (actor: Actor): Self[] => [actor, ...(isApart(actor) ? [] : actor.standsFor)]

function factsOf(meeting: Meeting, actor: Actor, setting: Setting, self: Self): Facts {
  const codes = codesIn(meeting, self, setting.heads)
  // what the presser is denied nobody hands on
  const denied = actor === self ? [] : actor.held.map(({ code }) => code).filter(code => APART.includes(code))
  return {
    meeting,
    id: self.id,
    selves: [actor.id, self.id],
    codes,
    held: self.held.map(({ code }) => code),
    setting,
    can: right => setting.may([...codes, ...denied], right, 'meeting.call'),
  }
}

/** Why somebody does not have a role towards a meeting, by themselves or as a deputy; undefined = has it. */
export function whyNot(meeting: Meeting, role: MeetingRole, actor: Actor, setting: Setting): string | undefined {
  const reasons = selvesOf(actor).map(self => RULES[role](factsOf(meeting, actor, setting, self)))
  if (reasons.includes(undefined)) return undefined
  return reasons.find(reason => reason !== only(role)) ?? reasons[0]
}

export const isOrganisedBy = (meeting: Meeting, actor: Actor, setting: Setting): boolean =>
  whyNot(meeting, 'organiser', actor, setting) === undefined

/** In whose place somebody has a role; undefined = by themselves, or not at all. */
export function inPlaceOf(meeting: Meeting, role: MeetingRole, actor: Actor, setting: Setting): string | undefined {
  const self = selvesOf(actor).find(one => RULES[role](factsOf(meeting, actor, setting, one)) === undefined)
  return self === actor ? undefined : self?.id
}

/** Whether a step that somebody was asked for has been decided since. */
export const hadTurn = ({ steps }: Pick<Meeting, 'steps'>, actor: Actor): boolean =>
  steps.some(
    ({ people, decision }) =>
      decision &&
      selvesOf(actor).some(({ id }) => people.includes(id) || decision.by === id || decision.inPlaceOf === id),
  )

/** The moves that the meeting allows to anybody. */
export const movesFrom = ({ state, steps, replyBy, notifiedAt }: Meeting): MeetingMove[] =>
  (Object.keys(meetingFlow.moves) as MeetingMove[]).filter(move => {
    if (!meetingFlow.moves[move].from.includes(state) || meetingFlow.moves[move].by === 'clock') return false
    // a draft goes out where nobody is to be asked, and else before whom is
    if (move === 'publish') return steps.length === 0
    if (move === 'submit') return steps.length > 0
    // once it has gone out, it is changed (变更)
    if (move === 'edit') return notifiedAt === undefined
    return move !== 'nudge' || replyBy !== undefined
  })

/** The moves that somebody may make now, in the order of the table. */
export const movesOpen = (meeting: Meeting, actor: Actor, setting: Setting): MeetingMove[] =>
  movesFrom(meeting).filter(move => whyNot(meeting, meetingFlow.moves[move].by, actor, setting) === undefined)

/** Whether it has been before anybody but its maker's office. */
export const isUnsent = ({ submittedAt, notifiedAt }: Pick<Meeting, 'submittedAt' | 'notifiedAt'>): boolean =>
  submittedAt === undefined && notifiedAt === undefined

/** Who by role looks at the meetings of the house or of the unit. */
const SEEING = [...OFFICE, 'KZ']

/**
 * Whether somebody may see the meeting as its organiser does: whoever organises, convenes, presides or decides, and by role the
 * house's leaders. Those who are asked to it see their invitation.
 */
export const maySee = (meeting: Meeting, actor: Actor, setting: Setting): boolean =>
  isOrganisedBy(meeting, actor, setting) || selvesOf(actor).some(self => isLetIn(meeting, self, setting))

function isLetIn(meeting: Meeting, self: Self, { heads }: Setting): boolean {
  const { maker, convener } = meeting
  if ([maker, convener].includes(self.id)) return true
  if (isUnsent(meeting)) return false
  if (peopleOf(meeting).includes(self.id)) return true
  return !isApart(self) && codesIn(meeting, self, heads).some(code => SEEING.includes(code))
}
