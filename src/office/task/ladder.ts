import { addWorkdays, dayIn, isWorkday, toInstant, workdaysBetween } from '../../kit/time.ts'
import { warningDays } from './light.ts'
import type { Task } from './task.ts'
import type { Worktime } from './worktime.ts'

/** Whom a step tells: 承办人, the head of the unit that leads, and roles of the supervising office. */
export type Told = 'lead' | 'KZ' | 'DB' | 'BZ' | 'FG'

export interface Step {
  name: string
  /** Workdays from the deadline's day. */
  offset: number
  tells: readonly Told[]
  tone: string
}

const NINE = '09:00'

/** 催办 ladder of domain.md 2.8, each at 09:00. */
export const LADDER: readonly Step[] = [
  { name: '提醒', offset: -3, tells: ['lead'], tone: '请抓紧办理' },
  { name: '提醒', offset: -1, tells: ['lead', 'KZ'], tone: '请抓紧办理;确需延期的,请于到期前提出申请并说明进展' },
  { name: '催办1', offset: 0, tells: ['lead', 'KZ', 'DB'], tone: '请于今日下班前办结' },
  { name: '催办2', offset: 1, tells: ['KZ', 'DB', 'BZ'], tone: '已逾期1个工作日,请抓紧办结' },
  { name: '催办3', offset: 3, tells: ['KZ', 'BZ', 'FG'], tone: '请说明原因并明确完成时间' },
  { name: '升级', offset: 5, tells: ['FG'], tone: '建议发督办单或列入通报' },
]

/** In these states somebody has to act, also while 暂缓 or 撤销 is only asked for; elsewhere the ladder rests (domain.md 2.8). */
export const CLIMBING: Task['state'][] = ['assigned', 'underway', 'suspending', 'cancelling']

/** When a step falls due. A deadline on a day off counts back from the workday before it. */
export function stepAt({ offset }: Pick<Step, 'offset'>, dueAt: Date, { calendar }: Worktime): Date {
  const due = dayIn(dueAt)
  const base = offset > 0 || isWorkday(due, calendar) ? due : addWorkdays(due, -1, calendar)
  return new Date(toInstant(addWorkdays(base, offset, calendar), NINE))
}

/** The steps still ahead, each with its instant. */
export function stepsAhead(task: Task, work: Worktime): Array<Step & { at: Date }> {
  const { dueAt, ladderFrom, state } = task
  if (!dueAt || !ladderFrom || !CLIMBING.includes(state)) return []
  return LADDER.map(step => ({ ...step, at: stepAt(step, dueAt, work) })).filter(({ at }) => at > ladderFrom)
}

/** The latest step that has fallen due: of several that were missed only the last is said. */
export function stepDue(task: Task, now: Date, work: Worktime): Step | undefined {
  return stepsAhead(task, work)
    .filter(({ at }) => at <= now)
    .at(-1)
}

/** On the morning of the day until which progress is to be reported, unless the ladder speaks that day. */
export function reportAt({ reportDueAt, ladderFrom, state }: Task): Date | undefined {
  if (!reportDueAt || !ladderFrom || state !== 'underway') return undefined
  const morning = new Date(toInstant(dayIn(reportDueAt), NINE))
  return morning > ladderFrom ? morning : undefined
}

const WAITING: Task['state'][] = [
  'assigned',
  'returned',
  'underway',
  'extending',
  'finished',
  'suspending',
  'cancelling',
]

/** The next instant at which it says something or its light changes. */
export function nextInstant(task: Task, work: Worktime, now: Date = task.ladderFrom ?? task.movedAt): Date | undefined {
  if (!WAITING.includes(task.state)) return undefined
  const after = [task.movedAt, now].reduce((a, b) => (a > b ? a : b))
  const turns = [...lightTurns(task, work)].filter(at => at > after)
  const said = [...stepsAhead(task, work).map(step => step.at), reportAt(task)].filter(at => at !== undefined)
  return [...turns, ...said].sort((a, b) => a.getTime() - b.getTime())[0]
}

/** When time alone changes how it looks: warning, the deadline, signing and reporting overdue, progress behind, an assistant late. */
function lightTurns(task: Task, work: Worktime): Date[] {
  const past = [
    task.dueAt,
    task.signedAt ? undefined : task.signDueAt,
    task.reportDueAt,
    ...task.assists.map(one => one.dueAt),
  ]
  const after = past.map(at => at && new Date(at.getTime() + 1_000))
  return [warnsAt(task, work), fallsBehindAt(task, work), ...after].filter(at => at !== undefined)
}

const midnight = (day: string): Date => new Date(toInstant(day, '00:00'))

/** The beginning of the first day on which so few workdays are left that the light turns yellow. */
function warnsAt(task: Task, work: Worktime): Date | undefined {
  const { dueAt, assignedAt } = task
  if (!dueAt || !assignedAt) return undefined
  const due = dayIn(dueAt)
  const left = Math.floor(warningDays(task, work)) + (isWorkday(due, work.calendar) ? 0 : 1)
  return midnight(addWorkdays(due, -left, work.calendar))
}

/** The first day on which 序时进度 is ten points ahead of what was reported. */
function fallsBehindAt({ percent, assignedAt, dueAt }: Task, work: Worktime): Date | undefined {
  if (percent === undefined || !assignedAt || !dueAt) return undefined
  const total = workdaysBetween(assignedAt, dueAt, work.calendar)
  const days = Math.ceil(((percent + 10) * total) / 100)
  return days <= total ? midnight(addWorkdays(dayIn(assignedAt), days, work.calendar)) : undefined
}
