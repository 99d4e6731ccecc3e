import { actedWords, nameOf, saidWith } from '../../kit/acted.ts'
import type { HeldRole, Principal } from '../../kit/person.ts'
import { shorten } from '../../kit/text.ts'
import { formatShort } from '../../kit/time.ts'
import { type AssistState, type TaskMove, type TaskState, taskFlow } from './flow.ts'
import { numberText, type TaskNumber } from './number.ts'
import { type Frequency, type Source, type Urgency, WAYS, type Way } from './terms.ts'
import type { Worktime } from './worktime.ts'

/** A 督办: one matter, one lead (DB-01, DB-20), any assistants. */
export interface Task extends Wish {
  id: number
  rev: number
  /** The revision at which the state last changed: a decision made on an older card does not count. */
  stateRev: number
  state: TaskState
  /** Whose office supervises it: a department with an office of its own, '' = the house. */
  unit: string
  number: TaskNumber | undefined
  maker: string
  createdAt: Date
  /** Who let it out: whoever approved it. */
  givenBy: string | undefined
  assignedAt: Date | undefined
  originalDueAt: Date | undefined
  signDueAt: Date | undefined
  signedAt: Date | undefined
  signedBy: string | undefined
  /** 联系方式 of whoever leads. */
  leadPhone: string
  progress: string
  problem: string
  /** 下一步措施. */
  measures: string
  percent: number | undefined
  reportedAt: Date | undefined
  reportDueAt: Date | undefined
  nudges: number
  extensions: number
  returns: number
  redos: number
  /** The day of the last 催办 by hand. */
  nudgedOn: string
  petition: Petition | undefined
  change: Change | undefined
  suspendedAt: Date | undefined
  /** Workdays that were left when the clock was stopped. */
  workdaysLeft: number
  finishedAt: Date | undefined
  finishedBy: string | undefined
  /** In whose place a deputy handed it in. */
  finishedFor: string | undefined
  result: string
  checkedBy: string | undefined
  closedAt: Date | undefined
  /** Who accepted the result, of a deputy, in whose place; unknown where that was before it was kept. */
  closedBy: string | undefined
  acknowledgedAt: Date | undefined
  /** 归档号, once handed to the archives. */
  archiveNo: string
  /** An extension was asked for only after the deadline: 逾期 stays written (DB-10). */
  wasLate: boolean
  lastMove: TaskMove | ''
  word: string
  movedBy: string
  movedAt: Date
  /** In whose place a deputy made the last move (ORG-03). */
  movedFor: string | undefined
  /** Who entered the last move for a leader that had decided elsewhere, and how the decision was given (ORG-04). */
  recordedBy: string | undefined
  recordedWay: Way | undefined
  /** Steps of the ladder up to this instant are past. */
  ladderFrom: Date | undefined
  nextAt: Date | undefined
  /** Sub-numbers given so far (DB-30): none is given twice, whoever leads or assists by now. */
  parts: number
  assists: Assist[]
}

/** Figures do not ask who assists. */
export type Counted = Omit<Task, 'assists'>

/** What its maker settles. */
export interface Wish {
  title: string
  content: string
  source: Source
  basis: string
  urgency: Urgency
  frequency: Frequency
  lead: string
  leadUnit: string
  /** 交办领导; undefined = whoever approves. */
  leader: string | undefined
  /** How the maker is reached by those who are to do it (domain.md 12.1). */
  phone: string
  dueAt: Date | undefined
  /** No deadline was named: it follows from the urgency, counted from 交办. */
  dueByDefault: boolean
  /** The words from which `dueAt` was reckoned, and when they were said; undefined = it was not named in words. */
  dueSaid: string | undefined
  dueSaidAt: Date | undefined
  /** A deadline of its own for the assistants; undefined = two workdays before the lead's (DB-22). */
  assistDueAt: Date | undefined
  /** 知悉范围: if not empty, nobody else but those who work on it sees it. */
  scope: string[]
  /** The task from whose result it arose (再交办). */
  previous: number | undefined
}

export interface Assist {
  person: string
  unit: string
  /** Its sub-number, from 0. */
  place: number
  state: AssistState
  dueAt: Date | undefined
  signedAt: Date | undefined
  finishedAt: Date | undefined
  word: string
  movedAt: Date
}

/** A request that waits for a decision. */
export interface Petition {
  by: string
  /** In whose place a deputy asked. */
  inPlaceOf?: string | undefined
  reason: string
  /** The new date that an extension asks for. */
  until: Date | undefined
}

/** 变更 after 交办 (DB-14); what is absent stays. */
export interface Change {
  by: string
  inPlaceOf?: string | undefined
  reason: string
  title: string | undefined
  content: string | undefined
  dueAt: Date | undefined
  lead: { id: string; unit: string } | undefined
  /** Who is to assist from now on, and who no longer. */
  add: Array<{ id: string; unit: string }>
  drop: string[]
  rev: number
}

export const LIMITS = {
  title: 60,
  content: 1_000,
  basis: 100,
  word: 500,
  phone: 40,
  assistants: 20,
  scope: 30,
  archiveNo: 60,
  extensions: 2,
  /** Workdays that 办公室主任 may grant at the first extension (A1). */
  extensionWorkdays: 5,
} as const

export const EXAMPLE = '/督办 @王强 @李静 报送平安建设半年总结 12月7日下班前 来源:会议议定 加急'

/** Who acts or looks, with what they hold. */
export interface Actor {
  id: string
  departments: readonly string[]
  held: readonly HeldRole[]
  /** Those in whose place they may act at present (代理). */
  standsFor?: readonly Principal[]
}

export type Right = 'C' | 'E' | 'A' | 'S' | 'V' | 'O'
export type TaskFunction =
  | 'task.draft'
  | 'task.assign'
  | 'task.accept'
  | 'task.update'
  | 'task.extend'
  | 'task.finish'
  | 'task.suspend'
  | 'archive.file'
  | 'task.bulletin'
  | 'task.export'

/** What the rules and the wording need to know beside the task. */
export interface Setting {
  now: Date
  names: ReadonlyMap<string, string>
  units: ReadonlyMap<string, string>
  work: Worktime
  /** The matrix of domain.md 1.3. */
  may(codes: readonly string[], right: Right, of: TaskFunction): boolean
  /** Heads of departments, by department. */
  heads: ReadonlyMap<string, string>
  /** Who holds 督办员, and in which unit (undefined = the whole house). */
  checkers: ReadonlyArray<{ person: string; unit: string | undefined }>
  /** Who holds a role that accepts results, and in which unit. */
  closers: Setting['checkers']
  /** Who holds 主要领导 or 分管领导. */
  leaders: ReadonlySet<string>
}

export const unitOf = (id: string, units: ReadonlyMap<string, string>): string => units.get(id) || '未定单位'

const ACTS: Partial<Record<TaskMove, string>> = {
  check: '已初审同意',
  requestSuspension: '已申请暂缓',
  requestAnnulment: '已申请撤销',
}

export function actWord(move: TaskMove): string {
  const { button } = taskFlow.moves[move]
  return ACTS[move] ?? (button.startsWith('不') ? button : `已${button}`)
}

/** The last act in its place: `张明 已同意交办 · 11月26日(周四)10:32 · 意见:…`. */
export function lastAct(task: Task, { now, names }: Pick<Setting, 'now' | 'names'>): string {
  if (!task.lastMove) return `${nameOf(task.maker, names)} 已拟办 · ${formatShort(task.createdAt, now)}`
  const { button, asks } = taskFlow.moves[task.lastMove]
  const isShown = SHOWN.has(task.lastMove) || task.change
  const word = isShown ? '' : saidWith(button, task.word, asks === 'reason' && !SAYING.has(task.lastMove))
  return `${actorWords(task, names)} · ${formatShort(task.movedAt, now)}${word}`
}

/** What happened last, as a line of its own: `督办 督〔2026〕12号 报送总结:张明 已同意交办`. */
export const lastLine = (task: Task, { names }: Pick<Setting, 'names'>): string =>
  `${headOf(task)}:${task.lastMove ? actorWords(task, names) : `${nameOf(task.maker, names)} 已拟办`}`

/** `督办 督〔2026〕12号 报送总结`. */
export const headOf = ({ number, title }: Pick<Task, 'number' | 'title'>): string =>
  `督办 ${number ? `${numberText(number)} ` : ''}${shorten(title, 40)}`

/** `张明 已同意交办`; of a deputy `李静 代 张明 同意交办`, of a decision that was entered for a leader `张明 已同意交办(电话,王强代录)`. */
function actorWords(
  { lastMove, change, movedBy, movedFor, recordedBy, recordedWay }: Task,
  names: Setting['names'],
): string {
  if (!lastMove) return ''
  return enteredWords(
    {
      act: lastMove === 'change' && change ? PROPOSED : actWord(lastMove),
      by: movedBy,
      inPlaceOf: movedFor,
      recordedBy,
      way: recordedWay,
    },
    names,
  )
}

/** A 变更 that still waits for consent. */
export const PROPOSED = '已提出变更'

export interface Acted {
  act: string
  by: string
  inPlaceOf: string | undefined
  recordedBy: string | undefined
  way: Way | undefined
}

export function enteredWords({ act, by, inPlaceOf, recordedBy, way }: Acted, names: Setting['names']): string {
  const entered = recordedBy && way ? `(${WAYS[way].word},${nameOf(recordedBy, names)}代录)` : ''
  return `${actedWords(act, by, inPlaceOf, names)}${entered}`
}

/** Moves whose words are a report, not a reason. */
const SAYING = new Set<TaskMove>(['phone'])
/** Moves whose words stand on the card by themselves. */
const SHOWN = new Set<TaskMove>(['update', 'finish', 'extend', 'requestSuspension', 'requestAnnulment'])

/** Everybody who works on it, gave it, or was let in. */
export function peopleOf(
  task: Pick<Task, 'maker' | 'givenBy' | 'leader' | 'lead' | 'signedBy' | 'scope' | 'assists'>,
): string[] {
  const { maker, givenBy, leader, lead, signedBy, scope, assists } = task
  const named = [maker, givenBy, leader, lead, signedBy, ...assists.map(one => one.person), ...scope]
  return [...new Set(named.filter((id): id is string => id !== undefined && id !== ''))]
}

export const unitsOf = ({ leadUnit, assists }: Pick<Task, 'leadUnit' | 'assists'>): string[] => [
  ...new Set([leadUnit, ...assists.map(one => one.unit)].filter(unit => unit !== '')),
]

/** Who hears of its end: 交办领导, else whoever let it out. */
export const giverOf = ({ leader, givenBy, maker }: Task): string => leader ?? givenBy ?? maker

export type TaskPress = {
  move: TaskMove
  /** Who presses; of a decision that is entered for a leader, the leader. */
  by: Actor
  recorded?: { by: string; way: Way }
  seenRev: number | undefined
  word: string
  problem?: string
  measures?: string
  leadPhone?: string
  percent?: number | undefined
  archiveNo?: string
  until?: Date | undefined
  to?: { id: string; departments: readonly string[] } | undefined
  /** 分办: who takes a part of it within the unit. */
  helpers?: ReadonlyArray<{ id: string; departments: readonly string[] }>
  change?: Pick<Change, 'title' | 'content' | 'dueAt' | 'lead' | 'add' | 'drop'> | undefined
}
