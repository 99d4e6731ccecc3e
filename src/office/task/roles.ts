import { APART, isApart } from '../../kit/person.ts'
import { type TaskMove, type TaskRole, taskFlow } from './flow.ts'
import { decisionsOn } from './record.ts'
import {
  type Actor,
  type Change,
  giverOf,
  LIMITS,
  peopleOf,
  type Setting,
  type Task,
  type TaskPress,
  unitsOf,
} from './task.ts'
import { workdays } from './worktime.ts'

/** Roles of the office that supervises. */
export const OFFICE = ['LD', 'FG', 'BZ', 'DB']
/** Roles that count in the unit that answers for the task. */
export const LOCAL = ['KZ', 'QX']

/** The roles of domain.md 1.2 that somebody has towards one task: held ones, and 承办人 or 协办联络员 by being named. */
export function codesIn(task: Task, actor: Actor, heads: ReadonlyMap<string, string>): string[] {
  const held = actor.held.filter(({ code, unit }) => {
    if (OFFICE.includes(code)) return unit === undefined || unit === task.unit
    if (LOCAL.includes(code))
      return unit === undefined ? actor.departments.includes(task.leadUnit) : unit === task.leadUnit
    return APART.includes(code)
  })
  const codes = new Set(held.map(({ code }) => code))
  if (task.leadUnit && heads.get(task.leadUnit) === actor.id) codes.add('KZ')
  if (task.lead === actor.id) codes.add('CB')
  if (task.assists.some(one => one.person === actor.id)) codes.add('XB')
  return [...codes]
}

interface Facts {
  task: Task
  /** Whose rights count: the actor's own, or those of whom the actor stands in for. */
  id: string
  /** Both of them: neither decides on what either asked for (PERM-01). */
  selves: readonly string[]
  codes: string[]
  setting: Setting
  can: (right: Parameters<Setting['may']>[1], of: Parameters<Setting['may']>[2]) => boolean
}

/** Why somebody does not have a role towards a task; undefined = has it. */
type Rule = (facts: Facts) => string | undefined

const OWN = '本人提出的事项须由他人审批'
const only = (role: TaskRole): string => `此按钮仅限${taskFlow.roles[role]}使用`

const unless =
  (role: TaskRole, holds: (facts: Facts) => boolean): Rule =>
  facts =>
    holds(facts) ? undefined : only(role)

/** An approver who is not the one who asked (PERM-01). */
const decides =
  (role: TaskRole, holds: (facts: Facts) => boolean, asked: (facts: Facts) => boolean): Rule =>
  facts =>
    !holds(facts) ? only(role) : asked(facts) ? OWN : undefined

const isOneOf = ({ selves }: Facts, ...people: Array<string | undefined>): boolean =>
  people.some(id => id !== undefined && selves.includes(id))

const asked = (facts: Facts): boolean => isOneOf(facts, facts.task.petition?.by, facts.task.petition?.inPlaceOf)
const isOwner = ({ codes, can }: Facts): boolean =>
  can('O', 'task.finish') && codes.some(code => code === 'CB' || code === 'QX')

const RULES: Record<TaskRole, Rule> = {
  drafter: unless(
    'drafter',
    facts => facts.can('C', 'task.draft') && (isOneOf(facts, facts.task.maker) || facts.codes.includes('DB')),
  ),
  assigner: decides(
    'assigner',
    ({ can }) => can('A', 'task.assign'),
    facts => facts.task.state === 'submitted' && asked(facts),
  ),
  changer: facts => decides('changer', ({ can }) => can('A', 'task.assign'), proposed)(facts) ?? prolonging(facts),
  receiver: unless('receiver', ({ codes, can }) => can('S', 'task.accept') && isOfLead(codes)),
  reporter: unless('reporter', ({ codes, can }) => can('E', 'task.update') && isOfLead(codes)),
  owner: unless('owner', isOwner),
  head: unless('head', ({ codes, can }) => can('E', 'task.accept') && codes.some(code => LOCAL.includes(code))),
  supervisor: unless('supervisor', ({ can }) => can('C', 'task.suspend') || can('A', 'task.suspend')),
  extender: facts =>
    decides('extender', ({ can }) => can('A', 'task.extend'), ofLead)(facts) ??
    beyondFirst(facts, facts.task.petition?.until),
  checker: decides('checker', ({ can, task }) => can('E', 'task.finish') && task.checkedBy === undefined, reported),
  closer: facts =>
    decides('closer', ({ can }) => can('A', 'task.finish'), reported)(facts) ??
    unchecked(facts) ??
    checkedAlready(facts),
  reviewer: decides('reviewer', ({ can }) => can('A', 'task.finish') || can('E', 'task.finish'), reported),
  petitioner: unless('petitioner', facts => facts.can('C', 'task.suspend') || isOwner(facts)),
  suspender: decides('suspender', ({ can }) => can('A', 'task.suspend'), ofLead),
  canceller: facts =>
    decides('canceller', ({ can }) => can('A', 'task.suspend'), ofLead)(facts) ?? withoutConsent(facts),
  giver: unless('giver', ({ task, id }) => giverOf(task) === id),
  recorder: facts => recorder(facts) ?? decidesAlready(facts),
  archivist: unless('archivist', ({ can }) => can('C', 'archive.file')),
}

const isOfLead = (codes: string[]): boolean => codes.some(code => code === 'CB' || LOCAL.includes(code))

/** Whoever answers for it, or asked, does not decide on what is asked for. */
function ofLead(facts: Facts): boolean {
  return asked(facts) || isOneOf(facts, facts.task.lead)
}

function reported(facts: Facts): boolean {
  const { finishedBy, finishedFor, lead } = facts.task
  return isOneOf(facts, finishedBy, finishedFor, lead)
}

function proposed(facts: Facts): boolean {
  return isOneOf(facts, facts.task.change?.by, facts.task.change?.inPlaceOf)
}

const SECRETARIES = ['BZ', 'DB']

/** Who may enter what a leader decided elsewhere (ORG-04): also who sent it up, for the decision is the leader's, who is told. */
function recorder(facts: Facts): string | undefined {
  const { codes, can, task } = facts
  if (!can('C', 'task.draft') || !codes.some(code => SECRETARIES.includes(code))) return only('recorder')
  const isOwnWork =
    (task.state === 'extending' && ofLead(facts)) ||
    (task.state === 'finished' && reported(facts)) ||
    isOneOf(facts, task.lead)
  return isOwnWork ? '本人承办的事项,须由他人代录' : undefined
}

function decidesAlready(facts: Facts): string | undefined {
  const [granting] = decisionsOn(facts.task)
  const own = granting && RULES[taskFlow.moves[granting].by](facts) === undefined
  return own ? '您可以直接审批,无须代录' : undefined
}

const ABOVE = ['LD', 'FG']

/** A1: 办公室主任 grants only the first extension, and only up to some workdays. */
function beyondFirst({ task, codes, setting }: Facts, until: Date | undefined): string | undefined {
  if (codes.some(code => ABOVE.includes(code))) return undefined
  const far = until && task.dueAt ? workdays(task.dueAt, until, setting.work) > LIMITS.extensionWorkdays : false
  return task.extensions > 0 || far
    ? `再次延期或延期超过${LIMITS.extensionWorkdays}个工作日,须由分管领导或主要领导审批`
    : undefined
}

/** Whether a 变更 gives more time, like 延期. */
export const prolongs = ({ dueAt }: Pick<Task, 'dueAt'>, change: Pick<Change, 'dueAt'> | undefined): boolean =>
  dueAt !== undefined && change?.dueAt !== undefined && change.dueAt > dueAt

/** More time is granted by the rule of 延期, whatever it is called, and by nobody to themselves. */
function prolonging(facts: Facts): string | undefined {
  const { task } = facts
  if (!prolongs(task, task.change)) return undefined
  return isOneOf(facts, task.lead) ? OWN : beyondFirst(facts, task.change?.dueAt)
}

/** Whether somebody may make a change at once, without others' consent. */
export const mayChange = (task: Task, change: TaskPress['change'], actor: Actor, setting: Setting): boolean =>
  change !== undefined &&
  whyNot({ ...task, change: { ...change, by: '', reason: '', rev: task.rev } }, 'changer', actor, setting) === undefined

/** A2: what a leader gave is only taken back with that leader's consent; 主要领导 stands above. */
function withoutConsent({ task, id, codes, setting }: Facts): string | undefined {
  const leader = giverOf(task)
  const free = leader === id || codes.includes('LD') || !setting.leaders.has(leader)
  return free ? undefined : `该事项由${setting.names.get(leader) || '领导'}交办,撤销须经其同意`
}

/** E1: 督办员 checks first, where there is one. */
function unchecked({ task, setting }: Facts): string | undefined {
  return task.checkedBy === undefined && checkersFor(task, setting).length ? '请先由督办员初审' : undefined
}

/** 初审 and 审定 are two people's, where there are two. */
function checkedAlready(facts: Facts): string | undefined {
  const { task, selves, setting } = facts
  if (!isOneOf(facts, task.checkedBy)) return undefined
  const others = ableAmong(setting.closers, task).filter(person => !selves.includes(person))
  return others.length ? '初审和审定须由两人分别办理,请由其他审批人审定' : undefined
}

/** Who checks the result of a task first: not who reported it, and only who may see it. */
export const checkersFor = (task: Task, { checkers }: Pick<Setting, 'checkers'>): string[] => ableAmong(checkers, task)

function ableAmong(holders: Setting['checkers'], task: Task): string[] {
  const able = holders.filter(
    ({ person, unit }) =>
      (unit === undefined || unit === task.unit) &&
      person !== task.lead &&
      person !== task.finishedBy &&
      person !== task.finishedFor &&
      hears(task, person),
  )
  return [...new Set(able.map(({ person }) => person))]
}

function factsOf(task: Task, actor: Actor, setting: Setting, principal: Actor = actor): Facts {
  const codes = codesIn(task, principal, setting.heads)
  const selves = [actor.id, principal.id]
  return { task, id: principal.id, selves, codes, setting, can: (right, of) => setting.may(codes, right, of) }
}

/** As whom somebody may act: themselves first. 知悉范围 is not widened by 代理. */
export const selvesOf = (task: Pick<Task, 'scope'>, actor: Actor): Actor[] => [
  actor,
  ...(task.scope.length || isApart(actor) ? [] : (actor.standsFor ?? [])),
]

export function whyNot(task: Task, role: TaskRole, actor: Actor, setting: Setting): string | undefined {
  const reasons = selvesOf(task, actor).map(self => RULES[role](factsOf(task, actor, setting, self)))
  if (reasons.includes(undefined)) return undefined
  return reasons.find(reason => reason !== only(role)) ?? reasons[0]
}

/** In whose place somebody has a role; undefined = by themselves, or not at all. */
export function inPlaceOf(task: Task, role: TaskRole, actor: Actor, setting: Setting): string | undefined {
  const self = selvesOf(task, actor).find(one => RULES[role](factsOf(task, actor, setting, one)) === undefined)
  return self === actor ? undefined : self?.id
}

/** The own line of an assistant, or else one of somebody they stand in for. */
export function lineOf(task: Task, actor: Actor): Task['assists'][number] | undefined {
  const lines = selvesOf(task, actor).map(self => task.assists.find(one => one.person === self.id))
  return lines.find(line => line !== undefined)
}

/** The moves that somebody may make now, in the order of the table; of two with one button the first. */
export function movesOpen(task: Task, actor: Actor, setting: Setting): TaskMove[] {
  const selves = selvesOf(task, actor).map(self => factsOf(task, actor, setting, self))
  const isOpen = (move: TaskMove) => selves.some(facts => RULES[taskFlow.moves[move].by](facts) === undefined)
  return oneEach(movesFrom(task).filter(isOpen))
}

/** The moves that the task allows to anybody. */
export function movesFrom(task: Task): TaskMove[] {
  return (Object.keys(taskFlow.moves) as TaskMove[]).filter(
    move => taskFlow.moves[move].from.includes(task.state) && applies(task, move),
  )
}

export function oneEach(moves: TaskMove[]): TaskMove[] {
  const buttons = new Set<string>()
  return moves.filter(move => !buttons.has(taskFlow.moves[move].button) && buttons.add(taskFlow.moves[move].button))
}

/** Whether there is anything for it to act on. */
function applies(task: Task, move: TaskMove): boolean {
  if (move === 'grantChange' || move === 'denyChange') return task.change !== undefined
  if (move === 'change') return task.change === undefined
  if (move === 'record') return awaitsDecision(task)
  // chosen on the form of 转办
  if (move === 'divide') return false
  if (move === 'cancel') return task.number === undefined
  if (move === 'extend') return task.extensions < LIMITS.extensions
  return move !== 'acknowledge' || task.acknowledgedAt === undefined
}

/** Whether something on it waits for a leader. */
export const awaitsDecision = ({ state, change }: Pick<Task, 'state' | 'change'>): boolean =>
  change !== undefined || (state !== 'assigned' && state !== 'underway')

/** Whether somebody may see it at all: whoever works on it or gave it; unless 知悉范围 is set also by role (domain.md 1.2, PERM-04). */
export const maySee = (task: Task, actor: Actor, heads: ReadonlyMap<string, string>): boolean =>
  selvesOf(task, actor).some(self => isLetIn(task, self, heads))

function isLetIn(task: Task, self: Actor, heads: ReadonlyMap<string, string>): boolean {
  if (isUngiven(task)) return authorsOf(task).includes(self.id) || (supervises(task, self) && hears(task, self.id))
  if (peopleOf(task).includes(self.id)) return true
  return !task.scope.length && (supervises(task, self) || answersFor(task, self, heads))
}

/** What has not been given out concerns those who write and approve it, and not yet those who are to do it. */
const isUngiven = ({ state, number }: Task): boolean =>
  state === 'draft' || state === 'submitted' || (state === 'cancelled' && number === undefined)

const authorsOf = ({ maker, leader, givenBy }: Task): Array<string | undefined> => [maker, leader, givenBy]

/** Whether somebody is of the office that supervises it, by their own roles. */
export const supervises = ({ unit: office }: Task, self: Actor): boolean =>
  !isApart(self) && self.held.some(({ code, unit }) => OFFICE.includes(code) && (unit === undefined || unit === office))

function answersFor(task: Task, self: Actor, heads: ReadonlyMap<string, string>): boolean {
  if (isApart(self)) return false
  const units = unitsOf(task)
  if (units.some(unit => heads.get(unit) === self.id)) return true
  return self.held.some(
    ({ code, unit }) =>
      LOCAL.includes(code) &&
      (unit === undefined ? units.some(one => self.departments.includes(one)) : units.includes(unit)),
  )
}

/** Whether somebody is told of it: with 知悉范围 set only those named. */
export const hears = (task: Task, person: string): boolean => !task.scope.length || peopleOf(task).includes(person)
